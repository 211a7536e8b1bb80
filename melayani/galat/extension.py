"""Loads into IPython: what is shown before the traceback of a failed check and under that of other errors."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from melayani.galat import page
from melayani.galat.facts import Cells
from melayani.galat.rules import explain, failed_check


def load_ipython_extension(shell: Any) -> None:
    """Explain the errors of the cells that `shell` runs from now on."""
    shell.set_custom_exc((AssertionError,), _show_failed_check)
    shell.events.register("post_run_cell", _Reader(shell).after_cell)


class _Reader:
    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def after_cell(self, result: Any) -> None:
        """Show the explanation of the error that ended the cell, if it has one. IPython has shown the traceback."""
        error = getattr(result, "error_before_exec", None) or getattr(result, "error_in_exec", None)
        if error is None:
            return
        # The shell counts the next cell by now, unless this one is not kept in the history.
        told = explain(error, _cells(self._shell, result.info.raw_cell, result.execution_count), result.info.raw_cell)
        if told:
            self._shell.display_pub.publish(page.explanation(told))


def _show_failed_check(shell: Any, etype: type, error: BaseException, tb: Any, tb_offset: int | None = None) -> None:
    """Show the message of a failed check, then the traceback, as IPython itself does."""
    message = failed_check(error, _cells(shell, shell.history_manager.input_hist_raw[-1]))
    if message:
        shell.display_pub.publish(page.failed_check(message))
    try:
        shell.showtraceback((etype, error, tb), running_compiled_code=True)
    except BaseException:
        # A class of the trainee's whose text can't be had. Letting this through would switch the handler off.
        shell.showtraceback((AssertionError, AssertionError(), tb), running_compiled_code=True)


def _cells(shell: Any, source: str, current: int | None = None) -> Cells:
    """Return the number of each cell that ran, by the name of its code; `source` is the current one."""

    def number(filename: str) -> int | None:
        known = shell.compile.format_code_name(filename)
        return int(known[1].removeprefix("In[").removesuffix("]")) if known else None

    timed = re.match(r"\s*%%time\b.*\n", source)
    if not timed:
        return Cells(number, current or shell.execution_count)
    below = source[timed.end() :]
    with suppress(SyntaxError):  # the cell's own error: it is explained from what the trainee wrote
        below = shell.transform_cell(below)
    return Cells(number, current or shell.execution_count, below)
