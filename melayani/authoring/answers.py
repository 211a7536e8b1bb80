"""Read the right and wrong answers in tests/answers and put them into an assignment.

A file `tests/answers/NN-nama/ITEM.py` consists of percent cells, each the code of one answer cell:

    # %% benar: dengan round
    # %% setara: a mutant of the reference answer that is right, and why
    # %% salah (6): pembagian bulat
    # pesan: part of the message that must be shown
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

_HEAD = re.compile(r"# %%(?P<head>.*)")
_KIND = re.compile(r" (?P<kind>benar|setara|salah)(?: \((?P<points>\d+)\))?: (?P<title>\S.*)")
_MESSAGE = re.compile(r"# pesan: (?P<message>\S.*)")
_REGION = re.compile(r"(?ms)^[ \t]*### BEGIN SOLUTION.*^[ \t]*### END SOLUTION[ \t]*$")


class AnswerFileError(ValueError):
    """A file of answers that can't be read as such; the text names file and line."""


@dataclass(frozen=True)
class Answer:
    """One answer: `points` remain for the item (None: all of them), `message` is part of what must be shown.

    `setara` is a right answer too: a mutant of the reference that no test can tell from it.
    """

    kind: Literal["benar", "setara", "salah"]
    points: int | None
    title: str
    message: str | None
    source: str


def read_answers(path: Path) -> list[Answer]:
    """Return the answers in `path`, in order. Raises AnswerFileError, naming the line, for anything unclear."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)]
    if not heads:
        raise AnswerFileError(f"{path}: no cell; expected '# %% benar: title' or '# %% salah (6): title'")
    for number, line in enumerate(lines[: heads[0]], start=1):
        if line.strip() and not line.startswith("#"):
            raise AnswerFileError(f"{path}:{number}: code before the first '# %%' line")
    answers = [
        _read_cell(path, start, lines[start:end]) for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    ]
    titles = [answer.title for answer in answers]
    for title in titles:
        if titles.count(title) > 1:
            raise AnswerFileError(f"{path}: two answers are called '{title}'")
    return answers


def reference(cell: str) -> str:
    """Return the code between the markers of the solution cell `cell`. Raises ValueError where there are none."""
    found = _REGION.search(cell)
    if not found:
        raise ValueError("no solution region")
    return "\n".join(found[0].split("\n")[1:-1])


def put_in(cell: str, answer: str) -> str:
    """Return the solution cell `cell` with `answer` in the place of its region."""
    return _REGION.sub(lambda _: answer, cell, count=1)


def fill_in(notebook: Mapping[str, Any], answers: Mapping[str, str]) -> Any:
    """Return a copy of `notebook` in which the solution region of each item in `answers` is that item's code.

    Items are grade_ids of solution cells. Raises KeyError for an item without a solution region.
    """
    filled = copy.deepcopy(notebook)
    left = dict(answers)
    for cell in filled["cells"]:
        item = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if item in left and _REGION.search(cell["source"]):
            cell["source"] = put_in(cell["source"], left.pop(item))
    if left:
        raise KeyError(f"no solution region for: {', '.join(left)}")
    return filled


def _read_cell(path: Path, start: int, lines: list[str]) -> Answer:
    where = f"{path}:{start + 1}"
    head = _HEAD.match(lines[0])
    parts = head and _KIND.fullmatch(head["head"].rstrip())
    if not parts:
        raise AnswerFileError(f"{where}: expected '# %% benar: title' or '# %% salah (6): title', got {lines[0]!r}")
    wrong = parts["kind"] == "salah"
    if wrong != (parts["points"] is not None):
        rule = "needs the points that remain, as in '# %% salah (6): title'" if wrong else "has no points"
        raise AnswerFileError(f"{where}: '{parts['kind']}' {rule}")
    body = lines[1:]
    note = _MESSAGE.fullmatch(body[0].rstrip()) if body else None
    if body and body[0].startswith("# pesan") and not note:
        raise AnswerFileError(f"{where}: empty or misspelt message line {body[0]!r}")
    if note:
        body = body[1:]
        if not wrong:
            raise AnswerFileError(f"{where}: a right answer shows no message")
    source = "\n".join(body).strip("\n")
    if not source.strip():
        raise AnswerFileError(f"{where}: '{parts['title']}' has no code")
    return Answer(
        kind=cast(Literal["benar", "setara", "salah"], parts["kind"]),
        points=int(parts["points"]) if wrong else None,
        title=parts["title"],
        message=note["message"] if note else None,
        source=source,
    )
