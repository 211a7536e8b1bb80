"""Hostile hand-ins among honest ones, graded for real: none gains, none reads, none hurts another, nothing stays.

What stock nbgrader makes of the same hand-ins stands in docs/grading-safety.md (`make hostile` measures it).
"""

from __future__ import annotations

import builtins
import math
import time
from pathlib import Path

import hostile_class
import hostile_table
import nbformat
import pytest
from hostile_class import CASES, HONEST, ITEMS, Case, Outcome
from nbgrader.api import Gradebook
from nbgrader.utils import is_solution

from melayani.authoring.answers import read_answers
from melayani.grading.runner.integrity import snapshot
from melayani.grading.runner.job import Cell
from melayani.grading.runner.suspicions import suspicions

ROOT = Path(__file__).resolve().parent.parent
ALL = hostile_class.cases()
MOST_BYTES = 24 << 20  # of what one hand-in leaves in the class

pytestmark = pytest.mark.slow  # one large class


class Graded:
    """The class after grading: what was told, and what became of each."""

    def __init__(self, folder: Path) -> None:
        self.root = hostile_class.make_class(folder, hostile_class.QUICKLY)
        self.before = self._kept()
        self.told = hostile_class.grade_here(self.root, ALL)
        self.after = self._kept()

    def of(self, student: str) -> Outcome:
        return hostile_class.outcome(self.root, student, self.told)

    def _kept(self) -> dict[str, bytes]:
        """Return the bytes that no hand-in may change."""
        places = [self.root / "solutions", self.root / "assignments", self.root.parent / "rumah"]
        files = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
        return {str(path.relative_to(self.root.parent)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return Graded(tmp_path_factory.mktemp("kelas"))


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_hostile_hand_in_earns_what_it_answered_and_is_reported(graded: Graded, case: Case) -> None:
    found = graded.of(case.name)
    assert found.scores == case.scores
    for phrase in case.reported:
        assert any(phrase in line for line in found.told), f"nothing about {phrase!r} in {found.told}"
    assert found.secrets == []
    folder = graded.root / "kelas" / "autograded" / case.name
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < MOST_BYTES


@pytest.mark.parametrize("student", HONEST)
def test_an_honest_trainee_beside_them_loses_nothing_and_is_not_suspected(graded: Graded, student: str) -> None:
    found = graded.of(student)
    assert found.scores == ITEMS
    assert not [line for line in found.told if f"] {student} " in line and line.startswith("[")]


def test_nothing_is_left_behind_or_changed(graded: Graded) -> None:
    assert hostile_class.left_behind(graded.root) == []
    assert {name: graded.after.get(name) for name in graded.before} == graded.before
    with Gradebook(f"sqlite:///{graded.root / 'kelas' / 'gradebook.db'}", "melayani") as book:
        assert book.find_student("0001").first_name == hostile_class.SECRETS["gradebook"]
        assert {cell.max_score for cell in book.find_assignment(hostile_class.ASSIGNMENT).notebooks[0].grade_cells} == {
            points for kind, points, _ in hostile_class.CELLS.values() if kind in ("test", "hidden")
        }


def test_these_looks_see_what_happens_where_nothing_protects(tmp_path: Path) -> None:
    hostile_class.make_class(tmp_path)
    names = ("equal-int", "read-home", "transformer-of-trees")
    found = hostile_table.stock(tmp_path, [case for case in ALL if case.name in names])
    for name in ("equal-int", "transformer-of-trees"):
        assert found[name]["scores"]["giliran"] == ITEMS["giliran"]
    assert "read-home home" in found["read-home"]["secrets"]


def test_every_case_says_what_it_tries_and_no_two_are_the_same() -> None:
    assert len(ALL) >= 45
    assert len({case.tries for case in ALL}) == len(ALL)
    assert {path.stem for path in CASES.iterdir()} == {case.name for case in ALL}


HONEST_CODE = [
    *[
        (f"{path.stem}: {answer.title}", answer.source)
        for path in sorted(ROOT.glob("tests/answers/*/*.py"))
        for answer in read_answers(path)
    ],
    *[
        (f"{path.stem} {cell.id}", cell.source)
        for path in [*sorted(ROOT.glob("course/*/*.ipynb")), *sorted(ROOT.glob("solutions/*/*.ipynb"))]
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and ("course" in path.parts or is_solution(cell))
    ],
]


def test_code_of_beginners_is_never_suspected() -> None:
    assert len(HONEST_CODE) > 300
    told = {name: [report.text for report in suspicions([Cell(source)])] for name, source in HONEST_CODE}
    assert {name: texts for name, texts in told.items() if texts} == {}


def test_code_that_the_assignment_gives_is_not_suspected() -> None:
    given = "import sys\nsys.settrace(None)"
    assert [report.text for report in suspicions([Cell(given, name="alat")], [given])] == []
    assert [report.text for report in suspicions([Cell(given, name="alat")])] == [
        "Sel alat memakai sys.settrace, yang mengubah cara Python menjalankan kode."
    ]


def test_a_look_at_an_untouched_python_finds_nothing_and_is_quick() -> None:
    before = snapshot()
    start = time.perf_counter()
    assert before.changes() == []
    assert time.perf_counter() - start < 0.05  # measured: 0.3 ms


def test_what_was_changed_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot()
    real = math.isclose
    monkeypatch.setattr(math, "isclose", lambda *_: True)
    before.put_back()
    assert math.isclose is real
    assert before.changes() == []


def test_a_look_never_raises_whatever_was_done_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot()
    monkeypatch.setattr(math, "isclose", lambda *_: True)
    assert before.changes() == ["Isi modul math diubah: isclose."]
    real = builtins.getattr
    try:
        builtins.getattr = None  # type: ignore[assignment]
        told = before.changes()
    finally:
        builtins.getattr = real
    assert told == ["Pemeriksaan keadaan Python tidak dapat dijalankan karena kode mengubah dasar-dasar Python."]
