"""Checks without a message, files, endless calls, a stopped cell, full memory."""

from __future__ import annotations

import ast
from pathlib import Path

from melayani.galat.facts import Situation, shown, similar, texts
from melayani.galat.told import Told


def bare_check(facts: Situation) -> Told | None:
    """An assert without a message; one with a message has said it already."""
    if facts.message.strip() or facts.error.args:
        return None
    # The instruction that fails is the raising of the error: its place is that of the condition or of the statement.
    node = facts.node if isinstance(facts.node, ast.Assert) else facts.parent(facts.node)
    condition = shown(node.test) if isinstance(node, ast.Assert) else ""
    return Told(
        "syarat-tidak-terpenuhi",
        f"`assert` memeriksa sebuah syarat, dan syarat itu {f'({condition}) ' if condition else ''}"
        "ternyata tidak benar.",
        "Tampilkan nilai di kedua sisi syarat itu dalam sel lain. Periksa hasilnya dahulu, lalu syaratnya.",
    )


def no_file(facts: Situation) -> Told | None:
    """A file that is not there; one with a similar name is named."""
    name = next(texts([getattr(facts.error, "filename", None)]), "")
    if not name or "`" in name:
        return None
    path = Path(name)
    present = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    meant = similar(path.name, present)
    if meant:
        found = f"Di folder yang sama ada berkas yang mirip: `{meant}`."
    elif path.parent.is_dir():
        found = "Di folder itu tidak ada berkas dengan nama yang mirip."
    else:
        found = f"Folder `{path.parent}` juga tidak ada."
    return Told(
        "berkas-tidak-ada",
        f"Berkas data `{name}` tidak ditemukan. {found}",
        "Periksa ejaan, akhiran, dan folder berkas itu pada panel kiri. Jalur dihitung dari folder notebook ini.",
    )


def decoding(facts: Situation) -> Told | None:
    """A file in another encoding."""
    return Told(
        "bukan-utf8",
        f"Isi berkas data tidak dapat dibaca sebagai `{getattr(facts.error, 'encoding', '')}`. "
        "Mungkin berkas itu disimpan dengan penyandian lain.",
        'Coba tambahkan `encoding="cp1252"` pada pemanggilan yang membaca berkas itu, lalu periksa apakah '
        "namanya terbaca.",
    )


def recursion(facts: Situation) -> Told | None:
    """A function that calls itself for ever."""
    name = facts.frame.f_code.co_name
    if name.startswith("<"):
        return None
    return Told(
        "panggil-diri",
        f"Fungsi `{name}` terus memanggil dirinya sendiri tanpa berhenti, sampai batas Python tercapai.",
        "Periksa nama yang dipanggil di dalam fungsi itu. Jika memang harus memanggil dirinya, "
        "tambahkan syarat berhenti.",
    )


def interrupt(facts: Situation) -> Told | None:
    """The button ■."""
    return Told(
        "dihentikan",
        "Sel ini dihentikan sebelum selesai, dengan tombol ■ atau lewat menu Kernel. Tidak ada yang rusak.",
        "Jika Anda menunggu terlalu lama, periksa perulangan pada baris itu: syaratnya mungkin selalu benar.",
    )


def memory(facts: Situation) -> Told | None:
    """More than the machine holds."""
    return Told(
        "memori-habis",
        "Nilai yang diminta pada baris itu lebih besar daripada memori komputer yang menjalankan kernel.",
        "Periksa angka pada baris itu: mungkin terlalu banyak nol. Jika kernel terasa lambat, mulai ulang kernel.",
    )
