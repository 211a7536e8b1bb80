"""assignments/ is exactly what nbgrader makes of solutions/, and works as a trainee first sees it."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
from pathlib import Path

import kursus
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from melayani.authoring import notebooks, release
from melayani.authoring.markers import EXACT_MARKERS
from melayani.authoring.source import HIDDEN_LINE
from melayani.course import assignments

ROOT = kursus.REPOSITORY
NAMES = assignments(ROOT)
NOTEBOOK = f"{kursus.ASSIGNMENT}/{kursus.ASSIGNMENT}.ipynb"


def read(folder: str, name: str) -> NotebookNode:
    return notebooks.read(ROOT / folder / name / f"{name}.ipynb")


def meta(cell: NotebookNode) -> dict[str, object]:
    return dict(cell.metadata.get("nbgrader", {}))


def is_test(cell: NotebookNode) -> bool:
    return bool(meta(cell).get("grade")) and not meta(cell).get("solution") and cell.cell_type == "code"


def is_answer(cell: NotebookNode) -> bool:
    return bool(meta(cell).get("solution"))


@functools.cache
def executed(name: str) -> NotebookNode:
    """Return the released notebook, run from top to bottom as a trainee would who has answered nothing."""
    nb = read("assignments", name)
    with notebooks.kernel_environment():
        NotebookClient(
            nb,
            allow_errors=True,
            timeout=60,
            record_timing=False,
            extra_arguments=["--log-level=ERROR", "--HistoryManager.hist_file=:memory:"],
            resources={"metadata": {"path": str(ROOT / "assignments" / name)}},
            shutdown_kernel="immediate",
        ).execute()
    return nb


def errors(cell: NotebookNode) -> list[NotebookNode]:
    return [output for output in cell.get("outputs", []) if output.output_type == "error"]


# What is committed.


def test_the_release_is_what_generate_makes() -> None:
    different = release.differences(ROOT)
    assert not different, f"{different} differ from what nbgrader makes of solutions/. Run `make release`."


def test_two_releases_have_the_same_bytes(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path, released=False)
    for folder in ("one", "two"):
        release.generate(root, tmp_path / folder)
    assert release.contents(tmp_path / "one") == release.contents(tmp_path / "two") != {}


@pytest.mark.slow
def test_the_release_is_what_the_nbgrader_command_makes(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path)
    release.generate(root, tmp_path / "ours")
    assert release.contents(tmp_path / "ours") == release.contents(root / "assignments")


@pytest.mark.parametrize("name", NAMES)
def test_solutions_and_hidden_tests_are_absent(name: str) -> None:
    released = {cell.id: cell for cell in read("assignments", name).cells}
    text = "\n".join(cell.source for cell in released.values())
    assert not [marker for marker in EXACT_MARKERS if marker.removeprefix("### ") in text]
    for cell in read("solutions", name).cells:
        secrets = re.findall(r"(?s)### BEGIN [^\n]*\n(.*?)### END ", cell.source)
        if is_answer(cell) and not secrets:
            secrets = [cell.source]
        for secret in secrets:
            for line in secret.splitlines():
                if len(line.strip()) > 12:
                    assert line.strip() not in released[cell.id].source, (cell.id, line)
        if is_test(cell) and cell.id.endswith("-tersembunyi"):
            assert released[cell.id].source.strip() == HIDDEN_LINE


@pytest.mark.parametrize("name", NAMES)
def test_every_item_is_whole(name: str) -> None:
    cells = read("solutions", name).cells
    ids = [cell.id for cell in cells]
    for cell in cells:
        if is_answer(cell) and cell.cell_type == "code":
            item, place = cell.id, ids.index(cell.id)
            # A challenge is checked, but worth nothing.
            tests = [f"{item}-cek"] if f"{item}-cek" in ids else [f"{item}-uji", f"{item}-uji-tersembunyi"]
            tests = [test for test in tests if test in ids]
            assert ids[place + 1 : place + 1 + len(tests)] == tests != []
            given = cells[ids.index(f"{item}-soal") + 1 : place]
            assert all(above.cell_type == "code" and meta(above)["locked"] for above in given)
            # In modules 00 and 01 an answer is some lines among others: the marker says which.
            assert cell.source.startswith(f"# Jawaban: {item}\n") or int(name[:2]) > 1


# As a trainee first sees it.


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_each_unanswered_item_fails_with_its_own_message(name: str) -> None:
    source = {cell.id: cell.source for cell in read("solutions", name).cells}
    messages = {}
    for cell in executed(name).cells:
        if is_test(cell) and cell.source.strip() != HIDDEN_LINE:
            assert [error.ename for error in errors(cell)] == ["AssertionError"], cell.id
            messages[cell.id] = errors(cell)[0].evalue
    assert messages
    assert len(set(messages.values())) == len(messages), messages
    for cell_id, message in messages.items():
        # It begins with the name that is asked for.
        asked = message.removeprefix("Fungsi ").split()[0]
        assert asked.isidentifier() and asked in source[cell_id], message
        assert len(message.split()) >= 8, message


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_everything_but_unanswered_tests_runs(name: str) -> None:
    failing = [cell.id for cell in executed(name).cells if errors(cell)]
    tests = [cell.id for cell in executed(name).cells if is_test(cell) and cell.source.strip() != HIDDEN_LINE]
    assert failing == tests
    noise = [cell.id for cell in executed(name).cells for o in cell.get("outputs", []) if o.get("name") == "stderr"]
    assert not noise


def course_with(name: str, folder: Path) -> Path:
    """Return a course in `folder` with the configuration, the source and the release of assignment `name`."""
    root = folder / "kursus"
    root.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", root)
    for part in ("solutions", "assignments"):
        shutil.copytree(ROOT / part / name, root / part / name)
    return root


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_validate_names_each_unanswered_item(name: str, tmp_path: Path) -> None:
    root = course_with(name, tmp_path)
    _, text = kursus.nbgrader(root, "validate", str(root / "assignments" / name / f"{name}.ipynb"))
    graded = [cell for cell in executed(name).cells if meta(cell).get("grade")]
    waiting = [cell for cell in graded if errors(cell) or is_answer(cell)]
    assert text.count("The following cell failed:") == len(waiting)
    for cell in waiting:
        first_line = cell.source.strip().splitlines()[0]
        assert first_line[:80] in text
        for error in errors(cell):
            assert error.evalue in text, "nbgrader cut the message"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_validate_passes_on_the_solution(name: str, tmp_path: Path) -> None:
    root = course_with(name, tmp_path)
    _, text = kursus.nbgrader(root, "validate", str(root / "solutions" / name / f"{name}.ipynb"))
    assert "Success! Your notebook passes all the tests." in text


# A release that can't be made.


def released_course(folder: Path) -> Path:
    """Return the tiny course with its release, made without a gradebook."""
    root = kursus.make_course(folder, released=False)
    release.release(root)
    return root


def change(root: Path, cell_id: str, old: str, new: str) -> None:
    path = root / "solutions" / NOTEBOOK
    data = json.loads(path.read_text(encoding="utf-8"))
    for cell in data["cells"]:
        if cell["id"] == cell_id:
            source = "".join(cell["source"])
            assert old in source
            cell["source"] = source.replace(old, new)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("cell_id", "old", "new"),
    [
        ("giliran-uji-tersembunyi", "BEGIN HIDDEN TESTS", "BEGIN HIDDEN TEST"),
        ("giliran-uji-tersembunyi", "### BEGIN HIDDEN TESTS", "### begin hidden tests"),
        ("giliran-uji-tersembunyi", "### END HIDDEN TESTS", "pass"),
        ("giliran", "### END SOLUTION", "### END SOLUTIONS"),
        ("giliran", "### BEGIN SOLUTION", "### BEGIN SOLUTION: 2 kata"),
        ("giliran", "### BEGIN SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION"),
        ("giliran", "### BEGIN SOLUTION", "# tanpa awal"),
        ("usul", "BEGIN MARK SCHEME", "BEGIN MARKSCHEME"),
    ],
)
def test_a_wrong_marker_is_refused_and_the_last_release_kept(tmp_path: Path, cell_id: str, old: str, new: str) -> None:
    root = released_course(tmp_path)
    before = release.contents(root / "assignments")
    change(root, cell_id, old, new)
    with pytest.raises(release.ReleaseError, match=rf"01-contoh\.ipynb, cell \d \({cell_id}\)"):
        release.release(root)
    assert release.contents(root / "assignments") == before
    assert not list(root.glob(".assignments-*"))


@pytest.mark.slow
def test_a_wrong_marker_is_refused_by_the_nbgrader_command_too(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path, released=False)
    change(root, "giliran-uji-tersembunyi", "BEGIN HIDDEN TESTS", "BEGIN HIDDEN TEST")
    code, text = kursus.nbgrader(root, "generate_assignment", kursus.ASSIGNMENT)
    assert code == 1
    assert "01-contoh.ipynb, cell 5 (giliran-uji-tersembunyi)" in text


def test_a_failing_generate_keeps_the_last_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = released_course(tmp_path)
    before = release.contents(root / "assignments")
    change(root, "judul", "Tugas", "Latihan")
    change(root, "giliran-soal", "Giliran", "Urutan")
    path = root / "solutions" / NOTEBOOK
    data = json.loads(path.read_text(encoding="utf-8"))
    # Only nbgrader's own check sees that.
    next(cell for cell in data["cells"] if cell["id"] == "giliran-uji")["metadata"]["nbgrader"].pop("locked")
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(release.ReleaseError, match="nbgrader could not generate 01-contoh"):
        release.release(root)
    assert release.contents(root / "assignments") == before
    monkeypatch.chdir(root)
    assert release.main([]) == 1


def test_doubled_ids_and_bad_names_are_refused(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path, released=False)
    path = root / "solutions" / NOTEBOOK
    data = json.loads(path.read_text(encoding="utf-8"))
    data["cells"][3]["metadata"]["nbgrader"]["grade_id"] = "giliran"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(release.ReleaseError, match="the grade_id 'giliran' stands there twice"):
        release.release(root)
    path.parent.rename(root / "solutions" / "Tugas 1")
    with pytest.raises(release.ReleaseError, match="name the folder NN-words"):
        release.release(root)


@pytest.mark.slow
def test_a_release_leaves_the_class_alone(tmp_path: Path) -> None:
    root = released_course(tmp_path)
    (root / "kelas").mkdir(exist_ok=True)
    with kursus.environment(root), kursus.gradebook(root) as book:
        book.add_student("ani")
    before = release.contents(root / "kelas")
    environment = dict(os.environ)
    change(root, "judul", "Tugas", "Latihan")
    assert release.release(root) == [kursus.ASSIGNMENT]
    assert "Latihan contoh" in (root / "assignments" / NOTEBOOK).read_text(encoding="utf-8")
    assert release.contents(root / "kelas") == before
    assert dict(os.environ) == environment


def test_the_stub_shows_the_names_an_item_asks_for(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path, released=False)
    change(root, "giliran", "### BEGIN SOLUTION", "jam = menit = 7")
    change(root, "giliran", "jam", "    ### BEGIN SOLUTION: jam, menit\njam")
    release.release(root)
    data = json.loads((root / "assignments" / NOTEBOOK).read_text(encoding="utf-8"))
    source = "".join(next(cell for cell in data["cells"] if cell["id"] == "giliran")["source"])
    assert source.splitlines() == [
        "# Jawaban: giliran",
        "    # Tulis jawaban Anda di bawah baris ini",
        "    jam = ...",
        "    menit = ...",
    ]
