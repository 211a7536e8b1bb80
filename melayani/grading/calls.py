"""Checks of functions that trainees write: call, compare, and say in one sentence what is not as it should be.

`Pemeriksa` stands in visible tests (uji contoh), `periksa_aturan` in hidden ones. Both call by text, in the names of
the notebook, so that the message shows the very call that a trainee can type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten
from typing import Any

from IPython.core.getipython import get_ipython

from melayani.grading.replay import angka_sama, is_bool, is_number, is_text, teks_sama

Satu = bool | float | str
Nilai = Satu | tuple[Satu, ...]
ERROR_WIDTH = 90  # characters of an error that a message repeats

_TRACEBACK = 'Baca lagi bagian "Membaca jejak galat" dalam Fungsi 2.'
_RETURN = (
    "Tidak ada nilai yang dikembalikan: return belum ditulis, atau hasilnya hanya ditampilkan dengan print. "
    'Baca lagi bagian "Menampilkan dan mengembalikan" dalam Fungsi 1.'
)


class Pemeriksa:
    """Checks calls of one function, in a fixed order: is it there, does it end, return, its type, its value.

    `soal` is the number of the item, or the heading of another place such as "tantangan 1"; its point `butir` says
    what is returned. `bentuk` maps regular expressions to the sentence for a text in which they are found. `alat` are
    names that calls use beside the notebook's. `tanpa_hasil` is the sentence where nothing is returned, if not the
    common one. Raises AssertionError, in Bahasa, when there is no such function.
    """

    def __init__(
        self,
        fungsi: str,
        soal: int | str,
        bentuk: Mapping[str, str] | None = None,
        butir: str = "Hasil",
        alat: Mapping[str, object] | None = None,
        tanpa_hasil: str = _RETURN,
    ) -> None:
        """See the class."""
        __tracebackhide__ = True
        self._fungsi, self._bentuk, self._butir, self._alat = fungsi, bentuk or {}, butir, alat or {}
        self._tanpa_hasil = tanpa_hasil
        self._soal = f"soal {soal}" if isinstance(soal, int) else soal
        if not callable(_names().get(fungsi)):
            raise AssertionError(
                f"Fungsi {fungsi} belum ada, atau namanya sudah menunjuk hal lain. Tulis fungsinya dengan def, lalu "
                f"jalankan sel jawaban {self._soal}. Jika sel itu menampilkan galat, baca baris terakhirnya; periksa "
                f"juga ejaan namanya. Baca lagi contoh pada {self._soal}."
            )

    def __call__(
        self,
        panggilan: str,
        seharusnya: Nilai,
        umum: str,
        keliru: Mapping[Any, str] | None = None,
        berhenti: Mapping[str, str] | None = None,
    ) -> None:
        """Check one call: numbers by value within 1e-9, texts exactly, several values as a tuple or list of them.

        `keliru` maps wrong results, of whatever type, to their own sentences; any other wrong one gets `umum`.
        `berhenti` does the same for kinds of errors, such as "TypeError", that stop the call inside the function.
        Raises AssertionError.
        """
        __tracebackhide__ = True
        start = f"{panggilan} seharusnya {seharusnya!r}, tetapi"
        try:
            hasil = eval(panggilan, {**_names(), **self._alat})
        except Exception as error:
            raise AssertionError(f"{start} berhenti: {self._stopped(error, berhenti or {})}") from None
        problem = self._problem(hasil, seharusnya, umum, keliru or {})
        if problem:
            raise AssertionError(f"{start} hasilnya {hasil!r}. {problem}")

    def lolos(self) -> None:
        """Say that all checks before this line passed, and that they are not all."""
        print("Semua uji contoh lolos. Fungsi Anda juga diperiksa dengan data lain yang mengikuti aturan yang sama.")

    def _stopped(self, error: Exception, berhenti: Mapping[str, str]) -> str:
        text = shorten(f"{type(error).__name__}: {error}", ERROR_WIDTH, placeholder=" …")
        if f"{self._fungsi}()" in text:  # Python names the function where the arguments do not fit
            return (
                f"{text}. Bandingkan baris def Anda dengan {self._soal}: nama, urutan, dan nilai bawaan "
                f"parameternya. {_TRACEBACK}"
            )
        if sentence := berhenti.get(type(error).__name__):
            return f"{text}. {sentence}"
        return (
            f"{text}. Jalankan panggilan itu dalam sel baru, lalu baca jejak galatnya dari baris terakhir. {_TRACEBACK}"
        )

    def _problem(self, hasil: object, seharusnya: Nilai, umum: str, keliru: Mapping[Any, str]) -> str | None:
        if hasil is None:
            return self._tanpa_hasil
        for value, sentence in keliru.items():
            if _same(hasil, value):
                return sentence
        if isinstance(seharusnya, tuple):
            wrong = self._wrong_parts(hasil, seharusnya)
        elif isinstance(hasil, tuple):
            wrong = self._several(seharusnya)
        else:
            wrong = self._wrong_type(hasil, seharusnya)
        if wrong:
            return wrong
        for pattern, sentence in self._bentuk.items():
            if is_text(hasil) and re.search(pattern, hasil):  # type: ignore[call-overload]
                return sentence
        return None if _same(hasil, seharusnya) else umum

    def _wrong_type(self, hasil: object, seharusnya: Satu, part: str = "Tipenya") -> str | None:
        asked, fits = _kind(seharusnya)
        if fits(hasil):
            return None
        kind = type(hasil).__name__
        return f'{part} {kind}, padahal yang diminta {asked}. Baca lagi butir "{self._butir}" pada {self._soal}.'

    def _wrong_parts(self, hasil: object, seharusnya: tuple[Satu, ...]) -> str | None:
        """Return what is wrong with `hasil` if it is not as many values, each of its type."""
        parts = _parts(hasil)
        if parts is None:
            return (
                f"Itu satu nilai, bertipe {type(hasil).__name__}, padahal yang diminta {len(seharusnya)} nilai yang "
                f'dipisahkan koma sesudah return. Baca lagi butir "{self._butir}" pada {self._soal}.'
            )
        if len(parts) != len(seharusnya):
            return (
                f"Banyaknya nilai di dalamnya {len(parts)}, padahal yang diminta {len(seharusnya)}. Periksa koma "
                f'sesudah return. Baca lagi butir "{self._butir}" pada {self._soal}.'
            )
        wrong = (
            self._wrong_type(part, asked, f"Nilai ke-{number} di dalamnya bertipe")
            for number, (part, asked) in enumerate(zip(parts, seharusnya, strict=True), 1)
        )
        return next(filter(None, wrong), None)

    def _several(self, seharusnya: Satu) -> str:
        asked, advice = "bilangan", "Periksa koma pada baris return, misalnya koma di luar tanda kurung."
        if isinstance(seharusnya, bool):
            asked = "jawaban"
        elif isinstance(seharusnya, str):
            asked, advice = "teks", "Sesudah return, sambungkan semuanya menjadi satu teks, misalnya dengan f-string."
        return (
            f"Itu beberapa nilai yang dipisahkan koma, padahal yang diminta satu {asked}. {advice} "
            f'Baca lagi butir "{self._butir}" pada {self._soal}.'
        )


def periksa_aturan(aturan: str, kasus: Mapping[str, Nilai]) -> None:
    """Check each call in `kasus`; raise AssertionError with `aturan` alone at the first that is not as it should be."""
    __tracebackhide__ = True
    for panggilan, seharusnya in kasus.items():
        try:
            hasil = eval(panggilan, _names())
        except Exception:
            hasil = None
        if not _same(hasil, seharusnya):
            raise AssertionError(aturan)


def _same(hasil: object, seharusnya: Nilai) -> bool:
    if isinstance(seharusnya, tuple):
        parts = _parts(hasil)
        return parts is not None and len(parts) == len(seharusnya) and all(map(_same, parts, seharusnya))
    if isinstance(seharusnya, bool):
        return is_bool(hasil) and bool(hasil) is seharusnya
    return teks_sama(hasil, seharusnya) if isinstance(seharusnya, str) else angka_sama(hasil, seharusnya)


def _parts(hasil: object) -> Sequence[object] | None:
    """Return the values of a tuple or list, not of a class that only inherits from one."""
    return hasil if type(hasil) in (tuple, list) else None  # type: ignore[return-value]


def _kind(seharusnya: Satu) -> tuple[str, Callable[[object], bool]]:
    """Return what a result of the type of `seharusnya` is called, and whether a value is one."""
    if isinstance(seharusnya, bool):
        return "True atau False", is_bool
    return ("teks", is_text) if isinstance(seharusnya, str) else ("int atau float", is_number)


def _names() -> dict[str, Any]:
    """Return the names of the notebook."""
    shell: Any = get_ipython()
    names: dict[str, Any] = shell.user_ns
    return names
