"""Measure one command with all its descendants: `measure`, and the process that does it.

The command is the child of a process of its own, a *subreaper*: orphans of the command become its children, so the
kernel's account of that process (`getrusage(RUSAGE_CHILDREN)`) holds the CPU time of every process of the tree, also of
short ones, of daemons and of those in namespaces of their own (their init collects them, and is collected itself).
Samples from /proc would miss what lives between two of them. tests/test_bench.py proves it with an orphan.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

CORES = 2
ORPHANS_END = 10.0  # seconds that what the command leaves behind may still run
_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.25


class MeasuredCommandError(RuntimeError):
    """The command ended with an exit code that it must not have; the message has the end of its output."""


@dataclass(frozen=True)
class Sample:
    """The tree when `done` entries were in the watched folder: seconds since the start, counts, sizes in bytes."""

    done: int
    seconds: float
    main: int  # RSS of the command itself
    resident: int  # RSS of its descendants that are older than the last `every` entries
    descriptors: int  # open in the command and in those
    processes: int


@dataclass(frozen=True)
class Measured:
    """A command's seconds on the clock and on the CPU (user and system, whole tree), and its samples."""

    wall: float
    cpu: float
    machine: float  # CPU seconds that the whole machine worked meanwhile: near `cpu` where nothing else ran
    left_behind: int  # processes that had to be killed after it
    code: int
    samples: list[Sample] = field(default_factory=list)


def measure(
    command: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    *,
    watch: Path | None = None,
    every: int = 100,
    good: Sequence[int] = (0,),
) -> Measured:
    """Run `command` on two cores and return what it took. What it prints goes to `log`.

    With `watch`, a sample is taken whenever `every` more entries are in that folder.
    Raises MeasuredCommandError if its exit code is not in `good`.
    """
    order = {"command": list(command), "log": str(log), "watch": str(watch) if watch else None, "every": every}
    ran = subprocess.run(
        [sys.executable, __file__], input=json.dumps(order), capture_output=True, text=True, cwd=cwd, env=dict(env)
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    fields = json.loads(ran.stdout)
    fields["samples"] = [Sample(**sample) for sample in fields["samples"]]
    measured = Measured(**fields)
    if measured.code not in good:
        end = log.read_text("utf-8", errors="replace")[-2000:]
        raise MeasuredCommandError(f"{' '.join(command)} ended with {measured.code}:\n{end}")
    return measured


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times[:9]) - times.idle - getattr(times, "iowait", 0.0))


class _Watch(threading.Thread):
    """Takes a sample of the tree below `pid` whenever `every` more entries are in `folder`."""

    def __init__(self, pid: int, folder: Path, every: int) -> None:
        super().__init__(daemon=True)
        self.command, self.folder, self.every = psutil.Process(pid), folder, every
        self.samples: list[Sample] = []
        self.start_time, self.ended = time.time(), threading.Event()

    def run(self) -> None:
        """Sample until the command has ended."""
        following, last = self.every, self.start_time
        while not self.ended.wait(_SAMPLE_SECONDS):
            done = sum(1 for _ in self.folder.iterdir()) if self.folder.is_dir() else 0
            if done >= following:
                self.samples.append(self._sample(done, last))
                following, last = done + self.every, time.time()

    def _sample(self, done: int, since: float) -> Sample:
        resident = descriptors = 0
        below = self.command.children(recursive=True)
        for process in below:
            try:
                if process.create_time() < since:
                    resident += process.memory_info().rss
                    descriptors += process.num_fds()
            except psutil.Error:  # it has ended meanwhile
                continue
        return Sample(
            done,
            time.time() - self.start_time,
            self.command.memory_info().rss,
            resident,
            descriptors + self.command.num_fds(),
            len(below),
        )


def _measure(order: dict[str, Any]) -> Measured:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with Path(order["log"]).open("wb") as log:
        busy, start = _busy(), time.perf_counter()
        command = subprocess.Popen(order["command"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        watch = _Watch(command.pid, Path(order["watch"]), order["every"]) if order["watch"] else None
        if watch:
            watch.start()
        status = 0
        while (ended := os.waitpid(-1, 0))[0] != command.pid:  # an orphan of it
            pass
        status = ended[1]
        wall, machine = time.perf_counter() - start, _busy() - busy
    if watch:
        watch.ended.set()
        watch.join()
    left_behind = _collect_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(
        wall,
        used.ru_utime + used.ru_stime,
        machine,
        left_behind,
        os.waitstatus_to_exitcode(status),
        watch.samples if watch else [],
    )


def _collect_orphans() -> int:
    """Wait for what still runs, kill what does not end; return how many were killed."""
    deadline, killed = time.monotonic() + ORPHANS_END, 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return killed
        if not pid:
            if time.monotonic() > deadline:
                for process in psutil.Process().children(recursive=True):
                    process.kill()
                    killed += 1
            time.sleep(0.02)


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(json.load(sys.stdin)))))
