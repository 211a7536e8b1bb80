"""How an explanation looks: HTML that follows the page's colours, and the same as plain text."""

from __future__ import annotations

import re
from html import escape

from melayani.galat.rules import Explanation

#: Contrast of the edge is over 3 : 1 on JupyterLab's light and dark pages; the text has the page's own colours.
EXPLANATION_EDGE, CHECK_EDGE = "#2b7fb8", "#d55e00"


def explanation(told: Explanation) -> dict[str, str]:
    """Return the explanation as a bundle of forms for Jupyter."""
    title = f"Pembaca galat: {told.kind}, {told.place}"
    return {
        "text/html": _box(EXPLANATION_EDGE, "Pembaca galat", title, [_marked(told.cause), _marked(told.look)]),
        "text/plain": f"{title}\n{told.cause}\n{told.look}",
    }


def failed_check(message: str) -> dict[str, str]:
    """Return the message of a failed check as a bundle of forms for Jupyter."""
    title = "Uji ini belum lolos"
    after = "Perbaiki jawabannya, jalankan selnya, lalu jalankan uji ini lagi."
    return {
        "text/html": _box(CHECK_EDGE, "Pesan uji", title, [escape(message).replace("\n", "<br>"), after]),
        "text/plain": f"{title}\n{message}\n{after}",
    }


def _box(edge: str, label: str, title: str, paragraphs: list[str]) -> str:
    """Return a note with a title and paragraphs of HTML."""
    texts = [f"<strong>{escape(title)}</strong>", *paragraphs]
    body = "".join(f'<p style="margin: 0.2em 0">{text}</p>' for text in texts)
    return (
        f'<div role="note" aria-label="{label}" lang="id" '
        f'style="border-left: 4px solid {edge}; padding: 0.2em 0.8em; margin: 0.4em 0; max-width: 45em">{body}</div>'
    )


def _marked(text: str) -> str:
    """Return the HTML of a text with code between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
