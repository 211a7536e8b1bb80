"""Cells in the runner's shell look as in a stock kernel that nbgrader's autograde starts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader import preprocessors

from melayani.authoring.notebooks import kernel_environment
from melayani.course import load_config
from melayani.grading.execute import Execute
from melayani.grading.runner import Runner, sandbox
from melayani.grading.runner.job import DIED, ERROR, OK, Cell, Job, Ran
from melayani.grading.runner.shell import DIFFERENCES, PRELOADED

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(
    [*(ROOT / "course").glob("*.ipynb"), *ROOT.glob("course/*/*.ipynb"), *ROOT.glob("solutions/*/*.ipynb")]
)
EXTENSION = "--InteractiveShellApp.extensions=melayani.grading.stderr"
HIDDEN = ["ERROR: An error occurred while showtraceback was disabled"]
SANDBOXED = sandbox.available() is None

# {name: cells}
BEHAVIOURS = {
    name.strip(): [cell.strip("\n") for cell in cells.split("\n---\n")]
    for name, _, cells in (
        part.partition("\n") for part in (ROOT / "tests" / "behaviours.txt").read_text("utf-8").split("\n=== ")[1:]
    )
}

# What is known to differ; the reasons are the shell's.
DIFFERENT: dict[str, list[str]] = {
    "tasks": ["import asyncio\nasync def f():\n    print('sesudah sel')\n\ntugas = asyncio.create_task(f())"],
    "figures": ["import matplotlib.pyplot as plt\nplt.title('$\\\\frac$');"],
    "not JSON": ["from IPython.display import display\ndisplay({'text/plain': object()}, raw=True)"],
    "warm": ["'pandas.core.frame' in __import__('sys').modules"],
    "debugger": ["'debugpy' in __import__('sys').modules"],
    "threads": ["import threading\nlen(threading.enumerate()) > 4"],
    "no application": ["from ipykernel.kernelapp import IPKernelApp\nIPKernelApp.initialized()"],
    "descriptors": ["import os, time\nos.system('echo x >&2')\ntime.sleep(0)"],
}


def notebook_of(cells: Sequence[str]) -> NotebookNode:
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return notebook


def in_the_shell(cells: Sequence[str], folder: Path) -> NotebookNode:
    """Return a notebook of `cells` run by our Execute step."""
    step = Execute(timeout=60, allow_errors=True, sandbox=SANDBOXED)
    ran: NotebookNode = step.preprocess(notebook_of(cells), {"metadata": {"path": str(folder)}})[0]
    return ran


def in_a_kernel(cells: Sequence[str], folder: Path, stderr_as_stdout: bool = True) -> NotebookNode:
    """Return a notebook of `cells` run by nbgrader's own Execute step in a stock kernel, configured as ours."""
    arguments = load_config(ROOT).Execute.extra_arguments
    kept = [argument for argument in arguments if stderr_as_stdout or argument != EXTENSION]
    step = preprocessors.Execute(timeout=60, allow_errors=True, kernel_name="python3", extra_arguments=kept)
    ran: NotebookNode = step.preprocess(notebook_of(cells), {"metadata": {"path": str(folder)}})[0]
    return ran


@pytest.fixture(scope="module", autouse=True)
def environment() -> Iterator[None]:
    # `!` asks for the user's own shell; a sandbox has none.
    with kernel_environment():
        os.environ.pop("SHELL", None)
        yield


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(SANDBOXED) as started:
        yield started


def run(runner: Runner, *cells: str) -> list[Ran]:
    return runner.run(Job(tuple(Cell(cell) for cell in cells))).cells


def text(ran: Ran) -> str:
    """Return what a cell wrote and its last value."""
    contents = [message["content"] for message in ran.messages]
    return "".join(content.get("text", "") or content.get("data", {}).get("text/plain", "") for content in contents)


def plain(notebook: NotebookNode, folder: Path) -> list[list[dict[str, Any]]]:
    """Return the outputs of cells: pieces of a stream joined, and what differs from run to run made equal."""
    cells = []
    for cell in notebook.cells:
        kept: list[dict[str, Any]] = []
        for output in cell.outputs:
            if output.get("ename") == "NoneType":  # nbgrader's Execute takes an error of a value's text for two
                continue
            if output.get("traceback") == HIDDEN:  # its name stands in a kernel's reply: see execute.py
                output = {**output, "ename": "", "evalue": ""}
            if "traceback" in output:  # of a recursion, how deep it goes
                output = {**output, "traceback": [line for line, _ in groupby(output["traceback"])]}
            if kept and "name" in output and kept[-1].get("name") == output["name"]:
                kept[-1]["text"] += output["text"]
            else:
                kept.append(dict(output))
        cells.append([json.loads(same(json.dumps(output, sort_keys=True), folder)) for output in kept])
    return cells


def same(text: str, folder: Path) -> str:
    """Make equal what differs from run to run: process ids, addresses, ids, folders."""
    text = re.sub(r"ipykernel_\d+", "ipykernel_PID", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0xADDRESS", text)
    text = re.sub(r"started \d+", "started THREAD", text)
    text = text.replace(str(folder), "FOLDER").replace(sandbox.WORK, "FOLDER").replace("~/", f"{Path.home()}/")
    return re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "ID", text)


def widgets(notebook: NotebookNode, folder: Path) -> list[str]:
    """Return the saved state of widgets, without their ids."""
    state = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    return sorted(same(json.dumps(widget, sort_keys=True), folder) for widget in state.values())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run all behaviours in one shell and in one kernel; {name: (ours, stock)}, and the state of widgets."""
    cells = [cell for cells in BEHAVIOURS.values() for cell in cells]
    ran, states = [], []
    for where in (in_the_shell, in_a_kernel):
        folder = tmp_path_factory.mktemp("kerja")
        notebook = where(cells, folder)
        ran.append(iter(plain(notebook, folder)))
        states.append(widgets(notebook, folder))
    together: dict[str, Any] = {"widgets": tuple(states)}
    for name, cells in BEHAVIOURS.items():
        together[name] = tuple([next(outputs) for _ in cells] for outputs in ran)
    return together


@pytest.mark.slow
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_behaviour_looks_as_in_a_kernel(both: dict[str, Any], name: str) -> None:
    ours, stock = both[name]
    for cell, here, there in zip(BEHAVIOURS[name], ours, stock, strict=True):
        assert here == there, cell


@pytest.mark.slow
def test_the_state_of_widgets_is_a_kernels(both: dict[str, Any]) -> None:
    ours, stock = both["widgets"]
    assert len(stock) > 20
    assert ours == stock


@pytest.mark.slow
def test_what_differs_is_listed(tmp_path: Path) -> None:
    assert DIFFERENT.keys() == DIFFERENCES.keys()
    cells = [cell for cells in DIFFERENT.values() for cell in cells]
    ours, stock = plain(in_the_shell(cells, tmp_path), tmp_path), plain(in_a_kernel(cells, tmp_path), tmp_path)
    assert [cell for cell, here, there in zip(cells, ours, stock, strict=True) if here == there] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_of_the_course_looks_as_in_a_kernel(path: Path, tmp_path: Path) -> None:
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    # The runner has a notebook's own folder only.
    cells = [cell.replace("../gaya.mplstyle", "gaya.mplstyle") for cell in code]
    ran = []
    for where in (in_the_shell, in_a_kernel):
        (folder := tmp_path / where.__name__).mkdir()
        for file in (ROOT / "course" / "gaya.mplstyle", *path.parent.iterdir()):
            if file.is_file():
                shutil.copy(file, folder)
        notebook = where(cells, folder)
        ran.append((plain(notebook, folder), widgets(notebook, folder)))
    for cell, here, there in zip(cells, ran[0][0], ran[1][0], strict=True):
        assert here == there, cell
    assert ran[0][1] == ran[1][1]


@pytest.mark.slow
def test_without_the_extension_stderr_is_apart(tmp_path: Path) -> None:
    cells = [
        "import sys\nprint('satu', file=sys.stderr)\nprint('dua')\nprint('tiga', file=sys.stderr)",
        "import warnings\nwarnings.warn('awas')",
        "import logging\nlogging.warning('catat')\nprint('x')",
    ]
    script = """
import json, sys
from melayani.grading.runner.shell import start_shell
cells, results, messages = json.loads(sys.argv[1]), open(sys.argv[2], "w"), []
shell = start_shell(messages.append, ["storemagic"])
shell.reborn()
for cell in cells:
    shell.run(cell)
    results.write(json.dumps([{"output_type": "stream", **message["content"]} for message in messages]) + "\\n")
    messages.clear()
results.close()
"""
    results = tmp_path / "hasil"
    subprocess.run([sys.executable, "-c", script, json.dumps(cells), str(results)], check=True)
    notebook = notebook_of(cells)
    for cell, line in zip(notebook.cells, results.read_text().splitlines(), strict=True):
        cell.outputs = json.loads(line)
    assert plain(notebook, tmp_path) == plain(in_a_kernel(cells, tmp_path, stderr_as_stdout=False), tmp_path)


@pytest.mark.slow
def test_what_a_cell_showed_before_its_process_was_killed_is_kept(runner: Runner) -> None:
    showing = "print('sempat')\nimport time\ntime.sleep(1)\nimport os\nos._exit(1)"
    below = "import os, time\nos.system('echo sempat')\ntime.sleep(1)\nos._exit(1)"
    for cell in (showing, below):
        (ran,) = run(runner, cell)
        assert (ran.ended, text(ran)) == (DIED, "sempat\n")


@pytest.mark.parametrize("cell", ["exit()", "quit()", "get_ipython().ask_exit()"])
def test_exit_ends_the_process_after_its_cell(runner: Runner, cell: str) -> None:
    ended = run(runner, "x = 1", f"{cell}\nprint('sampai akhir sel')", "'x' in globals()")[1]
    assert (ended.ended, text(ended)) == (DIED, "sampai akhir sel\n")


def test_leave_to_stay_is_heard(runner: Runner) -> None:
    assert run(runner, "exit(keep_kernel=True)", "1")[1].ended == OK


def test_all_that_processes_below_write_is_shown(runner: Runner) -> None:
    lines = "".join(f"{number}\n" for number in range(1, 20001))
    for cell in ("import os\nos.system('seq 1 20000');", "import subprocess\nsubprocess.run(['seq', '20000']);"):
        assert text(run(runner, cell)[0]) == lines


def test_an_endless_stream_from_below_holds_nothing_up(runner: Runner) -> None:
    cell = "import subprocess\nsalah = subprocess.Popen(['yes'])\nfor i in range(9):\n    print(i)\nsalah.kill()"
    assert run(runner, cell)[0].ended == OK


def test_a_cell_may_close_what_it_writes_to(runner: Runner) -> None:
    closing = "import os\nos.close(1)\nos.close(2)\nprint('satu')"
    idle = "import time\nawal = time.process_time()\ntime.sleep(1)\nprint(time.process_time() - awal < 0.3)"
    assert [text(ran) for ran in run(runner, closing, idle)] == ["satu\n", "True\n"]


def test_what_is_written_by_all_roads_keeps_its_order(runner: Runner) -> None:
    cell = (
        "import os\nfor i in range(200):\n    print(i)\n    os.write(1, b'-')\n    if i % 50 == 0:\n        display(i)"
    )
    streams = "".join(m["content"]["text"] for m in run(runner, cell)[0].messages if m["msg_type"] == "stream")
    assert streams == "".join(f"{number}\n-" for number in range(200))


def test_a_cell_is_the_number_it_is_given(runner: Runner) -> None:
    died, _, told = run(runner, "import os\nos._exit(1)", "1 / 0", "In[2], len(In), _i2")
    assert died.ended == DIED
    assert text(told) == "('1 / 0', 4, '1 / 0')"


def test_children_share_no_randomness(runner: Runner) -> None:
    cell = "import random, numpy, uuid\n(random.random(), numpy.random.rand(), uuid.uuid4())"
    first, second = (text(run(runner, cell)[0]) for _ in range(2))
    assert not set(first.split(",")) & set(second.split(","))


def test_figures_come_however_pyplot_was_imported(runner: Runner) -> None:
    """An inline backend that is imported before the shell is there shows nothing, silently."""
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    for cells in ([plot], ["%matplotlib inline", plot], ["import pandas as pd\npd.Series([1, 2]).plot();"]):
        assert [kind for m in run(runner, *cells)[-1].messages for kind in m["content"]["data"]] == [
            "text/plain",
            "image/png",
        ]


def test_first_cells_import_nothing_new(runner: Runner) -> None:
    """What a child imports, each child imports again."""
    cells = [
        "import sys\nbefore = set(sys.modules)",
        "import pandas as pd\npd.DataFrame({'a': [1]})",
        "print(pd.Series([1]).describe())\n1 / 0",
        "def f(:",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "input()",
        "!true",
        "import ipywidgets\nipywidgets.IntSlider()",
        "sorted(name for name in set(sys.modules) - before if not name.startswith('matplotlib_inline'))",
    ]
    assert text(run(runner, *cells)[-1]) == "[]"


def test_the_zygote_has_one_thread_and_no_backend_of_a_shell(tmp_path: Path) -> None:
    script = f"""
import importlib, os, sys
from melayani.grading.runner.shell import start_shell
for name in {PRELOADED!r}:
    importlib.import_module(name)
start_shell(print)
sys.exit(len(os.listdir("/proc/self/task")) != 1 or "matplotlib_inline" in sys.modules or bool(os.listdir(".")))
"""
    home = {"HOME": str(tmp_path), "OPENBLAS_NUM_THREADS": "1", "MPLCONFIGDIR": tempfile.gettempdir()}
    environment = {**os.environ, **home}
    environment.pop("IPYTHONDIR", None)
    assert subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_whole_messages(runner: Runner) -> None:
    cell = "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.3)\nwhile True:\n    print('x' * 1000)"
    handler = "import signal, os\nsignal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT));"
    for _ in range(3):
        interrupted, after = run(runner, handler, cell, "'masih hidup'")[1:]
        assert (interrupted.ended, text(after)) == (ERROR, "'masih hidup'")
