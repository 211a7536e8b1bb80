"""nbgrader's ClearSolutions, with stubs that show the names an item asks for and with strict region markers."""

from __future__ import annotations

import re
from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode
from nbgrader import utils

# Whatever an author may have meant as a marker of a region: nbgrader ignores the ones it does not know exactly.
MEANT_AS_MARKER = re.compile(r"\b(?:BEGIN|END)[ _-]*(?:SOLUTION|SOLUSI|HIDDEN|MARK[ _-]*SCHEME|TEST)\w*", re.IGNORECASE)
EXACT_MARKERS = tuple(
    f"### {edge} {kind}" for kind in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME") for edge in ("BEGIN", "END")
)
PLACE_TO_FILL = "..."


class MarkerError(RuntimeError):
    """A region marker that nbgrader would misread; the text names the notebook and the cell."""


class ClearSolutions(nbgrader.preprocessors.ClearSolutions):  # type: ignore[misc]
    """Replaces solutions by stubs; `### BEGIN SOLUTION: jam, menit` leaves `jam = ...` and `menit = ...`.

    Without names the stub is `code_stub`, as in nbgrader. With names, each line `...` of `code_stub` becomes
    one assignment for each name. The configuration is that of nbgrader's class.

    Raises MarkerError for markers that are misspelt, nested, or without their other end: nbgrader lets the
    first and the last through, and would release a solution or a hidden test.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the cell with its stub. Raises MarkerError."""
        notebook = resources.get("nbgrader", {}).get("notebook") or resources.get("metadata", {}).get("name", "?")
        where = f"{notebook}.ipynb, cell {cell_index + 1} ({cell.get('id', 'no id')})"
        if utils.is_solution(cell) or utils.is_grade(cell) or utils.is_task(cell) or cell.cell_type == "code":
            check_markers(cell.source, where)
        answer = utils.is_solution(cell)
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if answer:
            # A picture in a reference answer is part of the answer.
            cell.pop("attachments", None)
        return cell, resources

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if cell.cell_type != "code":
            return bool(super()._replace_solution_region(cell, language))
        kept: list[str] = []
        inside = replaced = False
        for line in cell.source.split("\n"):
            if self.begin_solution_delimeter in line:
                inside = replaced = True
                indent = line[: len(line) - len(line.lstrip())]
                kept += [indent + stub for stub in self._stub(line, language)]
            elif self.end_solution_delimeter in line:
                inside = False
            elif not inside:
                kept.append(line)
        cell.source = "\n".join(kept)
        return replaced

    def _stub(self, begin: str, language: str) -> list[str]:
        lines = self.code_stub[language].split("\n")
        names = begin.partition(self.begin_solution_delimeter)[2].lstrip(": ").split(",")
        places = [f"{name.strip()} = {PLACE_TO_FILL}" for name in names if name.strip()]
        if not places:
            return list(lines)
        return [line for line in lines if line.strip() != PLACE_TO_FILL] + places


def check_markers(source: str, where: str) -> None:
    """Raise MarkerError, naming `where`, unless every marker in `source` is exact and every region is closed."""
    open_kind = ""
    for number, line in enumerate(source.split("\n"), 1):
        meant = MEANT_AS_MARKER.search(line)
        if not meant:
            continue
        place = f"{where}, line {number}"
        exact = next((marker for marker in EXACT_MARKERS if line.strip().startswith(marker)), None)
        rest = line.strip().removeprefix(exact or "")
        if exact is None or not _rest_is_valid(exact, rest):
            raise MarkerError(
                f"{place}: {line.strip()!r} is not a marker that nbgrader knows. "
                f"Write one of {', '.join(EXACT_MARKERS)}; names may follow as in '### BEGIN SOLUTION: jam, menit'."
            )
        edge, kind = exact.removeprefix("### ").split(" ", 1)
        if edge == "BEGIN" and open_kind:
            raise MarkerError(f"{place}: a {kind} region begins inside a {open_kind} region.")
        if edge == "END" and open_kind != kind:
            raise MarkerError(f"{place}: END {kind} without its BEGIN {kind}.")
        open_kind = kind if edge == "BEGIN" else ""
    if open_kind:
        raise MarkerError(f"{where}: the {open_kind} region has no END {open_kind}.")


def _rest_is_valid(marker: str, rest: str) -> bool:
    if not rest:
        return True
    names = rest.removeprefix(":").split(",")
    return (
        marker == "### BEGIN SOLUTION" and rest.startswith(":") and all(name.strip().isidentifier() for name in names)
    )
