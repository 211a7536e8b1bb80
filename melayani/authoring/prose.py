"""The prose of the course, piece by piece, with its place: what a person reads in Bahasa on the screen.

That is Markdown without its code, comments in code cells, and the messages in code.
"""

from __future__ import annotations

import ast
import builtins
import functools
import io
import keyword
import re
import tokenize
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbformat import NotebookNode

from melayani.authoring.notebooks import read

CODE = "⟨kode⟩"  # stands in prose where code stood

Kind = Literal["heading", "text", "item", "table", "picture", "comment", "message"]


@dataclass(frozen=True)
class Piece:
    """One paragraph, heading, list item, table cell, alternative text, comment or message.

    `text` is the prose with CODE for code; `native` is the same without foreign words in italics.
    `folded`: seen only after opening a choice. `names`: identifiers of the code around, which messages may name.
    """

    place: str
    kind: Kind
    text: str
    native: str
    folded: bool = False
    names: frozenset[str] = frozenset()


# Markdown.

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
_REGION = re.compile(r"(?m)^### (?:BEGIN|END) .*$")
_KINDS: dict[str, Kind] = {"heading_open": "heading", "td_open": "table", "th_open": "table"}
_TAG_OF_CODE = re.compile(r"<(/?)(?:code|kbd|pre|samp)\b", re.IGNORECASE)
_TERM = re.compile(r"([^()]*)\([^()]*\)(.*)", re.DOTALL)


def tokens(source: str) -> list[Token]:
    """Return markdown-it's tokens of `source`, tables included; nbgrader's markers are no headings."""
    return _MARKDOWN.parse(_REGION.sub("", source))


def markdown_pieces(source: str, place: str, lines: bool = False) -> list[Piece]:
    """Return the prose of a Markdown text. With `lines`, places are `place:line`, else all are `place`."""
    found: list[Piece] = []
    kind: Kind = "text"
    depth_of_items = folded = 0
    for token in tokens(source):
        where = f"{place}:{token.map[0] + 1}" if lines and token.map else place
        if token.type in _KINDS:
            kind = _KINDS[token.type]
        elif token.type in ("heading_close", "td_close", "th_close"):
            kind = "text"
        elif token.type in ("list_item_open", "list_item_close"):
            depth_of_items += token.nesting
        elif token.type == "html_block":
            text = HtmlText(token.content)
            if text.prose:
                found.append(Piece(where, "text", text.prose, text.prose))
            found += [Piece(where, "picture", alt, alt) for alt in text.alternatives]
            folded += token.content.count("<details") - token.content.count("</details")
        elif token.type == "inline":
            own: Kind = "item" if kind == "text" and depth_of_items else kind
            text_, native = _inline(token.children or [])
            found.append(Piece(where, own, text_, native, folded > 0))
            images = [child.content for child in token.children or [] if child.type == "image" and child.content]
            found += [Piece(where, "picture", alt, alt) for alt in images]
    return [piece for piece in found if piece.text.strip()]


def _inline(children: list[Token]) -> tuple[str, str]:
    """Return a paragraph's prose, whole and without what is foreign: *loop*, and loop in **perulangan (loop)**."""
    texts: list[str] = [""]  # the paragraph and, while one is open, the emphasised part
    native = [""]
    code = 0
    for child in children:
        added = ""
        if child.type in ("em_open", "strong_open"):
            texts.append("")
            native.append("")
        elif child.type in ("em_close", "strong_close"):
            inner, own = texts.pop(), native.pop()
            term = _TERM.fullmatch(inner)
            texts[-1] += inner
            native[-1] += f"{term[1]} {term[2]}" if term else CODE if child.type == "em_close" else own
        elif child.type == "html_inline":
            if tag := _TAG_OF_CODE.match(child.content):
                code += -1 if tag[1] else 1
                added = CODE if not tag[1] else ""
        elif child.type == "code_inline":
            added = CODE
        elif child.type in ("softbreak", "hardbreak"):
            added = " "
        elif child.type == "text" and not code:
            added = child.content
        texts[-1] += added
        native[-1] += added
    return texts[0], native[0]


class HtmlText(HTMLParser):
    """The prose, alternative texts and links of a block of HTML."""

    def __init__(self, source: str) -> None:
        """Read all of `source`."""
        super().__init__()
        self.prose = ""
        self.alternatives: list[str] = []
        self.targets: list[str] = []
        self._silent = 0
        self.feed(source)
        self.close()
        self.prose = self.prose.strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag shows or leads to."""
        values = {name: value or "" for name, value in attrs}
        if tag in ("code", "kbd", "pre", "samp", "script", "style", "svg"):
            self._silent += 1
            self.prose += CODE
        if values.get("alt"):
            self.alternatives.append(values["alt"])
        self.targets += [values[name] for name in ("href", "src") if values.get(name)]

    def handle_endtag(self, tag: str) -> None:
        """Leave code behind."""
        if tag in ("code", "kbd", "pre", "samp", "script", "style", "svg"):
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        """Keep what a person reads."""
        if not self._silent:
            self.prose += data


# Code.

_MARKER = re.compile(r"#\s*(?:!|noqa\b|type:|%%)|###")
_TAG = re.compile(r"</?[a-z]")
_SPAN = re.compile(r"`[^`\n]+`")
_FEWEST_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_PYTHON = frozenset({*keyword.kwlist, *dir(builtins)})


def code_pieces(source: str, place: str) -> list[Piece]:
    """Return the comments and the messages of a code cell."""
    names = identifiers(source)
    found = [
        Piece(place, "comment", text, text, names=names)
        for text in comments(source)
        if not _MARKER.match(text) and _WORD.search(text)
    ]
    return found + [Piece(place, "message", text, text, names=names) for _, text in messages(source)]


def comments(source: str) -> list[str]:
    """Return the comments of Python code, each from its `#` on."""
    try:
        read_tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [token.string for token in read_tokens if token.type == tokenize.COMMENT]


def messages(source: str) -> list[tuple[int, str]]:
    """Return (line, text) of the strings of three words or more in Python code, without docstrings and HTML's tags.

    An f-string is one text, with CODE for what is computed or stands in backquotes. Code that does not parse has none.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    found: list[tuple[int, str]] = []
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            parts = [part.value if isinstance(part, ast.Constant) else CODE for part in node.values]
            found.append((node.lineno, "".join(map(str, parts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            found.append((node.lineno, node.value))
    plain = ((line, HtmlText(text).prose if _TAG.search(text) else text) for line, text in found)
    # A program in a string has its newlines written out.
    told = ((line, _SPAN.sub(CODE, text.replace("\\n", " "))) for line, text in plain)
    return [(line, text) for line, text in told if sum(map(bool, map(_WORD.search, text.split()))) >= _FEWEST_WORDS]


def identifiers(source: str) -> frozenset[str]:
    """Return Python's own names and those that the code uses: a message may speak of them without quotes.

    Named arguments are names also in the calls that stand in strings, as tests of functions write them.
    """
    outside = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", " ", source)
    return _PYTHON.union(re.findall(r"[^\W\d]\w*", outside), re.findall(r"[(,]\s*([^\W\d]\w*)=(?!=)", source))


# Files.


@functools.cache
def notebook(path: Path) -> NotebookNode:
    """Return the notebook at `path`, read once a process."""
    return read(path)


def notebook_pieces(path: Path, name: str) -> list[Piece]:
    """Return all prose of the notebook at `path`; places are `name, cell id`."""
    found: list[Piece] = []
    for cell in notebook(path).cells:
        place = f"{name}, cell {cell.id}"
        if cell.cell_type == "markdown":
            found += markdown_pieces(cell.source, place)
        elif cell.cell_type == "code":
            found += code_pieces(cell.source, place)
    return found


def file_pieces(path: Path, root: Path) -> list[Piece]:
    """Return all prose of a notebook or a Markdown file."""
    name = path.relative_to(root).as_posix()
    if path.suffix == ".ipynb":
        return notebook_pieces(path, name)
    return markdown_pieces(path.read_text(encoding="utf-8"), name, lines=True)


def code_lines(source: str) -> int:
    """Return the lines of a code cell that are neither blank nor a comment alone."""
    lines = (line.strip() for line in source.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)
