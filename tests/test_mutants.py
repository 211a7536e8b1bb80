"""The tests of every assignment see small mistakes: mutants of the reference answers lose points."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

import nbformat
import pytest

from melayani.authoring.mutants import (
    NOT_REQUIRED,
    OVER_COURSE,
    PER_ASSIGNMENT,
    Verdict,
    equivalents,
    main,
    mutants,
    shape,
    share_killed,
    verdicts,
)
from melayani.course import assignments

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = [name for name in assignments(ROOT) if not name.startswith(NOT_REQUIRED)]


@functools.cache
def tried(assignment: str) -> list[Verdict]:
    return verdicts(ROOT, assignment)


def survivors(assignment: str) -> str:
    return "\n\n".join(f"{v.item.name}:\n{v.mutant.change}" for v in tried(assignment) if v.survived)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", REQUIRED)
def test_the_mutants_of_an_assignment_lose_points(assignment: str) -> None:
    assert tried(assignment)
    assert share_killed(tried(assignment)) >= PER_ASSIGNMENT, survivors(assignment)


@pytest.mark.slow
def test_the_mutants_of_the_course_lose_points() -> None:
    everything = [verdict for assignment in REQUIRED for verdict in tried(assignment)]
    assert share_killed(everything) >= OVER_COURSE, "\n\n".join(map(survivors, REQUIRED))


@pytest.mark.slow
@pytest.mark.parametrize("assignment", assignments(ROOT))
def test_a_listed_mutant_is_a_mutant_that_survives(assignment: str) -> None:
    """The list of right mutants holds nothing else, so that it can't excuse a hole in the tests."""
    survived = {
        (v.item.name, shape(v.mutant.source)) for v in tried(assignment) if v.listed and v.points >= v.item.most
    }
    items = {verdict.item.name: verdict.item for verdict in tried(assignment)}
    listed = {(name, mutant) for name, item in items.items() for mutant in equivalents(ROOT, item)}
    assert listed == survived


def changes(source: str) -> set[str]:
    return {mutant.change for mutant in mutants(source)}


@pytest.mark.parametrize(
    "source, change",
    [
        ("x = a + b", "-x = a + b\n+x = a - b"),
        ("x = a < b", "-x = a < b\n+x = a <= b"),
        ("x = 5", "-x = 5\n+x = 6"),
        ("def f(a, n=5):\n    return a", "-def f(a, n=5):\n+def f(a, n=4):"),
        ("x = a and b", "-x = a and b\n+x = a or b"),
        ("x += 1", "-x += 1\n+x -= 1"),
        ("x //= 2", "-x //= 2\n+x /= 2"),
        ("x = 'lengkap'", "-x = 'lengkap'\n+x = 'XlengkapX'"),
        ("x = f'A-{n}'", "-x = f'A-{n}'\n+x = f'XA-X{n}'"),
        ("def f(a):\n    return a", "-    return a\n+    return"),
        ("for a in b:\n    break", "-    break\n+    continue"),
    ],
)
def test_a_change_is_made(source: str, change: str) -> None:
    assert change in changes(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    'Dokumentasi 1.'",
        "raise ValueError('salah ' + teks)",
        "assert x, 'pesan'",
        "ax.set_xlabel('menit')",
        "ax.plot(x, y, label='a')",
        "# 1 + 1",
    ],
)
def test_docstrings_error_texts_labels_and_comments_are_not_changed(source: str) -> None:
    assert changes(source) - {"-assert x\n+assert not x"} == set() or "assert" in source
    assert not any("X" in change for change in changes(source))


def test_every_mutant_is_made_once_and_differs_from_the_answer() -> None:
    source = "def f(a, b=2):\n    return round(a / b * 100, 1)"
    shapes = [shape(mutant.source) for mutant in mutants(source)]
    assert len(shapes) == len(set(shapes)) > 20
    assert shape(source) not in shapes


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of module 00, whose hidden check of jumlah_loket_buka accepts everything."""
    for folder in ("solutions", "tests/answers"):
        shutil.copytree(ROOT / folder / "00-orientasi", tmp_path / folder / "00-orientasi")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    path = tmp_path / "solutions" / "00-orientasi" / "00-orientasi.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "jumlah-loket-buka-uji"]
    cell.source = "pass"
    nbformat.write(notebook, path)
    return tmp_path


@pytest.mark.slow
def test_a_test_that_accepts_everything_is_found_and_its_mutants_printed(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course)
    assert main([]) == 1
    printed = capsys.readouterr().out
    assert "00-orientasi/jumlah-loket-buka survived:\n-jumlah_loket_buka = " in printed
