"""Tests of the tests: what must turn `pytest --nbval` or the release check red does turn it red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import kursus
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from melayani.authoring import notebooks, release

ROOT = kursus.REPOSITORY
RAISES = {"tags": ["raises-exception"]}


def lesson(path: Path, *sources: str, metadata: Mapping[str, object] | None = None) -> nbformat.NotebookNode:
    """Write a lesson with these code cells to `path`, executed and normalised; return it as it is stored."""
    cells = [new_markdown_cell("# PELAJARAN", id="judul")]
    names = ("pertama", "kedua", "ketiga")
    cells += [new_code_cell(source, id=name) for name, source in zip(names, sources, strict=False)]
    cells[-1].metadata.update(metadata or {})
    nb = new_notebook(cells=cells)
    path.parent.mkdir(parents=True, exist_ok=True)
    nb = notebooks.normalise(notebooks.execute(nb, path), notebooks.sanitize_patterns(ROOT))
    store(path, nb)
    return nb


def store(path: Path, nb: nbformat.NotebookNode) -> None:
    path.write_text(notebooks.dumps(nb), encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with one good lesson and one for each way of being broken."""
    root = tmp_path_factory.mktemp("kursus")
    for file in ("conftest.py", "pyproject.toml", "nbgrader_config.py", "tests/nbval-sanitize.cfg"):
        (root / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, root / file)
    folder = root / "course" / "00-contoh"
    lesson(
        folder / "baik.ipynb",
        "{'loket', 'antrean', 'berkas'}",
        "import ipywidgets\nprint(object())\nipywidgets.VBox([ipywidgets.IntSlider()])",
        "1 / 0",
        metadata=RAISES,
    )

    nb = lesson(folder / "rusak.ipynb", "loket = 3\nloket")
    nb.cells[1].source = "loket = tidak_ada\nloket"
    store(folder / "rusak.ipynb", nb)

    nb = lesson(folder / "basi.ipynb", "loket = 3\nloket")
    nb.cells[1].outputs[0].data["text/plain"] = "4"
    store(folder / "basi.ipynb", nb)

    nb = lesson(folder / "tanpa-galat.ipynb", "loket = 3")
    nb.cells[1].metadata.update(RAISES)
    store(folder / "tanpa-galat.ipynb", nb)

    nb = lesson(folder / "ajaib.ipynb", "loket = 3")
    nb.cells[1].source = "%tidak_dikenal\nloket = 3"
    nb.cells[1].outputs = [
        nbformat.v4.new_output(
            "stream", name="stderr", text="UsageError: Line magic function `%tidak_dikenal` not found.\n"
        )
    ]
    store(folder / "ajaib.ipynb", nb)

    nb = lesson(folder / "belum-jalan.ipynb", "loket = 3\nloket")
    nb.cells[1].execution_count, nb.cells[1].outputs = None, []
    store(folder / "belum-jalan.ipynb", nb)

    nb = lesson(folder / "abai.ipynb", "loket = 3\nloket", metadata={"tags": ["nbval-ignore-output"]})

    solution = root / "solutions" / "01-contoh" / "01-contoh.ipynb"
    nb = lesson(solution, "jam = 2", "assert jam == 2, 'jam seharusnya 2.'")
    nb.cells[1].source = "jam = 3"
    store(solution, nb)
    return root


def pytest_nbval(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `pytest --nbval` as a user does, without the plugins that nothing here uses: they cost seconds."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTEST_ADDOPTS", None)
    plain = ["-p", "no:hypothesispytest", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command = [sys.executable, "-m", "pytest", "--nbval", *plain, *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def run(course: Path) -> tuple[dict[str, str], str]:
    """Return {notebook: the messages of its failures} of one `pytest --nbval`, and all it printed."""
    done = pytest_nbval(course, "course", "solutions", "--junitxml=hasil.xml")
    assert done.returncode == 1, done.stdout + done.stderr
    failures: dict[str, str] = {}
    for case in ET.parse(course / "hasil.xml").iter("testcase"):
        # nbval's names: "course.00-contoh.baik.ipynb".
        name = case.get("classname", "").removesuffix(".ipynb").rpartition(".")[2]
        failures.setdefault(name, "")
        for failure in case.iter("failure"):
            failures[name] += failure.text or ""
    return failures, done.stdout


pytestmark = pytest.mark.slow


def test_a_good_lesson_is_green(run: tuple[dict[str, str], str]) -> None:
    assert run[0]["baik"] == ""


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rusak", "NameError"),
        ("basi", "Cell outputs differ"),
        ("tanpa-galat", "it raises nothing"),
        ("ajaib", "A magic is unknown or misused"),
        ("belum-jalan", "was never executed"),
        ("01-contoh", "jam seharusnya 2."),
    ],
    ids=["broken", "stale", "raises-nothing", "unknown-magic", "never-executed", "failing-solution"],
)
def test_it_turns_red(run: tuple[dict[str, str], str], name: str, message: str) -> None:
    assert message in run[0][name]


def test_cells_that_are_not_compared_are_listed(run: tuple[dict[str, str], str]) -> None:
    assert "abai.ipynb::Cell 0 (pertama)" in run[1]
    assert "1 of 11 code cells" in run[1]


def test_too_many_cells_that_are_not_compared_turn_it_red(course: Path) -> None:
    done = pytest_nbval(course, "course/00-contoh/abai.ipynb")
    assert "1 passed" in done.stdout
    assert done.returncode == 1


def test_an_edited_release_turns_red(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path, released=False)
    release.release(root)
    assert release.differences(root) == []
    released = root / "assignments" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.ipynb"
    released.write_bytes(released.read_bytes().replace(b"Tugas contoh", b"Tugas lain"))
    assert release.differences(root) == [f"{kursus.ASSIGNMENT}/{released.name}"]


# The normaliser refuses what it can't mend.


@pytest.mark.parametrize(
    ("source", "metadata", "message"),
    [
        ("tidak_ada", {}, "NameError"),
        ("1 + 1", RAISES, "it raises nothing"),
        ("%tidak_dikenal", {}, "stderr"),
        ("import warnings\nwarnings.warn('lama')", {}, "stderr"),
        ("import os\nos.getcwd()", {}, "path of this machine"),
    ],
)
def test_make_notebooks_refuses_and_names_the_cell(
    tmp_path: Path, source: str, metadata: dict[str, object], message: str
) -> None:
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    path = tmp_path / "pelajaran.ipynb"
    nb = new_notebook(cells=[new_code_cell("1", id="baik"), new_code_cell(source, id="buruk", metadata=metadata)])
    store(path, nb)
    before = path.read_bytes()
    with pytest.raises(notebooks.NotebookError, match=message) as caught:
        notebooks.renew(path)
    assert f"{path}: cell 2 (buruk)" in str(caught.value)
    assert path.read_bytes() == before
