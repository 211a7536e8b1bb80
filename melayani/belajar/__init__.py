"""Teaching pictures that lessons show in cells tagged `disediakan`; every text in them is in Bahasa."""

from melayani.belajar.bingkai import bingkai
from melayani.belajar.diagram import diagram
from melayani.belajar.gambar import gambar
from melayani.belajar.jejak import jejak
from melayani.belajar.susun import susun

__all__ = ["bingkai", "diagram", "gambar", "jejak", "susun"]
