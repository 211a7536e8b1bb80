"""`make release` refuses, naming notebook and cell, what nbgrader lets through in the source of an assignment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kursus
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from melayani.authoring import names, release
from melayani.authoring.shape import shape_problems
from melayani.authoring.source import HIDDEN_LINE, course_problems, source_problems
from melayani.course import assignments
from melayani.grading.endings import parse

ROOT = kursus.REPOSITORY
PICTURE = "iVBORw0KGgo="


@pytest.mark.parametrize("name", assignments(ROOT))
def test_the_assignments_of_this_course_are_sound(name: str) -> None:
    assert course_problems(ROOT / "solutions" / name) == []


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> list[str]:
    """Return the problems of the tiny course's assignment after `change` of its cells by id."""
    source = folder / "solutions" / kursus.ASSIGNMENT
    source.mkdir(parents=True)
    notebook = json.loads(json.dumps(kursus.source_notebook()))
    change({cell["id"]: cell for cell in notebook["cells"]})
    (source / f"{kursus.ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return source_problems(source)


def mark(cell: dict[str, Any]) -> dict[str, Any]:
    return cell["metadata"]["nbgrader"]  # type: ignore[no-any-return]


def write(cell_id: str, old: str, new: str) -> Callable[[dict[str, Any]], object]:
    def change(cells: dict[str, Any]) -> None:
        source = "".join(cells[cell_id]["source"])
        assert old in source
        cells[cell_id]["source"] = source.replace(old, new)

    return change


def test_the_tiny_course_is_sound(tmp_path: Path) -> None:
    assert changed(tmp_path, lambda cells: None) == []


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    # 1. Markers: tests/test_markers.py; here that each cell is looked at, and where a region may stand.
    "marker in plain text": (write("judul", "contoh", "contoh\n### BEGIN SOLUTON"), "cell 1 (judul), line 2"),
    "solution in a test": (
        write("giliran-uji", "assert giliran", "### BEGIN SOLUTION\n### END SOLUTION\nassert giliran"),
        "cell 4 (giliran-uji): a SOLUTION region belongs in an answer cell",
    ),
    "hidden tests in an answer": (
        write("giliran", "# Jawaban", "### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS\n# Jawaban"),
        "cell 3 (giliran): a HIDDEN TESTS region belongs in a graded test cell",
    ),
    "hidden tests in a manual answer": (
        write("alasan", "**Jawaban", "### BEGIN HIDDEN TESTS\nx\n### END HIDDEN TESTS\n**Jawaban"),
        "cell 6 (alasan): a HIDDEN TESTS region belongs in a graded test cell",
    ),
    "rubric in a manual answer": (
        write("alasan", "**Jawaban", "### BEGIN MARK SCHEME\nx\n### END MARK SCHEME\n**Jawaban"),
        "cell 6 (alasan): a MARK SCHEME region belongs in a task cell",
    ),
    # 2. Pictures.
    "picture attached to a manual answer": (
        lambda cells: cells["alasan"].update(attachments={"a.png": {"image/png": PICTURE}}),
        "cell 6 (alasan): the attachment 'a.png' is part of a reference answer",
    ),
    "picture outside the region of an answer": (
        write("alasan", "**Jawaban", "![x](data:image/png;base64,AAAA)\n**Jawaban"),
        "cell 6 (alasan): a picture outside the solution region is shipped",
    ),
    "picture attached to a rubric": (
        lambda cells: (
            cells["usul"].update(attachments={"a.png": {"image/png": PICTURE}}),
            write("usul", "Rubrik", '<img src="attachment:a.png">\nRubrik')(cells),
        ),
        "cell 7 (usul): the attachment 'a.png' would be shipped, but no text outside a region shows it",
    ),
    # 3. Results; the many forms are in tests/test_partial.py.
    "result that may be anything": (
        write("giliran-uji-tersembunyi", "### END", "giliran(1, 1)\n### END"),
        "cell 5 (giliran-uji-tersembunyi): its last line shows a value",
    ),
    "partial credit above the points": (
        write(
            "giliran-uji",
            "assert giliran",
            "def _uji():\n    from builtins import int, max, min\n    return max(0, min(3, int(2)))\n"
            "_skor = _uji()\n_skor\n#",
        ),
        "each return of _uji is max(0, min(POINTS, int(EXPRESSION))), POINTS a literal of at most 2",
    ),
    # 4. and 5. Ids and names.
    "doubled grade id": (
        lambda cells: mark(cells["giliran-uji"]).update(grade_id="giliran"),
        "the grade_id 'giliran' stands there twice, in cells 3 and 4",
    ),
    "grade id with capitals": (
        lambda cells: mark(cells["giliran-uji"]).update(grade_id="Giliran uji"),
        "cell 4 (giliran-uji): the grade_id is not made of words",
    ),
    # 7. Points.
    **{
        f"points {points!r}": (
            lambda cells, points=points: mark(cells["giliran-uji"]).update(points=points),  # type: ignore[misc]
            f"cell 4 (giliran-uji): a graded cell gives a number of points above 0, not {points!r}",
        )
        for points in (0, -1, True, "2", None, float("nan"), float("inf"))
    },
    "no points": (lambda cells: mark(cells["alasan"]).pop("points"), "cell 6 (alasan): a graded cell gives a number"),
    "task without points": (lambda cells: mark(cells["usul"]).pop("points"), "cell 7 (usul): a graded cell gives"),
    "task that is not locked": (lambda cells: mark(cells["usul"]).update(locked=False), "cell 7 (usul): a task cell"),
    "answer without tests": (
        lambda cells: (
            [mark(cells[name]).update(grade=False) for name in ("giliran-uji", "giliran-uji-tersembunyi")]
            and write("giliran-uji-tersembunyi", kursus.HIDDEN, "x = 1")(cells)
        ),
        "cell 3 (giliran): an answer cell without a test below it",
    ),
    # 8. Stubs and hidden tests.
    "stub for an answer": (
        write("giliran", "return orang * menit", "..."),
        "cell 3 (giliran): ... stands in the reference answer: it is still the stub",
    ),
    "comment for an answer": (write("giliran", kursus.RIGHT, "# nanti"), "cell 3 (giliran): there is no reference"),
    "answer without a region": (
        lambda cells: cells["giliran"].update(source=kursus.RIGHT),
        "cell 3 (giliran): an answer cell without ### BEGIN SOLUTION",
    ),
    "empty manual answer": (
        write("alasan", "Setiap orang dilayani sendiri.", " "),
        "cell 6 (alasan): there is no reference answer",
    ),
    "stub with a name that the answer lacks": (
        write("giliran", "BEGIN SOLUTION", "BEGIN SOLUTION: giliran, menit"),
        "cell 3 (giliran): the stub shows menit, which the reference answer does not make",
    ),
    "hidden test without its line": (
        write("giliran-uji-tersembunyi", HIDDEN_LINE + "\n", ""),
        "cell 5 (giliran-uji-tersembunyi): a test cell with a hidden region shows this line, and nothing else",
    ),
    "hidden test that tells more": (
        write("giliran-uji-tersembunyi", HIDDEN_LINE, HIDDEN_LINE + "\nrahasia = 23"),
        "cell 5 (giliran-uji-tersembunyi): a test cell with a hidden region shows this line, and nothing else",
    ),
    "test that checks nothing": (
        lambda cells: cells["giliran-uji"].update(source="# Uji contoh"),
        "cell 4 (giliran-uji): a graded test cell without a check gives its points to everybody",
    ),
    "hidden test that checks nothing": (
        lambda cells: cells["giliran-uji-tersembunyi"].update(
            source=f"{HIDDEN_LINE}\n### BEGIN HIDDEN TESTS\n# nanti\n### END HIDDEN TESTS"
        ),
        "cell 5 (giliran-uji-tersembunyi): a graded test cell without a check",
    ),
    "code that is none": (write("giliran-uji", "assert", "asert"), "cell 4 (giliran-uji): Python can't read it"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_where_it_stands(what: str, tmp_path: Path) -> None:
    change, message = REFUSED[what]
    found = changed(tmp_path, change)
    assert len([problem for problem in found if message in problem]) == 1, found
    assert all("01-contoh.ipynb" in problem for problem in found)


def test_the_release_command_refuses_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = kursus.make_course(tmp_path, released=False)
    monkeypatch.chdir(root)
    assert release.main([]) == 1
    assert "it gives 14 points, not 100" in capsys.readouterr().err
    assert not (root / "assignments").exists()


# Files that would be shipped.


@pytest.mark.parametrize(
    ("file", "shown", "fine"),
    [
        ("kunci.png", "", False),
        ("kunci.png", "![a](kunci.png)", True),
        ("kunci.png", "![a](bukankunci.png)", False),
        ("data/antrean.csv", "Baca `data/antrean.csv`.", True),
        ("data/antrean.csv", "Semua berkas di folder `data`.", True),
        ("data/antrean.csv", "Semua data ada.", False),
        ("alat.py", "from alat import buka", True),
        ("alat.py", "Pakailah alat itu.", False),
        ("lama/kunci.ipynb", "Lihat `lama/kunci.ipynb`.", False),
        ("Data 1.csv", "Baca `Data 1.csv`.", False),
    ],
)
def test_a_file_is_shipped_only_if_trainees_are_told_of_it(file: str, shown: str, fine: bool, tmp_path: Path) -> None:
    source = tmp_path / "solutions" / kursus.ASSIGNMENT
    (source / file).parent.mkdir(parents=True)
    (source / file).write_bytes(b"x")
    (source / ".ipynb_checkpoints").mkdir()
    (source / ".ipynb_checkpoints" / "x.ipynb").write_bytes(b"x")
    notebook = kursus.source_notebook()
    cells = {cell.id: cell for cell in notebook.cells}
    cells["judul"].source += f"\n{shown}"
    # What only an answer, a hidden test or a rubric names is not told.
    for cell_id, kind in {
        "giliran": "SOLUTION",
        "giliran-uji-tersembunyi": "HIDDEN TESTS",
        "usul": "MARK SCHEME",
    }.items():
        line = f"### END {kind}"
        cells[cell_id].source = cells[cell_id].source.replace(line, f"# ![a]({file})\n{line}")
    path = source / f"{kursus.ASSIGNMENT}.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    found = source_problems(source)
    assert found == [] if fine else found and all(str(source / file) in problem for problem in found)


# Names that a later item reassigns.


def notebook(*items: tuple[str, str, str]) -> list[NotebookNode]:
    """Return the cells of items, each given, answered and tested by one cell."""
    cells = []
    for number, (above, answer, test) in enumerate(items, 1):
        for part, source, values in (
            ("masukan", above, {"locked": True}),
            ("jawaban", answer, {"solution": True}),
            ("uji", test, {"grade": True, "locked": True}),
        ):
            plain = {"grade": False, "solution": False, "grade_id": f"soal-{number}-{part}", **values}
            cells.append(new_code_cell(source, metadata={"nbgrader": plain}))
    return list(new_notebook(cells=cells).cells)


FIRST = ("lama = 5", "jam = lama // 60", "assert jam == 0")


@pytest.mark.parametrize(
    ("first", "later", "name"),
    [
        (FIRST, ("jam = 3", "", ""), "jam"),
        (FIRST, ("", "jam = 3", ""), "jam"),
        (FIRST, ("", "", "jam = 3"), "jam"),
        (FIRST, ("", "jam += 3", ""), "jam"),
        (FIRST, ("", "def jam():\n    pass", ""), "jam"),
        (FIRST, ("", "class jam:\n    pass", ""), "jam"),
        (FIRST, ("", "import time as jam", ""), "jam"),
        (FIRST, ("", "from waktu import jam", ""), "jam"),
        (FIRST, ("", "for jam in range(3):\n    pass", ""), "jam"),
        (FIRST, ("", "with open('x') as jam:\n    pass", ""), "jam"),
        (FIRST, ("", "if (jam := 3):\n    pass", ""), "jam"),
        (FIRST, ("", "menit, jam = 1, 2", ""), "jam"),
        (FIRST, ("", "jam: int = 3", ""), "jam"),
        (FIRST, ("", "", "del jam"), "jam"),
        (FIRST, ("", "def f():\n    global jam\n    jam = 3", ""), "jam"),
        (("lama = 5", "", "assert lama == 5"), ("lama = 7", "", ""), "lama"),
        (("", "", "def _uji():\n    assert jam == 0\n_uji()"), ("", "jam = 1", ""), "jam"),
        (("", "", "assert 'jam' in globals()"), ("", "jam = 1", ""), "jam"),
        (("", "", "assert globals().get('jam') == 3"), ("", "jam = 1", ""), "jam"),
        (("", "", "assert globals()['jam'] == 3"), ("", "jam = 1", ""), "jam"),
        (("", "", "assert [jam for n in range(3)]"), ("", "jam = 1", ""), "jam"),
        (("", "", "class _T:\n    nilai = jam"), ("", "jam = 1", ""), "jam"),
        (("", "", "jam = jam + 1\nassert jam"), ("", "jam = 1", ""), "jam"),
        (("", "", "try:\n    jam\nexcept NameError:\n    jam = 0"), ("", "jam = 1", ""), "jam"),
        (("", "", "if jam:\n    jam = 0"), ("", "jam = 1", ""), "jam"),
        (("", "", "for jam in jam:\n    pass"), ("", "jam = 1", ""), "jam"),
        (("", "", "assert sum([1]) == 1"), ("", "sum = 1", ""), "sum"),
        (("", "import math", "assert math.pi"), ("", "import cmath as math", ""), "math"),
        (("", "def giliran():\n    return tarif", "assert giliran()"), ("tarif = 3", "", ""), "tarif"),
        (("", "import math\ndef f():\n    return math.pi", "assert f()"), ("", "math = 3", ""), "math"),
    ],
)
def test_a_tested_name_keeps_its_meaning(first: tuple[str, str, str], later: tuple[str, str, str], name: str) -> None:
    ((again, test, found),) = names.reassigned(notebook(first, ("", "", "assert True"), later))
    assert (found, test) == (name, 3)
    assert again == 7 + next(place for place, source in enumerate(later) if source)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (FIRST, ("lama = 7", "menit = 3", "assert menit")),  # an input that no test reads
        (FIRST, ("", "def f():\n    jam = 3", "")),  # local
        (FIRST, ("", "f = lambda jam: jam", "")),
        (FIRST, ("", "[jam for jam in range(3)]", "")),
        (FIRST, ("", "print(jam)", "assert jam == 0")),
        (FIRST, ("", "waktu.jam = 3", "")),
        (("", "import math", "assert math.pi"), ("", "import math", "")),
        (("", "from math import ceil", "assert ceil(1)"), ("", "from math import ceil", "")),
        (("", "import numpy as np", "assert np.pi"), ("", "import numpy as np", "")),
        (("", "", "assert int(1)"), ("", "", "from builtins import int\nassert int(1)")),
        # What a test has made itself.
        (("", "", "def _uji():\n    assert True\n_uji()\ndel _uji"), ("", "", "def _uji():\n    pass\n_uji()")),
        (("", "", "def _a():\n    return _b()\ndef _b():\n    pass\n_a()"), ("", "", "def _b():\n    pass")),
        (("", "", "import math\nassert math.pi"), ("", "math = 3", "")),
        (("", "", "for n in [1]:\n    assert n"), ("", "n = 3", "")),
        (
            ("", "", "try:\n    n = 1\n    assert n\nexcept OSError as e:\n    print(e)\nfinally:\n    del n"),
            ("", "n = e = 3", ""),
        ),
        (("", "", "match 1:\n    case n if n:\n        assert n"), ("", "n = 3", "")),
        (("", "", "_skor = _uji()\n_skor"), ("", "", "_skor = _uji()\n_skor")),
        # An answer that is run again in a namespace of its own.
        (
            ("lama = 5", "", "(jam,) = jalankan_ulang('soal', {'lama': 7}, 'jam')\nassert jam == 0\ndel jam"),
            ("lama = 7", "jam = 3", ""),
        ),
        (("", "", ""), ("jam = 3", "", "")),
    ],
)
def test_other_names_are_free(first: tuple[str, str, str], later: tuple[str, str, str]) -> None:
    assert names.reassigned(notebook(first, ("", "", "assert True"), later)) == []


@given(
    st.lists(st.tuples(*[st.sampled_from(["", "a = 1", "b = 1", "a = b = 2", "a += b"])] * 2), min_size=1, max_size=4)
)
def test_an_item_may_assign_its_own_names_as_often_as_it_likes(items: list[tuple[str, str]]) -> None:
    found = names.reassigned(notebook(*[(given_cell, answer, "assert a == b") for given_cell, answer in items]))
    bound = [
        {name for source in item for name in "ab" if f"{name} =" in source or f"{name} +=" in source} for item in items
    ]
    assert {name for _, _, name in found} == set().union(*bound[1:])


@given(st.sampled_from(["x", "f(x)", "[x for y in z]", "lambda: x", "(y := x)", "{x: 1}", "f'{x}'", "x[0]", "x.y"]))
def test_every_way_to_read_is_seen(code: str) -> None:
    for source in (code, f"assert {code}", f"def f():\n    return {code}", f"for _ in q:\n    {code}"):
        assert "x" in names.reads(parse(source))
        assert "x" not in names.reads(parse(f"x = 1\n{source}"))


def test_an_item_ends_with_its_last_test() -> None:
    cells = notebook(FIRST, FIRST, FIRST)
    assert [[number for number, _ in item.cells] for item in names.items(cells)] == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def test_a_reassigned_name_is_refused_with_both_cells(tmp_path: Path) -> None:
    folder = tmp_path / "01-contoh"
    folder.mkdir()
    made = kursus.source_notebook()
    second = [json.loads(json.dumps(cell)) for cell in made.cells[2:5]]
    for cell in second:
        cell["id"] = mark(cell)["grade_id"] = cell["id"].replace("giliran", "kedua")
    made.cells += second
    (folder / "01-contoh.ipynb").write_text(json.dumps(made), encoding="utf-8")
    (problem,) = source_problems(folder)
    assert "cell 8 (kedua): it gives giliran another meaning, but cell 5 (giliran-uji-tersembunyi) tests" in problem


# The shape of this course's assignments.


def course_cells(*items: tuple[str, int | None, int | None], manual: int = 0) -> list[NotebookNode]:
    """Return items as (id, points of the visible test, points of the hidden one), and a manual one."""
    cells = []
    for name, visible, hidden in items:
        marks: list[tuple[str, dict[str, object]]] = [(name, {"solution": True})]
        if visible is not None:
            marks.append((f"{name}-uji", {"grade": True, "points": visible}))
        if hidden is not None:
            marks.append((f"{name}-uji-tersembunyi", {"grade": True, "points": hidden}))
        for grade_id, values in marks:
            source = kursus.HIDDEN if grade_id.endswith("tersembunyi") else "x = 1"
            cells.append(new_code_cell(source, id=grade_id, metadata={"nbgrader": {"grade_id": grade_id, **values}}))
    if manual:
        both = {"grade_id": "alasan", "grade": True, "solution": True, "points": manual}
        cells.append(new_code_cell("", id="alasan", metadata={"nbgrader": both}))
    return cells


def shape(module: str, *items: tuple[str, int | None, int | None], manual: int = 0) -> list[str]:
    return shape_problems(Path(f"{module}-x.ipynb"), course_cells(*items, manual=manual))


SIX = [(f"soal-{n}", 6, 9) for n in range(4)] + [(f"soal-{n}", 8, 12) for n in (4, 5)]


def test_right_shapes_pass() -> None:
    assert shape("01", *SIX) == []
    assert shape("05", *SIX[:4], ("soal-4", 4, 6), ("soal-5", 4, 6), manual=20) == []
    assert shape("00", ("a", 5, None), ("b", 5, None), manual=10) == []
    assert shape("13", ("a", 30, None), manual=70) == []


@pytest.mark.parametrize(
    ("module", "items", "message"),
    [
        ("01", SIX[:5], "80 points, not 100"),
        ("00", SIX, "100 points, not 20"),
        ("01", [*SIX[:5], ("soal-5", 12, 8)], "soal-5-uji gives 12 and soal-5-uji-tersembunyi 8 points"),
        ("02", [*SIX[:5], ("soal-5", 20, None)], "soal-5-uji has no soal-5-uji-tersembunyi"),
        ("02", [*SIX[:5], ("soal-5", None, 20)], "soal-5-uji-tersembunyi has no soal-5-uji"),
        ("02", [("a", 20, 30), ("b", 20, 30)], "its items give [50, 50] points"),
        ("01", [*SIX, ("soal-6", None, None)], "cell 19 (soal-6): an answer cell without its tests; add soal-6-uji"),
        ("00", [("a", 5, 15)], "cell 3 (a-uji-tersembunyi): a graded test cell is called x-uji, where"),
    ],
)
def test_other_shapes_are_refused(module: str, items: list[tuple[str, int | None, int | None]], message: str) -> None:
    found = shape(module, *items)
    assert [problem for problem in found if message in problem], found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda cells: cells[1].metadata.nbgrader.update(grade_id="uji-1"), "cell 2 (soal-0-uji): a graded test cell"),
        (lambda cells: cells.pop(0), "cell 1 (soal-0-uji): there is no answer cell soal-0"),
        (
            lambda cells: cells[2].update(source="assert x"),
            "a hidden test without a HIDDEN TESTS region would be shipped",
        ),
        (lambda cells: cells[1].update(source=kursus.HIDDEN), "cell 2 (soal-0-uji): a HIDDEN TESTS region belongs in"),
    ],
)
def test_other_cells_are_refused(change: Callable[[list[NotebookNode]], object], message: str) -> None:
    cells = course_cells(*SIX)
    change(cells)
    found = shape_problems(Path("01-x.ipynb"), cells)
    assert [problem for problem in found if message in problem], found
