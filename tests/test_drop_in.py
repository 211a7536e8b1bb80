"""Drop-in: what our grading leaves of the sample class is what nbgrader's own leaves, field by field, and both mix."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import kursus
import nbformat
import pytest

from melayani.classroom.sample_class import CLASS, GRADED, Assignment
from melayani.cli import main

pytestmark = pytest.mark.slow

#: The first has an item that a person grades, the second one with partial credit. What the solutions of all assignments
#: show is compared with a kernel in test_shell, and what their answers earn in test_answers.
NAMES = ["00-orientasi", "02-fungsi"]
DEADLINE, IN_TIME, LATE = (f"2026-03-0{day} 01:00:00 UTC" for day in (2, 1, 3))
# What plain nbgrader can't grade as its trainee means it; the rest is well-formed.
NOT_FOR_STOCK = {"peringatan", "ganti nama", "bukan JSON", "metadata hilang", "sel ganda"}
WELL_FORMED = [trainee.id for trainee in CLASS if trainee.role not in NOT_FOR_STOCK]
#: Not the same on purpose: what an answer hooks before every cell of its kernel does not reach tests, which run
#: elsewhere.
ALIKE = [trainee.id for trainee in CLASS if trainee.role != "peringatan"]

#: Hand-ins without anything to grade: plain nbgrader leaves an empty submission of each, `melayani nilai` none.
SET_ASIDE = [trainee.id for trainee in CLASS if trainee.role in ("bukan JSON", "metadata hilang")]

KERNEL = (
    'c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute", *c.Autograde.autograde_preprocessors[1:]]'
)
PENALTY = 'c.AssignLatePenalties.plugin_class = "late.OnePerDay"'
STOCK = """\
from melayani.classroom.nbgrader_steps import STOCK_SECTIONS
for section in set(c) - set(STOCK_SECTIONS):
    del c[section]
"""


def lay_class(root: Path, students: Collection[str]) -> None:
    """Lay what `students` of the sample class hand in into kelas/submitted, for each assignment that is released."""
    for name in names(root):
        work = Assignment(kursus.REPOSITORY, name, root / "assignments" / name)
        for trainee in CLASS:
            if trainee.id in students:
                attempt = work.hand_ins(trainee.role)[-1]
                folder = root / "kelas/submitted" / trainee.id / name
                folder.mkdir(parents=True)
                (folder / attempt.file).write_bytes(attempt.content)
                (folder / "timestamp.txt").write_text(
                    LATE if trainee.role == "terlambat" else IN_TIME, encoding="utf-8"
                )


def release(root: Path, chosen: Collection[str]) -> Path:
    """Make a course at `root` of these assignments, generated, with a deadline; nobody has handed in."""
    root.mkdir()
    shutil.copy(kursus.REPOSITORY / "nbgrader_config.py", root)
    for name in chosen:
        shutil.copytree(
            kursus.REPOSITORY / "solutions" / name,
            root / "solutions" / name,
            ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
        )
        must(root, "generate_assignment", name)
    with kursus.gradebook(root) as book:
        for name in chosen:
            book.update_or_create_assignment(name, duedate=DEADLINE)
        for trainee in CLASS:
            book.update_or_create_student(trainee.id, first_name=trainee.first_name, last_name=trainee.last_name)
    return root


def names(root: Path) -> list[str]:
    """Return the assignments of this course."""
    return sorted(path.name for path in (root / "solutions").iterdir())


def must(root: Path, *command: str) -> None:
    code, log = kursus.nbgrader(root, *command)
    assert code == 0, log


def autograde(root: Path) -> None:
    for name in names(root):
        kursus.nbgrader(root, "autograde", name)  # 1 where a hand-in can't be read


def nilai(root: Path, *options: str) -> None:
    with kursus.environment(root):
        assert main(["nilai", *options]) in (0, 1)


#: How a class is graded: what its configuration has besides ours, and the command.
WAYS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "autograde": ("", autograde),
    "kernel": (KERNEL, autograde),
    "nilai": ("", nilai),
    "stock": (STOCK, autograde),
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both assignments."""
    return release(tmp_path_factory.mktemp("semua") / "kursus", NAMES)


@pytest.fixture(scope="module")
def partial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one with partial credit."""
    return release(tmp_path_factory.mktemp("sebagian") / "kursus", NAMES[-1:])


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """Return the class as graded in a way, each made once: grades by hand given, pages made, scores exported."""
    made: dict[str, Path] = {}

    def grade(way: str) -> Path:
        if way not in made:
            config, command = WAYS[way]
            root = tmp_path_factory.mktemp("kelas") / "kursus"
            shutil.copytree(released, root)
            lay_class(root, WELL_FORMED if way == "stock" else ALIKE)
            with (root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
                stream.write(f"\n{config}\n")
            command(root)
            grade_by_hand(root)
            if way != "stock":  # whose pages are another template's
                for name in NAMES:
                    must(root, "generate_feedback", name)
            must(root, "export", "--to", str(root / "skor.csv"))
            made[way] = root
        return made[way]

    yield grade


def grade_by_hand(root: Path) -> None:
    """Give a point, and a comment, wherever a person must grade."""
    with kursus.gradebook(root) as book:
        for name in names(root):
            for submission in book.assignment_submissions(name):
                for notebook in submission.notebooks:
                    comments = {comment.name: comment for comment in notebook.comments}
                    for grade in notebook.grades:
                        if grade.needs_manual_grade and grade.auto_score is None and grade.name in comments:
                            grade.manual_score, grade.needs_manual_grade = 1.5, False
                            comments[grade.name].manual_comment = "Sebutkan **satuannya**."
        book.db.commit()


def books(root: Path, students: Collection[str] | None = None) -> dict[str, Any]:
    """Return all that the gradebook knows (of `students`), without its own ids."""

    def plain(record: Any, *parts: str) -> dict[str, Any]:
        return {part: getattr(record, part) for part in parts}

    scores = ("score", "max_score", "code_score", "written_score", "task_score", "needs_manual_grade")
    with kursus.gradebook(root) as book:
        found: dict[str, Any] = {
            "students": [plain(s, "id", "first_name", "last_name", "email") for s in book.students]
        }
        for assignment in book.assignments:
            for notebook in assignment.notebooks:
                cells = [plain(c, "name", "cell_type", "source", "checksum", "locked") for c in notebook.source_cells]
                cells += [
                    plain(c, "name", "cell_type", "max_score") for c in (*notebook.grade_cells, *notebook.task_cells)
                ]
                cells += [plain(c, "name") for c in notebook.solution_cells]
                found[f"{assignment.name}/{notebook.name}"] = sorted(cells, key=lambda cell: (cell["name"], len(cell)))
            for submission in assignment.submissions:
                if students is not None and submission.student.id not in students:
                    continue
                told = plain(
                    submission, "timestamp", "extension", "total_seconds_late", "late_submission_penalty", *scores
                )
                for notebook in submission.notebooks:
                    told[notebook.name] = plain(
                        notebook, "flagged", "failed_tests", "late_submission_penalty", *scores
                    ) | {
                        "grades": {
                            g.name: plain(
                                g,
                                "auto_score",
                                "manual_score",
                                "extra_credit",
                                "needs_manual_grade",
                                "failed_tests",
                                "score",
                            )
                            for g in notebook.grades
                        },
                        "comments": {c.name: plain(c, "auto_comment", "manual_comment") for c in notebook.comments},
                    }
                found[f"{assignment.name} {submission.student.id}"] = told
    if students is not None:
        found["students"] = [one for one in found["students"] if one["id"] in students]
    return found


def pages(root: Path) -> dict[str, str]:
    """Return {path: feedback page}, without when it was made and graded, and with pieces of one stream joined."""
    folder = root / "kelas/feedback"
    return {
        path.relative_to(folder).as_posix(): re.sub(
            r'<dt>Dinilai</dt><dd>.*?</dd>|Halaman ini dibuat .*?</p>|</pre><pre class="output" tabindex="0">',
            "",
            path.read_text(encoding="utf-8"),
        )
        for path in sorted(folder.rglob("*.html"))
    }


def notebooks(root: Path, students: Collection[str] | None = None) -> dict[str, Any]:
    """Return {path: autograded notebook}, without times and with pieces of one stream joined."""
    folder = root / "kelas/autograded"
    found = {}
    for path in sorted(folder.rglob("*.ipynb")):
        if students is not None and path.relative_to(folder).parts[0] not in students:
            continue
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
            kursus.join_streams(cell)
        found[path.relative_to(folder).as_posix()] = json.loads(nbformat.writes(notebook))
    return found


def files(root: Path) -> dict[str, tuple[int, bytes]]:
    """Return {path: (mode, bytes)} of the autograded files that are no notebooks."""
    folder = root / "kelas/autograded"
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb"
    }


def exported(root: Path) -> list[dict[str, str]]:
    """Return the rows of the table of scores, without the column that tells a sandbox from a kernel."""
    with (root / "skor.csv").open(encoding="utf-8", newline="") as stream:
        rows = [{key: row[key] for key in row if key != "sandbox"} for row in csv.DictReader(stream)]
    return sorted(rows, key=lambda row: (row["assignment"], row["student_id"]))


SEEN: dict[str, Callable[[Path], Any]] = {
    "books": books,
    "pages": pages,
    "notebooks": notebooks,
    "files": files,
    "exported": exported,
}


@pytest.mark.parametrize("what", SEEN)
@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_the_runner_leaves_what_a_kernel_leaves(graded: Callable[[str], Path], way: str, what: str) -> None:
    ours, kernels = SEEN[what](graded(way)), SEEN[what](graded("kernel"))
    if (way, what) == ("nilai", "books"):
        for place in [place for place in kernels if place.split()[-1] in SET_ASIDE]:
            assert kernels.pop(place)["score"] == 0
    assert kernels
    assert ours == kernels


@pytest.mark.parametrize("what", ["books", "notebooks"])
@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_well_formed_work_gets_what_stock_nbgrader_gives(graded: Callable[[str], Path], way: str, what: str) -> None:
    see: Any = SEEN[what]
    ours, stock = see(graded(way), WELL_FORMED), see(graded("stock"), WELL_FORMED)
    assert len(stock) >= len(NAMES) * len(WELL_FORMED)
    assert ours == stock


@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_well_formed_work_is_exported_with_stocks_scores(graded: Callable[[str], Path], way: str) -> None:
    stock = [row for row in exported(graded("stock")) if row["student_id"] in WELL_FORMED]
    ours = [row for row in exported(graded(way)) if row["student_id"] in WELL_FORMED]
    assert [{key: row[key] for key in stock[0]} for row in ours] == stock


def test_the_scores_are_the_expected_ones(graded: Callable[[str], Path]) -> None:
    """Equal is not enough: both could be wrong alike."""
    root = graded("nilai")
    with kursus.gradebook(root) as book:
        for name in NAMES:
            work = Assignment(kursus.REPOSITORY, name, root / "assignments" / name)
            for trainee in CLASS:
                attempt = work.hand_ins(trainee.role)[-1]
                if trainee.id in ALIKE and attempt.status == GRADED:
                    notebook = book.find_submission_notebook(Path(work.file).stem, name, trainee.id)
                    points = sum(grade.auto_score or 0 for grade in notebook.grades)
                    by_hand = sum(work.manual.values())
                    assert attempt.score is not None and attempt.score - by_hand <= points <= attempt.score


def test_a_class_begun_in_one_way_goes_on_in_the_other_and_back(
    partial: Path, graded: Callable[[str], Path], tmp_path: Path
) -> None:
    """Half a class by stock and by hand, all by ours, all by stock again, and by `melayani nilai --stock`."""
    (name,) = names(partial)
    root = tmp_path / "kursus"
    shutil.copytree(partial, root)
    config = root / "nbgrader_config.py"
    ours = config.read_text(encoding="utf-8")

    def of_this(found: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in found.items() if name in key or key == "students"}

    def is_as_by_stock() -> None:
        grade_by_hand(root)
        assert of_this(books(root, WELL_FORMED)) == of_this(books(graded("stock"), WELL_FORMED))

    config.write_text(ours + STOCK, encoding="utf-8")
    half = WELL_FORMED[::2]
    lay_class(root, half)
    autograde(root)
    grade_by_hand(root)

    config.write_text(ours, encoding="utf-8")
    lay_class(root, set(WELL_FORMED) - set(half))
    nilai(root)
    is_as_by_stock()
    nilai(root, "--ulang")
    is_as_by_stock()
    must(root, "generate_feedback", name)
    must(root, "export", "--to", str(root / "skor.csv"))

    config.write_text(ours + STOCK, encoding="utf-8")
    must(root, "autograde", name, "--force")
    is_as_by_stock()
    assert notebooks(root) == of_this(notebooks(graded("stock")))

    config.write_text(ours, encoding="utf-8")
    nilai(root, "--stock", "--ulang")
    is_as_by_stock()
    assert notebooks(root) == of_this(notebooks(graded("stock")))
