"""`melayani cek`: what this machine gives for grading, and what a person can do about what is missing."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from melayani.course import assignments, class_folder, load_config
from melayani.grading.executors import cores
from melayani.grading.runner import sandbox

LEAST_MEMORY = 1 << 30  # free: the warm Python and a few notebooks beside each other


@dataclass(frozen=True)
class Look:
    """One thing that was looked at: what was found, in Bahasa, and whether grading works with it."""

    name: str
    found: str
    good: bool = True


def look(root: Path) -> Iterator[Look]:
    """Look at everything that grading the course in `root` needs."""
    yield Look("Python", f"{platform.python_version()} di {sys.executable}")
    yield Look("nbgrader", version("nbgrader"))
    reason = sandbox.available()
    yield Look("sandbox", reason or "kode peserta dapat dikurung", good=reason is None)
    yield Look("inti prosesor", f"{cores()}; sebanyak itu kiriman dinilai bersamaan")
    memory = psutil.virtual_memory()
    enough = memory.available >= LEAST_MEMORY
    found = f"{_gigabytes(memory.available)} GB bebas dari {_gigabytes(memory.total)} GB"
    yield Look("memori", found if enough else f"{found}; tutup program lain dahulu", good=enough)
    yield _class_folder(root)
    yield _gradebook(root)
    names = assignments(root)
    yield Look("tugas", ", ".join(names) or "belum ada", good=bool(names))


def _gigabytes(size: int) -> str:
    return f"{size / (1 << 30):.1f}".replace(".", ",")


def _class_folder(root: Path) -> Look:
    folder = class_folder(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Look("folder kelas", f"{folder} tidak dapat ditulisi ({error.strerror}); periksa izinnya", good=False)
    return Look("folder kelas", str(folder))


def _gradebook(root: Path) -> Look:
    """Look whether the gradebook answers, without making one."""
    url = make_url(CourseDirectory(config=load_config(root)).db_url)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return Look("buku skor", f"{url.database} belum ada; dibuat ketika tugas pertama disiapkan")
    try:
        engine = create_engine(url)
        try:
            tables = inspect(engine).get_table_names()
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return Look("buku skor", f"{shown} tidak dapat dibuka ({reason})", good=False)
    if tables and "submitted_assignment" not in tables:
        return Look("buku skor", f"{shown} bukan buku skor nbgrader", good=False)
    return Look("buku skor", shown)


def report(root: Path) -> int:
    """Print what was found; return 0 if grading works here, 1 if something is missing."""
    looks = list(look(root))
    width = max(len(one.name) for one in looks)
    for one in looks:
        print(f"{'ada ' if one.good else 'BELUM'[:5]:5} {one.name:{width}}  {one.found}")
    missing = [one.name for one in looks if not one.good]
    if missing:
        print(f"Belum siap menilai: {', '.join(missing)}.")
        return 1
    print("Komputer ini siap menilai.")
    return 0
