"""What the teaching pictures return: HTML for the page, the same in words where there is no page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, repr=False)
class Keluaran:
    """An output with an HTML form (`html`) and a plain one (`teks`); Jupyter stores both."""

    html: str
    teks: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the plain form."""
        return self.teks


def figure(svg: bytes, alt: str, keterangan: str = "") -> Keluaran:
    """Return `svg` as a picture with an alternative text and, if not empty, a caption.

    An `<img>` in HTML is the one form whose alternative text survives in JupyterLab (trusted or not),
    nbconvert and GitHub.
    """
    source = base64.b64encode(svg).decode("ascii")
    caption = f"<figcaption>{escape(keterangan)}</figcaption>" if keterangan else ""
    html = (
        '<figure style="margin: 0.5em 0">'
        f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{source}" style="max-width: 100%">'
        f"{caption}</figure>"
    )
    return Keluaran(html, alt)
