"""The judge of one notebook: drives the trainee's process cell by cell, and runs the tests in its own.

It is forked before the trainee's process has run anything, shares nothing with it but a wire, and never runs what
it receives: what a trainee's code does to Python, to IPython or to libraries happens elsewhere.
"""

from __future__ import annotations

import builtins
import contextlib
import itertools
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import ModuleType, NoneType
from typing import Any

from melayani.grading import replay
from melayani.grading.runner import sandbox
from melayani.grading.runner.folder import MOST_FILES, as_given, lay_out, walk
from melayani.grading.runner.frames import LateError, Wire, WireError
from melayani.grading.runner.integrity import suspicions
from melayani.grading.runner.job import (
    ANSWER,
    DIED,
    ERROR,
    GIVEN,
    OK,
    TEST,
    TEST_INSIDE,
    TIMEOUT,
    Cell,
    Job,
    Limits,
    Message,
    Ran,
    Report,
    Result,
)
from melayani.grading.runner.messages import Kept, clean
from melayani.grading.runner.remote import ChildGone, Remotes, bound_names
from melayani.grading.runner.zygote import INTERRUPT, KILL, NEW, limits_to_bytes

LIVES = 10  # children of one notebook; after so many ends, what is left of it has no verdict
STARTING = 30.0  # seconds that a new child may take
ENDING = 1.0  # seconds for its exit handlers
MOST_BYTES = 16 << 20  # of files that are brought back


def judge(job: socket.socket, zygote: socket.socket, shell: Any, sandboxed: bool) -> None:
    """Receive a job on the socket `job`, run it, and send its result there."""
    wire = Wire(job)
    shell.reborn()
    work = Job.from_bytes(wire.receive_bytes())
    sandbox.limit_work(work.limits)
    judging = _Judging(work, _Zygote(zygote), shell, sandboxed)
    wire.send_bytes(judging.run().to_bytes())


class _Zygote:
    """What the judge asks of the zygote."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def new(self, limits: Limits) -> socket.socket:
        """Return the wire to a new child; the old one is ended."""
        self._end.sendall(NEW + limits_to_bytes(limits))
        _, descriptors, _, _ = socket.recv_fds(self._end, 1, 1)
        return socket.socket(fileno=descriptors[0])

    def interrupt(self) -> None:
        """Interrupt the child and what it started."""
        self._end.sendall(INTERRUPT)

    def kill(self) -> None:
        """End the child and what it started; return after that."""
        self._end.sendall(KILL)
        self._end.recv(1)


@dataclass
class _Child:
    """A living child: its end of the wire."""

    end: socket.socket
    wire: Wire


@dataclass
class _Judging:
    """One job being run."""

    job: Job
    zygote: _Zygote
    shell: Any
    sandboxed: bool
    child: _Child | None = None
    folder: int | None = None  # descriptor of the newest child's folder, kept open after its end
    ran: list[Ran] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    deadly: set[int] = field(default_factory=set)  # cells that ended a child, or would not end
    brought: set[str] = field(default_factory=set)  # names that are the trainee's in the judge's own namespace
    own: set[str] = field(default_factory=lambda: set(vars(builtins)))  # names that tests never take from the trainee
    inputs: set[str] = field(default_factory=set)  # names that given cells give for an answer to work with
    lives: int = LIVES
    left: int = 0  # characters that the next cells may show
    number: int = 0
    kept: Kept = field(default_factory=lambda: Kept(0))
    deadline: float = 0.0
    until: float = 0.0  # when no more cells of the trainee's are begun
    interrupted: bool = False
    gone: bool = False

    def run(self) -> Result:
        """Run all cells and return the result."""
        sys.path[:] = [place for place in sys.path if place]
        given_cells = [cell.source for cell in self.job.cells if cell.where == GIVEN]
        given = bound_names(given_cells)
        self.inputs.update(bound_names(filter(replay.is_input, given_cells)))
        bound = given | dict.fromkeys(self.job.asked) if self.job.asked else None
        self.remotes = Remotes(self._ask, self.job.classes, bound, operators=self.job.operators)
        self.own -= set(self.job.asked)
        signal.signal(signal.SIGALRM, _interrupt)
        limits = self.job.limits
        self.left = limits.output
        self.until = time.monotonic() + max(limits.seconds, 10 * limits.cell_seconds)
        for index, cell in enumerate(self.job.cells):
            if not cell.source.strip():  # a kernel is not asked to run nothing
                self.ran.append(Ran([], OK, None))
                continue
            self.number += 1
            self.kept = Kept(min(self.job.limits.cell_output, self.left))
            self.interrupted = self.gone = False
            ended = self._test(index, cell) if cell.where == TEST else self._answer(index, cell)
            self.ran.append(Ran(self.kept.messages, ended, self.number))
            self.left -= self.kept.spent
        self._end()
        self.reports += suspicions(self.job.cells, given_cells)
        return Result(self.ran, self._files(), self.reports, self.sandboxed)

    # Answer cells, in the child.

    def _answer(self, index: int, cell: Cell) -> str:
        do = "test" if cell.where == TEST_INSIDE else "run"
        if time.monotonic() > self.until:
            return self._too_late(index, cell)
        try:
            self._wake()
            self.deadline = time.monotonic() + self.job.limits.cell_seconds
            with self._given_files() if do == "test" else contextlib.nullcontext():
                reply = self._exchange({"do": do, "source": cell.source, "number": self.number}, self.kept.add)
            self._report_changes(index, reply.get("changes"))
            ended = TIMEOUT if self.interrupted else OK if reply.get("done") == "ok" else ERROR
        except ChildGone:
            ended = TIMEOUT if self.interrupted else DIED
        except OSError:
            return self._without_files(index)
        if ended in (TIMEOUT, DIED):
            self.deadly.add(index)
            why = "tidak selesai dalam waktunya" if ended == TIMEOUT else "menghentikan proses yang menjalankannya"
            self.reports.append(Report(index, "berhenti", f"{self._called(index)} {why} sehingga sel itu gagal."))
        self._know(cell, ended)
        return ended

    def _too_late(self, index: int, cell: Cell) -> str:
        """Leave out a cell because those before it took too long, so that one hand-in does not hold up a class."""
        text = "Waktu untuk seluruh notebook habis; sel kode berikutnya tidak dijalankan."
        self._tell_once(Report(index, "berhenti", text))
        self.deadly.add(index)
        self._know(cell, TIMEOUT)
        return TIMEOUT

    def _called(self, index: int) -> str:
        return f"Sel {self.job.cells[index].name or f'kode ke-{index + 1}'}"

    def _know(self, cell: Cell, ended: str) -> None:
        """Let tests know a cell that ran: its place in In, its lines in tracebacks, and what a GIVEN one defines."""
        if ended in (TIMEOUT, DIED):  # a test that runs answers again can do without this one; its marker stays
            lines = itertools.takewhile(lambda line: line.lstrip().startswith("#"), cell.source.splitlines())
            cell = replace(cell, source="\n".join(lines), where=ANSWER)
        if cell.where != GIVEN or self.folder is None:
            with contextlib.suppress(Exception):
                self.shell.remember(cell.source, self.number)
            return
        names = self.shell.user_ns
        before = dict(names)
        self.shell.emit = lambda _: None
        with self._in_its_folder():
            self._limited(lambda: self.shell.run(cell.source, self.number))
        made = {name for name, value in names.items() if before.get(name, names) is not value and _stays(value)}
        self.own |= made - set(self.job.asked)

    def _limited(self, run: Callable[[], str]) -> str:
        """Run something that might never end, though no child is asked; stopping it counts as an interrupt."""
        try:
            with self._timed():
                return run()
        except (KeyboardInterrupt, ChildGone):
            self.interrupted = True
            return ERROR

    @contextlib.contextmanager
    def _timed(self) -> Iterator[None]:
        """Interrupt this process when something takes longer than a cell may."""
        limits = self.job.limits
        signal.setitimer(signal.ITIMER_REAL, limits.cell_seconds + 2 * limits.grace_seconds, limits.grace_seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _report_changes(self, index: int, changes: object) -> None:
        for text in changes[:20] if isinstance(changes, list) else ():
            if isinstance(text, str):
                self._tell_once(Report(index, "perubahan", text[:300]))

    def _tell_once(self, report: Report) -> None:
        if report.text not in {known.text for known in self.reports}:
            self.reports.append(report)

    # Tests, in the judge.

    def _test(self, index: int, cell: Cell) -> str:
        limits = self.job.limits
        before = len(self.remotes.suspicions)
        self.shell.emit = self.kept.add
        try:
            self._wake()
            self.deadline = time.monotonic() + limits.cell_seconds
            with self._timed():
                names = self.remotes.bring(cell.source)
        except ChildGone:
            return self._without_verdict(index)
        self._report_rebound(index, names)
        names = {name: value for name, value in names.items() if name not in self.own}
        for name in self.brought - names.keys() - self.own:
            self.shell.user_ns.pop(name, None)
        self.brought = set(names)
        self.shell.user_ns.update(names)
        try:
            with self._given_files(), self._in_its_folder():
                status = self._limited(lambda: self.shell.run(cell.source, self.number))
        except OSError:
            return self._without_files(index)
        self.reports += [Report(index, "objek", text) for text in self.remotes.suspicions[before:]]
        if self.gone:
            return self._without_verdict(index)
        late = self.interrupted or time.monotonic() > self.deadline
        return TIMEOUT if late else status

    def _report_rebound(self, index: int, names: dict[str, Any]) -> None:
        """Tell of the simple data that given cells named and that the trainee's process has otherwise.

        Not of inputs: beginners use them up, and tests that run an answer again give them anew.
        """
        for name in sorted((names.keys() & self.own & self.shell.user_ns.keys()) - self.inputs):
            given = self.shell.user_ns[name]
            if not callable(given) and not _same_data(names[name], given):
                text = f"Nilai {name} dari sel yang diberikan diubah; uji memakai nilai aslinya."
                self._tell_once(Report(index, "perubahan", text))

    def _without_verdict(self, index: int) -> str:
        text = f"{self._called(index)}: kode peserta berhenti sebelum uji selesai sehingga uji itu tidak lolos."
        self.reports.append(Report(index, "berhenti", text))
        return TIMEOUT if self.interrupted else DIED

    def _without_files(self, index: int) -> str:
        text = f"{self._called(index)}: berkas yang diberikan tidak dapat dipulihkan sehingga uji itu tidak lolos."
        self.reports.append(Report(index, "berkas", text))
        return DIED

    def _given_files(self) -> contextlib.AbstractContextManager[None]:
        """Let a test find the given files as they were given, but for those that its assignment has rewritten."""
        assert self.folder is not None
        rewritten = self.job.rewritten
        return as_given(self.folder, {name: c for name, c in self.job.files.items() if name not in rewritten})

    @contextlib.contextmanager
    def _in_its_folder(self) -> Iterator[None]:
        """Let a test see the trainee's files by their names."""
        assert self.folder is not None
        os.fchdir(self.folder)
        try:
            yield
        finally:
            os.chdir("/")

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request of a test to the child and return its reply. Raises ChildGone, KeyboardInterrupt."""
        if self.child is None:
            raise ChildGone
        reply = self._exchange(request, self._forward).get("reply")
        if self.interrupted:
            raise KeyboardInterrupt
        return reply if isinstance(reply, dict) else {"error": {}}

    def _forward(self, message: Message) -> None:
        """Show what the trainee's code shows while a test calls it, where the test's own output goes."""
        content = message["content"]
        if message["msg_type"] == "stream":
            (sys.stdout if content["name"] == "stdout" else sys.stderr).write(content["text"])
        elif message["msg_type"] in ("display_data", "update_display_data"):
            self.shell.show(message)

    # The child.

    def _exchange(self, request: dict[str, Any], show: Callable[[Message], None]) -> dict[str, Any]:
        """Send a request and return the answer; what is shown before it goes to `show`.

        At the deadline the child is interrupted, and killed when it does not answer then. Raises ChildGone.
        """
        assert self.child
        wire, deadline = self.child.wire, self.deadline
        token = secrets.token_hex(8)  # an answer that does not know it is a cell's own invention
        try:
            wire.send({**request, "token": token}, deadline)
            while True:
                try:
                    frame = wire.receive(deadline)
                except LateError:
                    if self.interrupted:
                        raise
                    self.interrupted = True
                    self.zygote.interrupt()
                    deadline = time.monotonic() + self.job.limits.grace_seconds
                    continue
                if not isinstance(frame, dict):
                    raise WireError("no object")
                if "msg" in frame:
                    if (message := clean(frame["msg"])) is not None:
                        show(message)
                elif "callback" in frame:
                    wire.send(self.remotes.on_callback(frame["callback"]), deadline)
                elif frame.get("token") == token:
                    return frame
                else:
                    raise WireError("not the answer")
        except (WireError, LateError):
            self._lose()
            raise ChildGone from None
        except KeyboardInterrupt:  # half of an answer may have been read: nobody can tell where the next one begins
            self._lose()
            raise

    def _lose(self) -> None:
        """End a child that is gone or does not answer."""
        assert self.child
        self.gone = True
        self.zygote.kill()
        self.child.end.close()
        self.child = None
        self.remotes.forget()

    def _wake(self) -> None:
        """Have a child that has run the cells before: none of those that ended one. Raises ChildGone."""
        while self.child is None:
            if not self.lives:
                raise ChildGone
            self.lives -= 1
            self._start()
            for index, cell in enumerate(self.job.cells[: len(self.ran)]):
                if cell.where == TEST or index in self.deadly or not cell.source.strip():
                    continue
                self.deadline = time.monotonic() + self.job.limits.cell_seconds
                request = {"do": "run", "source": cell.source, "number": self.ran[index].number}
                try:
                    self._exchange(request, lambda _: None)
                except ChildGone:
                    self.deadly.add(index)
                    break
                finally:
                    self.interrupted = self.gone = False

    def _start(self) -> None:
        end = self.zygote.new(self.job.limits)
        end.settimeout(STARTING)
        try:
            word, descriptors, _, _ = socket.recv_fds(end, 1, 1)
        except OSError:
            word, descriptors = b"", []
        if word != b"w" or not descriptors:
            raise RuntimeError("a child did not start")
        if self.folder is not None:
            os.close(self.folder)
        self.folder = descriptors[0]
        end.settimeout(None)
        lay_out(self.folder, self.job.files)
        self.child = _Child(end, Wire(end))

    def _end(self) -> None:
        if self.child:
            with contextlib.suppress(WireError, LateError):
                self.child.wire.send({"do": "end"}, time.monotonic() + ENDING)
                self.child.wire.receive(time.monotonic() + ENDING)
            self.zygote.kill()

    def _files(self) -> dict[str, bytes]:
        """Return the regular files in the child's folder that are new or changed; links and all else stay there."""
        found: dict[str, bytes] = {}
        left = MOST_BYTES
        changed = []
        for name, content in walk(self.folder) if self.folder is not None else ():
            if self.job.files.get(name) == content:
                continue
            left -= len(content)
            if left < 0 or len(found) >= MOST_FILES:
                text = (
                    "Berkas yang dibuat notebook ini terlalu banyak atau terlalu besar; hanya sebagian yang disimpan."
                )
                self.reports.append(Report(None, "berkas", text))
                break
            found[name] = content
            changed += [name] if name in self.job.files else []
        if changed:
            text = f"Berkas yang diberikan diubah oleh kode peserta: {', '.join(changed[:5])}."
            self.reports.append(Report(None, "berkas", text))
        return found


def _stays(value: object) -> bool:
    """Return whether an answer can't change `value` without binding its name again: tools and simple data."""
    return callable(value) or isinstance(value, (ModuleType, bool, int, float, complex, str, bytes, NoneType))


def _same_data(one: object, other: object) -> bool:
    """Return whether two values are of one type and equal; a NaN equals a NaN."""
    return type(one) is type(other) and bool(one == other or (one != one and other != other))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
