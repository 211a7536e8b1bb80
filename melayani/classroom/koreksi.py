"""`melayani koreksi`: a corrected assignment in a running class: its new tests, and everybody graded by them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from melayani.authoring.version import refusal
from melayani.classroom.backup import back_up
from melayani.course import CourseError, assignments, class_folder, load_config
from melayani.grading.autograde import Report, grade
from melayani.grading.cells import differences, of_gradebook, rewritten
from melayani.grading.edition import plan, record
from melayani.grading.executors import Grader
from melayani.grading.lock import assignment_lock
from melayani.grading.progress import Progress


class CorrectionError(CourseError):
    """A correction that would cost something; nothing was changed, and the message says in Bahasa what to do."""


@dataclass(frozen=True)
class Correction:
    """What a correction did: the cells with another text or test, and how grading went."""

    rewritten: list[str]
    report: Report
    backup: Path | None


def correct(
    root: Path,
    assignment: str,
    progress: Progress | None = None,
    grader: Grader | None = None,
    *,
    patient: bool = False,
) -> Correction:
    """Make the source of `assignment` the one by which the class is graded, and grade all its hand-ins by it.

    Hand-ins, comments and scores that a person gave stay. Raises, before anything is changed, CorrectionError when
    the set of cells is another one or assignments/ is not the release of this source, BackupError when the gradebook
    can't be copied first, and LockedError while the assignment is being graded (with `patient` it waits).
    """
    if assignment not in assignments(root):
        raise CorrectionError(f"Tugas {assignment} tidak ada. Tugas dalam kursus ini: {', '.join(assignments(root))}.")
    with assignment_lock(root, assignment, shared=False).held(wait=patient):
        changed, backup = _take_over(root, assignment)
    return Correction(changed, grade(root, assignment, progress, outdated=True, grader=grader, patient=patient), backup)


def _take_over(root: Path, assignment: str) -> tuple[list[str], Path | None]:
    """Tell the gradebook of the source's cells; return those that are rewritten, and the copy of the gradebook."""
    course = CourseDirectory(config=load_config(root))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        known = of_gradebook(gradebook, assignment)
    with tempfile.TemporaryDirectory() as folder:
        planned = plan(root, assignment, Path(folder))
        if known and (broken := differences(known, planned)):
            raise CorrectionError(refusal(assignment, broken))
        release = Path(course.format_path(course.release_directory, ".", assignment))
        if _contents(Path(folder, assignment)) != _contents(release):
            raise CorrectionError(
                f"{release} belum dibuat dari {course.source_directory}/{assignment} yang sekarang. "
                "Buat dahulu dengan: make release"
            )
    backup = back_up(course.db_url, class_folder(root) / "cadangan")
    with tempfile.TemporaryDirectory() as folder:
        record(root, assignment, folder)
    return rewritten(known, planned), backup


def next_commands(root: Path, assignment: str) -> list[str]:
    """Return the nbgrader commands that bring a correction to the trainees: the new text, the new feedback."""
    config = load_config(root)
    outbound = Path(str(config.Exchange.get("root", "")), config.CourseDirectory.course_id, "outbound", assignment)
    commands = [f"nbgrader release_assignment {assignment} --force"] if outbound.is_dir() else []
    if any((class_folder(root) / "feedback").glob(f"*/{assignment}")):
        commands.append(f"nbgrader generate_feedback {assignment} --force")
        if outbound.is_dir():
            commands.append(f"nbgrader release_feedback {assignment}")
    return commands


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
