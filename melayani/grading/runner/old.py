"""Runs the code cells of a notebook in a forked child of one warm Python: no kernel to start, no ports, no polling.

A `Runner` keeps one process, the zygote, that has imported what notebooks import. For each job it forks a child, in
which IPython's own shell runs the cells and gives the outputs that a kernel gives, but short tracebacks and no plots.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NoReturn, Self

PRELOADED = ("IPython.core.completerlib", "melayani.grading.calls", "melayani.grading.stderr", "numpy", "pandas")
_LENGTH = struct.Struct("!Q")


@dataclass(frozen=True)
class Run:
    """What became of a job: the outputs (nbformat's) of each cell that ended, and why the rest did not, if so."""

    outputs: list[list[dict[str, Any]]]
    stopped: str | None = None


class Runner:
    """One zygote; jobs run one after the other. A context manager: the zygote ends with it."""

    def __init__(self) -> None:
        """Start the zygote."""
        # One thread only, or a fork could inherit a lock that nobody will release.
        fixed = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "melayani.grading.runner.old"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **fixed, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        )

    def __enter__(self) -> Self:
        """Return the runner itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End the zygote."""
        self.close()

    def close(self) -> None:
        """End the zygote."""
        for pipe in (self._zygote.stdin, self._zygote.stdout):
            if pipe:
                pipe.close()
        self._zygote.wait()

    def run(self, cells: Sequence[str], folder: Path, timeout: float = 10) -> Run:
        """Run `cells` in order, as autograde does: in `folder`, going on after errors, `timeout` seconds for all.

        Raises RuntimeError when the zygote itself has ended.
        """
        assert self._zygote.stdin and self._zygote.stdout
        try:
            _send(self._zygote.stdin, {"cells": list(cells), "folder": str(folder), "timeout": timeout})
            answer = _receive(self._zygote.stdout)
        except BrokenPipeError:
            answer = None
        if answer is None:
            raise RuntimeError("the runner's zygote has ended")
        return Run(**answer)


def _send(pipe: IO[bytes], message: object) -> None:
    data = json.dumps(message).encode()
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    """Return the next message in `pipe`, or None at its end."""
    head = pipe.read(_LENGTH.size)
    return json.loads(pipe.read(*_LENGTH.unpack(head))) if len(head) == _LENGTH.size else None


def _zygote() -> None:
    """Serve jobs from stdin until it is closed."""
    for module in PRELOADED:
        importlib.import_module(module)
    # The pipes are ours alone: nothing that a cell prints, and no child, may reach them.
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    threads = Path("/proc/self/task")  # Linux only
    if threads.is_dir() and len(list(threads.iterdir())) > 1:
        raise RuntimeError("the zygote must have one thread")
    gc.freeze()
    while (job := _receive(jobs)) is not None:
        _send(answers, _fork(job, [jobs.fileno(), answers.fileno()]))


def _fork(job: dict[str, Any], private: list[int]) -> dict[str, Any]:
    """Run `job` in a child and return the fields of its Run."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        for descriptor in (read, *private):
            os.close(descriptor)
        _child(job, write)
    os.close(write)
    data, late = _read_until(read, time.monotonic() + job["timeout"])
    os.close(read)
    try:
        os.killpg(child, signal.SIGKILL)  # also what the cells left running
    except (ProcessLookupError, PermissionError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    outputs = [json.loads(line) for line in data.split(b"\n")[:-1]]
    stopped = None
    if len(outputs) < len(job["cells"]):
        stopped = f"more than {job['timeout']} seconds" if late else "the process ended"
    return {"outputs": outputs, "stopped": stopped}


def _read_until(descriptor: int, deadline: float) -> tuple[bytes, bool]:
    """Return what comes before the end of the pipe or the deadline, and whether it was the deadline."""
    data = bytearray()
    while (left := deadline - time.monotonic()) > 0 and select.select([descriptor], [], [], left)[0]:
        part = os.read(descriptor, 1 << 16)
        if not part:
            return bytes(data), False
        data += part
    return bytes(data), True


def _child(job: dict[str, Any], write: int) -> NoReturn:
    """Run the cells and write a line of JSON for each: its outputs."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        os.chdir(job["folder"])
        sys.path[0], sys.argv = "", ["ipykernel_launcher"]
        from melayani.grading.runner.shell import start_shell

        messages: list[dict[str, Any]] = []
        shell = start_shell(messages.append)
        shell.reborn()
        with os.fdopen(write, "wb") as pipe:
            for cell in job["cells"]:
                shell.run(cell)
                if shell.exit_asked:
                    break
                outputs = [{"output_type": message["msg_type"], **message["content"]} for message in messages]
                for output in outputs:
                    output.pop("transient", None)
                messages.clear()
                pipe.write(json.dumps(outputs).encode() + b"\n")
                pipe.flush()
    finally:
        os._exit(0)


if __name__ == "__main__":
    _zygote()
