"""Formulas as pictures, drawn by matplotlib: no script, no font and no host is needed to read them."""

from __future__ import annotations

import io
from base64 import b64encode
from functools import lru_cache

from markupsafe import Markup

_LONGEST = 300
_DEEPEST = 8
_POINTS = 12
_WIDEST = 3000


@lru_cache(maxsize=1024)
def formula(body: str) -> Markup:
    """Return TeX as an `<img>` whose text is the TeX; as its text alone what matplotlib's mathtext can't draw."""
    body = " ".join(body.split())
    text = f"${body}$"
    drawn = _draw(text) if 0 < len(body) <= _LONGEST and _depth(body) <= _DEEPEST and "$" not in body else None
    if drawn is None:
        return Markup("{}").format(text)
    svg, below = drawn
    source = b64encode(svg).decode()
    return Markup('<img alt="{}" style="vertical-align: -{}pt" src="data:image/svg+xml;base64,{}">').format(
        body, f"{below:.1f}", source
    )


def _draw(text: str) -> tuple[bytes, float] | None:
    # Only who shows a formula pays for the import.
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    font = FontProperties(size=_POINTS, math_fontfamily="dejavuserif")  # type: ignore[arg-type]
    try:
        width, height, depth, *_ = MathTextParser("path").parse(text, dpi=72, prop=font)
        if width > _WIDEST or height > _WIDEST:
            return None
        figure = Figure(figsize=(width / 72, height / 72))
        figure.text(0, depth / height, text, fontproperties=font)
        buffer = io.BytesIO()
        with mpl.rc_context({"svg.hashsalt": "melayani", "svg.fonttype": "path"}):
            figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    except (ValueError, RecursionError, ZeroDivisionError):
        return None
    return buffer.getvalue(), float(depth)


def _depth(body: str) -> int:
    deepest = depth = 0
    for sign in body:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest
