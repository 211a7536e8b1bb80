"""The cells of an assignment that nbgrader keeps track of, and how two editions of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry

ANSWER, TEST, MANUAL, TASK, GIVEN = "answer", "test", "manually graded answer", "task", "locked cell"


@dataclass(frozen=True)
class Cell:
    """One such cell: what it is, its points (None: not graded), and its text where trainees can't change it."""

    kind: str
    cell_type: str
    points: float | None
    text: str | None

    def __str__(self) -> str:
        """Say what it is, in English."""
        points = "" if self.points is None else f", {self.points:g} points"
        return f"{self.kind} ({self.cell_type}{points})"


Cells = Mapping[tuple[str, str], Cell]  # {(notebook without .ipynb, grade_id): cell}


@dataclass(frozen=True)
class Difference:
    """A cell that is new (`old` None), gone (`new` None), or of another kind, type or number of points."""

    notebook: str
    name: str
    old: Cell | None
    new: Cell | None

    def __str__(self) -> str:
        """Name the cell and say what happened to it, in English."""
        where = f"{self.notebook}.ipynb, {self.name}"
        if self.old is None:
            return f"{where}: this {self.new} is new"
        if self.new is None:
            return f"{where}: the {self.old} is gone"
        return f"{where}: was {self.old}, is now {self.new}"


def of_notebook(name: str, notebook: NotebookNode) -> dict[tuple[str, str], Cell]:
    """Return the cells of one notebook, of a source, a release or a hand-in."""
    found = {}
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        grade, solution, task = utils.is_grade(cell), utils.is_solution(cell), utils.is_task(cell)
        locked = bool(utils.is_locked(cell))
        if "grade_id" in mark and (grade or solution or task or locked):
            points = float(mark["points"]) if grade or task else None
            text = cell.source if locked else None
            found[name, mark["grade_id"]] = Cell(_kind(grade, solution, task), cell.cell_type, points, text)
    return found


def of_folder(folder: Path) -> dict[tuple[str, str], Cell]:
    """Return the cells of all notebooks directly in `folder`."""
    return {
        place: cell
        for path in sorted(folder.glob("*.ipynb"))
        for place, cell in of_notebook(path.stem, nbformat.read(path, as_version=4)).items()
    }


def of_gradebook(gradebook: Gradebook, assignment: str) -> dict[tuple[str, str], Cell]:
    """Return the cells by which the class is graded; none when the gradebook does not know the assignment."""
    try:
        notebooks = gradebook.find_assignment(assignment).notebooks
    except MissingEntry:
        return {}
    found = {}
    for notebook in notebooks:
        grades = {cell.name: cell.max_score for cell in notebook.grade_cells}
        tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
        solutions = {cell.name for cell in notebook.solution_cells}
        for cell in notebook.source_cells:
            name = cell.name
            points = grades.get(name, tasks.get(name))
            kind = _kind(name in grades, name in solutions, name in tasks)
            found[notebook.name, name] = Cell(kind, cell.cell_type, points, cell.source if cell.locked else None)
    return found


def _kind(grade: bool, solution: bool, task: bool) -> str:
    if task:
        return TASK
    if grade:
        return MANUAL if solution else TEST
    return ANSWER if solution else GIVEN


def differences(old: Cells, new: Cells) -> list[Difference]:
    """Return in what the sets of cells differ; texts may differ freely."""
    found = []
    for place in dict.fromkeys([*old, *new]):
        before, after = old.get(place), new.get(place)
        if before is None or after is None or _shape(before) != _shape(after):
            found.append(Difference(*place, before, after))
    return found


def _shape(cell: Cell) -> tuple[str, str, float | None]:
    return cell.kind, cell.cell_type, cell.points


def rewritten(old: Cells, new: Cells) -> list[str]:
    """Return the names of the cells in both whose text differs: what a correction corrects."""
    return [place[1] for place, cell in new.items() if place in old and old[place].text != cell.text]
