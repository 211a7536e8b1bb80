"""The books: what our converter and preprocessors leave is what nbgrader's leave, in far fewer steps."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import kursus
import nbformat
import pytest
import sqlalchemy
from jsonschema import Draft4Validator  # type: ignore[import-untyped]
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import Base, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.nbgraderformat.common import SchemaMismatchError
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import create_engine, event, select

from melayani.classroom.sample_class import CLASS, Assignment
from melayani.course import load_config
from melayani.grading.books import CompiledValidator, Prepared, ResidentAutograde
from melayani.grading.endings import shows_nothing
from melayani.grading.execute import Execute
from melayani.grading.intake import take_in
from melayani.grading.runner import sandbox
from melayani.grading.runner.job import Result

LATE = """
c.LateSubmissionPlugin.penalty_method = "zero"
c.Autograde.pre_convert_hook = c.Autograde.post_convert_hook = lambda **_: None
"""
# nbgrader's own books, with our execution: the two may differ in nothing.
STOCK = """
c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"
c.Autograde.sanitize_preprocessors = [
    f"nbgrader.preprocessors.{name}"
    for name in ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")
]
c.Autograde.autograde_preprocessors = [
    name if name.endswith((".Execute", ".PlainScores", ".ClearMetadataPreprocessor"))
    else f"nbgrader.preprocessors.{name.rpartition('.')[2]}"
    for name in c.Autograde.autograde_preprocessors
]
"""
NAME = kursus.ASSIGNMENT


@pytest.fixture(autouse=True, scope="module")
def _as_this_machine_can() -> Iterator[None]:
    with mock.patch.dict(os.environ, {} if sandbox.available() is None else {sandbox.WITHOUT_SANDBOX: "1"}):
        yield


# Three ways to keep the books.


def by_nbgrader(root: Path, students: Sequence[str], assignment: str = NAME) -> None:
    """Grade by plain `nbgrader autograde`, whatever lists the course names."""
    code, log = kursus.nbgrader(root, "autograde", assignment, "--force")
    assert code == 0, log


@contextmanager
def resident(root: Path) -> Iterator[ResidentAutograde]:
    with kursus.environment(root):
        config = load_config(root)
        with ResidentAutograde(CourseDirectory(config=config), config=config) as converter:
            yield converter


def results_of(converter: ResidentAutograde, prepared: Prepared) -> list[Result]:
    step = Execute(config=converter.config)
    return [step.run(job) for job in prepared.jobs]


def by_resident(root: Path, students: Sequence[str], assignment: str = NAME) -> None:
    """Grade by our converter, all prepared before the first is finished."""
    with resident(root) as converter:
        waiting = [converter.prepare(assignment, student) for student in students]
        for prepared in waiting:
            converter.finish(prepared, results_of(converter, prepared))


# What they leave.


def gradebook(root: Path) -> dict[str, list[str]]:
    """Return all rows of all tables, each with what its foreign keys stand for in place of random ids."""
    engine = create_engine(f"sqlite:///{root / 'kelas' / 'gradebook.db'}")
    with engine.connect() as connection:
        rows = {
            table.name: {row.id: row for row in connection.execute(select(table))}
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()

    def told(name: str, key: str) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for column in Base.metadata.tables[name].columns:
            value = getattr(rows[name][key], column.name)
            for foreign in column.foreign_keys:
                value = value and told(foreign.column.table.name, value)
            if column.foreign_keys or column.name != "id" or name in ("student", "course"):
                fields[column.name] = value
        return fields

    return {name: sorted(repr(told(name, key)) for key in found) for name, found in rows.items()}


def files(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return {path: (mode, content)} of all that was graded, folders too."""
    top = root / "kelas" / "autograded"
    return {
        path.relative_to(top).as_posix(): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(top.rglob("*"))
    }


STUDENTS = ("a-benar", "b-separuh", "c-kosong", "d-terlambat", "e-lagi")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, released."""
    return kursus.make_course(tmp_path_factory.mktemp("rilis"), config=LATE)


def copy_of(course: Path, folder: Path, config: str = "") -> Path:
    """Return a copy of a course in `folder`, with these lines added to its configuration."""
    shutil.copytree(course, folder / "kursus")
    with (folder / "kursus" / "nbgrader_config.py").open("a") as stream:
        stream.write(config)
    return folder / "kursus"


def tiny(root: Path) -> None:
    """Give the tiny course a due date, a file, and a hand-in of each of STUDENTS."""
    (root / "solutions" / NAME / "data").mkdir()
    (root / "solutions" / NAME / "data" / "antrean.csv").write_text("nomor\n1\n")
    with kursus.gradebook(root) as book:
        book.update_or_create_assignment(NAME, duedate="2026-03-02 02:00:00 UTC")
        book.add_student("a-benar", first_name="Sulastri", last_name="Wibowo")
    kursus.hand_in(root, "a-benar", {"giliran": kursus.RIGHT, "alasan": "sebab"})
    kursus.hand_in(root, "b-separuh", {"giliran": f"{kursus.HALF}\nopen('baru.txt', 'w').write('x')\n1 / 0"})
    kursus.hand_in(root, "c-kosong")
    kursus.hand_in(root, "d-terlambat", {"giliran": kursus.RIGHT}, when="2026-03-02 09:00:00 UTC")
    own = kursus.hand_in(root, "e-lagi", {"giliran": kursus.WRONG}).parent
    (own / "data").mkdir()
    (own / "data" / "antrean.csv").write_text("diubah")
    (own / "catatan.txt").write_text("milik sendiri")
    (own / "lain.ipynb").write_text((own / f"{NAME}.ipynb").read_text())


def by_hand(root: Path) -> None:
    """Give scores and comments as Formgrader does."""
    with kursus.gradebook(root) as book:
        for cell, score in (("alasan", 4), ("usul", 2), ("giliran-uji", 1)):
            grade = book.find_grade(cell, NAME, NAME, "e-lagi")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, 0.5, False
        book.find_comment("alasan", NAME, NAME, "e-lagi").manual_comment = "Bagus."
        book.db.commit()


def story(root: Path, grade: Callable[[Path, Sequence[str]], None]) -> Path:
    """Grade the tiny class, by hand too, then one trainee's second attempt; return the course."""
    tiny(root)
    grade(root, STUDENTS)
    by_hand(root)
    kursus.hand_in(root, "e-lagi", {"giliran": kursus.RIGHT}, when="2026-03-02 01:30:00 UTC")
    grade(root, STUDENTS)
    return root


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Path:
    """The story as nbgrader's own books tell it."""
    return story(copy_of(released, tmp_path_factory.mktemp("stok"), STOCK), by_nbgrader)


@pytest.mark.slow
@pytest.mark.parametrize(("grade", "config"), [(by_nbgrader, ""), (by_resident, ""), (by_resident, STOCK)])
def test_the_books_are_those_of_nbgrader(
    tmp_path: Path, released: Path, stock: Path, grade: Callable[[Path, Sequence[str]], None], config: str
) -> None:
    root = story(copy_of(released, tmp_path, config), grade)
    found, expected = gradebook(root), gradebook(stock)
    assert {name: len(rows) for name, rows in found.items()} == {name: len(rows) for name, rows in expected.items()}
    assert found == expected
    assert files(root) == files(stock)
    with kursus.gradebook(root) as book:
        grade_again = book.find_grade("giliran-uji", NAME, NAME, "e-lagi")
        assert (grade_again.auto_score, grade_again.manual_score, grade_again.extra_credit) == (2, 1, 0.5)
        assert grade_again.needs_manual_grade
        assert book.find_comment("alasan", NAME, NAME, "e-lagi").comment == "Bagus."
        assert book.find_submission(NAME, "d-terlambat").late_submission_penalty == 5


@pytest.mark.slow
def test_the_sample_class_has_the_books_of_nbgrader(tmp_path: Path, released: Path) -> None:
    """The demo's class on a real assignment, after intake."""
    name = "01-nilai-dan-variabel"
    root = copy_of(released, tmp_path / "kelas")
    shutil.copytree(kursus.REPOSITORY / "solutions" / name, root / "solutions" / name)
    code, log = kursus.nbgrader(root, "generate_assignment", name)
    assert code == 0, log
    assignment = Assignment(kursus.REPOSITORY, name, root / "assignments" / name)
    for trainee in CLASS:
        last = assignment.hand_ins(trainee.role)[-1]
        folder = root / "kelas" / "submitted" / trainee.id / name
        folder.mkdir(parents=True)
        (folder / last.file).write_bytes(last.content)
        with kursus.environment(root):
            take_in(root, name, trainee.id)
    graded = sorted(path.parent.name for path in (root / "kelas" / "submitted").glob(f"*/{name}"))
    assert len(graded) == len(CLASS) - 2  # without the two that can't be read
    dumps = []
    for grade, config in ((by_nbgrader, STOCK), (by_resident, "")):
        course = copy_of(root, tmp_path / grade.__name__, config)
        grade(course, graded, name)
        dumps.append((gradebook(course), files(course)))
    assert dumps[0] == dumps[1]


# All or nothing.


class Fails(NbGraderPreprocessor):  # type: ignore[misc]
    """A step after the scores were saved that can't work."""

    failing = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        if Fails.failing:
            raise OSError("no space left")
        return nb, resources


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Path:
    """The tiny course; one wrong hand-in was graded, and a right one of the same trainee waits."""
    root = copy_of(released, tmp_path_factory.mktemp("sekali"))
    kursus.hand_in(root, "a", {"giliran": kursus.WRONG})
    by_resident(root, ["a"])
    kursus.hand_in(root, "a", {"giliran": kursus.RIGHT}, when="2026-03-02 01:30:00 UTC")
    return root


@pytest.fixture
def graded(tmp_path: Path, graded_once: Path) -> Path:
    return copy_of(graded_once, tmp_path)


@pytest.mark.slow
def test_a_failure_in_the_middle_leaves_the_earlier_grade_and_files(graded: Path) -> None:
    before = gradebook(graded), files(graded)
    with resident(graded) as converter:
        prepared = converter.prepare(NAME, "a")
        with pytest.raises(ValueError, match="zip"):
            converter.finish(prepared, [])
        assert (gradebook(graded), files(graded)) == before
        prepared = converter.prepare(NAME, "a")
        converter.fail(prepared)
        assert (gradebook(graded), files(graded)) == before
        converter._after.append(Fails(parent=converter.exporter))
        prepared = converter.prepare(NAME, "a")
        with pytest.raises(OSError, match="no space"):
            converter.finish(prepared, results_of(converter, prepared))
        assert (gradebook(graded), files(graded)) == before
        converter._after.pop()
        prepared = converter.prepare(NAME, "a")
        converter.finish(prepared, results_of(converter, prepared))
    assert kursus.scores(graded, "a")["giliran-uji"] == 2


def test_scores_that_can_not_be_committed_leave_the_earlier_files(graded: Path) -> None:
    with (graded / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.db_url += '?timeout=0.1'\n")
    before = gradebook(graded), files(graded)
    with resident(graded) as converter:
        prepared = converter.prepare(NAME, "a")
        results = results_of(converter, prepared)
        with closing(sqlite3.connect(graded / "kelas" / "gradebook.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(sqlalchemy.exc.OperationalError, match="locked"):
                converter.finish(prepared, results)
        assert (gradebook(graded), files(graded)) == before


def test_what_an_interrupted_run_left_is_no_obstacle(graded: Path) -> None:
    with resident(graded) as converter:
        converter.prepare(NAME, "a")  # and then the power fails
    by_resident(graded, ["a"])
    assert kursus.scores(graded, "a")["giliran-uji"] == 2
    assert [path.name for path in (graded / "kelas" / "autograded" / "a").iterdir()] == [NAME]


def test_a_bad_hand_in_raises_and_the_next_one_is_graded(graded: Path) -> None:
    (graded / "kelas" / "submitted" / "a" / NAME / f"{NAME}.ipynb").write_text("bukan JSON")
    kursus.hand_in(graded, "b", {"giliran": kursus.RIGHT})
    with resident(graded) as converter:
        with pytest.raises(nbformat.reader.NotJSONError):
            converter.prepare(NAME, "a")
        prepared = converter.prepare(NAME, "b")
        converter.finish(prepared, results_of(converter, prepared))
    assert kursus.scores(graded, "b")["giliran-uji"] == 2
    assert kursus.scores(graded, "a")["giliran-uji"] == 0


@pytest.mark.slow
def test_where_nothing_may_run_nbgrader_says_so_once_and_touches_nothing(graded: Path) -> None:
    before = gradebook(graded), files(graded)
    kursus.hand_in(graded, "b")
    with kursus.environment(graded):
        os.environ["PATH"] = str(Path(sys.executable).parent)  # no bubblewrap
        os.environ.pop(sandbox.WITHOUT_SANDBOX, None)
        command = [sys.executable, "-m", "nbgrader", "autograde", NAME, "--force"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("Kode peserta") == 1
    assert "Traceback" not in done.stderr
    assert (gradebook(graded), files(graded)) == before


# How often.


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Path:
    """The tiny course with two hand-ins."""
    root = copy_of(released, tmp_path_factory.mktemp("dua"))
    for student in ("a", "b"):
        kursus.hand_in(root, student, {"giliran": kursus.RIGHT})
    return root


def test_the_schema_is_compiled_once_and_the_gradebook_opened_for_nbgrader_alone(two: Path) -> None:
    by_nbgrader(two, "ab")  # compiles, calibrates
    with (
        mock.patch.object(Draft4Validator, "check_schema", wraps=Draft4Validator.check_schema) as schema,
        mock.patch.object(api, "create_engine", wraps=api.create_engine) as opened,
        mock.patch.object(
            NotebookExporter,
            "_validate_preprocessor",
            autospec=True,
            side_effect=NotebookExporter._validate_preprocessor,
        ) as checked,
    ):
        by_nbgrader(two, "ab")
    assert schema.call_count == 0  # nbgrader: 24
    assert opened.call_count == 2 * 5 + 1  # nbgrader: 18
    assert checked.call_count == 2 * 2  # nbgrader: 26


def test_a_run_opens_the_gradebook_once_and_commits_once_a_submission(two: Path) -> None:
    statements: list[str] = []
    commits: list[str] = []
    with mock.patch.object(api, "create_engine", wraps=api.create_engine) as opened, resident(two) as converter:
        prepared = converter.prepare(NAME, "a")
        converter.finish(prepared, results_of(converter, prepared))
        event.listen(converter.book.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        event.listen(converter.book.engine, "commit", lambda *_: commits.append("commit"))
        prepared = converter.prepare(NAME, "b")
        assert statements == []
        results = results_of(converter, prepared)
        converter.finish(prepared, results)
    assert opened.call_count == 1
    assert len([line for line in statements if line.startswith("SELECT")]) <= 6  # nbgrader: 164 statements a submission
    assert len(statements) <= 12
    assert commits.count("commit") <= 2  # one of them has nothing to commit


def test_a_run_holds_no_submission_that_is_done(two: Path) -> None:
    with resident(two) as converter:
        for _ in range(3):
            for student in "ab":
                prepared = converter.prepare(NAME, student)
                converter.finish(prepared, results_of(converter, prepared))
        del prepared
        gc.collect()
        assert not [found for found in gc.get_objects() if isinstance(found, SubmittedAssignment)]


def test_the_same_test_is_read_once() -> None:
    shows_nothing.cache_clear()
    for _ in range(3):
        shows_nothing("assert a == 1\nprint('lolos')")
    assert shows_nothing.cache_info().misses == 1


# The compiled schema.

MARK = {"grade": True, "solution": False, "locked": True, "grade_id": "a", "points": 2, "schema_version": 3}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"points": -1},
        {"points": "2"},
        {"grade": "ya"},
        {"grade_id": "a b"},
        {"lain": 1},
        {"schema_version": 2},
        {"schema_version": 4},
        {"solution": None},
        {"checksum": "x"},
        {"grade_id": ""},
        {"cell_type": "markdown"},
        {"points": True},
    ],
)
def test_the_compiled_validator_says_what_nbgraders_says(change: dict[str, Any]) -> None:
    cell = nbformat.v4.new_code_cell("", metadata={"nbgrader": {**MARK, **change}})
    notebook = nbformat.v4.new_notebook(cells=[cell])
    said: list[tuple[Any, Any]] = []
    for validator in (MetadataValidator(), CompiledValidator()):
        try:
            said.append((None, validator.validate_nb(notebook)))
        except (ValidationError, SchemaMismatchError) as error:
            said.append((type(error), str(error)))
    assert said[0] == said[1]
    assert cell.metadata == {"nbgrader": {**MARK, **change}}
