"""What nbgrader lets through in the source of an assignment, and what would cost secrets or fair scores."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from melayani.authoring import notebooks
from melayani.authoring.markers import EXACT_MARKERS, PLACE_TO_FILL, MarkerError, check_markers, split
from melayani.authoring.names import is_test, items, reassigned
from melayani.authoring.shape import shape_problems
from melayani.authoring.shipped import file_problems, picture_problems
from melayani.grading.endings import CLOSED_FORM, bound_names, is_closed_form, parse, shows_nothing

ASSIGNMENT_NAME = re.compile(r"\d\d(-[a-z0-9]+)+")
HIDDEN_LINE = "# Sel ini berjalan saat penilaian, dengan data lain yang mengikuti aturan yang sama."
# Where each region may stand, as nbgrader has it, but for hidden tests in an answer, which a trainee could take out.
_PLACES = {
    "SOLUTION": ("an answer cell", utils.is_solution),
    "HIDDEN TESTS": ("a graded test cell", lambda cell: utils.is_grade(cell) and not utils.is_solution(cell)),
    "MARK SCHEME": ("a task cell", utils.is_task),
}


def source_problems(folder: Path) -> list[str]:
    """Return what is wrong with the source of one assignment, in sentences that name file and cell."""
    found = []
    if not ASSIGNMENT_NAME.fullmatch(folder.name):
        found.append(f"{folder}: name the folder NN-words, in a-z, digits and hyphens")
    paths = sorted(folder.glob("*.ipynb"))
    if [path.stem for path in paths] != [folder.name]:
        found.append(f"{folder}: it must hold one notebook, {folder.name}.ipynb")
    for path in paths:
        raw = notebooks.raw_problems(path.read_text(encoding="utf-8"))
        found += [f"{path}: {problem}" for problem in raw] or _notebook_problems(path)
    return found


def course_problems(folder: Path) -> list[str]:
    """Return also in which ways a sound assignment is not shaped as those of this course are."""
    return source_problems(folder) or [
        problem for path in folder.glob("*.ipynb") for problem in shape_problems(path, notebooks.read(path).cells)
    ]


def _notebook_problems(path: Path) -> list[str]:
    cells = notebooks.read(path).cells
    where = {number: f"{path}, cell {number} ({cell.id})" for number, cell in enumerate(cells, 1)}
    found = _doubled(path, cells)
    for number, cell in enumerate(cells, 1):
        found += [f"{where[number]}: {problem}" for problem in _id_problems(cell)]
        try:
            check_markers(cell.source, where[number])
        except MarkerError as error:
            found.append(str(error))
    if found:
        return found  # the rest needs regions that are closed
    for number, cell in enumerate(cells, 1):
        found += [f"{where[number]}: {problem}" for problem in _cell_problems(cell)]
    found += file_problems(path.parent, cells)
    if found:
        return found  # the rest needs code that can be read
    for item in items(cells):
        answers = [n for n, cell in item.cells if utils.is_solution(cell) and not utils.is_grade(cell)]
        found += [f"{where[number]}: an answer cell without a test below it" for number in answers if not item.tests]
    return found + [
        f"{where[again]}: it gives {name} another meaning, but {where[test].partition(', ')[2]} tests {name}; "
        "use another name in the later item"
        for again, test, name in reassigned(cells)
    ]


def _doubled(path: Path, cells: list[NotebookNode]) -> list[str]:
    places: dict[str, list[int]] = {}
    for number, cell in enumerate(cells, 1):
        if "nbgrader" in cell.metadata:
            places.setdefault(cell.metadata.nbgrader.get("grade_id", ""), []).append(number)
    return [
        f"{path}: the grade_id {name!r} stands there twice, in cells {' and '.join(map(str, numbers))}"
        for name, numbers in places.items()
        if len(numbers) > 1
    ]


def _id_problems(cell: NotebookNode) -> list[str]:
    if notebooks.is_word_id(str(cell.metadata.get("nbgrader", {}).get("grade_id", cell.id))):
        return []
    return ["the grade_id is not made of words [a-z0-9-]"]


def _cell_problems(cell: NotebookNode) -> list[str]:
    """Return what is wrong with one cell whose markers are right."""
    parts = split(cell.source)
    found = [
        f"a {kind} region belongs in {place}"
        for kind, (place, fits) in _PLACES.items()
        if not fits(cell) and any(region == kind for region, _, _ in parts.regions)
    ]
    found += picture_problems(cell)
    if utils.is_grade(cell) or utils.is_task(cell):
        found += _point_problems(cell.metadata.nbgrader.get("points"))
    if utils.is_task(cell) and not cell.metadata.nbgrader.get("locked"):
        found.append("a task cell that is not locked: nbgrader could not grade any hand-in")
    if utils.is_solution(cell):
        found += _answer_problems(cell)
    if cell.cell_type == "code" and "nbgrader" in cell.metadata:
        try:
            parse(cell.source)
        except SyntaxError as error:
            return [*found, f"Python can't read it: {error}"]
    if is_test(cell) and utils.is_grade(cell) and not found:
        found += _test_problems(cell)
    return found


def _point_problems(points: object) -> list[str]:
    if isinstance(points, (int, float)) and not isinstance(points, bool) and math.isfinite(points) and points > 0:
        return []
    return [f"a graded cell gives a number of points above 0, not {points!r}"]


def _answer_problems(cell: NotebookNode) -> list[str]:
    """Return what is wrong with a reference answer: none, only the stub, without the names that the stub shows."""
    regions = [(names, text) for kind, names, text in split(cell.source).regions if kind == "SOLUTION"]
    if cell.cell_type != "code":
        empty = not "".join(text for _, text in regions or [([], cell.source)]).strip()
        return ["there is no reference answer"] if empty else []
    if not regions:
        return [f"an answer cell without {EXACT_MARKERS[0]}"]
    found = []
    for names, text in regions:
        try:
            tree = parse(text)
        except SyntaxError:
            continue  # a region may be part of a statement; the cell as a whole is read elsewhere
        if not tree.body:
            found.append("there is no reference answer")
        elif any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(tree)):
            found.append(f"{PLACE_TO_FILL} stands in the reference answer: it is still the stub")
        elif missing := [name for name in names if name not in bound_names(tree)]:
            found.append(f"the stub shows {', '.join(missing)}, which the reference answer does not make")
    return found


def _test_problems(cell: NotebookNode) -> list[str]:
    """Return what is wrong with a graded test cell: checks nothing, tells more or less than one line, shows a value."""
    parts = split(cell.source)
    found = []
    if not parse(cell.source).body:
        found.append("a graded test cell without a check gives its points to everybody")
    if parts.regions and parts.public.strip() != HIDDEN_LINE:
        found.append(f"a test cell with a hidden region shows this line, and nothing else: {HIDDEN_LINE}")
    points = cell.metadata.nbgrader.points
    if not shows_nothing(cell.source) and not is_closed_form(cell.source, points):
        found.append(
            "its last line shows a value, which nbgrader may take for full marks. For partial credit end the cell with "
            f"_skor, and set it just before by _skor = _uji(), where each return of _uji is {CLOSED_FORM}, POINTS a "
            f"literal of at most {points}, and _uji imports int, max and min from builtins; else end it with a "
            "statement, print(...) or the call of a function of this cell that returns nothing"
        )
    return found
