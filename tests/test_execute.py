"""The Execute step: outputs as a kernel's, whatever becomes of a cell, and nothing written where it must not be."""

from __future__ import annotations

import copy
import json
import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import kursus
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import utils
from nbgrader.preprocessors import Execute as NbgradersExecute
from traitlets.config import Config

from melayani.grading.execute import Execute, files_beside, lay_back
from melayani.grading.runner import sandbox
from melayani.grading.runner.job import ANSWER, DIED, ERROR, GIVEN, OK, TEST, TEST_INSIDE, Job, Ran, Report, Result

CONFIG = Config(
    Execute={
        "kernel_name": "python3",
        "sandbox": sandbox.available() is None,
        "extra_arguments": [
            "--HistoryManager.hist_file=:memory:",
            "--log-level=ERROR",
            "--InteractiveShellApp.extensions=melayani.grading.stderr",
        ],
    }
)


def notebook(*cells: str | NotebookNode) -> NotebookNode:
    made: NotebookNode = new_notebook(
        cells=[new_code_cell(cell, id=f"sel-{n}") if isinstance(cell, str) else cell for n, cell in enumerate(cells)]
    )
    return made


def test_cell(source: str, name: str, points: int = 2) -> NotebookNode:
    mark = {"grade": True, "solution": False, "locked": True, "task": False, "grade_id": name, "points": points}
    made: NotebookNode = new_code_cell(source, id=name, metadata={"nbgrader": {**mark, "schema_version": 3}})
    return made


test_cell.__test__ = False  # type: ignore[attr-defined]


def ran(step: Execute, nb: NotebookNode, folder: Path | None = None) -> dict[str, Any]:
    """Run `nb` in place and return the resources."""
    resources: dict[str, Any] = {"metadata": {"path": str(folder)}} if folder else {}
    return step.preprocess(nb, resources)[1]


def _without_ids(node: NotebookNode) -> str:
    return re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "id", json.dumps(node, sort_keys=True))


def comparable(nb: NotebookNode) -> NotebookNode:
    """Return the notebook without what differs between any two runs: times, ids of widgets, pieces of streams."""
    nb = copy.deepcopy(nb)
    for kind in nb.metadata.get("widgets", {}).values():
        kind["state"] = sorted(_without_ids(state) for state in kind["state"].values())
    copied: NotebookNode = nbformat.from_dict(json.loads(_without_ids(nb)))
    for cell in copied.cells:
        cell.metadata.pop("execution", None)
        kursus.join_streams(cell)
    return copied


KINDS = [
    "print('satu')\nprint('dua')\n3",
    "import sys\nprint('a', file=sys.stderr)\nprint('b')",
    "from IPython.display import HTML, clear_output, display, update_display\ndisplay(HTML('<b>tebal</b>'))\n'nilai'",
    "d = display('lama', display_id='papan')\ndisplay('lain', display_id='kedua')",
    "update_display('baru', display_id='papan')\nprint('sudah')",
    "print('hilang')\nclear_output()\nprint('tinggal')",
    "print('hilang nanti')\nclear_output(wait=True)\nprint('tinggal')",
    "display('hilang', display_id='ketiga')\nclear_output()",
    "update_display('tak terlihat', display_id='ketiga')\nNone",
    "1 / 0",
    "raise SystemExit",
    "def f(:\n",
    "input('Nama? ')",
    "import ipywidgets as w\nx = w.IntSlider(value=2)\nx",
    "x.value = 7\nkotak = w.Output()\nwith kotak:\n    print('di dalam')\nkotak",
    "%matplotlib inline\nimport numpy as np\nnp.arange(3)",
    "",
    "   \n",
]


@pytest.mark.slow
def test_a_notebook_gets_the_outputs_of_a_kernel(tmp_path: Path) -> None:
    ours, kernels = (notebook(*KINDS, new_markdown_cell("teks", id="teks")) for _ in range(2))
    skipped = new_code_cell("1 / 0", id="dilewati", metadata={"tags": ["skip-execution"]})
    for nb in (ours, kernels):
        nb.cells.insert(2, skipped.copy())
    ran(Execute(config=CONFIG), ours, tmp_path)
    NbgradersExecute(config=CONFIG).preprocess(kernels, {"metadata": {"path": str(tmp_path)}})
    found, expected = comparable(ours), comparable(kernels)
    for mine, theirs in zip(found.cells, expected.cells, strict=True):
        assert mine == theirs, mine.source
    assert found.metadata == expected.metadata


@pytest.mark.slow
def test_a_late_cell_ends_as_with_a_kernel_and_the_rest_runs(tmp_path: Path) -> None:
    config = Config(CONFIG, Execute={**CONFIG.Execute, "timeout": 2})
    ours, kernels = (notebook("a = 1", "while True:\n    pass", "a") for _ in range(2))
    ran(Execute(config=config), ours, tmp_path)
    NbgradersExecute(config=config).preprocess(kernels, {"metadata": {"path": str(tmp_path)}})
    assert [output.ename for output in ours.cells[1].outputs] == ["KeyboardInterrupt", "CellTimeoutError"]
    assert comparable(ours).cells == comparable(kernels).cells


def test_a_cell_in_which_the_kernel_dies_has_failed_and_the_rest_runs() -> None:
    nb = notebook("a = 5", "import os\nos._exit(0)", test_cell("assert a == 5", "a-uji"))
    ran(Execute(config=CONFIG), nb)
    assert "Kernel berhenti" in nb.cells[1].outputs[-1].evalue
    assert utils.determine_grade(nb.cells[2]) == (2, 2)
    nb = notebook("def f():\n    import os\n    os._exit(0)", test_cell("f()", "f-uji"), "6")
    ran(Execute(config=CONFIG), nb)
    assert utils.determine_grade(nb.cells[1]) == (0, 2)
    assert nb.cells[2].outputs[0].data["text/plain"] == "6"


# The folder.


def test_files_come_back_but_no_notebook_and_nothing_of_nbgraders(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("lama")
    (tmp_path / "timestamp.txt").write_text("2026-03-02 01:00:00 UTC")
    (tmp_path / "soal.ipynb").write_text("{}")
    nb = notebook(
        "import os, pathlib\nsorted(os.listdir())",
        "pathlib.Path('data/a.csv').write_text('baru')\npathlib.Path('hasil.txt').write_text('x')\n"
        "for name in ('timestamp.txt', 'soal.ipynb', 'lain.ipynb'):\n    pathlib.Path(name).write_text('jahat')",
    )
    ran(Execute(config=CONFIG), nb, tmp_path)
    assert nb.cells[0].outputs[0].data["text/plain"] == "['data', 'timestamp.txt']"
    assert (tmp_path / "data" / "a.csv").read_text() == "baru"
    assert (tmp_path / "hasil.txt").read_text() == "x"
    assert (tmp_path / "timestamp.txt").read_text().startswith("2026")
    assert (tmp_path / "soal.ipynb").read_text() == "{}"
    assert not (tmp_path / "lain.ipynb").exists()


HOSTILE = ["../luar", "/tmp/luar", "a/../../luar", "pintu/luar", "tautan", "a\\..\\luar", "C:luar", "a\0b", "", "."]
HOSTILE += ["soal.IPYNB", "Timestamp.txt", "submission_secret.txt", "folder", "n" * 300, "berkas/isi"]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_written_outside_or_through_a_link(tmp_path: Path, name: str) -> None:
    folder, outside = tmp_path / "dalam", tmp_path / "luar"
    (folder / "folder").mkdir(parents=True)
    (folder / "berkas").write_text("tetap")
    outside.mkdir()
    (outside / "luar").write_text("tetap")
    (folder / "pintu").symlink_to(outside)
    (folder / "tautan").symlink_to(outside / "luar")
    before = sorted(tmp_path.rglob("*"))
    assert lay_back(folder, {name: b"jahat"}) == [name]
    assert sorted(tmp_path.rglob("*")) == before
    assert (outside / "luar").read_text() == (folder / "berkas").read_text() == "tetap"


def test_links_and_notebooks_stay_behind(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "tautan").symlink_to("/etc/passwd")
    (tmp_path / "soal.ipynb").write_text("{}")
    assert files_beside(tmp_path) == {"a.csv": b"1"}


# What the source notebook decides.


class Counting(Execute):
    """Keeps the jobs that it ran."""

    ran: list[Job]

    def run(self, job: Job) -> Result:
        self.ran = [*getattr(self, "ran", []), job]
        return super().run(job)


GIVEN_TEXT = "def angka():\n    with open('angka.txt') as berkas:\n        return int(berkas.read())"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A source with a test that needs an object of its own inside the trainee's function, and one that does not."""
    folder = tmp_path / "solutions" / "01"
    folder.mkdir(parents=True)
    (folder / "angka.txt").write_text("4")
    mark = {"grade": False, "solution": True, "locked": False, "task": False, "grade_id": "jawab", "schema_version": 3}
    answer = "class Antrean:\n    pass\nempat = angka()\ndef simpan(benda):\n    return benda"
    cells: Sequence[str | NotebookNode] = [
        GIVEN_TEXT,
        new_code_cell(answer, metadata={"nbgrader": mark}),
        test_cell("class Benda:\n    pass\nb = Benda()\nassert simpan(b) is b", "simpan-uji"),
        test_cell("assert empat == 4", "empat-uji"),
    ]
    nbformat.write(notebook(*cells), folder / "soal.ipynb")
    return tmp_path


def step_of(course: Path) -> Counting:
    folders = {"root": str(course), "source_directory": "solutions"}
    return Counting(config=Config(CONFIG, CourseDirectory=folders))


RESOURCES = {"nbgrader": {"assignment": "01", "notebook": "soal", "student": "a", "db_url": ""}}


def test_tests_run_outside_unless_the_source_shows_that_they_can_not(course: Path) -> None:
    step = step_of(course)
    theirs = nbformat.read(course / "solutions" / "01" / "soal.ipynb", as_version=4)
    theirs.cells[1].source = "..."
    theirs.cells.insert(2, new_code_cell("1"))
    job = step.job_of(theirs, RESOURCES)
    assert [(cell.name, cell.where) for cell in job.cells] == [
        ("", GIVEN),
        ("jawab", ANSWER),
        ("", ANSWER),
        ("simpan-uji", TEST_INSIDE),
        ("empat-uji", TEST),
    ]
    assert job.asked == ("Antrean", "empat", "simpan")
    theirs.cells[0].source += "\n"
    assert step.job_of(theirs, RESOURCES).cells[0].where == ANSWER
    assert job.classes == ("Antrean",)
    assert len(step.ran) == 2


def test_the_source_is_run_once_an_edition(course: Path) -> None:
    step = step_of(course)
    path = course / "solutions" / "01" / "soal.ipynb"
    nb = nbformat.read(path, as_version=4)
    for _ in range(3):
        step.job_of(nb, RESOURCES)
    once = len(step.ran)
    os.utime(path, (1, 1))
    step.job_of(nb, RESOURCES)
    nb.cells[3].source = "assert empat == 2 + 2"
    step.job_of(nb, RESOURCES)
    assert len(step.ran) == 3 * once


def test_without_a_source_all_tests_run_outside_and_it_is_told(course: Path, caplog: pytest.LogCaptureFixture) -> None:
    step = step_of(course)
    step.log = logging.getLogger("uji")
    path = course / "solutions" / "01" / "soal.ipynb"
    nb = nbformat.read(path, as_version=4)
    path.unlink()
    assert {cell.where for cell in step.job_of(nb, RESOURCES).cells if cell.name.endswith("uji")} == {TEST}
    assert "tidak terbaca" in caplog.text


def test_another_language_is_refused() -> None:
    nb = notebook("x <- 1")
    nb.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    with pytest.raises(ValueError, match="hanya Python"):
        Execute(config=Config(Execute={"sandbox": False})).job_of(nb, {})


# What the trainee's process may make up, and what is told.


def test_messages_that_are_none_cost_nothing() -> None:
    nb = notebook("1", "2")
    made_up = [
        {"msg_type": "stream", "content": {}},
        {"msg_type": "stream", "content": {"name": "stdout", "text": 5}},
        {"msg_type": "display_data", "content": {"data": {"text/plain": {"a": 1}}, "metadata": 3}},
        {"msg_type": "update_display_data", "content": {"transient": {"display_id": "x"}}},
        {"msg_type": "comm_open", "content": {"data": {}, "comm_id": 1, "target_name": "jupyter.widget"}},
        {"msg_type": "comm_msg", "content": {"data": "teks", "comm_id": 1}},
        {"msg_type": "execute_result", "content": {"execution_count": "x", "data": {}, "metadata": {}}},
        {"msg_type": "apa saja", "content": {}},
        {"msg_type": "stream", "content": {"name": "stdout", "text": "ada"}},
    ]
    Execute(config=CONFIG).apply(nb, {}, Result([Ran(made_up, OK, 1), Ran([], OK, 2)]))
    assert [output.get("text") for output in nb.cells[0].outputs] == ["ada"]
    nbformat.validate(nb)


def test_an_error_that_shows_nothing_is_shown() -> None:
    nb = notebook(test_cell("1 / 0", "uji"))
    Execute(config=CONFIG).apply(nb, {}, Result([Ran([], ERROR, 1)]))
    assert "showtraceback was disabled" in nb.cells[0].outputs[0].traceback[0]
    assert utils.determine_grade(nb.cells[0]) == (0, 2)


@pytest.mark.parametrize("ended", [ERROR, DIED])
def test_a_failed_test_stays_failed_when_its_output_is_cleared(ended: str) -> None:
    nb = notebook(test_cell("assert False", "uji"))
    error = {"msg_type": "error", "content": {"ename": "AssertionError", "evalue": "", "traceback": ["t"]}}
    cleared = [error, {"msg_type": "clear_output", "content": {"wait": False}}]
    Execute(config=CONFIG).apply(nb, {}, Result([Ran(cleared, ended, 1)]))
    assert utils.determine_grade(nb.cells[0]) == (0, 2)


def test_reports_are_logged_and_kept(caplog: pytest.LogCaptureFixture) -> None:
    step = Execute(config=CONFIG, log=logging.getLogger("uji"))
    report = Report(0, "janggal", "Sel pertama mengubah builtins.")
    _, resources = step.apply(notebook("1"), {}, Result([Ran([], OK, 1)], reports=[report], sandboxed=False))
    assert resources["melayani"] == {"reports": [report], "sandboxed": False}
    assert report.text in caplog.text


def test_only_a_person_can_do_without_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(sandbox.WITHOUT_SANDBOX, raising=False)
    assert Execute().sandbox
    monkeypatch.setenv(sandbox.WITHOUT_SANDBOX, "1")
    assert not Execute().sandbox
    assert Execute().refusal() is None
    assert Execute(config=Config(Execute={"sandbox": True})).sandbox
