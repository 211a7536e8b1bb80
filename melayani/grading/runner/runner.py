"""The grader's end: keeps a zygote, and gives each job to a judge of its own."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import signal
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
from melayani.grading.runner.job import NOTEBOOK, PANDAS_NOTEBOOK, Job, Limits, Result

STARTING = 120.0  # seconds that a zygote may take on a busy machine


class RunnerError(RuntimeError):
    """The runner itself failed: no zygote could be started, or a job had no result twice."""


class NoSandboxError(RunnerError):
    """This machine can't confine trainees' code; the message says in Bahasa why and what helps."""


class Runner:
    """Runs jobs, as many at a time as threads call it. A context manager: all its processes end with it."""

    def __init__(self, sandboxed: bool = True) -> None:
        """Take note; the zygote starts with `prepare` or the first job.

        Raises NoSandboxError where trainees' code can't be confined and `sandboxed` asks for it.
        """
        if sandboxed and (reason := sandbox.available()):
            raise NoSandboxError(reason)
        self.sandboxed = sandboxed
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        self._ready = False

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

    def prepare(self) -> None:
        """Begin to start the zygote, if there is none, and don't wait: it takes longer than all that a job needs."""
        with self._lock:
            self._begin()

    def run(self, job: Job) -> Result:
        """Run one job and return its result. Raises RunnerError when there is none, even after another try."""
        data = job.to_bytes()
        kind = PANDAS_NOTEBOOK if any("pandas" in cell.source for cell in job.cells) else NOTEBOOK
        deadline = time.monotonic() + _longest(job)
        for _ in range(2):
            with contextlib.suppress(WireError, LateError, OSError), self._judge(kind) as end:
                wire = Wire(end)
                wire.send_bytes(data, deadline)
                return Result.from_bytes(wire.receive_bytes(deadline))
        raise RunnerError("a job ended without a result twice")

    @contextlib.contextmanager
    def _judge(self, kind: bytes) -> Iterator[socket.socket]:
        """Give the socket of a new judge for such a notebook; closing it ends everything of that job."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._lock:
                self._begin()
                self._wait()
                assert self._requests
                try:
                    socket.send_fds(self._requests, [kind], [theirs.fileno()])
                except OSError:
                    self._stop()
                    raise
            yield ours

    def _begin(self) -> None:
        if self._zygote and self._zygote.poll() is None:
            return
        self._stop()
        ours, theirs = socket.socketpair()
        module = "melayani.grading.runner.zygote"
        program = [sys.executable, "-P", "-m", module, str(theirs.fileno()), str(int(self.sandboxed))]
        environment = sandbox.clean_environment()
        if self.sandboxed:
            program = sandbox.command(program, environment)
        with theirs:
            self._zygote = subprocess.Popen(
                program, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment, start_new_session=True
            )
        self._requests = ours

    def _wait(self) -> None:
        if self._ready:
            return
        assert self._requests
        self._requests.settimeout(STARTING)
        with contextlib.suppress(TimeoutError):
            self._ready = bool(self._requests.recv(1))
        self._requests.settimeout(None)
        if not self._ready:
            self._stop()
            raise RunnerError("the runner's zygote did not start")

    def _stop(self) -> None:
        if self._requests:
            self._requests.close()
        if self._zygote:
            if not self._ready and self._zygote.poll() is None:
                # It has nobody to end yet, and would see only later that it is not wanted. With bubblewrap it is two
                # processes, of which the second may not yet end with the first.
                os.killpg(self._zygote.pid, signal.SIGKILL)
            try:
                self._zygote.wait(2)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
        self._zygote = self._requests = None
        self._ready = False


def _longest(job: Job) -> float:
    """Return the seconds after which a job can't have a result any more: every cell late, and run again after each."""
    limits: Limits = job.limits
    return 60 + len(job.cells) * 3 * (limits.cell_seconds + 2 * limits.grace_seconds)


def resident(sandboxed: bool) -> Runner:
    """Return the one runner of this process; it ends with the process. Raises NoSandboxError."""
    return _resident(sandboxed, os.getpid())


@functools.cache
def _resident(sandboxed: bool, process: int) -> Runner:
    """One for each process: a forked one must not talk to its parent's zygote, nor end it."""
    runner = Runner(sandboxed)
    atexit.register(lambda: runner.close() if os.getpid() == process else None)
    return runner


def run_job(data: bytes, sandboxed: bool = True) -> bytes:
    """Run a job given as bytes by this process's own runner and return the result as bytes: for any executor."""
    return resident(sandboxed).run(Job.from_bytes(data)).to_bytes()
