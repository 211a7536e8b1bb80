"""The measured commands: who grades what, in which order; what comes out is plain numbers (`Findings`)."""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.classes import Classes, differences, grades
from bench.meter import Measured, Sample, measure
from bench.notebooks import ASSIGNMENTS, MODULE_02, PANDAS, ROOT, Assignment

STOCK, PLAIN, OURS, CLUSTER = "stock", "plain", "ours", "cluster"
COMMANDS = {
    STOCK: ["nbgrader", "autograde"],
    PLAIN: ["nbgrader", "autograde"],
    OURS: ["melayani", "nilai"],
    CLUSTER: ["melayani", "nilai"],
}
#: One round: the short ones stand on both sides of stock's long one, so that a change of the machine meets all.
ORDER = (OURS, PLAIN, STOCK, OURS)
WORKERS = 2
_WAITING = 1  # the exit code of `melayani nilai` when submissions wait for a person, as the manual item does


class DifferentGradesError(AssertionError):
    """Ours and stock's grades are not the same; the message has the lines."""


@dataclass(frozen=True)
class Sizes:
    """How much is measured: two class sizes for the slope, the long run, the repetitions inside, memory."""

    few: int = 40
    many: int = 120
    long: int = 1000
    every: int = 100
    count: int = 40
    at_once: tuple[int, int] = (2, 6)


QUICK = Sizes(10, 30, 60, 10, 8, (1, 3))


@dataclass(frozen=True)
class Cost:
    """Seconds a submission on the clock and on the CPU (slope), and those of the start (intercept)."""

    wall: float
    cpu: float
    start_wall: float
    start_cpu: float


@dataclass
class Findings:
    """All that one run of the bench has measured."""

    sizes: Sizes
    grading: dict[tuple[str, str], Cost] = field(default_factory=dict)  # (assignment, who)
    feedback: dict[str, Cost] = field(default_factory=dict)
    parts: dict[tuple[str, bool], dict[str, dict[str, float]]] = field(default_factory=dict)  # (assignment, sandboxed)
    floor: dict[str, float] = field(default_factory=dict)  # assignment: CPU seconds
    memory: dict[str, dict[str, float]] = field(default_factory=dict)  # who: MiB of one notebook more, …
    long: list[Sample] = field(default_factory=list)
    left_behind: int = 0
    others: float = 0.0  # share of the machine's work that was not the measured command's
    grades: int = 0  # that were compared
    seconds: float = 0.0


def cost(few: Sequence[Measured], many: Sequence[Measured], first: int, second: int) -> Cost:
    """Return the line through the medians of two sizes, `first` and `second` submissions."""

    def line(kind: Callable[[Measured], float]) -> tuple[float, float]:
        low, high = (statistics.median(map(kind, runs)) for runs in (few, many))
        slope = (high - low) / (second - first)
        return slope, low - slope * first

    wall, start_wall = line(lambda one: one.wall)
    cpu, start_cpu = line(lambda one: one.cpu)
    return Cost(wall, cpu, start_wall, start_cpu)


class Bench:
    """Measures everything once, in `folder`, which must be empty; `say` is told what is going on."""

    def __init__(self, folder: Path, sizes: Sizes, say: Callable[[str], None]) -> None:
        """Measure nothing yet."""
        self.classes = Classes(folder)
        self.sizes, self.say = sizes, say
        self.found = Findings(sizes)
        self._runs: list[Measured] = []
        self.graded: dict[tuple[str, int], dict[str, Path]] = defaultdict(dict)  # (assignment, students): {who: root}

    def everything(self) -> Findings:
        """Return what all commands of the bench took. Raises DifferentGradesError."""
        start = time.monotonic()
        for assignment in ASSIGNMENTS:
            self.warm_up(assignment)
        for assignment in ASSIGNMENTS:
            self.grading(assignment)
        self.cluster(PANDAS)
        self.feedback(PANDAS)
        self.inside()
        self.long(MODULE_02)
        self.found.left_behind = sum(run.left_behind for run in self._runs)
        self.found.others = 1 - sum(run.cpu for run in self._runs) / sum(run.machine for run in self._runs)
        self.found.seconds = time.monotonic() - start
        return self.found

    def warm_up(self, assignment: Assignment) -> None:
        """Grade one submission each, so that caches of fonts and of compiled files are there for all."""
        for who in (STOCK, PLAIN, OURS):
            self.grade(assignment, who, 1, f"warm-{who}")

    def grade(
        self, assignment: Assignment, who: str, students: int, name: str, options: Sequence[str] = (), **watch: Any
    ) -> Measured:
        """Grade a new class and return what that took. Raises DifferentGradesError if stock graded it otherwise."""
        root = self.classes.make(assignment, students, f"{assignment.name}-{students}-{name}", stock=who == STOCK)
        if watch:
            watch["watch"] = root / "kelas" / "autograded"
        command = [*COMMANDS[who], assignment.name, *options]
        good = (0, _WAITING) if who in (OURS, CLUSTER) else (0,)
        measured = measure(command, root, self.classes.env, root / "log.txt", good=good, **watch)
        self.say(
            f"{assignment.name:10} {who:8} {students:5} submissions {measured.wall:8.1f} s {measured.cpu:8.1f} CPU-s"
        )
        self._runs.append(measured)
        graded = self.graded[assignment.name, students]
        graded[who] = root
        self.compare(graded)
        return measured

    def grading(self, assignment: Assignment) -> None:
        """Measure all contestants with both sizes."""
        runs: dict[tuple[str, int], list[Measured]] = defaultdict(list)
        for students in (self.sizes.few, self.sizes.many):
            for place, who in enumerate(ORDER):
                runs[who, students].append(self.grade(assignment, who, students, f"{place}-{who}"))
        few, many = self.sizes.few, self.sizes.many
        for who in (STOCK, PLAIN, OURS):
            self.found.grading[assignment.name, who] = cost(runs[who, few], runs[who, many], few, many)

    def cluster(self, assignment: Assignment) -> None:
        """Measure ours on a Dask cluster of two workers on this machine: on the clock only, it is not a child."""
        few, many = self.sizes.few, self.sizes.many
        with _cluster(self.classes) as address:
            options = ["--dask", address]
            self.grade(assignment, CLUSTER, WORKERS, "warm-cluster", options)
            first, second = ([self.grade(assignment, CLUSTER, size, CLUSTER, options)] for size in (few, many))
        self.found.grading[assignment.name, CLUSTER] = cost(first, second, few, many)

    def feedback(self, assignment: Assignment) -> None:
        """Measure `nbgrader generate_feedback` for one and for all of a graded class."""
        few = self.sizes.few
        roots = self.graded[assignment.name, few]
        runs: dict[tuple[str, int], list[Measured]] = defaultdict(list)
        command = ["nbgrader", "generate_feedback", assignment.name, "--force"]
        for students, options in ((1, ["--student=0000"]), (few, [])):
            for who in (OURS, STOCK):
                root = roots[who]
                ran = measure([*command, *options], root, self.classes.env, root / "feedback.txt")
                self.say(f"{'feedback':10} {who:8} {students:5} submissions {ran.wall:8.1f} s {ran.cpu:8.1f} CPU-s")
                runs[who, students].append(ran)
        for who in (OURS, STOCK):
            self.found.feedback[who] = cost(runs[who, 1], runs[who, few], 1, few)

    def inside(self) -> None:
        """Measure the parts of one submission, their floor, the sandbox, and memory."""
        count = f"--count={self.sizes.count}"
        for assignment in ASSIGNMENTS:
            name = assignment.name
            self.found.parts[name, True] = self._inside("parts", name, count)
            self.found.parts[name, False] = self._inside("parts", name, count, "--without-sandbox")
            self.found.floor[name] = self._inside("floor", name, count)["cpu"]
        for who, options in ((OURS, []), (STOCK, ["--stock"])):
            first, second = self.sizes.at_once
            few, many = (self._inside("memory", PANDAS.name, f"--count={size}", *options) for size in (first, second))
            slope = (many["all"] - few["all"]) / (second - first)
            self.found.memory[who] = {"more": slope, "start": few["all"] - slope * first, "each": many["each"]}

    def long(self, assignment: Assignment) -> None:
        """Grade a long class and keep the samples taken on the way."""
        self.found.long = self.grade(assignment, OURS, self.sizes.long, "long", every=self.sizes.every).samples

    def _inside(self, *arguments: str) -> Any:
        self.say(f"inside: {' '.join(arguments)}")
        env = {**self.classes.env, "PYTHONPATH": str(ROOT / "tests")}
        command = [sys.executable, "-m", "bench.inside", *arguments]
        ran = subprocess.run(command, env=env, capture_output=True, text=True)
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        return json.loads(ran.stdout)

    def compare(self, graded: dict[str, Path]) -> None:
        """Raise DifferentGradesError if the classes, {who graded it: root}, don't have the grades of stock's."""
        if STOCK not in graded:
            return
        stock = grades(graded[STOCK])
        for who in list(graded):
            if who == STOCK:
                continue
            ours = grades(graded[who])
            self.found.grades += len(ours)
            if lines := differences(ours, stock):
                raise DifferentGradesError(f"{who} grades otherwise than stock:\n" + "\n".join(lines))


@contextmanager
def _cluster(classes: Classes) -> Iterator[str]:
    """Start a Dask scheduler and its workers; give the address, end them afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    commands = [
        ["dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
        ["dask", "worker", address, "--nworkers", str(WORKERS), "--nthreads", "1", "--no-dashboard"],
    ]
    started: list[subprocess.Popen[bytes]] = []
    with (classes.folder / "dask.txt").open("wb") as log:
        try:
            for command in commands:
                started.append(subprocess.Popen(command, cwd=classes.folder, env=classes.env, stdout=log, stderr=log))
            yield address
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(20)
