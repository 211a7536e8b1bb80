"""What one submission costs inside: `python -m bench.inside parts|floor|memory …` prints it as JSON.

A process of its own for each: nothing that an earlier measurement loaded or forked is in the way.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import statistics
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from bench.notebooks import ASSIGNMENTS, ITEMS, PREPARED, Assignment, answered
from melayani.grading.runner import Runner
from melayani.grading.runner.job import ANSWER, TEST, Cell, Job

PARTS = ("fork", "imports", "cells")
WAITING_SECONDS = 8.0  # how long the notebooks wait whose memory is measured
_WARM = 3
_MIB = 1 << 20


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["parts", "floor", "memory"])
    parser.add_argument("assignment", choices=[one.name for one in ASSIGNMENTS])
    parser.add_argument("--count", type=int, default=40, help="jobs, rounds or notebooks at once")
    parser.add_argument("--without-sandbox", action="store_true")
    parser.add_argument("--stock", action="store_true", help="memory: of stock's kernels")
    options = parser.parse_args()
    assignment = next(one for one in ASSIGNMENTS if one.name == options.assignment)
    with tempfile.TemporaryDirectory() as folder:
        assignment.lay_source(Path(folder))
        if options.what == "parts":
            found: object = parts(assignment, Path(folder), options.count, not options.without_sandbox)
        elif options.what == "floor":
            found = floor(assignment, Path(folder), options.count)
        else:
            found = memory(Path(folder), options.count, options.stock)
    print(json.dumps(found))


def parts(assignment: Assignment, folder: Path, count: int, sandboxed: bool) -> dict[str, dict[str, float]]:
    """Return {part: {"wall", "cpu"}} in seconds a submission, by the runner alone, one job after the other.

    Each part is what it adds: a job with one empty cell, with the imports, with all cells.
    """
    notebook, files = _source(assignment, folder)
    imports = "\n".join(line for line in _cells(notebook)[0].source.splitlines() if line.startswith("import"))
    whole = [Job(tuple(_cells(answered(notebook, assignment, student))), files) for student in range(count)]
    before = {"wall": 0.0, "cpu": 0.0}
    found = {}
    with Runner(sandboxed) as runner:
        for part, jobs in zip(PARTS, ([_job("pass")] * count, [_job(imports)] * count, whole), strict=True):
            for job in jobs[:_WARM]:
                runner.run(job)
            cpu, start = _cpu_of_tree(), time.perf_counter()
            for job in jobs:
                runner.run(job)
            now = {"wall": (time.perf_counter() - start) / count, "cpu": (_cpu_of_tree() - cpu) / count}
            found[part] = {kind: now[kind] - before[kind] for kind in now}
            before = now
    return found


def floor(assignment: Assignment, folder: Path, count: int) -> dict[str, float]:
    """Return the seconds that the cells of one submission take in one warm Python, without any notebook around them."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    os.chdir(folder)
    notebook, _ = _source(assignment, folder)
    rounds = []
    for student in [*range(_WARM), *range(count)]:
        cells = [cell.source for cell in _cells(answered(notebook, assignment, student))]
        start = time.process_time()
        namespace: dict[str, object] = {"__name__": "__main__", "In": cells}
        for source in cells:
            # A wrong answer fails in whatever way it does.
            with (
                contextlib.redirect_stdout(io.StringIO()),
                warnings.catch_warnings(action="ignore"),
                contextlib.suppress(Exception),
            ):
                exec(compile(source, "<cell>", "exec"), namespace)
        pyplot.close("all")
        rounds.append(time.process_time() - start)
    return {"cpu": statistics.fmean(rounds[_WARM:])}


def memory(folder: Path, count: int, stock: bool) -> dict[str, float]:
    """Return the PSS in MiB a notebook while `count` of them, each with data and a plot, wait in a cell."""
    os.chdir(folder)
    cells = [PREPARED, *(item.right for item in ITEMS), f"import time\ntime.sleep({WAITING_SECONDS})"]
    return _memory_of_kernels(cells, count) if stock else _memory_of_children(cells, folder, count)


def _memory_of_kernels(cells: list[str], count: int) -> dict[str, float]:
    kernels = [start_new_kernel() for _ in range(count)]
    for _, client in kernels:
        for cell in cells:
            client.execute(cell)
    highest = _highest(set())
    for manager, client in kernels:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return {"each": highest / count}


def _memory_of_children(cells: list[str], folder: Path, count: int) -> dict[str, float]:
    files = {"kunjungan.csv": (folder / "kunjungan.csv").read_bytes()}
    job = Job(tuple(Cell(cell) for cell in cells), files)
    with Runner() as runner:
        runner.run(_job("pass"))
        time.sleep(0.5)
        resident = {process.pid for process in psutil.Process().children(recursive=True)}
        started = sum(_pss(pid) for pid in resident) / _MIB
        run: Callable[[], object] = lambda: runner.run(job)  # noqa: E731
        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        highest = _highest(resident)
        for thread in threads:
            thread.join()
    return {"each": highest / count, "resident": started}


def _highest(without: set[int]) -> float:
    """Watch this process's descendants while the notebooks wait; return the most PSS that they had together, in MiB."""
    highest, end = 0, time.monotonic() + WAITING_SECONDS
    while time.monotonic() < end:
        below = psutil.Process().children(recursive=True)
        highest = max(highest, sum(_pss(process.pid) for process in below if process.pid not in without))
        time.sleep(0.5)
    return highest / _MIB


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _cpu_of_tree() -> float:
    """Return the CPU seconds of this process and all below it, of ended ones too that were waited for."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return float(sum(sum(process.cpu_times()[:4]) for process in processes))


def _source(assignment: Assignment, folder: Path) -> tuple[NotebookNode, dict[str, bytes]]:
    notebook = nbformat.read(folder / f"{assignment.name}.ipynb", as_version=4)
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".ipynb" and path.is_file()}
    return notebook, files


def _cells(notebook: NotebookNode) -> list[Cell]:
    return [
        Cell(cell.source, TEST if is_grade(cell) and not is_solution(cell) else ANSWER, cell.id)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def _job(source: str) -> Job:
    return Job((Cell(source),))


if __name__ == "__main__":
    main()
