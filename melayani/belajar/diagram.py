"""`diagram`: names, the values that they stand for, and the types of these values, as a picture."""

from __future__ import annotations

import inspect
import pprint
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from melayani.belajar.keluaran import Keluaran, figure

# Looked up by the names in a type's MRO, so that NumPy's and pandas' types need no import.
TYPE_NAMES = {
    "bool": "nilai benar atau salah",
    "int": "bilangan bulat",
    "integer": "bilangan bulat",
    "float": "bilangan desimal",
    "floating": "bilangan desimal",
    "str": "teks",
    "list": "daftar",
    "dict": "kamus",
    "tuple": "tuple",
    "set": "himpunan",
    "frozenset": "himpunan",
    "NoneType": "tanpa nilai",
    "function": "fungsi",
    "builtin_function_or_method": "fungsi",
    "datetime": "tanggal dan waktu",
    "date": "tanggal",
    "time": "waktu",
    "timedelta": "lama waktu",
    "DataFrame": "tabel",
    "Series": "kolom tabel",
    "ndarray": "larik",
}
COLUMNS = 56  # characters in one line of a box
LINES = 12  # lines in one box

CHAR, LINE = 8.5, 20  # width of a character and height of a line, in px, at FONT px
FONT, SMALL = 14, 12
PAD, GAP, ARROW = 12, 16, 72
SANS = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
INK, MUTED, NAME_FILL, VALUE_FILL = "#1b1f24", "#4a5260", "#e8eef7", "#fff8e6"


@dataclass
class Box:
    """A value and the names that stand for it; what is written in and under the box, and its colour."""

    value: object
    names: list[str] = field(default_factory=list)
    text: str = ""  # unless given, the value
    label: str = ""  # unless given, the type
    fill: str = VALUE_FILL

    def __post_init__(self) -> None:
        """Fill in what is not given from the value."""
        self.text = self.text or value_text(self.value)
        self.label = self.label or type_label(self.value)


def type_name(value: object) -> str:
    """Return the type of `value` in Bahasa, without its Python name."""
    names = (TYPE_NAMES.get(cls.__name__) for cls in type(value).__mro__)
    return next((name for name in names if name), "objek")


def type_label(value: object) -> str:
    """Return the type of `value` in Bahasa and, in brackets, in Python: `teks (str)`."""
    words, python = type_name(value), type(value).__name__
    return words if words == python else f"{words} ({python})"


class Printer(pprint.PrettyPrinter):
    """pprint with the members of short sets in order, too: a set's own order differs from run to run."""

    def format(self, object: object, context: dict[int, int], maxlevels: int, level: int) -> tuple[str, bool, bool]:
        """Return the text of `object`, whether it can be read back, and whether it contains itself."""
        if type(object) not in (set, frozenset) or not object:
            return super().format(object, context, maxlevels, level)
        members: list[Any] = list(object)  # type: ignore[call-overload]
        comparable = all(isinstance(member, (int, float)) for member in members)
        members.sort(key=None if comparable else repr)
        text = f"{{{', '.join(map(repr, members))}}}"
        return (text if type(object) is set else f"frozenset({text})"), True, False


def value_text(value: object, columns: int = COLUMNS) -> str:
    """Return `value` as Python shows it, in lines of about `columns`; sets sorted, addresses left out."""
    if inspect.isfunction(value):
        text = f"{value.__name__}{inspect.signature(value)}"
    elif isinstance(value, str):
        text = repr(value)
    else:
        text = Printer(width=columns, compact=True, sort_dicts=False).pformat(value)
    return printable(re.sub(r" at 0x[0-9a-fA-F]+", "", text))


def printable(text: str) -> str:
    """Return `text` with a replacement character for what can't be shown; line ends stay."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)


def shorten(text: str, limit: int) -> str:
    """Return `text` in one line of at most `limit` characters, its end replaced by … where it is longer."""
    text = " ".join(text.split("\n"))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def has_identity(value: object) -> bool:
    """Tell whether two names for `value` must share a box: what is not compared and hashed by its value."""
    if value is None or value is ...:
        return False
    return callable(value) or type(value).__hash__ in (None, object.__hash__)


def boxes(values: dict[str, object]) -> list[Box]:
    """Return one box for every value, and only one for an object with several names, in order."""
    found: list[Box] = []
    for name, value in values.items():
        box = next((box for box in found if has_identity(value) and box.value is value), None)
        if box is None:
            box = Box(value)
            found.append(box)
        box.names.append(name)
    return found


def in_words(value: object) -> str:
    """Return the type and the value in one line: `bilangan bulat 2`."""
    return "None, tanpa nilai" if value is None else f"{type_name(value)} {shorten(value_text(value, 10_000), 160)}"


def describe(found: list[Box]) -> str:
    """Return in words what each name stands for."""
    sentences = []
    for box in found:
        what = in_words(box.value)
        if len(box.names) == 1:
            sentences.append(f"{box.names[0]} menunjuk {what}.")
        else:
            names = ", ".join(box.names[:-1]) + f" dan {box.names[-1]}"
            sentences.append(f"{names} menunjuk satu kotak yang sama: {what}.")
    return " ".join(sentences)


def wrap(text: str) -> list[str]:
    """Return the lines of a box: broken at a space where they are too long, no more than `LINES` of them."""
    lines = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > COLUMNS:
            end = rest.rfind(" ", COLUMNS // 2, COLUMNS) + 1 or COLUMNS
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], "…"]


def number(value: float) -> str:
    """Return a coordinate in its shortest form."""
    return f"{value:.1f}".removesuffix(".0")


def mono(x: float, y: float, text: str, weight: str = "normal") -> str:
    """Return a line of monospaced text of a fixed width, whatever font the reader's machine has."""
    if not text:
        return ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-family="{MONO}" font-size="{FONT}" font-weight="{weight}" '
        f'fill="{INK}" xml:space="preserve" textLength="{number(len(text) * CHAR)}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def rectangle(x: float, y: float, width: float, height: float, fill: str, radius: int) -> str:
    """Return an outlined rectangle."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" rx="{radius}" '
        f'fill="{fill}" stroke="{MUTED}" stroke-width="1.5"/>'
    )


def sans(x: float, y: float, text: str, size: int = SMALL, ink: str = MUTED) -> str:
    """Return a line of text for reading."""
    return (
        f'<text x="{number(x)}" y="{number(y)}" '
        f'font-family="{SANS}" font-size="{size}" fill="{ink}">{escape(text)}</text>'
    )


def name_width(found: list[Box]) -> float:
    """Return how wide the names' outlines must be, in px."""
    return max(len(name) for box in found for name in box.names) * CHAR + 2 * PAD


def pairs(found: list[Box], x: float, y: float, names: float, outline: bool = True) -> tuple[list[str], float, float]:
    """Return the boxes with their names (outlines of width `names`) from (x, y) on, and their right and lower edge.

    Without `outline`, what stands at the left is a plain label and no name.
    """
    name_height = LINE + PAD
    left = x + names + ARROW
    parts: list[str] = []
    right, top = x, y
    for box in found:
        lines = wrap(box.text)
        inner = max(max(map(len, lines)) * CHAR, len(box.label) * SMALL * 0.6)
        value_height = len(lines) * LINE + LINE + PAD
        names_height = len(box.names) * (name_height + GAP / 2) - GAP / 2
        height = max(value_height, names_height)
        middle = top + height / 2
        box_top = middle - value_height / 2
        parts.append(rectangle(left, box_top, inner + 2 * PAD, value_height, box.fill, 4))
        for index, line in enumerate(lines):
            parts.append(mono(left + PAD, box_top + PAD + FONT * 0.75 + index * LINE, line))
        parts.append(sans(left + PAD, box_top + value_height - PAD + 3, box.label))
        for index, name in enumerate(box.names):
            name_top = middle - names_height / 2 + index * (name_height + GAP / 2)
            baseline = name_top + name_height / 2 + FONT * 0.35
            if outline:
                parts.append(rectangle(x, name_top, names, name_height, NAME_FILL, 16))
                parts.append(mono(x + PAD, baseline, name, "bold"))
            else:
                parts.append(sans(x, baseline, name))
            end = middle + (index - (len(box.names) - 1) / 2) * min(12, value_height / len(box.names))
            parts.append(
                f'<line x1="{number(x + names)}" y1="{number(name_top + name_height / 2)}" '
                f'x2="{number(left - 3)}" y2="{number(end)}" stroke="{INK}" stroke-width="1.8" '
                'marker-end="url(#panah)"/>'
            )
        right = max(right, left + inner + 2 * PAD)
        top += height + GAP
    return parts, right, top - GAP


def page(parts: list[str], right: float, bottom: float) -> bytes:
    """Return `parts` as an SVG picture on white that ends a little beyond (right, bottom)."""
    w, h = number(right + PAD), number(bottom + PAD)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        '<defs><marker id="panah" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0L10 5L0 10z" fill="{INK}"/></marker></defs>'
        f'<rect width="{w}" height="{h}" rx="6" fill="#ffffff"/>{"".join(parts)}</svg>'
    ).encode()


def draw(found: list[Box]) -> bytes:
    """Return the diagram as SVG: names at the left, one box per value at the right, arrows between them."""
    return page(*pairs(found, PAD, PAD, name_width(found)))


def diagram(**nama_nilai: object) -> Keluaran:
    """Return the value diagram of the given names, drawn from the live values: `diagram(jam=jam, menit=menit)`.

    Two names for one mutable object point at one box; equal immutable values have a box each.
    Raises ValueError, with a sentence in Bahasa, when no name is given.
    """
    if not nama_nilai:
        raise ValueError("diagram memerlukan sedikitnya satu nama, misalnya diagram(jam=jam).")
    found = boxes(nama_nilai)
    caption = "Diagram nilai: nama di kiri, nilai dan tipenya di kanan."
    if any(len(box.names) > 1 for box in found):
        caption += " Nama-nama yang menunjuk satu kotak adalah nama untuk satu nilai yang sama."
    return figure(draw(found), f"Diagram nilai. {describe(found)}", caption)
