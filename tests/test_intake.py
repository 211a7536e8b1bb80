"""Intake: what arrives is kept, repaired without guessing or set aside, and the others are always graded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from kursus import (
    ASSIGNMENT,
    HALF,
    RIGHT,
    environment,
    gradebook,
    hand_in,
    make_course,
    nbgrader,
    scores,
    source_notebook,
)

from melayani.grading.autograde import Report, grade
from melayani.grading.intake import SET_ASIDE, digest, originals, set_aside, take_in

pytestmark = pytest.mark.slow  # it drives the real nbgrader

NAME = f"{ASSIGNMENT}.ipynb"
FULL = {"giliran-uji": 2.0, "giliran-uji-tersembunyi": 3.0}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_course(tmp_path)


def graded(root: Path) -> Report:
    with environment(root):
        return grade(root, ASSIGNMENT)


def automatic(root: Path, student: str) -> dict[str, float | None]:
    return {name: score for name, score in scores(root, student).items() if name in FULL}


def edit(path: Path, change: Callable[[nbformat.NotebookNode], None]) -> None:
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def cell(notebook: nbformat.NotebookNode, name: str) -> Any:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


# Each of these damages is repaired without guessing: the right answer keeps its full score.
def byte_order_mark(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def carriage_returns(path: Path) -> None:
    def change(notebook: nbformat.NotebookNode) -> None:
        for c in notebook.cells:
            c.source = c.source.replace("\n", "\r\n")

    edit(path, change)


def browser_copy(path: Path) -> None:
    path.rename(path.with_name(f"{ASSIGNMENT} (1).ipynb"))


def new_name(path: Path) -> None:
    path.rename(path.with_name("Tugas Siti.ipynb"))


def a_folder_too_deep(path: Path) -> None:
    deeper = path.parent / ASSIGNMENT / path.name
    deeper.parent.mkdir()
    path.rename(deeper)


def saved_by_colab(path: Path) -> None:
    def change(notebook: nbformat.NotebookNode) -> None:
        notebook.nbformat_minor = 0
        notebook.metadata = {"colab": {"provenance": []}, "widgets": {"x": {}}, "kernelspec": {"name": "ir"}}
        for c in notebook.cells:
            c.metadata["id"] = c.pop("id")
            c.metadata["executionInfo"] = {"user": {"displayName": "Siti"}}

    edit(path, change)


def saved_by_vs_code(path: Path) -> None:
    def change(notebook: nbformat.NotebookNode) -> None:
        notebook.metadata = {"language_info": {"name": "python"}, "orig_nbformat": 4}
        for c in notebook.cells:
            c.metadata["vscode"] = {"languageId": "python"}

    edit(path, change)


def an_older_schema(path: Path) -> None:
    def change(notebook: nbformat.NotebookNode) -> None:
        for c in notebook.cells:
            if "nbgrader" in c.metadata:
                c.metadata["nbgrader"]["schema_version"] = 1

    edit(path, change)


def a_test_deleted(path: Path) -> None:
    edit(path, lambda notebook: notebook.cells.remove(cell(notebook, "giliran-uji-tersembunyi")))


def points_changed(path: Path) -> None:
    edit(path, lambda notebook: cell(notebook, "giliran-uji").metadata.nbgrader.update(points=50))


DAMAGES = [
    byte_order_mark,
    carriage_returns,
    browser_copy,
    new_name,
    a_folder_too_deep,
    saved_by_colab,
    saved_by_vs_code,
    an_older_schema,
    a_test_deleted,
    points_changed,
]


def test_what_can_be_repaired_without_guessing_costs_nothing_and_keeps_its_bytes(root: Path) -> None:
    kept = {}
    for damage in DAMAGES:
        path = hand_in(root, damage.__name__, {"giliran": RIGHT})
        damage(path)
        kept[damage.__name__] = digest(path.parent if path.parent.name == ASSIGNMENT else path.parent.parent)
    report = graded(root)
    assert report.graded == sorted(damage.__name__ for damage in DAMAGES)
    for student, bytes_handed_in in kept.items():
        assert automatic(root, student) == FULL, student
        with environment(root):
            assert digest(originals(root) / ASSIGNMENT / student / "001") == bytes_handed_in
    told = {finding.student for finding in report.findings if finding.kind == "diperbaiki"}
    assert told == {"browser_copy", "new_name", "a_folder_too_deep", "a_test_deleted", "points_changed"}


def test_stock_nbgrader_fails_where_intake_repairs(root: Path) -> None:
    path = hand_in(root, "siti", {"giliran": RIGHT})
    browser_copy(path)
    code, _ = nbgrader(root, "autograde", ASSIGNMENT, "--Autograde.pre_convert_hook=melayani.course.find_root")
    assert code != 0


# Each of these can't be graded without guessing: set aside, named with its reason, while the others are graded.
def not_json(path: Path) -> None:
    path.write_text("ini bukan notebook", encoding="utf-8")


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def not_utf8(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00{")


def a_list(path: Path) -> None:
    path.write_text("[]", encoding="utf-8")


def metadata_lost(path: Path) -> None:
    def change(notebook: nbformat.NotebookNode) -> None:
        for c in notebook.cells:
            c.metadata = {}

    edit(path, change)


def no_cells(path: Path) -> None:
    edit(path, lambda notebook: notebook.cells.clear())


def two_candidates(path: Path) -> None:
    path.with_name(f"{ASSIGNMENT} (1).ipynb").write_text("{}", encoding="utf-8")


def no_notebook(path: Path) -> None:
    path.rename(path.with_suffix(".txt"))


REASONS = {
    not_json: "bukan JSON",
    empty_file: "kosong",
    not_utf8: "UTF-8",
    a_list: "bukan notebook",
    metadata_lost: "penanda nbgrader",
    no_cells: "tidak berisi sel",
    two_candidates: "lebih dari satu calon",
    no_notebook: "tidak ada dalam kiriman",
}


def test_what_needs_a_person_is_named_with_its_reason_and_stops_nobody(root: Path) -> None:
    for damage in REASONS:
        damage(hand_in(root, damage.__name__, {"giliran": RIGHT}))
    hand_in(root, "zulaikha", {"giliran": RIGHT})
    report = graded(root)
    assert report.graded == ["zulaikha"]
    assert automatic(root, "zulaikha") == FULL
    told = {finding.student: finding for finding in report.findings if finding.kind == SET_ASIDE}
    for damage, reason in REASONS.items():
        finding = told[damage.__name__]
        assert reason in finding.reason
        assert finding.assignment == ASSIGNMENT
        assert finding.file
    with environment(root):
        assert set(set_aside(root)) == {(ASSIGNMENT, damage.__name__) for damage in REASONS}


def test_an_old_score_never_stands_for_a_new_broken_attempt_and_is_not_lost(root: Path) -> None:
    hand_in(root, "siti", {"giliran": RIGHT})
    graded(root)
    assert automatic(root, "siti") == FULL
    not_json(hand_in(root, "siti", {"giliran": RIGHT}, when="2026-03-03 01:00:00 UTC"))
    graded(root)
    with gradebook(root) as book:
        assert book.student_submissions("siti") == []
    with environment(root):
        kept = json.loads((originals(root) / ASSIGNMENT / "siti" / "002.nilai.json").read_text(encoding="utf-8"))
    assert {"sel": "giliran-uji", "otomatis": 2.0, "pengajar": None} in kept["skor"]
    hand_in(root, "siti", {"giliran": HALF}, when="2026-03-04 01:00:00 UTC")
    graded(root)
    assert automatic(root, "siti") == {"giliran-uji": 2.0, "giliran-uji-tersembunyi": 0.0}
    with environment(root):
        assert set_aside(root) == {}


def test_code_that_kills_its_kernel_fails_its_own_cells_and_the_old_score_goes(root: Path) -> None:
    hand_in(root, "siti", {"giliran": RIGHT})
    graded(root)
    hand_in(root, "siti", {"giliran": "import os\nos._exit(1)"}, when="2026-03-03 01:00:00 UTC")
    hand_in(root, "tono", {"giliran": RIGHT})
    report = graded(root)
    assert report.graded == ["siti", "tono"]
    assert not [finding for finding in report.findings if finding.kind == SET_ASIDE]
    assert automatic(root, "siti") == dict.fromkeys(FULL, 0)
    assert automatic(root, "tono") == FULL


def test_an_attempt_is_looked_at_once(root: Path) -> None:
    browser_copy(hand_in(root, "siti", {"giliran": RIGHT}))
    with environment(root):
        first = take_in(root, ASSIGNMENT, "siti")
        second = take_in(root, ASSIGNMENT, "siti")
        assert (first.new, second.new) == (True, False)
        assert first.findings == second.findings != []
        assert [path.name for path in (originals(root) / ASSIGNMENT / "siti").iterdir() if path.is_dir()] == ["001"]


def test_every_attempt_is_kept(root: Path) -> None:
    for day in (2, 3, 4):
        hand_in(root, "siti", {"giliran": f"# hari {day}"}, when=f"2026-03-0{day} 01:00:00 UTC")
        with environment(root):
            take_in(root, ASSIGNMENT, "siti")
    with environment(root):
        for number, day in enumerate((2, 3, 4), 1):
            kept = originals(root) / ASSIGNMENT / "siti" / f"{number:03d}" / NAME
            assert f"# hari {day}" in kept.read_text(encoding="utf-8")


def test_formgraders_button_and_plain_nbgrader_have_the_intake_too(root: Path) -> None:
    a_test_deleted(hand_in(root, "siti", {"giliran": RIGHT}))
    browser_copy(hand_in(root, "tono", {"giliran": RIGHT}))
    code, log = nbgrader(root, "autograde", ASSIGNMENT)
    assert code == 0, log
    assert automatic(root, "siti") == automatic(root, "tono") == FULL
    with environment(root):
        assert (originals(root) / ASSIGNMENT / "siti" / "001" / NAME).exists()


def doubled(name: str, source: str, *, below: bool) -> Callable[[nbformat.NotebookNode], None]:
    def change(notebook: nbformat.NotebookNode) -> None:
        original = cell(notebook, name)
        copy = nbformat.from_dict(json.loads(json.dumps(original)))
        copy.source = source
        notebook.cells.insert(notebook.cells.index(original) + below, copy)

    return change


def test_of_a_doubled_answer_the_last_above_its_test_counts(root: Path) -> None:
    edit(hand_in(root, "siti", {"giliran": HALF}), doubled("giliran", RIGHT, below=True))

    def far_below(notebook: nbformat.NotebookNode) -> None:
        copy = nbformat.from_dict(json.loads(json.dumps(cell(notebook, "giliran"))))
        copy.source = HALF
        notebook.cells.append(copy)

    edit(hand_in(root, "tono", {"giliran": RIGHT}), far_below)
    report = graded(root)
    assert report.graded == ["siti", "tono"]
    assert automatic(root, "siti") == FULL
    assert automatic(root, "tono") == FULL
    told = {finding.student: finding.reason for finding in report.findings if finding.kind == "diperbaiki"}
    assert "salinan ke-2" in told["siti"]
    assert "salinan ke-1" in told["tono"]


def test_stock_stops_the_whole_run_at_a_doubled_cell(root: Path) -> None:
    edit(hand_in(root, "amir", {"giliran": RIGHT}), doubled("giliran", RIGHT, below=True))
    hand_in(root, "budi", {"giliran": RIGHT})
    code, _ = nbgrader(root, "autograde", ASSIGNMENT, "--Autograde.pre_convert_hook=melayani.course.find_root")
    assert code != 0
    with gradebook(root) as book:
        assert "budi" not in {student.id for student in book.students}


def test_a_fresh_class_with_the_committed_release_can_be_graded_at_once(root: Path) -> None:
    with environment(root):
        (root / "kelas" / "gradebook.db").unlink()
    before = digest(root / "assignments")
    hand_in(root, "siti", {"giliran": RIGHT})
    assert graded(root).graded == ["siti"]
    assert automatic(root, "siti") == FULL
    assert digest(root / "assignments") == before


def test_a_missing_release_says_what_to_run(tmp_path: Path) -> None:
    root = make_course(tmp_path, released=False)
    folder = root / "kelas" / "submitted" / "siti" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(source_notebook(), folder / NAME)
    with environment(root), pytest.raises(FileNotFoundError, match="nbgrader generate_assignment"):
        take_in(root, ASSIGNMENT, "siti")
