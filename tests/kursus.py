"""A tiny real course in a temporary folder, for tests that drive nbgrader's own commands."""

from __future__ import annotations

import atexit
import functools
import io
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
from jupyter_core.application import NoStart
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.apps.nbgraderapp import NbGraderApp
from nbgrader.validator import Validator

# For each new gradebook nbgrader starts a program that says the same each time, after two seconds.
api.get_alembic_version = functools.cache(api.get_alembic_version)

REPOSITORY = Path(__file__).resolve().parent.parent
ASSIGNMENT = "01-contoh"

RIGHT = "def giliran(orang, menit):\n    return orang * menit"
# Right for the visible case (2 and 2), wrong for the hidden one.
HALF = "def giliran(orang, menit):\n    return orang + menit"
WRONG = "def giliran(orang, menit):\n    return orang"

VISIBLE = """\
assert "giliran" in globals(), "Fungsi giliran belum ada. Baca lagi paragraf pertama soal."
assert giliran(2, 2) == 4, f"giliran(2, 2) seharusnya 4, tetapi hasilnya {giliran(2, 2)!r}."\
"""
HIDDEN = """\
# Sel ini berjalan saat penilaian, dengan data lain yang mengikuti aturan yang sama.
### BEGIN HIDDEN TESTS
rahasia_penguji = 7
assert giliran(23, 5) == 115, f"Setiap orang memerlukan satu giliran penuh. giliran(23, 5) seharusnya 115, \
tetapi hasilnya {giliran(23, 5)!r}."
### END HIDDEN TESTS"""


# For `make_course`: a step of autograde that fails for the trainees whom the file `tolak` names.
REFUSES = """\
from nbgrader.preprocessors import NbGraderPreprocessor
class Refuses(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        named = ROOT / "tolak"
        if named.is_file() and resources["nbgrader"]["student"] in named.read_text():
            raise ValueError("kiriman ini ditolak")
        return nb, resources
c.Autograde.autograde_preprocessors.append(Refuses)
"""


def _nbgrader(grade_id: str, **values: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**plain, "grade_id": grade_id, **values}}


def source_notebook() -> nbformat.NotebookNode:
    """Return the source of ASSIGNMENT: one item with a visible and a hidden test, a manual answer, a task.

    Points: giliran-uji 2, giliran-uji-tersembunyi 3, alasan 5 (manual), usul 4 (manual task with a rubric).
    """
    cells = [
        new_markdown_cell("# Tugas contoh", id="judul"),
        new_markdown_cell(
            "## Giliran\n\nTulis fungsi `giliran(orang, menit)`.",
            id="giliran-soal",
            metadata=_nbgrader("giliran-soal", locked=True),
        ),
        new_code_cell(
            f"# Jawaban: giliran\n### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION",
            id="giliran",
            metadata=_nbgrader("giliran", solution=True),
        ),
        new_code_cell(VISIBLE, id="giliran-uji", metadata=_nbgrader("giliran-uji", grade=True, locked=True, points=2)),
        new_code_cell(
            HIDDEN,
            id="giliran-uji-tersembunyi",
            metadata=_nbgrader("giliran-uji-tersembunyi", grade=True, locked=True, points=3),
        ),
        new_markdown_cell(
            "**Jawaban: alasan**\n\n### BEGIN SOLUTION\nSetiap orang dilayani sendiri.\n### END SOLUTION",
            id="alasan",
            metadata=_nbgrader("alasan", grade=True, solution=True, points=5),
        ),
        new_markdown_cell(
            "Tulis satu usul perbaikan di sel baru di bawah ini.\n\n"
            "### BEGIN MARK SCHEME\nRubrik: 4 bila usulnya terukur.\n### END MARK SCHEME",
            id="usul",
            metadata=_nbgrader("usul", task=True, locked=True, points=4),
        ),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook: nbformat.NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    notebook.nbformat_minor = 5
    return notebook


def make_course(folder: Path, *, released: bool = True, config: str = "") -> Path:
    """Build a course in `folder`/kursus and return its root.

    It has a copy of this repository's nbgrader_config.py (`config`: lines added to it), the source of
    ASSIGNMENT and, if `released`, what `nbgrader generate_assignment` makes of it. The class is in kelas/.
    """
    root = folder / "kursus"
    if released:
        return Path(shutil.copytree(_released(config), root))
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    if config:
        with (root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
            stream.write(f"\n{config}\n")
    nbformat.write(source_notebook(), root / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    return root


@functools.cache
def _released(config: str) -> Path:
    """Return the root of such a course, released once in each test process, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="kursus-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    root = make_course(folder, released=False, config=config)
    code, log = nbgrader(root, "generate_assignment", ASSIGNMENT)
    assert code == 0, log
    return root


def hand_in(
    root: Path,
    student: str,
    answers: Mapping[str, str] | None = None,
    *,
    when: str = "2026-03-02 01:00:00 UTC",
) -> Path:
    """Lay the release with `answers` ({cell id: new source}) into kelas/submitted; return its path."""
    name = f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(root / "assignments" / ASSIGNMENT / name, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    for cell_id, source in (answers or {}).items():
        cells[cell_id].source = source
    folder = root / "kelas" / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / name)
    (folder / "timestamp.txt").write_text(when, encoding="utf-8")
    return folder / name


@contextmanager
def environment(root: Path) -> Any:
    """Work in `root` as a user does: our commands on PATH, no class folder or configuration from outside."""
    with mock.patch.dict(os.environ), chdir(root):
        for name in ("MELAYANI_KELAS", "MELAYANI_DB_URL", "JUPYTER_CONFIG_PATH"):
            os.environ.pop(name, None)
        os.environ["JUPYTER_CONFIG_DIR"] = str(root / ".jupyter")
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        # Kernels start in the trainee's folder and import melayani, installed or not.
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
        yield


def nbgrader(root: Path, *args: str) -> tuple[int, str]:
    """Run `nbgrader args…` in `root`, in this process; return its exit code and all it printed or logged."""
    out = io.StringIO()
    NbGraderApp.clear_instance()
    app = NbGraderApp.instance()
    code: Any = 0
    with (
        environment(root),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(Validator, "stream", out),
        warnings.catch_warnings(action="ignore"),
    ):
        try:
            app.initialize(list(args))
            app.init_logging(logging.StreamHandler, [out], color=False, subapps=True)
            app.start()
        except NoStart:
            pass
        except SystemExit as stop:
            code = stop.code
        finally:
            app.reset()
            NbGraderApp.clear_instance()
    return int(code or 0), out.getvalue()


def gradebook(root: Path) -> Gradebook:
    """Return the class's gradebook, to be used in a `with`."""
    return Gradebook(f"sqlite:///{root / 'kelas' / 'gradebook.db'}", "melayani")


def scores(root: Path, student: str) -> dict[str, float | None]:
    """Return {grade id: automatic score} of a hand-in of ASSIGNMENT, None where a person must grade."""
    with gradebook(root) as book:
        notebook = book.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
        return {grade.name: grade.auto_score for grade in notebook.grades}


def copy_committed(root: Path, target: Path, leave_out: Callable[[str], bool] = lambda _: False) -> None:
    """Copy into `target` what git holds of `root`, or would take, without the paths that `leave_out` names."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file() and not leave_out(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, target / name)


def without_tracebacks(notebook: NotebookNode) -> NotebookNode:
    """Return it, changed in place: what tracebacks look like differs between Pythons."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.pop("traceback", None)
    return notebook


def join_streams(cell: NotebookNode) -> None:
    """Join the pieces of a stream that follow each other: where a kernel cuts it is chance."""
    joined: list[NotebookNode] = []
    for output in cell.get("outputs", []):
        if joined and output.output_type == "stream" and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    if "outputs" in cell:
        cell.outputs = joined
