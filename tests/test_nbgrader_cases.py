"""What nbgrader's own tests ask of autograde, asked of ours: `nbgrader autograde`, `melayani nilai`, and stock."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kursus
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from melayani.cli import main

pytestmark = pytest.mark.slow

NAME = "05-kasus"
DEADLINE, EARLY, LATE = "2026-03-02 01:00:00 UTC", "2026-03-01 01:00:00 UTC", "2026-03-04 01:00:00 UTC"
RIGHT = "def jumlah(a, b):\n    return a + b"
WRONG = "def jumlah(a, b):\n    return 3"  # right for the visible check only
PARTS = """\
def _uji():
    from builtins import int, max, min
    return max(0, min(2, int(jumlah(0, 0) == 0) + int(jumlah(10, 20) == 30)))
_skor = _uji()
_skor"""
FULL = {"jumlah-uji": 1, "jumlah-uji-tersembunyi": 2, "bagian-uji": 2, "berkas-uji": 1, "lingkungan-uji": 1}
NONE = dict.fromkeys(FULL, 0)
BY_HAND = {"isi": 0, "pendapat": 0}


def mark(grade_id: str, **values: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**plain, "grade_id": grade_id, **values}}


def solution(grade_id: str, source: str) -> NotebookNode:
    text = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    made: NotebookNode = new_code_cell(text, id=grade_id, metadata=mark(grade_id, solution=True))
    return made


def uji(grade_id: str, points: int, source: str) -> NotebookNode:
    made: NotebookNode = new_code_cell(
        source, id=grade_id, metadata=mark(grade_id, grade=True, locked=True, points=points)
    )
    return made


def course(folder: Path, config: str = "") -> Path:
    """Make a course with one assignment of two notebooks and two given files, generated; return its root."""
    root = kursus.make_course(folder, released=False, config=config)
    source = root / "solutions" / NAME
    (source / "sub").mkdir(parents=True)
    (source / "data.csv").write_text("loket,menit\nA,5\n", encoding="utf-8")
    (source / "sub/bantu.py").write_text("MENIT = 5\n", encoding="utf-8")
    by_hand = {"grade": True, "solution": True}
    first = [
        new_markdown_cell("# Kasus", id="judul"),
        new_markdown_cell("Tulis `jumlah`.", id="soal", metadata=mark("soal", locked=True)),
        solution("jumlah", RIGHT),
        uji("jumlah-uji", 1, "assert jumlah(1, 2) == 3"),
        uji("jumlah-uji-tersembunyi", 2, "### BEGIN HIDDEN TESTS\nassert jumlah(20, 3) == 23\n### END HIDDEN TESTS"),
        uji("bagian-uji", 2, PARTS),
        solution("berkas", "from sub.bantu import MENIT\nisi_berkas = open('data.csv').read()"),
        uji("berkas-uji", 1, "assert isi_berkas == 'loket,menit\\nA,5\\n' and MENIT == 5"),
        solution("lingkungan", "import os\ncara = os.environ['NBGRADER_EXECUTION']"),
        uji("lingkungan-uji", 1, "assert cara == 'autograde'"),
        new_code_cell("# Tulis program", id="isi", metadata=mark("isi", points=3, **by_hand)),
        new_markdown_cell("*Tulis*", id="pendapat", metadata=mark("pendapat", points=4, **by_hand)),
    ]
    second = [solution("lain", "lain = 1"), uji("lain-uji", 1, "assert lain == 1")]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    for name, cells in (("satu", first), ("dua", second)):
        notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        notebook.nbformat_minor = 5
        nbformat.write(notebook, source / f"{name}.ipynb")
    code, log = kursus.nbgrader(root, "generate_assignment", NAME)
    assert code == 0, log
    with kursus.gradebook(root) as book:
        book.update_or_create_assignment(NAME, duedate=DEADLINE)
    return root


Change = Callable[[Path, dict[str, NotebookNode], NotebookNode], None]


def hand_in(root: Path, student: str, change: Change | None = None, when: str = EARLY, answered: bool = True) -> Path:
    """Lay a hand-in, all answers right, changed by `change(folder, cells of satu by id, notebook satu)`."""
    release, folder = root / "assignments" / NAME, root / "kelas/submitted" / student / NAME
    (folder / "sub").mkdir(parents=True, exist_ok=True)
    for name in ("data.csv", "sub/bantu.py"):
        (folder / name).write_bytes((release / name).read_bytes())
    (folder / "timestamp.txt").write_text(when, encoding="utf-8")
    source = nbformat.read(root / "solutions" / NAME / "satu.ipynb", as_version=4)
    right = {cell.id: cell.source for cell in source.cells if cell.source.startswith("### BEGIN SOLUTION")}
    for name in ("satu", "dua"):
        notebook = nbformat.read(release / f"{name}.ipynb", as_version=4)
        cells = {cell.id: cell for cell in notebook.cells}
        if answered:
            for cell_id in set(right) & set(cells):
                cells[cell_id].source = right[cell_id]
            if name == "dua":
                cells["lain"].source = "lain = 1"
        if change and name == "satu":
            change(folder, cells, notebook)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


@dataclass
class Case:
    """One hand-in: what is different in it, and what must come of it."""

    change: Change | None = None
    scores: Mapping[str, float | None] = field(default_factory=dict)  # besides FULL and BY_HAND
    when: str = EARLY
    answered: bool = True
    check: Callable[[Path, NotebookNode, Any], None] | None = None  # (autograded folder, notebook satu, submission)
    stock: bool = True  # does stock nbgrader do the same?


def setting(cell_id: str, source: str) -> Change:
    def change(_: Path, cells: dict[str, NotebookNode], __: NotebookNode) -> None:
        cells[cell_id].source = source

    return change


def other_files(folder: Path, cells: dict[str, NotebookNode], _: NotebookNode) -> None:
    (folder / "data.csv").write_text("milik saya", encoding="utf-8")
    (folder / "sub/bantu.py").write_text("MENIT = 99\n", encoding="utf-8")
    (folder / "catatan.txt").write_text("milik saya", encoding="utf-8")
    (folder / "sub/x.pyc").write_text("", encoding="utf-8")
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), folder / "coretan.ipynb")
    cells["jumlah"].source += "\nopen('hasil.txt', 'w').write('23')"


def given_files_are_back(folder: Path, _: NotebookNode, __: Any) -> None:
    assert (folder / "data.csv").read_text(encoding="utf-8") == "loket,menit\nA,5\n"
    assert (folder / "sub/bantu.py").read_text(encoding="utf-8") == "MENIT = 5\n"
    assert (folder / "catatan.txt").read_text(encoding="utf-8") == "milik saya"
    assert (folder / "hasil.txt").read_text(encoding="utf-8") == "23"
    assert not (folder / "sub/x.pyc").exists() and not (folder / "coretan.ipynb").exists()
    submitted = folder.parents[2] / "submitted" / folder.parent.name / NAME
    assert not (submitted / "hasil.txt").exists()


def rewrites_the_tests(_: Path, cells: dict[str, NotebookNode], __: NotebookNode) -> None:
    cells["jumlah"].source = WRONG
    for name in ("jumlah-uji", "jumlah-uji-tersembunyi", "bagian-uji"):
        cells[name].source = "pass"
    cells["soal"].source = "Soal lain"
    cells["jumlah-uji"].metadata.nbgrader.points = 100


def has_the_tests_back(_: Path, notebook: NotebookNode, submission: Any) -> None:
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["soal"].source == "Tulis `jumlah`."
    assert cells["jumlah-uji"].source == "assert jumlah(1, 2) == 3"
    assert cells["jumlah-uji"].metadata.nbgrader.points == 1
    assert submission.max_score == 15


def types_changed(_: Path, cells: dict[str, NotebookNode], notebook: NotebookNode) -> None:
    at = notebook.cells.index(cells["jumlah-uji"])
    notebook.cells[at] = new_markdown_cell("tidak ada uji", id="jumlah-uji", metadata=cells["jumlah-uji"].metadata)


def unknown_id(_: Path, __: dict[str, NotebookNode], notebook: NotebookNode) -> None:
    extra = new_code_cell("1", id="asing", metadata=mark("asing-uji", grade=True, locked=True, points=50))
    notebook.cells.append(extra)


def is_not_marked(_: Path, notebook: NotebookNode, submission: Any) -> None:
    assert "nbgrader" not in notebook.cells[-1].metadata and submission.max_score == 15


def doubled(_: Path, cells: dict[str, NotebookNode], notebook: NotebookNode) -> None:
    copied = nbformat.from_dict(dict(cells["jumlah-uji"]))
    copied.id = "salinan"
    notebook.cells.append(copied)


def foreign_kernel(_: Path, __: dict[str, NotebookNode], notebook: NotebookNode) -> None:
    notebook.metadata.kernelspec = NotebookNode(name="asing", display_name="Asing", language="asing")


def answered_by_hand(_: Path, cells: dict[str, NotebookNode], __: NotebookNode) -> None:
    cells["isi"].source = "jawaban = 1\njawaban"
    cells["pendapat"].source = "Menurut saya ![peta](attachment:a.png)"
    cells["pendapat"].attachments = {"a.png": {"image/png": "AA=="}}


def waits_for_a_person(_: Path, notebook: NotebookNode, submission: Any) -> None:
    assert submission.needs_manual_grade
    assert not [c.name for one in submission.notebooks for c in one.comments if c.auto_comment]
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["isi"].outputs[0].data["text/plain"] == "1"
    assert cells["pendapat"].attachments == {"a.png": {"image/png": "AA=="}}


def no_response(_: Path, __: NotebookNode, submission: Any) -> None:
    assert not submission.needs_manual_grade
    comments = {c.name: c.auto_comment for notebook in submission.notebooks for c in notebook.comments}
    assert set(comments.values()) == {"No response."} and "jumlah" in comments


def is_cut(limit: int) -> Callable[[Path, NotebookNode, Any], None]:
    def check(_: Path, notebook: NotebookNode, __: Any) -> None:
        cell = next(cell for cell in notebook.cells if cell.id == "isi")
        (output,) = cell.outputs
        lines = output.traceback if output.output_type == "error" else output.text.splitlines()
        assert 5 < len(lines) <= limit

    return check


def late_by(seconds: float, penalty: float | None) -> Callable[[Path, NotebookNode, Any], None]:
    def check(_: Path, __: NotebookNode, submission: Any) -> None:
        assert submission.total_seconds_late == seconds
        (notebook,) = [notebook for notebook in submission.notebooks if notebook.name == "satu"]
        assert (notebook.late_submission_penalty or 0) == penalty

    return check


def timestamp_is_kept(folder: Path, _: NotebookNode, submission: Any) -> None:
    assert (folder / "timestamp.txt").read_text(encoding="utf-8") == EARLY
    assert submission.timestamp.isoformat(" ") == "2026-03-01 01:00:00" and submission.total_seconds_late == 0


FAILED = {name: 0.0 for name in ("jumlah-uji", "jumlah-uji-tersembunyi", "bagian-uji")}
PLUGIN_DAY = 2.0  # DAILY takes a point for each day
CASES = {
    "benar": Case(check=timestamp_is_kept),
    "kosong": Case(scores=NONE, answered=False, check=no_response),
    "sebagian": Case(setting("jumlah", WRONG), {"jumlah-uji-tersembunyi": 0, "bagian-uji": 0}),
    "satu-bagian": Case(
        setting("jumlah", "def jumlah(a, b):\n    return a * 3"), {**FAILED, "jumlah-uji": 1, "bagian-uji": 2}
    ),
    "galat": Case(setting("jumlah", "jumlah = 1 / 0"), FAILED),
    "tidak-terbaca": Case(setting("jumlah", "def jumlah(:"), FAILED),
    "berkas": Case(other_files, check=given_files_are_back),
    "uji-diganti": Case(rewrites_the_tests, {"jumlah-uji-tersembunyi": 0, "bagian-uji": 0}, check=has_the_tests_back),
    "jenis-diganti": Case(types_changed),
    "penanda-asing": Case(unknown_id, check=is_not_marked, stock=False),
    "ganda": Case(doubled, stock=False),
    "kernel-asing": Case(foreign_kernel),
    "oleh-pengajar": Case(answered_by_hand, {"isi": None, "pendapat": None}, check=waits_for_a_person),
    "tanpa-akhir": Case(setting("berkas", "while True: pass"), {"berkas-uji": 0}),
    "meminta-masukan": Case(setting("lingkungan", "cara = input()"), {"lingkungan-uji": 0}),
    "panjang": Case(setting("isi", "for n in range(5000): print(n)"), {"isi": None}, check=is_cut(1001)),
    "berulang": Case(setting("isi", "def f(n):\n    return f(n + 1)\nf(0)"), {"isi": None}, check=is_cut(101)),
    "terlambat": Case(when=LATE, check=late_by(2 * 86400, PLUGIN_DAY)),
    "tepat": Case(when=DEADLINE, check=late_by(0, 0)),
    "tanpa-waktu": Case(when="", check=late_by(0, 0)),
    "galat-disembunyikan": Case(
        setting("jumlah", f"{WRONG}\nget_ipython().showtraceback = lambda *a, **k: None"),
        {"jumlah-uji-tersembunyi": 0, "bagian-uji": 0},
        stock=False,
    ),
}
SETTINGS = """
c.Execute.timeout = 4
c.AssignLatePenalties.plugin_class = "harian.Daily"
"""
STOCK = """
from melayani.classroom.nbgrader_steps import STOCK_SECTIONS
for section in set(c) - {*STOCK_SECTIONS, "AssignLatePenalties"}:
    del c[section]
c.Execute.timeout = 10
"""
DAILY = """\
from nbgrader.plugins import BasePlugin


class Daily(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late // 86400
"""


def grade(root: Path, way: str, *options: str) -> int:
    """Grade NAME in the way named; return the command's exit code."""
    if way == "nilai":
        with kursus.environment(root):
            return main(["nilai", NAME, *options])
    return kursus.nbgrader(root, "autograde", NAME, *options)[0]


@pytest.fixture(scope="module", params=["autograde", "nilai", pytest.param("stock", marks=pytest.mark.thorough)])
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The way, and the root of a class with a hand-in for each case, graded so."""
    way: str = request.param
    folder = tmp_path_factory.mktemp(way)
    root = course(folder, config=SETTINGS + (STOCK if way == "stock" else ""))
    (root / "harian.py").write_text(DAILY, encoding="utf-8")
    for name, case in CASES.items():
        if way != "stock" or case.stock:
            hand_in(root, name, case.change, case.when, case.answered)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root))
        assert grade(root, way) in (0, 1)
    return way, root


@pytest.mark.parametrize("name", CASES)
def test_case(graded: tuple[str, Path], name: str) -> None:
    way, root = graded
    case = CASES[name]
    if way == "stock" and not case.stock:
        return
    folder = root / "kelas/autograded" / name / NAME
    assert (folder / "satu.ipynb").is_file() and (folder / "dua.ipynb").is_file()
    with kursus.gradebook(root) as book:
        notebook = book.find_submission_notebook("satu", NAME, name)
        assert {g.name: g.auto_score for g in notebook.grades} == {**FULL, **BY_HAND, **case.scores}
        assert [g.needs_manual_grade for g in notebook.grades] == [g.auto_score is None for g in notebook.grades]
        (other,) = book.find_submission_notebook("dua", NAME, name).grades
        assert other.auto_score == (1 if case.answered else 0)
        if case.check:
            case.check(folder, nbformat.read(folder / "satu.ipynb", as_version=4), book.find_submission(NAME, name))
    for path in folder.rglob("*"):
        assert path.is_dir() or stat.S_IMODE(path.stat().st_mode) == 0o444


def test_trainees_are_made_known_unless_that_is_forbidden(tmp_path: Path) -> None:
    root = course(tmp_path)
    hand_in(root, "baru")
    assert grade(root, "autograde", "--Autograde.create_student=False") == 1
    assert not (root / "kelas/autograded/baru" / NAME).exists()
    assert grade(root, "autograde") == 0
    with kursus.gradebook(root) as book:
        assert book.find_student("baru").submissions[0].score == 8


@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_only_those_named_are_graded(tmp_path: Path, way: str) -> None:
    root = course(tmp_path)
    for student in ("ani", "budi", "citra"):
        hand_in(root, student)

    def done() -> list[str]:
        return sorted(path.name for path in (root / "kelas/autograded").glob("*"))

    named = ["--student=ani"] if way == "autograde" else ["--peserta", "ani"]
    assert grade(root, way, *named) == 0
    assert done() == ["ani"]
    config = root / "nbgrader_config.py"
    before = config.read_text(encoding="utf-8")
    config.write_text(f"{before}\nc.CourseDirectory.student_id_exclude = 'citra'\n", encoding="utf-8")
    assert grade(root, way) == 0
    assert done() == ["ani", "budi"]
    config.write_text(before, encoding="utf-8")
    assert grade(root, way) == 0
    assert done() == ["ani", "budi", "citra"]


def test_one_notebook_at_a_time(tmp_path: Path) -> None:
    root = course(tmp_path)
    hand_in(root, "ani")
    folder = root / "kelas/autograded/ani" / NAME
    assert grade(root, "autograde", "--notebook", "satu") == 0
    assert (folder / "satu.ipynb").is_file() and not (folder / "dua.ipynb").exists()
    assert (folder / "data.csv").is_file()
    assert grade(root, "autograde", "--notebook", "dua") == 0
    hand_in(root, "ani", setting("jumlah", WRONG))
    before = (folder / "satu.ipynb").read_bytes(), (folder / "dua.ipynb").read_bytes()
    assert grade(root, "autograde", "--notebook", "satu", "--force") == 0
    assert (folder / "satu.ipynb").read_bytes() != before[0] and (folder / "dua.ipynb").read_bytes() == before[1]
    with kursus.gradebook(root) as book:
        assert book.find_submission(NAME, "ani").score == 4


@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_what_is_graded_stays_until_it_is_forced_or_newer(tmp_path: Path, way: str) -> None:
    root = course(tmp_path)
    again = "--force" if way == "autograde" else "--ulang"
    submitted = hand_in(root, "ani")
    (submitted / "catatan.txt").write_text("pertama", encoding="utf-8")
    folder = root / "kelas/autograded/ani" / NAME
    assert grade(root, way) == 0
    (folder / "catatan.txt").unlink()
    assert grade(root, way) == 0
    assert not (folder / "catatan.txt").exists()
    assert grade(root, way, again) == 0
    assert (folder / "catatan.txt").read_text(encoding="utf-8") == "pertama"
    (submitted / "catatan.txt").unlink()
    assert grade(root, way, again) == 0
    assert not (folder / "catatan.txt").exists()
    hand_in(root, "ani", setting("jumlah", WRONG), when=LATE)
    assert grade(root, way) == 0
    with kursus.gradebook(root) as book:
        submission = book.find_submission(NAME, "ani")
        assert submission.score == 4 and submission.total_seconds_late == 2 * 86400
    assert (folder / "timestamp.txt").read_text(encoding="utf-8") == LATE


@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_a_grade_by_hand_stays_when_graded_again(tmp_path: Path, way: str) -> None:
    root = course(tmp_path)
    hand_in(root, "ani", answered_by_hand)
    assert grade(root, way) == (1 if way == "nilai" else 0)  # 1: a person has to grade
    with kursus.gradebook(root) as book:
        given = book.find_grade("isi", "satu", NAME, "ani")
        given.manual_score, given.needs_manual_grade, given.extra_credit = 2, False, 0.5
        book.find_comment("isi", "satu", NAME, "ani").manual_comment = "Rapi."
        book.db.commit()
    assert grade(root, way, "--force" if way == "autograde" else "--ulang") in (0, 1)
    with kursus.gradebook(root) as book:
        given = book.find_grade("isi", "satu", NAME, "ani")
        assert (given.manual_score, given.extra_credit, given.auto_score) == (2, 0.5, None)
        assert book.find_comment("isi", "satu", NAME, "ani").comment == "Rapi."


@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_one_that_fails_leaves_nothing_graded_and_the_others_are(tmp_path: Path, way: str) -> None:
    root = course(tmp_path)
    for student in ("ani", "budi", "citra", "dewi"):
        hand_in(root, student)
    (root / "kelas/submitted/budi" / NAME / "dua.ipynb").write_text('{"cells": [', encoding="utf-8")
    (root / "kelas/submitted/citra" / NAME / "timestamp.txt").write_text("kemarin sore", encoding="utf-8")
    assert grade(root, way) == 1
    folder = root / "kelas/autograded"
    assert (folder / "dewi" / NAME / "dua.ipynb").is_file() and (folder / "ani" / NAME / "satu.ipynb").is_file()
    assert not (folder / "budi" / NAME).exists() and not (folder / "citra" / NAME).exists()


@pytest.mark.parametrize("way", ["autograde", "nilai"])
def test_permissions(tmp_path: Path, way: str) -> None:
    root = course(tmp_path, config="c.CourseDirectory.groupshared = True")
    hand_in(root, "ani")
    assert grade(root, way) == 0
    folder = root / "kelas/autograded/ani" / NAME
    assert stat.S_IMODE(folder.stat().st_mode) & 0o2770 == 0o2770
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.rglob("*") if p.is_file()} == {0o664}
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.CourseDirectory.groupshared = False\nc.Autograde.permissions = 640\n")
    assert grade(root, way, "--force" if way == "autograde" else "--ulang") == 0
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.rglob("*") if p.is_file()} == {0o640}


def test_without_execution_the_outputs_that_were_handed_in_are_judged(tmp_path: Path) -> None:
    root = course(tmp_path)
    hand_in(root, "ani", setting("jumlah", WRONG))
    assert grade(root, "autograde", "--no-execute") == 0
    path = root / "kelas/autograded/ani" / NAME / "satu.ipynb"
    assert not any(cell.get("outputs") for cell in nbformat.read(path, as_version=4).cells)


def test_an_assignment_that_is_not_known_is_refused(tmp_path: Path) -> None:
    root = course(tmp_path)
    (root / "kelas/submitted/ani/06-lain").mkdir(parents=True)
    nbformat.write(new_notebook(), root / "kelas/submitted/ani/06-lain/satu.ipynb")
    code, _ = kursus.nbgrader(root, "autograde", "06-lain")
    assert code == 1 and not (root / "kelas/autograded/ani/06-lain").exists()
