"""Deadlines: what is read as which time, what is asked about, and what follows for hand-ins."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import kursus
import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from melayani import cli
from melayani.classroom.tenggat import FORMS, ZONES, DeadlineError, read, set_deadline, shown
from melayani.course import CourseError
from melayani.grading.times import MONTHS, local_time

WIB, WITA, WIT = ZONES["WIB"], ZONES["WITA"], ZONES["WIT"]
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

# Reading.

minutes = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
zones = st.sampled_from(list(ZONES.values()))
DATES = {
    "month by name": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "month by name, padded": lambda d: f"{d.day:02d} {MONTHS[d.month - 1].upper()} {d.year}",
    "with the weekday": lambda d: f"{DAYS[d.weekday()]}, {d.day} {MONTHS[d.month - 1].lower()} {d.year}",
    "day first": lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}",
    "day first, unpadded": lambda d: f"{d.day}-{d.month}-{d.year}",
    "day first, dots": lambda d: f"{d:%d.%m.%Y}",
    "ISO": lambda d: f"{d:%Y-%m-%d}",
}
TIMES = {
    "pukul": lambda d: f" pukul {d:%H.%M}",
    "bare": lambda d: f" {d:%H.%M}",
    "colon": lambda d: f" {d:%H:%M}",
    "comma": lambda d: f", pukul {d.hour}.{d:%M}",
}


@given(moment=minutes, zone=zones, date=st.sampled_from(list(DATES)), clock=st.sampled_from(list(TIMES)))
def test_every_form_is_read_as_the_time_that_was_written(
    moment: datetime, zone: timezone, date: str, clock: str
) -> None:
    text = DATES[date](moment) + TIMES[clock](moment)
    assert read(f"{text} {zone.tzname(None)}", WIT) == moment.replace(tzinfo=zone)
    assert read(text, zone) == moment.replace(tzinfo=zone)


@given(moment=minutes, zone=zones, date=st.sampled_from(list(DATES)))
def test_a_date_alone_ends_with_its_day(moment: datetime, zone: timezone, date: str) -> None:
    expected = datetime.combine(moment.date(), time(23, 59), zone)
    assert read(DATES[date](moment), zone) == expected
    assert read(f"{DATES[date](moment)} {zone.tzname(None)}", WIT) == expected


@given(moment=minutes, zone=zones)
@example(moment=datetime(2000, 1, 1), zone=WITA)
def test_what_is_shown_is_read_again_as_the_same_time(moment: datetime, zone: timezone) -> None:
    there = moment.replace(tzinfo=zone)
    assert read(shown(there, zone), WIT) == there
    assert read(local_time(there, zone), WIT) == there
    if there.astimezone(WIB).year >= 2000:  # the first hours of 2000 in the east are 1999 in the west
        assert read(shown(there, WIB), WIB) == there


@given(
    parts=st.tuples(st.integers(0, 32), st.integers(0, 13), st.integers(0, 2200)),
    marks=st.tuples(*[st.sampled_from("/-. ")] * 2),
)
def test_three_numbers_are_a_day_a_month_and_a_year_or_nothing(
    parts: tuple[int, int, int], marks: tuple[str, str]
) -> None:
    day, month, year = parts
    try:
        expected = datetime(year, month, day, 23, 59, tzinfo=WIB) if 2000 <= year <= 2099 else None
    except ValueError:
        expected = None
    text = f"{day}{marks[0]}{month}{marks[1]}{year}"
    if expected and marks[0] == marks[1] != " ":
        assert read(text, WIB) == expected
    else:
        with pytest.raises(DeadlineError):
            read(text, WIB)


@given(text=st.text(max_size=40) | st.text(alphabet="0123456789/-. :,MaretpukulWIBTA", max_size=40))
def test_anything_else_is_asked_about(text: str) -> None:
    try:
        read(text, WIB)
    except DeadlineError as asked:
        assert all(form in str(asked) for form in FORMS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 Maret 2027 pukul 23.59", datetime(2027, 3, 5, 23, 59, tzinfo=WIB)),
        ("05/03/2027 23.59", datetime(2027, 3, 5, 23, 59, tzinfo=WIB)),
        ("2027-03-05", datetime(2027, 3, 5, 23, 59, tzinfo=WIB)),
        ("01/03/2026", datetime(2026, 3, 1, 23, 59, tzinfo=WIB)),  # nbgrader reads 3 January
        ("  1  agt 2026,  jam 8:05 wita ", datetime(2026, 8, 1, 8, 5, tzinfo=WITA)),
        ("29 Pebruari 2028 00.00 WIT", datetime(2028, 2, 29, 0, 0, tzinfo=WIT)),
        ("Jum'at 5 Nop. 2027", datetime(2027, 11, 5, 23, 59, tzinfo=WIB)),
    ],
)
def test_these_are_read(text: str, expected: datetime) -> None:
    found = read(text, WIB)
    assert found == expected
    assert found.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_a_refusal_shows_is_read(form: str) -> None:
    assert read(form.partition(" (")[0], WIB).date().isoformat() == "2027-03-05"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("5/3/27", "Maksud Anda 2027?"),
        ("5 Maret 27 pukul 10.00", "Maksud Anda 2027?"),
        ("5 Maret 20277", "empat angka"),
        ("5 Maret 1927", "di luar jangkauan"),
        ("31 Februari 2027", "31 Februari 2027 tidak ada dalam kalender"),
        ("29/02/2027", "29 Februari 2027 tidak ada dalam kalender"),
        ("0/1/2027", "0 Januari 2027 tidak ada"),
        ("03/15/2027", "Bulan ke-15 tidak ada"),
        ("2027-13-01", "Bulan ke-13 tidak ada"),
        ("5 March 2027", "Bulan “March” tidak dikenal"),
        ("Kamis, 5 Maret 2027", "ialah hari Jumat, bukan Kamis"),
        ("Friday, 5 Maret 2027", "Hari “Friday” tidak dikenal"),
        ("5 Maret 2027 pukul 24.00", "tulis 23.59"),
        ("5 Maret 2027 pukul 25.10", "Pukul 25.10 tidak ada"),
        ("5 Maret 2027 pukul 10.60", "Pukul 10.60 tidak ada"),
        ("", "tidak dapat dibaca"),
        ("besok", "tidak dapat dibaca"),
        ("5 Maret", "tidak dapat dibaca"),
        ("5 Maret 2027 pukul 9", "tidak dapat dibaca"),
        ("5 Maret 2027 +0700", "tidak dapat dibaca"),
        ("5 Maret 2027 23.59 UTC", "tidak dapat dibaca"),
        ("5/3-2027", "tidak dapat dibaca"),
        ("2027-3-5", "tidak dapat dibaca"),
        ("٥ Maret 2027", "tidak dapat dibaca"),
    ],
)
def test_what_is_not_certain_is_asked_about_with_the_accepted_forms(text: str, why: str) -> None:
    with pytest.raises(DeadlineError) as asked:
        read(text, WIB)
    assert why in str(asked.value)
    assert all(form in str(asked.value) for form in FORMS)


# Setting.

ZERO_WHEN_LATE = 'c.LateSubmissionPlugin.penalty_method = "zero"'
HANDED_IN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # kursus.hand_in: 08.00 WIB


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class in which 0071 and ani handed in at 08.00 WIB and were graded, and whoever is late gets 0."""
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"), config=ZERO_WHEN_LATE)
    for student in ("0071", "ani"):
        kursus.hand_in(root, student, {"giliran": kursus.RIGHT})
    code, log = kursus.nbgrader(root, "autograde", kursus.ASSIGNMENT)
    assert code == 0, log
    return root


def melayani(root: Path, *arguments: str) -> int:
    with kursus.environment(root):
        return cli.main(arguments)


def export(root: Path) -> dict[str, dict[str, str]]:
    code, log = kursus.nbgrader(root, "export")
    assert code == 0, log
    with (root / "grades.csv").open(encoding="utf-8", newline="") as stream:
        return {row["student_id"]: row for row in csv.DictReader(stream)}


def late_in_feedback(root: Path) -> bool:
    code, log = kursus.nbgrader(root, "generate_feedback", kursus.ASSIGNMENT, "--force")
    assert code == 0, log
    page = root / "kelas" / "feedback" / "ani" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.html"
    return "erlambat" in BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text()


@pytest.mark.slow
def test_a_changed_deadline_recomputes_lateness_both_ways(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert melayani(course, "tenggat", kursus.ASSIGNMENT, *["2", "Maret", "2026", "pukul", "07.30"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines() == [
        "01-contoh: Senin, 2 Maret 2026 pukul 07.30 WIB.",
        "  Terlambat: 0071 (30 menit), ani (30 menit).",
    ]
    rows = export(course)
    assert [(rows[name]["raw_score"], rows[name]["score"]) for name in ("0071", "ani")] == [("5.0", "0.0")] * 2
    assert {row["duedate"] for row in rows.values()} == {"2026-03-02 00:30:00"}  # in UTC
    assert late_in_feedback(course)

    assert melayani(course, "tenggat", kursus.ASSIGNMENT, "2 Maret 2026 10.00 WITA") == 0
    assert capsys.readouterr().out.splitlines() == [
        "01-contoh: Senin, 2 Maret 2026 pukul 09.00 WIB.",
        "  Tidak lagi terlambat: 0071, ani.",
        "Umpan balik yang sudah dibuat masih memuat keterangan yang lama. Buat lagi dengan: "
        "nbgrader generate_feedback 01-contoh --force",
    ]
    assert {row["score"] for row in export(course).values()} == {"5.0"}
    assert not late_in_feedback(course)

    set_deadline_in(course, HANDED_IN - timedelta(minutes=1))
    assert {row["score"] for row in export(course).values()} == {"0.0"}
    set_deadline_in(course, HANDED_IN)  # at the very minute is in time
    assert {row["score"] for row in export(course).values()} == {"5.0"}


def set_deadline_in(root: Path, moment: datetime) -> None:
    with kursus.environment(root):
        set_deadline(root, kursus.ASSIGNMENT, moment)


@pytest.mark.slow
def test_a_personal_extension_still_counts(course: Path) -> None:
    with kursus.gradebook(course) as book:
        book.grant_extension(kursus.ASSIGNMENT, "0071", hours=1)
    try:
        set_deadline_in(course, HANDED_IN - timedelta(minutes=30))
        rows = export(course)
        assert (rows["0071"]["score"], rows["ani"]["score"]) == ("5.0", "0.0")
    finally:
        with kursus.gradebook(course) as book:
            book.grant_extension(kursus.ASSIGNMENT, "0071", hours=0)


@pytest.mark.slow
def test_what_can_t_be_read_changes_nothing(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_deadline_in(course, HANDED_IN)
    assert melayani(course, "tenggat", kursus.ASSIGNMENT, "5/3/27") == 2
    assert "Maksud Anda 2027?" in capsys.readouterr().err
    for when in ([], ["5/3/2027"]):
        assert melayani(course, "tenggat", "07-lain", *when) == 2
        assert "Tugas dalam kursus ini: 01-contoh" in capsys.readouterr().err
    assert melayani(course, "tenggat") == 0
    assert capsys.readouterr().out == "01-contoh: Senin, 2 Maret 2026 pukul 08.00 WIB.\n"


@pytest.mark.slow
def test_a_deadline_can_be_set_before_anything_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = kursus.make_course(tmp_path, released=False, config='c.NbGraderAPI.timezone = "Asia/Jayapura"')
    assert melayani(root, "tenggat", kursus.ASSIGNMENT) == 0
    assert melayani(root, "tenggat", kursus.ASSIGNMENT, "2027-03-05") == 0
    assert capsys.readouterr().out.splitlines() == [
        "01-contoh: belum ada tenggat.",
        "01-contoh: Jumat, 5 Maret 2027 pukul 23.59 WIT.",
    ]
    with kursus.gradebook(root) as book:
        assert book.find_assignment(kursus.ASSIGNMENT).duedate == datetime(2027, 3, 5, 14, 59)
    with pytest.raises(CourseError, match="Tugas 02-lain tidak ada"), kursus.environment(root):
        set_deadline(root, "02-lain", HANDED_IN)
