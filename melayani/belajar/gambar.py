"""`gambar`: a matplotlib figure with an alternative text, the same bytes in every run."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from melayani.belajar.keluaran import Keluaran, figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def gambar(fig: Figure, alt: str, keterangan: str = "") -> Keluaran:
    """Return `fig` as an SVG picture described by `alt`, with `keterangan` below it; the figure is closed.

    Raises ValueError, with a sentence in Bahasa, when `alt` is blank.
    """
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    if not alt.strip():
        raise ValueError("Teks alternatif (alt) masih kosong. Tulis dengan kata-kata apa yang terlihat pada gambar.")
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "melayani", "svg.fonttype": "path"}):
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(fig)
    return figure(buffer.getvalue(), alt, keterangan)
