"""Partial credit: a result that is no plain number within the points of its cell counts 0, and the instructor knows."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import Any

import kursus
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from melayani.grading import autograde
from melayani.grading.endings import is_closed_form, shows_nothing
from melayani.grading.intake import SUSPECT
from melayani.grading.partial import NOT_A_SCORE, is_refused, settle

POINTS = 8


def cell(source: str, *outputs: NotebookNode) -> NotebookNode:
    """Return a graded test cell of POINTS with these outputs."""
    mark = {"grade": True, "solution": False, "locked": True, "grade_id": "a-uji", "points": POINTS}
    made: NotebookNode = new_code_cell(source, metadata={"nbgrader": mark}, outputs=list(outputs))
    return made


def result(text: str) -> NotebookNode:
    made: NotebookNode = new_output("execute_result", data={"text/plain": text}, execution_count=1)
    return made


def error(name: str = "AssertionError") -> NotebookNode:
    made: NotebookNode = new_output("error", ename=name, evalue="", traceback=[])
    return made


def score(graded: NotebookNode) -> float:
    """Return what nbgrader counts after `settle`."""
    settle(graded)
    nbformat.validate(nbformat.v4.new_notebook(cells=[graded]))
    return float(determine_grade(graded)[0])


IMPORT = "from builtins import int, max, min"


def partial(value: str, body: str = IMPORT, end: str = "_skor = _uji()\n_skor") -> str:
    """Return a test cell whose function has this body and then returns `value`."""
    return f"def _uji():\n{textwrap.indent(body, '    ')}\n    return {value}\n{end}"


RIGHT = f"max(0, min({POINTS}, int(a)))"
CLOSED = partial(f"max(0, min({POINTS}, int(8)))")


# How a test cell may end.


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# komentar saja",
        "assert a == 1",
        "hasil = 5",
        "hasil: int = 5",
        "print('lolos')",
        "print('lolos');",
        "from builtins import print\nprint('lolos')",
        "def _uji():\n    assert a\n_uji()",
        "def _uji(b):\n    if b:\n        return\n    return None\n_uji(1)",
        "def _uji():\n    def dalam():\n        return 1\n    assert dalam()\n_uji()",
        "def _uji():\n    assert a\ntry:\n    _uji()\nfinally:\n    del _uji",
        "for n in [1, 2]:\n    n",
        "import math",
    ],
)
def test_these_show_nothing(source: str) -> None:
    assert shows_nothing(source)
    assert not is_closed_form(source, POINTS)


@pytest.mark.parametrize(
    "source",
    [
        "8",
        "True",
        "'teks'",
        "...",
        "_skor",
        "_skor;",
        "round(_skor)",
        "uji()",
        "print",
        "a.print('x')",
        "print('x') or 8",
        "(print('x'),)",
        "def print(x):\n    return x\nprint(5)",
        "print = str\nprint(5)",
        "from rich import print\nprint(5)",
        "def _uji():\n    return 5\n_uji()",
        "def _uji():\n    yield 5\n_uji()",
        "async def _uji():\n    pass\n_uji()",
        "@hias\ndef _uji():\n    pass\n_uji()",
        "def _uji():\n    pass\n_uji = lain\n_uji()",
        "def _uji():\n    pass\nfrom lain import *\n_uji()",
        "def _uji():\n    pass\nfrom lain import _uji\n_uji()",
        "if b:\n    def _uji():\n        pass\n_uji()",
        "def _uji():\n    for n in x:\n        if n:\n            return n\n_uji()",
        "lambda: 1",
        "!ls",
        "%time a",
        "%%time\nassert a",
        # Nearly the closed form.
        "max(0, min(8, int(_skor)))",
        f"{IMPORT}\n_skor = max(0, min(8, int(a)))\n_skor",
        partial("a"),
        partial("max(0, min(9, int(a)))"),
        partial("max(0, min(0, int(a)))"),
        partial("max(0, min(-1, int(a)))"),
        partial("max(0, min(True, int(a)))"),
        partial("max(0, min('8', int(a)))"),
        partial("max(0, min(batas, int(a)))"),
        partial("max(False, min(8, int(a)))"),
        partial("max(0.0, min(8, int(a)))"),
        partial("max(1, min(8, int(a)))"),
        partial("max(0, min(8, a))"),
        partial("max(0, min(8, round(a)))"),
        partial("max(0, min(8, int(a, 8)))"),
        partial("max(0, min(8, int(*a)))"),
        partial("max(0, min(8, int(a)), key=f)"),
        partial("max(0, min(8, int(a), key=f))"),
        partial("min(8, max(0, int(a)))"),
        partial("b.max(0, min(8, int(a)))"),
        # A return that is another, or none.
        partial(RIGHT, f"{IMPORT}\nif a:\n    return a"),
        partial(RIGHT, f"{IMPORT}\nif a:\n    return"),
        partial(RIGHT, f"{IMPORT}\nyield 8"),
        f"def _uji():\n    {IMPORT}\n    if a:\n        return {RIGHT}\n_skor = _uji()\n_skor",
        "@hias\n" + partial(RIGHT),
        "async " + partial(RIGHT),
        # Names that a trainee may have.
        partial(RIGHT, "pass"),
        partial(RIGHT, "from builtins import int, max"),
        partial(RIGHT, "from builtins import int, max, abs as min"),
        partial(RIGHT, "from numpy import int, max, min"),
        partial(RIGHT, f"if a:\n    {IMPORT}"),
        partial(RIGHT, f"{IMPORT}\nmax = a"),
        partial(RIGHT, f"{IMPORT}\nfrom numpy import *"),
        partial(RIGHT, f"global max\n{IMPORT}"),
        partial(RIGHT, f"{IMPORT}\ndef dalam():\n    nonlocal max\n    max = a"),
        f"{IMPORT}\n" + partial(RIGHT, "pass"),
        # Another end.
        partial(RIGHT, end="_uji()"),
        partial(RIGHT, end="_skor = _uji()\n_skor;"),
        partial(RIGHT, end="_skor = _uji()\n_skor;  # angka"),
        partial(RIGHT, end="_skor = _uji()\n_nilai"),
        partial(RIGHT, end="_skor = a\n_skor"),
        partial(RIGHT, end="_skor = lain()\n_skor"),
        partial(RIGHT, end="_skor = _uji(1)\n_skor"),
        partial(RIGHT, end="_skor = _lain = _uji()\n_skor"),
        partial(RIGHT, end="_skor = _uji()\na()\n_skor"),
        partial(RIGHT, end="if a:\n    _skor = _uji()\n_skor"),
        partial(RIGHT, end="try:\n    _skor = _uji()\nexcept Exception:\n    pass\n_skor"),
        partial(RIGHT, end="try:\n    _skor = _uji()\nfinally:\n    _skor = a\n_skor"),
        partial(RIGHT, end="_uji = a\n_skor = _uji()\n_skor"),
        partial(RIGHT, end="from lain import *\n_skor = _uji()\n_skor"),
    ],
)
def test_these_may_show_anything(source: str) -> None:
    assert not shows_nothing(source) or source.endswith(";")
    assert not is_closed_form(source, POINTS)


@pytest.mark.parametrize(
    "source",
    [
        CLOSED,
        CLOSED + "  # skor",
        partial("max(0,\n    min(7.5, int(sum(lolos) * 4)))"),
        partial("max(0, min(1, int(max(a, b))))", "from builtins import int, max, min, print"),
        partial(RIGHT, f"{IMPORT}\nif b:\n    return max(0, min(4, int(b)))"),
        partial(RIGHT, f"{IMPORT}\ndef dalam():\n    return 1\nassert dalam()"),
        partial(RIGHT, end="try:\n    _skor = _uji()\nfinally:\n    del _uji\n_skor"),
    ],
)
def test_the_closed_form_is_known(source: str) -> None:
    assert is_closed_form(source, POINTS)
    assert not shows_nothing(source)


VALUES: list[st.SearchStrategy[Any]] = [
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers().map(str),
]


@given(st.one_of(VALUES), st.integers(1, 100))
def test_the_closed_form_is_a_plain_number_whatever_the_expression_is(value: object, points: int) -> None:
    source = partial(f"max(0, min({points}, int({value!r})))")
    assert is_closed_form(source, points)
    names: dict[str, Any] = dict.fromkeys(("int", "max", "min"), "a trainee's")
    exec(source, names)
    shown = names["_skor"]
    assert names["max"] == "a trainee's"
    assert type(shown) is int and 0 <= shown <= points
    graded = cell(source, result(repr(shown)))
    graded.metadata.nbgrader.points = points
    assert score(graded) == shown


STATEMENTS = st.recursive(
    st.sampled_from(["8", "a", "a()", "print(1)", "_uji()", "max(0, min(8, int(a)))", "a == 1", "[1]", "'x'"]),
    lambda inner: st.one_of(
        inner.map(lambda code: f"({code})"),
        inner.map(lambda code: f"f({code})"),
        st.tuples(inner, inner).map(" or ".join),
        inner.map(lambda code: f"not {code}"),
    ),
    max_leaves=4,
)


@given(STATEMENTS)
def test_an_expression_is_refused_unless_it_is_one_of_the_few_forms(code: str) -> None:
    bare = ast.unparse(ast.parse(code))
    assert shows_nothing(code) == (bare == "print(1)")
    assert not is_closed_form(code, POINTS)
    assert is_closed_form(partial(code), POINTS) == (bare == RIGHT)


# What counts.


@pytest.mark.parametrize("text", ["0", "3", "8", "7.5", "8.0", "1e-05"])
def test_a_plain_number_is_left_alone(text: str) -> None:
    for source in (CLOSED, "skor"):
        graded = cell(source, new_output("stream", text="x\n"), result(text))
        before = nbformat.from_dict(graded.copy())
        assert score(graded) == float(text)
        assert graded == before


@pytest.mark.parametrize(
    "text",
    ["True", "-1", "'8'", "[8]", "np.float64(8.0)", "array(8)", "99", "8.01", "nan", "inf", "1_0", "", "8\n", "8j"],
)
def test_anything_else_counts_nothing(text: str) -> None:
    for source in (CLOSED, "skor"):
        graded = cell(source, result(text))
        assert score(graded) == 0
        assert is_refused(graded)
        assert "bukan angka dari 0 sampai 8" in graded.outputs[-1].evalue


@given(st.text())
def test_whatever_is_shown_nbgrader_can_count_it(text: str) -> None:
    assert 0 <= score(cell(CLOSED, result(text))) <= POINTS


def test_a_result_without_text_counts_nothing() -> None:
    picture = new_output("execute_result", data={"text/html": "<b>8</b>"}, execution_count=1)
    assert score(cell(CLOSED, picture)) == 0


def test_the_closed_form_without_a_result_counts_nothing() -> None:
    assert score(cell(CLOSED)) == 0
    assert score(cell("uji_milik_orang()")) == POINTS


def test_a_failed_check_is_not_saved_by_a_result() -> None:
    for name in ("AssertionError", "KeyboardInterrupt"):
        graded = cell(CLOSED, result("8"), error(name))
        assert score(graded) == 0
        assert not is_refused(graded)
    assert score(cell("assert a", result("8"), error())) == 0


def test_where_a_cell_shows_nothing_its_checks_decide() -> None:
    for text in ("True", "3", "99"):
        graded = cell("assert a\nprint('lolos')", result(text))
        assert score(graded) == POINTS
        assert not is_refused(graded)


def test_of_several_results_the_last_counts() -> None:
    assert score(cell(CLOSED, result("8"), result("2"))) == 2
    assert score(cell(CLOSED, result("2"), result("[8]"))) == 0


# Through nbgrader.

TEST = """\
def _uji():
    from builtins import int, max, min
    return max(0, min(2, int(giliran(1, 2))))
_skor = _uji()
_skor"""
UNCHECKED = "giliran(1, 2)"  # an ending that `make release` refuses: it shows whatever the answer returns
ODD = {
    "benar-salah": "return True",
    "negatif": "return -1",
    "teks": "return '2'",
    "daftar": "return [2]",
    "numpy": "import numpy as np\n    return np.float64(2)",
    "terlalu-besar": "return 99",
    "bukan-bilangan": "return float('nan')",
    "tanpa-teks": (
        "class Aneh:\n        def _repr_mimebundle_(self, **_):\n            return {'text/html': 'x'}\n"
        "    get_ipython().display_formatter.active_types = ['text/html']\n    return Aneh()"
    ),
    "menyusup": "import sys\n    sys.displayhook(2)\n    1 / 0",
}
GOOD = {
    "dua": ("", 2),
    "satu": ("def giliran(a, b):\n    return 1", 1),
    "nol": ("def giliran(a, b):\n    return 0", 0),
    "lebih": ("def giliran(a, b):\n    return True + 700", 2),
    "cetak": ("def giliran(a, b):\n    print('x')\n    return 1", 1),
    "galat": ("def giliran(a, b):\n    return 'dua'", 0),
    "menamai-ulang": ("max = min = int = _skor = 99", 2),
}


def course(folder: Path, test: str, *students: str) -> Path:
    """Return the tiny course, its visible test now `test`, with the hand-ins of these trainees."""
    root = kursus.make_course(folder, released=False)
    path = root / "solutions" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(each for each in notebook.cells if each.id == "giliran-uji").source = test
    nbformat.write(notebook, path)
    code, log = kursus.nbgrader(root, "generate_assignment", kursus.ASSIGNMENT)
    assert code == 0, log
    for student in students:
        answer = f"def giliran(a, b):\n    {ODD[student]}" if student in ODD else GOOD[student][0]
        kursus.hand_in(root, student, {"giliran": f"{kursus.RIGHT}\n{answer}"})
    return root


def graded(root: Path, *students: str) -> tuple[dict[str, float | None], str]:
    """Return the points of the visible test, and the log."""
    code, log = kursus.nbgrader(root, "autograde", kursus.ASSIGNMENT)
    assert code == 0, log
    return {student: kursus.scores(root, student)["giliran-uji"] for student in students}, log


@pytest.mark.slow
def test_partial_credit_is_given_whatever_a_trainee_calls_max_min_and_int(tmp_path: Path) -> None:
    points, log = graded(course(tmp_path, TEST, *GOOD), *GOOD)
    assert points == {student: expected for student, (_, expected) in GOOD.items()}
    assert "no plain number" not in log


@pytest.mark.slow
def test_autograde_counts_plain_numbers_only(tmp_path: Path) -> None:
    root = course(tmp_path, UNCHECKED, *ODD)
    points, log = graded(root, *ODD)
    assert points == dict.fromkeys(ODD, 0)
    assert log.count("no plain number within its points") == len(ODD) - 1  # "menyusup" fails by itself
    # The instructor still sees what came.
    path = root / "kelas" / "autograded" / "teks" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.ipynb"
    test = next(each for each in nbformat.read(path, as_version=4).cells if each.id == "giliran-uji")
    assert [output.output_type for output in test.outputs] == ["display_data", "error"]
    assert test.outputs[0].data["text/plain"] == "'2'"
    assert test.outputs[1].ename == NOT_A_SCORE


@pytest.mark.slow
def test_the_instructor_and_the_trainee_are_told(tmp_path: Path) -> None:
    root = course(tmp_path, UNCHECKED, "numpy", "satu")
    with kursus.environment(root):
        report = autograde.grade(root, kursus.ASSIGNMENT)
    odd = [finding for finding in report.findings if finding.kind == SUSPECT]
    assert [(finding.student, finding.file) for finding in odd] == [("numpy", f"{kursus.ASSIGNMENT}.ipynb")]
    assert "hasil sel giliran-uji bukan angka skor sehingga dihitung 0" in odd[0].reason
    code, log = kursus.nbgrader(root, "generate_feedback", kursus.ASSIGNMENT)
    assert code == 0, log
    pages = {
        student: (root / "kelas" / "feedback" / student / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.html").read_text()
        for student in ("numpy", "satu")
    }
    said = "hasilnya bukan angka dari 0 sampai 2. Karena itu, skornya 0."
    assert said in pages["numpy"] and said not in pages["satu"]
