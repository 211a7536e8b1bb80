"""nbgrader export with a status beside every score, and the table for people."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import kursus
import pytest
from nbgrader.plugins import CsvExportPlugin

from melayani.grading.export import COLUMNS, table_for_people

pytestmark = pytest.mark.slow  # it drives the real nbgrader

LATER = "2026-03-05 01:00:00 UTC"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """0071 graded, ani waits for a person, budi handed in nothing, citra's file is no notebook, and three more.

    dewi handed in and was not graded yet; eka and fani handed in again after their work was graded, fani at a time
    that can't be read.
    """
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"))
    for student in ("0071", "ani", "eka", "fani"):
        kursus.hand_in(root, student, {"giliran": kursus.RIGHT, "alasan": "Ada."})
    kursus.hand_in(root, "citra").write_text("bukan JSON", encoding="utf-8")
    kursus.nbgrader(root, "autograde", kursus.ASSIGNMENT)
    kursus.hand_in(root, "dewi", {"giliran": kursus.RIGHT})
    kursus.hand_in(root, "eka", {"giliran": kursus.WRONG}, when=LATER)
    kursus.hand_in(root, "fani", {"giliran": kursus.WRONG}, when="kemarin sore")
    with kursus.gradebook(root) as book:
        book.add_student("budi", first_name="=HYPERLINK(1)", last_name="Budi, Putra")
        for name in ("alasan", "usul"):
            grade = book.find_grade(name, kursus.ASSIGNMENT, kursus.ASSIGNMENT, "0071")
            grade.manual_score, grade.needs_manual_grade = 3.5, False
        book.db.commit()
    return root


def test_every_trainee_has_a_row_and_no_false_zero(course: Path) -> None:
    code, log = kursus.nbgrader(course, "export")
    assert code == 0, log
    table = read(course / "grades.csv")
    assert tuple(table[0]) == COLUMNS
    found = {row["student_id"]: (row["status"], row["raw_score"], row["score"]) for row in table}
    assert found == {
        "0071": ("dinilai", "12.0", "12.0"),
        "ani": ("menunggu", "5.0", "5.0"),
        "budi": ("tidak menyerahkan", "", ""),
        "citra": ("tidak terbaca", "", ""),
        "dewi": ("menunggu", "", ""),
        "eka": ("menunggu", "", ""),
        "fani": ("menunggu", "", ""),
    }
    assert table[[row["student_id"] for row in table].index("budi")]["last_name"] == "Budi, Putra"


def test_graded_rows_and_columns_are_those_of_stock(course: Path) -> None:
    kursus.nbgrader(course, "export", "--to", "kita.csv", "--student", "['0071', 'ani']")
    stock = f"{CsvExportPlugin.__module__}.{CsvExportPlugin.__name__}"
    kursus.nbgrader(course, "export", "--to", "asli.csv", "--student", "['0071', 'ani']", "--exporter", stock)
    ours = [line.rsplit(",", 2)[0] for line in (course / "kita.csv").read_text().splitlines()]
    assert ours == (course / "asli.csv").read_text().splitlines()


def test_a_gradebook_without_folders_keeps_its_scores(course: Path, tmp_path: Path) -> None:
    root = tmp_path / "kursus"
    shutil.copytree(course, root)
    for name in ("submitted", "autograded"):
        shutil.rmtree(root / "kelas" / name)
    kursus.nbgrader(root, "export")
    assert {row["student_id"]: row["status"] for row in read(root / "grades.csv")}["0071"] == "dinilai"


def test_table_for_people_opens_in_an_indonesian_excel(course: Path) -> None:
    target = course / "skor.csv"
    table_for_people(course, target)
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert table[0] == ["Peserta", "Nama", "01-contoh (paling tinggi 14)"]
    rows = {row[0]: row[1:] for row in table[1:]}
    assert rows['="0071"'] == ["", "12"]
    assert rows["ani"] == ["", "menunggu"]
    assert rows["budi"] == ["'=HYPERLINK(1) Budi, Putra", "tidak menyerahkan"]
    assert rows["citra"] == ["", "tidak terbaca"]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
