"""Feedback pages: what a trainee may see of a graded notebook, in words for the trainee.

`HideHiddenTests` stands in `c.GenerateFeedback.preprocessors` after GetGrades. It takes hidden tests and mark schemes
out of the notebook and lays what the page says into `cell.metadata.feedback` (one `CellView`) and
`resources["feedback"]` (one `PageView`); the template `templates/feedback/index.html.j2` only shows it. Whatever a
trainee wrote reaches the page escaped, or through `melayani.grading.sanitize`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, NbGraderPreprocessor
from traitlets import List
from traitlets.config import Config

from melayani.grading.books import InBooks, KeepsBooks
from melayani.grading.endings import parse
from melayani.grading.partial import NOT_A_SCORE
from melayani.grading.times import ZONE, duration, local_time

HIDDEN_PASSED = "Hasilnya benar juga untuk data lain yang mengikuti aturan yang sama."
PARTLY = "Sebagian pemeriksaan lolos."
SILENT = "Satu pemeriksaan tidak lolos."
_LONGEST_MESSAGE = 2000
_NO_RESPONSE = "No response."  # what nbgrader itself writes as the comment on an untouched answer

_TIMEOUT = "Kode Anda belum selesai ketika batas waktu habis. Periksa apakah ada perulangan yang tidak pernah berhenti."
_SYNTAX = "Python tidak dapat membaca kode itu. Periksa tanda kurung, titik dua, dan lekuk barisnya."
_REASONS = {
    "AttributeError": "Ada nilai yang tidak memiliki atribut atau metode yang diminta.",
    "CellTimeoutError": _TIMEOUT,
    "FileNotFoundError": "Ada berkas yang tidak ditemukan. Periksa nama dan letak berkasnya.",
    "IndentationError": _SYNTAX,
    "IndexError": "Ada nomor urut yang melampaui isi daftar atau teks.",
    "KeyError": "Ada kunci yang tidak terdapat dalam kamus atau tabel.",
    "KeyboardInterrupt": _TIMEOUT,
    "ModuleNotFoundError": "Ada modul Python yang tidak tersedia di tempat penilaian.",
    "NameError": "Ada nama yang belum dikenal Python ketika pemeriksaan berjalan.",
    "RecursionError": "Ada fungsi yang terus memanggil dirinya sendiri.",
    "SyntaxError": _SYNTAX,
    "TypeError": "Ada nilai yang tipenya tidak sesuai dengan operasi atau fungsi yang memakainya.",
    "UnboundLocalError": "Ada nama yang dipakai dalam fungsi sebelum nilainya ditetapkan.",
    "ValueError": "Ada nilai yang tipenya sesuai, tetapi isinya tidak dapat diolah.",
    "ZeroDivisionError": "Ada pembagian dengan nol.",
}
_OTHER_REASON = "Kode berhenti sebelum hasilnya dapat diperiksa."


@dataclass(frozen=True)
class CellView:
    """What the page says of one cell that nbgrader knows. `kind` is a key of KINDS."""

    anchor: str
    title: str
    kind: str
    score: float | None = None
    points: float | None = None
    waiting: bool = False
    passed: bool = False
    message: str = ""
    traceback: str = ""
    comment: str = ""
    unanswered: bool = False

    @property
    def label(self) -> str:
        """Name the kind of cell for the reader."""
        return KINDS[self.kind]


KINDS = {
    "visible": "Uji contoh",
    "hidden": "Uji tersembunyi",
    "answer": "Jawaban Anda",
    "manual": "Jawaban yang dinilai pengajar",
    "task": "Kegiatan yang dinilai pengajar",
}


@dataclass(frozen=True)
class PageView:
    """What the page says of the whole hand-in."""

    assignment: str
    notebook: str
    student: str
    score: float
    max_score: float
    penalty: float
    waiting: bool
    submitted: str
    late: str
    graded: str
    made: str
    graded_cells: list[CellView] = field(default_factory=list)


class FeedbackExporter(KeepsBooks, HTMLExporter):  # type: ignore[misc]
    """Writes the page as the template makes it, with the gradebook open once for all pages of a run.

    nbconvert's own reads each page again to add what our template has: it takes longer than to make the page.
    """

    one_transaction = True

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Return the page and the resources."""
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        shown = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        self.register_filter("filter_data_type", shown)  # type: ignore[no-untyped-call]
        try:
            page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        finally:
            self.abandon()  # nothing was changed; the next page sees what others change meanwhile
        return page, resources


class HideHiddenTests(InBooks, NbGraderPreprocessor):  # type: ignore[misc]
    """Remove hidden tests, their outputs and mark schemes; say in words what each check found."""

    # Not used; without it nbconvert warns of its own HTML default on every run (nbgrader's GetGrades does so too).
    display_data_priority: Any = List().tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Change `nb` in place; add `resources["feedback"]`. Needs what GetGrades laid into both."""
        self._hidden = ClearHiddenTests(config=Config(ClearHiddenTests=self.config.ClearHiddenTests))
        self._scheme = ClearMarkScheme(config=Config(ClearMarkScheme=self.config.ClearMarkScheme))
        given = resources["nbgrader"]
        titles = _titles(nb)
        with self.books(resources) as gradebook:
            submission = gradebook.find_submission(given["assignment"], given["student"])
            notebook = gradebook.find_submission_notebook(given["notebook"], given["assignment"], given["student"])
            waiting = {grade.name for grade in notebook.grades if grade.needs_manual_grade}
            views = [self._view(cell, titles, waiting) for cell in nb.cells]
            resources["feedback"] = PageView(
                assignment=_first_heading(nb) or given["assignment"],
                notebook=given["notebook"],
                student=_person(submission.student),
                score=given["score"],
                max_score=given["max_score"],
                penalty=given["late_penalty"],
                waiting=bool(waiting),
                submitted=self._time(submission.timestamp) if submission.timestamp else "",
                late=duration(late) if (late := submission.total_seconds_late) > 0 else "",
                graded=self._graded(resources),
                made=self._time(datetime.now(UTC)),
                graded_cells=[view for view in views if view and view.points is not None],
            )
        for cell, view in zip(nb.cells, views, strict=True):
            if view:
                cell.metadata["feedback"] = view
            if view and view.kind in ("visible", "hidden"):
                cell.outputs = []
        return nb, resources

    def _view(self, cell: NotebookNode, titles: dict[str, str], waiting: set[str]) -> CellView | None:
        if not (utils.is_grade(cell) or utils.is_solution(cell) or utils.is_task(cell)):
            return None
        given = cell.metadata.nbgrader
        test = utils.is_grade(cell) and not utils.is_solution(cell) and cell.cell_type == "code"
        said: dict[str, Any] = {}
        if test:
            source = cell.source
            cell.source, hidden = _without_region(
                cell.source, self._hidden.begin_test_delimeter, self._hidden.end_test_delimeter
            )
            kind = "hidden" if hidden else "visible"
            said = _verdict(cell, source, hidden, given.get("score"), given.get("points"))
        elif utils.is_task(cell):
            cell.source, _ = _without_region(
                cell.source, self._scheme.begin_mark_scheme_delimeter, self._scheme.end_mark_scheme_delimeter
            )
            kind = "task"
        else:
            kind = "manual" if utils.is_grade(cell) else "answer"
        comment = given.get("comment") or ""
        return CellView(
            anchor=given.grade_id,
            title=titles.get(item := _item(given.grade_id)) or item.replace("-", " ").capitalize(),
            kind=kind,
            score=given.get("score"),
            points=given.get("points"),
            waiting=given.grade_id in waiting,
            comment="" if comment == _NO_RESPONSE else comment,
            unanswered=comment == _NO_RESPONSE,
            **said,
        )

    def _graded(self, resources: Any) -> str:
        """Return when autograde wrote the notebook, "" when that can't be told."""
        where = resources.get("metadata", {})
        path = Path(where.get("path") or ".") / f"{where.get('name')}.ipynb"
        return self._time(datetime.fromtimestamp(path.stat().st_mtime, UTC)) if path.is_file() else ""

    def _time(self, moment: datetime) -> str:
        zone = self.config.NbGraderAPI.get("timezone", ZONE)
        return local_time(moment, zone if isinstance(zone, str) else ZONE)


def _verdict(
    cell: NotebookNode, source: str, hidden: bool, score: float | None, points: float | None
) -> dict[str, Any]:
    """Return passed, message and traceback of a test cell; of a hidden one only what its author wrote for trainees.

    `source` is the cell's code with its hidden regions.
    """
    error = next((output for output in cell.outputs if output.output_type == "error"), None)
    if error is None:
        if score is not None and points is not None and score < points:
            return {"message": " ".join([PARTLY, *_written_lines(cell, source)])}
        return {"passed": True, "message": HIDDEN_PASSED if hidden else ""}
    if error.ename in ("AssertionError", NOT_A_SCORE):
        message = error.evalue.strip() or SILENT
    else:
        reason = _REASONS.get(error.ename, _OTHER_REASON)
        shown = error.ename if hidden or not error.evalue else f"{error.ename}: {error.evalue}"
        message = f"Pemeriksaan berhenti karena galat {shown}. {reason}"
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + " …"
    return {"message": message, "traceback": "" if hidden else "\n".join(error.traceback)}


def _written_lines(cell: NotebookNode, source: str) -> list[str]:
    """Return the lines printed in a test cell that are whole texts of its `source`: its author's, not the answer's."""
    texts = {node.value for node in ast.walk(parse(source)) if isinstance(node, ast.Constant)}
    printed = "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
    return [line for line in printed.splitlines() if line.endswith(".") and line in texts]


def _without_region(source: str, begin: str, end: str) -> tuple[str, bool]:
    """Return `source` without its marked regions (an unclosed one reaches to the end), and whether it had any."""
    kept, inside, found = [], False, False
    for line in source.split("\n"):
        if begin in line:
            inside = found = True
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept), found


def _item(grade_id: str) -> str:
    """Return the item that a graded cell belongs to: x for x-uji and x-uji-tersembunyi."""
    return re.sub(r"-uji(-tersembunyi)?$", "", grade_id)


def _titles(nb: NotebookNode) -> dict[str, str]:
    """Return {item: last heading of its cell x-soal, without the points behind it}."""
    titles = {}
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", cell.source, re.MULTILINE)
        if grade_id.endswith("-soal") and headings:
            title = re.sub(r"\s*\([^()]*poin[^()]*\)$", "", headings[-1])
            titles[grade_id.removesuffix("-soal")] = title.replace("`", "")
    return titles


def _first_heading(nb: NotebookNode) -> str:
    for cell in nb.cells:
        if cell.cell_type == "markdown" and (heading := re.search(r"^#\s+(.+?)\s*#*$", cell.source, re.M)):
            return heading[1].replace("`", "")
    return ""


def _person(student: Any) -> str:
    name = " ".join(filter(None, (student.first_name, student.last_name)))
    return f"{name} ({student.id})" if name else str(student.id)


def number(value: float | None) -> str:
    """Return a score with a decimal comma and at most two decimals: "2", "2,5"."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
