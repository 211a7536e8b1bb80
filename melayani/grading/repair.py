"""Repair of one handed-in notebook, without guessing: bytes in, a gradable notebook and what was done out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import nbformat
import nbformat.reader
from nbformat import NotebookNode

Cell = Any  # nbformat's NotebookNode for one cell


class UnreadableError(Exception):
    """The notebook can't be graded without guessing; the message says why, in Bahasa."""


def grade_id(cell: Cell) -> str | None:
    """Return the nbgrader id of a cell, or None when it has none."""
    mark = cell.get("metadata", {}).get("nbgrader")
    return mark.get("grade_id") if isinstance(mark, dict) else None


def repair(data: bytes, release: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """Return the notebook in `data` with the cells of `release` in place, and a sentence for each thing to tell.

    Raises UnreadableError when the bytes are no notebook or hold none of the release's marked cells.
    """
    notebook = _parse(data)
    told: list[str] = []
    expected = {name: cell for cell in release.cells if (name := grade_id(cell))}
    _forget_unknown_marks(notebook, expected)
    if not any(grade_id(cell) for cell in notebook.cells):
        raise UnreadableError(
            "notebook ini tidak memuat satu pun penanda nbgrader dari tugas yang dibagikan, "
            "mungkin karena disimpan dengan program lain atau disalin sel demi sel"
        )
    told += _keep_one_of_each(notebook, expected)
    told += _bring_back_missing(notebook, expected)
    _use_released_marks(notebook, expected)
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
    except Exception:  # nbformat raises many kinds for a damaged structure
        raise UnreadableError("susunan notebook rusak") from None
    if not cells:
        raise UnreadableError("notebook ini tidak berisi sel")
    if not sound:
        raise UnreadableError("susunan sel dalam notebook rusak")
    return notebook


def _forget_unknown_marks(notebook: NotebookNode, expected: dict[str, Cell]) -> None:
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and grade_id(cell) not in expected:
            del cell.metadata["nbgrader"]


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


def _use_released_marks(notebook: NotebookNode, expected: dict[str, Cell]) -> None:
    """Points, locks and schema version are the release's, whatever the hand-in says."""
    for cell in notebook.cells:
        if name := grade_id(cell):
            cell.metadata["nbgrader"] = nbformat.from_dict(dict(expected[name].metadata.nbgrader))


def _tidy(notebook: NotebookNode) -> None:
    """Leave out what other programs add and nbgrader's later steps stumble over."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    )
    notebook.nbformat_minor = max(5, notebook.get("nbformat_minor", 0))
    for cell, name in zip(notebook.cells, _fresh_ids(notebook.cells), strict=True):
        cell["id"] = name
        cell["source"] = cell.source.replace("\r\n", "\n").replace("\r", "\n")
        keep = ("nbgrader", "tags", "deletable", "editable", "jupyter")
        cell["metadata"] = nbformat.from_dict({key: cell.metadata[key] for key in keep if key in cell.metadata})
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell.pop("attachments", None)


def _fresh_ids(cells: Iterable[Cell]) -> list[str]:
    """Return a unique id a cell: its grade id, else the one it has, else `sel-N`."""
    cells = list(cells)
    taken = {name for cell in cells if (name := grade_id(cell))}
    ids = []
    for number, cell in enumerate(cells):
        name = grade_id(cell)
        if name is None:
            name = cell.get("id")
            if not isinstance(name, str) or not name or len(name) > 64 or name in taken:
                name = f"sel-{number}"
                while name in taken:
                    name += "x"
            taken.add(name)
        ids.append(name)
    return ids
