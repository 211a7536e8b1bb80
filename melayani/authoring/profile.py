"""The profile of each lesson beside what the best courses do: a report for authors, not a gate.

`python -m melayani.authoring.profile [lesson …]`. Text folded under a choice counts as words of the lesson, but
not as words that stand between the reader and the next code cell.
"""

from __future__ import annotations

import argparse
import ast
import re
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from nbformat import NotebookNode

from melayani.authoring.prose import Piece, code_lines, markdown_pieces, notebook
from melayani.authoring.text import is_given, lessons, markdown_of, minutes, objectives
from melayani.course import find_root

LONG_SENTENCE = 20  # words
_WORD = re.compile(r"[^\W_]+(?:[-.,'’][^\W_]+)*|⟨kode⟩")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+")
_PICTURE = re.compile(r"<img\b|<figure\b|!\[|\bgambar\(|\bdiagram\(|\bjejak\(|\bbingkai\(")


@dataclass(frozen=True)
class Profile:
    """The measures of one lesson; shares lie between 0 and 1, lines are without blanks and comments."""

    jp: int
    objectives: int
    cells: int
    code_cells: int
    lines_median: float
    lines_max: int
    words: int
    words_before_code: float
    longest_run: int
    short_sentences: float
    value_shown: float
    predictions: int
    predicted: float
    questions: int
    exercises: int
    errors: int
    pictures: int
    closing_points: int
    new_words: int


#: Heading, what is aimed at, and what it is.
_COLUMNS = {
    "jp": ("JP", "1", "units of 45 minutes"),
    "objectives": ("goals", "3", "objectives"),
    "cells": ("cells", "30–42", "cells"),
    "code_cells": ("code", "14–20", "of them code"),
    "lines_median": ("lines", "2", "lines of a code cell, median"),
    "lines_max": ("most", "≤12", "lines of the longest code cell; given tools left out, as for the median"),
    "words": ("words", "900–1300", "words of the lesson, folded text included"),
    "words_before_code": ("before", "20–45", "words before a code cell, median"),
    "longest_run": ("run", "≤160", "words of the longest text without a code cell"),
    "short_sentences": ("short", "80%", f"sentences of at most {LONG_SENTENCE} words"),
    "value_shown": ("value", "≥55%", "code cells whose last line shows a value"),
    "predictions": ("tebak", "4–5", "predictions"),
    "predicted": ("of run", "≥25%", "predictions for each cell that is run"),
    "questions": ("asks", "6", "other questions"),
    "exercises": ("coba", "3", "exercises"),
    "errors": ("errors", "1–2", "deliberate errors"),
    "pictures": ("pict.", "≥2", "cells with a picture or an annotated table"),
    "closing_points": ("points", "4–6", "closing points"),
    "new_words": ("new", "3–6", "new words"),
}


def profile(path: Path, root: Path) -> Profile:
    """Return the measures of the lesson at `path`."""
    cells = notebook(path).cells
    title = markdown_of(path, root)[0][1]
    code = [cell for cell in cells if cell.cell_type == "code"]
    read_code = [cell for cell in code if not is_given(cell)]
    run = [cell for cell in read_code if "jawaban" not in cell.metadata.get("tags", [])]
    lines = [code_lines(cell.source) for cell in read_code]
    pieces = [piece for cell in cells if cell.cell_type == "markdown" for piece in markdown_pieces(cell.source, "")]
    kinds = [cell.metadata.get("melayani", {}).get("pertanyaan") for cell in cells]
    runs, before = _runs(cells)
    lengths = [words(sentence) for sentence in sentences(pieces)]
    closing = next((c.source for c in reversed(cells) if re.search(r"(?m)^## Rangkuman", c.source)), "")
    return Profile(
        jp=minutes(title) or 0,
        objectives=len(objectives(title)),
        cells=len(cells),
        code_cells=len(code),
        lines_median=statistics.median(lines or [0]),
        lines_max=max(lines, default=0),
        words=sum(words(piece.text) for piece in pieces),
        words_before_code=statistics.median(before or [0]),
        longest_run=max(runs, default=0),
        short_sentences=_share([length <= LONG_SENTENCE for length in lengths]),
        value_shown=_share([shows_a_value(cell) for cell in run]),
        predictions=kinds.count("tebak"),
        predicted=kinds.count("tebak") / max(1, len(run)),
        questions=kinds.count("ingat") + kinds.count("cek"),
        exercises=sum(piece.kind == "heading" and piece.text.startswith("Coba sendiri") for piece in pieces),
        errors=sum("raises-exception" in cell.metadata.get("tags", []) for cell in code),
        pictures=sum(map(_has_picture, cells)),
        closing_points=sum(piece.kind == "item" for piece in markdown_pieces(closing, "")),
        new_words=closing.count("glosarium.ipynb#"),
    )


def words(text: str) -> int:
    """Return the number of words; code in the text counts as one."""
    return len(_WORD.findall(text))


def sentences(pieces: Sequence[Piece]) -> list[str]:
    """Return the sentences of running text: paragraphs and list items, no headings and tables."""
    return [
        sentence
        for piece in pieces
        if piece.kind in ("text", "item")
        for sentence in _SENTENCE_END.split(piece.text)
        if words(sentence) > 1
    ]


def shows_a_value(cell: NotebookNode) -> bool:
    """Return whether the last line of a code cell shows something: a value, printed text, a figure, an error."""
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        return True
    return bool(body) and isinstance(body[-1], ast.Expr) and bool(cell.outputs)


def _runs(cells: Sequence[NotebookNode]) -> tuple[list[int], list[int]]:
    """Return the words of each run of unfolded text between code cells, and of those that precede a code cell."""
    runs: list[int] = []
    before: list[int] = []
    current = 0
    for cell in cells:
        if cell.cell_type == "markdown":
            current += sum(words(piece.text) for piece in markdown_pieces(cell.source, "") if not piece.folded)
        else:
            runs.append(current)
            if "jawaban" not in cell.metadata.get("tags", []):
                before.append(current)
            current = 0
    return [*runs, current], before


def _has_picture(cell: NotebookNode) -> bool:
    outputs = cell.get("outputs", [])
    drawn = any(kind.startswith("image/") for output in outputs for kind in output.get("data", {}))
    return drawn or bool(_PICTURE.search(cell.source))


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0


def table(profiles: Mapping[str, Profile]) -> str:
    """Return a table with a row for each lesson, given by its name, one for the aims, and a legend."""
    names = [field.name for field in fields(Profile)]
    rows = [["lesson", *(_COLUMNS[name][0] for name in names)], ["aim", *(_COLUMNS[name][1] for name in names)]]
    rows += [[lesson, *(_shown(name, getattr(one, name)) for name in names)] for lesson, one in profiles.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "-|-".join("-" * width for width in widths))
    return "\n".join([*lines, "", *(f"{_COLUMNS[name][0]}: {_COLUMNS[name][2]}" for name in names)])


def _shown(name: str, value: float) -> str:
    return f"{value:.0%}" if name in ("short_sentences", "value_shown", "predicted") else f"{value:g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table for the lessons named on the command line, or for all."""
    parser = argparse.ArgumentParser(prog="python -m melayani.authoring.profile", description=__doc__)
    parser.add_argument("lessons", nargs="*", type=Path, help="notebooks (default: all lessons)")
    root = find_root()
    paths = [path.resolve() for path in parser.parse_args(arguments).lessons] or lessons(root)
    print(table({f"{path.parent.name[:2]}-{path.stem[:1]}": profile(path, root) for path in paths}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
