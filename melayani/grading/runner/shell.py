"""IPython as a kernel has it, without the kernel: no socket, no port, no thread until a child lives.

What makes a kernel's outputs is ipykernel's own code: its shell, publishers, streams, comms and `do_execute`. Only
what they send goes elsewhere: to `CapturingShell.emit`, as `{"msg_type", "content"}` (Jupyter's iopub messages). The
shell is built once, in the zygote; `reborn` makes fresh in a forked child what must not be shared.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import importlib
import inspect
import logging
import os
import select
import signal
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import comm
import ipykernel
from ipykernel.compiler import XCachingCompiler
from ipykernel.eventloops import enable_gui
from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.events import EventManager, available_events
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session, json_packer, json_unpacker
from traitlets import Any as AnyTrait
from traitlets import observe
from traitlets.config import Config, SingletonConfigurable

from melayani.grading.runner.job import Message
from melayani.grading.runner.tracebacks import Tracebacks

# What a child's first plot, table, traceback, widget or `!command` would import. Not matplotlib_inline: its backend
# looks for a shell when it is imported.
PRELOADED = (
    "IPython.core.logger",
    "IPython.core.magics.osm",
    "IPython.core.magics.script",
    "IPython.core.pylabtools",
    "ipywidgets",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "numpy",
    "pandas",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "pexpect",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "PIL.features",
    "pygments.formatters.html",
    "pygments.formatters.terminal256",
    "pygments.lexers.python",
    "stack_data",
)

# What differs from a kernel on purpose, and why.
DIFFERENCES = {
    "tasks": "what asyncio tasks print as soon as a cell is over is shown with it: nbclient drops it, with luck or not",
    "descriptors": "what others write to descriptor 2 is shown with its cell: nbclient drops what comes a moment later",
    "figures": "a figure is drawn twice, not three times: when it can't be drawn, that is told once less",
    "not JSON": "a message that JSON can't hold is refused here, so the traceback or warning names this file",
    "warm": "modules that notebooks use are imported already: that is what makes it fast",
    "debugger": "debugpy is not imported: nobody debugs, and it is large",
    "threads": "one thread more than the cells', not seven: there are no sockets to serve",
    "no application": "no IPKernelApp, so no configuration or start-up files from the grader's home",
}

# Common errors with frames of other files: what is parsed to show them is parsed once, not in each process. Those of
# pandas take two seconds, so only where many cells use it.
COMMONEST = ("1 / 0", "open('')", "input()")
COMMONEST_OF_PANDAS = (
    *("table['x']", "table.x", "table['a']['x']", "table.loc['x']", "table.iloc[9]", "table.groupby('x')"),
    *("table.sort_values('x')", "pandas.read_csv('x')", "pandas.to_datetime('x')"),
)

EXTENSIONS = ("storemagic", "melayani.grading.stderr")  # a kernel's own, and the one that nbgrader_config.py names
INLINE = "module://matplotlib_inline.backend_inline"
# Streams are sent when so many characters wait, or after so many seconds, as ipykernel does.
MOST_WAITING, LONGEST_WAIT = 8192, 0.2
SOON = 0.001  # seconds after which what went to a descriptor comes before what is printed
_PIECE = 1 << 16
_Class = TypeVar("_Class", bound=type)
_PARENT: dict[str, Any] = {"header": {"msg_id": "melayani", "msg_type": "execute_request"}}


def _named_as(base: type) -> Callable[[_Class], _Class]:
    """Give a class the name of its base: libraries look at the names of a kernel's classes, and so do people."""

    def named(made: _Class) -> _Class:
        made.__name__, made.__qualname__, made.__module__ = base.__name__, base.__qualname__, base.__module__
        return made

    return named


class _Session(Session):
    """A kernel's session whose messages go to `emit`: whole, one after the other, only from the process reborn."""

    def __init__(self, emit: Callable[[Message], None]) -> None:
        super().__init__()
        self.emit, self.lock, self.owner = emit, threading.RLock(), os.getpid()

    def msg(self, msg_type: str, content: Any = None, parent: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        """Return a message as hooks of publishers expect it."""
        return {"header": {"msg_type": msg_type}, "msg_type": msg_type, "parent_header": parent, "content": content}

    def send(self, _: Any, msg_or_type: Any, content: Any = None, *__: Any, buffers: Any = (), **___: Any) -> None:  # type: ignore[override]
        """Emit a message, as plain data. Raises as a kernel does for what JSON can't hold."""
        message = self.msg(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type
        content = json_unpacker(json_packer(message["content"]))
        sent = {"msg_type": message["msg_type"], "content": content}
        self.emit_whole({**sent, "buffers": [b64encode(part).decode() for part in buffers]} if buffers else sent)

    def unlock(self) -> None:
        """Forget who held the lock: in a process that a cell forked, its holder may be a thread that is not there."""
        self.lock = threading.RLock()

    def emit_whole(self, message: Message) -> None:
        """Emit a message; an interrupt waits until it is out."""
        if os.getpid() == self.owner:
            with uninterrupted(), self.lock:
                self.emit(message)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let an interrupt of the main thread (SIGINT) wait."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[Any] = []
    before = signal.signal(signal.SIGINT, lambda _number, frame: came.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came and callable(before):
        before(signal.SIGINT, came[0])


@_named_as(OutStream)
class _Stream(OutStream):
    """sys.stdout or sys.stderr of cells: what is written to it, or to its descriptor, sent in pieces.

    A stream of ipykernel has threads that read the descriptor and send; here one `_pump` serves both streams.
    """

    def __init__(self, session: _Session, name: str) -> None:
        # Not OutStream's own, which starts threads: only what its other methods use.
        self.session, self.name, self.pub_thread = session, name, session
        self.echo, self._isatty, self._local = None, False, threading.local()
        self._parent_header, self._parent_header_global = ContextVar("parent_header"), {}
        self._waiting: list[str] = []
        self._size, self._since, self._read_at, self._from = 0, 0.0, 0.0, -1

    def catch(self, descriptor: int) -> int:
        """Take what this process and those below write to `descriptor`; return where it can be read."""
        self._descriptor = descriptor
        self._original_stdstream_copy = os.open(os.devnull, os.O_WRONLY)  # what `fileno` gives: seen by nobody
        self._from, end = os.pipe()
        os.set_blocking(self._from, False)
        os.dup2(end, descriptor)
        os.close(end)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        return self._from

    def write(self, string: str) -> int:
        """Keep `string` to be sent soon. Raises as ipykernel's."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if self.pub_thread is None:
            raise ValueError("I/O operation on closed file")
        if os.getpid() != self.session.owner:  # forked by a cell (multiprocessing)
            os.write(self._descriptor, string.encode(errors="replace"))
            return len(string)
        with self.session.lock:
            if not self._waiting or time.monotonic() - self._read_at > SOON:
                self._read()
            self._keep(string)
        return len(string)

    def flush(self) -> None:
        """Send all that was written."""
        if os.getpid() == self.session.owner:
            with self.session.lock:
                self._read()
                self._send()

    def look(self) -> None:
        """Read the descriptor; send what has waited long enough."""
        with self.session.lock:
            self._read()
            if time.monotonic() - self._since >= LONGEST_WAIT:
                self._send()

    def _keep(self, text: str) -> None:
        if not text:
            return
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(text)
        self._size += len(text)
        if self._size >= MOST_WAITING:
            self._send()

    def _read(self) -> None:
        # Twice as much as a pipe holds: all that was written before now, and no endless stream.
        with contextlib.suppress(OSError):
            for _ in range(2 if self._from >= 0 else 0):
                self._keep(self._decoder.decode(os.read(self._from, _PIECE)))

    def _send(self) -> None:
        with uninterrupted():
            text = "".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            if text:
                self.session.emit_whole({"msg_type": "stream", "content": {"name": self.name, "text": text}})


def _pump(streams: Sequence[_Stream], descriptors: Sequence[int]) -> None:
    """Keep what reaches the descriptors moving, and what cells write."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # signals are the main thread's
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    with contextlib.suppress(Exception):  # nobody is there any more
        while True:
            for descriptor, event in poll.poll(LONGEST_WAIT * 1000):
                if not event & select.POLLIN:  # a cell has closed it
                    poll.unregister(descriptor)
            for stream in streams:
                stream.look()


class _Kernel(IPythonKernel):
    """ipykernel's kernel as far as cells reach it: it runs them, refuses input, interrupts, has a comm manager."""

    debugger_class = AnyTrait()  # not debugpy, which is never used and large

    def __init__(self, session: _Session) -> None:
        # Not IPythonKernel's own, which starts a debugger and handlers of requests.
        log = logging.getLogger("IPKernelApp")
        log.setLevel(logging.ERROR)
        SingletonConfigurable.__init__(self, session=session, log=log)
        self.comm_manager = comm.get_comm_manager()
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())

    def get_parent(self, channel: str | None = None) -> dict[str, Any]:
        """Return the request that is being served."""
        return _PARENT


class _Compiler(XCachingCompiler):
    """Names the files of cells as a kernel does."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """Return the file's name; `inspect` learns whose it is, and need not search all modules for each frame."""
        name: str = super().get_code_name(raw_code, code, number)  # type: ignore[no-untyped-call]
        inspect.modulesbyfile[name] = "__main__"  # type: ignore[attr-defined]
        return name


class _Events(EventManager):
    """Shows figures, and closes them, before pyplot draws all that are open: a kernel draws them once for nobody."""

    def register(self, event: str, function: Callable[..., Any]) -> None:
        """Register `function` to be called on `event`."""
        super().register(event, function)
        called = self.callbacks[event]
        draws = [
            index for index, other in enumerate(called) if getattr(other, "__module__", None) == "matplotlib.pyplot"
        ]
        if getattr(function, "__module__", None) == "matplotlib_inline.backend_inline" and draws:
            called.insert(draws[0], called.pop())


class _Profile(ProfileDir):
    """Names a folder and does not make it."""

    @observe("location")
    def _location_changed(self, change: Any) -> None:
        """Do nothing."""


@_named_as(ZMQInteractiveShell)
class CapturingShell(ZMQInteractiveShell):
    """A kernel's shell; `start_shell` makes it, `run` runs a cell."""

    _session: _Session
    _profile: _Profile
    _history: Any
    _streams: tuple[_Stream, _Stream]
    _loop: asyncio.AbstractEventLoop

    @property
    def emit(self) -> Callable[[Message], None]:
        """What is called with every message, in the order of their coming."""
        return self._session.emit

    @emit.setter
    def emit(self, emit: Callable[[Message], None]) -> None:
        self._session.emit = emit

    @property
    def exit_asked(self) -> bool:
        """Whether a cell called exit(): a kernel ends after that cell."""
        return bool(self.exit_now)

    def reborn(self) -> None:
        """Make fresh, in a forked process, what it must not share; its descriptors 1 and 2 are cells' from now on.

        The descriptors, environment, working folder and namespaces of the process must be as they shall be.
        """
        self._session.owner = os.getpid()
        self._session.lock = threading.RLock()
        os.register_at_fork(after_in_child=self._session.unlock)
        if random := sys.modules.get("numpy.random"):
            random.seed()
        self.init_environment()  # type: ignore[no-untyped-call]
        os.environ.setdefault("MPLBACKEND", INLINE)
        launcher = Path(ipykernel.__file__).parents[1] / "ipykernel_launcher.py"
        sys.argv = [str(launcher), "-f", f"{tempfile.gettempdir()}/kernel.json"]
        _put_own_folder(sys.path)
        self.starting_dir = str(Path.cwd())
        self._history.dir_hist[:] = [Path.cwd()]
        self._profile.location = str(Path.home() / ".ipython" / "profile_default")
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self.kernel.io_loop = SimpleNamespace(add_callback=self._loop.call_soon_threadsafe)
        sys.stdout, sys.stderr = self._streams
        ends = [stream.catch(descriptor) for descriptor, stream in enumerate(self._streams, start=1)]
        threading.Thread(target=_pump, args=(self._streams, ends), name="IOPub", daemon=True).start()

    def run(self, source: str, number: int | None = None, silent: bool = False) -> str:
        """Run a cell as In[number], emit what it shows, and return "ok" or "error"."""
        if number is not None:
            self._go_to(number)
        try:
            doing = self.kernel.do_execute(source, silent, store_history=not silent)
            status: str = self._loop.run_until_complete(doing)["status"]
        except (Exception, KeyboardInterrupt):  # in IPython's code, not in the cell's
            self.showtraceback()
            status = "error"
        finally:
            self.flush()
        return status

    def remember(self, source: str, number: int) -> None:
        """Put a cell that ran elsewhere into In and the lines of tracebacks as In[number]."""
        self._go_to(number)
        code = self.transform_cell(source)  # type: ignore[no-untyped-call]
        self._history.store_inputs(number, code, source)
        self.compile.cache(code, number, raw_code=source)
        self.execution_count = number + 1

    def show(self, message: Message) -> None:
        """Emit a message that comes from elsewhere, after what cells wrote before it."""
        self.flush()
        self._session.emit_whole(message)

    def flush(self) -> None:
        """Send what cells wrote."""
        for stream in self._streams:
            stream.flush()

    def _go_to(self, number: int) -> None:
        """Make `number` the next cell's; numbers that are left out have no text."""
        for inputs in (self._history.input_hist_parsed, self._history.input_hist_raw):
            inputs.extend([""] * (number - len(inputs)))
        self.execution_count = number

    def init_events(self) -> None:
        """Make the events with an order of our own."""
        super().init_events()  # type: ignore[no-untyped-call]
        events = _Events(self, available_events)
        events.callbacks, self.events = self.events.callbacks, events

    def init_traceback_handlers(self, custom_exceptions: Any) -> None:
        """Make the one that shows tracebacks; it knows frames of other processes."""
        super().init_traceback_handlers(custom_exceptions)  # type: ignore[no-untyped-call]
        self.InteractiveTB = Tracebacks(mode=self.xmode, theme_name=self.colors, tb_offset=1)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: Any = None) -> None:
        """Do as a kernel does; there is no event loop of windows."""
        try:
            enable_gui(gui, self.kernel)  # type: ignore[no-untyped-call]
        except ValueError as error:
            raise UsageError(str(error)) from error

    def _format_exception_for_storage(self, exception: BaseException, *args: Any, **options: Any) -> dict[str, Any]:
        """Return what was just shown of an error: IPython would make the same text, the dearest of a cell, again."""
        if not self._last_traceback:
            kept: dict[str, Any] = super()._format_exception_for_storage(exception, *args, **options)  # type: ignore[no-untyped-call]
            return kept
        return {"ename": type(exception).__name__, "evalue": str(exception), "traceback": self._last_traceback}

    @observe("exit_now")
    def _update_exit_now(self, change: Any) -> None:
        """Do nothing: the caller of `run` looks at `exit_asked`."""


def warm(shell: Any) -> None:
    """Make the tracebacks of the commonest errors once, for nobody."""
    _make_tracebacks(shell, COMMONEST, {"open": shell.user_ns["open"], "input": shell.kernel.raw_input})


def warm_for_pandas(shell: Any) -> None:
    """Do the same for errors of pandas."""
    pandas = importlib.import_module("pandas")
    names = {"pandas": pandas, "table": pandas.DataFrame({"a": [1]}, index=["b"])}
    _make_tracebacks(shell, COMMONEST_OF_PANDAS, names)


def _make_tracebacks(shell: Any, sources: Sequence[str], names: dict[str, Any]) -> None:
    for source in sources:
        try:
            exec(source, dict(names))
        except Exception as error:
            shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
    shell.InteractiveTB.tb = None


def _no_debugger(*_: Any, **__: Any) -> None:
    """Go on: breakpoint() does nothing in a kernel that nobody debugs."""


def _put_own_folder(places: list[str]) -> None:
    """Put the notebook's own folder where a kernel has it: after the standard library, before what is installed."""
    places[:] = [place for place in places if place]
    installed = (index for index, place in enumerate(places) if Path(place).name in ("site-packages", "dist-packages"))
    places.insert(next(installed, 0), "")


def start_shell(emit: Callable[[Message], None], extensions: Sequence[str] = EXTENSIONS) -> CapturingShell:
    """Return this process's shell; no thread is started before its `reborn`."""
    session = _Session(emit)
    kernel, profile = _Kernel.instance(session), _Profile(location=tempfile.gettempdir())
    shell: Any = CapturingShell.instance(
        config=Config({"HistoryManager": {"hist_file": ":memory:"}}),
        kernel=kernel,
        compiler_class=_Compiler,
        ipython_dir=profile.location,
        profile_dir=profile,
    )
    kernel.shell = shell
    shell._session, shell._profile, shell._history = session, profile, shell.history_manager
    shell._streams = out, err = _Stream(session, "stdout"), _Stream(session, "stderr")
    shell.displayhook.session = shell.display_pub.session = session
    shell.set_parent(_PARENT)
    kernel_app: Any = IPKernelApp
    kernel_app.init_pdb(None)
    sys.breakpointhook = _no_debugger
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for extension in extensions:
            shell.extension_manager.load_extension(extension)
    made: CapturingShell = shell
    return made
