"""Every assignment is fair: its solutions, its stub, and the right and wrong answers in tests/answers."""

from __future__ import annotations

import copy
import functools
import inspect
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution

from melayani.authoring.answers import Answer, AnswerFileError, fill_in, read_answers
from melayani.authoring.items import Item, Result, read_items, run_answers, unfair, unreadable
from melayani.authoring.notebooks import kernel_environment
from melayani.authoring.stubs import ClearSolutions
from melayani.course import load_config
from melayani.grading import calls
from melayani.grading.execute import Execute
from melayani.grading.partial import settle

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "tests" / "answers").glob("*/*.py"))
NOTEBOOKS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))

REFERENCE = "jam, menit = total_menit // 60, total_menit % 60"
REMOVED = Answer("salah", 0, "the answer is removed", None, "pass")
NOISE = """\
import sys, warnings
print("sedang menghitung")
warnings.warn("peringatan dari pustaka")
print("catatan", file=sys.stderr)
"""
IS_TEST = re.compile(r"[a-z0-9-]+-(uji|uji-tersembunyi|cek)")
NAMES_BEFORE = "_sebelum = {'_sebelum', *globals()}"
NAMES_LEFT = "print([nama for nama in globals() if nama not in _sebelum and not nama.startswith('_')])"


def with_removed_and_noisy(given: list[Answer]) -> list[Answer]:
    """Return `given` and two answers that every item must bear: none at all, and a right one with warnings."""
    noisy = Answer("benar", None, "a right answer that prints and warns", None, NOISE + given[0].source)
    return [*given, REMOVED, noisy]


ANSWERS: dict[str, dict[str, list[Answer]]] = {}
for _path in FILES:
    ANSWERS.setdefault(_path.parent.name, {})[_path.stem] = with_removed_and_noisy(read_answers(_path))
ITEMS = {
    name: {item.name: item for item in read_items(ROOT / "solutions" / name / f"{name}.ipynb")} for name in NOTEBOOKS
}
CASES = [
    pytest.param(assignment, item, number, id=f"{assignment}/{item}: {answer.kind}, {answer.title}")
    for assignment, items in ANSWERS.items()
    for item, given in items.items()
    for number, answer in enumerate(given)
]


def solution(assignment: str) -> NotebookNode:
    path = ROOT / "solutions" / assignment / f"{assignment}.ipynb"
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def run(notebook: NotebookNode, assignment: str) -> NotebookNode:
    """Execute `notebook` as autograde does, in a stock kernel: every cell, in the assignment's folder, errors kept."""
    folder = {"metadata": {"path": str(ROOT / "solutions" / assignment)}}
    client = NotebookClient(notebook, allow_errors=True, timeout=60, resources=folder, shutdown_kernel="immediate")
    with kernel_environment():
        return client.execute()


@functools.cache
def results(assignment: str) -> dict[tuple[str, int], Result]:
    """Try every answer alone: a process of its own, in which no other item has an answer."""
    tried = [(item, number) for item, given in ANSWERS[assignment].items() for number in range(len(given))]
    jobs = [(ITEMS[assignment][item], ANSWERS[assignment][item][number].source) for item, number in tried]
    return dict(zip(tried, run_answers(jobs), strict=True))


def mixtures(assignment: str) -> list[dict[str, int]]:
    """Return {item: number of its answer} so that each answer stands once beside others, right and wrong ones."""
    items = ANSWERS[assignment]
    runs = max(len(given) for given in items.values())
    mixed: list[dict[str, int]] = [{} for _ in range(runs)]
    for shift, (item, given) in enumerate(items.items()):
        for number in range(len(given)):
            mixed[(number + shift) % runs][item] = number
    return mixed


def mixed(assignment: str, numbers: dict[str, int]) -> NotebookNode:
    """Return the solutions with other answers in them."""
    notebook: NotebookNode = fill_in(
        solution(assignment), {item: ANSWERS[assignment][item][number].source for item, number in numbers.items()}
    )
    return notebook


@functools.cache
def run_solution(assignment: str) -> NotebookNode:
    return run(spied(solution(assignment)), assignment)


@functools.cache
def run_stub(assignment: str) -> NotebookNode:
    stub, _ = ClearSolutions(config=load_config(ROOT)).preprocess(solution(assignment), {})
    return run(spied(stub), assignment)


def spied(notebook: NotebookNode) -> NotebookNode:
    """Put a cell before and after each test cell that prints the names that it left behind."""
    plain = notebook.cells
    notebook.cells = []
    for cell in plain:
        around = [NAMES_BEFORE, NAMES_LEFT] if cell.cell_type == "code" and IS_TEST.fullmatch(cell.id) else []
        spies = [nbformat.v4.new_code_cell(code) for code in around]
        notebook.cells += [*spies[:1], cell, *spies[1:]]
    return notebook


def cells(notebook: NotebookNode, item: str) -> list[NotebookNode]:
    """Return the cells that check `item`: x-uji and x-uji-tersembunyi, or x-cek of a Tantangan."""
    wanted = {f"{item}-uji", f"{item}-uji-tersembunyi", f"{item}-cek"}
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in wanted]


def score(notebook: NotebookNode, item: str) -> tuple[float, float]:
    """Return the points and the most points of `item`, as autograde counts them."""
    tests = [copy.deepcopy(cell) for cell in cells(notebook, item) if is_grade(cell)]
    for test in tests:
        settle(test)
    grades = [determine_grade(test) for test in tests]
    return sum(points for points, _ in grades), sum(most for _, most in grades)


def scores(notebook: NotebookNode) -> dict[str, tuple[float, float]]:
    """Return the points and most points of each automatically graded item."""
    ids = [c.metadata.nbgrader.grade_id for c in notebook.cells if is_grade(c) and not is_solution(c)]
    return {item: score(notebook, item) for item in dict.fromkeys(re.sub("-uji(-tersembunyi)?$", "", i) for i in ids)}


def errors(cell: NotebookNode) -> list[str]:
    return [f"{o.ename}: {o.evalue}" for o in cell.get("outputs", []) if o.output_type == "error"]


def shown(notebook: NotebookNode, item: str) -> list[str]:
    return [error for cell in cells(notebook, item) for error in errors(cell)]


@pytest.mark.parametrize("assignment, item, number", CASES)
def test_an_answer_earns_its_points_and_shows_its_message(assignment: str, item: str, number: int) -> None:
    assert unfair(ITEMS[assignment][item], ANSWERS[assignment][item][number], results(assignment)[item, number]) == []


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ANSWERS)
def test_items_are_independent(assignment: str) -> None:
    """An answer earns the same beside wrong answers to other items as alone."""
    folder = {"metadata": {"path": str(ROOT / "solutions" / assignment)}}
    for numbers in mixtures(assignment):
        notebook, _ = Execute(sandbox=False).preprocess(mixed(assignment, numbers), dict(folder))
        for item, number in numbers.items():
            assert score(notebook, item)[0] == results(assignment)[item, number].points, (numbers, item)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", NOTEBOOKS)
def test_a_stock_kernel_gives_the_same(assignment: str) -> None:
    """Answers are tried without a kernel; trainees are graded in one."""
    numbers = mixtures(assignment)[0]
    notebook = run(mixed(assignment, numbers), assignment)
    for item, number in numbers.items():
        alone = results(assignment)[item, number]
        assert (score(notebook, item)[0], shown(notebook, item)) == (alone.points, list(alone.errors))


@pytest.mark.slow
@pytest.mark.parametrize("assignment", NOTEBOOKS)
def test_the_solutions_earn_everything(assignment: str) -> None:
    notebook = run_solution(assignment)
    assert scores(notebook)
    for item, (points, most) in scores(notebook).items():
        assert points == most > 0, (item, shown(notebook, item))
    assert [errors(cell) for cell in notebook.cells if errors(cell)] == []


@pytest.mark.slow
@pytest.mark.parametrize("assignment", NOTEBOOKS)
def test_the_untouched_release_scores_zero_and_only_its_test_cells_fail(assignment: str) -> None:
    notebook = run_stub(assignment)
    assert {item: points for item, (points, _) in scores(notebook).items() if points} == {}
    for cell in notebook.cells:
        failed = errors(cell)
        if is_grade(cell) and cell.cell_type == "code":
            assert failed, cell.id
            assert unreadable(failed[0]) is None
        elif not IS_TEST.fullmatch(cell.id):
            assert failed == [], cell.id


@pytest.mark.slow
@pytest.mark.parametrize("assignment", NOTEBOOKS)
def test_a_test_cell_leaves_no_name_behind(assignment: str) -> None:
    """Names that begin with an underscore are nobody's business."""
    for notebook in (run_solution(assignment), run_stub(assignment)):
        outputs = [cell.outputs for cell in notebook.cells if cell.source == NAMES_LEFT]
        left = {"".join(output.text for output in parts).strip() for parts in outputs}
        assert left == {"[]"}


@pytest.mark.parametrize("assignment", NOTEBOOKS)
def test_every_automatic_item_has_two_right_and_three_wrong_answers(assignment: str) -> None:
    for item in scores(solution(assignment)):
        # The two that every item is given are among them.
        kinds = [answer.kind for answer in ANSWERS.get(assignment, {}).get(item, [])]
        assert kinds.count("benar") >= 3 and kinds.count("salah") >= 4, (item, kinds)


@pytest.mark.parametrize("assignment", NOTEBOOKS)
def test_every_place_that_a_message_names_exists(assignment: str) -> None:
    notebook = solution(assignment)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code").replace('\\"', '"')
    code = re.sub(r'"\s*\n\s*f?"', "", code)
    parts = dict(re.findall(r"(?ms)^### (\d+|Tantangan \d+)[.:](.*?)(?=^##|\Z)", text))
    for points, kind, number in re.findall(r'butir ("[^"]+"(?: dan "[^"]+")*) pada (soal|tantangan) (\d+)', code):
        place = parts[number if kind == "soal" else f"Tantangan {number}"]
        for point in re.findall('"([^"]+)"', points):
            assert f"- **{point}.**" in place, (point, kind, number)
    for number in re.findall(r"contoh pada soal (\d+)", code):
        assert "Contoh" in parts[number], number
    for number in re.findall(r"Pemeriksa\(.*?soal=(\d+)", code):
        assert "- **Hasil.**" in parts[number] and "Contoh" in parts[number], number
    for number, point in re.findall(r'soal="tantangan (\d+)", butir="([^"]+)"', code):
        assert f"- **{point}.**" in parts[f"Tantangan {number}"], (number, point)
    headings = lesson_headings(assignment)
    shared = inspect.getsource(calls) if "Pemeriksa" in code else ""
    for heading in re.findall(r'bagian "([^"]+)"', code + shared):
        assert heading in headings | set(re.findall(r"(?m)^#+ (.*)$", text)), heading


def lesson_headings(assignment: str) -> set[str]:
    """Return the headings of the lessons up to the module of `assignment`."""
    found: set[str] = set()
    for path in (ROOT / "course").glob("*/*.ipynb"):
        if path.parent.name <= assignment:
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type == "markdown":
                    found.update(re.findall(r"(?m)^#+ (.*)$", cell.source))
    return found


def with_test(item: Item, source: str) -> Item:
    """Return `item` with another hidden test."""
    cells = copy.deepcopy(item.cells)
    (cell,) = [cell for cell in cells if cell.metadata.nbgrader.grade_id == f"{item.name}-uji-tersembunyi"]
    cell.source = source
    return replace(item, cells=cells)


UNFAIR = [
    ("pass", Answer("salah", 0, "", None, "jam, menit = 2, 15"), "9 points instead of 0"),
    ("assert menit == 16, 'x ' * 20", Answer("benar", None, "", None, REFERENCE), "6 points instead of 15"),
    ("assert menit == 16, 'x ' * 20", Answer("benar", None, "", None, REFERENCE), "a right answer is refused"),
    ("assert menit == 16, 'x ' * 20", Answer("salah", 6, "", "batas", REFERENCE), "'batas' is not shown"),
    ("assert menit == 16, 'salah'", Answer("salah", 6, "", None, REFERENCE), "1 words: salah"),
    ("1 / 0", Answer("salah", 6, "", None, REFERENCE), "no sentence of the test's own: ZeroDivisionError"),
]


@functools.cache
def results_of_unfair_tests() -> list[Result]:
    item = ITEMS["01-nilai-dan-variabel"]["jam-dan-menit"]
    return run_answers([(with_test(item, hidden), answer.source) for hidden, answer, _ in UNFAIR])


@pytest.mark.parametrize("number", range(len(UNFAIR)), ids=[problem for _, _, problem in UNFAIR])
def test_an_unfair_test_is_found(number: int) -> None:
    """One that accepts a wrong answer, refuses a right one, says nothing or too little."""
    hidden, answer, problem = UNFAIR[number]
    item = with_test(ITEMS["01-nilai-dan-variabel"]["jam-dan-menit"], hidden)
    found = unfair(item, answer, results_of_unfair_tests()[number])
    assert any(problem in sentence for sentence in found), found


def test_answers_are_read_with_kind_points_title_message_and_code(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("# Catatan\n# %% benar: satu\nx = 1\n\n# %% salah (6): dua\n# pesan: belum\nx = 2\ny = 3\n")
    assert read_answers(path) == [
        Answer("benar", None, "satu", None, "x = 1"),
        Answer("salah", 6, "dua", "belum", "x = 2\ny = 3"),
    ]


@pytest.mark.parametrize(
    "text, problem",
    [
        ("x = 1\n", "no cell"),
        ("x = 1\n# %% benar: satu\nx = 1\n", ":1: code before the first"),
        ("# %% betul: satu\nx = 1\n", ":1: expected"),
        ("# %% salah: satu\nx = 1\n", "needs the points that remain"),
        ("# %% benar (3): satu\nx = 1\n", "has no points"),
        ("# %% benar: satu\n# pesan: belum\nx = 1\n", "shows no message"),
        ("# %% salah (0): satu\n# pesan:\nx = 1\n", "misspelt message line"),
        ("# %% benar: satu\n\n", "has no code"),
        ("# %% benar: satu\nx = 1\n# %% benar: satu\nx = 2\n", "two answers are called 'satu'"),
    ],
)
def test_an_unclear_file_of_answers_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "x.py"
    path.write_text(text)
    with pytest.raises(AnswerFileError, match=re.escape(problem)):
        read_answers(path)


def test_an_answer_replaces_the_region_and_keeps_the_marker() -> None:
    def notebook(source: str) -> Mapping[str, object]:
        return {"cells": [{"metadata": {"nbgrader": {"grade_id": "x"}}, "source": source}]}

    source = notebook("# Jawaban: x\n### BEGIN SOLUTION: x\nx = 1\n### END SOLUTION")
    assert fill_in(source, {"x": "x = r'\\1'"}) == notebook("# Jawaban: x\nx = r'\\1'")
    with pytest.raises(KeyError, match="no solution region for: y"):
        fill_in(source, {"y": "y = 1"})
