"""The edition of an assignment by which a class is graded: the cells that the gradebook knows, and the given files."""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from dataclasses import astuple
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

from melayani.course import CourseError, load_config
from melayani.grading.cells import Cell, Cells, of_folder, of_gradebook

#: What nbgrader alone keeps of our configuration (`--stock`): folders and texts.
STOCK_SECTIONS = ("CourseDirectory", "Exchange", "NbGraderAPI", "ClearSolutions", "Validator")


class UnknownAssignmentError(CourseError):
    """nbgrader can't read the source of an assignment that is to be graded; the message says so in Bahasa."""


class CorrectedError(CourseError):
    """The source is not the one by which others were graded; the message says in Bahasa what to do."""


def open_api(
    root: Path, release_directory: str | None = None, db_url: str | None = None, *, stock: bool = False
) -> NbGraderAPI:
    """Return nbgrader's API on the course in `root`, its logs off the screen.

    With another release or gradebook, or with nbgrader's own preprocessors, collectors and exporter (`stock`).
    """
    config = load_config(root)
    if stock:
        config = type(config)({section: config[section] for section in STOCK_SECTIONS if section in config})
    if release_directory:
        config.CourseDirectory.release_directory = release_directory
    if db_url:
        config.CourseDirectory.db_url = db_url
    course = CourseDirectory(config=config)
    api = NbGraderAPI(course, config=config)
    api.log = logging.getLogger("melayani.nbgrader")
    api.log.setLevel(logging.WARNING)
    api.log.propagate = False
    if not api.log.handlers:
        api.log.addHandler(logging.NullHandler())  # else Python itself prints warnings
    return api


def make_known(root: Path, assignment: str) -> Cells:
    """Tell the gradebook of the assignment's cells, as generate_assignment does, without touching the release.

    Returns them. Raises CorrectedError when hand-ins were graded by other cells: all are graded by one edition.
    """
    course = CourseDirectory(config=load_config(root))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        known = of_gradebook(gradebook, assignment)
        graded = bool(gradebook.assignment_submissions(assignment)) if known else False
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


def fingerprint(course: CourseDirectory, assignment: str, known: Cells) -> str:
    """Return one SHA-256 of all that a grade depends on here: the known cells and the files given with them."""
    found = hashlib.sha256(json.dumps(sorted([*place, *astuple(cell)] for place, cell in known.items())).encode())
    source = Path(course.format_path(course.source_directory, ".", assignment))
    for name in sorted(find_all_files(str(source), [*course.ignore, "*.ipynb"])):
        file = Path(name)
        found.update(f"\n{file.relative_to(source).as_posix()} ".encode())
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()
