"""The files of a hand-in: what is no plain file is taken out, what is very large stays out of grading.

A link leads out of the hand-in, a fifo holds up whoever opens it, a name may pretend to be another line of a report.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

LONGEST_LINE = 1000  # characters of a sentence that tells of a hand-in
LARGEST = 50 * 1024 * 1024  # bytes of one file that goes along into grading


def shown(path: Path | str) -> str:
    """Return a file name as one line of text that can be written anywhere."""
    name = path.as_posix() if isinstance(path, Path) else path
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in name)


def line(text: str) -> str:
    """Return `text` as one line that can be written anywhere: what a trainee made up can't pretend to be another."""
    return shown(text[:LONGEST_LINE])


def take_out_others(folder: Path) -> list[str]:
    """Remove from `folder` all that is neither a plain file nor a folder; return a sentence for each."""
    told = []
    for path in sorted(_below(folder)):
        kind = stat.S_IFMT(path.lstat().st_mode)
        if kind not in (stat.S_IFREG, stat.S_IFDIR):
            path.unlink()
            what = "ialah tautan" if kind == stat.S_IFLNK else "bukan berkas biasa"
            told.append(f"{shown(path.relative_to(folder))} {what}; dinilai tanpa itu")
    return told


def too_large(folder: Path) -> list[Path]:
    """Return the plain files below `folder` that do not go along into grading, notebooks excepted."""
    return [
        path
        for path in sorted(_below(folder))
        if path.suffix != ".ipynb" and stat.S_ISREG((found := path.lstat()).st_mode) and found.st_size > LARGEST
    ]


def _below(folder: Path) -> list[Path]:
    """Return all that lies below `folder`, never through a link."""
    return [Path(place, name) for place, folders, files in os.walk(folder) for name in (*folders, *files)]
