"""What a release would carry along unseen: pictures of a reference answer, files that only secrets speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from melayani.authoring.markers import split

_PICTURE = re.compile(r"!\[|<img\b|<svg\b|data:image/", re.IGNORECASE)
_LEFT_BEHIND = {".ipynb_checkpoints", "__pycache__"}  # nbgrader ships neither
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)*")


def public_text(cell: NotebookNode) -> str:
    """Return what a release shows of a cell's source."""
    parts = split(cell.source)
    return "" if utils.is_solution(cell) and not parts.regions else parts.public


def picture_problems(cell: NotebookNode) -> list[str]:
    """Return what is wrong with the pictures of one cell; nbgrader clears text, never an attachment."""
    attached = cell.get("attachments", {})
    if utils.is_solution(cell):
        found = [f"the attachment {name!r} is part of a reference answer; say it in words" for name in attached]
        if _PICTURE.search(public_text(cell)):
            found.append("a picture outside the solution region is shipped; it belongs in the text of the item")
        return found
    shown = public_text(cell)
    return [
        f"the attachment {name!r} would be shipped, but no text outside a region shows it"
        for name in attached
        if f"attachment:{name}" not in shown
    ]


def file_problems(folder: Path, cells: Iterable[NotebookNode]) -> list[str]:
    """Return the files of an assignment that would be shipped although nothing that trainees see names them.

    A file is named by its name, by a folder that it lies in, or by the import of a module.
    """
    words = "\n".join(map(public_text, cells))
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        inside = path.relative_to(folder)
        if _LEFT_BEHIND & set(inside.parts) or (len(inside.parts) == 1 and path.suffix == ".ipynb"):
            continue
        if not all(_FILE_NAME.fullmatch(part) for part in inside.parts):
            found.append(f"{path}: name files and folders in a-z, digits, - and _")
        if path.suffix == ".ipynb" or not any(re.search(way, words) for way in _ways_to_name(inside)):
            found.append(f"{path}: it would be shipped, but nothing that trainees see names it")
    return found


def _ways_to_name(inside: Path) -> list[str]:
    ways = [rf"(?<![\w-]){re.escape(inside.name)}\b"]
    for folder in inside.parts[:-1]:
        ways += [rf"(?<![\w-]){folder}/", rf"[\"'`]{folder}[\"'`]"]
    if inside.suffix == ".py":
        ways.append(rf"\b(import|from)\s+{inside.stem}\b")
    return ways
