"""NameError, UnboundLocalError, AttributeError, ImportError: names that Python does not find."""

from __future__ import annotations

import ast
import sys
from types import ModuleType

from melayani.galat.facts import Situation, shown, similar, texts
from melayani.galat.told import Told

NICKNAMES = {
    "np": "numpy as np",
    "pd": "pandas as pd",
    "plt": "matplotlib.pyplot as plt",
    "widgets": "ipywidgets as widgets",
}
TYPES: dict[type, str] = {
    str: "teks",
    int: "bilangan bulat",
    float: "bilangan desimal",
    bool: "benar/salah",
    list: "daftar",
    tuple: "tuple",
    dict: "kamus",
    set: "himpunan",
}


def _missing(facts: Situation) -> str:
    """Return the name that was looked for."""
    return next(texts([getattr(facts.error, "name", None)]), "")


def module(facts: Situation) -> Told | None:
    """`math.sqrt` without import."""
    name = _missing(facts)
    if not isinstance(facts.parent(facts.node), ast.Attribute):
        return None
    if name not in NICKNAMES and name not in sys.stdlib_module_names:
        return None
    return Told(
        "modul-belum-diimpor",
        f"Nama `{name}` biasanya menunjuk sebuah modul Python. Modul itu belum diimpor dalam notebook ini.",
        f"Tulis `import {NICKNAMES.get(name, name)}` dalam sel di atas, jalankan, lalu jalankan lagi sel ini.",
    )


def similar_name(facts: Situation) -> Told | None:
    """A misspelt name."""
    name = _missing(facts)
    meant = similar(name, facts.names()) if name else None
    if not meant:
        return None
    return Told(
        "nama-mirip",
        f"Kernel belum mengenal nama `{name}`. Ada nama yang mirip: `{meant}`.",
        "Samakan ejaan kedua nama itu, huruf besar dan huruf kecilnya juga. Lalu, jalankan lagi selnya.",
    )


def text(facts: Situation) -> Told | None:
    """A word with a capital: probably a text without quotes."""
    name = _missing(facts)
    if not name[:1].isupper() or (name.isupper() and len(name) > 1):
        return None
    return Told(
        "teks-tanpa-kutip",
        f"Python membaca `{name}` sebagai nama, dan nama itu belum ditetapkan. Tulisan tanpa tanda kutip bukan teks.",
        f'Jika maksud Anda teks, apit dengan tanda kutip: `"{name}"`. Jika nama, tetapkan dahulu nilainya.',
    )


def absent(facts: Situation) -> Told | None:
    """A name without a value: the cell above has not run since the restart."""
    name = _missing(facts)
    if not name:
        return None
    return Told(
        "nama-belum-ada",
        f"Kernel belum mengenal nama `{name}`. Mungkin sel yang menetapkannya belum dijalankan sejak kernel dimulai.",
        "Jalankan dahulu sel itu, lalu sel ini. Jika belum ada, tetapkan nilainya. Teks memerlukan tanda kutip.",
    )


def local(facts: Situation) -> Told | None:
    """A name that is assigned in the function, used before that."""
    code = facts.frame.f_code
    if not isinstance(facts.node, ast.Name) or code.co_name == "<module>":
        return None
    name = facts.node.id
    return Told(
        "lokal-belum-ditetapkan",
        f"Fungsi `{code.co_name}` menetapkan nama `{name}`, sehingga nama itu lokal. "
        "Pada baris ini nilainya belum ada, meskipun nama yang sama ada di luar fungsi.",
        f"Tetapkan `{name}` di dalam fungsi sebelum baris ini, atau terima nilainya sebagai parameter.",
    )


def attribute(facts: Situation) -> Told | None:
    """A method on None, or a misspelt one."""
    name = _missing(facts)
    thing = getattr(facts.error, "obj", None)
    if not name:
        return None
    if thing is None:
        before = shown(facts.node.value) if isinstance(facts.node, ast.Attribute) else ""
        return Told(
            "atribut-none",
            f"Nilai {before or 'di depan titik'} adalah `None`, artinya tidak ada nilai, "
            f"sehingga `.{name}` tidak dapat dipakai.",
            "Periksa asal nilai itu. Fungsi yang hanya memakai `print`, tanpa `return`, menghasilkan `None`.",
        )
    kind = type(thing)
    if kind is ModuleType:
        known, owner = [*vars(thing)], f"Modul `{vars(thing).get('__name__')}`"
    elif any(kind is plain for plain in TYPES):
        known, owner = dir(kind), f"Nilai bertipe `{kind.__name__}` ({TYPES[kind]})"
    else:
        return None
    meant = similar(name, (other for other in known if not other.startswith("_")))
    if meant:
        return Told(
            "atribut-mirip",
            f"{owner} tidak memiliki `{name}`. Yang mirip: `{meant}`.",
            "Perbaiki ejaan sesudah tanda titik, huruf demi huruf, lalu jalankan lagi selnya.",
        )
    return Told(
        "atribut-tidak-ada",
        f"{owner} tidak memiliki `{name}`.",
        "Periksa nilai di depan titik: sudahkah tipenya seperti yang Anda kira? Bandingkan juga ejaan sesudah titik.",
    )


def no_module(facts: Situation) -> Told | None:
    """An import of what is not installed, or is misspelt; not one inside a library."""
    name = _missing(facts)
    if isinstance(facts.node, ast.Import):
        wanted = [alias.name for alias in facts.node.names]
    elif isinstance(facts.node, ast.ImportFrom):
        wanted = [facts.node.module or ""]
    else:
        return None
    if not name or not any(f"{module}.".startswith(f"{name}.") for module in wanted):
        return None
    known = [*(module.partition(" ")[0].partition(".")[0] for module in NICKNAMES.values()), *sys.stdlib_module_names]
    meant = similar(name, (module for module in known if not module.startswith("_")))
    found = f"Yang mirip: `{meant}`." if meant else "Mungkin ejaannya keliru, atau pustakanya belum terpasang."
    return Told(
        "modul-tidak-ada",
        f"Python tidak menemukan modul `{name}`. {found}",
        "Bandingkan ejaan sesudah `import` dengan contoh dalam pelajaran. "
        "Jika ejaannya benar, tanyakan kepada pengajar.",
    )


def imported(facts: Situation) -> Told | None:
    """`from math import akar`."""
    node = facts.node
    module = sys.modules.get(_missing(facts))
    if not isinstance(node, ast.ImportFrom) or type(module) is not ModuleType:
        return None
    absent = [alias.name for alias in node.names if alias.name not in vars(module)]
    if not absent:
        return None
    meant = similar(absent[0], (name for name in vars(module) if not name.startswith("_")))
    return Told(
        "impor-nama",
        f"Modul `{node.module}` ada, tetapi tidak memiliki nama `{absent[0]}`."
        + (f" Yang mirip: `{meant}`." if meant else ""),
        "Periksa ejaan sesudah kata `import`. Jika berkas Anda sendiri bernama sama dengan modul itu, ganti namanya.",
    )
