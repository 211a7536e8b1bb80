"""ValueError and ZeroDivisionError: the type fits, the value does not."""

from __future__ import annotations

import ast
import re

from melayani.galat.facts import UNKNOWN, Situation, literal, shown
from melayani.galat.told import Told

_FROM_MESSAGE = re.compile(
    r"(?:invalid literal for int\(\) with base 10|could not convert string to float): (.*)", re.DOTALL
)


def number(facts: Situation) -> Told | None:
    """A text that int or float can't read."""
    node = facts.node
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return None
    called = facts.value(node.func)
    if called is not int and called is not float:
        return None
    text = facts.value(node.args[0])
    if text is UNKNOWN and (match := _FROM_MESSAGE.match(facts.message)):
        text = ast.literal_eval(match[1])
    if type(text) is not str:
        return None
    name = called.__name__
    if not text.strip():
        return Told(
            "teks-kosong",
            f"`{name}` mendapat teks yang kosong. Tidak ada angka di dalamnya yang dapat diubah.",
            "Periksa asal teks di dalam kurung: mungkin datanya belum diisi, atau hanya berisi spasi.",
        )
    if re.fullmatch(r"\s*-?[\d.]*\d,\d{1,2}\s*", text):
        return Told(
            "koma-dalam-teks",
            f"Teks {literal(text)} memakai koma desimal, seperti tulisan kita sehari-hari. Python memakai titik.",
            'Ganti komanya, misalnya dengan `replace(",", ".")`, lalu ubah dengan `float`.',
        )
    if re.fullmatch(r"\s*(Rp\.?)?\s*-?[\d.,]+\s*", text) and re.search(r"[.,]", text):
        return Told(
            "angka-berpemisah",
            f"Teks {literal(text)} memuat titik atau koma yang tidak dapat dibaca `{name}`. "
            "Python tidak mengenal pemisah ribuan.",
            'Hapus pemisah ribuan, misalnya dengan `replace(".", "")`. Untuk desimal, gunakan titik dan `float`.',
        )
    return Told(
        "teks-bukan-angka",
        f"`{name}` hanya dapat mengubah teks yang berisi angka. Teks {literal(text)} memuat karakter lain.",
        "Periksa huruf, satuan, atau tanda di dalam teks itu. Ambil angkanya saja sebelum mengubahnya.",
    )


def format_code(facts: Situation) -> Told | None:
    """A format code that is none, or is one for another type."""
    inside = isinstance(facts.node, ast.FormattedValue | ast.JoinedStr) or (
        isinstance(facts.node, ast.Call) and shown(facts.node.func).endswith("format`")
    )
    # Python says this in words only: "Unknown format code", "Invalid format specifier" (3.11 to 3.13).
    if not inside or not re.search(r"format (code|specifier|string)", facts.message):
        return None
    return Told(
        "kode-format",
        "Kode sesudah titik dua di dalam kurung kurawal tidak dikenal, atau tidak cocok dengan tipe nilainya.",
        "Bandingkan kode itu dengan contoh dalam pelajaran. Kode angka, misalnya `.2f`, tidak berlaku untuk teks.",
    )


def zero(facts: Situation) -> Told | None:
    """A division by zero; the divisor is named."""
    node = facts.node
    divisor = node.right if isinstance(node, ast.BinOp) else node.value if isinstance(node, ast.AugAssign) else None
    return Told(
        "bagi-nol",
        f"Pembaginya{f', {shown(divisor)},' if shown(divisor) else ''} bernilai nol. "
        "Pembagian dengan nol tidak memiliki hasil.",
        "Periksa asal nilai nol itu. Tentukan juga apa yang harus terjadi jika pembaginya memang nol.",
    )
