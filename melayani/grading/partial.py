"""At grading, the result of a test cell is a plain number within its points, or it counts 0 and is reported.

`PlainScores` stands in `c.Autograde.autograde_preprocessors` before SaveAutoGrades. nbgrader would give full marks
for a result such as True, -1, text or a list, stop at a number above the points, and take the first result that any
code shows during the cell, even of a failed one. nbgrader's Validate has a fixed list and can't be given this.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from melayani.grading.endings import is_closed_form, shows_nothing

NOT_A_SCORE = "BukanSkor"  # the name of the error that stands in the place of such a result
_NUMBER = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?")


class PlainScores(NbGraderPreprocessor):  # type: ignore[misc]
    """Leaves a test cell the one result that counts, and puts an error in the place of one that is no score."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the cell with the outputs that nbgrader shall count."""
        if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
            settle(cell)
            if is_refused(cell):
                self.log.warning("The result of %s is no plain number within its points: 0", _name(cell))
        return cell, resources


def settle(cell: NotebookNode) -> None:
    """Change the outputs of an executed test cell in place: at most one result stays, a number that nbgrader counts.

    In a cell that failed, or that ends in something that shows nothing, results were shown by a trainee's code:
    the checks decide. Otherwise the last result counts. What does not count stays visible to the instructor.
    """
    points = float(cell.metadata.nbgrader.points)
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    decided = utils.has_failed(cell) or shows_nothing(cell.source)
    counted = results[-1] if results and not decided else None
    score = counted if counted is not None and _is_score(counted, points) else None
    cell.outputs = [
        _shown_only(output) if output.output_type == "execute_result" and output is not score else output
        for output in cell.outputs
    ]
    missing = counted is None and is_closed_form(cell.source, points)
    if not decided and score is None and (counted is not None or missing):
        message = (
            f"Uji ini menghitung skor sebagian, tetapi hasilnya bukan angka dari 0 sampai {points:g}. Karena itu, "
            "skornya 0. Penyebabnya sel uji itu sendiri atau kode yang mengubah cara kerja Python. Tanyakan kepada "
            "pengajar Anda."
        )
        cell.outputs.append(nbformat.v4.new_output("error", ename=NOT_A_SCORE, evalue=message, traceback=[message]))


def is_refused(cell: NotebookNode) -> bool:
    """Return whether the result of a graded cell was no score."""
    return any(output.output_type == "error" and output.ename == NOT_A_SCORE for output in cell.get("outputs", []))


def refused(folder: Path) -> list[tuple[str, str]]:
    """Return (notebook, grade_id) of the test cells in an autograded folder whose result was no score."""
    return [
        (path.name, _name(cell))
        for path in sorted(folder.glob("*.ipynb"))
        if NOT_A_SCORE in path.read_text(encoding="utf-8")
        for cell in nbformat.read(path, as_version=4).cells
        if utils.is_grade(cell) and is_refused(cell)
    ]


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.nbgrader.grade_id)


def _is_score(result: NotebookNode, points: float) -> bool:
    """Return whether `result` is how Python writes an int or a float from 0 to `points`."""
    text = result.data.get("text/plain", "")
    return isinstance(text, str) and _NUMBER.fullmatch(text) is not None and float(text) <= points


def _shown_only(result: NotebookNode) -> NotebookNode:
    shown: NotebookNode = nbformat.v4.new_output("display_data", data=result.data, metadata=result.metadata)
    return shown
