"""Rules for the text of the course: forbidden forms, spelling, headings, objectives and JP, links, length of cells.

Each rule returns what is wrong as lines "place: what", with what to write instead where that is known.
`python -m melayani.authoring.text [file …]` prints them for the files named, or for all of the course.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import re
import sys
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from melayani.authoring import spelling
from melayani.authoring.notebooks import committed
from melayani.authoring.prose import (
    CODE,
    HtmlText,
    Piece,
    code_lines,
    file_pieces,
    identifiers,
    messages,
    notebook,
    tokens,
)
from melayani.course import find_root

FORMS = Path(__file__).parent / "bahasa" / "bentuk_keliru.txt"
IN_BAHASA = re.compile(r"README\.id\.md|docs/pengajar(?:\.md|/.+)")
MOST_LINES = 12
_LESSON = re.compile(r"\d\d-[a-z0-9-]+")


def lessons(root: Path) -> list[Path]:
    """Return the lessons: notebooks in course/NN-name; the glossary is none."""
    return [path for path in committed(root) if _is_lesson(path, root)]


def _is_lesson(path: Path, root: Path) -> bool:
    return path.is_relative_to(root / "course") and bool(_LESSON.fullmatch(path.parent.name))


def documents(root: Path) -> list[Path]:
    """Return the Markdown files of the repository, in Bahasa or English."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def sources(root: Path) -> list[Path]:
    """Return the files of the package that speak to trainees and instructors; authoring/ speaks to maintainers."""
    package = root / "melayani"
    files = [*package.rglob("*.py"), *package.rglob("*.j2")]
    return sorted(path for path in files if not path.is_relative_to(package / "authoring"))


def problems(path: Path, root: Path, speller: spelling.Speller | None) -> list[str]:
    """Return all that is wrong with the text of one file; without a speller, words are not looked up."""
    if path.suffix in (".py", ".j2"):
        pieces = source_pieces(path, root, speller) if speller else []
        found = []
    else:
        name = path.relative_to(root).as_posix()
        pieces = file_pieces(path, root) if path.suffix == ".ipynb" or IN_BAHASA.fullmatch(name) else []
        found = heading_problems(markdown_of(path, root)) + link_problems(path, root)
    if _is_lesson(path, root):
        found += title_problems(path, root) + long_cells(path, root)
    found += wrong_forms(pieces, forms())
    return found + misspelt(pieces, speller) if speller else found


# Forbidden forms.


@dataclass(frozen=True)
class Form:
    """A wrong form and the right one."""

    pattern: re.Pattern[str]
    right: str


class FormError(ValueError):
    """A line of the list of forms that can't be read; the text names file and line."""


def read_forms(path: Path = FORMS) -> list[Form]:
    """Return the forms of a list; `#` begins a comment line. Raises FormError for anything unclear.

    A line is `wrong<TAB>right`. `wrong` is a word or phrase, in any case and with -nya, -lah, -kah, or a regular
    expression as /…/ (case counts) or /…/i (it does not), in which `~` stands for code.
    """
    forms = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        wrong, _, right = (part.strip() for part in line.partition("\t"))
        if not (wrong and right):
            raise FormError(f"{path}:{number}: expected 'wrong<TAB>right', got {line!r}")
        try:
            forms.append(Form(_pattern(wrong), right))
        except re.error as error:
            raise FormError(f"{path}:{number}: {error}") from error
    return forms


def _pattern(wrong: str) -> re.Pattern[str]:
    if regex := re.fullmatch("/(.+)/(i?)", wrong):
        return re.compile(regex[1].replace("~", CODE), re.IGNORECASE if regex[2] else 0)
    words = r"\s+".join(re.escape(word) for word in wrong.split())
    return re.compile(rf"(?<![\w-]){words}(?:nya|lah|kah)?(?![\w-])", re.IGNORECASE)


@functools.cache
def forms() -> list[Form]:
    """Return the course's list of forbidden forms, read once a process."""
    return read_forms()


def wrong_forms(pieces: Iterable[Piece], forms: Iterable[Form]) -> list[str]:
    """Return the forbidden forms in `pieces`."""
    forms = list(forms)
    return [
        f"{piece.place}: '{match[0].strip()}' → {form.right}"
        for piece in pieces
        for form in forms
        for match in form.pattern.finditer(" ".join(piece.text.split()))
    ]


def misspelt(pieces: Iterable[Piece], speller: spelling.Speller) -> list[str]:
    """Return the misspelt words of `pieces`. Names of the code around and of Python are right in code only."""
    return [
        f"{piece.place}: '{word}' is misspelt, or belongs into {spelling.WORDS.name}"
        for piece in pieces
        for word in speller.misspelt(piece.native, piece.names)
    ]


def source_pieces(path: Path, root: Path, speller: spelling.Speller) -> list[Piece]:
    """Return the messages in Bahasa of a Python file or a template of HTML.

    A string counts as Bahasa if two thirds of its words are right: what is written to logs and shells falls out.
    """
    name = path.relative_to(root).as_posix()
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".j2":
        plain = re.sub(r"(?s)\{\{.*?\}\}", CODE, re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}", " ", source))
        text = HtmlText(plain)
        lines = [(1, line.strip()) for line in [*text.prose.splitlines(), *text.alternatives]]
        names: frozenset[str] = frozenset()
    else:
        lines = messages(source)
        names = identifiers(source)
    found = []
    for number, line in lines:
        words = re.findall(r"[^\W\d_]{2,}", line.replace(CODE, " "))
        right = sum(map(speller.is_right, words))
        if 3 * right >= 2 * len(words) > 0:
            found.append(Piece(f"{name}:{number}", "message", line, line, names=names))
    return found


# Structure of a document.


def heading_problems(sources: Iterable[tuple[str, str]]) -> list[str]:
    """Return what is wrong with the headings of one document, given as (place, Markdown) in order.

    It begins with its only H1, and no level is skipped on the way down.
    """
    levels = [
        (place, int(token.tag[1]))
        for place, source in sources
        for token in tokens(source)
        if token.type == "heading_open"
    ]
    if not levels:
        return ["there is no heading"]
    found = []
    if levels[0][1] != 1:
        found.append(f"{levels[0][0]}: the first heading is not an H1")
    found += [f"{place}: a second H1" for place, level in levels[1:] if level == 1]
    found += [
        f"{place}: an H{below} follows an H{above}"
        for (_, above), (place, below) in itertools.pairwise(levels)
        if below > above + 1
    ]
    return found


def markdown_of(path: Path, root: Path) -> list[tuple[str, str]]:
    """Return the Markdown of a notebook or a Markdown file as (place, source), in order."""
    name = path.relative_to(root).as_posix()
    if path.suffix != ".ipynb":
        return [(name, path.read_text(encoding="utf-8"))]
    return [(f"{name}, cell {cell.id}", cell.source) for cell in notebook(path).cells if cell.cell_type == "markdown"]


def objectives(title: str) -> list[str]:
    """Return the objectives in a lesson's title cell: the items of the list below "…, Anda dapat"."""
    found: list[str] = []
    announced = inside = False
    for token in tokens(title):
        if token.type in ("bullet_list_open", "bullet_list_close"):
            inside = announced and token.nesting == 1
            announced = announced and token.nesting == 1
        elif token.type == "inline" and inside:
            found.append(token.content)
        elif token.type == "inline":
            announced = token.content.rstrip().endswith("Anda dapat")
    return found


def minutes(title: str) -> int | None:
    """Return the JP (units of 45 minutes) that a lesson's title cell states, None if it does not."""
    match = re.search(r"(?m)^(?:> )?\*[a-z ]+\* · (\d+) JP\b", title)
    return int(match[1]) if match else None


def title_problems(path: Path, root: Path) -> list[str]:
    """Return what the title cell of a lesson lacks: its JP, 2 to 5 objectives as a well-formed list."""
    place, title = markdown_of(path, root)[0]
    found = []
    if minutes(title) is None:
        found.append(f"{place}: no line such as '*cepat* · 1 JP · …'")
    items = objectives(title)
    if not 2 <= len(items) <= 5:
        found.append(f"{place}: {len(items)} objectives in the list below '…, Anda dapat', not 2–5")
        return found
    ends = [*([";"] * (len(items) - 2)), "; dan", "."]
    found += [
        f"{place}: the objective '{item}' should end in '{end}'"
        for item, end in zip(items, ends, strict=False)
        if not item.endswith(end)
    ]
    return found


def long_cells(path: Path, root: Path) -> list[str]:
    """Return the code cells of a lesson with more than MOST_LINES lines of code; what is given is excepted."""
    name = path.relative_to(root).as_posix()
    return [
        f"{name}, cell {cell.id}: {code_lines(cell.source)} lines of code; at most {MOST_LINES}, or tag it disediakan"
        for cell in notebook(path).cells
        if cell.cell_type == "code" and not is_given(cell) and code_lines(cell.source) > MOST_LINES
    ]


def is_given(cell: NotebookNode) -> bool:
    """Return whether a code cell is a given tool or picture, to be run and not to be read."""
    return "disediakan" in cell.metadata.get("tags", [])


# Links.


def targets(source: str) -> Iterator[str]:
    """Yield what the links and pictures of a Markdown text lead to, in order."""
    for token in tokens(source):
        if token.type == "html_block":
            yield from HtmlText(token.content).targets
        for child in token.children or []:
            if child.type in ("link_open", "image"):
                yield str(child.attrs.get("href") or child.attrs.get("src") or "")
            elif child.type == "html_inline":
                yield from HtmlText(child.content).targets


def link_problems(path: Path, root: Path) -> list[str]:
    """Return the links of a document that lead nowhere: no such file or heading, or not an address. No network."""
    return [
        f"{place}: link to {target!r}: {problem}"
        for place, source in markdown_of(path, root)
        for target in targets(source)
        if (problem := _problem(target, path, root))
    ]


def _problem(target: str, path: Path, root: Path) -> str | None:
    parts = urllib.parse.urlsplit(target)
    if parts.scheme in ("http", "https"):
        return None if re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?|localhost(:\d+)?", parts.netloc) else "not an address"
    if parts.scheme == "data":
        return None
    if parts.scheme or parts.netloc:
        return "neither a file nor http"
    if target.startswith("/"):
        return "not relative"
    file = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path.resolve()
    if not file.is_relative_to(root.resolve()):
        return "outside of the repository"
    if not file.exists():
        return "there is no such file"
    if parts.fragment and urllib.parse.unquote(parts.fragment) not in anchors(file, root.resolve()):
        return "there is no such heading"
    return None


def anchors(file: Path, root: Path) -> set[str]:
    """Return the anchors of the headings of a notebook, as JupyterLab names them, or of a Markdown file, as GitHub."""
    if file.suffix not in (".ipynb", ".md"):
        return set()
    found = set()
    for _, source in markdown_of(file, root):
        for before, token in itertools.pairwise(tokens(source)):
            if before.type == "heading_open":
                text = "".join(child.content for child in token.children or [] if child.type in ("text", "code_inline"))
                if file.suffix == ".md":
                    text = re.sub(r"[^\w\- ]", "", text.lower())
                found.add(text.strip().replace(" ", "-"))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong; return 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m melayani.authoring.text", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="notebooks, Markdown or Python (default: all)")
    root = find_root()
    files = [path.resolve() for path in parser.parse_args(arguments).files]
    speller = spelling.speller() if spelling.is_installed() else None
    if not speller:
        print("hunspell-id is not installed: words are not looked up", file=sys.stderr)
    found = [
        problem
        for path in files or [*committed(root), *documents(root), *sources(root)]
        for problem in problems(path, root, speller)
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
