"""What a trainee wrote, made harmless for the browser of a grader or of another trainee.

Filters of the pages in `templates/`: each returns HTML that is safe as it stands, whatever it is given. Scripts, forms,
frames, style sheets and addresses of other hosts are gone; tables, pictures, headings and links to click on stay.
"""

from __future__ import annotations

import functools
import mimetypes
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from bs4 import BeautifulSoup
from IPython.lib.lexers import IPython3Lexer
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

from melayani.grading.formula import formula

ALT = "Gambar hasil sel ini, tanpa keterangan."
# Larger or deeper HTML is shown as its text: no honest cell makes it, and taking it apart costs minutes.
_LARGEST = 4_000_000
_MOST_MARKS = 10_000
_DEEPEST = 200
_LONGEST_TEXT = 5_000
_LONGEST_KEPT = 20_000  # of what is kept for the next page

_TAGS = frozenset(
    [
        *("a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details"),
        *("div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
        *("ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "samp", "small", "span", "strong", "sub"),
        *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var"),
    ]
)
# Gone with all they hold; of other tags that are not listed above the text stays.
_DROPPED = [
    *("script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "template", "noscript"),
    *("noframes", "noembed", "form", "textarea", "select", "button", "svg", "math", "link", "meta", "base", "title"),
    *("audio", "video"),
]
_CSS = CSSSanitizer(
    allowed_css_properties=[
        *("color", "background-color", "font-weight", "font-style", "text-align", "text-decoration"),
        *("border", "border-collapse", "padding", "vertical-align", "white-space"),
    ]
)
# Of classes only those that pandas and the colours of code use: the page's own would let a hand-in dress as the page.
_CLASS = re.compile(r"dataframe|highlight|[a-z][a-z0-9]{0,2}")
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
# Tags but those that need no end.
_NESTING = re.compile(r"<(/?)(?!(?:br|hr|img|wbr|input|col|li|p|td|th|tr|dt|dd)\b)[a-z]", re.IGNORECASE)
_PICTURE_OF = re.compile(r"!\[|<img", re.IGNORECASE)  # which may lie beside the notebook
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def safe_html(html: str) -> Markup:
    """Return untrusted HTML with only harmless tags left, its headings one level down, every image with a text."""
    html = str(html)
    return _known_html(html) if len(html) < _LONGEST_KEPT else _safe_html(html)


def _safe_html(html: str) -> Markup:
    if len(html) > _LARGEST or html.count("<") + html.count("&") > _MOST_MARKS or _depth(html) > _DEEPEST:
        return Markup('<pre class="output">{}</pre>').format(html[:_LONGEST_TEXT])
    soup = BeautifulSoup(html, "html.parser")
    for element in soup(_DROPPED):
        if not element.decomposed:
            element.decompose()
    for link in soup.select("a.anchor-link"):
        link.decompose()
    for heading in soup(["h1", "h2", "h3", "h4", "h5"]):
        heading.name = f"h{int(heading.name[1]) + 1}"
    for image in soup("img"):
        image["alt"] = image.get("alt") or ALT
        if not _PICTURE.match(str(image.get("src", ""))):
            image.replace_with(f"[Gambar tidak ikut dalam halaman ini: {image['alt']}]")
    for element in soup(class_=True):
        element["class"] = " ".join(filter(_CLASS.fullmatch, element["class"]))
    clean = bleach.clean(
        str(soup),
        tags=_TAGS,
        attributes=_attribute,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=_CSS,
        strip=True,
    )
    # A link opens beside the page and doesn't tell where it was clicked.
    return Markup(clean.replace("<a href=", '<a rel="noopener noreferrer" target="_blank" href='))


#: What all hand-ins of an assignment have, its texts and its given code, is worked out once.
_known_html = functools.lru_cache(maxsize=1000)(_safe_html)


@pass_context
def markdown(context: Context, source: str) -> Markup:
    """Return untrusted Markdown as safe HTML; formulas, attachments and files beside the notebook become pictures.

    Text that the parser can't take comes as it was written.
    """
    cell, resources = context.get("cell") or {}, context.get("resources") or {}
    folder = Path((resources.get("metadata") or {}).get("path") or ".")
    try:
        if cell.get("attachments") or _PICTURE_OF.search(source) or len(source) > _LONGEST_KEPT:
            html = _rendered(source, folder, cell.get("attachments") or {})
        else:
            html = _known_text(source)
    except Exception:
        return Markup("<p>{}</p>").format(paragraphs(source))
    return safe_html(html)


def _rendered(source: str, folder: Path = Path(), attachments: dict[str, Any] | None = None) -> str:
    return str(MarkdownWithMath(_Renderer(attachments or {}, folder)).render(source))


_known_text = functools.lru_cache(maxsize=1000)(_rendered)


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown with formulas and pictures that need neither a script nor another host."""

    def __init__(self, attachments: dict[str, Any], folder: Path) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, attachments=attachments)
        self._folder = folder.resolve()

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture whose bytes are in the page; its text alone where there is none."""
        if url.startswith("attachment:") and url.removeprefix("attachment:") not in self.attachments:
            url = ""
        return str(super().image(text, self._beside(url) or url, title))

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own."""
        return f"<p>{formula(body)}</p>"

    def inline_math(self, body: str) -> str:
        """Return a formula in its line."""
        return str(formula(body))

    def _beside(self, url: str) -> str:
        """Return the picture file `url` in the folder of the notebook as data, "" if it is none."""
        kind = mimetypes.guess_type(url)[0] or ""
        path = self._folder / url
        if ":" in url or not _PICTURE.match(f"data:{kind};") or not path.is_file():
            return ""
        if self._folder not in path.resolve().parents or path.stat().st_size > _LARGEST // 2:
            return ""
        return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def picture(data: object, kind: str, alt: object = None) -> Markup:
    """Return an output's picture (base64 text of `kind` png or jpeg, SVG as its own text) as an image.

    In an image no script of an SVG runs and nothing is loaded. What is no picture becomes a sentence.
    """
    text = data if isinstance(data, str) else ""
    described = alt if isinstance(alt, str) and alt.strip() else ALT
    if kind == "svg+xml":
        text = b64encode(text.encode()).decode()
    if not text.strip() or not _BASE64.fullmatch(text):
        return Markup("<p>[Gambar ini tidak dapat dibaca: {}]</p>").format(described)
    return Markup('<img alt="{}" src="data:image/{};base64,{}">').format(described, kind, "".join(text.split()))


@functools.lru_cache(maxsize=1000)
def code(source: str) -> Markup:
    """Return a code cell's source in colours, as Python whatever the notebook says of itself."""
    return Markup(highlight(source or " ", IPython3Lexer(), HtmlFormatter(cssclass="highlight")))


def paragraphs(text: str) -> Markup:
    """Return plain text with its line breaks, escaped."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _attribute(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return name in ("alt", "width", "height") or (name == "src" and bool(_PICTURE.match(value)))
    if tag == "a":
        return name == "title" or (name == "href" and bool(_LINK.match(value)))
    if tag in ("td", "th") and name in ("colspan", "rowspan", "scope"):
        return True
    return name in ("class", "style", "title", "open", "start")


def _depth(html: str) -> int:
    """Return how deep the tags nest at most, those that never close included."""
    deepest = depth = 0
    for closing in _NESTING.findall(html):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest
