"""`melayani nilai`: intake, nbgrader's autograde one trainee at a time, and who needs a person."""

from __future__ import annotations

import logging
import os
import shutil
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
from melayani.grading.again import Earlier, aside_of, bring_back, put_aside, settle
from melayani.grading.cells import Cell, Cells, of_folder, of_gradebook
from melayani.grading.feedback import number
from melayani.grading.intake import LOOK_AGAIN, NOT_AGAIN, SUSPECT, WAITING, Finding, mark_ungradable, take_in
from melayani.grading.partial import refused


@dataclass
class Report:
    """The outcome of one run over one assignment."""

    assignment: str
    graded: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changed: list[tuple[str, float, float]] = field(default_factory=list)  # graded again: student, score before, now


class UnknownAssignmentError(CourseError):
    """nbgrader can't read the source of an assignment that is to be graded; the message says so in Bahasa."""


class CorrectedError(CourseError):
    """The source is not the one by which others were graded; the message says in Bahasa what to do."""


def open_api(root: Path, release_directory: str | None = None, db_url: str | None = None) -> NbGraderAPI:
    """Return nbgrader's API on the course in `root` (or with another release or gradebook), its logs off the screen."""
    config = load_config(root)
    if release_directory:
        config.CourseDirectory.release_directory = release_directory
    if db_url:
        config.CourseDirectory.db_url = db_url
    course = CourseDirectory(config=config)
    api = NbGraderAPI(course, config=config)
    api.log = logging.getLogger("melayani.nbgrader")
    api.log.setLevel(logging.WARNING)
    api.log.propagate = False
    return api


def grade(
    root: Path, assignment: str, progress: Callable[[str], None] = lambda line: None, *, again: bool = False
) -> Report:
    """Take in and autograde all hand-ins of `assignment` that are new; one that fails never stops the others.

    With `again`, also those that were graded before (melayani.grading.again). Raises FileNotFoundError,
    UnknownAssignmentError or CorrectedError, in Bahasa, when it has no release, no source or another source now.
    """
    report = Report(assignment)
    folder = class_folder(root)
    students = sorted(path.parent.name for path in (folder / "submitted").glob(f"*/{assignment}"))
    os.environ["PYTHONWARNINGS"] = os.environ.get("PYTHONWARNINGS", "ignore::DeprecationWarning")
    with chdir(root), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own SQL warnings say nothing to an instructor
        known = _make_known(root, assignment)
        api = open_api(root)
        for place, student in enumerate(students, 1):
            intake = take_in(root, assignment, student)
            report.findings += intake.findings
            progress(f"{place}/{len(students)} {student}")
            if not intake.readable:
                continue
            if not (intake.new or again) and _is_outdated(api.coursedir, assignment, student, known):
                reason = f"dinilai dengan soal atau uji yang lama; jalankan: melayani koreksi {assignment}"
                report.findings.append(Finding(student, assignment, "", reason, NOT_AGAIN))
            else:
                _grade_one(root, api, student, report, new=intake.new, again=again)
    report.findings += _waiting(root, assignment)
    return report


def _grade_one(root: Path, api: NbGraderAPI, student: str, report: Report, *, new: bool, again: bool) -> None:
    """Autograde one hand-in that was taken in; `new`: no attempt before it counts, `again`: also if it was graded."""
    course, assignment = api.coursedir, report.assignment
    aside = aside_of(course, assignment, student)
    if new:
        shutil.rmtree(aside, ignore_errors=True)
    again = not new and (again or aside.is_dir())  # aside after an interruption: finish it
    earlier = put_aside(course, assignment, student) if again else None
    graded = Path(course.format_path(course.autograded_directory, student, assignment))
    result = api.autograde(assignment, student, force=new or again, create=True)
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
        if earlier:
            _settle(course, earlier, report)
    elif earlier:
        bring_back(course, earlier)
        reason = f"skor lama tetap berlaku karena {_why(result)}"
        report.findings.append(Finding(student, assignment, "", reason, NOT_AGAIN))
    else:
        report.findings.append(mark_ungradable(root, assignment, student, _why(result)))


def _settle(course: CourseDirectory, earlier: Earlier, report: Report) -> None:
    look, score = settle(course, earlier)
    if score != earlier.score:
        report.changed.append((earlier.student, earlier.score, score))
    for notebook, cell, manual in look:
        reason = f"soal atau hasil uji sel {cell} berubah; skor dari Anda tetap {number(manual)}, tetapi lihat lagi"
        report.findings.append(Finding(earlier.student, earlier.assignment, notebook, reason, LOOK_AGAIN))


def _is_outdated(course: CourseDirectory, assignment: str, student: str, known: Cells) -> bool:
    """Return whether the autograded notebooks show that other texts or tests were in force when they were graded."""
    graded = Path(course.format_path(course.autograded_directory, student, assignment))
    return any(place in known and known[place].text != cell.text for place, cell in of_folder(graded).items())


def _make_known(root: Path, assignment: str) -> Cells:
    """Tell the gradebook of the assignment's cells, as generate_assignment does, without touching the release.

    Returns them. Raises CorrectedError when hand-ins were graded by other cells: all are graded by one edition.
    """
    course = CourseDirectory(config=load_config(root))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        known = of_gradebook(gradebook, assignment)
        graded = bool(gradebook.assignment_submissions(assignment))
    source = Path(course.format_path(course.source_directory, ".", assignment))
    if known and (not source.is_dir() or of_folder(source) == known):
        return known
    if not known or not graded:
        with tempfile.TemporaryDirectory() as folder:
            record(root, assignment, folder)
        with Gradebook(course.db_url, course.course_id) as gradebook:
            return of_gradebook(gradebook, assignment)
    with tempfile.TemporaryDirectory() as folder:
        planned = plan(root, assignment, Path(folder))
    if planned != known:
        raise CorrectedError(
            f"Tugas {assignment} di {course.source_directory}/ tidak sama lagi dengan yang dipakai untuk menilai "
            "kiriman sebelumnya. Agar semua kiriman dinilai dengan uji yang sama, jalankan: "
            f"melayani koreksi {assignment}"
        )
    return known


def record(root: Path, assignment: str, release: str, db_url: str | None = None) -> None:
    """Generate `assignment` into the folder `release` and store its cells in the class's gradebook (or `db_url`)."""
    result = open_api(root, release, db_url).generate_assignment(assignment, force=True)
    if not result["success"]:
        directory = load_config(root).CourseDirectory.source_directory
        raise UnknownAssignmentError(
            f"Tugas {assignment} belum dapat dinilai karena sumbernya di {directory}/ tidak terbaca. "
            f"Periksa dengan: nbgrader generate_assignment {assignment}"
        )


def plan(root: Path, assignment: str, release: Path) -> dict[tuple[str, str], Cell]:
    """Return the cells that nbgrader would store of `assignment` now, and lay into `release` what it would release."""
    with tempfile.TemporaryDirectory() as folder:
        course = load_config(root).CourseDirectory
        elsewhere = f"sqlite:///{Path(folder, 'gradebook.db')}"
        record(root, assignment, str(release), elsewhere)
        with Gradebook(elsewhere, course.course_id) as gradebook:
            return of_gradebook(gradebook, assignment)


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
