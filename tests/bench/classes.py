"""Classes for the measured commands: a course with one assignment, its hand-ins, and the grades that come out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbgrader.api import BaseCell, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook

from bench.notebooks import ROOT, Assignment, answered

#: Folders and stubs, nothing else: what `plain nbgrader` is.
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "melayani"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "kelas/submitted"
c.CourseDirectory.autograded_directory = "kelas/autograded"
c.CourseDirectory.feedback_directory = "kelas/feedback"
c.CourseDirectory.db_url = "sqlite:///" + {root!r} + "/kelas/gradebook.db"
c.ClearSolutions.code_stub = {{"python": "# Tulis jawaban Anda di bawah baris ini\\n..."}}
c.ClearSolutions.text_stub = "*Tulis jawaban Anda di sini.*"
"""
Grades = dict[tuple[str, str], tuple[float | None, bool]]


def environment(home: Path) -> dict[str, str]:
    """Return what a measured command sees: no configuration from outside, this Python first."""
    home.mkdir(exist_ok=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "jupyter"), "PATH": path, "LANG": "C.UTF-8"}


class Classes:
    """Makes classes in `folder`; each has a root of its own, with a gradebook that knows the assignment."""

    def __init__(self, folder: Path) -> None:
        """Make nothing yet."""
        self.folder = folder
        self.env = environment(folder / "home")
        self._hand_ins: dict[tuple[str, int], bytes] = {}

    def make(self, assignment: Assignment, students: int, name: str, *, stock: bool) -> Path:
        """Return the root of a new class in which `students` have handed in and nothing is graded."""
        template = self._template(assignment, stock)
        root = self.folder / name
        root.mkdir()
        self._configure(root, stock)
        for part in ("solutions", "assignments", "kelas"):
            shutil.copytree(template / part, root / part)
        release = root / "assignments" / assignment.name
        notebook = nbformat.read(release / f"{assignment.name}.ipynb", as_version=4)
        for student in range(students):
            folder = root / "kelas" / "submitted" / f"{student:04}" / assignment.name
            shutil.copytree(release, folder)
            key = assignment.name, student
            if key not in self._hand_ins:
                self._hand_ins[key] = nbformat.writes(answered(notebook, assignment, student)).encode()
            (folder / f"{assignment.name}.ipynb").write_bytes(self._hand_ins[key])
            (folder / "timestamp.txt").write_text("2026-03-02 01:00:00 UTC", encoding="utf-8")
        return root

    def _configure(self, root: Path, stock: bool) -> None:
        if stock:
            (root / "nbgrader_config.py").write_text(STOCK_CONFIG.format(root=str(root)), encoding="utf-8")
        else:
            shutil.copy(ROOT / "nbgrader_config.py", root)

    def _template(self, assignment: Assignment, stock: bool) -> Path:
        root = self.folder / f"template-{assignment.name}-{'stock' if stock else 'ours'}"
        if not root.exists():
            (root / "kelas").mkdir(parents=True)
            (root / "solutions" / assignment.name).mkdir(parents=True)
            self._configure(root, stock)
            assignment.lay_source(root / "solutions" / assignment.name)
            command = ["nbgrader", "generate_assignment", assignment.name]
            made = subprocess.run(command, cwd=root, env=self.env, capture_output=True, text=True)
            if made.returncode:
                raise RuntimeError(made.stderr)
        return root


def grades(root: Path) -> Grades:
    """Return {(student, cell): (automatic score, needs a person)} of all that the class's gradebook holds."""
    with Gradebook(f"sqlite:///{root / 'kelas' / 'gradebook.db'}", "melayani") as book:
        rows = (
            book.db.query(Student.id, BaseCell.name, Grade.auto_score, Grade.needs_manual_grade)
            .select_from(Grade)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Student, SubmittedAssignment.student_id == Student.id)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
        )
        return {(student, cell): (score, bool(manual)) for student, cell, score, manual in rows}


def differences(ours: Mapping[tuple[str, str], object], stock: Mapping[tuple[str, str], object]) -> list[str]:
    """Return a line for each grade that is not the same, or only in one of the two."""
    return [
        f"{student} {cell}: stock {stock.get((student, cell))}, ours {ours.get((student, cell))}"
        for student, cell in sorted(ours.keys() | stock.keys())
        if ours.get((student, cell)) != stock.get((student, cell))
    ]
