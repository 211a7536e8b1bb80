"""The supervisor of one notebook: forks its judge and its children, and ends them all.

It is forked before anything of the notebook is known, and knows no secrets: what it forks inherits none.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import struct
import tempfile
from dataclasses import dataclass
from typing import Any, NoReturn

from melayani.grading.runner import sandbox
from melayani.grading.runner.job import Limits

# What a judge asks for. NEW comes with the limits and is answered with the wire to the new child.
NEW, INTERRUPT, KILL, HOW = b"n", b"i", b"k", b"h"
LIMITS = struct.Struct("!qqqqqq")


@dataclass
class _Child:
    outer: int  # waits for `inner`; the same where there is no sandbox
    inner: int
    folder: str | None  # to be removed after it


def limits_to_bytes(limits: Limits) -> bytes:
    """Return the part of `limits` that the kernel watches over."""
    names = ("cpu_seconds", "memory", "processes", "open_files", "file_size", "disk")
    return LIMITS.pack(*(int(getattr(limits, name)) for name in names))


def _limits(data: bytes) -> Limits:
    cpu, memory, processes, files, size, disk = LIMITS.unpack(data)
    return Limits(cpu_seconds=cpu, memory=memory, processes=processes, open_files=files, file_size=size, disk=disk)


def supervise(job: socket.socket, shell: Any, sandboxed: bool) -> NoReturn:
    """Serve the notebook on the socket `job` until its judge ends or the grader hangs up."""
    child: _Child | None = None
    try:
        os.setsid()
        sandbox.die_with_parent()
        mine, theirs = socket.socketpair()
        judge = os.fork()
        if judge == 0:
            mine.close()
            _judge(job, theirs, shell, sandboxed)
        theirs.close()
        poll = select.poll()
        poll.register(mine, select.POLLIN)
        poll.register(job, 0)  # only its end
        while True:
            events = dict(poll.poll())
            if job.fileno() in events:
                break
            request = mine.recv(1)
            if request == NEW:
                child = _end(child)
                child = _new(mine, shell, sandboxed, job)
            elif request == INTERRUPT and child:
                _signal(child.inner, signal.SIGINT)
            elif request == KILL:
                child = _end(child)
                mine.send(KILL)
            elif request == HOW:
                status = _status(child)
                child = None
                mine.send(bytes([status & 0xFF]))
            elif not request:
                break
        os.kill(judge, signal.SIGKILL)
    finally:
        _end(child)
        os._exit(0)


def _judge(job: socket.socket, supervisor: socket.socket, shell: Any, sandboxed: bool) -> NoReturn:
    try:
        sandbox.die_with_parent()
        from melayani.grading.runner.judge import judge

        judge(job, supervisor, shell, sandboxed)
    finally:
        os._exit(0)


def _new(judge: socket.socket, shell: Any, sandboxed: bool, job: socket.socket) -> _Child:
    limits = _limits(judge.recv(LIMITS.size, socket.MSG_WAITALL))
    ours, its = socket.socketpair()
    told, tell = os.pipe()
    folder = None if sandboxed else tempfile.mkdtemp(prefix="melayani-")
    outer = os.fork()
    if outer == 0:
        try:
            for end in (judge, job, ours):
                end.close()
            os.close(told)
            _become_child(its, tell, shell, limits, folder)
        finally:
            os._exit(1)
    its.close()
    os.close(tell)
    data = os.read(told, 8)
    os.close(told)
    inner = struct.unpack("!q", data)[0] if len(data) == 8 else outer
    socket.send_fds(judge, [NEW], [ours.fileno()])
    ours.close()
    return _Child(outer, inner, folder)


def _become_child(wire: socket.socket, tell: int, shell: Any, limits: Limits, folder: str | None) -> NoReturn:
    from melayani.grading.runner.child import live

    sandbox.die_with_parent()
    if folder is not None:
        os.setsid()
        os.write(tell, struct.pack("!q", os.getpid()))
        os.close(tell)
        live(wire, shell, limits, folder)
    sandbox.leave()
    inner = os.fork()
    if inner == 0:
        os.close(tell)
        os.setsid()
        sandbox.settle(limits)
        live(wire, shell, limits, sandbox.WORK)
    os.write(tell, struct.pack("!q", inner))
    os.closerange(3, 256)
    _, status = os.waitpid(inner, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _signal(process: int, number: int) -> None:
    """Send a signal to a child and to what it started."""
    try:
        os.killpg(process, number)
    except (ProcessLookupError, PermissionError):
        try:
            os.kill(process, number)
        except ProcessLookupError:
            return


def _status(child: _Child | None) -> int:
    """Return how a child ended (128 + signal, as a shell says it), after it has."""
    if child is None:
        return 0
    waited, status = os.waitpid(child.outer, os.WNOHANG)
    if not waited:  # it only closed its wire
        _end(child)
        return 0
    _clean(child)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _end(child: _Child | None) -> None:
    """Kill a child, with all that it started, and wait for its end."""
    if child is None:
        return
    _signal(child.inner, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child.outer, 0)
    _clean(child)


def _clean(child: _Child) -> None:
    if child.folder:
        shutil.rmtree(child.folder, ignore_errors=True)
