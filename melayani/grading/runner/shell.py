"""IPython's shell without a kernel: it keeps a cell's outputs instead of sending them."""

from __future__ import annotations

import builtins
import io
import os
import sys
from typing import Any, NoReturn

from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from melayani.grading import stderr

Output = dict[str, Any]
CONFIG = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"xmode": "Minimal", "colors": "nocolor"}})


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell; pieces that follow each other become one output, as in a saved notebook."""

    def __init__(self, outputs: list[Output], name: str) -> None:
        self._outputs, self.name = outputs, name

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str, /) -> int:
        """Add `text` to the outputs of the cell."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if text:
            last = self._outputs[-1] if self._outputs else {}
            if last.get("name") == self.name:
                last["text"] += text
            else:
                self._outputs.append({"output_type": "stream", "name": self.name, "text": text})
        return len(text)


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        """Keep what a cell displays as an output."""
        assert isinstance(self.shell, CapturingShell)
        self.shell.outputs.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})


class _Result(DisplayHook):
    """The value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write nothing: the prompt belongs to a terminal."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep the value's texts as an output."""
        assert isinstance(self.shell, CapturingShell)
        self.shell.outputs.append(
            {
                "output_type": "execute_result",
                "data": format_dict,
                "metadata": md_dict or {},
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        """Write nothing: the line's end belongs to a terminal."""


class CapturingShell(InteractiveShell):
    """An InteractiveShell whose `run` returns the outputs of a cell, errors with short tracebacks."""

    display_pub_class = _Publisher
    displayhook_class = _Result
    compiler_class = XCachingCompiler  # names the files of cells as a kernel does

    def __init__(self, **options: Any) -> None:
        """Take the place of sys.stdout, sys.stderr and input; `options` are InteractiveShell's."""
        self.outputs: list[Output] = []
        super().__init__(**{"config": CONFIG, **options})  # type: ignore[no-untyped-call]
        sys.stdout, sys.stderr = _Stream(self.outputs, "stdout"), _Stream(self.outputs, "stderr")
        builtins.input = _refuse_input
        stderr.load_ipython_extension(self)

    def run(self, cell: str) -> list[Output]:
        """Run one cell and return its outputs (nbformat's)."""
        self.outputs.clear()
        self.run_cell(cell, store_history=True)  # type: ignore[no-untyped-call]
        return list(self.outputs)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.append({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": stb})

    def ask_exit(self) -> NoReturn:
        """End the process, as exit() ends a kernel."""
        os._exit(0)

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no event loop of a window."""

    def init_display_formatter(self) -> None:
        """Give values all their forms, HTML too: nobody's terminal decides."""
        super().init_display_formatter()  # type: ignore[no-untyped-call]
        assert self.display_formatter
        self.display_formatter.active_types = self.display_formatter.format_types


def _refuse_input(*_: object) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")
