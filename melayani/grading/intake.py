"""Intake: every hand-in is kept byte for byte, then repaired or set aside before nbgrader grades it.

Beside each kept attempt `asli/TUGAS/PESERTA/NNN/` stands its record `NNN.json`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from melayani.course import class_folder, find_root, load_config
from melayani.grading.plain_files import line, shown, take_out_others, too_large
from melayani.grading.repair import UnreadableError, repair

Digest = dict[str, str]
REPAIRED, SET_ASIDE, WAITING, SUSPECT = "diperbaiki", "disisihkan", "menunggu", "janggal"
LOOK_AGAIN, NOT_AGAIN = "lihat lagi", "tidak dinilai ulang"
_COPY_NAME = r"(?: ?\(\d+\)| - (?:Copy|Salinan)(?: \(\d+\))?|-Copy\d*|_copy\d*)"


@dataclass(frozen=True)
class Finding:
    """What a person should know of one hand-in."""

    student: str
    assignment: str
    file: str
    reason: str
    kind: str = REPAIRED

    def __post_init__(self) -> None:
        """Keep what is told on one line: names from the hand-in may stand in it."""
        for name in ("student", "file", "reason"):
            object.__setattr__(self, name, line(getattr(self, name)))


@dataclass(frozen=True)
class Intake:
    """What intake saw in one folder: what to tell, and whether this attempt is new and can be graded.

    `first`: intake never saw an attempt before, though nbgrader may have graded this one without it.
    """

    findings: list[Finding]
    new: bool
    readable: bool
    first: bool = False


def digest(folder: Path) -> Digest:
    """Return {path relative to `folder`, as it can be shown: SHA-256} of all files below it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                found[shown(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def originals(root: Path) -> Path:
    """Return the folder that keeps every byte that was handed in."""
    return class_folder(root) / "asli"


def take_in(root: Path, assignment: str, student: str) -> Intake:
    """Look at `submitted/student/assignment` once: keep its bytes, then repair it or set it aside.

    An attempt that was looked at before is left alone. Set aside means: the kept bytes stay, the folder under
    submitted/ goes, and with it the score of an older attempt (kept beside the bytes).
    """
    folder = class_folder(root) / "submitted" / student / assignment
    taken_out = take_out_others(folder)
    seen = digest(folder)
    shelf = originals(root) / assignment / student
    last = last_record(shelf)
    record = _read(last) if last else None
    if record and seen == record["hasil"] and not record["tidak_terbaca"]:
        return Intake(_findings(record, assignment, student), new=False, readable=True)
    again = record is not None and seen in (record["sumber"], record["hasil"])
    if not again:
        last = keep(shelf, folder)
        taken_out += _put_large_ones_aside(folder, last.with_suffix(""))
    assert last is not None
    sources = record["sumber"] if record and again else seen
    record = {"sumber": sources, "hasil": None, "temuan": [], "tidak_terbaca": None, "berkas": ""}
    try:
        record["temuan"] = taken_out + _repair_folder(root, assignment, folder)
    except UnreadableError as error:
        reason = "; ".join([str(error), *taken_out])
        record["tidak_terbaca"], record["berkas"] = reason, _first_notebook(seen)
        _write(last, record)
        forget_score(root, assignment, student, last.with_suffix(".nilai.json"))
        shutil.rmtree(folder)
    else:
        record["hasil"] = digest(folder)
        _write(last, record)
    readable = record["tidak_terbaca"] is None
    first = not again and last.stem == "001"
    return Intake(_findings(record, assignment, student), new=not again, readable=readable, first=first)


def before_autograde(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's pre_convert_hook of autograde: intake for the one submission about to be graded.

    nbgrader goes on with the list `notebooks`: what was given its name back is in it under that name.
    """
    if notebooks:
        folder = Path(notebooks[0]).parent
        taken = take_in(find_root(), folder.name, folder.parent.name)
        if taken.readable and not all(Path(notebook).exists() for notebook in notebooks):
            notebooks[:] = sorted(map(str, folder.glob("*.ipynb")))


def mark_ungradable(root: Path, assignment: str, student: str, reason: str) -> Finding:
    """Record that the newest attempt could not be graded, and put the score of an older attempt aside."""
    last = last_record(originals(root) / assignment / student)
    assert last is not None, "intake comes first"
    record = _read(last)
    record["tidak_terbaca"], record["berkas"] = reason, _first_notebook(record["sumber"])
    _write(last, record)
    forget_score(root, assignment, student, last.with_suffix(".nilai.json"))
    return Finding(student, assignment, record["berkas"], reason, SET_ASIDE)


def set_aside(root: Path) -> dict[tuple[str, str], str]:
    """Return {(assignment, student): reason} for hand-ins whose newest attempt could not be graded."""
    reasons = {}
    for shelf in sorted(originals(root).glob("*/*")):
        last = last_record(shelf)
        if last and (reason := _read(last)["tidak_terbaca"]):
            reasons[shelf.parent.name, shelf.name] = str(reason)
    return reasons


def keep(shelf: Path, folder: Path) -> Path:
    """Copy `folder` unchanged to the next number on `shelf`; return the path of its record (not yet written)."""
    shelf.mkdir(parents=True, exist_ok=True)
    numbers = [int(path.name) for path in shelf.iterdir() if path.name.isdigit()]
    target = shelf / f"{max(numbers, default=0) + 1:03d}"
    part = shelf / f".{target.name}"
    shutil.rmtree(part, ignore_errors=True)
    large = set(too_large(folder))
    shutil.copytree(folder, part, ignore=lambda place, names: [name for name in names if Path(place, name) in large])
    part.rename(target)
    return target.with_suffix(".json")


def _put_large_ones_aside(folder: Path, kept: Path) -> list[str]:
    """Move the files that are too large to go along to where the others were copied; tell of each."""
    told = []
    for path in too_large(folder):
        name = path.relative_to(folder)
        megabytes = path.stat().st_size // 1024**2
        shutil.move(path, kept / name)
        told.append(f"{shown(name)} ({megabytes} MB) terlalu besar; dinilai tanpa itu dan disimpan di folder asli")
    return told


def keep_older(root: Path, assignment: str, student: str, folder: Path) -> None:
    """Keep an attempt that arrives after a newer one: its bytes go on the shelf, the newer one goes on counting."""
    shelf = originals(root) / assignment / student
    last = last_record(shelf)
    if last is None:
        raise ValueError("keep_older needs a newer attempt that was taken in")
    newest = _read(last)
    _write(keep(shelf, folder), newest)


def forget_score(root: Path, assignment: str, student: str, kept: Path) -> None:
    """Take a student's grades for an assignment out of the gradebook, after writing them to `kept`."""
    config = load_config(root).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return
        scores = [
            {"sel": grade.name, "otomatis": grade.auto_score, "pengajar": grade.manual_score}
            for notebook in submission.notebooks
            for grade in notebook.grades
        ]
        if any(s["otomatis"] is not None or s["pengajar"] is not None for s in scores):
            _write(kept, {"peserta": student, "tugas": assignment, "skor": scores})
        gradebook.remove_submission(assignment, student)
    graded = class_folder(root) / "autograded" / student / assignment
    if graded.exists():
        shutil.rmtree(graded)


def released(root: Path, assignment: str) -> list[Path]:
    """Return the notebooks of the release of `assignment`. Raises FileNotFoundError, in Bahasa, if there is none."""
    release = root / str(load_config(root).CourseDirectory.release_directory) / assignment
    found = sorted(release.glob("*.ipynb"))
    if not found:
        raise FileNotFoundError(
            f"Tugas {assignment} belum ada di {release}. Jalankan dahulu: nbgrader generate_assignment {assignment}"
        )
    return found


def _repair_folder(root: Path, assignment: str, folder: Path) -> list[str]:
    given = {path.name: path for path in released(root, assignment)}
    told = []
    repaired = {}
    for name in given:
        source = _candidate(folder, name, only=len(given) == 1)
        if source.relative_to(folder).as_posix() != name:
            told.append(f"berkas {shown(source.relative_to(folder))} dinilai sebagai {name}")
        notebook, more = repair(source.read_bytes(), _read_release(given[name], given[name].stat().st_mtime_ns))
        told += more
        repaired[source] = (folder / name, nbformat.writes(notebook) + "\n")
    for source, (target, text) in repaired.items():
        part = target.with_suffix(".baru")
        part.write_text(text, encoding="utf-8")
        if source != target:
            source.unlink()
        part.replace(target)
    return told


@functools.lru_cache(maxsize=4)
def _read_release(path: Path, _changed: int) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def _candidate(folder: Path, name: str, only: bool) -> Path:
    """Return the file handed in for notebook `name`: that name, a browser's copy of it, or a folder deeper."""
    found = [
        path
        for path in sorted(folder.rglob("*.ipynb"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts and "__MACOSX" not in path.parts
    ]
    exact = folder / name
    stem = re.escape(Path(name).stem)
    similar = [p for p in found if re.fullmatch(stem + _COPY_NAME + "*", p.stem, re.IGNORECASE)]
    downloads = [p for p in similar if p.parent == folder and re.search(r"\(\d+\)$", p.stem)]
    rivals = [exact, *downloads] if exact in found else similar or (found if only else [])
    different = {p.read_bytes() for p in rivals}
    if len(different) > 1:
        listed = " dan ".join(shown(p.relative_to(folder)) for p in rivals)
        raise UnreadableError(f"ada lebih dari satu calon, yaitu {listed}, dan isinya berbeda")
    if not rivals:
        raise UnreadableError(f"berkas {name} tidak ada dalam kiriman")
    return rivals[0]


def _first_notebook(files: Digest) -> str:
    return next((name for name in files if name.endswith(".ipynb")), next(iter(files), ""))


def _findings(record: dict[str, Any], assignment: str, student: str) -> list[Finding]:
    if record["tidak_terbaca"]:
        return [Finding(student, assignment, record["berkas"], record["tidak_terbaca"], SET_ASIDE)]
    file = _first_notebook(record["hasil"])
    return [Finding(student, assignment, file, reason) for reason in record["temuan"]]


def last_record(shelf: Path) -> Path | None:
    """Return the record of the newest attempt on `shelf`, None when there is none."""
    records = sorted(path for path in shelf.glob("[0-9]*.json") if path.stem.isdigit())
    return records[-1] if records else None


def _read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _write(path: Path, content: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".baru")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
