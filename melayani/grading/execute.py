"""nbgrader's Execute step by the runner instead of a kernel: the same outputs, in a sandbox, many times faster.

`Execute` stands in `c.Autograde.autograde_preprocessors` by its dotted name; `c.Execute.…` configures it as it does
nbgrader's. Known differences from a kernel: no `execution` times in the cells' metadata; what an Output widget has
caught is not sent back to the notebook's Python; an error that the notebook itself keeps from being shown has no name.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbgrader import preprocessors, utils
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, default

from melayani.grading.partial import settle
from melayani.grading.runner.job import (
    ANSWER,
    DIED,
    ERROR,
    GIVEN,
    TEST,
    TEST_INSIDE,
    TIMEOUT,
    Cell,
    Job,
    Limits,
    Message,
    Ran,
    Result,
)
from melayani.grading.runner.remote import made_names, operators_of
from melayani.grading.runner.sandbox import WITHOUT_SANDBOX

NO_LIMIT = 24 * 3600.0
#: Files that nbgrader itself reads after grading: a notebook's code must not change them.
NBGRADERS_OWN = ("timestamp.txt", "submission_secret.txt")
LANGUAGE = {
    "name": "python",
    "version": sys.version.split()[0],
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}
KERNEL_DIED = {
    "ename": "DeadKernelError",
    "evalue": "Kernel berhenti saat sel ini berjalan, misalnya karena exit() atau kehabisan memori. "
    "Sel ini dihitung gagal. Sel lain tetap dijalankan.",
}
_CLASS = re.compile(r"^[ \t]*class[ \t]+(\w+)", re.MULTILINE)
_Texts = Mapping[str, str]  # {grade_id: text} of test cells
_Scores = dict[str, tuple[float, float]]  # {grade_id: (score, points)}


@dataclass(frozen=True)
class _Calibration:
    """What the source notebook shows.

    The texts of cells that it gives; the names that its answers give a value; the classes it defines, and what can be
    compared and calculated with these; the files that it changes; the tests that work only inside the trainee's
    process.
    """

    given: frozenset[str] = frozenset()
    asked: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    inside: frozenset[str] = frozenset()

    def job(self, cells: Iterable[NotebookNode], folder: Path | None, limits: Limits) -> Job:
        """Return the job that runs these cells beside the files in `folder`."""
        told = tuple(Cell(cell.source, self._where(cell), _name(cell)) for cell in cells)
        files = files_beside(folder) if folder else {}
        return Job(told, files, limits, self.classes, self.operators, self.asked, self.rewritten)

    def _where(self, cell: NotebookNode) -> str:
        if _is_test(cell):
            return TEST_INSIDE if _name(cell) in self.inside else TEST
        return GIVEN if cell.source in self.given or utils.is_locked(cell) else ANSWER


_calibrations: dict[tuple[object, ...], _Calibration] = {}


class _NoKernel:
    """Stands where nbclient's mimic of the Output widget looks for a kernel to tell: nobody listens."""

    @property
    def session(self) -> _NoKernel:
        return self

    @property
    def shell_channel(self) -> _NoKernel:
        return self

    def msg(self, *_: object, **__: object) -> None:
        return None

    def send(self, _: object) -> None:
        return None


class Execute(preprocessors.Execute):  # type: ignore[misc]
    """Runs the notebook's code cells by the runner, and turns what it gives back into outputs as nbclient does."""

    sandbox = Bool(
        help=f"Whether notebooks may run only in a sandbox. The default is True, or False with {WITHOUT_SANDBOX}=1."
    ).tag(config=True)

    @default("sandbox")
    def _sandbox_default(self) -> bool:
        return os.environ.get(WITHOUT_SANDBOX) != "1"

    def refusal(self) -> str | None:
        """Return why notebooks can't run here, in Bahasa with what helps; None when they can."""
        from melayani.grading.runner import sandbox

        return sandbox.available() if self.sandbox else None

    def prepare(self) -> None:
        """Begin to start the runner that `run` will use."""
        from melayani.grading.runner.runner import resident

        resident(self.sandbox).prepare()

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: object = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the notebook and return it with its outputs. `resources` as nbgrader's converters make them.

        `resources["melayani"]` then says how it went: `reports` (runner.job.Report) and `sandboxed`.
        """
        return self.apply(nb, resources, self.run(self.job_of(nb, resources)))

    def run(self, job: Job) -> Result:
        """Run `job` by this process's resident runner. Raises its RunnerError, in Bahasa where it may not run here."""
        from melayani.grading.runner.runner import resident

        return resident(self.sandbox).run(job)

    # What is run.

    def job_of(self, nb: NotebookNode, resources: dict[str, Any]) -> Job:
        """Return what there is to run of a sanitized notebook: its cells, and the other files in its folder.

        Raises ValueError, in Bahasa, for a notebook in another language than Python.
        """
        language = str(nb.metadata.get("kernelspec", {}).get("language", "python"))
        if not self.kernel_name and language.lower() != "python":
            raise ValueError(f"notebook ini memakai bahasa {language}; yang dapat dijalankan di sini hanya Python")
        tests = {_name(cell): cell.source for _, cell in self._to_run(nb) if _is_test(cell)}
        found = self._calibration(nb, tests, resources)
        folder = resources.get("metadata", {}).get("path") or None
        return found.job((cell for _, cell in self._to_run(nb)), Path(folder) if folder else None, self._limits())

    def _to_run(self, nb: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
        for index, cell in enumerate(nb.cells):
            skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
            if cell.cell_type == "code" and cell.source.strip() and not skipped:
                yield index, cell

    def _limits(self) -> Limits:
        seconds = float(self.timeout) if self.timeout and self.timeout > 0 else NO_LIMIT
        return replace(Limits(), cell_seconds=seconds)

    # What the source notebook shows.

    def _calibration(self, nb: NotebookNode, tests: _Texts, resources: dict[str, Any]) -> _Calibration:
        """Run the source notebook with these tests, once per edition and process.

        Where nbgrader's source can't be read, nothing is known: then all tests run outside the trainee's process.
        """
        source = self._source(resources)
        if not tests:
            return _Calibration()
        if source is None:
            self.log.warning("Sumber tugas ini tidak terbaca: semua uji dijalankan di luar proses peserta.")
            return _Calibration()
        key = (source, _state(source.parent), _digest(tests), self.timeout, self.sandbox)
        if key not in _calibrations:
            _calibrations[key] = self._calibrate(source, nb, tests)
        return _calibrations[key]

    def _calibrate(self, source: Path, nb: NotebookNode, tests: _Texts) -> _Calibration:
        """Find the tests that the reference answers pass better inside the trainee's process than outside."""
        reference = nbformat.read(source, as_version=4)
        code = [cell for _, cell in self._to_run(reference)]
        own = [cell.source for cell in code if not _is_test(cell)]
        found = _Calibration(
            frozenset(cell.source for cell in code if not utils.is_solution(cell) and not utils.is_grade(cell)),
            made_names(cell.source for cell in code if utils.is_solution(cell)),
            tuple(dict.fromkeys(name for source in own for name in _CLASS.findall(source))),
            operators_of(own),
        )
        given = {_name(cell): cell for cell in nb.cells if _name(cell) in tests}
        for index, cell in enumerate(reference.cells):
            # As the gradebook has them: the source may hold another edition, or AUTOTEST lines.
            if _name(cell) in given:
                reference.cells[index] = copy.deepcopy(given[_name(cell)])
        outside, changed = self._scores(reference, found, source.parent)
        if rewritten := tuple(files_beside(source.parent).keys() & changed):
            found = replace(found, rewritten=rewritten)
            outside, _ = self._scores(reference, found, source.parent)
        lost = frozenset(name for name, (score, most) in outside.items() if score < most)
        if not lost:
            return found
        inside, _ = self._scores(reference, replace(found, inside=lost), source.parent)
        better = frozenset(name for name in lost if inside[name][0] > outside[name][0])
        self.log.info("Tests that run inside the trainee's process: %s", ", ".join(sorted(better)) or "none")
        return replace(found, inside=better)

    def _scores(self, notebook: NotebookNode, found: _Calibration, folder: Path) -> tuple[_Scores, set[str]]:
        """Return what the tests in `notebook` give when it is run in `folder`, and the files that are then other."""
        ran = copy.deepcopy(notebook)
        result = self.run(found.job((cell for _, cell in self._to_run(ran)), folder, self._limits()))
        self._fill(ran, result)
        scores = {}
        for _, cell in self._to_run(ran):
            if _is_test(cell):
                settle(cell)
                score, most = utils.determine_grade(cell)
                scores[_name(cell)] = (float(score), float(most))
        return scores, set(result.files)

    def _source(self, resources: dict[str, Any]) -> Path | None:
        """Return the readable source notebook of the one at hand."""
        names = resources.get("nbgrader")
        if not names:
            return None
        converter = getattr(self.parent, "parent", None)
        course = getattr(converter, "coursedir", None) or CourseDirectory(config=self.config)
        folder = course.format_path(course.source_directory, ".", names["assignment"])
        path = Path(folder).resolve() / f"{names['notebook']}.ipynb"
        return path if os.access(path, os.R_OK) else None

    # What came of it.

    def apply(self, nb: NotebookNode, resources: dict[str, Any], result: Result) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with the outputs of `result`, its files laid beside it, its reports logged and kept."""
        self._check_assign_resources(resources)
        self._fill(nb, result)
        folder = resources.get("metadata", {}).get("path") or None
        if folder:
            for name in lay_back(Path(folder), result.files):
                self.log.warning("Berkas %r dari kode dalam notebook tidak disimpan.", name)
        for report in result.reports:
            self.log.warning("%s", report.text)
        resources["melayani"] = {"reports": list(result.reports), "sandboxed": result.sandboxed}
        return nb, resources

    def _fill(self, nb: NotebookNode, result: Result) -> None:
        self.nb, self.kc = nb, _NoKernel()
        self.reset_execution_trackers()
        nb.metadata["language_info"] = nbformat.from_dict(LANGUAGE)
        for (index, cell), ran in zip(self._to_run(nb), result.cells, strict=True):
            self._fill_cell(cell, index, ran)
        self.set_widgets_metadata()

    def _fill_cell(self, cell: NotebookNode, index: int, ran: Ran) -> None:
        """Give one cell the outputs that nbclient makes of its messages, and the error by which it ended."""
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        for message in _as_sent(ran.messages, index):
            try:
                self.process_message(message, cell, index)
            except Exception as error:  # any kind, for what the trainee's process may have made up
                self.log.warning("A message of cell %d is no message: %s", index, error)
        cell.execution_count = ran.number
        ended = self._error_of(cell, ran)
        reply = {"content": {**ended, "status": "error"} if ended else {"status": "ok"}}
        self.on_cell_executed(cell=cell, cell_index=index, execute_reply=reply)
        if ended and (self.force_raise_errors or not self.allow_errors):
            raise CellExecutionError.from_cell_and_msg(cell, reply["content"])

    def _error_of(self, cell: NotebookNode, ran: Ran) -> dict[str, Any] | None:
        """Return what the kernel's reply would name as the error of the cell."""
        shown = [message["content"] for message in ran.messages if message["msg_type"] == "error"]
        last = shown[-1] if shown else {"ename": "Error", "evalue": "", "traceback": []}
        if ran.ended == TIMEOUT:
            self.log.error("Waktu sel ini habis (%s detik).", self.timeout)
            if not self.interrupt_on_timeout:
                raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", self.timeout, cell)
            return dict(self.error_on_timeout or last)
        if ran.ended == DIED:
            return {**KERNEL_DIED, "traceback": [f"{KERNEL_DIED['ename']}: {KERNEL_DIED['evalue']}"]}
        return dict(last) if ran.ended == ERROR else None


def files_beside(folder: Path) -> dict[str, bytes]:
    """Return {path relative to `folder`: content} of all files in it, but no notebooks (hidden tests) and no links."""
    found = {}
    for path in _files(folder):
        if path.suffix.lower() != ".ipynb":
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def lay_back(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write `files` (paths relative to `folder`) into `folder`; return the names of those that may not be written.

    Nothing goes outside, through a link, over a folder, over a notebook (nor becomes one) or over nbgrader's own.
    """
    refused = []
    for name, content in files.items():
        try:
            target = _target(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except (OSError, ValueError):  # a name that this disk can't hold
            refused.append(name)
    return refused


def _target(folder: Path, name: str) -> Path:
    """Return where the file `name` may be written. Raises ValueError if nowhere."""
    parts = PurePosixPath(name).parts
    if not parts or any(part in ("..", "/") or "\\" in part or ":" in part or "\0" in part for part in parts):
        raise ValueError(name)
    if name.lower().endswith(".ipynb") or (len(parts) == 1 and parts[0].lower() in NBGRADERS_OWN):
        raise ValueError(name)
    place = folder
    for part in parts:
        place = place / part
        if place.is_symlink():
            raise ValueError(name)
    if place.exists() and not place.is_file():
        raise ValueError(name)
    return place


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a file in `folder` does."""
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in _files(folder))


def _digest(tests: _Texts) -> str:
    return hashlib.sha256(repr(sorted(tests.items())).encode("utf-8", "surrogatepass")).hexdigest()


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is_test(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell))


def _as_sent(messages: list[Message], index: int) -> Iterator[dict[str, Any]]:
    """Yield the messages as a kernel's client receives them.

    All messages of a cell have one parent; an Output widget names it by the id that its own messages tell.
    """
    told = (m["content"].get("data") for m in messages if m["msg_type"] == "comm_msg")
    states = (data.get("state") for data in told if isinstance(data, dict))
    named = [state["msg_id"] for state in states if isinstance(state, dict) and state.get("msg_id")]
    parent = {"msg_id": named[0] if named else f"cell-{index}"}
    for message in copy.deepcopy(messages):
        kind = message["msg_type"]
        buffers = [base64.b64decode(buffer) for buffer in message.get("buffers", [])]
        yield {
            "msg_type": kind,
            "header": {"msg_type": kind},
            "parent_header": parent,
            "content": message["content"],
            "buffers": buffers,
        }
