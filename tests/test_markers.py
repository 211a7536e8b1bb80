"""Region markers: every slip is refused, the exact ones and ordinary lines pass."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from melayani.authoring import notebooks
from melayani.authoring.markers import EXACT_MARKERS, KINDS, MarkerError, check_markers, split
from melayani.course import assignments, find_root

ROOT = find_root()


def cell(kind: str, begin: str | None = None, end: str | None = None) -> str:
    """Return a cell with one region, one of its markers replaced."""
    begin = f"### BEGIN {kind}" if begin is None else begin
    end = f"### END {kind}" if end is None else end
    return f"# Jawaban: jam\n{begin}\njam = 7\n{end}\n"


def is_refused(source: str) -> bool:
    try:
        check_markers(source, "tugas.ipynb, cell 3 (jam)")
    except MarkerError as error:
        assert "tugas.ipynb, cell 3 (jam)" in str(error)
        return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_the_exact_markers_pass(kind: str) -> None:
    assert not is_refused(cell(kind))
    assert not is_refused(cell(kind) + cell(kind))
    assert not is_refused(f"    ### BEGIN {kind}   \nx\n\t### END {kind}")
    assert not is_refused(cell("SOLUTION", "### BEGIN SOLUTION: jam, menit"))


@pytest.mark.parametrize(
    "line",
    [
        "### BEGIN HIDDEN TEST",
        "### BEGIN HIDDEN TESTS.",
        "### BEGIN HIDDEN TESTS: jam",
        "### begin hidden tests",
        "### Begin Hidden Tests",
        "###  BEGIN HIDDEN TESTS",
        "### BEGIN  HIDDEN TESTS",
        "### BEGIN\tHIDDEN TESTS",
        "### BEGIN HIDDEN\u00a0TESTS",
        "### BEGIN HID\u200bDEN TESTS",
        "###BEGIN HIDDEN TESTS",
        "##BEGIN HIDDEN TESTS",
        "# BEGIN HIDDEN TESTS",
        "#### BEGIN HIDDEN TESTS",
        "BEGIN HIDDEN TESTS",
        "<!-- BEGIN HIDDEN TESTS -->",
        "jam = 7  ### BEGIN HIDDEN TESTS",
        "'### BEGIN HIDDEN TESTS'",
        "### BEGIN_HIDDEN_TESTS",
        "### BEGIN-HIDDEN-TESTS",
        "### BEGIN HIDEN TESTS",
        "### BEGIN HIDDEN TSETS",
        "### BEGNI HIDDEN TESTS",
        "### BEGINNING HIDDEN TESTS",
        "### BEGIN THE HIDDEN TESTS",
        "### ВEGIN HIDDEN TESTS",  # a Cyrillic letter
        "### ＢＥＧＩＮ HIDDEN TESTS",
        "### BEGIN",
        "### HIDDEN TESTS",
        "### BEGIN TESTS",
        "### START HIDDEN TESTS",
        "### MULAI UJI TERSEMBUNYI",
    ],
)
def test_a_slip_of_the_marker_is_refused(line: str) -> None:
    assert is_refused(cell("HIDDEN TESTS", begin=line))


@pytest.mark.parametrize(
    "line",
    [
        "### BEGIN SOLUTION jam",
        "### BEGIN SOLUTION:",
        "### BEGIN SOLUTION: 2 kata",
        "### BEGIN SOLUTION: jam menit",
        "### BEGIN SOLUTIONS",
        "### BEGIN SOLUSI",
        "### AWAL SOLUSI",
        "### BEGN SOLUTION: jam",
        "### BEGN SOLUTION jam",
        "# begn soluton",
    ],
)
def test_a_slip_of_a_solution_marker_is_refused(line: str) -> None:
    assert is_refused(cell("SOLUTION", begin=line))


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\njam = 7",
        "jam = 7\n### END SOLUTION",
        "### END SOLUTION\njam = 7\n### BEGIN SOLUTION",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\njam = 7\n### END SOLUTION",
        "### BEGIN SOLUTION\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n### END SOLUTION",
        "### BEGIN SOLUTION\njam = 7\n### END HIDDEN TESTS",
        "### BEGIN SOLUTION\njam = 7\n### END SOLUTION: jam",
    ],
)
def test_an_open_or_crossed_region_is_refused(source: str) -> None:
    assert is_refused(source)


LETTERS = st.sampled_from("ABCDEGHILMNOSTUabc #_-.1ÉТ\u00a0\t")


@st.composite
def slips(draw: st.DrawFn, most: int = 2) -> tuple[str, str, str]:
    """Return (kind, edge, a marker with one or two slips of the finger)."""
    kind, edge = draw(st.sampled_from(KINDS)), draw(st.sampled_from(["BEGIN", "END"]))
    text = f"### {edge} {kind}"
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, len(text) - 2))
        edits: list[Callable[[], str]] = [
            lambda at=at, text=text: text[:at] + text[at + 1 :],  # type: ignore[misc]
            lambda at=at, text=text: text[:at] + draw(LETTERS) + text[at:],  # type: ignore[misc]
            lambda at=at, text=text: text[:at] + draw(LETTERS) + text[at + 1 :],  # type: ignore[misc]
            lambda at=at, text=text: text[:at] + text[at + 1] + text[at] + text[at + 2 :],  # type: ignore[misc]
            lambda at=at, text=text: text[:at] + text[at].swapcase() + text[at + 1 :],  # type: ignore[misc]
            lambda text=text: text.lower(),  # type: ignore[misc]
        ]
        text = draw(st.sampled_from(edits))()
    return kind, edge, text


@given(slips())
def test_no_slip_of_one_or_two_letters_passes(slip: tuple[str, str, str]) -> None:
    kind, edge, line = slip
    assume(line.strip() != f"### {edge} {kind}")
    markers = {"begin": line} if edge == "BEGIN" else {"end": line}
    assert is_refused(cell(kind, **markers))
    # Both markers wrong in the same way: nothing is left open.
    other = line.replace(edge, "END" if edge == "BEGIN" else "BEGIN")
    both = {"begin": line, "end": other} if edge == "BEGIN" else {"begin": other, "end": line}
    assert is_refused(cell(kind, **both))


@given(slips(most=1), st.sampled_from(["", "    ", "x = 1  "]), st.sampled_from(["", "  ", " !", " jam"]))
def test_a_slip_is_found_wherever_it_stands_in_the_line(slip: tuple[str, str, str], before: str, after: str) -> None:
    kind, edge, line = slip
    assume(line.strip() != f"### {edge} {kind}" and "##" in line)
    assert is_refused(cell(kind) + before + line + after)


def test_ordinary_lines_pass() -> None:
    lines = [
        line
        for folder in ("course", "solutions")
        for path in sorted((ROOT / folder).rglob("*.ipynb"))
        for each in notebooks.read(path).cells
        for line in each.source.split("\n")
        if not any(marker in line for marker in EXACT_MARKERS)
    ]
    assert len(lines) > 1000
    assert [line for line in lines if is_refused(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "## Solusi yang diusulkan",
        "# Akhir bulan",
        "# Mulai menghitung",
        "### Uji contoh",
        "# tests are below",
        "end = mulai + tests",
        "Begini cara mengujinya.",
        "assert solution(4) == 8",
        "# Selesai diuji.",
    ],
)
def test_these_are_no_markers(line: str) -> None:
    assert not is_refused(line)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.text("abc\n"), st.text("xyz\n")), max_size=3))
def test_split_takes_a_cell_apart(blocks: list[tuple[str, str, str]]) -> None:
    source = "".join(f"{shown}\n### BEGIN {kind}\n{secret}\n### END {kind}\n" for kind, shown, secret in blocks)
    parts = split(source)
    assert [(kind, text) for kind, _, text in parts.regions] == [(kind, secret) for kind, _, secret in blocks]
    assert parts.public == "".join(f"{shown}\n" for _, shown, _ in blocks)
    assert not re.search("[x-z]", parts.public)


def test_split_knows_the_names_of_a_stub() -> None:
    assert split(cell("SOLUTION", "### BEGIN SOLUTION: jam, menit")).regions == [
        ("SOLUTION", ["jam", "menit"], "jam = 7")
    ]


def test_all_assignments_pass() -> None:
    for name in assignments(ROOT):
        for each in notebooks.read(ROOT / "solutions" / name / f"{name}.ipynb").cells:
            check_markers(each.source, each.id)
