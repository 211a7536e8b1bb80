"""IPython extension: what a cell writes to stderr appears as stdout.

nbgrader gives 0 to a test cell with anything on stderr, so a library's harmless warning would cost a trainee all
points of a passing test. The course's configuration names this extension in `c.Execute.extra_arguments`; so it is
loaded in the kernels of autograde and of Validate, for all cells: it cannot know before a cell runs whether it is
a test. Errors are outputs of their own and are not touched.
"""

from __future__ import annotations

import sys
from typing import Any

from ipykernel.iostream import OutStream


def load_ipython_extension(shell: Any) -> None:
    """Send the kernel's stderr as stdout, and point sys.stderr to sys.stdout before each cell."""
    # What holds the old stream (a log handler) or writes to the descriptor (a C library) still goes through it.
    if isinstance(sys.stderr, OutStream):
        sys.stderr.name = "stdout"
    shell.events.register("pre_run_cell", _to_stdout)


def _to_stdout(_cell: object) -> None:
    """Undo what an earlier cell may have put in the place of sys.stderr."""
    sys.stderr = sys.stdout
