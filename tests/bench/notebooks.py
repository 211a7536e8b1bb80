"""The two assignments that are measured, and what trainees hand in: right, wrong and failing answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from melayani.authoring.answers import read_answers

ROOT = Path(__file__).resolve().parents[2]
SYNTAX_ERROR = "def belum_selesai(\n    return"
_RIGHT_OF_TEN, _WRONG_OF_TEN = 6, 3  # the tenth fails with an error


@dataclass(frozen=True)
class Item:
    """One item of the pandas assignment: three answers, and its test (`hidden` is added to it in the source)."""

    name: str
    points: int
    right: str
    wrong: str
    failing: str
    test: str
    hidden: str = ""


@dataclass(frozen=True)
class Assignment:
    """A source folder's content, and the answers to each solution cell: [right…], [wrong…], [failing…]."""

    name: str
    title: str
    lay_source: Callable[[Path], None]
    answers: dict[str, tuple[list[str], list[str], list[str]]]


PREPARED = """\
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

kunjungan = pd.read_csv("kunjungan.csv", parse_dates=["tanggal"])
kunjungan.head()"""
# The points of this item are what its last line says: partial credit.
PARTIAL = """\
benar = [rata_rata_loket("A") == 14.5, rata_rata_loket("B") == 15.5, rata_rata_loket("C") == 16.5]
2 * int(benar[0]) + 2 * int(benar[1]) + 2 * int(benar[2])"""
ITEMS = [
    Item(
        "jumlah-baris",
        5,
        "jumlah_baris = len(kunjungan)",
        "jumlah_baris = kunjungan.size",
        "jumlah_baris = kunjungan.panjang",
        'assert jumlah_baris == 240, f"seharusnya 240, tetapi {jumlah_baris!r}"',
    ),
    Item(
        "per-loket",
        10,
        'per_loket = kunjungan.groupby("loket")["menit"].sum()\nper_loket',
        'per_loket = kunjungan.groupby("loket")["menit"].count()\nper_loket',
        'per_loket = kunjungan.groupby("kantor")["menit"].sum()\nper_loket',
        'assert list(per_loket.index) == ["A", "B", "C"]\n'
        'assert per_loket["A"] == 1160, f"loket A: {per_loket[\'A\']}"',
        'assert per_loket.sum() == 3720, "jumlah seluruh menit"',
    ),
    Item(
        "lama-rata-rata",
        6,
        'def rata_rata_loket(nama):\n    return kunjungan.loc[kunjungan["loket"] == nama, "menit"].mean()',
        'def rata_rata_loket(nama):\n    return kunjungan["menit"].mean()',
        'def rata_rata_loket(nama):\n    return kunjungan.loc[kunjungan["nama"] == nama, "menit"].mean()',
        PARTIAL,
    ),
    Item(
        "terlama",
        10,
        'terlama = kunjungan.sort_values("menit", ascending=False, kind="stable").head(5)\nterlama',
        'terlama = kunjungan.sort_values("menit", kind="stable").head(5)\nterlama',
        'terlama = kunjungan.sort_values("lama").head(5)',
        'assert terlama.shape == (5, 4), f"bentuknya {terlama.shape}"\nassert terlama["menit"].min() == 25',
    ),
    Item(
        "tingkat",
        10,
        'kunjungan["tingkat"] = np.where(kunjungan["menit"] > 20, "lama", "biasa")\n'
        'kunjungan["tingkat"].value_counts()',
        'kunjungan["tingkat"] = np.where(kunjungan["menit"] >= 20, "lama", "biasa")',
        'kunjungan["tingkat"] = np.where(menit > 20, "lama", "biasa")',
        'assert set(kunjungan["tingkat"]) == {"lama", "biasa"}\n'
        'assert (kunjungan["tingkat"] == "lama").sum() == 60, "yang lama ada 60"',
    ),
    Item(
        "per-bulan",
        10,
        'per_bulan = kunjungan.groupby(kunjungan["tanggal"].dt.month)["menit"].mean().round(2)\nper_bulan',
        'per_bulan = kunjungan.groupby(kunjungan["tanggal"].dt.day)["menit"].mean().round(2)\nper_bulan',
        'per_bulan = kunjungan.groupby(kunjungan["menit"].dt.month)["menit"].mean()',
        'assert len(per_bulan) == 8, f"banyaknya bulan: {len(per_bulan)}"',
        'assert per_bulan.index.min() == 1, "bulan pertama adalah Januari"',
    ),
    Item(
        "gambar",
        10,
        'gambar, sumbu = plt.subplots()\nsumbu.bar(["A", "B", "C"], [1160, 1240, 1320])\n'
        'sumbu.set_xlabel("Loket")\nsumbu.set_ylabel("Menit")\nplt.show()',
        "gambar, sumbu = plt.subplots()\nsumbu.plot([1, 2, 3], [1160, 1240, 1320])\nplt.show()",
        'gambar, sumbu = plt.subplots()\nsumbu.batang(["A", "B", "C"], [1160, 1240, 1320])',
        'assert sumbu.get_ylabel() == "Menit", f"label sumbu tegak: {sumbu.get_ylabel()!r}"\n'
        'assert len(sumbu.patches) == 3, "tiga batang"',
    ),
]
MANUAL = "simpulan"
MANUAL_ANSWERS = [f"Loket C paling lama melayani. Usul ke-{number}: tambah satu petugas." for number in range(5)]


def _nbgrader(grade_id: str, **values: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**plain, "grade_id": grade_id, **values}}


def _solution(source: str) -> str:
    return f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"


def _lay_pandas(folder: Path) -> None:
    cells = [
        new_markdown_cell("# Kunjungan", id="judul"),
        new_code_cell(PREPARED, id="disediakan", metadata=_nbgrader("disediakan", locked=True)),
    ]
    for item in ITEMS:
        test = item.test
        if item.hidden:
            test += f"\n### BEGIN HIDDEN TESTS\n{item.hidden}\n### END HIDDEN TESTS"
        grade = _nbgrader(f"{item.name}-uji", grade=True, locked=True, points=item.points)
        cells += [
            new_markdown_cell(f"## {item.name}", id=f"{item.name}-soal"),
            new_code_cell(_solution(item.right), id=item.name, metadata=_nbgrader(item.name, solution=True)),
            new_code_cell(test, id=f"{item.name}-uji", metadata=grade),
        ]
    manual = _nbgrader(MANUAL, grade=True, solution=True, points=10)
    cells.append(new_markdown_cell(_solution("Loket C paling lama."), id=MANUAL, metadata=manual))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    notebook.nbformat_minor = 5
    nbformat.write(notebook, folder / f"{PANDAS.name}.ipynb")
    rows = [
        f"2026-{1 + number % 8:02}-{1 + number % 27:02},{'ABC'[number % 3]},{number},{5 + 7 * number % 20 + number % 3}"
        for number in range(240)
    ]
    (folder / "kunjungan.csv").write_text("\n".join(["tanggal,loket,nomor,menit", *rows, ""]), encoding="utf-8")


def _lay_module_02(folder: Path) -> None:
    shutil.copytree(ROOT / "solutions" / MODULE_02_NAME, folder, dirs_exist_ok=True)


def _module_02_answers() -> dict[str, tuple[list[str], list[str], list[str]]]:
    found = {}
    for path in sorted((ROOT / "tests" / "answers" / MODULE_02_NAME).glob("*.py")):
        answers = read_answers(path)
        right = [answer.source for answer in answers if answer.kind == "benar"]
        wrong = [answer.source for answer in answers if answer.kind == "salah"]
        found[path.stem] = (right[:4], wrong[:8], [SYNTAX_ERROR])
    return found


MODULE_02_NAME = "02-fungsi"
PANDAS = Assignment(
    "kunjungan",
    "pandas + matplotlib, 8 items",
    _lay_pandas,
    {item.name: ([item.right], [item.wrong], [item.failing]) for item in ITEMS}
    | {MANUAL: (MANUAL_ANSWERS, MANUAL_ANSWERS, MANUAL_ANSWERS)},
)
MODULE_02 = Assignment(
    MODULE_02_NAME,
    "module 02",
    _lay_module_02,
    _module_02_answers(),
)
ASSIGNMENTS = [PANDAS, MODULE_02]


def answered(release: NotebookNode, assignment: Assignment, student: int) -> NotebookNode:
    """Return a copy of the released notebook with this student's answers, the same in every run."""
    notebook: NotebookNode = nbformat.from_dict(release)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    for place, (item, kinds) in enumerate(assignment.answers.items()):
        drawn = (student * 7 + place * 3 + student // 10) % 10
        kind = 0 if drawn < _RIGHT_OF_TEN else 1 if drawn < _RIGHT_OF_TEN + _WRONG_OF_TEN else 2
        cells[item].source = kinds[kind][student % len(kinds[kind])]
    return notebook
