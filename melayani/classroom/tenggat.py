"""`melayani tenggat`: deadlines as Indonesians write them, kept in nbgrader's gradebook in UTC."""

from __future__ import annotations

import re
import warnings
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path

from dateutil.tz import gettz  # type: ignore[import-untyped]
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from melayani.course import CourseError, assignments, load_config
from melayani.grading.times import MONTHS, ZONE, local_time

#: The zones of Indonesia. None has summer time; the same offsets hold since 1988 (Keppres 41/1987).
ZONES = {name: timezone(timedelta(hours=hours), name) for name, hours in (("WIB", 7), ("WITA", 8), ("WIT", 9))}
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_END_OF_DAY = time(23, 59)
FORMS = (
    "5 Maret 2027 pukul 23.59",
    "05/03/2027 23.59 (hari dahulu, lalu bulan)",
    "2027-03-05",
)
# Long and short names, and the spellings of before 1972 that offices still use.
_SHORT = (
    *(("jan",), ("feb", "pebruari"), ("mar",), ("apr",), (), ("jun",)),
    *(("jul",), ("agu", "agt", "ags"), ("sep", "sept"), ("okt",), ("nov", "nop", "nopember"), ("des",)),
)
_MONTH_NUMBERS = {
    name: number
    for number, (month, short) in enumerate(zip(MONTHS, _SHORT, strict=True), 1)
    for name in (month.lower(), *short)
}
_DATE = (
    r"(?:(?P<weekday>[a-z']+),? )?"
    r"(?:(?P<day>[0-9]{1,2})(?: (?P<name>[a-z]+)\.? |(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark))(?P<year>[0-9]+)"
    r"|(?P<iso_year>[0-9]{4})-(?P<iso_month>[0-9]{2})-(?P<iso_day>[0-9]{2}))"
)
_TIME = r"(?:,? (?:pukul |jam )?(?P<hour>[0-9]{1,2})[.:](?P<minute>[0-9]{2}))?"
_WHEN = re.compile(rf"{_DATE}{_TIME}(?: (?P<zone>wib|wita|wit))?", re.IGNORECASE)


class DeadlineError(CourseError):
    """A time that can't be read for certain; the message asks for it anew and shows the accepted forms."""

    def __init__(self, why: str) -> None:
        """Say `why`, then what can be read."""
        lines = "\n".join(f"  {form}" for form in FORMS)
        super().__init__(
            f"{why}\nTuliskan waktu dengan salah satu bentuk ini:\n{lines}\n"
            "Tanpa jam, tenggat ialah pukul 23.59. Tambahkan WIB, WITA, atau WIT jika perlu."
        )


@dataclass(frozen=True)
class Late:
    """A hand-in in the gradebook, and how many seconds after the deadline it came (0: in time)."""

    student: str
    seconds: float


@dataclass(frozen=True)
class Deadline:
    """An assignment's deadline (UTC, aware; None: there is none) and all its hand-ins in the gradebook."""

    assignment: str
    moment: datetime | None
    hand_ins: list[Late]


def read(text: str, zone: tzinfo) -> datetime:
    """Return the time that `text` names, in the zone that it names or else in `zone`.

    Raises DeadlineError for anything that is not one of the forms, or not one certain time.
    """
    found = _WHEN.fullmatch(" ".join(text.split()))
    if not found:
        raise DeadlineError(f"Waktu “{text}” tidak dapat dibaca.")
    day = _date(found, text)
    if name := found["weekday"]:
        _check_weekday(name, day)
    hour, minute = found["hour"], found["minute"]
    if hour is None:
        clock = _END_OF_DAY
    elif int(hour) == 24 and int(minute) == 0:
        raise DeadlineError("Pukul 24.00 dapat berarti dua hari yang berbeda. Untuk akhir hari itu, tulis 23.59.")
    else:
        try:
            clock = time(int(hour), int(minute))
        except ValueError:
            raise DeadlineError(f"Pukul {hour}.{minute} tidak ada.") from None
    return datetime.combine(day, clock, ZONES[found["zone"].upper()] if found["zone"] else zone)


def _date(found: re.Match[str], text: str) -> date:
    year = found["year"] or found["iso_year"]
    if len(year) != 4:
        asked = f" Maksud Anda 20{year}?" if len(year) == 2 else ""
        raise DeadlineError(f"Tahun {year} tidak ditulis dengan empat angka.{asked}")
    if not year.startswith("20"):
        raise DeadlineError(f"Tahun {year} di luar jangkauan, yaitu 2000 sampai 2099.")
    if found["name"]:
        month = _MONTH_NUMBERS.get(found["name"].lower(), 0)
        if not month:
            raise DeadlineError(f"Bulan “{found['name']}” tidak dikenal. Pakailah nama bulan dalam bahasa Indonesia.")
    else:
        month = int(found["month"] or found["iso_month"])
    day = int(found["day"] or found["iso_day"])
    try:
        return date(int(year), month, day)
    except ValueError:
        if not 1 <= month <= 12:
            raise DeadlineError(f"Bulan ke-{month} tidak ada. Hari ditulis lebih dahulu, lalu bulan.") from None
        raise DeadlineError(f"Tanggal {day} {MONTHS[month - 1]} {year} tidak ada dalam kalender.") from None


def _check_weekday(name: str, day: date) -> None:
    days = {known.lower(): known for known in _DAYS} | {"jum'at": "Jumat", "ahad": "Minggu"}
    meant = days.get(name.lower())
    right = _DAYS[day.weekday()]
    if meant is None:
        raise DeadlineError(f"Hari “{name}” tidak dikenal.")
    if meant != right:
        raise DeadlineError(
            f"{day.day} {MONTHS[day.month - 1]} {day.year} ialah hari {right}, bukan {meant}. Mana yang Anda maksud?"
        )


def class_zone(config: Config) -> tzinfo:
    """Return the zone in which the class reads and is shown times (`c.NbGraderAPI.timezone`)."""
    zone: tzinfo = gettz(config.NbGraderAPI.get("timezone", ZONE)) or ZONES["WIB"]
    return zone


def shown(moment: datetime, zone: tzinfo) -> str:
    """Return an aware time with its weekday, as `read` reads it: "Jumat, 5 Maret 2027 pukul 23.59 WIB"."""
    local = moment.astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {local_time(local, zone)}"


def deadlines(root: Path, names: list[str] | None = None) -> list[Deadline]:
    """Return the deadline of each assignment (default: all), with its hand-ins as the gradebook has them now.

    Raises CourseError when the course has no such assignment.
    """
    for name in names or []:
        _check_name(root, name)
    config = load_config(root).CourseDirectory
    with Gradebook(config.db_url, config.course_id) as gradebook:
        return [_deadline(gradebook, name) for name in names or assignments(root)]


def _check_name(root: Path, name: str) -> None:
    if name not in assignments(root):
        known = ", ".join(assignments(root)) or "belum ada"
        raise CourseError(f"Tugas {name} tidak ada. Tugas dalam kursus ini: {known}.")


def _deadline(gradebook: Gradebook, name: str) -> Deadline:
    try:
        stored = gradebook.find_assignment(name).duedate
    except MissingEntry:
        return Deadline(name, None, [])
    hand_ins = [
        Late(submission.student.id, submission.total_seconds_late)
        for submission in gradebook.assignment_submissions(name)
    ]
    moment = stored.replace(tzinfo=UTC) if stored else None
    return Deadline(name, moment, sorted(hand_ins, key=lambda hand_in: hand_in.student))


def set_deadline(root: Path, name: str, moment: datetime) -> Deadline:
    """Store the deadline of an assignment and give its hand-ins the late penalties that now hold; return it.

    nbgrader works out lateness whenever it is asked, but keeps the penalty of the day of autograding.
    Raises CourseError when the course has no such assignment.
    """
    _check_name(root, name)
    config = load_config(root)
    course = config.CourseDirectory
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.update_or_create_assignment(name, duedate=moment.astimezone(UTC).replace(tzinfo=None))
        graded = [
            (submission.student.id, notebook.name)
            for submission in gradebook.assignment_submissions(name)
            for notebook in submission.notebooks
        ]
    # The preprocessor that autograde runs, with the class's own rule (c.AssignLatePenalties.plugin_class).
    with chdir(root), warnings.catch_warnings(action="ignore"):
        penalties = AssignLatePenalties(config=config)
        for student, notebook in graded:
            place = {"notebook": notebook, "assignment": name, "student": student, "db_url": course.db_url}
            penalties.preprocess(new_notebook(), {"nbgrader": place})
    return deadlines(root, [name])[0]
