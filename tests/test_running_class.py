"""A released assignment is corrected while a class runs, and what a running class and a version do not allow."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kursus
import pytest
from bs4 import BeautifulSoup

from melayani import cli
from melayani.authoring import release
from melayani.authoring.version import published_problems
from melayani.classroom.koreksi import CorrectionError, correct
from melayani.grading.again import put_aside
from melayani.grading.edition import open_api
from melayani.grading.executors import Local
from melayani.grading.progress import Lines

TASK = kursus.ASSIGNMENT
SOURCE = f"solutions/{TASK}/{TASK}.ipynb"
RELEASE = f"assignments/{TASK}/{TASK}.ipynb"
# The hidden test as it was released: its expected value is wrong, so that RIGHT fails and HALF passes.
MISTAKEN, CORRECTED = "giliran(23, 5) == 115", "giliran(23, 5) == 28"
ENDS = "import os\ndef giliran(orang, menit):\n    if orang == 40:\n        os._exit(1)\n    return orang * menit"


def edit(root: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the source notebook as JSON."""
    path = root / SOURCE
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def replace(root: Path, cell_id: str, old: str, new: str) -> None:
    def change(data: dict[str, Any]) -> None:
        cell = next(cell for cell in data["cells"] if cell["id"] == cell_id)
        source = "".join(cell["source"])
        assert old in source
        cell["source"] = source.replace(old, new)

    edit(root, change)


def melayani(root: Path, *arguments: str) -> int:
    with kursus.environment(root):
        return cli.main(arguments)


def make_release(root: Path) -> int:
    with kursus.environment(root):
        try:
            release.release(root)  # as `make release`, without the shape of this course's own modules
        except release.ReleaseError as error:
            print(error)
            return 1
    return 0


def nbgrader(root: Path, *arguments: str) -> str:
    code, log = kursus.nbgrader(root, *arguments)
    assert code == 0, log
    return log


def exchange(root: Path, step: str, student: str) -> tuple[int, str]:
    """Do one step of the exchange as `student`, in a home of their own."""
    home = root.parent / "peserta" / student
    home.mkdir(parents=True, exist_ok=True)
    return kursus.nbgrader(
        root,
        step,
        TASK,
        f"--CourseDirectory.student_id={student}",
        f"--Exchange.assignment_dir={home}",
        f"--Exchange.cache={home / '.cache'}",
    )


def submit(root: Path, student: str, answers: dict[str, str]) -> None:
    """Fetch, answer and submit through the exchange."""
    code, log = exchange(root, "fetch_assignment", student)
    assert code == 0, log
    path = root.parent / "peserta" / student / TASK / f"{TASK}.ipynb"
    data = json.loads(path.read_text(encoding="utf-8"))
    for cell in data["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    path.write_text(json.dumps(data), encoding="utf-8")
    code, log = exchange(root, "submit", student)
    assert code == 0, log


def by_person(root: Path) -> dict[tuple[str, str], tuple[float | None, float | None, str | None]]:
    """Return what people gave: {(student, cell): (score, extra credit, comment)}."""
    found = {}
    with kursus.gradebook(root) as book:
        for submission in book.assignment_submissions(TASK):
            (notebook,) = submission.notebooks
            comments = {comment.name: comment.manual_comment for comment in notebook.comments}
            for grade in notebook.grades:
                given = (grade.manual_score, grade.extra_credit, comments.get(grade.name))
                found[submission.student.id, grade.name] = given
    return found


def waiting(root: Path) -> set[tuple[str, str]]:
    with kursus.gradebook(root) as book:
        return {
            (submission.student.id, grade.name)
            for submission in book.assignment_submissions(TASK)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.needs_manual_grade
        }


def automatic(root: Path) -> dict[str, tuple[float | None, float | None]]:
    """Return {student: scores of the visible and of the hidden test}."""
    with kursus.gradebook(root) as book:
        students = [submission.student.id for submission in book.assignment_submissions(TASK)]
    found = {student: kursus.scores(root, student) for student in students}
    return {name: (marks["giliran-uji"], marks["giliran-uji-tersembunyi"]) for name, marks in found.items()}


def export(root: Path) -> dict[str, tuple[str, str]]:
    nbgrader(root, "export")
    with (root / "grades.csv").open(encoding="utf-8", newline="") as stream:
        return {row["student_id"]: (row["raw_score"], row["status"]) for row in csv.DictReader(stream)}


def kept(root: Path) -> dict[str, bytes]:
    """Return all that was handed in, as it came and as it is graded; not the records of how it was graded."""
    found = {**release.contents(root / "kelas" / "submitted"), **release.contents(root / "kelas" / "asli")}
    return {name: content for name, content in found.items() if not name.endswith(".penilaian.json")}


def dump(root: Path) -> list[str]:
    with sqlite3.connect(root / "kelas" / "gradebook.db") as book:
        return list(book.iterdump())


def give(root: Path, student: str, cell: str, score: float, comment: str = "", extra: float | None = None) -> None:
    """Grade a cell by hand, as Formgrader does."""
    with kursus.gradebook(root) as book:
        grade = book.find_grade(cell, TASK, TASK, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
        if comment:
            book.find_comment(cell, TASK, TASK, student).manual_comment = comment
        book.db.commit()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a class that has released, fetched, submitted and graded, by tests with a mistake.

    ani and dewi are right, budi wrote what the mistaken test wants, dewi's code ends Python for an input that only
    the corrected test uses; the file `tolak` can make her grading fail. Everybody's manual items are graded; budi's
    hidden test has a score by hand.
    """
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"), released=False, config=kursus.REFUSES)
    replace(root, "giliran-uji-tersembunyi", MISTAKEN, CORRECTED)
    nbgrader(root, "generate_assignment", TASK)
    nbgrader(root, "release_assignment", TASK)
    for student, code in (("ani", kursus.RIGHT), ("budi", kursus.HALF), ("dewi", ENDS)):
        submit(root, student, {"giliran": code, "alasan": f"Menurut {student}, loketnya satu."})
    nbgrader(root, "collect", TASK)
    assert melayani(root, "nilai", TASK) == 1  # the manual items wait
    for student in ("ani", "budi", "dewi"):
        give(root, student, "alasan", 4.5, f"Bagus, {student}.", extra=0.5)
        give(root, student, "usul", 3, "Lengkap.")
    give(root, "budi", "giliran-uji-tersembunyi", 1.5)
    nbgrader(root, "generate_feedback", TASK)
    nbgrader(root, "release_feedback", TASK)
    assert automatic(root) == {"ani": (2, 0), "budi": (2, 3), "dewi": (2, 0)}
    assert not waiting(root)
    return root.parent


@pytest.fixture
def course(graded: Path, tmp_path: Path) -> Path:
    """That class, for one test, in a place of its own."""
    shutil.copytree(graded, tmp_path / "tempat")
    return tmp_path / "tempat" / "kursus"


def put_right(root: Path) -> None:
    """Correct the assignment: the hidden test's value and one more case, and a word in the question."""
    replace(root, "giliran-uji-tersembunyi", CORRECTED, MISTAKEN)
    replace(root, "giliran-uji-tersembunyi", "### END", "assert giliran(40, 1) == 40\n### END")
    replace(root, "giliran-soal", "Tulis fungsi", "Tulislah fungsi")


# The path.


@pytest.mark.slow
def test_a_correction_keeps_the_class_and_grades_everybody_anew(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handed_in = kept(course)
    people = by_person(course)
    book = dump(course)
    put_right(course)

    # Half-way nothing is graded by two editions.
    assert melayani(course, "nilai", TASK) == 2
    assert f"melayani koreksi {TASK}" in capsys.readouterr().err
    assert melayani(course, "koreksi", TASK) == 2
    assert "make release" in capsys.readouterr().err
    assert dump(course) == book

    assert make_release(course) == 0
    (course / "tolak").write_text("dewi", encoding="utf-8")
    assert melayani(course, "koreksi", TASK) == 1
    said = capsys.readouterr().out
    assert f"{TASK}: 2 kiriman dinilai ulang" in said
    assert "berubah: giliran-soal, giliran-uji-tersembunyi." in said
    assert "  ani: skor 10 menjadi 13." in said
    assert "[tidak dinilai ulang] dewi" in said and "skor lama tetap berlaku" in said
    assert "[lihat lagi] budi" in said and "skor dari Anda tetap 1,5" in said
    assert said.count("[lihat lagi]") == 1

    assert automatic(course) == {"ani": (2, 3), "budi": (2, 0), "dewi": (2, 0)}
    assert by_person(course) == people
    assert waiting(course) == {("budi", "giliran-uji-tersembunyi")}
    assert export(course) == {
        "ani": ("13.0", "dinilai"),
        "budi": ("11.5", "menunggu"),
        "dewi": ("10.0", "dinilai"),
    }
    assert kept(course) == handed_in
    (backup,) = (course / "kelas" / "cadangan").iterdir()
    with sqlite3.connect(backup) as saved:
        assert list(saved.iterdump()) == book

    # To the trainees: the commands that it names.
    commands = [line.strip() for line in said.splitlines() if line.startswith("  nbgrader ")]
    assert len(commands) == 3
    for command in commands:
        nbgrader(course, *command.split()[1:])
    exchange(course, "fetch_feedback", "ani")
    (page,) = (course.parent / "peserta" / "ani" / TASK / "feedback").rglob("*.html")
    assert "13 dari 14" in " ".join(BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text().split())

    # Who has the old text keeps it, and is graded by the new tests; who fetches now gets the new text.
    mine = course.parent / "peserta" / "ani" / TASK / f"{TASK}.ipynb"
    before = mine.read_bytes()
    code, _ = exchange(course, "fetch_assignment", "ani")
    assert code != 0 and mine.read_bytes() == before and "Tulislah" not in before.decode()
    submit(course, "eka", {"giliran": kursus.HALF})
    assert "Tulislah" in (course.parent / "peserta" / "eka" / TASK / f"{TASK}.ipynb").read_text(encoding="utf-8")
    nbgrader(course, "collect", TASK)
    melayani(course, "nilai", TASK)
    assert automatic(course)["eka"] == (2, 0)


@pytest.mark.slow
def test_an_interrupted_correction_is_noticed_and_finished(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = by_person(course)
    put_right(course)
    make_release(course)

    class Stops(Lines):
        def done(self, student: str) -> None:
            signal.raise_signal(signal.SIGINT)

    class OneByOne(Local):
        room = 1

    with kursus.environment(course), OneByOne() as grader:
        report = correct(course, TASK, Stops(), grader).report
        assert report.stopped and (report.graded, report.left) == (["ani"], ["budi", "dewi"])
        put_aside(open_api(course).coursedir, TASK, "budi")  # as if killed in the middle of his
    assert automatic(course) == {"ani": (2, 3), "budi": (2, 3), "dewi": (2, 0)}

    capsys.readouterr()
    assert melayani(course, "nilai", TASK) == 1
    assert "[tidak dinilai ulang] dewi" in capsys.readouterr().out
    assert melayani(course, "koreksi", TASK) == 1
    assert automatic(course) == {"ani": (2, 3), "budi": (2, 0), "dewi": (2, 0)}
    assert by_person(course) == people
    assert waiting(course) == {("budi", "giliran-uji-tersembunyi")}
    assert not list((course / "kelas" / "autograded").rglob(".*-sebelumnya"))


@pytest.mark.slow
def test_a_changed_question_makes_its_own_scores_by_hand_wait_and_no_others(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(course, "usul", "Tulis satu usul", "Tulis dua usul")
    assert make_release(course) == 0
    melayani(course, "koreksi", TASK)
    assert waiting(course) == {(student, "usul") for student in ("ani", "budi", "dewi")}
    assert by_person(course)["ani", "usul"] == (3, None, "Lengkap.")
    assert automatic(course) == {"ani": (2, 0), "budi": (2, 3), "dewi": (2, 0)}


# What is refused.


def add(data: dict[str, Any]) -> None:
    cell = json.loads(json.dumps(next(cell for cell in data["cells"] if cell["id"] == "giliran-uji")))
    cell["id"] = cell["metadata"]["nbgrader"]["grade_id"] = "giliran-uji-baru"
    data["cells"].append(cell)


def remove(data: dict[str, Any]) -> None:
    data["cells"] = [cell for cell in data["cells"] if cell["id"] != "giliran-uji-tersembunyi"]


def rename(data: dict[str, Any]) -> None:
    cell = next(cell for cell in data["cells"] if cell["id"] == "giliran-uji-tersembunyi")
    cell["id"] = cell["metadata"]["nbgrader"]["grade_id"] = "giliran-uji-rahasia"


def point(data: dict[str, Any]) -> None:
    next(cell for cell in data["cells"] if cell["id"] == "giliran-uji")["metadata"]["nbgrader"]["points"] = 4


def retype(data: dict[str, Any]) -> None:
    cell = next(cell for cell in data["cells"] if cell["id"] == "alasan")
    cell.update(cell_type="code", source="### BEGIN SOLUTION\nalasan = 1\n### END SOLUTION", outputs=[])
    cell["execution_count"] = None


def add_locked(data: dict[str, Any]) -> None:
    cell = json.loads(json.dumps(next(cell for cell in data["cells"] if cell["id"] == "giliran-soal")))
    cell["id"] = cell["metadata"]["nbgrader"]["grade_id"] = "giliran-petunjuk"
    data["cells"].append(cell)


CHANGES = [
    (add, "giliran-uji-baru"),
    (remove, "giliran-uji-tersembunyi"),
    (rename, "giliran-uji-rahasia"),
    (point, "giliran-uji"),
    (retype, "alasan"),
    (add_locked, "giliran-petunjuk"),
]
each_change = pytest.mark.parametrize(("change", "cell"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])


@pytest.mark.slow
@each_change
def test_another_set_of_cells_is_refused_before_anything_is_lost(
    course: Path, change: Callable[[dict[str, Any]], None], cell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {name: release.contents(course / name) for name in ("assignments", "kelas/exchange", "kelas/autograded")}
    book = dump(course)
    edit(course, change)
    with kursus.environment(course), pytest.raises(release.ReleaseError, match=rf"{TASK}\.ipynb, {cell}: "):
        release.release(course)
    with kursus.environment(course), pytest.raises(CorrectionError, match=f"sel {cell}: "):
        correct(course, TASK)
    code, log = kursus.nbgrader(course, "generate_assignment", TASK, "--force")  # and so Formgrader's button
    assert code == 1 and f"sel {cell}: " in log
    assert melayani(course, "nilai", TASK) == 2
    assert {name: release.contents(course / name) for name in kept} == kept
    assert dump(course) == book


@pytest.mark.slow
@pytest.mark.parametrize("begun", ["released", "handed in", "nothing yet"])
def test_a_class_has_begun_when_its_exchange_or_a_hand_in_has_the_assignment(tmp_path: Path, begun: str) -> None:
    root = kursus.make_course(tmp_path)
    if begun == "released":
        nbgrader(root, "release_assignment", TASK)
    elif begun == "handed in":
        kursus.hand_in(root, "ani")
    if begun != "nothing yet":
        (root / "kelas" / "gradebook.db").unlink()  # then the last release says what the class works on
    edit(root, point)
    before = release.contents(root / "assignments")
    assert make_release(root) == (0 if begun == "nothing yet" else 1)
    assert (release.contents(root / "assignments") == before) == (begun != "nothing yet")


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Uji", "-c", "user.email=uji@contoh.invalid", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course without a class whose version 1.2.0 is published, and which git holds."""
    root = kursus.make_course(tmp_path_factory.mktemp("terbit"), released=False)
    release.release(root)
    (root / "pyproject.toml").write_text('[project]\nname = "kursus"\nversion = "1.2.0"\n', encoding="utf-8")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "1.2.0")
    git(root, "tag", "v1.2.0")
    return root


@pytest.fixture
def published(template: Path, tmp_path: Path) -> Path:
    """That course, for one test."""
    shutil.copytree(template, tmp_path / "kursus")
    return tmp_path / "kursus"


@each_change
def test_a_published_version_keeps_its_cells(
    published: Path, change: Callable[[dict[str, Any]], None], cell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = release.contents(published / "assignments")
    edit(published, change)
    assert make_release(published) == 1
    said = capsys.readouterr().out
    assert f"{TASK}.ipynb, {cell}: " in said
    assert "Version 1.2.0 is published (tag v1.2.0)" in said
    assert release.contents(published / "assignments") == before


def test_texts_hidden_cases_and_new_assignments_may_come_within_a_version(published: Path) -> None:
    replace(published, "giliran-soal", "Tulis fungsi", "Tulislah fungsi")
    replace(published, "giliran-uji-tersembunyi", "### END", "assert giliran(0, 4) == 0\n### END")
    another = published / "solutions" / "02-lain"
    shutil.copytree(published / "solutions" / TASK, another)
    (another / f"{TASK}.ipynb").rename(another / "02-lain.ipynb")
    assert make_release(published) == 0
    assert "Tulislah" in (published / RELEASE).read_text(encoding="utf-8")


def test_an_assignment_can_t_vanish_within_a_version(published: Path) -> None:
    another = published / "solutions" / "02-lain"
    (published / "solutions" / TASK).rename(another)
    (another / f"{TASK}.ipynb").rename(another / "02-lain.ipynb")
    assert make_release(published) == 1


def test_a_new_number_begins_a_new_version(published: Path) -> None:
    edit(published, point)
    project = published / "pyproject.toml"
    project.write_text(project.read_text(encoding="utf-8").replace("1.2.0", "1.3.0"), encoding="utf-8")
    assert make_release(published) == 0


def test_a_gradebook_that_can_t_be_read_is_named_and_nothing_is_made(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELAYANI_KELAS", str(published / "kelas"))
    (published / "kelas").mkdir(exist_ok=True)
    (published / "kelas" / "gradebook.db").write_bytes(b"bukan buku skor " * 100)
    before = release.contents(published / "assignments")
    with pytest.raises(release.ReleaseError, match=r"gradebook\.db: this gradebook can't be read"):
        release.release(published)
    assert release.contents(published / "assignments") == before


def test_without_git_a_release_can_be_made(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(published, point)
    monkeypatch.setenv("PATH", "")
    assert release.release(published) == [TASK]


def test_the_cells_of_this_course_are_those_of_its_published_version() -> None:
    assert not published_problems(kursus.REPOSITORY)
