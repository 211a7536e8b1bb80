"""What Python itself knows of an error: the trainee's line, the part of it that failed, and the values in it.

Nothing here compares message texts, and no code of the trainee's is called: only values of built-in types are shown.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import functools
import linecache
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, FrameType, TracebackType
from typing import Any

LONGEST = 30  # characters of code or of a value that an explanation repeats
PLAIN = (int, float, bool, str, type(None))
#: IPython opens files in a frame of its own.
_WRAPPERS = {("IPython.core.interactiveshell", "_modified_open")}


#: The file names that IPython's `%%time` gives to the code below it; Python finds no source under them.
TIMED = ("<timed exec>", "<timed eval>")
#: There Python counts the lines from that magic on, and so do explanations.
BELOW = " di bawah %%time"


@dataclass(frozen=True)
class Cells:
    """The cells of a session: `number` gives the execution count for the file name of a cell's code, or None.

    `timed` is the code below a `%%time` of the current cell, "" without one.
    """

    number: Callable[[str], int | None]
    current: int
    timed: str = ""

    def hold(self, code: CodeType) -> bool:
        """Return whether `code` is that of a cell or of a function in it."""
        if code.co_filename in TIMED:
            name = None if code.co_name.startswith("<") else code.co_name
            return code.co_name == "<module>" or (name, code.co_firstlineno) in _places(self.timed)
        return self.number(code.co_filename) is not None


class Unknown:
    """The value of what is neither a name nor a literal."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Situation:
    """An error that was raised while a cell ran; `below` is the module that raised it, "" for the cell itself."""

    error: BaseException
    frame: FrameType
    line: int
    cell: int | None  # None for the cell that was just run
    tree: ast.AST
    node: ast.AST
    below: str
    timed: bool

    @property
    def own(self) -> bool:
        """Return whether the cell's own line raised the error, not a library below it."""
        return not self.below

    @property
    def message(self) -> str:
        """Return the message, if it is a plain text."""
        return next(iter(texts(self.error.args[:1])), "")

    @property
    def place(self) -> str:
        """Return where the error is, as the trainee counts."""
        return f"baris {self.line}" + (f" dalam sel [{self.cell}]" if self.cell else BELOW if self.timed else "")

    def parent(self, child: ast.AST) -> ast.AST | None:
        """Return the node that `child` is a part of."""
        return next((node for node in ast.walk(self.tree) if child in ast.iter_child_nodes(node)), None)

    def name(self, name: str) -> Any:
        """Return the value of a name where the error was raised, or UNKNOWN."""
        for names in (self.frame.f_locals, self.frame.f_globals, vars(builtins)):
            if name in names:
                return names[name]
        return UNKNOWN

    def value(self, node: ast.AST | None) -> Any:
        """Return the value of a name or a literal, or UNKNOWN."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            number = self.value(node.operand)
            return -number if type(number) in (int, float) else UNKNOWN
        return self.name(node.id) if isinstance(node, ast.Name) else UNKNOWN

    def names(self) -> list[str]:
        """Return the names that the trainee may have meant: their own first, then Python's."""
        own = [*self.frame.f_locals, *self.frame.f_globals]
        hidden = {"In", "Out", "exit", "quit", "open", "get_ipython"}
        return [*(name for name in own if name[:1] != "_" and name not in hidden), *dir(builtins)]


def texts(values: Iterable[object]) -> Iterator[str]:
    """Yield those of `values` that are texts; a subclass of str may do anything."""
    for value in values:
        if type(value) is str:
            yield value


def situation(error: BaseException, cells: Cells) -> Situation | None:
    """Return the facts about an error, None if none of the cells' code is in its traceback."""
    own: TracebackType | None = None
    below = ""
    tb = error.__traceback__
    while tb is not None:
        name = str(tb.tb_frame.f_globals.get("__name__"))
        if cells.hold(tb.tb_frame.f_code):
            own, below = tb, ""
        elif (name, tb.tb_frame.f_code.co_name) not in _WRAPPERS:
            below = name
        tb = tb.tb_next
    if own is None:
        return None
    tb, code = own, own.tb_frame.f_code
    timed = code.co_filename in TIMED
    number = cells.current if timed else cells.number(code.co_filename)
    tree = _parse(cells.timed if timed else "".join(linecache.getlines(code.co_filename)))
    return Situation(
        error=error,
        frame=tb.tb_frame,
        line=tb.tb_lineno,
        timed=timed,
        cell=number if number != cells.current else None,
        tree=tree,
        node=_node(tree, code, tb.tb_lasti),
        below=below,
    )


def _parse(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


@functools.lru_cache(maxsize=1)
def _places(source: str) -> set[tuple[str | None, int]]:
    """Return name and line of what can have code of its own; a recursion asks for each of its calls."""
    return {(getattr(node, "name", None), getattr(node, "lineno", 0)) for node in ast.walk(_parse(source))}


def _node(tree: ast.AST, code: CodeType, instruction: int) -> ast.AST:
    """Return the innermost part of the source that the failed instruction stands for; ast.Pass if none is known."""
    positions = list(code.co_positions())
    position = positions[instruction // 2] if 0 <= instruction // 2 < len(positions) else None
    found: ast.AST = ast.Pass()
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.stmt):
            own = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
            if own == position and not (isinstance(found, ast.expr) and isinstance(node, ast.Constant)):
                found = node
    return found


def shown(node: ast.AST | None) -> str:
    """Return a piece of code as an explanation repeats it, "" if it is too long for that."""
    text = ast.unparse(node) if node else ""
    return f"`{text}`" if text and len(text) <= LONGEST and "`" not in text and "\n" not in text else ""


def literal(value: object) -> str:
    """Return a value as an explanation repeats it, "" if it is too long or not of a plain type."""
    text = repr(value) if any(type(value) is plain for plain in PLAIN) else ""
    return f"`{text}`" if text and len(text) <= LONGEST and "`" not in text else ""


def similar(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` was probably meant to be."""
    names = [other for other in dict.fromkeys(names) if other != name]
    same = [other for other in names if other.lower() == name.lower()]
    close = same or difflib.get_close_matches(name, names, n=1, cutoff=0.75)
    return close[0] if close else None
