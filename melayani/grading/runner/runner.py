"""The grader's end: keeps a zygote, and gives each job to a judge of its own."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from melayani.grading.runner import sandbox
from melayani.grading.runner.frames import LateError, Wire, WireError
from melayani.grading.runner.job import Job, Limits, Result

STARTING = 120.0  # seconds that a zygote may take on a busy machine


class RunnerError(RuntimeError):
    """The runner itself failed: no zygote could be started, or a job had no result twice."""


class NoSandboxError(RunnerError):
    """This machine can't confine trainees' code; the message says in Bahasa why and what helps."""


class Runner:
    """Runs jobs, as many at a time as threads call it. A context manager: all its processes end with it."""

    def __init__(self, sandboxed: bool = True) -> None:
        """Prepare; the zygote starts with the first job.

        Raises NoSandboxError where trainees' code can't be confined and `sandboxed` asks for it.
        """
        if sandboxed and (reason := sandbox.available()):
            raise NoSandboxError(reason)
        self.sandboxed = sandboxed
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None

    def __enter__(self) -> Self:
        """Return the runner itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End all processes."""
        self.close()

    def close(self) -> None:
        """End the zygote, and with it all that it forked."""
        with self._lock:
            self._stop()

    def run(self, job: Job) -> Result:
        """Run one job and return its result. Raises RunnerError when there is none, even after another try."""
        data = job.to_bytes()
        with_pandas = any("pandas" in cell.source for cell in job.cells)
        deadline = time.monotonic() + _longest(job)
        for _ in range(2):
            with contextlib.suppress(WireError, LateError, OSError), self._judge(with_pandas) as end:
                wire = Wire(end)
                wire.send_bytes(data, deadline)
                return Result.from_bytes(wire.receive_bytes(deadline))
        raise RunnerError("a job ended without a result twice")

    @contextlib.contextmanager
    def _judge(self, with_pandas: bool) -> Iterator[socket.socket]:
        """Give the socket of a new judge; closing it ends everything of that job.

        A zygote that has to be started for it prepares for notebooks of its kind.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._lock:
                if self._zygote is None or self._zygote.poll() is not None:
                    self._start(with_pandas)
                assert self._requests
                try:
                    socket.send_fds(self._requests, [b"n"], [theirs.fileno()])
                except OSError:
                    self._stop()
                    raise
            yield ours

    def _start(self, with_pandas: bool) -> None:
        self._stop()
        ours, theirs = socket.socketpair()
        module = "melayani.grading.runner.zygote"
        words = [str(int(word)) for word in (theirs.fileno(), self.sandboxed, with_pandas)]
        program = [sys.executable, "-P", "-m", module, *words]
        environment = sandbox.clean_environment()
        if self.sandboxed:
            program = sandbox.command(program, environment)
        with theirs:
            self._zygote = subprocess.Popen(
                program, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment, start_new_session=True
            )
        self._requests = ours
        ours.settimeout(STARTING)
        try:
            ready = ours.recv(1)
        except TimeoutError:
            ready = b""
        ours.settimeout(None)
        if not ready:
            self._stop()
            raise RunnerError("the runner's zygote did not start")

    def _stop(self) -> None:
        if self._requests:
            self._requests.close()
        if self._zygote:
            try:
                self._zygote.wait(2)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
        self._zygote = self._requests = None


def _longest(job: Job) -> float:
    """Return the seconds after which a job can't have a result any more: every cell late, and run again after each."""
    limits: Limits = job.limits
    return 60 + len(job.cells) * 3 * (limits.cell_seconds + 2 * limits.grace_seconds)


def resident(sandboxed: bool) -> Runner:
    """Return the one runner of this process; it ends with the process. Raises NoSandboxError."""
    return _resident(sandboxed, os.getpid())


@functools.cache
def _resident(sandboxed: bool, _process: int) -> Runner:
    return Runner(sandboxed)  # one for each process: a forked one must not talk to its parent's zygote


def run_job(data: bytes, sandboxed: bool = True) -> bytes:
    """Run a job given as bytes by this process's own runner and return the result as bytes: for any executor."""
    return resident(sandboxed).run(Job.from_bytes(data)).to_bytes()
