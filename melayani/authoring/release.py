"""Makes assignments/ from solutions/ with nbgrader's own generate, whole or not at all (`make release`)."""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path
from unittest import mock

from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory

from melayani.authoring.markers import EXACT_MARKERS, PLACE_TO_FILL
from melayani.authoring.source import course_problems, source_problems
from melayani.authoring.version import version_problems
from melayani.course import assignments, find_root, load_config


class ReleaseError(Exception):
    """A release that can't be made; the text names the file, and the cell where there is one."""


def generate(root: Path, target: Path) -> list[str]:
    """Write the release of every assignment of the course at `root` into `target`; return their names.

    The gradebook and the class are not touched. Raises ReleaseError, also for what nbgrader lets through
    (melayani.authoring.source).
    """
    names = assignments(root)
    wrong = [problem for name in names for problem in source_problems(root / "solutions" / name)]
    if wrong:
        raise ReleaseError("\n".join(wrong))
    with tempfile.TemporaryDirectory() as nowhere, mock.patch.dict(os.environ, MELAYANI_KELAS=nowhere):
        config = load_config(root)
        config.CourseDirectory.release_directory = str(target.resolve())
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
        for name in names:
            log = _Errors()
            course = CourseDirectory(config=config, assignment_id=name)
            converter = GenerateAssignment(coursedir=course, config=config, log=log.logger)
            try:
                converter.start()
            except NbGraderException as error:
                raise ReleaseError(f"nbgrader could not generate {name}:\n{log.text or error}") from error
            left = [problem for path in (target / name).glob("*.ipynb") for problem in release_problems(path)]
            if left:
                raise ReleaseError("\n".join(left))
    return names


def release_problems(path: Path) -> list[str]:
    """Return what is wrong with a released notebook: a marker or an output left, an answer cell without its stub."""
    found = []
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
        where = f"{path.name}, cell {number} ({cell['id']})"
        if any(marker in "".join(cell["source"]) for marker in EXACT_MARKERS):
            found.append(f"{where}: a region of the source was not cleared")
        if cell.get("outputs"):
            found.append(f"{where}: an output was not cleared")
        answer = cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
        if answer and PLACE_TO_FILL not in "".join(cell["source"]):
            found.append(f"{where}: no {PLACE_TO_FILL} shows where the answer goes")
    return found


def release(root: Path) -> list[str]:
    """Make assignments/ anew and return the names in it; when anything fails, it stays as it was.

    Raises ReleaseError, also for a change that a published version or a running class does not allow.
    """
    if wrong := version_problems(root):
        raise ReleaseError("\n".join(wrong))
    # Beside assignments/, so that the exchange is two renames on one disk.
    with tempfile.TemporaryDirectory(prefix=".assignments-", dir=root) as folder:
        new, old, place = Path(folder) / "new", Path(folder) / "old", root / "assignments"
        new.mkdir()
        names = generate(root, new)
        if place.exists():
            place.rename(old)
        try:
            new.rename(place)
        except OSError as error:
            if old.exists():
                old.rename(place)
            raise ReleaseError(f"{place} could not be replaced: {error}") from error
        place.chmod(0o755)
        shutil.rmtree(old, ignore_errors=True)
    return names


def differences(root: Path) -> list[str]:
    """Return the files of assignments/ that are not, byte for byte, what nbgrader makes of solutions/.

    Raises ReleaseError when nothing can be made.
    """
    with tempfile.TemporaryDirectory() as folder:
        generate(root, Path(folder))
        made, stored = contents(Path(folder)), contents(root / "assignments")
    return sorted(name for name in made.keys() | stored if made.get(name) != stored.get(name))


def contents(folder: Path) -> dict[str, bytes]:
    """Return {path in `folder`: bytes} of all files in it, without JupyterLab's checkpoints."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


class _Errors(logging.Handler):
    """Keeps what nbgrader logs as an error, and prints nothing."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.logger = logging.Logger("release")
        self.logger.addHandler(self)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += record.getMessage() + "\n"


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return 0 when assignments/ is new and whole, 1 when it stayed as it was."""
    argparse.ArgumentParser(prog="python -m melayani.authoring.release", description=__doc__).parse_args(argv)
    root = find_root()
    try:
        wrong = [problem for name in assignments(root) for problem in course_problems(root / "solutions" / name)]
        if wrong:
            raise ReleaseError("\n".join(wrong))
        names = release(root)
    except ReleaseError as error:
        print(f"{error}\nassignments/ is unchanged.", file=sys.stderr)
        return 1
    print(f"assignments/: {', '.join(names) or 'nothing to release'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
