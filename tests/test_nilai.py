"""`melayani nilai` as an instructor runs it: graded once, continued after any end, and who needs a person is named."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import kursus
import pytest

from melayani import cli
from melayani.grading import records
from melayani.grading.autograde import BUSY, NOT_GRADED, Report, grade
from melayani.grading.edition import open_api
from melayani.grading.executors import Local
from melayani.grading.export import table_for_people
from melayani.grading.intake import NOT_AGAIN, SET_ASIDE, SUSPECT, Finding
from melayani.grading.lock import Lock, LockedError, assignment_lock, hand_in_lock
from melayani.grading.progress import Bar, Lines
from melayani.grading.records import Record
from melayani.grading.runner.job import Job, Result
from melayani.grading.runner.runner import resident

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="needs bubblewrap")]

TASK = kursus.ASSIGNMENT
SLOW = "import time\ntime.sleep(2)\n"
TWO = {"ani": (2, 3), "budi": (2, 0)}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kursus.make_course(tmp_path_factory.mktemp("kursus"))


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Iterator[Path]:
    """A released course with the hand-ins of ani, who is right, and budi, who is half right."""
    root = tmp_path / "kursus"
    shutil.copytree(template, root)
    kursus.hand_in(root, "ani", {"giliran": kursus.RIGHT})
    kursus.hand_in(root, "budi", {"giliran": kursus.HALF})
    with kursus.environment(root):
        yield root


def nilai(*arguments: str) -> int:
    return cli.main(["nilai", TASK, *arguments])


def automatic(root: Path) -> dict[str, tuple[float | None, float | None]]:
    with kursus.gradebook(root) as book:
        students = [submission.student.id for submission in book.assignment_submissions(TASK)]
    found = {student: kursus.scores(root, student) for student in students}
    return {name: (marks["giliran-uji"], marks["giliran-uji-tersembunyi"]) for name, marks in found.items()}


def told(report: Report, kind: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.kind == kind]


def left_over(root: Path) -> list[Path]:
    """Return what an unfinished hand-in would leave beside the graded ones."""
    return list((root / "kelas" / "autograded").glob("*/.*"))


# Graded once.


def test_what_was_graded_and_has_not_changed_is_not_graded_again_unless_asked(root: Path) -> None:
    assert grade(root, TASK).graded == ["ani", "budi"]
    assert automatic(root) == TWO
    second = grade(root, TASK)
    assert (second.graded, second.skipped) == ([], ["ani", "budi"])
    kursus.hand_in(root, "budi", {"giliran": kursus.RIGHT}, when="2026-03-03 01:00:00 UTC")
    assert grade(root, TASK).graded == ["budi"]
    assert grade(root, TASK, again=True).graded == ["ani", "budi"]
    assert automatic(root) == {"ani": (2, 3), "budi": (2, 3)}
    assert not left_over(root)


def test_another_environment_grades_again_and_scores_by_hand_stay(root: Path) -> None:
    grade(root, TASK)
    give(root, "ani", "usul", 3)
    path = root / "kelas" / "asli" / TASK / "ani" / "001.penilaian.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["environment"]["numpy"] = "1.0"
    path.write_text(json.dumps(record), encoding="utf-8")
    report = grade(root, TASK)
    assert (report.graded, report.skipped) == (["ani"], ["budi"])
    assert by_hand(root, "ani", "usul") == (3, False)


def test_without_its_record_or_its_graded_notebook_a_hand_in_is_graded_again(root: Path) -> None:
    grade(root, TASK)
    (root / "kelas" / "asli" / TASK / "ani" / "001.penilaian.json").write_text("{", encoding="utf-8")
    shutil.rmtree(root / "kelas" / "autograded" / "budi")
    assert grade(root, TASK).graded == ["ani", "budi"]


def test_a_file_given_with_the_assignment_belongs_to_its_edition(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grade(root, TASK)
    for folder in ("solutions", "assignments"):
        (root / folder / TASK / "antrean.csv").write_text("nomor\n1\n", encoding="utf-8")
    report = grade(root, TASK)
    assert (report.graded, report.skipped) == ([], [])
    assert {finding.student for finding in told(report, NOT_AGAIN)} == {"ani", "budi"}
    capsys.readouterr()
    cli.main(["koreksi", TASK])
    assert f"{TASK}: 2 kiriman dinilai ulang" in capsys.readouterr().out
    assert grade(root, TASK).skipped == ["ani", "budi"]
    cli.main(["koreksi", TASK])
    assert f"{TASK}: 0 kiriman dinilai ulang" in capsys.readouterr().out, "an interrupted correction goes on"


def test_what_plain_nbgrader_graded_is_known_too(root: Path) -> None:
    code, log = kursus.nbgrader(root, "autograde", TASK)
    assert code == 0, log
    with kursus.environment(root):
        assert grade(root, TASK).skipped == ["ani", "budi"]


def test_a_class_begun_with_stock_nbgrader_goes_on_with_its_scores_by_hand(root: Path) -> None:
    stock = open_api(root, stock=True)
    for student in ("ani", "budi"):
        assert stock.autograde(TASK, student)["success"]
    give(root, "ani", "usul", 3)
    report = grade(root, TASK)
    assert report.graded == ["ani", "budi"]
    assert automatic(root) == TWO and report.changed == []
    assert by_hand(root, "ani", "usul") == (3, False)


def give(root: Path, student: str, cell: str, score: float) -> None:
    with kursus.gradebook(root) as book:
        found = book.find_grade(cell, TASK, TASK, student)
        found.manual_score, found.needs_manual_grade = score, False
        book.db.commit()


def by_hand(root: Path, student: str, cell: str) -> tuple[float | None, bool]:
    with kursus.gradebook(root) as book:
        found = book.find_grade(cell, TASK, TASK, student)
        return found.manual_score, found.needs_manual_grade


# Who is graded, and who needs a person.


def test_only_those_who_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert nilai("--peserta", "budi", "eka") == 1
    said = capsys.readouterr().out
    assert set(automatic(root)) == {"budi"}
    assert "[belum dinilai] eka: tidak ada kiriman untuk tugas ini." in said
    assert "  1/1 budi\n" in said and "ani" not in said


def test_a_bad_hand_in_never_stops_the_others_and_is_named(root: Path) -> None:
    bad = {
        "agus": "import os\nos._exit(1)",
        "citra": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        "dewi": "raise KeyboardInterrupt",
        "eka": "print('x' * 30_000_000)",
    }
    for student, code in bad.items():
        kursus.hand_in(root, student, {"giliran": code})
    kursus.hand_in(root, "fajar").write_text("bukan notebook", encoding="utf-8")
    report = grade(root, TASK)
    assert automatic(root) == TWO | dict.fromkeys(bad, (0, 0))
    assert [finding.student for finding in told(report, SET_ASIDE)] == ["fajar"]
    table_for_people(root, root / "skor.csv")
    (row,) = [line for line in (root / "skor.csv").read_text("utf-8-sig").splitlines() if line.startswith("fajar")]
    assert row == "fajar;;tidak terbaca", "no score is not 0"


def test_what_nbgrader_refuses_is_set_aside_with_the_reason_and_a_score_of_the_same_work_stays(root: Path) -> None:
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write(kursus.REFUSES)
    grade(root, TASK, students=["ani"])
    (root / "tolak").write_text("ani budi", encoding="utf-8")
    report = grade(root, TASK, again=True)
    assert not report.graded and automatic(root) == {"ani": (2, 3)}
    (aside,), (kept,) = told(report, SET_ASIDE), told(report, NOT_AGAIN)
    assert aside.student == "budi" and "kiriman ini ditolak" in aside.reason
    assert kept.student == "ani" and kept.reason.startswith("skor lama tetap berlaku")
    (root / "tolak").unlink()
    assert grade(root, TASK).graded == ["budi"] and automatic(root) == TWO


def test_what_is_odd_is_told_each_time_until_somebody_hands_in_anew(root: Path) -> None:
    cheat = "import builtins\nbuiltins.len = lambda _: 4\n" + kursus.WRONG
    kursus.hand_in(root, "citra", {"giliran": cheat})
    first, second = grade(root, TASK), grade(root, TASK)
    assert {finding.student for finding in told(first, SUSPECT)} == {"citra"}
    assert told(second, SUSPECT) == told(first, SUSPECT)
    assert automatic(root)["citra"] == (0, 0)


# The sandbox.


def test_without_a_sandbox_it_says_so_everywhere(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nilai("--peserta", "ani")
    nilai("--tanpa-sandbox")
    assert "Dinilai tanpa kurungan (sandbox): budi." in capsys.readouterr().out
    assert automatic(root) == TWO
    assert records.sandboxes(root) == {(TASK, "ani"): True, (TASK, "budi"): False}
    table_for_people(root, root / "skor.csv")
    table = (root / "skor.csv").read_text("utf-8-sig").splitlines()
    assert [line.rpartition(";")[2] for line in table] == ["Dinilai tanpa sandbox", "", TASK]
    kursus.nbgrader(root, "export", "--to", "nbgrader.csv")
    ends = [line.rpartition(",")[2] for line in (root / "nbgrader.csv").read_text("utf-8").splitlines()]
    assert ends == ["sandbox", "ya", "tidak"]


def without_bubblewrap(folder: Path) -> dict[str, str]:
    """Return the environment of a machine on which bubblewrap is not installed."""
    tools = folder / "bin"
    tools.mkdir()
    for name in ("alembic",):
        (tools / name).symlink_to(Path(sys.executable).parent / name)
    return {**os.environ, "PATH": str(tools)}


def run(root: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "melayani.cli", *arguments]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=300)


def test_where_code_can_t_be_confined_nothing_is_graded_and_the_reason_is_one_paragraph(
    root: Path, tmp_path: Path
) -> None:
    env = without_bubblewrap(tmp_path)
    done = run(root, "nilai", TASK, env=env)
    assert done.returncode == 2
    (paragraph,) = done.stderr.splitlines()
    assert "bubblewrap" in paragraph and "--tanpa-sandbox" in paragraph
    assert not list((root / "kelas").glob("auto*/*")) and not list((root / "kelas").glob("asli/*"))
    check = run(root, "cek", env=env)
    assert check.returncode == 1 and "BELUM sandbox" in check.stdout and "sudo apt" in check.stdout
    assert run(root, "nilai", TASK, "--tanpa-sandbox", env=env).returncode == 1
    assert automatic(root) == TWO


def test_stock_nbgrader_gives_the_same_grades_to_honest_work(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nilai("--stock")
    assert "Dinilai tanpa kurungan (sandbox): ani, budi." in capsys.readouterr().out
    assert automatic(root) == TWO
    report = grade(root, TASK, again=True)
    assert report.graded == ["ani", "budi"] and report.changed == []
    record = Record.read(root, TASK, "ani")
    assert record and record.sandbox and not record.stock


# Ends in the middle.

MANY = [f"{number:04d}" for number in range(6)]


@pytest.fixture
def slow(root: Path) -> Path:
    """The course with six more hand-ins that take two seconds each."""
    for student in MANY:
        kursus.hand_in(root, student, {"giliran": SLOW + kursus.RIGHT})
    return root


def start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "melayani.cli", "nilai", TASK, *arguments]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"{text} never came")


def children(pid: int) -> list[int]:
    found = [int(word) for path in Path(f"/proc/{pid}/task").glob("*/children") for word in path.read_text().split()]
    return [*found, *(grandchild for child in found for grandchild in children(child))]


def ended(processes: list[int]) -> bool:
    for _ in range(50):
        if not [pid for pid in processes if Path(f"/proc/{pid}").is_dir()]:
            return True
        time.sleep(0.1)
    return False


def goes_on(root: Path, done: set[str]) -> None:
    """Check that the next run grades all others and nobody twice."""
    assert set(automatic(root)) >= done
    report = grade(root, TASK)
    assert set(report.skipped) == done and set(report.graded) == {"ani", "budi", *MANY} - done
    assert automatic(root) == TWO | dict.fromkeys(MANY, (2, 3))
    assert not left_over(root)


def test_ctrl_c_leaves_everything_consistent_and_the_next_run_goes_on(slow: Path) -> None:
    process = start(slow, "--pekerja", "2")
    read_until(process, "  1/8 ")
    processes = children(process.pid)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130 and not error
    done = set(automatic(slow))
    assert 1 <= len(done) <= 4
    assert f"Yang sudah dinilai tetap tersimpan: {len(done)} kiriman." in out
    assert f"Belum dinilai: {8 - len(done)} kiriman (" in out
    assert not left_over(slow) and ended(processes)
    goes_on(slow, done)


def test_a_second_ctrl_c_does_not_wait_for_code_that_never_ends(root: Path) -> None:
    kursus.hand_in(root, "aaa", {"giliran": "while True: pass"})
    process = start(root, "--pekerja", "1")
    while not (root / "kelas" / "kunci" / TASK / "aaa.kunci").is_file():
        time.sleep(0.1)
    time.sleep(5)
    processes = children(process.pid)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=15)
    assert process.returncode == 130 and "Belum dinilai: 3 kiriman (aaa, ani, budi)" in out
    assert ended(processes) and not automatic(root)


def test_a_killed_run_loses_nothing(slow: Path) -> None:
    process = start(slow, "--pekerja", "2")
    read_until(process, "  3/8 ")
    processes = children(process.pid)
    process.kill()
    process.wait()
    assert ended(processes), "the runner's processes end with the run"
    done = {student for student in automatic(slow) if Record.read(slow, TASK, student)}
    assert len(done) >= 3
    goes_on(slow, done)


def test_a_run_killed_between_the_books_and_its_own_record_keeps_scores_by_hand(root: Path) -> None:
    grade(root, TASK)
    give(root, "ani", "usul", 3)

    class Died(Exception):
        pass

    def die(*_: object) -> None:
        raise Died

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Died):
        patch.setattr("melayani.grading.autograde.settle", die)  # the books are closed, the rest never happens
        grade(root, TASK, students=["ani"], again=True)
    report = grade(root, TASK)
    assert (report.graded, report.skipped) == (["ani"], ["budi"])
    assert by_hand(root, "ani", "usul") == (3, False)
    assert not left_over(root)


class Kills(Lines):
    """Kills the zygote when the first hand-in is done."""

    def done(self, student: str) -> None:
        super().done(student)
        if self.count == 1:
            zygote = resident(True)._zygote
            assert zygote
            zygote.kill()


def test_a_zygote_that_dies_loses_nothing(slow: Path) -> None:
    report = grade(slow, TASK, Kills())
    assert len(report.graded) == 8 and not told(report, NOT_GRADED)
    assert automatic(slow) == TWO | dict.fromkeys(MANY, (2, 3))


class Broken(Local):
    """A machine on which every execution of some hand-ins fails."""

    def __init__(self) -> None:
        super().__init__(2)
        self.tries = 0
        self.broken: set[Future[Any]] = set()

    def submit(self, job: Job) -> Future[Result]:
        future = super().submit(job)
        if any("citra" in cell.source for cell in job.cells):
            self.broken.add(future)
        return future

    def result(self, future: Future[Any]) -> Result:
        if future in self.broken:
            self.tries += 1
            raise RuntimeError("the worker was killed")
        return super().result(future)


def test_a_hand_in_whose_execution_always_breaks_is_named_and_keeps_waiting(root: Path) -> None:
    kursus.hand_in(root, "citra", {"giliran": "# citra\n" + kursus.RIGHT})
    with Broken() as broken:
        report = grade(root, TASK, grader=broken)
    assert broken.tries == 3
    assert report.graded == ["ani", "budi"]
    (finding,) = told(report, NOT_GRADED)
    assert finding.student == "citra" and "the worker was killed" in finding.reason
    table_for_people(root, root / "skor.csv")
    assert "\ncitra;;menunggu" in (root / "skor.csv").read_text("utf-8-sig").replace("\r", "")
    assert grade(root, TASK).graded == ["citra"]


# Two runs at once.


def test_a_hand_in_that_another_run_has_is_named_or_waited_for(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = hand_in_lock(root, TASK, "ani")
    lock.take()
    assert nilai() == 1
    said = capsys.readouterr().out
    assert f"[{BUSY}] ani: sedang dikerjakan oleh proses {os.getpid()} di komputer " in said
    assert set(automatic(root)) == {"budi"}
    threading.Timer(1, lock.free).start()
    assert nilai("--tunggu") == 1  # the manual items wait
    assert automatic(root) == TWO


def test_a_correction_and_a_run_never_meet(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for shared, command in ((True, "koreksi"), (False, "nilai")):
        with assignment_lock(root, TASK, shared=shared).held():
            assert cli.main([command, TASK]) == 2
        assert f"proses {os.getpid()} di komputer" in capsys.readouterr().err
    assert not automatic(root)


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "satu.kunci"
    code = (
        "import sys, time; from pathlib import Path; from melayani.grading.lock import Lock\n"
        "lock = Lock(Path(sys.argv[1]), 'Kiriman'); lock.take(); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdout.readline()
    with pytest.raises(LockedError, match=rf"Kiriman sedang dikerjakan oleh proses {holder.pid} di komputer .+ WIB"):
        Lock(path, "Kiriman").take()
    holder.kill()
    holder.wait()
    with Lock(path, "Kiriman").held(), pytest.raises(LockedError, match=f"proses {os.getpid()} "):
        Lock(path, "Kiriman").take()
    with Lock(path, "Kiriman", shared=True).held(), Lock(path, "Kiriman", shared=True).held():
        pass


# What is shown.


def test_a_terminal_gets_a_bar_with_rate_and_time_left() -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 120, 0, 0))
    with os.fdopen(theirs, "w") as terminal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        bar = Bar()
        bar.begin(4)
        bar.skip()
        for student in ("ani", "budi"):
            time.sleep(0.2)
            bar.done(student)
        bar.end()
        terminal.flush()
        parts = []
        while select.select([ours], [], [], 0.5)[0]:  # a terminal gives what was written in pieces
            parts.append(os.read(ours, 1 << 16))
        shown = b"".join(parts).decode()
    os.close(ours)
    assert "2/3 |" in shown and "kiriman/detik, sisa 0 detik" in shown and "budi" in shown


def test_cek_finds_a_ready_machine_and_what_is_wrong(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cek"]) == 0
    said = capsys.readouterr().out
    assert all(f"ada   {name}" in said for name in ("Python", "sandbox", "inti prosesor", "memori", "buku skor"))
    (root / "kelas" / "gradebook.db").write_bytes(b"bukan buku skor " * 100)
    assert cli.main(["cek"]) == 1
    assert "BELUM buku skor" in capsys.readouterr().out


def test_cek_hides_the_password_of_a_gradebook_that_does_not_answer(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELAYANI_DB_URL", "postgresql://penilai:rahasia@127.0.0.1:9/kelas")
    assert cli.main(["cek"]) == 1
    said = capsys.readouterr().out
    assert "BELUM buku skor" in said and "penilai" in said and "rahasia" not in said
