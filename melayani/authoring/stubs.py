"""nbgrader's ClearSolutions, with stubs that show the names an item asks for and with strict region markers."""

from __future__ import annotations

from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode
from nbgrader import utils

from melayani.authoring.markers import PLACE_TO_FILL, check_markers, stub_names


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
        places = [f"{name} = {PLACE_TO_FILL}" for name in stub_names(begin)]
        if not places:
            return list(lines)
        return [line for line in lines if line.strip() != PLACE_TO_FILL] + places
