"""A copy of a class's gradebook, before something that changes all of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, make_url

from melayani.course import CourseError


class BackupError(CourseError):
    """A gradebook that can't be copied; nothing was changed, and the message says in Bahasa what to do."""


def back_up(db_url: str, folder: Path) -> Path | None:
    """Copy the gradebook at `db_url` (as SQLAlchemy names it) into `folder`; None while there is no file of it.

    SQLite's file is copied, a PostgreSQL database written by its own pg_dump. Raises BackupError where that fails.
    """
    url = make_url(db_url)
    target = folder / f"gradebook-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    if url.get_backend_name() != "sqlite":
        folder.mkdir(exist_ok=True)
        return _dump(url, target.with_suffix(".sql"))
    file = Path(url.database or "")
    if not file.is_file():
        return None
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy2(file, target.with_suffix(".db")))


def _dump(url: URL, target: Path) -> Path:
    # The driver is SQLAlchemy's affair; a password on the command line would be seen by others on the machine.
    plain = URL.create(url.get_backend_name(), url.username, None, url.host, url.port, url.database, url.query)
    address = plain.render_as_string()
    command = ["pg_dump", "--no-password", f"--file={target}", f"--dbname={address}"]
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    try:
        done = subprocess.run(command, env={**os.environ, **password}, capture_output=True, text=True, check=False)
        problem = " ".join(done.stderr.split()) if done.returncode else ""
    except FileNotFoundError:
        problem = "pg_dump belum terpasang (paket postgresql-client)"
    if problem:
        target.unlink(missing_ok=True)
        raise BackupError(
            f"Buku skor kelas ini berada di server ({address}) dan tidak dapat disalin: {problem}. Belum ada yang "
            "berubah. Pasang pg_dump dengan versi yang sama dengan server itu, lalu ulangi perintah yang sama."
        )
    return target
