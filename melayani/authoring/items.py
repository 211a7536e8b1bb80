"""The items of an assignment, each to be run alone: the cells given above it, an answer, its tests."""

from __future__ import annotations

import functools
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution

from melayani.authoring.answers import Answer, put_in, reference
from melayani.grading.partial import settle
from melayani.grading.runner import Runner
from melayani.grading.runner.job import ANSWER, ERROR, GIVEN, OK, TEST, Cell, Job, Limits, Message, Ran
from melayani.grading.runner.remote import made_names

_TEST = re.compile(r"(?P<item>.+?)-(uji|uji-tersembunyi|cek)")
WORKERS = os.cpu_count() or 1
TIMEOUT = 5.0  # seconds for one cell; the slowest takes a tenth of one
_OUTPUTS = ("stream", "display_data", "execute_result", "error")


@dataclass(frozen=True)
class Item:
    """An item that has tests: the cells that run for it, and the place of the answer's among them."""

    assignment: str
    name: str
    folder: Path
    cells: tuple[NotebookNode, ...]
    answer: int

    @property
    def reference(self) -> str:
        """The code of the reference answer, without the markers around it."""
        return reference(self.cells[self.answer].source)

    @property
    def most(self) -> float:
        """The most points that the item gives."""
        return float(sum(cell.metadata.nbgrader.points for cell in self.cells if is_grade(cell)))

    def with_answer(self, source: str) -> list[str]:
        """Return the code of the cells, in order, with `source` in the place of the reference answer."""
        code = [cell.source for cell in self.cells]
        code[self.answer] = put_in(code[self.answer], source)
        return code


@dataclass(frozen=True)
class Result:
    """What an answer earned, and the errors (`Kind: text`) that its tests showed."""

    points: float
    errors: tuple[str, ...]


def unfair(item: Item, answer: Answer, result: Result) -> list[str]:
    """Return what is not as tests/answers says of `answer`, in sentences: its points, or what it is shown."""
    found = []
    points = item.most if answer.points is None else answer.points
    if result.points != points:
        found.append(f"{result.points:g} points instead of {points:g}; shown: {result.errors}")
    if answer.kind != "salah" and result.errors:
        found.append(f"a right answer is refused: {result.errors}")
    if answer.message and not any(answer.message in error for error in result.errors):
        found.append(f"{answer.message!r} is not shown, but {result.errors}")
    return found + [problem for error in result.errors if item.most and (problem := unreadable(error))]


def unreadable(error: str) -> str | None:
    """Return what is wrong with what a failed test shows: it must be a sentence of its own, of 12 to 45 words."""
    kind, _, text = error.partition(": ")
    if kind != "AssertionError":
        return f"no sentence of the test's own: {error}"
    return None if 12 <= len(text.split()) <= 45 else f"{len(text.split())} words: {text}"


def read_items(path: Path) -> list[Item]:
    """Return the items of the source notebook `path` that have tests, in order; a Tantangan is one of no points."""
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    names = dict.fromkeys(item for cell in code if (item := _tested(cell)))
    return [_item(path, name, code) for name in names]


def _item(path: Path, name: str, code: list[NotebookNode]) -> Item:
    last = max(place for place, cell in enumerate(code) if _tested(cell) == name)
    needed = [cell for cell in code[: last + 1] if _tested(cell) in (None, name) and _answered(cell) in (None, name)]
    answer = next(place for place, cell in enumerate(needed) if _answered(cell) == name)
    return Item(path.stem, name, path.parent, tuple(needed), answer)


def _tested(cell: NotebookNode) -> str | None:
    """Return the item that a test cell belongs to."""
    found = _TEST.fullmatch(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
    return found["item"] if found else None


def _answered(cell: NotebookNode) -> str | None:
    """Return the item that an answer cell belongs to."""
    return str(cell.metadata.nbgrader.grade_id) if is_solution(cell) else None


def run_answers(jobs: list[tuple[Item, str]]) -> list[Result]:
    """Run each answer with the tests of its item, each in a fresh process; return the results in order.

    The answers are the course's own, so they run without a sandbox: maintainers may work on any system.
    """
    with Runner(sandboxed=False) as runner, ThreadPoolExecutor(WORKERS) as pool:
        ran = list(pool.map(runner.run, [_job(item, source) for item, source in jobs]))
    # Not in the threads: Python 3.11 can't parse in two of them at once.
    return [_result(item, run.cells) for (item, _), run in zip(jobs, ran, strict=True)]


def _job(item: Item, source: str) -> Job:
    cells = [
        Cell(code, _where(cell), cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        for cell, code in zip(item.cells, item.with_answer(source), strict=True)
    ]
    asked = made_names([item.reference])
    return Job(tuple(cells), _files(item.folder), Limits(cell_seconds=TIMEOUT), asked=asked)


def _where(cell: NotebookNode) -> str:
    if _tested(cell):
        return TEST
    return ANSWER if _answered(cell) else GIVEN


@functools.cache
def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".ipynb"}


def _result(item: Item, ran: list[Ran]) -> Result:
    points, errors = 0.0, []
    for cell, run in zip(item.cells, ran, strict=True):
        if not _tested(cell):
            continue
        outputs = [_output(message) for message in run.messages if message["msg_type"] in _OUTPUTS]
        if run.ended not in (OK, ERROR):  # a test that did not end has no verdict, and no points
            outputs.append(nbformat.v4.new_output("error", ename="Stopped", evalue=run.ended, traceback=[]))
        errors += [f"{output.ename}: {output.evalue}" for output in outputs if output.output_type == "error"]
        if is_grade(cell):
            executed = NotebookNode({**cell, "outputs": outputs})
            settle(executed)
            points += determine_grade(executed)[0]
    return Result(points, tuple(errors))


def _output(message: Message) -> NotebookNode:
    found: NotebookNode = nbformat.v4.output_from_msg({"header": {"msg_type": message["msg_type"]}, **message})
    return found
