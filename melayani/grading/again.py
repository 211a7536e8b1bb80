"""Grading a hand-in again after a correction: what a person decided stays, and a failure costs nothing."""

from __future__ import annotations

import json
import shutil
from dataclasses import astuple, dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

Place = tuple[str, str]  # (notebook without .ipynb, grade_id)
_REMEMBERED = ".skor-sebelumnya.json"  # in the folder that is put aside


@dataclass(frozen=True)
class _Kept:
    automatic: float | None
    waiting: bool


@dataclass(frozen=True)
class Earlier:
    """What there was before: `score` of the whole hand-in, `kept` of each cell, the autograded folder put aside."""

    assignment: str
    student: str
    score: float
    kept: dict[Place, _Kept]
    folder: Path
    aside: Path


def aside_of(course: CourseDirectory, assignment: str, student: str) -> Path:
    """Return where a hand-in's autograded folder waits while it is graded again; it is there after an interruption."""
    folder = Path(course.format_path(course.autograded_directory, student, assignment))
    return folder.with_name(f".{folder.name}-sebelumnya")


def put_aside(course: CourseDirectory, assignment: str, student: str) -> Earlier | None:
    """Remember the grades of a hand-in and put its autograded folder aside; None when it was never graded.

    A folder that an interrupted run left aside is the one that counts, with the grades that it remembers.
    """
    folder = Path(course.format_path(course.autograded_directory, student, assignment))
    aside = aside_of(course, assignment, student)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        found = _grades(gradebook, assignment, student)
        if not found or not (folder.is_dir() or aside.is_dir()):
            return None
        kept = {place: _Kept(grade.auto_score, grade.needs_manual_grade) for place, grade in found.items()}
        score = gradebook.find_submission(assignment, student).score
    if aside.is_dir():
        score, kept = _remembered(aside) or (score, kept)
        shutil.rmtree(folder, ignore_errors=True)
    else:
        text = json.dumps([score, [[*place, *astuple(one)] for place, one in kept.items()]])
        (folder / _REMEMBERED).write_text(text, encoding="utf-8")
        folder.rename(aside)
    return Earlier(assignment, student, score, kept, folder, aside)


def _remembered(aside: Path) -> tuple[float, dict[Place, _Kept]] | None:
    try:
        score, rows = json.loads((aside / _REMEMBERED).read_text(encoding="utf-8"))
        return score, {(notebook, cell): _Kept(automatic, waiting) for notebook, cell, automatic, waiting in rows}
    except (OSError, ValueError):
        return None


def bring_back(course: CourseDirectory, earlier: Earlier) -> None:
    """Undo a grading that failed: the autograded folder and the scores are those of before."""
    shutil.rmtree(earlier.folder, ignore_errors=True)
    (earlier.aside / _REMEMBERED).unlink(missing_ok=True)
    earlier.aside.rename(earlier.folder)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for place, grade in _grades(gradebook, earlier.assignment, earlier.student).items():
            grade.auto_score, grade.needs_manual_grade = earlier.kept[place].automatic, earlier.kept[place].waiting
        gradebook.db.commit()


def settle(course: CourseDirectory, earlier: Earlier) -> tuple[list[tuple[str, str, float]], float]:
    """Finish a grading that succeeded; return the cells a person should look at again, and the score now.

    nbgrader keeps the scores that a person gave and marks all of them as waiting. Here only those wait (file, cell,
    the person's score) whose item has another text now, or whose automatic score is another.
    """
    before, after = _items(earlier.aside), _items(earlier.folder)
    look = []
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for place, grade in _grades(gradebook, earlier.assignment, earlier.student).items():
            if grade.manual_score is None:
                continue
            kept = earlier.kept[place]
            same = before.get(place) == after.get(place) and kept.automatic == grade.auto_score
            grade.needs_manual_grade = kept.waiting or not same
            if not same:
                look.append((f"{place[0]}.ipynb", place[1], grade.manual_score))
        gradebook.db.commit()
        score = gradebook.find_submission(earlier.assignment, earlier.student).score
    shutil.rmtree(earlier.aside)
    return look, score


def _grades(gradebook: Gradebook, assignment: str, student: str) -> dict[Place, Grade]:
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return {}
    return {(notebook.name, grade.name): grade for notebook in submission.notebooks for grade in notebook.grades}


def _items(folder: Path) -> dict[Place, list[str]]:
    """Return the texts of the item (question, answer, tests) of each graded cell in the notebooks of `folder`."""
    return {
        (path.stem, name): texts
        for path in sorted(folder.glob("*.ipynb"))
        for names, texts in _grouped(nbformat.read(path, as_version=4).cells)
        for name in names
    }


def _grouped(cells: list[NotebookNode]) -> list[tuple[list[str], list[str]]]:
    """Return (graded cells, texts) of each item; it ends with its last graded cell before the next question."""
    found: list[tuple[list[str], list[str]]] = [([], [])]
    for cell in cells:
        if "grade_id" not in cell.metadata.get("nbgrader", {}):
            continue
        graded = utils.is_grade(cell) or utils.is_task(cell)
        if found[-1][0] and not (graded and not utils.is_solution(cell) and not utils.is_task(cell)):
            found.append(([], []))
        names, texts = found[-1]
        texts.append(cell.source)
        if graded:
            names.append(cell.metadata.nbgrader.grade_id)
    return found
