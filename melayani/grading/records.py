"""What is known of each grading: by which content, edition and environment, in a sandbox or not, and what was odd.

Beside the record of a kept attempt, `asli/TUGAS/PESERTA/NNN.json`, stands `NNN.penilaian.json`. It is written when a
hand-in has been graded; without it, or when it names something else than what holds now, the hand-in is graded again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from melayani.course import class_folder, find_root, load_config
from melayani.grading.cells import of_gradebook
from melayani.grading.edition import fingerprint
from melayani.grading.intake import Finding, digest, last_record, originals
from melayani.grading.runner.sandbox import WITHOUT_SANDBOX
from melayani.grading.versions import environment

_ENDING = ".penilaian.json"


def content(folder: Path) -> str:
    """Return one SHA-256 of all files of a hand-in."""
    return hashlib.sha256(json.dumps(digest(folder), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Record:
    """One grading: what it was made from, how, when, and what a person should look at because of it."""

    content: str
    edition: str
    sandbox: bool
    stock: bool = False
    environment: dict[str, str] = field(default_factory=environment)
    when: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    findings: list[Finding] = field(default_factory=list)

    def is_of(self, content: str, edition: str) -> bool:
        """Return whether grading this content by this edition in this process's environment would repeat it."""
        return (self.content, self.edition, self.environment) == (content, edition, environment())

    @classmethod
    def read(cls, root: Path, assignment: str, student: str) -> Self | None:
        """Return the record of the newest attempt of a hand-in, if it was graded."""
        path = _path(root, assignment, student)
        try:
            fields = json.loads(path.read_text(encoding="utf-8")) if path else None
            if fields is None:
                return None
            return cls(**{**fields, "findings": [Finding(**finding) for finding in fields["findings"]]})
        except (FileNotFoundError, ValueError, TypeError, KeyError):  # none, or half of one from a full disk
            return None

    def write(self, root: Path, assignment: str, student: str) -> None:
        """Write the record of the newest attempt of a hand-in that intake has looked at."""
        path = _path(root, assignment, student)
        assert path is not None, "intake comes first"
        part = path.with_name(path.name + ".baru")
        part.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(path)


def after_autograde(assignment: str, student: str, notebooks: Sequence[str]) -> None:
    """nbgrader's post_convert_hook of autograde: the record of a hand-in that plain nbgrader or Formgrader graded."""
    if not notebooks:
        return
    root, folder = find_root(), Path(notebooks[0]).parent
    assignment, student = folder.name, folder.parent.name
    config = load_config(root)
    course = CourseDirectory(config=config)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        edition = fingerprint(course, assignment, of_gradebook(gradebook, assignment))
    ours = "melayani.grading.execute.Execute" in (config.Autograde.get("autograde_preprocessors") or [])
    sandbox = ours and bool(config.Execute.get("sandbox", os.environ.get(WITHOUT_SANDBOX) != "1"))
    Record(content(folder), edition, sandbox).write(root, assignment, student)


def sandboxes(root: Path) -> dict[tuple[str, str], bool]:
    """Return {(assignment, student): was it graded in a sandbox?} of all whose newest attempt has a record."""
    found = {}
    for shelf in sorted(originals(root).glob("*/*")):
        if record := Record.read(root, shelf.parent.name, shelf.name):
            found[shelf.parent.name, shelf.name] = record.sandbox
    return found


def submitted(root: Path, assignment: str, student: str) -> Path:
    """Return the folder of a hand-in."""
    return class_folder(root) / "submitted" / student / assignment


def _path(root: Path, assignment: str, student: str) -> Path | None:
    last = last_record(originals(root) / assignment / student)
    return last.with_name(last.stem + _ENDING) if last else None
