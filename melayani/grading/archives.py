"""Hand-ins as zip files: packing by a trainee, checking and receiving by an instructor."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from melayani.course import CourseError, class_folder, load_config
from melayani.grading.intake import REPAIRED, SET_ASIDE, Finding, keep_older, originals, take_in
from melayani.grading.times import UnreadableTimeError, handed_in_at

# The zip collector reads `2026-11-25T03-30-15` as 18.00: only the compact form of ISO 8601 is safe in a name.
STAMP = "%Y%m%dT%H%M%S"
MOST_FILES = 1000
MOST_BYTES = 200 * 1024 * 1024
LONGEST_NAME = 240  # characters of a path
LONGEST_PART = 255  # bytes of a file's name, on nearly every disk
_NAME = re.compile(r"(?P<rest>.+)_(?P<stamp>\d{8}T\d{6})(?: ?\(\d+\)|-\d+)?\.zip$")


class ArchiveError(CourseError):
    """A zip that can't be received; the message says why, in Bahasa."""


def pack(folder: Path, student: str, destination: Path, when: datetime | None = None) -> Path:
    """Zip the assignment folder of one trainee as `TUGAS_PESERTA_WAKTU.zip` (UTC) in `destination`.

    Raises ArchiveError when the folder has no notebook or the id can't stand in a file name.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", student):
        raise ArchiveError(f"ID peserta {student!r} hanya boleh berisi huruf, angka, titik, dan tanda hubung.")
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not any(path.suffix == ".ipynb" for path in files):
        raise ArchiveError(f"Tidak ada notebook di {folder}. Periksa nama tugasnya.")
    stamp = (when or datetime.now(UTC)).astimezone(UTC).strftime(STAMP)
    target = destination / f"{folder.name}_{student}_{stamp}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder).as_posix())
    return target


def receive(root: Path, paths: Iterable[Path]) -> list[Finding]:
    """Check the zips at `paths` (files, or folders of zips) and collect the good ones with nbgrader's zip_collect.

    Of several attempts of a trainee the newest counts, for all files together; the bytes of all are kept.
    A zip that can't be received is left where it is and told.
    """
    findings: list[Finding] = []
    good: dict[tuple[str, str], list[tuple[str, Path]]] = {}
    for path in _zips(paths):
        try:
            assignment, student, stamp = read_name(root, path)
            check(path)
        except ArchiveError as error:
            findings.append(Finding("", "", path.name, str(error), SET_ASIDE))
        else:
            good.setdefault((assignment, student), []).append((stamp, path))
    chosen: dict[str, list[Path]] = {}
    for (assignment, student), attempts in sorted(good.items()):
        attempts.sort()
        findings += _settle(root, assignment, student, attempts, chosen)
    for assignment, archives in sorted(chosen.items()):
        findings += _collect_all(root, assignment, archives)
    return findings


def read_name(root: Path, path: Path) -> tuple[str, str, str]:
    """Return (assignment, student, stamp) from a zip's name; raises ArchiveError when it doesn't say."""
    match = _NAME.fullmatch(path.name)
    release = root / str(load_config(root).CourseDirectory.release_directory)
    if match and path.name.isprintable() and _is_time(match["stamp"]):
        for folder in sorted(release.iterdir(), key=lambda f: -len(f.name)):
            student = match["rest"].removeprefix(folder.name + "_")
            if folder.is_dir() and student != match["rest"] and student[:1].isalnum():  # no `..`, no formula
                return folder.name, student, match["stamp"]
    raise ArchiveError(
        "nama berkas tidak berbentuk TUGAS_PESERTA_WAKTU.zip, misalnya 01-nilai-dan-variabel_0007_20261125T033015.zip; "
        "perbaiki namanya, lalu terima lagi"
    )


def _is_time(stamp: str) -> bool:
    try:
        datetime.strptime(stamp, STAMP)
    except ValueError:
        return False
    return True


def check(path: Path) -> None:
    """Raise ArchiveError when a zip is broken, locked, too large, or reaches outside its folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            for member in members:
                _check_member(member)
            if len(members) > MOST_FILES:
                raise ArchiveError(f"zip ini berisi {len(members)} berkas; paling banyak {MOST_FILES}")
            if sum(member.file_size for member in members) > MOST_BYTES:
                raise ArchiveError(f"isi zip ini lebih dari {MOST_BYTES // 1024**2} MB")
            if not any(member.filename.endswith(".ipynb") for member in members):
                raise ArchiveError("zip ini tidak berisi notebook")
            if (broken := archive.testzip()) is not None:
                raise ArchiveError(f"berkas {broken} di dalam zip rusak")
            _check_together(members)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise ArchiveError("berkas ini bukan zip atau zip-nya rusak") from None


def _check_member(member: zipfile.ZipInfo) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or re.match(r"[A-Za-z]:", member.filename):
        raise ArchiveError(f"nama {member.filename!r} di dalam zip menunjuk ke luar foldernya")
    long = len(member.filename) > LONGEST_NAME or any(len(os.fsencode(part)) > LONGEST_PART for part in name.parts)
    if long or not member.filename.isprintable():
        short = member.filename[:40]
        raise ArchiveError(f"nama {short!r} di dalam zip terlalu panjang atau memuat karakter yang tidak terlihat")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise ArchiveError(f"{member.filename!r} di dalam zip ialah tautan, bukan berkas")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError(f"{member.filename!r} di dalam zip bukan berkas biasa")
    if member.flag_bits & 0x1:
        raise ArchiveError("zip ini terkunci dengan kata sandi")


def _check_together(members: Iterable[zipfile.ZipInfo]) -> None:
    """Raise ArchiveError when two members would lie in one place, or one in a file."""
    names = {str(PurePosixPath(member.filename)): member.is_dir() for member in members}
    seen: set[str] = set()
    for member in members:
        name = PurePosixPath(member.filename)
        if str(name) in seen:
            raise ArchiveError(f"zip ini memuat {member.filename!r} dua kali")
        if not all(names.get(str(above), True) for above in name.parents):
            raise ArchiveError(f"{member.filename!r} di dalam zip ini terletak di dalam sebuah berkas")
        seen.add(str(name))


def _zips(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.zip")) if path.is_dir() else [path]
    return found


def _settle(
    root: Path, assignment: str, student: str, attempts: list[tuple[str, Path]], chosen: dict[str, list[Path]]
) -> list[Finding]:
    """Choose the newest attempt among these zips and what was handed in before; keep the others' bytes."""
    findings: list[Finding] = []
    submitted = class_folder(root) / "submitted" / student / assignment
    newest_stamp, newest = attempts[-1]
    if submitted.exists():
        take_in(root, assignment, student)
    shelf = originals(root) / assignment / student
    shelf.mkdir(parents=True, exist_ok=True)
    new = [path for _, path in attempts if not (shelf / path.name).exists()]
    for path in new:
        shutil.copy2(path, shelf / path.name)
    if newest not in new:
        return findings
    try:
        earlier = handed_in_at(submitted)
    except UnreadableTimeError:
        earlier = None
    if earlier and earlier > datetime.strptime(newest_stamp, STAMP):
        _keep_unpacked(root, assignment, student, newest)
        reason = f"kiriman ini dibuat sebelum yang sudah diterima ({earlier:%Y-%m-%d %H.%M} UTC); berkasnya disimpan"
        return [Finding(student, assignment, newest.name, reason, REPAIRED)]
    if len(attempts) > 1:
        reason = f"ada {len(attempts)} kiriman; yang dihitung ialah {newest.name}"
        findings.append(Finding(student, assignment, newest.name, reason, REPAIRED))
    chosen.setdefault(assignment, []).append(newest)
    return findings


def _keep_unpacked(root: Path, assignment: str, student: str, path: Path) -> None:
    unpacked = class_folder(root) / "downloaded" / assignment / "lama" / path.stem
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(unpacked)
    keep_older(root, assignment, student, unpacked)
    shutil.rmtree(unpacked)


def _collect_all(root: Path, assignment: str, archives: list[Path]) -> list[Finding]:
    """Collect the zips; when that fails, one by one, so that a zip which can't be received holds up no other."""
    try:
        _collect(root, assignment, archives)
    except ArchiveError as error:
        if len(archives) > 1:
            return [finding for path in archives for finding in _collect_all(root, assignment, [path])]
        student = read_name(root, archives[0])[1]
        # Not known as received: it is told again next time.
        (originals(root) / assignment / student / archives[0].name).unlink(missing_ok=True)
        return [Finding(student, assignment, archives[0].name, str(error), SET_ASIDE)]
    return []


def _collect(root: Path, assignment: str, archives: list[Path]) -> None:
    """Hand checked zips to nbgrader's zip_collect; --force is safe since the earlier bytes were kept.

    Raises ArchiveError when one of them was not received.
    """
    drop = class_folder(root) / "downloaded" / assignment / "archive"
    shutil.rmtree(drop, ignore_errors=True)
    drop.mkdir(parents=True)
    for path in archives:
        match = _NAME.fullmatch(path.name)
        assert match is not None
        shutil.copyfile(path, drop / f"{match['rest']}_{match['stamp']}.zip")
    command = [sys.executable, "-m", "nbgrader", "zip_collect", assignment, "--force", "--log-level=ERROR"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    for path in archives:  # it exits 0 also when it found nothing
        student = read_name(root, path)[1]
        if done.returncode != 0 or not (class_folder(root) / "submitted" / student / assignment).exists():
            raise ArchiveError(f"nbgrader zip_collect tidak menerima {path.name}: {done.stderr.strip()[-300:]}")
