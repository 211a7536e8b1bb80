"""TypeError in a call: what is called, and with which arguments."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from types import EllipsisType, FunctionType

from melayani.galat.facts import UNKNOWN, Situation, literal, shown, similar
from melayani.galat.told import Told


def calls(facts: Situation) -> Told | None:
    """A call that can't be."""
    node = facts.node
    if not isinstance(node, ast.Call):
        return None
    called = facts.value(node.func)
    if called is not UNKNOWN and not callable(called):
        return _not_a_function(node.func)
    if type(called) is FunctionType:
        return _arguments(node, called)
    if called is int or called is float:
        return _empty(facts, node)
    if called is len and len(node.args) == 1 and type(facts.value(node.args[0])) in (int, float):
        return Told(
            "panjang-angka",
            f"`len` menghitung karakter teks atau anggota daftar, sedangkan {shown(node.args[0])} adalah angka.",
            "Periksa nilai di dalam kurung. Untuk menghitung banyaknya angka dalam bilangan, ubah dahulu dengan `str`.",
        )
    # Built-in functions tell in words only; all of 3.11 to 3.13 speak of arguments then.
    if re.search(r"\b(takes|expected)\b.*\barguments?\b|\bmissing\b.*\bargument\b|\bkeyword argument", facts.message):
        return Told(
            "argumen-bawaan",
            f"Isi kurung belum sesuai dengan yang diminta {shown(node.func) or 'fungsi itu'}: "
            "banyaknya argumen, atau nama argumennya.",
            "Bandingkan pemanggilan ini dengan contoh dalam pelajaran. Argumen dipisahkan koma, dan urutannya berarti.",
        )
    return None


def _not_a_function(func: ast.expr) -> Told:
    name = func.id if isinstance(func, ast.Name) else ""
    if hasattr(builtins, name):
        return Told(
            "fungsi-tertimpa",
            f"Nama `{name}` semula fungsi dasar Python, tetapi sudah ditetapkan menjadi nilai lain.",
            f"Cari baris yang diawali `{name} =` dan ganti namanya. Lalu, mulai ulang kernel dan jalankan dari atas.",
        )
    return Told(
        "bukan-fungsi",
        f"Tanda kurung sesudah {shown(func) or 'nilai itu'} dibaca sebagai pemanggilan, padahal itu bukan fungsi.",
        "Periksa tanda sebelum kurung: mungkin `*` atau koma tertinggal. Nama fungsi mungkin juga sudah dipakai "
        "untuk nilai lain.",
    )


def _arguments(node: ast.Call, function: FunctionType) -> Told | None:
    """Compare what is given with the parameters of a function of the trainee's own."""
    if any(isinstance(arg, ast.Starred) for arg in node.args) or any(word.arg is None for word in node.keywords):
        return None
    signature = inspect.signature(function)
    name = function.__name__
    given = [word.arg for word in node.keywords if word.arg]
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    places = [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    taken = places[: len(node.args)]
    missing = [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        and parameter.name not in [*taken, *given]
    ]
    unknown = [word for word in given if word not in signature.parameters]
    if unknown and inspect.Parameter.VAR_KEYWORD not in kinds:
        meant = similar(unknown[0], signature.parameters)
        return Told(
            "argumen-tak-dikenal",
            f"Fungsi `{name}` tidak memiliki parameter `{unknown[0]}`." + (f" Yang mirip: `{meant}`." if meant else ""),
            f"Samakan nama di depan tanda `=` dalam pemanggilan dengan nama parameter pada baris `def {name}`.",
        )
    if len(node.args) > len(places) and inspect.Parameter.VAR_POSITIONAL not in kinds:
        return Told(
            "argumen-lebih",
            f"Fungsi `{name}` menerima paling banyak {len(places)} argumen, "
            f"tetapi pemanggilan ini memberinya {len(node.args)}.",
            f"Bandingkan isi kurung dengan parameter pada baris `def {name}`. "
            "Koma di dalam angka juga memisahkan argumen.",
        )
    if missing:
        return Told(
            "argumen-kurang",
            f"Fungsi `{name}` memerlukan nilai untuk parameter `{missing[0]}`, "
            "tetapi pemanggilan ini tidak memberikannya.",
            f"Bandingkan isi kurung pada pemanggilan dengan parameter pada baris `def {name}`.",
        )
    return None


def _empty(facts: Situation, node: ast.Call) -> Told | None:
    """int(None), float(...)."""
    value = facts.value(node.args[0]) if len(node.args) == 1 else UNKNOWN
    if value is None or type(value) is EllipsisType or "'NoneType'" in facts.message:
        text = literal(value) or "`...`" if value is not UNKNOWN else "`None`"
        return Told(
            "ubah-none",
            f"Nilai yang akan diubah menjadi angka adalah {text}, artinya belum ada isinya.",
            "Periksa asal nilai di dalam kurung: jawaban yang belum diisi, atau fungsi yang memakai `print`, "
            "bukan `return`.",
        )
    return None
