"""The zygote: one warm Python, with one thread, that forks a supervisor for each notebook and knows no secrets."""

from __future__ import annotations

import gc
import importlib
import os
import select
import shutil
import signal
import socket
import sys
from pathlib import Path

from melayani.grading.runner import sandbox


def main(descriptor: int, sandboxed: bool, preload: list[str]) -> None:
    """Fork a supervisor for every byte on the socket `descriptor`, which brings a notebook's socket, until its end."""
    if sandboxed:
        fonts = Path(sandbox.FONTS)
        Path(sandbox.HOME).mkdir()
        Path("/tmp/matplotlib").mkdir()
        for found in fonts.glob("*.json") if fonts.is_dir() else []:
            shutil.copy(found, "/tmp/matplotlib")
    from melayani.grading.runner import shell as shells

    for module in (*shells.PRELOADED, *preload):
        importlib.import_module(module)
    shell = shells.start_shell(lambda _message: None)
    # Here and not above: sandbox must come first, and what children need must be there before they are forked.
    from melayani.grading.runner import child, judge
    from melayani.grading.runner.supervisor import supervise

    assert child and judge
    _become_quiet()
    threads = Path("/proc/self/task")  # Linux only
    if threads.is_dir() and len(list(threads.iterdir())) > 1:
        raise RuntimeError("the zygote must have one thread")
    gc.collect()
    gc.freeze()
    requests = socket.socket(fileno=descriptor)
    requests.send(b"r")  # ready
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while True:
        poll.poll(1000)
        _reap()
        data, descriptors, _, _ = socket.recv_fds(requests, 1, 1, socket.MSG_DONTWAIT) if poll.poll(0) else (None,) * 4
        if data is None:
            continue
        if not data:
            return
        job = socket.socket(fileno=descriptors[0])
        if os.fork() == 0:
            requests.close()
            supervise(job, shell, sandboxed)
        job.close()


def _become_quiet() -> None:
    """Point the standard streams away: nothing that a cell prints goes to the grader's terminal."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's; it closes the socket


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "1", sys.argv[3:])
