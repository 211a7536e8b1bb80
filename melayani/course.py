"""Where the course lies: the folder of nbgrader_config.py, its configuration, its class folder."""

from __future__ import annotations

import os
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG_NAME = "nbgrader_config.py"


class CourseError(Exception):
    """Something a person must mend; the message says in Bahasa what, where and how."""


class CourseNotFoundError(CourseError):
    """No nbgrader_config.py in the working directory or above it."""


def find_root(start: Path | None = None) -> Path:
    """Return the nearest folder at or above `start` (default: the working directory) with nbgrader_config.py.

    Raises CourseNotFoundError, with a sentence in Bahasa, when there is none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise CourseNotFoundError(
        f"Tidak ada {CONFIG_NAME} di {start} maupun di folder di atasnya. "
        "Pindahlah dahulu ke folder kursus, lalu ulangi perintah ini."
    )


def load_config(root: Path) -> Config:
    """Return the course's nbgrader configuration, read from `root`/nbgrader_config.py."""
    return PyFileConfigLoader(CONFIG_NAME, path=str(root)).load_config()


def class_folder(root: Path) -> Path:
    """Return the folder of the running class: $MELAYANI_KELAS, else `root`/kelas. It may not exist yet."""
    named = os.environ.get("MELAYANI_KELAS")
    return Path(named).resolve() if named else root / "kelas"


def assignments(root: Path) -> list[str]:
    """Return the names of the assignments under the source directory, in order."""
    source = root / str(load_config(root).CourseDirectory.source_directory)
    return sorted(folder.name for folder in source.iterdir() if any(folder.glob("*.ipynb")))
