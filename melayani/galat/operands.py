"""TypeError in arithmetic and comparisons: the types on both sides do not fit."""

from __future__ import annotations

import ast
import re
from types import BuiltinFunctionType, EllipsisType, FunctionType, MethodType

from melayani.galat.facts import UNKNOWN, Situation, shown
from melayani.galat.told import Told

SIGNS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
NUMBERS = {"int", "float", "bool"}
FUNCTIONS = {kind.__name__ for kind in (FunctionType, BuiltinFunctionType, MethodType)} | {"type"}
#: What 3.11 to 3.13 all say where a side is neither a name nor a literal.
_TYPES = (
    re.compile(r"unsupported operand type\(s\) for [^:]+: '(\w+)' and '(\w+)'"),
    re.compile(r"not supported between instances of '(\w+)' and '(\w+)'"),
    re.compile(r"can only concatenate (\w+) \(not \"(\w+)\"\) to \w+"),
)


def operands(facts: Situation) -> Told | None:
    """Two sides that can't be added, multiplied, compared …"""
    node = facts.node
    if isinstance(node, ast.BinOp):
        sides, sign = (node.left, node.right), SIGNS.get(type(node.op))
    elif isinstance(node, ast.AugAssign):
        sides, sign = (node.target, node.value), SIGNS.get(type(node.op))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        sides, sign = (node.left, node.comparators[0]), SIGNS.get(type(node.ops[0]))
    else:
        return None
    types = _types(facts, sides)
    if not sign or not types:
        return None
    by_type = dict(zip(types, sides, strict=True))
    if "NoneType" in types:
        return _none(by_type["NoneType"])
    if EllipsisType.__name__ in types:
        return Told(
            "belum-diisi",
            "Tiga titik (`...`) masih berada di tempat jawaban, sehingga belum ada nilai yang dapat dihitung.",
            "Ganti tiga titik itu dengan jawaban Anda dan jalankan selnya. Lalu, jalankan lagi sel ini.",
        )
    if kind := next((kind for kind in types if kind in FUNCTIONS), None):
        name = shown(by_type[kind])
        return Told(
            "fungsi-belum-dipanggil",
            f"Salah satu sisi tanda `{sign}` adalah fungsi {name or 'itu sendiri'}, bukan hasilnya. "
            "Fungsi baru berjalan jika namanya diikuti tanda kurung.",
            "Tambahkan kurung sesudah nama fungsi itu, beserta argumen yang diperlukannya.",
        )
    if "tuple" in types and set(types) & NUMBERS:
        return _comma(facts, by_type["tuple"])
    if "str" in types and (set(types) & NUMBERS or set(types) == {"str"}):
        return _text(sign, isinstance(node, ast.Compare), set(types) == {"str"})
    return None


def _types(facts: Situation, sides: tuple[ast.expr, ast.expr]) -> tuple[str, str] | None:
    """Return the names of the types of both sides."""
    values = [facts.value(side) for side in sides]
    if not any(value is UNKNOWN for value in values):
        return type(values[0]).__name__, type(values[1]).__name__
    match = next(filter(None, (pattern.search(facts.message) for pattern in _TYPES)), None)
    return (match[1], match[2]) if match else None


def _none(side: ast.expr) -> Told:
    return Told(
        "none-dalam-hitungan",
        f"Nilai {shown(side) or 'di salah satu sisi'} adalah `None`, artinya tidak ada nilai yang dapat dihitung.",
        "Periksa asal nilai itu. Fungsi yang menampilkan hasil dengan `print`, tanpa `return`, menghasilkan `None`.",
    )


def _comma(facts: Situation, side: ast.expr) -> Told | None:
    value = facts.value(side)
    if isinstance(side, ast.Name) and not (type(value) is tuple and all(type(part) is int for part in value)):
        return None
    return Told(
        "koma-desimal",
        f"Nilai {shown(side) or 'di salah satu sisi'} memuat koma. "
        "Python membacanya sebagai beberapa nilai, bukan satu bilangan desimal.",
        "Tulis bilangan desimal dengan titik, misalnya `2.5`, dan ribuan tanpa pemisah, misalnya `5000`.",
    )


def _text(sign: str, comparison: bool, both: bool) -> Told:
    if comparison:
        return Told(
            "banding-teks-angka",
            f"Tanda `{sign}` membandingkan teks dengan angka. Urutan keduanya tidak ditentukan dalam Python.",
            "Cari nilai yang masih diapit tanda kutip. Ubah menjadi angka dengan `int` atau `float`, lalu bandingkan.",
        )
    if both:
        return Told(
            "teks-dihitung",
            f"Kedua sisi tanda `{sign}` adalah teks, meskipun isinya tampak seperti angka. Teks tidak dapat dihitung.",
            "Ubah keduanya menjadi angka dengan `int` atau `float` sebelum menghitung.",
        )
    return Told(
        "teks-dan-angka",
        f"Tanda `{sign}` bertemu teks di satu sisi dan angka di sisi lain. Python tidak mengubah tipe tanpa diminta.",
        "Untuk menyambung, ubah angkanya dengan `str`. Untuk menghitung, ubah teksnya dengan `int` atau `float`.",
    )
