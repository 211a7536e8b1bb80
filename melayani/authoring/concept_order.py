"""The concept order: no lesson, given cell or reference answer uses what nobody has introduced before."""

from __future__ import annotations

import contextlib
import difflib
import html
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from melayani.authoring import notebooks
from melayani.authoring.concepts import CONSTRUCTS, Names, Use, is_concept, used

# Words in a cell's `melayani` metadata: what it introduces, and what trainees from there on read but do not write.
INTRODUCES = "memperkenalkan"
READS = "membaca"
# Modules that a group may leave out: what they introduce holds inside them only.
OPTIONAL = {9, 11, 12}
# Of which type a value is can't be seen in the syntax, so methods and attributes are followed only this far.
LAST_WITH_METHODS = 6
TEST_CELL = re.compile(r".+-(uji|uji-tersembunyi|cek)")


@dataclass(frozen=True)
class Cell:
    """A cell with its place, as problems name it."""

    path: str
    number: int
    node: NotebookNode

    def __str__(self) -> str:
        """Return the place: notebook, number from 1, id."""
        return f"{self.path}: cell {self.number} ({self.node.id})"

    @property
    def is_code(self) -> bool:
        """Whether it is code on whose names the cells below build: no text, no test."""
        is_test = self.node.metadata.get("nbgrader", {}).get("locked") and TEST_CELL.fullmatch(self.node.id)
        return self.node.cell_type == "code" and not is_test

    @property
    def is_read(self) -> bool:
        """Whether it holds code that trainees read or must write: no given tool either."""
        return self.is_code and "disediakan" not in self.node.metadata.get("tags", [])

    @property
    def is_answer(self) -> bool:
        """Whether trainees must be able to write it: an assignment's solution or an exercise's answer."""
        about = self.node.metadata
        return bool("jawaban" in about.get("tags", []) or about.get("nbgrader", {}).get("solution"))

    def words(self, key: str) -> list[str]:
        """Return what its metadata says under `key`. Raises ValueError for anything but a list of words."""
        words = self.node.metadata.get("melayani", {}).get(key, [])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError(f"{self}: {key} is not a list of words")
        return list(words)


@dataclass(frozen=True)
class Notebook:
    """A lesson or an assignment source of module `module`."""

    path: str
    module: int
    is_lesson: bool
    cells: list[Cell]


def in_order(root: Path) -> list[Notebook]:
    """Return the course's notebooks as they are taught: by module, lessons by number, then the assignment."""
    found = []
    for folder, is_lesson in (("course", True), ("solutions", False)):
        for path in root.glob(f"{folder}/[0-9][0-9]-*/*.ipynb"):
            name = path.relative_to(root).as_posix()
            cells = [Cell(name, number, node) for number, node in enumerate(notebooks.read(path).cells, 1)]
            found.append(Notebook(name, int(path.parent.name[:2]), is_lesson, cells))
    return sorted(found, key=lambda notebook: (notebook.module, not notebook.is_lesson, *_by_number(notebook.path)))


def _by_number(path: str) -> tuple[float, str]:
    name = path.rpartition("/")[2]
    number = re.match(r"\d+", name)
    return (int(number[0]) if number else float("inf"), name)


def problems(root: Path) -> list[str]:
    """Return every breach of the concept order in the course at `root`, in its order; [] when there is none.

    Raises ValueError for metadata of a wrong shape, UnknownConstruct for syntax without a name.
    """
    course = in_order(root)
    taught: dict[str, Cell] = {}
    readable: dict[str, Cell] = {}
    before: dict[int, tuple[dict[str, Cell], dict[str, Cell]]] = {}
    found = []
    for notebook in course:
        state = taught, readable
        if notebook.module in OPTIONAL:
            state = before.setdefault(notebook.module, (taught.copy(), readable.copy()))
        found += list(_check(notebook, *state, course))
    return found


def _check(
    notebook: Notebook, taught: dict[str, Cell], readable: dict[str, Cell], course: list[Notebook]
) -> Iterator[str]:
    """Yield the problems of one notebook; add to `taught` and `readable` what it introduces."""
    names = Names()
    shown = _shown(notebook)
    told: set[str] = set()
    for cell in notebook.cells:
        for key, known in ((INTRODUCES, taught), (READS, readable)):
            for word in cell.words(key):
                if problem := _wrong_word(word, notebook, shown):
                    yield f"{cell}: {key}: {word!r} {problem}"
                elif earlier := taught.get(word) or known.get(word):
                    yield f"{cell}: {key}: {word!r} was introduced before, by {earlier}"
                else:
                    known[word] = cell
        try:
            uses = _uses(cell, names)
        except SyntaxError as error:
            yield f"{cell}, line {error.lineno}: can't be parsed: {error.msg}"
            continue
        if not cell.is_read:
            continue
        for word, line in uses:
            if word in taught or word in told or (word.startswith(".") and notebook.module > LAST_WITH_METHODS):
                continue
            if word not in readable:
                yield f"{cell}, line {line}: {word!r} is used, but {_when(word, course)}"
            elif cell.is_answer:
                yield f"{cell}, line {line}: {word!r} is written, but so far it is only read: {_when(word, course)}"
            else:
                continue
            told.add(word)  # once for a notebook, at its first place


def _uses(cell: Cell, names: Names) -> list[Use]:
    """Return what a code cell uses. A deliberate syntax error has no tree; any other raises SyntaxError."""
    if not cell.is_code:
        return []
    try:
        return used(cell.node.source, names)
    except SyntaxError:
        if "raises-exception" in cell.node.metadata.get("tags", []):
            return []
        raise


def _wrong_word(word: str, notebook: Notebook, shown: set[str]) -> str:
    """Return why `notebook` can't introduce `word`; '' when it can."""
    if not notebook.is_lesson:
        return "stands in an assignment: only lessons introduce"
    if not is_concept(word):
        near = difflib.get_close_matches(word, [*CONSTRUCTS, *shown], n=1)
        return "is no concept" + (f": {near[0]!r}?" if near else "")
    if word not in shown:
        near = difflib.get_close_matches(word, shown, n=1)
        return "is used nowhere in this notebook" + (f": {near[0]!r}?" if near else "")
    return ""


def _shown(notebook: Notebook) -> set[str]:
    """Return the concepts that a notebook shows: in code that is read, or as code in its texts."""
    words: set[str] = set()
    names = Names()
    for cell in notebook.cells:
        if cell.node.cell_type == "markdown":
            words |= _in_text(cell.node.source)
            continue
        with contextlib.suppress(SyntaxError):  # _check names it
            uses = _uses(cell, names)
            words |= {word for word, _ in uses if cell.is_read}
    return words


def _in_text(markdown: str) -> set[str]:
    r"""Return the concepts of the code in a text: the code itself (`while`) and what it uses (`.title()`, `a + b`)."""
    spans = re.findall(r"(?ms)^```\w*\n(.*?)^```|`([^`\n]+)`|<code>(.*?)</code>", markdown)
    words = set()
    for span in (html.unescape("".join(groups)).strip() for groups in spans):
        words.add(span)
        with warnings.catch_warnings(action="ignore"):
            try:
                words |= {word for word, _ in used(f"x{span}" if span.startswith(".") else span)}
            except SyntaxError:
                continue
    return words


def _when(word: str, course: list[Notebook]) -> str:
    for key, manner in ((INTRODUCES, ""), (READS, " for reading")):
        for notebook in course:
            for cell in notebook.cells:
                if notebook.is_lesson and word in cell.words(key):
                    return f"{cell} introduces it{manner}"
    return "no lesson introduces it"
