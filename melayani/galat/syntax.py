"""SyntaxError, IndentationError, TabError: what a cell must look like to be read.

A cause is named where the repair proves it: with that one change Python reads the cell, or gets beyond the line.
"""

from __future__ import annotations

import ast
import keyword
import re
import textwrap
import unicodedata
from collections.abc import Callable

from melayani.galat.told import Told

QUOTES = "“”„‟‘’‚‛«»`´"
PAIRS = {"(": ")", "[": "]", "{": "}"}
_TEXTS = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*", re.DOTALL)
_BLOCK = re.compile(r"\s*(async|class|def|elif|else|except|finally|for|if|match|try|while|with|case)\b")


def syntax(error: SyntaxError, source: str) -> Told | None:
    """Return what is said about a cell that Python can't read."""
    number = error.lineno or 0
    lines = source.split("\n")
    if not 1 <= number <= len(lines):
        return None
    if isinstance(error, IndentationError):
        return _indentation(error, lines, number)
    offset = (error.offset or 1) - 1
    line = lines[number - 1]
    return (
        _character(line[offset : offset + 1])
        or _unclosed_quote(error)
        or _bracket(source)
        or _repaired(lines, number)
        or _outside(error)
        or Told(
            "tulisan-tak-terbaca",
            "Python belum dapat membaca susunan tulisan pada baris itu. Tanda `^` menunjukkan tempat ia berhenti.",
            "Periksa tanda, kutip, dan koma tepat sebelum tempat itu. Periksa juga akhir baris di atasnya.",
        )
    )


def _indentation(error: IndentationError, lines: list[str], number: int) -> Told:
    if type(error) is TabError:
        return Told(
            "tab-dan-spasi",
            "Baris-baris blok ini menjorok dengan campuran tab dan spasi. Keduanya tampak sama, tetapi dibaca berbeda.",
            "Hapus ruang kosong di depan setiap baris blok itu, lalu ketik empat spasi.",
        )
    before = next((line for line in reversed(lines[: number - 1]) if _code(line).strip()), "")
    if _code(before).rstrip().endswith(":"):
        return Told(
            "blok-kosong",
            "Baris di atasnya berakhir dengan titik dua, sehingga Python menunggu baris yang menjorok di bawahnya.",
            "Beri empat spasi di depan setiap baris yang termasuk bagian itu.",
        )
    if _indent(lines[number - 1]) > _indent(before):
        return Told(
            "terlalu-menjorok",
            "Baris ini lebih menjorok daripada baris di atasnya, padahal baris di atasnya tidak membuka blok baru.",
            "Samakan spasi di depan baris ini dengan baris di atasnya. Blok baru dibuka dengan titik dua.",
        )
    return Told(
        "indentasi-tidak-sama",
        "Spasi di depan baris ini tidak sama dengan spasi di depan baris mana pun yang membuka bloknya.",
        "Samakan banyaknya spasi dengan baris lain dalam blok yang sama: empat spasi untuk setiap tingkat.",
    )


def _indent(line: str) -> int:
    line = line.expandtabs()
    return len(line) - len(line.lstrip())


def _code(line: str) -> str:
    """Return a line without its comment."""
    return re.sub(r"#[^\"']*$", "", line)


def _character(character: str) -> Told | None:
    if character and character in QUOTES:
        return Told(
            "kutip-miring",
            f"Tanda {character} berasal dari pengolah kata. Python hanya mengenal tanda kutip tegak.",
            "Hapus kedua tanda kutip itu, lalu ketik lagi dari papan ketik dalam notebook.",
        )
    if not character or character.isascii() or character.isidentifier():
        return None
    told = "yang tidak terlihat" if unicodedata.category(character)[0] in "ZC" else character
    return Told(
        "tanda-asing",
        f"Baris ini memuat tanda {told}, yang tidak dikenal Python. Mungkin tersalin dari dokumen lain.",
        "Hapus tanda itu dan ketik yang dikenal Python: `*` untuk kali, `/` untuk bagi, `-` untuk kurang, "
        "atau spasi biasa.",
    )


def _unclosed_quote(error: SyntaxError) -> Told | None:
    # The scanner gives no other fact than these words, the same in 3.11 to 3.13.
    if not error.msg.startswith("unterminated"):
        return None
    return Told(
        "kutip-belum-ditutup",
        "Ada teks yang dibuka dengan tanda kutip, tetapi belum ditutup dengan tanda yang sama.",
        "Cari kutip pembuka dan penutupnya. Jika teksnya memuat tanda `'`, apit teks itu dengan tanda `\"`.",
    )


def _bracket(source: str) -> Told | None:
    """A bracket without its other half, found by reading the cell without its texts and comments."""
    bare = _TEXTS.sub(lambda text: "\n" * text[0].count("\n"), source)
    opened: list[tuple[str, int]] = []
    for position, character in enumerate(bare):
        if character in PAIRS:
            opened.append((character, bare.count("\n", 0, position) + 1))
        elif character in PAIRS.values():
            if not opened or PAIRS[opened[-1][0]] != character:
                return Told(
                    "kurung-tanpa-pasangan",
                    f"Kurung penutup `{character}` tidak memiliki kurung pembuka yang cocok sebelumnya.",
                    "Hitung kurung pembuka dan penutup dari kiri ke kanan. Hapus yang berlebih, atau tambahkan "
                    "pembukanya.",
                )
            opened.pop()
    if not opened:
        return None
    bracket, line = opened[-1]
    return Told(
        "kurung-belum-ditutup",
        f"Kurung pembuka `{bracket}` pada baris {line} belum memiliki kurung penutup `{PAIRS[bracket]}`.",
        "Tambahkan kurung penutupnya. Hitung kurung pembuka dan penutup pada baris itu; banyaknya harus sama.",
    )


# Repairs of the line that Python can't read: each returns the mended line, or None where it has nothing to mend.


def _colon(line: str) -> str | None:
    code = _code(line).rstrip()
    return f"{code}:" if _BLOCK.match(line) and not code.endswith(":") else None


def _equals(line: str) -> str | None:
    asks = re.match(r"\s*(if|elif|while|assert)\b", line)
    return re.sub(r"(?<![=!<>:])=(?!=)", "==", line, count=1) if asks else None


def _print(line: str) -> str | None:
    match = re.fullmatch(r"(\s*)print\s+([^(=].*)", _code(line).rstrip())
    return f"{match[1]}print({match[2]})" if match else None


def _swapped(line: str) -> str | None:
    match = re.fullmatch(r"(\s*)([^=]*[^=!<>\s])\s*=\s*([A-Za-z_]\w*)", _code(line).rstrip())
    return f"{match[1]}{match[3]} = {match[2]}" if match else None


def _joined(line: str) -> str | None:
    match = re.match(r"\s*([A-Za-z_]\w*(?: +\w+)+) *(=(?!=)|$|\()", _code(line))
    if not match or any(keyword.iskeyword(word) for word in match[1].split()):
        return None
    return line.replace(match[1], "_".join(match[1].split()), 1)


def _plain_numbers(line: str) -> str | None:
    mended = re.sub(r"(?<![\w.])0+(\d+)(?![\w.])", r"\1", line)
    thousands = r"(?<![\w.])(?:Rp *\.? *)?(\d{1,3}(?:\.\d{3})+)(?![\w.])"
    mended = re.sub(thousands, lambda match: match[1].replace(".", ""), mended)
    return mended if mended != line else None


def _without_unit(line: str) -> str | None:
    mended = re.sub(r"(?<![\w.])(?:Rp *)?(\d[\d.]*) *[A-Za-z]+(?=\s*$|\s*[-+*/),#])|\bRp *(\d+)", r"\1\2", line)
    return mended if mended != line else None


def _digit_last(line: str) -> str | None:
    mended = re.sub(r"(?<![\w.])(\d+)([A-Za-z_]\w*)(?=\s*=(?!=))", r"\2\1", line)
    return mended if mended != line else None


def _other_name(line: str) -> str | None:
    match = re.match(r"\s*(\w+)\s*=(?!=)", line)
    return line.replace(match[1], f"{match[1]}_", 1) if match and keyword.iskeyword(match[1]) else None


_REPAIRS: list[tuple[Callable[[str], str | None], Told]] = [
    (
        _colon,
        Told(
            "titik-dua-hilang",
            "Baris ini membuka sebuah blok, tetapi titik dua di akhirnya belum ada.",
            "Tambahkan tanda `:` di akhir baris itu. Baris sesudahnya menjorok empat spasi.",
        ),
    ),
    (
        _equals,
        Told(
            "sama-dengan",
            "Tanda `=` menetapkan nilai. Dalam syarat, yang diperlukan ialah tanda yang membandingkan.",
            "Ganti `=` dengan `==` untuk bertanya apakah kedua sisi sama.",
        ),
    ),
    (
        _print,
        Told(
            "print-tanpa-kurung",
            "`print` adalah fungsi. Yang akan ditampilkan ditulis di dalam tanda kurung.",
            "Tambahkan kurung sesudah `print`, misalnya `print(nama)`, lalu jalankan lagi selnya.",
        ),
    ),
    (
        _swapped,
        Told(
            "ruas-terbalik",
            "Sisi kiri tanda `=` harus sebuah nama. Di sini sisi kirinya nilai atau hitungan.",
            "Tukar kedua sisinya: nama di kiri, nilainya di kanan, misalnya `loket = 3`.",
        ),
    ),
    (
        _joined,
        Told(
            "spasi-dalam-nama",
            "Ada spasi di dalam sebuah nama. Python membacanya sebagai dua nama yang berdiri sendiri.",
            "Ganti spasi itu dengan garis bawah, misalnya `lama_tunggu`. Jika itu teks, apit dengan tanda kutip.",
        ),
    ),
    (
        _plain_numbers,
        Told(
            "penulisan-angka",
            "Angka pada baris ini ditulis seperti dalam surat: dengan nol di depan atau titik pemisah ribuan.",
            "Tulis angkanya saja, misalnya `8` dan `1250000`. Nomor yang diawali nol ditulis sebagai teks.",
        ),
    ),
    (
        _digit_last,
        Told(
            "nama-diawali-angka",
            "Nama tidak boleh diawali angka. Python membaca angka itu sebagai bilangan yang salah tulis.",
            "Pindahkan angkanya ke belakang, misalnya `loket2`, di semua tempat nama itu dipakai.",
        ),
    ),
    (
        _without_unit,
        Told(
            "angka-dan-satuan",
            "Sebuah angka ditulis bersama satuan atau lambangnya. Python hanya menghitung angka.",
            "Tulis angkanya saja, dan simpan satuannya dalam nama, misalnya `lama_menit = 5`.",
        ),
    ),
    (
        _other_name,
        Told(
            "kata-kunci",
            "Kata di kiri tanda `=` dipakai oleh Python sendiri, sehingga tidak dapat menjadi nama.",
            "Pilih nama lain yang menjelaskan isinya, misalnya `kelas_peserta`, di semua tempat.",
        ),
    ),
]


def _repaired(lines: list[str], number: int) -> Told | None:
    for repair, told in _REPAIRS:
        mended = repair(lines[number - 1])
        if mended is not None and _readable([*lines[: number - 1], mended, *lines[number:]], number):
            return told
    return None


def _readable(lines: list[str], number: int) -> bool:
    """Return whether Python reads these lines, or at least gets beyond line `number`."""
    try:
        ast.parse(textwrap.dedent("\n".join(lines)))
    except SyntaxError as error:
        # A block that is only opened is complaint about the next line.
        return (error.lineno or 0) > number
    return True


def _outside(error: SyntaxError) -> Told | None:
    # The compiler gives no other fact than these words, the same in 3.11 to 3.13.
    if "forgot a comma" in error.msg:
        return Told(
            "koma-hilang",
            "Di antara dua nilai tidak ada tanda apa pun. Python menunggu koma atau tanda hitung di sana.",
            "Periksa isi kurung pada baris itu: pisahkan setiap nilai dengan koma, dan tutup teks dengan kutip.",
        )
    if error.msg.startswith("'return' outside"):
        return Told(
            "return-di-luar",
            "`return` hanya berlaku di dalam fungsi, sedangkan baris ini berada di luar fungsi.",
            "Jika baris ini bagian dari fungsi, beri empat spasi di depannya. Jika bukan, hapus kata `return`.",
        )
    return None
