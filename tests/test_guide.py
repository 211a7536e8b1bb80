"""The instructor's guide adds up: JP of the modules and days, minutes of the parts, points of the graded samples."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from nbgrader import utils

from melayani.authoring.prose import notebook
from melayani.course import assignments

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "pengajar"
MINUTES = 45
CHOICES = {"09", "11", "12"}
#: Where a page names a module that there is.
PLACES = {"README.md": r"{} \(", "README.id.md": r"{} \(", "docs/pengajar/jadwal.md": r"\(modul-{}\.md\)"}


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
    assert told == {name: "ada" if name in here else "belum" for name in told}, "docs/pengajar/jadwal.md"


@pytest.mark.parametrize("page", ["README.md", "README.id.md", "docs/pengajar/jadwal.md"])
def test_a_page_that_tells_which_modules_there_are_names_them_all(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    missing = [name for name in assignments(ROOT) if not re.search(PLACES[page].format(name[:2]), text)]
    assert not missing, f"{page} does not name {missing}, as {PLACES[page].format('NN')}"


def notes(name: str) -> Path:
    """Return the instructor's notes on an assignment's module."""
    page = GUIDE / f"modul-{name[:2]}.md"
    assert page.is_file(), f"{page.relative_to(ROOT)} is missing: the instructor's notes on {name}"
    return page


@pytest.mark.parametrize("name", assignments(ROOT))
def test_the_minutes_of_a_module_fill_its_jp(name: str) -> None:
    found = [table for table in tables(notes(name)) if table[0][0].startswith("JP 1")]
    assert len(found) == 1, f"{notes(name).relative_to(ROOT)}: one table of minutes begins with a row 'JP 1: …'"
    lessons: list[list[int]] = []
    for part, minutes in found[0]:
        if part.startswith("JP "):
            assert part.startswith(f"JP {len(lessons) + 1}:")
            assert int(minutes) == MINUTES
            lessons.append([])
        else:
            lessons[-1].append(int(minutes))
    assert [sum(lesson) for lesson in lessons] == [MINUTES] * modules()[name[:2]][0]


MANUAL = [
    pytest.param(name, cell.metadata.nbgrader.grade_id, id=f"{name}/{cell.metadata.nbgrader.grade_id}")
    for name in assignments(ROOT)
    for cell in notebook(ROOT / "solutions" / name / f"{name}.ipynb").cells
    if utils.is_grade(cell) and utils.is_solution(cell)
]


@pytest.mark.parametrize(("name", "item"), MANUAL)
def test_the_graded_samples_keep_to_the_rubric_of_the_item(name: str, item: str) -> None:
    cells = {cell.id: cell for cell in notebook(ROOT / "solutions" / name / f"{name}.ipynb").cells}
    rows = re.findall(r"^\| ([\w ]+) \((\d+) poin\)", cells[f"{item}-soal"].source, re.MULTILINE)
    rubric = {part: int(points) for part, points in rows}
    worth = cells[item].metadata.nbgrader.points
    assert sum(rubric.values()) == worth, (
        f"{item}-soal: a table with a row '| … (N poin) | …' for each part, {worth} in all"
    )
    page = notes(name)
    where = page.relative_to(ROOT)
    shown = [[re.findall(r"([\w ]+) \((\d+)\)", row[0]) for row in table] for table in tables(page)]
    assert [[(part, str(points))] for part, points in rubric.items()] in shown, f"{where}: no table with {rubric}"
    head = " | ".join([*rubric, "jumlah"])
    sample = rf"^### .*: (\d+) poin$(?:(?!^### )[\s\S])*?^\| {re.escape(head)} \|\n\|[-|]+\n\| (.*) \|$"
    samples = re.findall(sample, page.read_text("utf-8"), re.MULTILINE)
    assert len(samples) >= 2, f"{where}: two samples '### …: N poin', each with a table '| {head} |'"
    for title, row in samples:
        *given, total = (int(points) for points in row.split(" | "))
        assert sum(given) == total == int(title), f"{where}: {row}"
        assert all(points <= most for points, most in zip(given, rubric.values(), strict=True)), f"{where}: {row}"
