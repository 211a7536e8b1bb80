"""The runner gives what a stock kernel gives, and a job that goes wrong ends alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from melayani.authoring.notebooks import kernel_environment
from melayani.course import load_config
from melayani.grading.runner import Runner

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with kernel_environment(), Runner() as started:
        yield started


def in_a_kernel(cells: list[str], folder: Path) -> list[list[dict[str, Any]]]:
    """Return the outputs of a stock kernel, as autograde starts it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        notebook,
        allow_errors=True,
        timeout=60,
        extra_arguments=load_config(ROOT).Execute.extra_arguments,
        resources={"metadata": {"path": str(folder)}},
    )
    with kernel_environment():
        return [cell.outputs for cell in client.execute().cells]


def plain(outputs: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Leave out the traceback, which is short in the runner, and join what a kernel sends in pieces."""
    cells: list[list[dict[str, Any]]] = []
    for cell in outputs:
        cells.append([])
        for output in cell:
            kept = {key: value for key, value in output.items() if key != "traceback"}
            if cells[-1] and "name" in kept and cells[-1][-1].get("name") == kept["name"]:
                cells[-1][-1]["text"] += kept["text"]
            else:
                cells[-1].append(kept)
    return cells


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_an_assignment_looks_as_in_a_kernel(runner: Runner, path: Path) -> None:
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    ran = runner.run(cells, path.parent, timeout=60)
    assert ran.stopped is None
    assert plain(ran.outputs) == plain(in_a_kernel(cells, path.parent))


def test_every_kind_of_output_looks_as_in_a_kernel(runner: Runner, tmp_path: Path) -> None:
    cells = [
        "print('satu')\nprint('dua')\n2 + 2",
        "None",
        "x = 3;",
        "x;",
        "import sys\nprint('tiga', file=sys.stderr)\nprint('empat')",
        "import warnings\nwarnings.filterwarnings('ignore')\n1 / 0",
        "def f(:",
        "assert x == 4, 'belum sama'",
        "raise ValueError",
        "input()",
        "from IPython.display import HTML, display\ndisplay(HTML('<b>lima</b>'))\nHTML('<i>enam</i>')",
        "import pandas as pd\npd.DataFrame({'loket': [1, 2]})",
        "import asyncio\nawait asyncio.sleep(0)\n7",
        "_ + 1",
        "%%capture\nprint('tersimpan')",
        "import os\nos.getcwd() == os.path.realpath('.'), __name__, sys.argv[0] != ''",
        "get_ipython().history_manager.input_hist_raw[1:3]",
        "{'nama': 'Siti', 'daftar': list(range(40))}",
    ]
    assert plain(runner.run(cells, tmp_path).outputs) == plain(in_a_kernel(cells, tmp_path))


@pytest.mark.parametrize(
    "cell, why",
    [
        ("while True: pass", "more than 2 seconds"),
        ("import os; os._exit(3)", "the process ended"),
        ("import os; os.kill(0, 9)", "the process ended"),
        ("exit()", "the process ended"),
    ],
)
def test_a_job_that_stops_keeps_the_outputs_before_it_and_harms_no_other(
    runner: Runner, tmp_path: Path, cell: str, why: str
) -> None:
    ran = runner.run(["'sebelum'", cell, "'sesudah'"], tmp_path, timeout=2)
    assert [output["data"]["text/plain"] for output in ran.outputs[0]] == ["'sebelum'"]
    assert (len(ran.outputs), ran.stopped) == (1, why)
    assert runner.run(["1"], tmp_path).stopped is None


def test_jobs_share_nothing(runner: Runner, tmp_path: Path) -> None:
    names = ("globals()", "vars(builtins)", "vars(json)", "os.environ")
    imported = "import builtins, json, os\n"
    runner.run([imported + "\n".join(f"{name}['RAHASIA'] = '1'" for name in names)], tmp_path)
    asked = imported + ", ".join(f"'RAHASIA' in {name}" for name in names)
    (outputs,) = runner.run([asked], tmp_path).outputs
    assert outputs[0]["data"]["text/plain"] == "(False, False, False, False)"


def test_what_a_cell_started_ends_with_the_job(runner: Runner, tmp_path: Path) -> None:
    start = "import subprocess\nprint(subprocess.Popen(['sleep', '60']).pid)"
    (outputs,) = runner.run([start], tmp_path).outputs
    started = int(outputs[0]["text"])
    for _ in range(50):
        state = Path(f"/proc/{started}/stat")
        if not state.exists() or state.read_text().split(")")[1].split()[0] == "Z":
            return
        time.sleep(0.1)
    os.kill(started, 9)
    pytest.fail("the process outlived its job")


def test_nothing_printed_by_a_process_below_reaches_the_answers(runner: Runner, tmp_path: Path) -> None:
    """What goes to file descriptor 1 must not be taken for the runner's answer."""
    assert runner.run(["import os\nos.write(1, b'x' * 100)"], tmp_path).stopped is None
    assert runner.run(["2"], tmp_path).outputs[0][0]["data"] == {"text/plain": "2"}
