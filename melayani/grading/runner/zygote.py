"""The zygote: one warm Python, with one thread, that forks the judge and the children of each notebook.

It never reads a job, so what it forks knows nothing but its own; a child is made when its judge asks for it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from melayani.grading.runner import hugepages, sandbox
from melayani.grading.runner.job import PANDAS_NOTEBOOK, Limits

#: So many notebooks with pandas make it worth while to prepare for its errors, which takes as long as a few of them.
SEVERAL = 5
# What a judge asks for. NEW comes with the limits and is answered with the wire to the new child.
NEW, INTERRUPT, KILL = b"n", b"i", b"k"
_WATCHED = ("cpu_seconds", "memory", "processes", "open_files", "file_size", "disk", "cell_output")
_LIMITS = struct.Struct("!7q")


def limits_to_bytes(limits: Limits) -> bytes:
    """Return the part of `limits` that a child has to know."""
    return _LIMITS.pack(*(int(getattr(limits, name)) for name in _WATCHED))


def _limits_from_bytes(data: bytes) -> Limits:
    return Limits(**dict(zip(_WATCHED, _LIMITS.unpack(data), strict=True)))


class _Notebook:
    """A judge, the child it has, and the sockets to both ends: `job` is the grader's, `control` the judge's."""

    def __init__(self, job: socket.socket, shell: Any, sandboxed: bool) -> None:
        self.job, self._shell, self._sandboxed = job, shell, sandboxed
        self._child: int | None = None
        self._folder: str | None = None
        self.control, its = socket.socketpair()
        self._judge = os.fork()
        if self._judge == 0:
            self._become_judge(its)
        its.close()

    def serve(self) -> bool:
        """Do what the judge asks for; return whether it lives on."""
        request = self.control.recv(1)
        if request == NEW:
            self._end_child()
            self._new_child(_limits_from_bytes(self.control.recv(_LIMITS.size, socket.MSG_WAITALL)))
        elif request == INTERRUPT and self._child:
            _signal(self._child, signal.SIGINT)
        elif request == KILL:
            self._end_child()
            self.control.send(KILL)
        return bool(request)

    def end(self) -> None:
        """End the judge, the child and all that it started."""
        self._end_child()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._judge, signal.SIGKILL)
        os.waitpid(self._judge, 0)
        self.control.close()
        self.job.close()

    def _become_judge(self, control: socket.socket) -> NoReturn:
        try:
            _close_all_but(self.job.fileno(), control.fileno())
            os.setsid()
            sandbox.die_with_parent()
            if self._sandboxed:
                sandbox.drop_capabilities()
            from melayani.grading.runner.judge import judge

            judge(self.job, control, self._shell, self._sandboxed)
        finally:
            os._exit(0)

    def _new_child(self, limits: Limits) -> None:
        ours, its = socket.socketpair()
        self._folder = None if self._sandboxed else tempfile.mkdtemp(prefix="melayani-")
        self._child = sandbox.fork_apart() if self._sandboxed else os.fork()
        if self._child == 0:
            self._become_child(its, limits)
        its.close()
        socket.send_fds(self.control, [NEW], [ours.fileno()])
        ours.close()

    def _become_child(self, wire: socket.socket, limits: Limits) -> NoReturn:
        try:
            _close_all_but(wire.fileno())
            os.setsid()
            sandbox.die_with_parent()
            if self._sandboxed:
                sandbox.settle(limits)
            from melayani.grading.runner.child import live

            live(wire, self._shell, limits, self._folder or sandbox.WORK)
        finally:
            os._exit(1)

    def _end_child(self) -> None:
        """Kill the child with all that it started."""
        if self._child is None:
            return
        _signal(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._child = self._folder = None


def _signal(process: int, number: int) -> None:
    """Send a signal to a child and its process group; in a namespace of its own, its end is everyone's."""
    for send in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(process, number)
            return


def _close_all_but(*kept: int) -> None:
    """Close all descriptors but the standard ones and those."""
    last = 2
    for descriptor in (*sorted(kept), os.sysconf("SC_OPEN_MAX")):
        os.closerange(last + 1, descriptor)
        last = descriptor


def main(descriptor: int, sandboxed: bool) -> None:
    """Serve the grader on the socket `descriptor` until its end: each byte brings the socket of a notebook."""
    shell = _warm_up(sandboxed)
    requests = socket.socket(fileno=descriptor)
    with contextlib.suppress(BrokenPipeError):  # the grader has ended meanwhile, as `_request` will see
        requests.send(b"r")  # ready
    with_pandas = 0
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    notebooks: dict[int, _Notebook] = {}
    while True:
        for ready, _ in poll.poll():
            if ready == descriptor:
                kind, descriptors = _request(requests)
                if not descriptors:
                    for notebook in set(notebooks.values()):
                        notebook.end()
                    return
                if kind == PANDAS_NOTEBOOK:
                    with_pandas += 1
                    if with_pandas == SEVERAL:
                        _prepare_for_pandas(shell)
                notebook = _Notebook(socket.socket(fileno=descriptors[0]), shell, sandboxed)
                notebooks[notebook.control.fileno()] = notebooks[notebook.job.fileno()] = notebook
                poll.register(notebook.control, select.POLLIN)
                poll.register(notebook.job, 0)  # only its end: the grader hung up
            elif (notebook := notebooks.get(ready)) is not None:  # type: ignore[assignment]
                if ready == notebook.control.fileno() and notebook.serve():
                    continue
                for end in (notebook.control, notebook.job):
                    poll.unregister(end)
                    del notebooks[end.fileno()]
                notebook.end()


def _request(requests: socket.socket) -> tuple[bytes, list[int]]:
    """Return the kind of the next notebook and its socket, which is absent when the grader has hung up."""
    try:
        kind, descriptors, _, _ = socket.recv_fds(requests, 1, 1)
    except ConnectionResetError:  # it did so before it saw that we were ready
        return b"", []
    return kind, descriptors


def _warm_up(sandboxed: bool) -> Any:
    """Import what notebooks import, make the one shell, and return it."""
    if sandboxed:
        Path(sandbox.HOME).mkdir()
        Path("/tmp/matplotlib").mkdir()
        for found in Path(sandbox.FONTS).glob("*.json"):
            shutil.copy(found, "/tmp/matplotlib")
    # After that, because they import matplotlib.
    from melayani.grading.runner import child, judge, plain_pandas, shell

    assert child and judge and plain_pandas  # in memory before they are forked
    for module in shell.PRELOADED:
        importlib.import_module(module)
    started = shell.start_shell(lambda _message: None)
    shell.warm(started)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's, who then hangs up
    _share()
    return started


def _prepare_for_pandas(started: Any) -> None:
    from melayani.grading.runner import shell

    shell.warm_for_pandas(started)
    _share()


def _share() -> None:
    """Leave what was made so far to all that are forked from now on."""
    threads = Path("/proc/self/task")  # Linux only
    if threads.is_dir() and len(list(threads.iterdir())) > 1:
        raise RuntimeError("the zygote must have one thread")
    gc.collect()
    gc.freeze()
    hugepages.collapse()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "1")
