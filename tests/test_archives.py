"""Zips: packed by a trainee, checked before nbgrader sees them, collected by nbgrader; nothing is lost."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kursus import ASSIGNMENT, HALF, RIGHT, environment, hand_in, make_course, nbgrader, scores
from nbgrader.utils import notebook_hash

from melayani.grading import archives
from melayani.grading.archives import ArchiveError, check, pack, receive
from melayani.grading.autograde import grade
from melayani.grading.intake import originals

pytestmark = pytest.mark.slow  # it drives the real nbgrader

NAME = f"{ASSIGNMENT}.ipynb"
FIRST, SECOND = datetime(2026, 3, 2, 3, 30, 15, tzinfo=UTC), datetime(2026, 3, 3, 3, 30, 15, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_course(tmp_path)


def zipped(root: Path, student: str, answer: str, when: datetime) -> Path:
    """Return the zip that a trainee makes of a folder with `answer`."""
    notebook = hand_in(root, student, {"giliran": answer})
    folder = root.parent / "peserta" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    notebook.rename(folder / NAME)
    (notebook.parent / "timestamp.txt").unlink()
    notebook.parent.rmdir()
    return pack(folder, student, root.parent, when)


def test_a_zip_is_graded_like_a_collected_hand_in_and_keeps_its_time(root: Path) -> None:
    path = zipped(root, "0007", RIGHT, FIRST)
    with environment(root):
        assert receive(root, [path]) == []
        stamp = root / "kelas" / "submitted" / "0007" / ASSIGNMENT / "timestamp.txt"
        assert stamp.read_text(encoding="utf-8").strip().startswith("2026-03-02 03:30:15")
        grade(root, ASSIGNMENT)
        assert (originals(root) / ASSIGNMENT / "0007" / path.name).read_bytes() == path.read_bytes()
    assert scores(root, "0007")["giliran-uji-tersembunyi"] == 3


def test_the_newest_attempt_counts_in_whatever_order_they_arrive(root: Path) -> None:
    old, new = zipped(root, "0007", HALF, FIRST), zipped(root, "0007", RIGHT, SECOND)
    with environment(root):
        receive(root, [new])
        findings = receive(root, [old])
        assert "dibuat sebelum yang sudah diterima" in findings[0].reason
        grade(root, ASSIGNMENT)
        kept = {p.name: (p / NAME).read_text() for p in (originals(root) / ASSIGNMENT / "0007").iterdir() if p.is_dir()}
        assert len(kept) == 2
    assert scores(root, "0007")["giliran-uji-tersembunyi"] == 3


def test_two_attempts_at_once_say_which_counts_and_receiving_again_changes_nothing(root: Path) -> None:
    old, new = zipped(root, "0007", HALF, FIRST), zipped(root, "0007", RIGHT, SECOND)
    with environment(root):
        findings = receive(root, [root.parent])
        assert new.name in findings[0].reason
        assert receive(root, [old, new]) == []
        grade(root, ASSIGNMENT)
    assert scores(root, "0007")["giliran-uji-tersembunyi"] == 3


def test_a_broken_zip_stops_nobody(root: Path) -> None:
    good = zipped(root, "0007", RIGHT, FIRST)
    broken = good.with_name(f"{ASSIGNMENT}_0008_20260302T033015.zip")
    broken.write_bytes(good.read_bytes()[:100])
    nameless = good.with_name("tugas saya.zip")
    nameless.write_bytes(good.read_bytes())
    with environment(root):
        findings = receive(root, [broken, nameless, good])
        assert {finding.file for finding in findings} == {broken.name, nameless.name}
        assert (root / "kelas" / "submitted" / "0007" / ASSIGNMENT / NAME).exists()
        assert not (root / "kelas" / "submitted" / "0008").exists()


def test_a_zip_that_cannot_be_collected_stops_nobody_and_is_told_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = zipped(root, "0007", RIGHT, FIRST)
    bad = good.with_name(f"{ASSIGNMENT}_0008_20260302T033015.zip")
    shutil.copy(good, bad)
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr("n" * 300, "x")  # no disk takes such a name
    monkeypatch.setattr(archives, "check", lambda _: None)
    with environment(root):
        for waiting in ([good, bad], [bad]):
            assert [finding.file for finding in receive(root, waiting)] == [bad.name]
    assert (root / "kelas" / "submitted" / "0007" / ASSIGNMENT / NAME).exists()


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("../luar.ipynb", "ke luar"),
        ("/etc/luar.ipynb", "ke luar"),
        ("catatan.txt", "notebook"),
        (f"{chr(0x1F600) * 80}.ipynb", "terlalu panjang"),
    ],
)
def test_a_zip_that_reaches_outside_or_holds_no_notebook_is_refused(tmp_path: Path, member: str, reason: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "{}")
    with pytest.raises(ArchiveError, match=reason):
        check(path)


def test_a_link_and_a_zip_bomb_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("tautan.ipynb")
    link.external_attr = 0o120777 << 16
    path = tmp_path / "tautan.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveError, match="tautan"):
        check(path)
    bomb = tmp_path / "bom.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("besar.ipynb", "w") as member:
        for _ in range(201):
            member.write(b"0" * 1024 * 1024)
    with pytest.raises(ArchiveError, match="MB"):
        check(bomb)


@pytest.mark.parametrize("student", ["", "../x", "a b", "a_b/c"])
def test_an_id_that_cannot_stand_in_a_file_name_is_refused(root: Path, student: str) -> None:
    with pytest.raises(ArchiveError):
        pack(root / "assignments" / ASSIGNMENT, student, root)


def test_release_feedback_goes_on_after_a_zip_and_names_it(root: Path) -> None:
    path = zipped(root, "0001", RIGHT, FIRST)
    with environment(root):
        receive(root, [path])
        hand_in(root, "0002", {"giliran": RIGHT}).with_name("submission_secret.txt").write_text("rahasia")
        grade(root, ASSIGNMENT)
    assert nbgrader(root, "generate_feedback", ASSIGNMENT)[0] == 0
    code, log = nbgrader(root, "release_feedback", ASSIGNMENT)
    assert code == 0, log
    assert "1 kiriman tidak datang lewat folder pertukaran" in log
    assert str(root / "kelas" / "feedback" / "0001" / ASSIGNMENT) in log
    (page,) = (root / "kelas" / "exchange" / "melayani" / "feedback").iterdir()
    assert page.stem == notebook_hash(secret="rahasia", notebook_id=ASSIGNMENT)
    code, log = nbgrader(root, "release_feedback", ASSIGNMENT, "--student=0001")
    assert code != 0, "nothing went back"
    assert "1 kiriman tidak datang" in log
