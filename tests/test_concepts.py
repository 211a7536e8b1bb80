"""The concept order: nothing is used before a lesson introduces it."""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from melayani.authoring import concepts, notebooks
from melayani.authoring.concept_order import in_order, problems
from melayani.authoring.concepts import CONSTRUCTS, MAPPED, Names, UnknownConstruct, is_concept, used

ROOT = Path(__file__).resolve().parent.parent
NEWER = {
    "type alias": (3, 12),
    "type parameter": (3, 12),
    "template string": (3, 14),
}
# Kinds of node that today's parsers no longer make, and groups of kinds.
OBSOLETE = {
    "AugLoad",
    "AugStore",
    "Bytes",
    "Ellipsis",
    "ExtSlice",
    "Index",
    "NameConstant",
    "Num",
    "Param",
    "Str",
    "Suite",
}
GROUPS = {"boolop", "cmpop", "excepthandler", "expr", "expr_context", "mod", "operator", "pattern", "slice", "stmt"}
GROUPS |= {"type_ignore", "type_param", "unaryop"}


def words(source: str) -> set[str]:
    return {word for word, _ in used(source)}


# The course.


@pytest.fixture(scope="module")
def found() -> list[str]:
    return problems(ROOT)


@pytest.mark.parametrize("path", [notebook.path for notebook in in_order(ROOT)])
def test_nothing_is_used_before_it_is_taught(path: str, found: list[str]) -> None:
    here = [problem for problem in found if problem.startswith(f"{path}: ")]
    assert not here, "\n".join(here)


def test_every_lesson_of_a_module_and_its_assignment_is_read_in_order() -> None:
    paths = [ROOT / notebook.path for notebook in in_order(ROOT)]
    expected = {path for path in notebooks.committed(ROOT) if path.parent.name[:2].isdecimal()}
    assert set(paths) == expected
    assert [path.parent.name for path in paths] == sorted(path.parent.name for path in paths)


# The vocabulary.


@pytest.mark.parametrize("word", CONSTRUCTS)
def test_each_construct_is_seen_in_its_example(word: str) -> None:
    if sys.version_info < NEWER.get(word, (3, 11)):
        with pytest.raises(SyntaxError):
            used(CONSTRUCTS[word])
        return
    assert word in words(CONSTRUCTS[word])
    assert all(is_concept(each) for each in words(CONSTRUCTS[word]))


def kinds(above: type[ast.AST] = ast.AST) -> set[str]:
    return {name for kind in above.__subclasses__() for name in {kind.__name__, *kinds(kind)}}


def test_every_kind_of_syntax_has_a_name() -> None:
    assert kinds() - OBSOLETE - GROUPS <= MAPPED


def test_syntax_without_a_name_is_refused_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(concepts.PLAIN, "Pass")
    with pytest.raises(UnknownConstruct, match="line 2: Pass has no name"):
        used("if x:\n    pass")


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))))
def test_any_python_is_read_and_every_word_is_a_concept(path: Path) -> None:
    source = path.read_text("utf-8")
    found = used(source)
    lines = source.count("\n") + 1
    assert all(1 <= line <= lines for _, line in found)
    assert [line for _, line in found] == sorted(line for _, line in found)
    # A module from outside the standard library is no concept of this course, nor is what is taken from it.
    imported = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names
    }
    unknown = {word for word, _ in found if not (is_concept(word) or "." in word or word.startswith("_"))}
    assert unknown <= imported


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("len(antrean)", {"len"}),
        ("antrean", set()),
        ("max = 3\nmax", {"=", "int literal"}),
        ("max(max)\nmax = 1", {"max", "=", "int literal"}),
        ("def f(max):\n    max\nmin", {"def", "parameter", "min"}),
        ("def f():\n    max = 1\nmax", {"def", "=", "int literal", "max"}),
        ("def f():\n    global max\n    max = 1\nmax", {"def", "global", "=", "int literal"}),
        ("[sum for sum in a]\nmax", {"list comprehension", "max"}),
        ("lambda len: len", {"lambda", "parameter"}),
        ("raise ValueError", {"raise", "ValueError"}),
        ("import math\nmath.ceil(x)", {"import", "math", "math.ceil"}),
        ("import numpy as np\nnp.random.default_rng", {"import", "import as", "numpy", "numpy.random.default_rng"}),
        ("import os.path\nos.path.join", {"import", "os.path", "os.path.join"}),
        ("from math import ceil as atas\natas", {"from import", "import as", "math.ceil"}),
        ("from datetime import date\ndate.today()", {"from import", "datetime.date", "datetime.date.today"}),
        ("math = 1\nmath.real", {"=", "int literal", ".real"}),
        ("teks.strip().upper()", {".strip", ".upper"}),
        ("f'{x:>{n}}'", {"f-string", "format spec"}),
        ("f'a\\n{x}'", {"f-string", "\\n"}),
        ("r'\\n'", {"str literal", "raw string"}),
        ('def f():\n    """Hitung."""', {"def", "docstring"}),
        ("a is None", {"is None"}),
        ("if a:\n    b\nelse:\n    if c:\n        d", {"if", "else"}),
        ("if a:\n    b\nelif c:\n    d", {"if", "elif"}),
        ("a[0, 1:2]", {"indexing", "several indices", "slicing", "int literal"}),
        ("for a, b in c:\n    d", {"for", "unpacking"}),
        ("%matplotlib inline", {"magic", "str literal"}),
        ("x?", {"magic", "str literal"}),
        ("", set()),
    ],
)
def test_a_cell_uses(source: str, expected: set[str]) -> None:
    assert words(source) == expected


def test_names_are_carried_from_cell_to_cell() -> None:
    names = Names()
    used("import math as m\nmin = 1", names)
    assert {word for word, _ in used("m.floor(min)", names)} == {"math.floor"}
    used("m = 1", names)
    assert {word for word, _ in used("m", names)} == set()


def test_a_use_has_its_line() -> None:
    assert used("\n \n# Teks\nb.upper(\n    len(c))") == [("comment", 3), (".upper", 4), ("len", 5)]


# What is refused.


def code(source: str, *introduces: str, **metadata: Any) -> Any:
    cell = new_code_cell(source, metadata=metadata)
    if introduces:
        cell.metadata["melayani"] = {"memperkenalkan": list(introduces)}
    return cell


def text(source: str, *introduces: str, reads: tuple[str, ...] = ()) -> Any:
    about = {"memperkenalkan": list(introduces), "membaca": list(reads)}
    return new_markdown_cell(source, metadata={"melayani": about})


def solution(source: str) -> Any:
    return code(source, nbgrader={"solution": True, "locked": False})


def locked(source: str) -> Any:
    return code(source, nbgrader={"solution": False, "locked": True})


Check = Callable[..., list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """A function that writes a course of {path: cells} and returns its problems; cells are named a, b, c."""

    def problems_of(course: dict[str, list[Any]]) -> list[str]:
        for name, cells in course.items():
            for letter, cell in zip("abcdefgh", cells, strict=False):
                if len(cell.id) == 8 and not cell.id.endswith("-uji"):
                    cell.id = letter
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(notebooks.dumps(new_notebook(cells=cells)), "utf-8")
        return problems(tmp_path)

    return problems_of


ONE, TWO = "course/01-nilai/1-angka.ipynb", "course/02-fungsi/1-fungsi.ipynb"
TASK = "solutions/01-nilai/01-nilai.ipynb"


def test_what_an_earlier_lesson_or_cell_or_the_cell_itself_introduces_may_be_used(check: Check) -> None:
    course = {
        ONE: [code("len(a)", "len"), text("Fungsi `abs`.", "abs"), code("abs(a)")],
        TASK: [locked("len(a)"), solution("abs(a)")],
        TWO: [code("abs(len(a))")],
    }
    assert check(course) == []


def test_a_construct_used_too_early_in_a_lesson(check: Check) -> None:
    course = {ONE: [code("a\n[b for b in a]")], TWO: [text("x"), code("[b for b in a]", "list comprehension")]}
    assert check(course) == [
        f"{ONE}: cell 1 (a), line 2: 'list comprehension' is used, but {TWO}: cell 2 (b) introduces it"
    ]


def test_an_earlier_cell_of_the_same_notebook_is_too_early(check: Check) -> None:
    found = check({ONE: [code("len(a)"), code("len(a)", "len")]})
    assert found == [f"{ONE}: cell 1 (a), line 1: 'len' is used, but {ONE}: cell 2 (b) introduces it"]


def test_a_method_used_too_early(check: Check) -> None:
    assert check({ONE: [code("a.upper()")]}) == [
        f"{ONE}: cell 1 (a), line 1: '.upper' is used, but no lesson introduces it"
    ]


def test_methods_are_followed_up_to_module_06_and_modules_everywhere(check: Check) -> None:
    assert check({"course/07-aduan/1-tabel.ipynb": [code("a.groupby()")]}) == []
    found = check({"course/07-aduan/1-tabel.ipynb": [code("import re"), code("re.sub(a)")]})
    assert [problem.split("'")[1] for problem in found] == ["import", "re", "re.sub"]


@pytest.mark.parametrize("cell", [locked, solution], ids=["given cell", "solution"])
def test_an_assignment_uses_what_only_a_later_module_introduces(cell: Callable[[str], Any], check: Check) -> None:
    found = check({TASK: [cell("len(a)")], TWO: [code("len(a)", "len")]})
    assert found == [f"{TASK}: cell 1 (a), line 1: 'len' is used, but {TWO}: cell 1 (a) introduces it"]


def test_given_tools_and_test_cells_are_free(check: Check) -> None:
    tests = []
    for name in ("biaya-uji", "biaya-uji-tersembunyi", "biaya-cek"):
        cell = locked("from builtins import len\nassert len(a) == 1")
        cell.id = name
        tests.append(cell)
    lesson = [code("import math\n[math.pi for a in b]", tags=["disediakan"])]
    assert check({ONE: lesson, TASK: tests}) == []
    # Only a locked cell is a test, and a name from a test is not the solution's.
    tests[0].metadata["nbgrader"]["locked"] = False
    assert len(check({ONE: lesson, TASK: tests})) == 5
    assert check({ONE: [code("len(a)", "len")], TASK: [tests[1], solution("len(a)")]}) == []


def test_a_name_imported_by_a_given_tool_still_stands_for_its_module(check: Check) -> None:
    found = check({ONE: [code("import math as m", tags=["disediakan"]), code("m.pi")]})
    assert found == [f"{ONE}: cell 2 (b), line 1: 'math.pi' is used, but no lesson introduces it"]


def test_only_an_announced_syntax_error_is_passed_over(check: Check) -> None:
    assert check({ONE: [code("len(a", tags=["raises-exception"])]}) == []
    assert check({ONE: [code("a\nlen(a")]}) == [f"{ONE}: cell 1 (a), line 2: can't be parsed: '(' was never closed"]
    # An announced error that parses is read like any other cell.
    assert len(check({ONE: [code("len(a)", tags=["raises-exception"])]})) == 1


def test_a_concept_to_read_only_is_shown_but_not_written(check: Check) -> None:
    shown = [text("`lambda`", reads=("lambda",)), code("lambda: a")]
    assert check({ONE: shown}) == []
    later = {TWO: [code("lambda: a", "lambda")], "solutions/02-fungsi/02-fungsi.ipynb": [solution("lambda: a")]}
    assert check({ONE: shown, **later}) == []
    found = check({ONE: [*shown, code("lambda: a", tags=["jawaban"])], TASK: [solution("lambda: a")], **later})
    reason = f"'lambda' is written, but so far it is only read: {TWO}: cell 1 (a) introduces it"
    assert found == [f"{ONE}: cell 3 (c), line 1: {reason}", f"{TASK}: cell 1 (a), line 1: {reason}"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([code("lambda: a", "lamda", "lambda")], "'lamda' is no concept: 'lambda'?"),
        ([code("a.zfill()", ".zfil", ".zfill")], "'.zfil' is used nowhere in this notebook: '.zfill'?"),
        ([code("a", "len")], "'len' is used nowhere in this notebook"),
        ([code("len(a)", "len", tags=["disediakan"]), code("a", "len")], "'len' is used nowhere in this notebook"),
        ([code("len(a)", "len"), code("a", "len")], f"'len' was introduced before, by {ONE}: cell 1 (a)"),
    ],
)
def test_a_wrong_introduction(cells: list[Any], reason: str, check: Check) -> None:
    assert any(problem.endswith(f"memperkenalkan: {reason}") for problem in check({ONE: cells}))


def test_a_concept_is_introduced_by_one_notebook(check: Check) -> None:
    found = check({ONE: [code("len(a)", "len")], TWO: [code("len(a)", "len")]})
    assert found == [f"{TWO}: cell 1 (a): memperkenalkan: 'len' was introduced before, by {ONE}: cell 1 (a)"]


def test_an_assignment_introduces_nothing(check: Check) -> None:
    found = check({TASK: [code("len(a)", "len")]})
    assert "stands in an assignment: only lessons introduce" in found[0]


def test_a_concept_may_be_shown_in_the_text_alone(check: Check) -> None:
    assert check({ONE: [text("`.title()`, `True`, <code>a &lt; 1</code>, `while`\n```\nlen(a)\n```", *SHOWN)]}) == []


SHOWN = (".title", "bool literal", "<", "int literal", "while", "len")


def test_an_optional_module_teaches_only_itself(check: Check) -> None:
    nine, ten, eleven = (f"course/{name}/1-satu.ipynb" for name in ("09-dasbor", "10-data-pribadi", "11-otomasi"))
    course = {nine: [code("len(a)", "len")], "solutions/09-dasbor/09-dasbor.ipynb": [solution("len(a)")]}
    assert check({**course, eleven: [code("len(a)", "len")]}) == []
    assert check({**course, ten: [code("len(a)")]}) == [
        f"{ten}: cell 1 (a), line 1: 'len' is used, but {nine}: cell 1 (a) introduces it"
    ]


def test_lessons_are_ordered_by_number_not_by_letter(check: Check) -> None:
    second, tenth = "course/01-nilai/2-dua.ipynb", "course/01-nilai/10-sepuluh.ipynb"
    assert check({second: [code("len(a)", "len")], tenth: [code("len(a)")]}) == []


def test_metadata_of_a_wrong_shape_is_refused(check: Check) -> None:
    with pytest.raises(ValueError, match="memperkenalkan is not a list of words"):
        check({ONE: [code("a", melayani={"memperkenalkan": "len"})]})
