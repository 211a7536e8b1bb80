"""Texts, lists, dictionaries: an index or key that is not there, and types that have no members."""

from __future__ import annotations

import ast
import sys
from types import BuiltinFunctionType, EllipsisType, FunctionType
from typing import Any

from melayani.galat.facts import UNKNOWN, Situation, literal, shown, similar, texts
from melayani.galat.names import TYPES
from melayani.galat.told import Told

INDEXED = (str, list, tuple)


def types(facts: Situation) -> Told | None:
    """Square brackets or a loop where the type allows none."""
    node = facts.node
    if isinstance(node, ast.Subscript):
        return _brackets(facts, node)
    loop = facts.parent(node)
    value = facts.value(node)
    if isinstance(node, ast.For):
        value, loop, node = facts.value(node.iter), node, node.iter
    if isinstance(loop, ast.For | ast.comprehension) and loop.iter is node and type(value) in (int, float):
        return Told(
            "ulang-angka",
            f"Perulangan memerlukan kumpulan nilai, sedangkan {shown(node)} hanya satu angka.",
            f"Jika putarannya sebanyak angka itu, gunakan `range`: {_ranged(node)}.",
        )
    return None


def _ranged(node: ast.AST) -> str:
    return f"`range({ast.unparse(node)})`"


def _brackets(facts: Situation, node: ast.Subscript) -> Told | None:
    value, key = facts.value(node.value), facts.value(node.slice)
    kind = type(value)
    what = shown(node.value) or "nilai itu"
    if value is UNKNOWN:
        return None
    if value is None or kind is EllipsisType:
        return Told(
            "kurung-siku-none",
            f"Nilai {what} adalah {literal(value) or '`...`'}, artinya belum ada isi yang dapat diambil "
            "dengan kurung siku.",
            "Periksa asal nilai itu: jawaban yang belum diisi, atau fungsi yang memakai `print`, bukan `return`.",
        )
    if kind in (FunctionType, BuiltinFunctionType, type):
        return Told(
            "kurung-siku-fungsi",
            f"Sesudah nama fungsi {what} ada kurung siku. Fungsi dipanggil dengan kurung biasa.",
            "Ganti tanda `[` dan `]` dengan `(` dan `)`, lalu jalankan lagi selnya.",
        )
    if kind in (int, float, bool):
        return Told(
            "kurung-siku-angka",
            f"Kurung siku mengambil bagian dari teks atau daftar, sedangkan {what} adalah angka.",
            "Periksa nilai di depan kurung siku. Jika angka itu perlu dibaca per karakter, ubah dahulu dengan `str`.",
        )
    if kind is str and isinstance(node.ctx, ast.Store):
        return Told(
            "ubah-teks",
            f"Karakter di dalam teks {what} tidak dapat diganti di tempatnya. Teks dalam Python tidak berubah.",
            "Buat teks baru, misalnya dengan menyambung bagian-bagiannya, lalu tetapkan pada sebuah nama.",
        )
    if kind in INDEXED and type(key) in (str, float):
        return Told(
            "indeks-bukan-bulat",
            f"Indeks untuk {what} harus bilangan bulat, sedangkan {literal(key) or 'indeks ini'} "
            f"bertipe {TYPES[type(key)]}.",
            "Periksa isi kurung siku. Ubah dengan `int` jika isinya memang nomor urut; indeks dimulai dari `0`.",
        )
    return None


def index(facts: Situation) -> Told | None:
    """An index beyond the end."""
    node = facts.node
    if not isinstance(node, ast.Subscript):
        return None
    value, position = facts.value(node.value), facts.value(node.slice)
    what = shown(node.value)
    size = len(value) if type(value) in INDEXED else None
    members = "karakter" if type(value) is str else "anggota"
    if size == 0:
        holds = f"{what} kosong, tidak memiliki {members} satu pun."
    elif size is not None:
        holds = f"{what} memiliki {size} {members}, dengan indeks `0` sampai `{size - 1}`."
    else:
        holds = "Indeks dimulai dari `0`, sehingga indeks terakhir satu kurangnya dari banyaknya anggota."
    told = literal(position) if type(position) is int else ""
    return Told(
        "indeks-di-luar",
        f"Indeks {f'{told} ' if told else ''}tidak ada. {holds}",
        "Bandingkan isi kurung siku dengan banyaknya anggota, yang dapat Anda lihat dengan `len`.",
    )


def key(facts: Situation) -> Told | None:
    """A key that a dictionary does not have."""
    node = facts.node
    if not isinstance(node, ast.Subscript):
        return None
    value = facts.value(node.value)
    wanted = facts.error.args[0] if len(facts.error.args) == 1 else UNKNOWN
    if type(value) is not dict or not literal(wanted):
        return None
    meant = similar(wanted, texts(value)) if type(wanted) is str else None
    return Told(
        "kunci-tidak-ada",
        f"Kamus {shown(node.value)} tidak memiliki kunci {literal(wanted)}."
        + (f" Kunci yang mirip: {literal(meant)}." if meant else ""),
        "Bandingkan ejaan dan tipe kunci itu dengan kunci yang ada, yang tampil dengan `list(...)`. "
        "Teks dan angka berbeda.",
    )


def column(facts: Situation) -> Told | None:
    """A column that a table of pandas does not have: `tabel["menit"]`, `tabel.sort_values("menit")`."""
    node = facts.node.func if isinstance(facts.node, ast.Call) else facts.node
    if not isinstance(node, ast.Subscript | ast.Attribute):
        return None
    pandas = sys.modules.get("pandas")
    table: Any = facts.value(node.value)
    if pandas is None or type(table) is not vars(pandas).get("DataFrame"):
        return None
    columns = list(table.columns)
    asked = [facts.value(part) for part in ast.walk(facts.node) if isinstance(part, ast.Constant | ast.Name)]
    missing = [name for name in texts(asked) if name not in texts(columns)]
    # For several columns pandas says which are missing in words only.
    if len(missing) != 1 or missing[0] not in facts.message or not literal(missing[0]):
        return None
    meant = similar(missing[0], texts(columns))
    what = shown(node.value)
    return Told(
        "kolom-tidak-ada",
        f"Tabel {what} tidak memiliki kolom {literal(missing[0])}."
        + (f" Kolom yang mirip: {literal(meant)}." if meant else ""),
        "Bandingkan ejaannya, huruf besar dan spasinya juga, dengan nama kolom yang ada. "
        f"Semuanya tampil dengan `list({ast.unparse(node.value)})`.",
    )


def unpacking(facts: Situation) -> Told | None:
    """More or fewer names than values."""
    # The values are gone when the error is seen; all of 3.11 to 3.13 begin with these words.
    few = facts.message.startswith("not enough values to unpack")
    if not few and not facts.message.startswith("too many values to unpack"):
        return None
    return Told(
        "banyaknya-nama",
        f"Nilai di kanan lebih {'sedikit' if few else 'banyak'} daripada nama di kiri, "
        "sehingga tidak semuanya dapat dipasangkan.",
        "Hitung nama sebelum tanda `=` (atau sebelum `in`), lalu hitung nilainya. Keduanya harus sama banyak.",
    )
