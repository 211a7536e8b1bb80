"""A class with hostile trainees among honest ones: tests/hostile/ handed in, graded for real, and looked at.

A file there is one hand-in. Its head says what it tries and what must become of it, its parts (`# %% …`) what is
handed in: `# %% ID` the new text of the cell ID, `# %% before ID` or `# %% after ID` one more cell, `# %% file NAME`
a file beside the notebook, `# %% make` and `# %% zip` code of ours that builds what text can't say (names in
`_build`). `@ROOT@`, `@HOME@`, `@PORT@`, `@SOCKET@` stand for what an attacker could find out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from kursus import REPOSITORY, environment, nbgrader
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook, MissingEntry

CASES = Path(__file__).resolve().parent / "hostile"
ASSIGNMENT = "01-aman"
NAME = f"{ASSIGNMENT}.ipynb"
QUICKLY = "c.Execute.timeout = 6"  # seconds a cell, so that endless ones end soon
HONEST = ("a-jujur", "m-jujur", "z-jujur")  # graded first, among the hostile ones, last
ITEMS = {"giliran": 5.0, "rata": 3.0, "urut": 4.0, "tabel": 3.0, "biaya": 2.0, "loket": 2.0, "gambar": 2.0}
MARK = "kenari"  # in the name of everything that a case leaves behind
#: Secrets: none may come out of any hand-in.
SECRETS = {
    "solution": "KENARI-SOLUSI",
    "hidden test": "KENARI-UJI",
    "gradebook": "KENARI-BUKU",
    "other hand-in": "KENARI-KIRIMAN",
    "home": "KENARI-RUMAH",
    "environment": "KENARI-LINGKUNGAN",
    "network": "KENARI-JARINGAN",
    "system": "root:",
}

TOOLS = """\
import math
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from melayani.grading.replay import angka_sama, jalankan_ulang

CONTOH = 5.5

def dekat(a, b):
    return abs(a - b) < 1e-9"""
#: {cell id: (kind, points, text)} in order; a solution is between markers.
CELLS: dict[str, tuple[str, float, str]] = {
    "alat": ("given", 0, TOOLS),
    "giliran": ("answer", 0, "def giliran(orang, menit):\n    return orang * menit  # KENARI-SOLUSI"),
    "giliran-uji": ("test", 2, "# Uji contoh: giliran\nassert giliran(2, 2) == 4, 'Baca lagi paragraf pertama soal.'"),
    "giliran-uji-tersembunyi": (
        "hidden",
        3,
        "rahasia_penguji = 'KENARI-UJI'\n\n\nassert isinstance(giliran(23, 5), int)\nassert giliran(23, 5) == 115",
    ),
    "rata": ("answer", 0, "rata = pd.read_csv('antrean.csv')['menit'].mean()"),
    "rata-uji": ("test", 1, "# Uji contoh: rata\nassert dekat(rata, CONTOH), 'Hitung rata-rata kolom menit.'"),
    "rata-uji-tersembunyi": (
        "hidden",
        2,
        "assert isinstance(rata, float)\nassert np.isclose(rata, pd.read_csv('antrean.csv')['menit'].mean())",
    ),
    "urut": ("answer", 0, "def urut(angka):\n    return sorted(angka)"),
    "urut-uji-tersembunyi": (
        "hidden",
        4,
        """\
def _skor_urut():
    from builtins import int, len, max, min, range
    benar = 0
    for angka in ([3, 1, 2], [9, 8], [5, 7, 6, 5], [0, -4]):
        try:
            benar += urut(list(angka)) == sorted(angka)
        except Exception:
            pass
    return max(0, min(4, int(benar)))
skor_urut = _skor_urut()
skor_urut""",
    ),
    "tabel": ("answer", 0, "tabel = pd.DataFrame({'loket': ['A', 'B'], 'orang': [12, 30]})"),
    "tabel-uji-tersembunyi": (
        "hidden",
        3,
        "pd.testing.assert_frame_equal(tabel, pd.DataFrame({'loket': ['A', 'B'], 'orang': [12, 30]}))",
    ),
    "biaya-masukan": ("given", 0, "# Masukan: biaya\nlembar = 3"),
    "biaya": ("answer", 0, "# Jawaban: biaya\nbiaya = lembar * 500"),
    "biaya-uji-tersembunyi": (
        "hidden",
        2,
        """\
# Sel ini berjalan saat penilaian, dengan data lain yang mengikuti aturan yang sama.
hasil, = jalankan_ulang('biaya', {'lembar': 7}, 'biaya')
assert angka_sama(hasil, 3500), f"Dengan lembar = 7, hasilnya {hasil!r}.\"""",
    ),
    "loket": (
        "answer",
        0,
        "class Loket:\n    nomor = 0\n\n    def panggil(self):\n        self.nomor += 1\n        return self.nomor",
    ),
    "loket-uji-tersembunyi": ("hidden", 2, "loket = Loket()\nassert loket.panggil() == 1\nassert loket.panggil() == 2"),
    "gambar": ("answer", 0, "def beri_judul(sumbu):\n    sumbu.set_title('Antrean')"),
    # It hands Axes to the answer, so it can only run where the answers run.
    "gambar-uji-tersembunyi": (
        "hidden",
        2,
        "sumbu = Figure().subplots()\nberi_judul(sumbu)\nassert sumbu.get_title() == 'Antrean'",
    ),
}
DATA = "orang,menit\nSri,4\nMade,7\nYohana,5.5\n"


@dataclass(frozen=True)
class Case:
    """One hand-in: its parts, and what must become of it. `scores` is None where nothing may be graded."""

    name: str
    group: str
    tries: str
    scores: dict[str, float] | None
    reported: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]


@dataclass
class Outcome:
    """What became of one hand-in."""

    scores: dict[str, float] | None  # a sum for each item; None: no grade at all
    told: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)


def read_case(path: Path) -> Case:
    """Return the case in `path`. Raises ValueError for a head that can't be read."""
    head, *rest = re.split(r"(?m)^# %% (.*)\n", path.read_text(encoding="utf-8"))
    said: dict[str, list[str]] = {}
    for key, text in re.findall(r"(?m)^# (\w+): (.*)$", head):
        said.setdefault(key, []).append(text)
    if set(said) - {"reported"} != {"group", "tries", "scores", "others"} or said["others"] != ["full"]:
        raise ValueError(
            f"{path}: the head needs group, tries, scores and 'others: full'; reported: as often as wanted"
        )
    scores = None
    if said["scores"] != ["none"]:
        scores = {name: float(points) for name, points in (part.split() for part in said["scores"][0].split(", "))}
        if set(scores) != set(ITEMS):
            raise ValueError(f"{path}: the head gives no score for {sorted(set(ITEMS) - set(scores))}")
    parts = tuple((rest[i], rest[i + 1].strip("\n")) for i in range(0, len(rest), 2))
    return Case(path.stem, said["group"][0], said["tries"][0], scores, tuple(said.get("reported", ())), parts)


def cases() -> list[Case]:
    """Return all cases."""
    return [read_case(path) for path in sorted(CASES.glob("*.case"))]


def make_class(folder: Path, config: str = "") -> Path:
    """Build the course and the honest hand-ins in `folder`/kursus and return its root; `config` is added to ours."""
    root = folder / "kursus"
    source = root / "solutions" / ASSIGNMENT
    source.mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as stream:
        stream.write(f"\n{config}\n")
    nbformat.write(_source(), source / NAME)
    (source / "antrean.csv").write_text(DATA, encoding="utf-8")
    code, log = nbgrader(root, "generate_assignment", ASSIGNMENT)
    assert code == 0, log
    with Gradebook(f"sqlite:///{root / 'kelas' / 'gradebook.db'}", "melayani") as book:
        book.add_student("0001", first_name=SECRETS["gradebook"])
    home = folder / "rumah"
    home.mkdir()
    (home / "catatan.txt").write_text(SECRETS["home"], encoding="utf-8")
    for student in HONEST:
        hand_in(root, student, Case(student, "", "", None, (), ()), {})
    return root


def _source() -> nbformat.NotebookNode:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    kinds: dict[str, dict[str, Any]] = {
        "given": {"locked": True},
        "answer": {"solution": True},
        "test": {"grade": True, "locked": True},
        "hidden": {"grade": True, "locked": True},
    }
    found = [new_markdown_cell("# Tugas contoh", id="judul")]
    for name, (kind, points, text) in CELLS.items():
        mark = {**plain, **kinds[kind], "grade_id": name, **({"points": points} if points else {})}
        if kind == "answer":
            marker = text.startswith("# Jawaban") and text.partition("\n")[0] + "\n"
            text = f"{marker or ''}### BEGIN SOLUTION\n{text.removeprefix(marker or '')}\n### END SOLUTION"
        elif kind == "hidden":
            text = f"# Sel ini berjalan saat penilaian.\n### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"
        found.append(new_code_cell(text, id=name, metadata={"nbgrader": mark}))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook: nbformat.NotebookNode = new_notebook(cells=found, metadata={"kernelspec": kernel})
    notebook.nbformat_minor = 5
    return notebook


def hand_in(root: Path, student: str, case: Case, known: dict[str, str]) -> None:
    """Lay what `case` hands in into the class: under submitted/, or as a zip to be received."""
    notebook = json.loads((root / "assignments" / ASSIGNMENT / NAME).read_text(encoding="utf-8"))
    by_id = {cell["id"]: cell for cell in notebook["cells"]}
    for name, (kind, _, text) in CELLS.items():
        if kind == "answer":
            by_id[name]["source"] = text.replace("  # KENARI-SOLUSI", "")
            if student in HONEST:
                by_id[name]["source"] += f"\n# {SECRETS['other hand-in']}"
    folder = root / "kelas" / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "antrean.csv").write_text(DATA, encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-03-02 01:00:00 UTC", encoding="utf-8")
    made = []
    for where, text in case.parts:
        for placeholder, value in known.items():
            text = text.replace(placeholder, value)
        match where.split(maxsplit=1):
            case ["make" | "zip"]:
                made.append((where, text))
            case ["file", name]:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text + "\n", encoding="utf-8")
            case ["before" | "after" as side, name]:
                place = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"] == name)
                extra = {**new_code_cell(text, id=f"tambahan-{len(notebook['cells'])}")}
                notebook["cells"].insert(place + (side == "after"), extra)
            case _:
                by_id[where]["source"] = text
    (folder / NAME).write_text(json.dumps(notebook), encoding="utf-8")
    for where, code in made:
        _build(root, student, folder, notebook, where, code)


def _build(root: Path, student: str, folder: Path, notebook: dict[str, Any], where: str, code: str) -> None:
    """Run our code of a case: it changes `notebook`, which is then written, or writes into `folder` or `archive`."""
    archive = root.parent / "kiriman" / f"{ASSIGNMENT}_{student}_20260302T010000.zip"
    archive.parent.mkdir(exist_ok=True)
    names: dict[str, Any] = {
        "notebook": notebook,
        "cells": {cell["id"]: cell for cell in notebook["cells"]},
        "folder": folder,
        "archive": archive,
        "path": folder / NAME,
        "name": NAME,
    }
    exec(compile(code, f"{student} {where}", "exec"), names)
    if where == "zip":
        shutil.rmtree(folder.parent)
    elif names["notebook"] is not None:
        (folder / NAME).write_text(json.dumps(names["notebook"]), encoding="utf-8")


@contextmanager
def services(folder: Path) -> Iterator[dict[str, str]]:
    """Listen on this machine's loopback and on an abstract socket; what connects there is told the secret."""
    address = f"\0penilai-{os.getpid()}-{folder.name}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(address)
        unix.listen()
        for server in (tcp, unix):
            threading.Thread(target=_answer, args=(server,), daemon=True).start()
        yield {"@PORT@": str(tcp.getsockname()[1]), "@SOCKET@": address[1:], "@HOME@": str(folder / "rumah")}


def _answer(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.sendall(SECRETS["network"].encode())


def grade_here(root: Path, all_cases: list[Case], seconds: float = 600) -> str:
    """Hand in all cases, receive the zips, grade; return all that an instructor is told."""
    with services(root.parent) as known:
        for case in all_cases:
            hand_in(root, case.name, case, {**known, "@ROOT@": str(root)})
        with environment(root):
            os.environ |= {"HOME": str(root.parent / "rumah"), "KENARI": SECRETS["environment"]}
            told = ""
            commands = [["nilai", ASSIGNMENT]]
            if (kiriman := root.parent / "kiriman").is_dir():
                commands.insert(0, ["terima", str(kiriman)])
            for command in commands:
                done = subprocess.run(
                    [sys.executable, "-m", "melayani.cli", *command],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    timeout=seconds,
                    check=False,
                )
                told += done.stdout + done.stderr
    return told


def outcome(root: Path, student: str, told: str = "") -> Outcome:
    """Return what became of one trainee."""
    about = re.compile(rf"(?<![a-z-]){re.escape(student)}(?![a-z-])")
    lines = [line.strip() for line in told.splitlines() if about.search(line)]
    return Outcome(item_scores(root, student), lines, secrets_in(root, student))


def item_scores(root: Path, student: str) -> dict[str, float] | None:
    """Return the points of each item; None where nothing was graded."""
    with Gradebook(f"sqlite:///{root / 'kelas' / 'gradebook.db'}", "melayani") as book:
        try:
            notebook = book.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
        except MissingEntry:
            return None
        found = dict.fromkeys(ITEMS, 0.0)
        graded = False
        for grade in notebook.grades:
            item = re.sub(r"-uji(-tersembunyi)?$", "", grade.name)
            graded |= grade.auto_score is not None
            found[item] += grade.auto_score or 0.0
        return found if graded else None


def secrets_in(root: Path, student: str) -> list[str]:
    """Return which secrets a trainee's code has put into its outputs or its files."""
    texts = []
    for path in _files(root / "kelas" / "autograded" / student):
        if path.suffix == ".ipynb":
            for cell in nbformat.read(path, as_version=4).cells:
                shown = json.dumps(cell.get("outputs", []))
                # A failed hidden test shows its own lines: to the instructor only.
                texts.append(shown.replace(SECRETS["hidden test"], "") if _is_hidden(cell) else shown)
        else:
            with path.open("rb") as file:
                texts.append(file.read(_MOST_READ).decode("latin-1"))
    joined = "\n".join(texts)
    return [name for name, secret in SECRETS.items() if secret in joined]


_MOST_READ = 20 << 20


def _files(folder: Path) -> list[Path]:
    """Return the plain files below `folder`, not too deep."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        if len(Path(place).parts) > len(folder.parts) + 20:
            folders.clear()
        found += [path for name in files if (path := Path(place, name)).is_file() and not path.is_symlink()]
    return found


def _is_hidden(cell: Any) -> bool:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).endswith("-tersembunyi")


def left_behind(root: Path) -> list[str]:
    """Return what hostile code has left on this machine: processes, files, sockets, mounts."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if MARK in (process / "comm").read_text() or MARK.encode() in (process / "cmdline").read_bytes():
                found.append(f"process {(process / 'comm').read_text().strip()}")
        except OSError:
            continue
    places = [Path(p) for p in ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/root", "/etc", tempfile.gettempdir())]
    places += [
        root.parent,
        root.parent / "rumah",
        root,
        root / "kelas",
        root / "solutions",
        root / "solutions" / ASSIGNMENT,
    ]
    places += [root / "assignments" / ASSIGNMENT, *(root / "kelas" / "submitted" / h / ASSIGNMENT for h in HONEST)]
    for place in dict.fromkeys(places):
        found += [f"file {path}" for path in place.glob(f"{MARK}*")]
    found += [f"socket {line.split()[-1]}" for line in Path("/proc/net/unix").read_text().splitlines() if MARK in line]
    found += [f"mount {line.split()[1]}" for line in Path("/proc/mounts").read_text().splitlines() if MARK in line]
    return found
