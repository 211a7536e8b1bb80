"""IPython extension: what a cell writes to stderr appears as stdout.

nbgrader gives 0 to a test cell with anything on stderr, so a library's harmless warning would cost a
trainee all points of a passing test. The course's configuration names this extension in
`c.Execute.extra_arguments`; so it is loaded in the kernels of autograde and of Validate, for all cells: it
cannot know before a cell runs whether it is a test. Errors are outputs of their own and are not touched.
"""

from __future__ import annotations

import logging
import sys
from typing import Any


def _to_stdout() -> None:
    """Point stderr, and the log handlers that hold the old one, to stdout; again before each cell."""
    old = sys.stderr
    if old is sys.stdout:
        return
    sys.stderr = sys.stdout
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is old:
            handler.setStream(sys.stdout)


def load_ipython_extension(shell: Any) -> None:
    """Register the hook in IPython's shell."""
    shell.events.register("pre_run_cell", lambda info: _to_stdout())
