"""Locks between runs on one class: files in its folder, held by the operating system and freed when their run ends.

A run over an assignment shares that assignment with other runs and holds each hand-in alone while it grades it, so
that several graders share the work; a correction holds the whole assignment alone.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from melayani.course import CourseError, class_folder
from melayani.grading.times import local_time

_PAUSE = 0.2  # seconds between two looks at a lock that another run holds


class LockedError(CourseError):
    """Another run holds the lock; `holder` says in Bahasa which, and the message what to do."""

    def __init__(self, what: str, holder: str) -> None:
        """Take what is locked and who holds it."""
        self.holder = holder
        super().__init__(
            f"{what} sedang dikerjakan oleh {holder}. Tunggu sampai selesai, atau ulangi perintah ini dengan --tunggu."
        )


class Lock:
    """One lock file; `shared` holders may be several at once, but none beside one that holds it alone."""

    def __init__(self, path: Path, what: str, *, shared: bool = False) -> None:
        """Name the file and, in Bahasa, what it locks."""
        self.path, self.what, self.shared = path, what, shared
        self._file: IO[str] | None = None

    def take(self, *, wait: bool = False) -> None:
        """Take the lock, or raise LockedError; with `wait`, when the others have freed it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="utf-8")
        try:
            while not _try(file, self.shared):
                if not wait:
                    raise LockedError(self.what, _holder(file))
                time.sleep(_PAUSE)
        except BaseException:
            file.close()
            raise
        file.truncate(0)
        file.write(json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": _now()}))
        file.flush()
        self._file = file

    def free(self) -> None:
        """Free the lock; do nothing when it is not held."""
        if self._file:
            self._file.close()
            self._file = None

    @contextmanager
    def held(self, *, wait: bool = False) -> Iterator[None]:
        """Hold the lock for a `with`."""
        self.take(wait=wait)
        try:
            yield
        finally:
            self.free()


def assignment_lock(root: Path, assignment: str, *, shared: bool) -> Lock:
    """Return the lock of a whole assignment."""
    return Lock(class_folder(root) / "kunci" / f"{assignment}.kunci", f"Tugas {assignment}", shared=shared)


def edition_lock(root: Path, assignment: str) -> Lock:
    """Return the lock that is held while the gradebook is told of an assignment's cells."""
    return Lock(class_folder(root) / "kunci" / f"{assignment}.soal.kunci", f"Tugas {assignment}")


def hand_in_lock(root: Path, assignment: str, student: str) -> Lock:
    """Return the lock of one hand-in."""
    return Lock(class_folder(root) / "kunci" / assignment / f"{student}.kunci", f"Kiriman {student}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _holder(file: IO[str]) -> str:
    """Say in Bahasa who took the lock last."""
    file.seek(0)
    try:
        told = json.loads(file.read())
        since = local_time(datetime.fromisoformat(told["since"]))
        return f"proses {int(told['pid'])} di komputer {told['host']} sejak {since}"
    except (ValueError, KeyError, TypeError):
        return "proses lain"


if sys.platform == "win32":
    import msvcrt

    def _try(file: IO[str], shared: bool) -> bool:
        """Lock a byte far behind the text: Windows has no shared locks here, and keeps locked bytes from readers."""
        file.seek(1 << 30)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(file: IO[str], shared: bool) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
