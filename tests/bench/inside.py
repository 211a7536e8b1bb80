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
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import start_new_kernel
from nbformat import NotebookNode

from bench.notebooks import ASSIGNMENTS, ITEMS, PREPARED, Assignment, answered
from melayani.grading.execute import Execute, files_beside
from melayani.grading.runner import Runner
from melayani.grading.runner.job import Cell, Job
from melayani.grading.runner.zygote import SEVERAL

PARTS = ("fork", "imports", "cells")
WAITING_SECONDS = 6.0  # how long the notebooks wait whose memory is measured
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
    notebook = _source(assignment, folder)
    imports = "\n".join(line for line in _code(notebook)[0].splitlines() if line.startswith("import")) or "pass"
    execute = Execute(sandbox=sandboxed)
    where = {"metadata": {"path": str(folder)}}
    whole = [execute.job_of(answered(notebook, assignment, student), where) for student in range(count)]
    before = {"wall": 0.0, "cpu": 0.0}
    found = {}
    with Runner(sandboxed) as runner:
        for job in whole[:SEVERAL]:
            runner.run(job)  # until the zygote has prepared for what they use
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
    notebook = _source(assignment, folder)
    rounds = []
    for student in [*range(_WARM), *range(count)]:
        cells = _code(answered(notebook, assignment, student))
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
    """Return the PSS in MiB of all processes while `count` notebooks, each with data and a plot, wait in a cell.

    "all" is their sum, "each" the mean of those processes, one a notebook, that run trainees' code.
    """
    os.chdir(folder)
    cells = [PREPARED, *(item.right for item in ITEMS), f"import time\ntime.sleep({WAITING_SECONDS})"]
    with _kernels(cells, count) if stock else _children(cells, folder, count):
        return _highest(count)


@contextlib.contextmanager
def _kernels(cells: list[str], count: int) -> Iterator[None]:
    kernels = [start_new_kernel(extra_arguments=["--log-level=ERROR"]) for _ in range(count)]
    for _, client in kernels:
        for cell in cells:
            client.execute(cell)
    yield
    for manager, client in kernels:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@contextlib.contextmanager
def _children(cells: list[str], folder: Path, count: int) -> Iterator[None]:
    job = Job(tuple(Cell(cell) for cell in cells), files_beside(folder))
    with Runner() as runner:
        runner.run(_job("pass"))
        threads = [threading.Thread(target=runner.run, args=(job,)) for _ in range(count)]
        for thread in threads:
            thread.start()
        yield
        for thread in threads:
            thread.join()


def _highest(count: int) -> dict[str, float]:
    """Watch this process's descendants while the notebooks wait; return what they had when they had most."""
    highest, end = [0], time.monotonic() + WAITING_SECONDS
    while time.monotonic() < end:
        now = sorted(_pss(process.pid) for process in psutil.Process().children(recursive=True))
        highest = max(highest, now, key=sum)
        time.sleep(0.5)
    return {"all": sum(highest) / _MIB, "each": statistics.fmean(highest[-count:]) / _MIB}


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


def _source(assignment: Assignment, folder: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(folder / f"{assignment.name}.ipynb", as_version=4)
    return notebook


def _code(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _job(source: str) -> Job:
    return Job((Cell(source),))


if __name__ == "__main__":
    main()
