"""The markers of nbgrader's regions: what they hide, and whatever an author may have meant as one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

KINDS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
EXACT_MARKERS = tuple(f"### {edge} {kind}" for kind in KINDS for edge in ("BEGIN", "END"))
PLACE_TO_FILL = "..."  # what a stub leaves for the trainee to replace

# nbgrader ignores what it does not know exactly, and takes a marker anywhere in a line for one.
_NEARLY = re.compile(
    r"(?:BEGIN|END|START|STOP|MULAI|AWAL|AKHIR|SELESAI)[\s_-]*(?:SOLUTION|SOLUSI|HIDDEN|MARK(?:ING)?[\s_-]*SCHEME|TEST)"
)
_EDGES = ("BEGIN", "END", "START", "MULAI", "AWAL", "AKHIR")
_MEANT = ("SOLUTION", "SOLUSI", "HIDDENTESTS", "HIDDEN", "TESTS", "MARKSCHEME", "MARKINGSCHEME", "UJITERSEMBUNYI")
_WHOLE = tuple(edge + kind for edge in _EDGES for kind in _MEANT)
_WITHOUT_EDGE = ("SOLUTION", "HIDDENTESTS", "MARKSCHEME")


class MarkerError(RuntimeError):
    """A region marker that nbgrader would misread; the text names the notebook and the cell."""


@dataclass
class Parts:
    """What a cell shows to all, and the text of its regions as (kind, names behind the marker, text)."""

    public: str = ""
    regions: list[tuple[str, list[str], str]] = field(default_factory=list)


def check_markers(source: str, where: str) -> None:
    """Raise MarkerError, naming `where`, unless every marker in `source` is exact and every region is closed."""
    open_kind = ""
    for number, line in enumerate(source.split("\n"), 1):
        if not _is_meant_as_marker(line):
            continue
        place = f"{where}, line {number}"
        exact = next((marker for marker in EXACT_MARKERS if line.strip().startswith(marker)), None)
        rest = line.strip().removeprefix(exact or "")
        if exact is None or not _rest_is_valid(exact, rest):
            raise MarkerError(
                f"{place}: {line.strip()!r} is not a marker that nbgrader knows. "
                f"Write one of {', '.join(EXACT_MARKERS)}; names may follow as in '### BEGIN SOLUTION: jam, menit'."
            )
        edge, kind = exact.removeprefix("### ").split(" ", 1)
        if edge == "BEGIN" and open_kind:
            raise MarkerError(f"{place}: a {kind} region begins inside a {open_kind} region.")
        if edge == "END" and open_kind != kind:
            raise MarkerError(f"{place}: END {kind} without its BEGIN {kind}.")
        open_kind = kind if edge == "BEGIN" else ""
    if open_kind:
        raise MarkerError(f"{where}: the {open_kind} region has no END {open_kind}.")


def split(source: str) -> Parts:
    """Return the parts of a source whose markers are right (see check_markers)."""
    public: list[str] = []
    inside: list[str] | None = None
    parts = Parts()
    for line in source.split("\n"):
        marker = next((marker for marker in EXACT_MARKERS if line.strip().startswith(marker)), None)
        if marker is None:
            (public if inside is None else inside).append(line)
            continue
        edge, kind = marker.removeprefix("### ").split(" ", 1)
        if edge == "BEGIN":
            inside, names = [], stub_names(line)
        else:
            parts.regions.append((kind, names, "\n".join(inside or [])))
            inside = None
    parts.public = "\n".join(public)
    return parts


def stub_names(line: str) -> list[str]:
    """Return the names behind a marker: ["jam", "menit"] of `### BEGIN SOLUTION: jam, menit`."""
    return [name.strip() for name in line.partition(":")[2].split(",") if name.strip()]


def _rest_is_valid(marker: str, rest: str) -> bool:
    if not rest:
        return True
    names = rest.removeprefix(":").split(",")
    return (
        marker == "### BEGIN SOLUTION" and rest.startswith(":") and all(name.strip().isidentifier() for name in names)
    )


def _is_meant_as_marker(line: str) -> bool:
    """Return whether a line is a marker, or a slip of one: of letters, case, spaces, signs, words, language."""
    text = "".join(
        sign for sign in unicodedata.normalize("NFKC", line).upper() if not unicodedata.category(sign).startswith("C")
    )
    if _NEARLY.search(text):
        return True
    code, hash_sign, comment = text.partition("#")
    if not hash_sign and re.search(r"[()\[\]{}='\"]", code):
        return False
    said = (comment if hash_sign else code).partition(":")[0]
    words = re.findall(r"[^\W_]+", said)
    loud = comment.startswith("#")
    if loud and words in (["BEGIN"], ["END"]):
        return True
    if hash_sign and not code.strip() and _is_near("".join(words), _WITHOUT_EDGE):
        return True
    # Behind `##` a marker may be followed by more; elsewhere more words make a sentence.
    beginnings = range(1, min(len(words), 6) + 1) if loud else [len(words)]
    return any(_is_near("".join(words[:n]), _WHOLE) for n in beginnings)


def _is_near(text: str, wanted: tuple[str, ...]) -> bool:
    return any(
        abs(len(text) - len(word)) <= (most := 1 + len(word) // 6) and _distance(text, word) <= most for word in wanted
    )


def _distance(one: str, other: str) -> int:
    """Return how many letters must be added, dropped, replaced or swapped with the next one (optimal alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]
