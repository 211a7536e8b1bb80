"""The trainee's process: runs the answer cells that its judge sends, one at a time, and answers for their objects."""

from __future__ import annotations

import _io
import atexit
import builtins
import contextlib
import gc
import os
import signal
import socket
import threading
from typing import Any, NoReturn

from melayani.grading.runner import sandbox
from melayani.grading.runner.frames import Wire
from melayani.grading.runner.integrity import Snapshot, snapshot
from melayani.grading.runner.job import Limits, Message
from melayani.grading.runner.objects import Objects

_SIGINT = {signal.SIGINT}


class _Talk:
    """The child's end of the wire. Threads of cells may show something at any time: one frame after the other."""

    def __init__(self, end: socket.socket, most: int) -> None:
        self._wire, self._lock = Wire(end), threading.Lock()
        self._most = self.left = most

    def send(self, message: dict[str, Any]) -> None:
        """Send one message; an interrupt waits until it is whole."""
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGINT)
        try:
            with self._lock:
                self._wire.send(message)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

    def receive(self) -> dict[str, Any]:
        """Return the judge's next message."""
        message: dict[str, Any] = self._wire.receive()
        self.left = self._most
        return message

    def show(self, message: Message) -> None:
        """Send what a cell shows; of a flood only a little more than the judge keeps."""
        if message["msg_type"] == "stream":
            if self.left < 0:
                return
            content = message["content"]
            content["text"] = content["text"][: self.left + 1]
            self.left -= len(content["text"])
        self.send({"msg": message})

    def call_back(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask the judge to call something of its own; return its answer."""
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGINT)
        try:
            self.send({"callback": request})
            return self.receive()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def live(end: socket.socket, shell: Any, limits: Limits, folder: str) -> NoReturn:
    """Serve the judge on the socket `end` with `shell` in `folder` until it hangs up."""
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGINT)
        _forget_the_grader(folder)
        talk = _Talk(end, limits.cell_output)
        shell.emit = talk.show
        shell.reborn()
        sandbox.limit(limits)
        socket.send_fds(end, [b"w"], [directory := os.open(".", os.O_RDONLY | os.O_DIRECTORY)])
        os.close(directory)
        _serve(talk, shell, snapshot(), Objects(shell, talk.call_back))
    finally:
        os._exit(0)


def _serve(talk: _Talk, shell: Any, before: Snapshot, objects: Objects) -> None:
    pristine = dict(vars(builtins))
    while True:
        request = talk.receive()
        token = request.pop("token", None)
        match request.get("do"):
            case "run":
                status = _interruptible(shell.run, request["source"], request["number"])
                if shell.exit_asked:
                    _end()
                talk.send({"token": token, "done": status, "changes": before.changes()})
            case "test":
                _put_back(before, pristine)
                status = _interruptible(shell.run, request["source"], request["number"])
                status = "error" if shell.exit_asked else status
                talk.send({"token": token, "done": status, "changes": before.changes()})
            case "end":
                _end()
            case _:
                talk.send({"token": token, "reply": _interruptible(objects.handle, request)})


def _interruptible(function: Any, *arguments: Any) -> Any:
    """Call with interrupts let through; one that came too late for the cell before is dropped."""
    while signal.sigtimedwait(_SIGINT, 0):
        continue
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGINT)
    try:
        return function(*arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGINT)


def _forget_the_grader(folder: str) -> None:
    """Leave nothing of the processes before: signals, environment, folder."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(sandbox.clean_environment())
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    os.chdir(folder)
    os.umask(0o022)


def _put_back(before: Snapshot, pristine: dict[str, Any]) -> None:
    """Undo what a trainee's code may have done to the way code runs, before a test that has to run here."""
    for name, value in pristine.items():
        if name not in ("_", "__build_class__"):
            setattr(builtins, name, value)
    before.put_back()


def _end() -> NoReturn:
    """End as a kernel that is shut down: exit handlers run, open files are written."""
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    for thing in gc.get_objects():
        if isinstance(thing, _io._IOBase):  # not io.IOBase, which asks every object's class
            with contextlib.suppress(BaseException):
                thing.flush()
    os._exit(0)
