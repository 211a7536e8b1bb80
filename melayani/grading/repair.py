"""Repair of one handed-in notebook, without guessing: bytes in, a gradable notebook and what was done out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from textwrap import shorten
from typing import Any

import nbformat
import nbformat.reader
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from melayani.grading.plain_files import shown

Cell = Any  # nbformat's NotebookNode for one cell
_LONGEST_ID = 80  # characters of an unknown one that are told
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # of a cell, as nbformat has it
_TOO_DEEP = "isinya bersarang terlalu dalam"
_RELEASED = "yang dipakai ialah yang dibagikan"


class UnreadableError(Exception):
    """The notebook can't be graded without guessing; the message says why, in Bahasa."""


def grade_id(cell: Cell) -> str | None:
    """Return the nbgrader id of a cell, or None when it has none, or something else than a text in its place."""
    mark = cell.get("metadata", {}).get("nbgrader")
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    return name if isinstance(name, str) else None


def repair(data: bytes, release: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """Return the notebook in `data` with the cells of `release` in place, and a sentence for each thing to tell.

    Raises UnreadableError when the bytes are no notebook or hold none of the release's marked cells.
    """
    notebook = _parse(data)
    told: list[str] = []
    expected = {name: cell for cell in release.cells if (name := grade_id(cell))}
    told += _forget_unknown_marks(notebook, expected)
    if not any(grade_id(cell) for cell in notebook.cells):
        raise UnreadableError(
            "notebook ini tidak memuat satu pun penanda nbgrader dari tugas yang dibagikan, "
            "mungkin karena disimpan dengan program lain atau disalin sel demi sel"
        )
    once = [name for name in expected if len(_positions(notebook, name)) == 1]
    told += _keep_one_of_each(notebook, expected)
    told += _put_back_moved(notebook, expected, once)
    told += _bring_back_missing(notebook, expected)
    told += _use_released_marks(notebook, expected)
    _tidy(notebook)
    return notebook, told


def _parse(data: bytes) -> NotebookNode:
    if not data.strip():
        raise UnreadableError("berkasnya kosong (0 bita)")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("isinya bukan teks UTF-8") from None
    try:
        raw = json.loads(text)
    except ValueError:
        raise UnreadableError("isinya bukan JSON sehingga bukan notebook") from None
    except RecursionError:
        raise UnreadableError(_TOO_DEEP) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise UnreadableError("isinya JSON, tetapi bukan notebook")
    try:
        notebook: NotebookNode = nbformat.convert(nbformat.reader.reads(text), 4)
        cells = list(notebook.cells)
        sound = all(
            isinstance(cell.source, str)
            and cell.cell_type in ("code", "markdown", "raw")
            and isinstance(cell.metadata, dict)
            for cell in cells
        )
    except RecursionError:
        raise UnreadableError(_TOO_DEEP) from None
    except Exception:  # nbformat raises many kinds for a damaged structure
        raise UnreadableError("susunan notebook rusak") from None
    if not cells:
        raise UnreadableError("notebook ini tidak berisi sel")
    if not sound:
        raise UnreadableError("susunan sel dalam notebook rusak")
    return notebook


def _forget_unknown_marks(notebook: NotebookNode, expected: dict[str, Cell]) -> list[str]:
    told = []
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and (name := grade_id(cell)) not in expected:
            mark = cell.metadata["nbgrader"]
            if isinstance(mark, dict) and mark.get("grade"):
                called = shorten(shown(name or "tanpa nama"), _LONGEST_ID, placeholder=" …")
                told.append(
                    f"sel {called} mengaku sebagai sel berskor, padahal tidak ada dalam tugas; skornya tidak ada"
                )
            del cell.metadata["nbgrader"]
    return told


def _positions(notebook: NotebookNode, name: str) -> list[int]:
    return [at for at, cell in enumerate(notebook.cells) if grade_id(cell) == name]


def _keep_one_of_each(notebook: NotebookNode, expected: dict[str, Cell]) -> list[str]:
    """Of a graded cell the last copy counts, of an answer the last one above it; the others become plain cells."""
    told = []
    names = list(expected)
    for number, name in enumerate(names):
        copies = _positions(notebook, name)
        if len(copies) < 2:
            continue
        kept = copies[-1]
        if not expected[name].metadata.nbgrader["grade"]:
            graded = (n for n in names[number + 1 :] if expected[n].metadata.nbgrader["grade"])
            test = _positions(notebook, next(graded, ""))
            above = [at for at in copies if test and at < test[-1]]
            kept = above[-1] if above else kept
        for at in copies:
            if at != kept:
                del notebook.cells[at].metadata["nbgrader"]
        told.append(
            f"sel {name} ada {len(copies)} kali; yang dihitung ialah salinan ke-{copies.index(kept) + 1} dari atas"
        )
    return told


def _bring_back_missing(notebook: NotebookNode, expected: dict[str, Cell]) -> list[str]:
    told = []
    at = -1
    for name, released in expected.items():
        found = _positions(notebook, name)
        if found:
            at = found[0]
            continue
        at += 1
        notebook.cells.insert(at, nbformat.from_dict(json.loads(json.dumps(released))))
        mark = released.metadata.nbgrader
        if mark["grade"] or mark["solution"]:
            told.append(f"sel {name} hilang; isinya dikembalikan dari tugas yang dibagikan")
    return told


def _put_back_moved(notebook: NotebookNode, expected: dict[str, Cell], once: list[str]) -> list[str]:
    """Of the cells `once` handed in: put test cells that stand in another order than released behind the one before."""
    names = list(expected)
    order = [name for cell in notebook.cells if (name := grade_id(cell)) in once]
    kept = set(_longest_in_order([once.index(name) for name in order]))
    moved = [name for name in once if _is_test(expected[name]) and once.index(name) not in kept]
    for name in moved:
        cell = notebook.cells.pop(_positions(notebook, name)[0])
        earlier = (place for before in names[: names.index(name)] for place in _positions(notebook, before))
        notebook.cells.insert(max(earlier, default=-1) + 1, cell)
    return [f"sel uji {name} dipindahkan; sel itu dikembalikan ke tempatnya" for name in moved]


def _longest_in_order(numbers: list[int]) -> list[int]:
    best: list[list[int]] = []
    for number in numbers:
        before = max((run for run in best if run[-1] < number), key=len, default=[])
        best.append([*before, number])
    return max(best, key=len, default=[])


def _use_released_marks(notebook: NotebookNode, expected: dict[str, Cell]) -> list[str]:
    """Points, locks, kinds and schema version are the release's, whatever the hand-in says."""
    told = []
    for cell in notebook.cells:
        if not (name := grade_id(cell)):
            continue
        released = expected[name]
        mark, marks = cell.metadata["nbgrader"], released.metadata.nbgrader
        if any(mark.get(key, marks.get(key)) != marks.get(key) for key in _MARKS):
            told.append(f"tanda nbgrader pada sel {name} diubah; {_RELEASED}")
        if cell.cell_type != released.cell_type:
            told.append(f"jenis sel {name} diubah; {_RELEASED}")
            cell["cell_type"] = released.cell_type
        if marks.get("locked") and _rewritten(cell, released):
            told.append(f"isi sel {name}, yang terkunci, diubah; {_RELEASED}")
        if _ODD_TAGS & set(_tags(cell)) - set(_tags(released)):
            told.append(f"sel {name} diberi label (tag) yang mengatur jalannya sel; {_RELEASED}")
        cell["metadata"] = nbformat.from_dict(json.loads(json.dumps(released.metadata)))
    return told


_MARKS = ("grade", "solution", "locked", "task", "points")
_ODD_TAGS = {"skip-execution", "raises-exception"}  # what nbclient obeys


def _is_test(cell: Cell) -> bool:
    mark = cell.metadata.nbgrader
    return bool(mark["grade"] and not mark["solution"])


def _tags(cell: Cell) -> list[str]:
    tags = cell.metadata.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _rewritten(cell: Cell, released: Cell) -> bool:
    """Return whether a locked cell has another text than the release, and than the earlier one it may come from."""
    if _words(cell.source) == _words(released.source):
        return False
    of_its_release = cell.metadata["nbgrader"].get("checksum")
    try:
        return bool(of_its_release != compute_checksum(cell))
    except (KeyError, AttributeError, TypeError, ValueError, OverflowError):  # points that are no number
        return True


def _words(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _tidy(notebook: NotebookNode) -> None:
    """Keep what counts; leave out what other programs add and nbgrader's later steps stumble over."""
    cells = [_tidied(cell, name) for cell, name in zip(notebook.cells, _fresh_ids(notebook.cells), strict=True)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook.clear()  # whatever else stands at its top
    notebook.update(nbformat.from_dict({"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}))
    notebook["cells"] = cells


def _tidied(cell: Cell, name: str) -> Cell:
    kind, metadata = cell.cell_type, cell.metadata
    if "nbgrader" not in metadata:
        metadata = {"tags": [_whole(tag) for tag in tags]} if (tags := _tags(cell)) else {}
    text = _whole(cell.source.replace("\r\n", "\n").replace("\r", "\n"))
    made = {"cell_type": kind, "id": name, "metadata": metadata, "source": text}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    elif attachments := _attachments(cell):
        made["attachments"] = attachments
    return nbformat.from_dict(made)


def _attachments(cell: Cell) -> dict[str, dict[str, str]]:
    """Return the pictures that a text cell holds, {name: {kind: data}}, without what is none."""
    found = cell.get("attachments")
    bundles = found.items() if isinstance(found, dict) else ()
    return {
        _whole(name): {_whole(kind): _whole(data) for kind, data in bundle.items() if isinstance(data, str)}
        for name, bundle in bundles
        if isinstance(bundle, dict)
    }


def _whole(text: str) -> str:
    """Return `text` without half characters, which no file takes."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _fresh_ids(cells: Iterable[Cell]) -> list[str]:
    """Return a unique id a cell: its grade id, else the one it has, else `sel-N`."""
    cells = list(cells)
    taken = {name for cell in cells if (name := grade_id(cell))}
    ids = []
    for number, cell in enumerate(cells):
        name = grade_id(cell)
        if name is None:
            name = cell.get("id")
            if not isinstance(name, str) or not _ID.fullmatch(name) or name in taken:
                name = f"sel-{number}"
                while name in taken:
                    name += "x"
            taken.add(name)
        ids.append(name)
    return ids
