"""Scores for a table: nbgrader's grades.csv with a status and how it was graded, and a table for people."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin

from melayani.course import find_root, load_config
from melayani.grading.feedback import number
from melayani.grading.intake import set_aside
from melayani.grading.records import sandboxes
from melayani.grading.times import UnreadableTimeError, handed_in_at

GRADED, WAITING, NOT_SUBMITTED, UNREADABLE = "dinilai", "menunggu", "tidak menyerahkan", "tidak terbaca"
# nbgrader's own columns, in its order.
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status", "sandbox"),
)
Place = tuple[str, str]  # (assignment, student)


@dataclass(frozen=True)
class Row:
    """One trainee's one assignment. The scores are None where there is no score, never 0 in its place.

    `sandbox`: "ya" or "tidak", whether the score comes from a sandbox; empty without a score or a record of it.
    """

    assignment: str
    duedate: datetime | None
    timestamp: datetime | None
    student_id: str
    last_name: str
    first_name: str
    email: str
    raw_score: float | None
    late_submission_penalty: float | None
    score: float | None
    max_score: float
    status: str
    sandbox: str


def rows(
    gradebook: Gradebook, course: CourseDirectory, unreadable: Collection[Place], sandbox: Mapping[Place, bool]
) -> Iterator[Row]:
    """Yield a row for every assignment and every trainee, in the gradebook's order.

    Trainees whose only work waits in the submitted folder or could not be read (`unreadable`) are not in the
    gradebook yet; they follow after the others. `sandbox` says of graded ones whether they ran in one.
    """
    known: list[Student] = list(gradebook.students)
    for assignment in gradebook.assignments:
        for student in known:
            yield _row(gradebook, course, unreadable, sandbox, assignment, student)
        for name in sorted(_handed_in(gradebook, course, unreadable) - {student.id for student in known}):
            yield _row(gradebook, course, unreadable, sandbox, assignment, Student(id=name))


def _handed_in(gradebook: Gradebook, course: CourseDirectory, unreadable: Collection[Place]) -> set[str]:
    """Return the ids of all who handed in any assignment of the gradebook."""
    names = {assignment.name for assignment in gradebook.assignments}
    ids = {student for assignment, student in unreadable if assignment in names}
    submitted = Path(course.format_path(course.submitted_directory, "*", "*")).parent.parent
    return ids | {path.parent.name for path in submitted.glob("*/*") if path.is_dir() and path.name in names}


def _row(
    gradebook: Gradebook,
    course: CourseDirectory,
    unreadable: Collection[Place],
    sandbox: Mapping[Place, bool],
    assignment: Assignment,
    student: Student,
) -> Row:
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        submission = None
    status, has_score = _status(course, unreadable, assignment.name, student.id, submission)
    confined = sandbox.get((assignment.name, student.id)) if has_score else None
    penalty = (submission.late_submission_penalty or 0.0) if has_score else None
    return Row(
        assignment=assignment.name,
        duedate=assignment.duedate,
        timestamp=submission.timestamp if submission else None,
        student_id=student.id,
        last_name=student.last_name or "",
        first_name=student.first_name or "",
        email=student.email or "",
        raw_score=submission.score if has_score else None,
        late_submission_penalty=penalty,
        score=max(0.0, submission.score - penalty) if has_score else None,
        max_score=assignment.max_score,
        status=status,
        sandbox="" if confined is None else "ya" if confined else "tidak",
    )


def _status(
    course: CourseDirectory,
    unreadable: Collection[Place],
    assignment: str,
    student: str,
    submission: SubmittedAssignment | None,
) -> tuple[str, bool]:
    """Return the status, and whether the gradebook's score belongs to the newest attempt."""
    if (assignment, student) in unreadable:
        return UNREADABLE, False
    folder = Path(course.format_path(course.submitted_directory, student, assignment))
    if submission is None:
        return (WAITING if folder.is_dir() else NOT_SUBMITTED), False
    if folder.is_dir():
        try:
            newest = handed_in_at(folder)
        except UnreadableTimeError:
            return WAITING, False
        graded = Path(course.format_path(course.autograded_directory, student, assignment))
        newer = newest and submission.timestamp and newest > submission.timestamp
        if newer or not any(graded.glob("*.ipynb")):
            return WAITING, False
    return (WAITING if submission.needs_manual_grade else GRADED), True


class StatusExportPlugin(ExportPlugin):  # type: ignore[misc]
    """`nbgrader export`: the file name and columns of nbgrader's CsvExportPlugin, `status` and `sandbox` after them.

    Statuses: dinilai; menunggu (not autograded yet: no score; or a person still has to grade: the score so far);
    tidak menyerahkan and tidak terbaca (no score).
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to `--to`, else to grades.csv in the working directory."""
        course = self.parent.coursedir
        root = find_root(Path(course.root))
        students = {str(name) for name in self.student}
        assignments = {str(name) for name in self.assignment}
        target = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", target)
        with target.open("w", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(COLUMNS)
            for row in rows(gradebook, course, set_aside(root), sandboxes(root)):
                if students and row.student_id not in students:
                    continue
                if assignments and row.assignment not in assignments:
                    continue
                values = (getattr(row, column) for column in COLUMNS)
                table.writerow(["" if value is None else str(value) for value in values])


def table_for_people(root: Path, path: Path) -> None:
    """Write the scores of the course in `root` to `path` as a table that an Indonesian Excel opens by double click.

    One row a trainee, one column an assignment: the score, or the status where there is none ("menunggu" also
    where a person still has to grade). Semicolons, decimal commas, UTF-8 with a byte-order mark. Text that begins
    like a formula gets an apostrophe before it, so that no name is calculated. Ids of digits only (NIP) are
    written as ="0071": Excel would drop leading zeros and digits after the fifteenth. Where somebody was graded
    outside a sandbox, a last column names those assignments.
    """
    config = load_config(root)
    course = CourseDirectory(config=config)
    scores: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    heads: dict[str, str] = {}
    outside: dict[str, list[str]] = {}
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for row in rows(gradebook, course, set_aside(root), sandboxes(root)):
            heads[row.assignment] = f"{row.assignment} (paling tinggi {number(row.max_score)})"
            names[row.student_id] = " ".join(filter(None, (row.first_name, row.last_name)))
            scored = row.status == GRADED
            if row.sandbox == "tidak":
                outside.setdefault(row.student_id, []).append(row.assignment)
            scores.setdefault(row.student_id, {})[row.assignment] = number(row.score) if scored else row.status
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        table.writerow(["Peserta", "Nama", *heads.values(), *(["Dinilai tanpa sandbox"] if outside else [])])
        for student, row_scores in scores.items():
            note = [", ".join(outside.get(student, []))] if outside else []
            table.writerow([_id(student), _text(names[student]), *(row_scores[name] for name in heads), *note])


def _id(student: str) -> str:
    return f'="{student}"' if student.isascii() and student.isdigit() else _text(student)


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
