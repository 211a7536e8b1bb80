"""`melayani nilai`: intake, nbgrader's autograde one trainee at a time, and who needs a person."""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from melayani.course import CourseError, class_folder, load_config
from melayani.grading.intake import SUSPECT, WAITING, Finding, mark_ungradable, take_in
from melayani.grading.partial import refused


@dataclass
class Report:
    """The outcome of one run over one assignment."""

    assignment: str
    graded: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class UnknownAssignmentError(CourseError):
    """nbgrader can't read the source of an assignment that is to be graded; the message says so in Bahasa."""


def open_api(root: Path, release_directory: str | None = None) -> NbGraderAPI:
    """Return nbgrader's API on the course in `root`, with its logs kept off the screen."""
    config = load_config(root)
    if release_directory:
        config.CourseDirectory.release_directory = release_directory
    course = CourseDirectory(config=config)
    api = NbGraderAPI(course, config=config)
    api.log = logging.getLogger("melayani.nbgrader")
    api.log.setLevel(logging.WARNING)
    api.log.propagate = False
    return api


def grade(root: Path, assignment: str, progress: Callable[[str], None] = lambda line: None) -> Report:
    """Take in and autograde all hand-ins of `assignment` that are new; one that fails never stops the others.

    Raises FileNotFoundError or UnknownAssignmentError, in Bahasa, when it has no release or no source.
    """
    report = Report(assignment)
    folder = class_folder(root)
    students = sorted(path.parent.name for path in (folder / "submitted").glob(f"*/{assignment}"))
    os.environ["PYTHONWARNINGS"] = os.environ.get("PYTHONWARNINGS", "ignore::DeprecationWarning")
    with chdir(root), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own SQL warnings say nothing to an instructor
        _make_known(root, assignment)
        api = open_api(root)
        for number, student in enumerate(students, 1):
            intake = take_in(root, assignment, student)
            report.findings += intake.findings
            progress(f"{number}/{len(students)} {student}")
            if not intake.readable:
                continue
            graded = folder / "autograded" / student / assignment
            result = api.autograde(assignment, student, force=intake.new, create=True)
            if result["success"] and any(graded.glob("*.ipynb")):
                report.graded.append(student)
                report.findings += [
                    Finding(
                        student,
                        assignment,
                        notebook,
                        f"hasil sel {cell} bukan angka skor sehingga dihitung 0; periksa kodenya",
                        SUSPECT,
                    )
                    for notebook, cell in refused(graded)
                ]
            else:
                report.findings.append(mark_ungradable(root, assignment, student, _why(result)))
    report.findings += _waiting(root, assignment)
    return report


def _make_known(root: Path, assignment: str) -> None:
    """Tell a new gradebook of the assignment's cells, as generate_assignment does, without touching the release."""
    config = load_config(root).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        try:
            if gradebook.find_assignment(assignment).notebooks:
                return
        except MissingEntry:
            pass
    with tempfile.TemporaryDirectory() as folder:
        result = open_api(root, folder).generate_assignment(assignment, force=True)
    if not result["success"]:
        raise UnknownAssignmentError(
            f"Tugas {assignment} belum dapat dinilai karena sumbernya di {config.source_directory}/ tidak terbaca. "
            f"Periksa dengan: nbgrader generate_assignment {assignment}"
        )


def _why(result: dict[str, object]) -> str:
    text = f"{result.get('error', '')}{result.get('log', '')}"
    if "DeadKernelError" in text or "Kernel died" in text:
        return "kode dalam notebook menghentikan kernel (misalnya dengan exit()) sehingga penilaian tidak selesai"
    if "unresponsive" in text or "Timeout" in text:
        return "kode dalam notebook tidak pernah selesai sehingga penilaian dihentikan"
    kinds = [line.strip() for line in text.splitlines() if line.strip()]
    return f"penilaian otomatis tidak selesai ({kinds[-1][:120] if kinds else 'tanpa keterangan'})"


def _waiting(root: Path, assignment: str) -> list[Finding]:
    config = load_config(root).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        try:
            submissions = gradebook.assignment_submissions(assignment)
        except MissingEntry:
            return []
        return [
            Finding(
                submission.student.id,
                assignment,
                notebook.name + ".ipynb",
                f"sel {grade.name} menunggu dinilai",
                WAITING,
            )
            for submission in submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.needs_manual_grade
        ]
