"""The shape that every assignment of this course has: its points and the cells of an item."""

from __future__ import annotations

import re
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from melayani.authoring.markers import split

REHEARSAL, CAPSTONE = 0, 13  # modules with a shape of their own
_TEST = re.compile(r"(?P<item>.+?)-uji(?P<hidden>-tersembunyi)?")


def shape_problems(path: Path, cells: list[NotebookNode]) -> list[str]:
    """Return in which ways the source `path`, NN-name.ipynb, is not as an assignment of module NN."""
    module = int(path.stem[:2])
    names = {_name(cell) for cell in cells if "nbgrader" in cell.metadata}
    points = {_name(c): c.metadata.nbgrader.points for c in cells if utils.is_grade(c) or utils.is_task(c)}
    found = []
    total, wanted = sum(points.values()), 20 if module == REHEARSAL else 100
    if total != wanted:
        found.append(f"{path}: it gives {total} points, not {wanted}")
    if module == CAPSTONE:
        return found
    for number, cell in enumerate(cells, 1):
        where = f"{path}, cell {number} ({cell.id})"
        if utils.is_grade(cell) and not utils.is_solution(cell):
            found += [f"{where}: {problem}" for problem in _test_problems(cell, cells, module)]
        if utils.is_solution(cell) and not utils.is_grade(cell):
            uji, cek = f"{_name(cell)}-uji", f"{_name(cell)}-cek"
            if not names & {uji, cek}:
                found.append(f"{where}: an answer cell without its tests; add {uji}, or {cek} without points")
    if module != REHEARSAL:
        found += [f"{path}: {problem}" for problem in _split_problems(points)]
    return found


def _test_problems(cell: NotebookNode, cells: list[NotebookNode], module: int) -> list[str]:
    name = _TEST.fullmatch(_name(cell))
    if not name or (module == REHEARSAL and name["hidden"]):
        hidden = "" if module == REHEARSAL else " or x-uji-tersembunyi"
        return [f"a graded test cell is called x-uji{hidden}, where x is the answer's id"]
    found = []
    if name["item"] not in {_name(answer) for answer in cells if utils.is_solution(answer)}:
        found.append(f"there is no answer cell {name['item']}")
    secret = any(kind == "HIDDEN TESTS" for kind, _, _ in split(cell.source).regions)
    if name["hidden"] and not secret:
        found.append("a hidden test without a HIDDEN TESTS region would be shipped whole")
    if secret and not name["hidden"]:
        found.append("a HIDDEN TESTS region belongs in x-uji-tersembunyi; x-uji is what trainees see")
    return found


def _split_problems(points: dict[str, float]) -> list[str]:
    """Return what is wrong with the points of the items: 40 % visible, 60 % hidden; six items in one of two ways."""
    found, totals = [], []
    for name, worth in points.items():
        test = _TEST.fullmatch(name)
        if not test:
            totals.append(worth)
        elif not test["hidden"]:
            hidden = points.get(f"{name}-tersembunyi")
            totals.append(worth + (hidden or 0))
            if hidden is None:
                found.append(f"{name} has no {name}-tersembunyi")
            elif worth * 3 != hidden * 2:
                found.append(f"{name} gives {worth} and {name}-tersembunyi {hidden} points; it must be 40 % and 60 %")
        elif name.removesuffix("-tersembunyi") not in points:
            found.append(f"{name} has no {name.removesuffix('-tersembunyi')}")
    if not found and sorted(totals) not in ([15, 15, 15, 15, 20, 20], [10, 10, 15, 15, 15, 15, 20]):
        found.append(f"its items give {sorted(totals)} points, not 4 x 15 + 2 x 20, or 4 x 15 + 2 x 10 + 20 by hand")
    return found


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.nbgrader.grade_id)
