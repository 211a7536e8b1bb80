"""The sample class of the demo: twelve invented trainees, what each hands in and the score it must get.

Answers come from tests/answers and solutions/; the expected scores are sums of the points stated there.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from melayani.authoring.answers import Answer, read_answers

EXCHANGE = "folder"
ZIP = "zip"
UNREADABLE = "tidak terbaca"
GRADED = "dinilai"
#: A manual answer gets its full points from this many words on, fewer words in proportion.
FULL_WORDS = 20

LONG_TEXT = (
    "Saya ingin memperbaiki layanan legalisasi di kantor kecamatan. Yang menunggu ialah warga lanjut usia dan "
    "orang tua yang membawa anak, sebab nomor antrean baru dibagikan setelah loket dibuka."
)
SHORT_TEXT = "Saya ingin memperbaiki layanan pengaduan di puskesmas tempat saya bertugas."

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Trainee:
    """One invented member of the sample class."""

    id: str
    first_name: str
    last_name: str
    role: str
    way: str

    @property
    def name(self) -> str:
        """Return the full name."""
        return f"{self.first_name} {self.last_name}"


# nbgrader works through a class in the order of the ids; the doubled cell stands before the late hand-in, so
# that stock's stop is to be seen.
CLASS = (
    Trainee("0007", "Sulastri", "Wibowo", "benar", EXCHANGE),
    Trainee("0012", "Ahmad Fauzi", "Rahman", "cara lain", ZIP),
    Trainee("0023", "Yohanes", "Lelaona", "peringatan", EXCHANGE),
    Trainee("0031", "Dewi Ayu", "Kusumaningtyas", "sebagian", ZIP),
    Trainee("0045", "Rusdi", "Tanjung", "keliru", EXCHANGE),
    Trainee("0058", "Ni Luh Sekar", "Arini", "kosong", ZIP),
    Trainee("0072", "Theresia", "Wanggai", "dua kali", EXCHANGE),
    Trainee("0088", "Maimunah", "Hasan", "ganti nama", ZIP),
    Trainee("0093", "Bonar", "Siregar", "bukan JSON", ZIP),
    Trainee("0101", "Rahmawati", "Lasut", "metadata hilang", EXCHANGE),
    Trainee("0110", "I Made", "Sudarma", "sel ganda", EXCHANGE),
    Trainee("0118", "Mochammad Syaiful", "Bahri", "terlambat", EXCHANGE),
)

STORIES = {
    "benar": "semua jawaban benar",
    "cara lain": "benar dengan cara lain",
    "peringatan": "benar, dengan peringatan pada stderr",
    "sebagian": "sebagian soal dijawab",
    "keliru": "jawaban keliru; poin sebagian",
    "kosong": "menyerahkan lembar kosong",
    "dua kali": "dua kali menyerahkan; yang kedua berlaku",
    "ganti nama": "berkas bernama “… (1).ipynb”",
    "bukan JSON": "berkas rusak, bukan JSON",
    "metadata hilang": "penanda sel nbgrader hilang",
    "sel ganda": "sel jawaban dan sel uji tersalin",
    "terlambat": "benar, diserahkan setelah tenggat",
}

STOCK_STORIES = {
    "peringatan": "keluaran stderr dalam sel uji dihitung 0",
    "ganti nama": "nama berkas tidak dikenal; tidak dinilai, diekspor 0",
    "bukan JSON": "gagal dibaca; diekspor 0",
    "metadata hilang": "tidak ada sel yang dinilai; diekspor 0 tanpa tanda",
    "sel ganda": "sel ganda menghentikan penilaian; diekspor 0",
    "terlambat": "penilaian sudah terhenti; jawaban benar diekspor 0",
}


@dataclass(frozen=True)
class HandIn:
    """One attempt: the file as it is handed in, and what it must get (`score` None: it can't be read)."""

    file: str
    content: bytes
    score: float | None
    status: str = GRADED


def words(text: str) -> int:
    """Return the number of words of a manual answer."""
    return len(re.findall(r"\w+", text))


def manual_points(text: str, maximum: float) -> float:
    """Return the points that the demo gives to a manual answer: full from FULL_WORDS words, else in proportion."""
    return float(round(maximum * min(words(text), FULL_WORDS) / FULL_WORDS))


def _meta(cell: Mapping[str, Any]) -> dict[str, Any]:
    return dict(cell["metadata"].get("nbgrader") or {})


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _dump(notebook: Notebook) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


_REGION = re.compile(r"^### BEGIN SOLUTION[^\n]*\n(.*?)^### END SOLUTION[^\n]*$", re.MULTILINE | re.DOTALL)


class Assignment:
    """One assignment as the class sees it: the release, its points, and answers to fill in.

    `released` is the folder that nbgrader's generate_assignment made; items are known by the grade_id of the
    answer cell, their points are those of the test cells `ITEM-uji…`.
    """

    def __init__(self, root: Path, name: str, released: Path) -> None:
        """Read the release, the solution and the stored answers of assignment `name`."""
        self.name = name
        self.file = next(path.name for path in sorted(released.glob("*.ipynb")))
        self.release: Notebook = json.loads((released / self.file).read_text("utf-8"))
        solution: Notebook = json.loads((root / "solutions" / name / self.file).read_text("utf-8"))
        self._solved = {
            _meta(cell)["grade_id"]: _source(cell) for cell in solution["cells"] if _meta(cell).get("solution")
        }
        self.points: dict[str, float] = {}
        self.manual: dict[str, float] = {}
        tests: dict[str, float] = {}
        for cell in self.release["cells"]:
            meta = _meta(cell)
            if meta.get("solution") and meta.get("grade"):
                self.manual[meta["grade_id"]] = float(meta["points"])
            elif meta.get("solution"):
                self.points[meta["grade_id"]] = 0.0
            elif meta.get("grade"):
                tests[meta["grade_id"]] = float(meta["points"])
        self.tests = tests
        for test, points in tests.items():
            item = max((item for item in self.points if test.startswith(f"{item}-uji")), key=len, default=None)
            if item is None:
                raise ValueError(f"{name}: sel uji {test} tidak berpasangan dengan sel jawaban mana pun.")
            self.points[item] += points
        self.answers: dict[str, list[Answer]] = {}
        for item in self.points:
            path = root / "tests" / "answers" / name / f"{item}.py"
            self.answers[item] = list(read_answers(path)) if path.is_file() else []

    @property
    def maximum(self) -> float:
        """Return the points of the whole assignment, tests and manual items."""
        return sum(self.points.values()) + sum(self.manual.values())

    def _cell_text(self, item: str, answer: Answer | None) -> str:
        """Return the answer cell of `item` with the reference answer, or with `answer` in its place."""

        def fill(match: re.Match[str]) -> str:
            return (match[1] if answer is None else answer.source).rstrip("\n")

        return _REGION.sub(fill, self._solved[item])

    def write(self, chosen: Mapping[str, Answer | None], text: str) -> tuple[Notebook, float]:
        """Return the release filled in with `chosen` answers (None: the reference) and its expected score.

        Items that are not in `chosen` stay unanswered and get 0; `text` answers every manual item, unless empty.
        """
        notebook = copy.deepcopy(self.release)
        score = 0.0
        for cell in notebook["cells"]:
            identity = _meta(cell).get("grade_id", "")
            if identity in chosen:
                answer = chosen[identity]
                cell["source"] = self._cell_text(identity, answer).splitlines(keepends=True)
                right = answer is None or answer.kind == "benar"
                score += self.points[identity] if right else float(answer.points or 0) if answer else 0.0
            elif identity in self.manual and text:
                cell["source"] = text.splitlines(keepends=True)
                score += manual_points(text, self.manual[identity])
        return notebook, score

    def text_of(self, item: str, content: bytes) -> str:
        """Return the manual answer `item` in a notebook that was handed in, "" when it is as it was released."""
        released = {_meta(cell).get("grade_id"): _source(cell) for cell in self.release["cells"]}
        for cell in json.loads(content)["cells"]:
            if _meta(cell).get("grade_id") == item:
                return "" if _source(cell) == released[item] else _source(cell)
        return ""

    def right(self, text: str = LONG_TEXT) -> tuple[Notebook, float]:
        """Return the notebook with the reference answers, and its score."""
        return self.write(dict.fromkeys(self.points), text)

    def _pick(self, kind: str) -> dict[str, Answer | None]:
        """Return a stored answer of `kind` for each item that has one: of those the one that keeps most points."""
        fitting = {
            item: [answer for answer in answers if answer.kind == kind] for item, answers in self.answers.items()
        }
        return {item: max(some, key=lambda answer: answer.points or 0) for item, some in fitting.items() if some}

    def partial(self) -> dict[str, Answer]:
        """Return, for each item that has one, the stored answer with the fewest points that needs part of a cell's."""
        found = {}
        for item, answers in self.answers.items():
            whole = {0.0}
            for test, points in self.tests.items():
                if test in (f"{item}-uji", f"{item}-uji-tersembunyi"):
                    whole |= {score + points for score in whole}
            inside = [answer for answer in answers if answer.kind == "salah" and answer.points not in whole]
            if inside:
                found[item] = min(inside, key=lambda answer: answer.points or 0)
        return found

    def hand_ins(self, role: str) -> list[HandIn]:
        """Return what a trainee in `role` hands in, attempt by attempt; the last one counts."""
        return _ROLES[role](self)


def _plain(assignment: Assignment, work: tuple[Notebook, float]) -> HandIn:
    return HandIn(assignment.file, _dump(work[0]), work[1])


def _right(assignment: Assignment) -> list[HandIn]:
    return [_plain(assignment, assignment.right())]


def _other_way(assignment: Assignment) -> list[HandIn]:
    chosen = {**dict.fromkeys(assignment.points), **assignment._pick("benar")}
    return [_plain(assignment, assignment.write(chosen, LONG_TEXT))]


def _warning(assignment: Assignment) -> list[HandIn]:
    notebook, score = assignment.right()
    reminder = [
        "import sys\n",
        "\n",
        "\n",
        "def ingatkan(info):\n",
        '    print("UserWarning: simpan dahulu pekerjaan Anda", file=sys.stderr)\n',
        "\n",
        "\n",
        'get_ipython().events.register("pre_run_cell", ingatkan)',
    ]
    notebook["cells"].insert(0, _code_cell("pengingat-saya", reminder))
    return [HandIn(assignment.file, _dump(notebook), score)]


def _partly(assignment: Assignment) -> list[HandIn]:
    items = [item for item, points in assignment.points.items() if points]
    answered = dict.fromkeys(items[: (len(items) + 1) // 2])
    return [_plain(assignment, assignment.write({**answered, **assignment.partial()}, SHORT_TEXT))]


def _wrong(assignment: Assignment) -> list[HandIn]:
    return [_plain(assignment, assignment.write(assignment._pick("salah"), SHORT_TEXT))]


def _empty(assignment: Assignment) -> list[HandIn]:
    return [_plain(assignment, assignment.write({}, ""))]


def _twice(assignment: Assignment) -> list[HandIn]:
    return _wrong(assignment) + _right(assignment)


def _renamed(assignment: Assignment) -> list[HandIn]:
    notebook, score = assignment.right()
    return [HandIn(assignment.file.replace(".ipynb", " (1).ipynb"), _dump(notebook), score)]


def _not_json(assignment: Assignment) -> list[HandIn]:
    content = _dump(assignment.right()[0])
    return [HandIn(assignment.file, content[: len(content) // 2], None, UNREADABLE)]


def _metadata_lost(assignment: Assignment) -> list[HandIn]:
    notebook = assignment.right()[0]
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)
    return [HandIn(assignment.file, _dump(notebook), None, UNREADABLE)]


def _doubled(assignment: Assignment) -> list[HandIn]:
    """Double the first answer (a wrong copy above the right one) and its test."""
    notebook, score = assignment.right()
    item = next(iter(assignment.points))
    cells = notebook["cells"]
    place = next(n for n, cell in enumerate(cells) if _meta(cell).get("grade_id") == item)
    wrong = assignment._pick("salah").get(item)
    draft = copy.deepcopy(cells[place])
    draft["id"] = f"{draft['id']}-salinan"[:64]
    if wrong is not None:
        draft["source"] = assignment._cell_text(item, wrong).splitlines(keepends=True)
    cells.insert(place, draft)
    place = next(n for n, cell in enumerate(cells) if _meta(cell).get("grade_id") in assignment.tests)
    again = copy.deepcopy(cells[place])
    again["id"] = f"{again['id']}-salinan"[:64]
    cells.insert(place + 1, again)
    return [HandIn(assignment.file, _dump(notebook), score)]


def _code_cell(identity: str, source: list[str]) -> Notebook:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": identity,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


_ROLES: dict[str, Callable[[Assignment], list[HandIn]]] = {
    "benar": _right,
    "cara lain": _other_way,
    "peringatan": _warning,
    "sebagian": _partly,
    "keliru": _wrong,
    "kosong": _empty,
    "dua kali": _twice,
    "ganti nama": _renamed,
    "bukan JSON": _not_json,
    "metadata hilang": _metadata_lost,
    "sel ganda": _doubled,
    "terlambat": _right,
}


def stock_score(role: str, assignment: Assignment) -> float:
    """Return the score that plain nbgrader is known to export for `role` (`STOCK_STORIES` says why)."""
    if role == "peringatan":
        return sum(manual_points(LONG_TEXT, maximum) for maximum in assignment.manual.values())
    if role in STOCK_STORIES:
        return 0.0
    return assignment.hand_ins(role)[-1].score or 0.0
