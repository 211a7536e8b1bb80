"""`jejak`: a trace table, made by running a few lines and looking at the names after each of them."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from types import CodeType, FrameType, ModuleType
from typing import Any

from melayani.belajar.diagram import shorten, value_text
from melayani.belajar.keluaran import Keluaran

FILE = "<jejak>"
STEPS = 100  # more than anyone follows by eye; stops an endless loop
WIDTH = 60  # characters of one value
BLANK, ABSENT = "…", "–"
OUTPUT = "keluaran"

CELL = "text-align: left; vertical-align: top; padding: 0.3em 0.8em; border: 1px solid #767676"
CODE = '<code style="background: none; padding: 0">'


@dataclass
class Step:
    """One line that was run: its number and text, and what the names held and was printed after it."""

    line: int
    code: str
    names: dict[str, str] = field(default_factory=dict)
    printed: str = ""


def statement_lines(tree: ast.Module) -> dict[int, int]:
    """Return, for each line of a statement that spans several, the line at which it starts."""
    starts: dict[int, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            starts.update(dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.lineno))
    return starts


def visible(names: Mapping[str, object]) -> dict[str, str]:
    """Return the values that a table shows, as text: no modules, functions, classes or private names."""
    return {
        name: shorten(value_text(value, 10_000), WIDTH)
        for name, value in names.items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and not callable(value)
    }


def run(kode: str, masukan: Mapping[str, object]) -> list[Step]:
    """Run `kode` in a namespace of its own that starts as `masukan`, and return its steps in order.

    An error ends the run and is the last step's output. Raises SyntaxError for code that is none, and
    ValueError (in Bahasa) after too many steps.
    """
    tree = ast.parse(kode, FILE)
    starts, lines = statement_lines(tree), kode.split("\n")
    namespace: dict[str, Any] = {"__name__": "__main__", **masukan}
    printed = io.StringIO()
    steps: list[Step] = []

    def close() -> None:
        if steps:
            steps[-1].names = visible(namespace)
            steps[-1].printed += printed.getvalue()
            printed.seek(0)
            printed.truncate()

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != FILE or frame.f_code.co_name != "<module>":
            return None
        if event == "line":
            line = starts.get(frame.f_lineno, frame.f_lineno)
            if steps and steps[-1].line == line and line in starts:
                return trace
            close()
            if len(steps) == STEPS:
                raise StepLimit
            steps.append(Step(line, lines[line - 1]))
        return trace

    try:
        execute(compile(tree, FILE, "exec"), namespace, printed, trace)
    except StepLimit:
        raise ValueError(f"Kode ini berjalan lebih dari {STEPS} langkah. Pilih contoh yang lebih pendek.") from None
    except Exception as error:
        printed.write("".join(traceback.format_exception_only(error)).strip().split("\n")[-1])
    close()
    return steps


class StepLimit(BaseException):
    """The traced code runs too long; not an Exception, so that the code itself can't catch it by accident."""


def execute(code: CodeType, namespace: dict[str, Any], printed: io.StringIO, trace: Callable[..., Any]) -> None:
    """Run `code` under `trace` with its output in `printed`; whatever traced before goes on afterwards."""
    before = sys.gettrace()
    with contextlib.redirect_stdout(printed):
        sys.settrace(trace)
        try:
            exec(code, namespace)
        finally:
            sys.settrace(before)


def code_html(text: str) -> str:
    """Return a line of code as HTML; its indentation survives where styles are stripped."""
    body = text.lstrip(" ")
    return f"{CODE}{'&nbsp;' * (len(text) - len(body))}{escape(body)}</code>"


def value_html(text: str, changed: bool) -> str:
    """Return a table cell; a value that has just changed is bold."""
    if text == BLANK:
        return f'<td style="{CELL}; border: 2px dashed #767676; min-width: 3em">{BLANK}</td>'
    if text in ("", ABSENT):
        return f'<td style="{CELL}">{text}</td>'
    code = f"{CODE}{escape(text)}</code>".replace("\n", "<br>")
    return f'<td style="{CELL}">{f"<strong>{code}</strong>" if changed else code}</td>'


def head_html(text: str, scope: str) -> str:
    """Return a heading cell for a column or a row."""
    return f'<th scope="{scope}" style="{CELL}">{text}</th>'


def plain(rows: list[list[str]]) -> str:
    """Return the table as aligned text."""
    flat = [[cell.replace("\n", " / ") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*flat, strict=True)]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in flat
    )


def jejak(kode: str, kosong: Iterable[tuple[int, str]] = (), masukan: Mapping[str, object] | None = None) -> Keluaran:
    """Return the trace table of `kode`: every line that is run, and the value of each name after it.

    `kosong`: (line, name) pairs whose cells are left blank for the trainee, in every row of that line; the
    name "keluaran" is the column of what is printed. Name the later cells, too, that would give the value
    away. `masukan`: names that have a value before the first line. Loops and branches appear as they are
    run. Raises ValueError, with a sentence in Bahasa, for a pair that the table does not have and for code
    of more than `STEPS` steps.
    """
    kode = textwrap.dedent(kode).strip("\n")
    given = visible(masukan or {})
    steps = run(kode, masukan or {})
    names = list(dict.fromkeys([*given, *(name for step in steps for name in step.names)]))
    printing = any(step.printed for step in steps)
    blanks = set(kosong)
    for line, name in sorted(blanks):
        if line not in {step.line for step in steps} or name not in [*names, *([OUTPUT] if printing else [])]:
            raise ValueError(f"Tabel jejak tidak memiliki sel untuk baris {line} dan nama {name!r}. Periksa kosong.")

    heads = ["Baris", "Kode", *names, *(["Keluaran"] if printing else [])]
    text_rows = [heads]
    html_rows = []
    before = given
    if given:
        cells = [given.get(name, ABSENT) for name in names]
        text_rows.append(["", "(masukan)", *cells, *([""] if printing else [])])
        body = "".join(value_html(cell, False) for cell in [*cells, *([""] if printing else [])])
        html_rows.append(f'<tr>{head_html("awal", "row")}<td style="{CELL}">masukan</td>{body}</tr>')
    for step in steps:
        cells, body = [], ""
        for name in names:
            cell = BLANK if (step.line, name) in blanks else step.names.get(name, ABSENT)
            cells.append(cell)
            body += value_html(cell, step.names.get(name) != before.get(name))
        if printing:
            cells.append(BLANK if (step.line, OUTPUT) in blanks else step.printed.rstrip("\n"))
            body += value_html(cells[-1], False)
        text_rows.append([str(step.line), step.code, *cells])
        html_rows.append(
            f'<tr>{head_html(str(step.line), "row")}<td style="{CELL}">{code_html(step.code)}</td>{body}</tr>'
        )
        before = step.names

    caption = "Tabel jejak: nilai setiap nama sesudah baris itu dijalankan. Cetak tebal berarti nilainya baru berubah."
    if any(ABSENT in row for row in text_rows):
        caption += f" Tanda {ABSENT} berarti nama itu belum ada."
    if blanks:
        caption += f" Sel tabel bertanda {BLANK} untuk Anda isi."
    header = "".join(head_html(f"{CODE}{escape(head)}</code>" if head in names else head, "col") for head in heads)
    html = (
        '<table style="border-collapse: collapse; margin: 0.5em 0">'
        f'<caption style="text-align: left; padding: 0.3em 0">{caption}</caption>'
        f"<thead><tr>{header}</tr></thead><tbody>{''.join(html_rows)}</tbody></table>"
    )
    return Keluaran(html, plain(text_rows))
