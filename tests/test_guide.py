"""The instructor's guide adds up: JP of the modules and days, minutes of the parts, points of the graded samples."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from melayani.authoring.prose import notebook
from melayani.course import assignments

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "pengajar"
MINUTES = 45
CHOICES = {"09", "11", "12"}


def tables(path: Path) -> list[list[list[str]]]:
    """Return the tables of a page as rows of texts without emphasis, headings and rules left out."""
    found = re.findall(r"(?:^\|.*\|\n)+", path.read_text("utf-8"), re.MULTILINE)
    rows = [[[part.strip(" *") for part in line.split("|")[1:-1]] for line in table.splitlines()] for table in found]
    return [[row for row in table[1:] if not set("".join(row)) <= set("-")] for table in rows]


def modules() -> dict[str, tuple[int, int]]:
    """Return the JP of each module with an instructor and alone, as jadwal.md has them."""
    return {row[0]: (int(row[2]), int(row[3])) for row in tables(GUIDE / "jadwal.md")[0] if row[0].isdigit()}


def test_the_modules_add_up_to_42_and_48_jp_and_16_alone() -> None:
    jp = modules()
    assert sorted(jp) == [f"{number:02}" for number in range(14)]
    core = [jp[name] for name in jp if name not in CHOICES]
    assert len({jp[name] for name in CHOICES}) == 1
    sums = [sum(part) for part in zip(*core, strict=True)]
    both = [total + 2 * part for total, part in zip(sums, jp["09"], strict=True)]
    written = {
        row[0]: [int(row[2]), int(row[3])] for row in tables(GUIDE / "jadwal.md")[0] if row[0].startswith("Inti")
    }
    assert written == {"Inti": sums, "Inti dan dua pilihan": both}
    assert (sums[0], both) == (42, [48, 16])


@pytest.mark.parametrize(("plan", "days", "sessions"), [(1, 6, 4), (2, 12, 2)], ids=["6 x 8 JP", "12 x 4 JP"])
def test_a_day_plan_gives_each_module_its_jp_in_order(plan: int, days: int, sessions: int) -> None:
    table = tables(GUIDE / "jadwal.md")[plan]
    assert [row[0] for row in table] == [str(day) for day in range(1, days + 1)]
    order: list[str] = []
    given: Counter[str] = Counter()
    for row in table:
        assert len(row) == sessions + 1
        for session in row[1:]:
            parts = re.findall(r"(\d\d|Pilihan [AB]) \((\d)\)", session)
            assert sum(int(jp) for _, jp in parts) == 2, session
            for name, jp in parts:
                given[name] += int(jp)
                order += [name] if name not in order else []
    jp = {name: with_instructor for name, (with_instructor, _) in modules().items()}
    core = [name for name in jp if name not in CHOICES and name != "13"]
    assert order == [*sorted(core), "Pilihan A", "Pilihan B", "13"]
    assert given == {**{name: jp[name] for name in [*core, "13"]}, "Pilihan A": jp["09"], "Pilihan B": jp["09"]}


def test_modules_that_are_not_written_are_called_so() -> None:
    here = {name[:2] for name in assignments(ROOT)}
    told = {row[0]: row[4] for row in tables(GUIDE / "jadwal.md")[0] if row[0].isdigit()}
    assert told == {name: "ada" if name in here else "belum" for name in told}


@pytest.mark.parametrize("name", assignments(ROOT))
def test_the_minutes_of_a_module_fill_its_jp(name: str) -> None:
    (table,) = [table for table in tables(GUIDE / f"modul-{name[:2]}.md") if table[0][0].startswith("JP 1")]
    lessons: list[list[int]] = []
    for part, minutes in table:
        if part.startswith("JP "):
            assert part.startswith(f"JP {len(lessons) + 1}:")
            assert int(minutes) == MINUTES
            lessons.append([])
        else:
            lessons[-1].append(int(minutes))
    assert [sum(lesson) for lesson in lessons] == [MINUTES] * modules()[name[:2]][0]


def test_the_graded_samples_keep_to_the_rubric_of_the_item() -> None:
    cells = notebook(ROOT / "solutions/00-orientasi/00-orientasi.ipynb").cells
    (item,) = [cell.source for cell in cells if cell.id == "layanan-pilihan-soal"]
    rubric = {name: int(points) for name, points in re.findall(r"^\| ([\w ]+) \((\d+) poin\)", item, re.MULTILINE)}
    assert sum(rubric.values()) == 10
    page = GUIDE / "modul-00.md"
    shown, *samples = tables(page)[2:]
    assert {
        name: int(points) for name, points in (re.findall(r"([\w ]+) \((\d+)\)", row[0])[0] for row in shown)
    } == rubric
    titles = re.findall(r"^### .*: (\d+) poin$", page.read_text("utf-8"), re.MULTILINE)
    for title, ((*parts, total),) in zip(titles, samples, strict=True):
        assert sum(map(int, parts)) == int(total) == int(title)
        assert all(int(part) <= most for part, most in zip(parts, rubric.values(), strict=True))
