"""What the bench has found, as tables for people (docs/bench.md) and one picture."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from operator import sub, truediv
from pathlib import Path
from statistics import median

import matplotlib
import psutil

from bench.inside import PARTS
from bench.meter import CORES, Sample
from bench.notebooks import ASSIGNMENTS, MODULE_02, PANDAS, ROOT
from bench.runs import CLUSTER, OURS, PLAIN, STOCK, Findings

NAMES = {
    STOCK: "stock `nbgrader autograde`",
    PLAIN: "`nbgrader autograde`, our configuration",
    OURS: "`melayani nilai`",
    CLUSTER: "`melayani nilai`, Dask with 2 workers",
}
DOCUMENT, PICTURE = "docs/bench.md", "docs/gambar/bench.png"
GROWTH = 1.1  # what the second half of a long run may be of the first: time a submission, memory


@dataclass(frozen=True)
class Promise:
    """A number of the project's: what is measured must be at least (or at most) `limit`; `aim` is hoped for."""

    title: str
    value: float
    limit: float
    at_least: bool
    aim: float | None = None
    unit: str = "×"

    @property
    def kept(self) -> bool:
        """Return whether the number is what it must be."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def row(self) -> list[str]:
        """Return the cells of its line in the table."""
        sign = "≥" if self.at_least else "≤"
        aim = "" if self.aim is None else f"{sign} {_short(self.aim)}"
        return [self.title, f"{_short(self.value)} {self.unit}", f"{sign} {_short(self.limit)}", aim, _yes(self.kept)]


def promises(found: Findings) -> list[Promise]:
    """Return the numbers that the project promises, with what was measured."""
    kept = []
    for assignment, limits in ((PANDAS, (8, 16, 1 / 5, 1 / 8, 4)), (MODULE_02, (5, 10, 2 / 5, 1 / 5, 2.5))):
        fast, faster, cpu, less_cpu, plain = limits
        stock, ours = found.grading[assignment.name, STOCK], found.grading[assignment.name, OURS]
        kept += [
            Promise(f"{assignment.title}: `melayani nilai`, times faster", stock.wall / ours.wall, fast, True, faster),
            Promise(
                f"{assignment.title}: `melayani nilai`, CPU of stock's", ours.cpu / stock.cpu, cpu, False, less_cpu
            ),
            Promise(
                f"{assignment.title}: plain `nbgrader autograde`, times faster",
                stock.wall / found.grading[assignment.name, PLAIN].wall,
                plain,
                True,
            ),
        ]
    more, each = (found.memory[OURS][kind] / found.memory[STOCK][kind] for kind in ("more", "each"))
    feedback = found.feedback[OURS].wall / found.feedback[STOCK].wall
    kept += [
        Promise("memory (PSS) of one notebook more at once, of stock's", more, 1 / 2, False),
        Promise("memory (PSS) of the process that runs a notebook, of a kernel's", each, 1 / 2, False),
        Promise(f"feedback for {found.sizes.few}, start excluded, of stock's", feedback, 2 / 3, False),
    ]
    return kept + growth(found.long)


def growth(samples: Sequence[Sample]) -> list[Promise]:
    """Return what the second half of a long run must be of the first."""
    if len(samples) < 4:
        raise ValueError("too few samples of the long run")
    half = len(samples) // 2
    first, middle, last = samples[1], samples[half], samples[-1]

    def pace(start: Sample, end: Sample) -> float:
        return (end.seconds - start.seconds) / (end.done - start.done)

    def halves(kind: str) -> tuple[float, float]:
        """The medians: a notebook's own processes are there in one sample and not in the next."""
        later, earlier = (
            median(getattr(sample, kind) for sample in part) for part in (samples[half:], samples[1:half])
        )
        return later, max(earlier, 1)

    title = f"{last.done} submissions, second half of first"
    return [
        Promise(f"{title}: seconds a submission", pace(middle, last) / pace(first, middle), GROWTH, False),
        Promise(f"{title}: memory of the command", truediv(*halves("main")), GROWTH, False),
        Promise(f"{title}: memory of the processes that stay", truediv(*halves("resident")), GROWTH, False),
        Promise(f"{title}: more processes", sub(*halves("processes")), 4, False, unit=""),
        Promise(f"{title}: more open files", sub(*halves("descriptors")), 12, False, unit=""),
    ]


def document(found: Findings, command: str) -> str:
    """Return the text of docs/bench.md."""
    sizes = found.sizes
    lines = [
        "# Grading beside stock nbgrader",
        "",
        f"Made by `{command}` on {datetime.now(UTC):%d %B %Y} in {found.seconds / 60:.1f} minutes. Do not edit.",
        "",
        f"Machine: {machine()}",
        "",
        f"Seconds a submission are the slope between classes of {sizes.few} and {sizes.many}; the start of the command "
        f"(the intercept) stands apart. Every command ran on {CORES} cores, ours in its sandbox, and all gave the same "
        f"grades: {found.grades} were compared. CPU is user and system time of the command and all its descendants, "
        f"orphans included. {found.others:.0%} of what the machine worked meanwhile was not the measured command's. "
        f"Processes left behind: {found.left_behind}.",
        "",
        f"![Seconds a submission, and a run of {sizes.long}](gambar/{Path(PICTURE).name})",
        "",
        "## Promised and measured",
        "",
        *_table(["", "measured", "must be", "aim", "kept"], [promise.row() for promise in promises(found)]),
        "",
        "## Grading",
        "",
        *_table(
            ["notebook", "command", "s a submission", "CPU-s a submission", "start, s", "start, CPU-s"],
            [
                [
                    assignment.title,
                    name,
                    f"{cost.wall:.3f}",
                    "" if who == CLUSTER else f"{cost.cpu:.3f}",
                    f"{cost.start_wall:.1f}",
                    "" if who == CLUSTER else f"{cost.start_cpu:.1f}",
                ]
                for assignment in ASSIGNMENTS
                for who, name in NAMES.items()
                if (cost := found.grading.get((assignment.name, who)))
            ],
        ),
        "",
        "## Where ours spends its CPU, ms a submission",
        "",
        "The runner's parts are what each adds to the one before it: a job with one empty cell, the imports, all "
        "cells. Books are the rest of `melayani nilai`: intake, nbgrader's preprocessors, gradebook, files. "
        "The floor is the cells alone, in one warm Python.",
        "",
        *_table(
            ["notebook", *PARTS, "books", "all", "floor", "sandbox, CPU", "sandbox, clock"],
            [_breakdown(found, assignment.name, assignment.title) for assignment in ASSIGNMENTS],
        ),
        "",
        "## Feedback and memory",
        "",
        "Memory is the proportional set size (PSS) of all processes while notebooks, each with data and a plot, wait "
        f"in a cell: one notebook more is the slope between {sizes.at_once[0]} and {sizes.at_once[1]} at once, the "
        "start what stays with none (ours: the zygote).",
        "",
        *_table(
            ["", "s a feedback page", "CPU-s", "start, s", "one notebook more, MiB", "its process, MiB", "start, MiB"],
            [
                [
                    name,
                    f"{found.feedback[who].wall:.3f}",
                    f"{found.feedback[who].cpu:.3f}",
                    f"{found.feedback[who].start_wall:.1f}",
                    *(f"{found.memory[who][kind]:.0f}" for kind in ("more", "each", "start")),
                ]
                for who, name in ((STOCK, "stock"), (OURS, "ours"))
            ],
        ),
        "",
        f"## {sizes.long} submissions ({MODULE_02.title})",
        "",
        *_table(
            ["graded", "s", "command, MiB", "processes that stay, MiB", "processes", "open files"],
            [
                [
                    str(sample.done),
                    f"{sample.seconds:.1f}",
                    f"{sample.main / 2**20:.0f}",
                    f"{sample.resident / 2**20:.0f}",
                    str(sample.processes),
                    str(sample.descriptors),
                ]
                for sample in found.long
            ],
        ),
        "",
    ]
    return "\n".join(lines)


def draw(found: Findings, path: Path) -> None:
    """Write the picture: seconds a submission of all contestants, and the long run."""
    matplotlib.use("agg")
    from matplotlib import pyplot

    pyplot.style.use(ROOT / "course" / "gaya.mplstyle")
    figure, (bars, run) = pyplot.subplots(1, 2, figsize=(10, 4), width_ratios=(3, 2))
    labels = {STOCK: "stock", PLAIN: "nbgrader, our configuration", OURS: "melayani nilai"}
    rows = [(assignment, kind) for assignment in reversed(ASSIGNMENTS) for kind in ("cpu", "wall")]
    for place, (who, label) in enumerate(labels.items()):
        values = [getattr(found.grading[assignment.name, who], kind) for assignment, kind in rows]
        shown = bars.barh([row + 0.26 * (1 - place) for row in range(len(rows))], values, height=0.24, label=label)
        bars.bar_label(shown, [f"{value:.2f}" for value in values], padding=3, fontsize=9)
    names = {"cpu": "CPU", "wall": "clock"}
    bars.set_yticks(range(len(rows)), [f"{assignment.title.split(',')[0]}\n{names[kind]}" for assignment, kind in rows])
    bars.set_xlabel("seconds a submission")
    bars.set_title("Grading one submission")
    bars.margins(x=0.12)
    figure.legend(loc="outside lower left", ncols=len(labels))
    run.plot([sample.done for sample in found.long], [sample.seconds for sample in found.long], marker="o")
    run.set_xlim(left=0)
    run.set_ylim(bottom=0)
    run.set_xlabel("submissions graded")
    run.set_ylabel("seconds since the start")
    run.set_title(f"One run of {found.sizes.long}, {MODULE_02.title}")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    pyplot.close(figure)


def machine() -> str:
    """Return what this machine is, and which versions were measured."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    packages = ", ".join(f"{name} {version(name)}" for name in ("nbgrader", "nbconvert", "ipykernel", "pandas"))
    return (
        f"{cpu}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB; Linux {platform.release()}; "
        f"Python {platform.python_version()}; {packages}; commit {commit.stdout.strip()}."
    )


def _breakdown(found: Findings, name: str, title: str) -> list[str]:
    inside, bare = found.parts[name, True], found.parts[name, False]
    total = found.grading[name, OURS].cpu
    runner = {kind: sum(part[kind] for part in inside.values()) for kind in ("cpu", "wall")}
    sandbox = {kind: runner[kind] - sum(part[kind] for part in bare.values()) for kind in runner}
    values = [
        *(inside[part]["cpu"] for part in PARTS),
        total - runner["cpu"],
        total,
        found.floor[name],
        sandbox["cpu"],
        sandbox["wall"],
    ]
    return [title, *(f"{1000 * value:.0f}" for value in values)]


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Return a Markdown table that is also one for the eye."""
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return [line(heads), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(line, rows)]


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def _short(value: float) -> str:
    return f"{value:.3g}"


def _yes(kept: bool) -> str:
    return "yes" if kept else "**no**"
