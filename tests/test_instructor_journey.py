"""An instructor's round in Formgrader: generate, release, collect, autograde, grade by hand, return, all by clicks."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import browser
import nbformat
import pytest
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parent.parent
NAME = "00-orientasi"
TRAINEE = "0007"
COMMENT = "Masalahnya terlihat jelas; tambahkan apa akibatnya bagi warga yang menunggu."

ANSWERS = {
    "nama-layanan": '# Jawaban: nama-layanan\nnama_layanan = "Pembuatan KTP-el"',
    # Wrong: more counters are open than there are.
    "jumlah-loket-buka": "# Jawaban: jumlah-loket-buka\njumlah_loket_buka = jumlah_loket + loket_tutup",
    "layanan-pilihan": "Legalisasi akta. Nomor antrean baru dibagikan pukul 09.00; yang menunggu ialah lansia.",
}

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of an instructor and of a trainee, who share this one's packages."""
    return browser.outside_environment(tmp_path)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one module."""
    root = tmp_path / "kursus"
    for part in ("assignments", "course", "solutions"):
        shutil.copytree(ROOT / part / NAME, root / part / NAME, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "config", root / "config")
    for file in ("Makefile", "nbgrader_config.py"):
        shutil.copy(ROOT / file, root)
    return root


@pytest.fixture
def address(course: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of what `make instructor` starts there, its set-up being done."""
    options = "--no-browser --ServerApp.port=18980 --LabApp.expose_app_in_browser=True"
    command = ["make", "--old-file=setup", "instructor", f"LAB_OPTIONS={options}"]
    with browser.jupyterlab(command, course, environment) as printed:
        yield printed


class Trainee:
    """Works with nbgrader's own commands in a folder that is not the course's."""

    def __init__(self, folder: Path, course: Path, environment: dict[str, str]) -> None:
        folder.mkdir()
        self.folder = folder
        self._environment = environment | {"JUPYTER_CONFIG_PATH": str(course)}

    def nbgrader(self, command: str) -> None:
        """Run `nbgrader COMMAND` for the assignment; it must succeed."""
        line = ["nbgrader", command, NAME, f"--student={TRAINEE}"]
        done = subprocess.run(line, cwd=self.folder, env=self._environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def hand_in(self) -> None:
        """Fetch the assignment, write ANSWERS, submit."""
        self.nbgrader("fetch_assignment")
        path = self.folder / NAME / f"{NAME}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = ANSWERS.get(cell.id, cell.source)
        nbformat.write(notebook, path)
        self.nbgrader("submit")


def press(form: Any, button: str, row: str) -> None:
    """Click a button in the line of a table that holds `row`; nbgrader says that it went well."""
    form.locator("tr", has_text=row).locator(f"td.{button} a").click()
    said = form.locator(".modal.in")
    said.get_by_text("Log Output").wait_for()
    assert said.locator(".modal-title").inner_text() == "Success", said.inner_text()
    said.get_by_role("button", name="OK").click()
    said.wait_for(state="detached")


def grade_by_hand(page: Any, form: Any, points: float) -> None:
    """Open the hand-in, read the rubric, give points and a comment."""
    form.get_by_role("link", name="Manual Grading").click()
    for path in (f"/gradebook/{NAME}", f"/gradebook/{NAME}/{NAME}"):
        form.locator("td").get_by_role("link", name=NAME).click()
        page.wait_for_function("path => frames[0].location.pathname.endsWith(path)", arg=path)
    form.get_by_role("link", name="Submission #1").click()
    form.get_by_text("Yang menunggu (4 poin)").wait_for()
    box = form.locator(".nbgrader_cell", has_text="Legalisasi akta. Nomor antrean").last
    for field, text in (("input.score", str(points)), ("textarea.comment", COMMENT)):
        box.locator(field).fill(text)
        with page.expect_response(lambda answer: "/api/" in answer.url and answer.request.method == "PUT") as saved:
            form.get_by_role("heading", name="Tugas 00: Orientasi").click()
        assert saved.value.ok


def test_an_instructor_releases_collects_grades_and_returns_by_clicks(
    address: str, course: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    trainee = Trainee(tmp_path / "peserta", course, environment)
    with browser.opened(address) as (page, requests):
        page.locator(".jp-Notebook h1").first.wait_for()
        page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Formgrader$")).click()
        form = page.frame_locator("iframe").first
        # The gradebook learns the assignment from this.
        press(form, "assign", NAME)
        press(form, "release", NAME)
        assert (course / "kelas/exchange/melayani/outbound" / NAME / f"{NAME}.ipynb").is_file()
        trainee.hand_in()

        press(form, "collect", NAME)
        form.locator("tr", has_text=NAME).locator("td.num-submissions a", has_text="1").click()
        press(form, "autograde", TRAINEE)
        form.locator("tr", has_text=TRAINEE).get_by_text("needs manual grading").wait_for()
        grade_by_hand(page, form, 6)

        for link in ("Manual Grading", "Manage Assignments"):
            form.get_by_role("link", name=link).click()
        press(form, "generate-feedback", NAME)
        press(form, "release-feedback", NAME)
        assert {urlsplit(url).netloc for url in requests} == {urlsplit(address).netloc}

    with Gradebook(f"sqlite:///{course / 'kelas/gradebook.db'}", "melayani") as book:
        submission = book.find_submission(NAME, TRAINEE)
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (11, 20, False)
        (notebook,) = submission.notebooks
        assert {grade.name: grade.score for grade in notebook.grades} == {
            "nama-layanan-uji": 5,
            "jumlah-loket-buka-uji": 0,
            "layanan-pilihan": 6,
        }
        assert COMMENT in {comment.comment for comment in notebook.comments}
    (page_of_trainee,) = (course / "kelas/exchange/melayani/feedback").glob("*.html")
    trainee.nbgrader("fetch_feedback")
    (returned,) = (trainee.folder / NAME / "feedback").rglob("*.html")
    text = returned.read_text("utf-8")
    assert text == page_of_trainee.read_text("utf-8")
    assert "Rincian Skor" in text
    assert COMMENT in text and "jumlah_loket_buka seharusnya 5, tetapi hasilnya 11" in text
