"""Feedback pages: what a trainee sees, and what nobody sees."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import kursus
import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode

from melayani.grading.books import Books
from melayani.grading.feedback import HideHiddenTests, _verdict, number
from melayani.grading.sanitize import safe_html
from melayani.grading.times import duration, local_time

pytestmark = pytest.mark.slow  # it drives the real nbgrader

EVIL = (
    "<script>alert(1)</script>Saya <img src=x onerror=alert(2)> yakin\n\n"
    "[tautan](javascript:alert(3)) <a href='data:text/html,x'>y</a>\n\n# Judul saya"
)
EVIL_OUTPUT = (
    "from IPython.display import HTML, Javascript, display\n"
    "display(Javascript('alert(4)'), HTML('<b onclick=alert(5)>tebal</b><iframe src=https://contoh.id></iframe>'))\n"
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ani right and evil, budi wrong on the hidden test, citra late, stops with an error; pages made."""
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"))
    kursus.hand_in(root, "ani", {"giliran": EVIL_OUTPUT + kursus.RIGHT, "alasan": EVIL})
    kursus.hand_in(root, "budi", {"giliran": kursus.HALF, "alasan": "Ada."})
    stops = "def giliran(orang, menit):\n    print('bocor', orang)\n    return {}[orang]"
    kursus.hand_in(root, "citra", {"giliran": stops}, when="2026-03-03 04:30:00 UTC")
    with kursus.gradebook(root) as book:
        book.update_or_create_assignment(kursus.ASSIGNMENT, duedate="2026-03-02 01:00:00 UTC")
        book.update_or_create_student("ani", first_name="Ani <b>", last_name="& Co")
    code, log = kursus.nbgrader(root, "autograde", kursus.ASSIGNMENT)
    assert code == 0, log
    with kursus.gradebook(root) as book:
        for name in ("alasan", "usul"):
            grade = book.find_grade(name, kursus.ASSIGNMENT, kursus.ASSIGNMENT, "budi")
            grade.manual_score, grade.needs_manual_grade = 2.5, False
        comment = book.find_comment("alasan", kursus.ASSIGNMENT, kursus.ASSIGNMENT, "budi")
        comment.manual_comment = "Sebutkan **satuannya**."
        book.db.commit()
    code, log = kursus.nbgrader(root, "generate_feedback", kursus.ASSIGNMENT)
    assert code == 0, log
    assert "not recognized" not in log
    return root


def page_of(root: Path, student: str) -> str:
    folder = root / "kelas" / "feedback" / student / kursus.ASSIGNMENT
    return (folder / f"{kursus.ASSIGNMENT}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(course: Path) -> dict[str, str]:
    return {name: page_of(course, name) for name in ("ani", "budi", "citra")}


def part(page: str, selector: str) -> Tag:
    found = BeautifulSoup(page, "html.parser").select_one(selector)
    assert found is not None, selector
    return found


def words(page: str) -> str:
    return " ".join(part(page, "body").get_text(" ").split())


@pytest.mark.parametrize("student", ["ani", "budi", "citra"])
def test_neither_hidden_tests_nor_rubric_are_on_the_page(pages: dict[str, str], student: str) -> None:
    page = pages[student]
    for secret in ("rahasia_penguji", "HIDDEN TESTS", "MARK SCHEME", "Rubrik", "bocor 23"):
        assert secret not in page


def test_stock_shows_them(course: Path, tmp_path: Path) -> None:
    root = tmp_path / "kursus"
    shutil.copytree(course, root)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("del c.GenerateFeedback, c.HTMLExporter\n")
    code, log = kursus.nbgrader(root, "generate_feedback", kursus.ASSIGNMENT, "--student", "budi", "--force")
    assert code == 0, log
    assert "rahasia_penguji" in page_of(root, "budi") and "Rubrik" in page_of(root, "budi")


def test_failed_hidden_check_shows_its_message_and_no_traceback(pages: dict[str, str]) -> None:
    cell = part(pages["budi"], "#soal-giliran-uji-tersembunyi")
    assert part(str(cell), ".message").get_text() == (
        "Belum lolos. Setiap orang memerlukan satu giliran penuh. giliran(23, 5) seharusnya 115, tetapi hasilnya 28."
    )
    assert cell.find("details") is None and cell.find("pre") is None


def test_hidden_check_stopped_by_an_error_says_kind_and_reason(pages: dict[str, str]) -> None:
    cell = part(pages["citra"], "#soal-giliran-uji-tersembunyi")
    assert "karena galat KeyError. Ada kunci" in cell.get_text()
    assert "23" not in cell.get_text()


def test_visible_check_shows_the_message_before_the_folded_traceback(pages: dict[str, str]) -> None:
    cell = part(pages["citra"], "#soal-giliran-uji")
    assert [child.name for child in cell.find_all(recursive=False)] == ["div", "p", "details", "details"]
    traceback = part(str(cell), "details")
    assert not traceback.has_attr("open") and "KeyError" in traceback.get_text()


PARTIAL = """\
def _uji():
    from builtins import int, max, min, print
    rahasia = 'satu kalimat lain.'
    print(f"Skor {giliran(1, 1)}.")
    print("Masih lolos: " 'butir "Loket".')
    print("tanpa titik")
    return max(0, min(3, int(1)))
_skor = _uji()
_skor"""


@pytest.mark.parametrize("hidden", [False, True])
def test_a_partly_passed_check_shows_the_sentences_that_its_author_prints_and_nothing_else(hidden: bool) -> None:
    printed = 'dari jawaban: rahasia.\nSkor 3.\nMasih lolos: butir "Loket".\n', "tanpa titik\nMasih lolos: butir.\n"
    outputs = [NotebookNode(output_type="stream", name="stdout", text=text) for text in printed]
    outputs.append(NotebookNode(output_type="stream", name="stderr", text="satu kalimat lain.\n"))
    said = _verdict(NotebookNode(outputs=outputs), PARTIAL, hidden, 1, 3)
    assert said == {"message": 'Sebagian pemeriksaan lolos. Masih lolos: butir "Loket".'}


def test_a_hidden_check_that_gives_part_of_its_points_says_on_the_page_what_is_missing(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path, released=False)
    path = root / "solutions" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    test = next(cell for cell in notebook.cells if cell.id == "giliran-uji-tersembunyi")
    head, *_ = test.source.partition("### BEGIN")
    test.source = f"{head}### BEGIN HIDDEN TESTS\n{PARTIAL}\n### END HIDDEN TESTS"
    nbformat.write(notebook, path)
    code, log = kursus.nbgrader(root, "generate_assignment", kursus.ASSIGNMENT)
    assert code == 0, log
    kursus.hand_in(root, "ani", {"giliran": kursus.RIGHT})
    for step in ("autograde", "generate_feedback"):
        code, log = kursus.nbgrader(root, step, kursus.ASSIGNMENT)
        assert code == 0, log
    page = page_of(root, "ani")
    said = part(page, "#soal-giliran-uji-tersembunyi").get_text()
    assert 'Sebagian pemeriksaan lolos. Masih lolos: butir "Loket".' in said
    assert "satu kalimat lain" not in page and "tanpa titik" not in page


def test_scores_times_comments(pages: dict[str, str]) -> None:
    budi, citra, ani = (words(pages[name]) for name in ("budi", "citra", "ani"))
    assert "Diserahkan 2 Maret 2026 pukul 08.00 WIB" in budi and "Terlambat" not in budi
    assert "Skor 7 dari 14" in budi and "2,5 dari 5" in budi
    assert "Komentar pengajar Sebutkan satuannya ." in budi
    assert "Diserahkan 3 Maret 2026 pukul 11.30 WIB Terlambat 1 hari 3 jam" in citra
    assert "Belum ada jawaban." in citra
    assert "Skor sementara 5 dari 14" in ani and "menunggu penilaian pengajar (paling tinggi 5)" in ani
    assert "Peserta Ani <b> & Co (ani)" in ani


@pytest.mark.parametrize("student", ["ani", "budi", "citra"])
def test_page_stands_alone_and_is_well_formed(pages: dict[str, str], student: str) -> None:
    page = pages[student]
    soup = BeautifulSoup(page, "html.parser")
    assert part(page, "html")["lang"] == "id" and len(soup("h1")) == 1
    assert not soup(["script", "iframe", "link"])
    assert not [name for element in soup(True) for name in element.attrs if name.startswith("on")]
    assert all(str(image["src"]).startswith("data:image/") for image in soup("img"))
    assert all(str(link["href"]).startswith("#") for link in soup("a", href=True))
    levels = [int(heading.name[1]) for heading in soup(re.compile(r"^h[1-6]$"))]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    ids = {element["id"] for element in soup(id=True)}
    assert {link["href"][1:] for link in soup("a", href=True)} <= ids
    assert all(image["alt"] for image in soup("img"))
    for english in ("Score", "Student", "Comment", "No response", "Test cell"):
        assert english not in words(page)


def test_safe_html_keeps_what_lessons_use() -> None:
    table = '<table><thead><tr><th scope="col">a</th></tr></thead></table>'
    figure = '<figure><img alt="Grafik" src="data:image/png;base64,AA=="><figcaption>k</figcaption></figure>'
    folded = "<details><summary>A. satu</summary>b</details>"
    assert safe_html(table + figure + folded) == table + figure + folded
    assert safe_html('<style>p{}</style><img src="https://contoh.id/a.png" alt="peta">') == (
        "[Gambar tidak ikut dalam halaman ini: peta]"
    )


def test_region_that_is_not_closed_is_hidden_to_the_end_and_answers_are_left_alone() -> None:
    error = NotebookNode(output_type="error", ename="AssertionError", evalue="", traceback=["rahasia"])
    cell = NotebookNode(outputs=[error])
    assert _verdict(cell, "", True, 0, 3) == {"message": "Satu pemeriksaan tidak lolos.", "traceback": ""}
    metadata = {"nbgrader": {"grade": False, "solution": True, "grade_id": "x"}}
    answer = NotebookNode(cell_type="code", source="# BEGIN HIDDEN TESTS", outputs=[], metadata=NotebookNode(metadata))
    answer.metadata.nbgrader = NotebookNode(metadata["nbgrader"])
    view = HideHiddenTests()._view(answer, {}, set())
    assert view and view.kind == "answer" and answer.source == "# BEGIN HIDDEN TESTS"


def test_numbers_and_durations() -> None:
    assert [number(value) for value in (None, 0.0, 2.0, 2.5, 10.0, 1 / 3)] == ["", "0", "2", "2,5", "10", "0,33"]
    assert [duration(seconds) for seconds in (5, 3660, 90000)] == ["1 menit", "1 jam 1 menit", "1 hari 1 jam"]
    assert local_time(datetime(2026, 3, 1, 17, 0), "Asia/Jayapura") == "2 Maret 2026 pukul 02.00 WIT"


def test_the_gradebook_is_opened_once_for_all_pages(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    begin = Books.__init__

    def counted(self: Books, *arguments: str) -> None:
        opened.append(arguments)
        begin(self, *arguments)

    monkeypatch.setattr(Books, "__init__", counted)
    code, log = kursus.nbgrader(course, "generate_feedback", kursus.ASSIGNMENT, "--force")
    assert code == 0, log
    assert len(list((course / "kelas" / "feedback").rglob("*.html"))) > 1
    assert len(opened) == 1
