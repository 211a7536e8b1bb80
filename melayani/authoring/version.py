"""Within a version the cells that nbgrader keeps track of stay the same; only their texts and hidden cases change.

A version is closed in two ways: for everybody by its tag (`v` and the version in pyproject.toml), for one class as
soon as it works on the assignment. A new version begins with a new number in pyproject.toml.
"""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DatabaseError

from melayani.course import assignments, class_folder, load_config
from melayani.grading.cells import Cell, Cells, Difference, differences, of_folder, of_gradebook, of_notebook


def version_problems(root: Path) -> list[str]:
    """Return in what solutions/ leaves the version that it belongs to, in English sentences."""
    return [*published_problems(root), *_class_problems(root)]


def published_problems(root: Path) -> list[str]:
    """Return in what solutions/ differs from the published version whose number pyproject.toml has."""
    project = root / "pyproject.toml"
    if not project.is_file():
        return []
    number = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("version")
    tag = f"v{number}"
    found = [
        str(difference)
        for name, cells in _tagged(root, tag).items()
        for difference in differences(cells, of_folder(root / "solutions" / name))
    ]
    if found:
        found.append(
            f"Version {number} is published (tag {tag}), and classes run on it: its cells stay as they are. "
            "For a new version, change the number in pyproject.toml first."
        )
    return found


def _tagged(root: Path, tag: str) -> dict[str, Cells]:
    """Return {assignment: its cells} as the commit tagged `tag` has them in assignments/; none without git or tag."""
    if _git(root, "rev-parse", "--quiet", "--verify", f"refs/tags/{tag}^{{commit}}") is None:
        return {}
    found: dict[str, dict[tuple[str, str], Cell]] = {}
    listed = _git(root, "ls-tree", "-r", "-z", "--name-only", f"refs/tags/{tag}", "assignments/") or ""
    for path in listed.split("\0"):
        if path.endswith(".ipynb"):
            notebook = nbformat.reads(_git(root, "show", f"refs/tags/{tag}:./{path}") or "", as_version=4)
            found.setdefault(Path(path).parent.name, {}).update(of_notebook(Path(path).stem, notebook))
    return dict(found)


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says, None when it fails or is absent."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _class_problems(root: Path) -> list[str]:
    if not class_folder(root).is_dir():
        return []
    config = load_config(root)
    course = CourseDirectory(config=config)
    found = []
    for name in assignments(root):
        try:
            broken = class_differences(course, str(config.Exchange.get("root", "")), name)
        except DatabaseError as error:
            return [
                f"{course.db_url}: this gradebook can't be read ({error.orig}), so nobody knows which cells its class "
                "works on. Put back a copy (kelas/cadangan has some), or name another folder in MELAYANI_KELAS."
            ]
        found += [str(difference) for difference in broken]
        if broken:
            found.append(
                f"The class in {class_folder(root)} works on {name}: its cells stay as they are. "
                "Finish that class, or name another folder in MELAYANI_KELAS."
            )
    return found


def class_differences(course: CourseDirectory, exchange: str, assignment: str) -> list[Difference]:
    """Return in what the source of `assignment` differs from what a class works on; none while no class does.

    A class works on it once the exchange in folder `exchange` or submitted/ holds it or the gradebook has a hand-in.
    It works on what the gradebook knows, or else on what the last release holds.
    """
    begun = bool(exchange) and Path(exchange, course.course_id, "outbound", assignment).is_dir()
    begun = begun or any(Path(course.format_path(course.submitted_directory, ".", ".")).glob(f"*/{assignment}"))
    known: Cells = {}
    file = course.db_url.removeprefix("sqlite:///")
    if file == course.db_url or Path(file).is_file():
        with Gradebook(course.db_url, course.course_id) as gradebook:
            known = of_gradebook(gradebook, assignment)
            begun = begun or bool(gradebook.assignment_submissions(assignment))
    known = known or of_folder(Path(course.format_path(course.release_directory, ".", assignment)))
    if not begun or not known:
        return []
    return differences(known, of_folder(Path(course.format_path(course.source_directory, ".", assignment))))


class KeepsGradedCells(NotebookExporter):  # type: ignore[misc]
    """In c.GenerateAssignment.exporter_class: refuses what would break a running class, before nbgrader deletes.

    nbgrader refuses too, but only after `--force` (Formgrader always forces) has removed the last release.
    """

    def __init__(self, **options: object) -> None:
        """Raise NbGraderException, in Bahasa, when the converter that makes this exporter must not run."""
        super().__init__(**options)  # type: ignore[no-untyped-call]
        converter: Any = self.parent
        if converter.no_database:
            return
        for folder in converter.assignments:
            name = Path(folder).name
            exchange = str(converter.config.Exchange.get("root", ""))
            if broken := class_differences(converter.coursedir, exchange, name):
                message = refusal(name, broken)
                converter.log.error(message)
                raise NbGraderException(message)


def refusal(assignment: str, broken: list[Difference]) -> str:
    """Return the message for instructors that names the cells."""
    lines = "\n".join(f"  {line}" for line in map(_in_bahasa, broken))
    return (
        f"Tugas {assignment} sedang dikerjakan kelas ini sehingga susunan selnya tidak boleh berubah:\n{lines}\n"
        "Kembalikan sel itu di solutions/. Teks soal dan isi uji boleh diubah. Belum ada yang diganti: rilis terakhir, "
        "kiriman, dan skor masih seperti semula."
    )


def _in_bahasa(difference: Difference) -> str:
    where = f"{difference.notebook}.ipynb, sel {difference.name}"
    old, new = difference.old, difference.new
    if old is None:
        return f"{where}: ditambahkan"
    if new is None:
        return f"{where}: hilang atau berganti nama"
    if old.points is not None and new.points is not None and old.points != new.points:
        return f"{where}: poinnya {old.points:g}, sekarang {new.points:g}"
    return f"{where}: jenis selnya berubah"
