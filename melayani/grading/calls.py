"""Checks of functions that trainees write: call, compare, and say in one sentence what is not as it should be.

`Pemeriksa` stands in visible tests (uji contoh), `periksa_aturan` in hidden ones. Both call by text, in the names of
the notebook, so that the message shows the very call that a trainee can type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from IPython.core.getipython import get_ipython

from melayani.grading.replay import angka_sama, is_number, is_text, teks_sama

Nilai = float | str
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
    names that calls use beside the notebook's. Raises AssertionError, in Bahasa, when there is no such function.
    """

    def __init__(
        self,
        fungsi: str,
        soal: int | str,
        bentuk: Mapping[str, str] | None = None,
        butir: str = "Hasil",
        alat: Mapping[str, object] | None = None,
    ) -> None:
        """See the class."""
        __tracebackhide__ = True
        self._fungsi, self._bentuk, self._butir, self._alat = fungsi, bentuk or {}, butir, alat or {}
        self._soal = f"soal {soal}" if isinstance(soal, int) else soal
        if not callable(_names().get(fungsi)):
            raise AssertionError(
                f"Fungsi {fungsi} belum ada, atau namanya sudah menunjuk hal lain. Tulis fungsinya dengan def, lalu "
                f"jalankan sel jawaban {self._soal}. Jika sel itu menampilkan galat, baca baris terakhirnya; periksa "
                f"juga ejaan namanya. Baca lagi contoh pada {self._soal}."
            )

    def __call__(self, panggilan: str, seharusnya: Nilai, umum: str, keliru: Mapping[Any, str] | None = None) -> None:
        """Check one call: numbers by value within 1e-9, texts exactly.

        `keliru` maps wrong results to their own sentences; any other wrong one gets `umum`. Raises AssertionError.
        """
        __tracebackhide__ = True
        start = f"{panggilan} seharusnya {seharusnya!r}, tetapi"
        try:
            hasil = eval(panggilan, {**_names(), **self._alat})
        except Exception as error:
            raise AssertionError(f"{start} berhenti: {self._stopped(error)}") from None
        problem = self._problem(hasil, seharusnya, umum, keliru or {})
        if problem:
            raise AssertionError(f"{start} hasilnya {hasil!r}. {problem}")

    def lolos(self) -> None:
        """Say that all checks before this line passed, and that they are not all."""
        print("Semua uji contoh lolos. Fungsi Anda juga diperiksa dengan data lain yang mengikuti aturan yang sama.")

    def _stopped(self, error: Exception) -> str:
        text = shorten(f"{type(error).__name__}: {error}", ERROR_WIDTH, placeholder=" …")
        if f"{self._fungsi}()" in text:  # Python names the function where the arguments do not fit
            return (
                f"{text}. Bandingkan baris def Anda dengan {self._soal}: nama, urutan, dan nilai bawaan "
                f"parameternya. {_TRACEBACK}"
            )
        return (
            f"{text}. Jalankan panggilan itu dalam sel baru, lalu baca jejak galatnya dari baris terakhir. {_TRACEBACK}"
        )

    def _problem(self, hasil: object, seharusnya: Nilai, umum: str, keliru: Mapping[Any, str]) -> str | None:
        text = isinstance(seharusnya, str)
        if hasil is None:
            return _RETURN
        if isinstance(hasil, tuple):
            return self._several(text)
        if not (is_text(hasil) if text else is_number(hasil)):
            asked = "teks" if text else "int atau float"
            kind = type(hasil).__name__
            return f'Tipenya {kind}, padahal yang diminta {asked}. Baca lagi butir "{self._butir}" pada {self._soal}.'
        for value, sentence in keliru.items():
            if _same(hasil, value):
                return sentence
        for pattern, sentence in self._bentuk.items():
            if is_text(hasil) and re.search(pattern, hasil):  # type: ignore[call-overload]
                return sentence
        return None if _same(hasil, seharusnya) else umum

    def _several(self, text: bool) -> str:
        if text:
            asked, advice = "teks", "Sesudah return, sambungkan semuanya menjadi satu teks, misalnya dengan f-string."
        else:
            asked, advice = "bilangan", "Periksa koma pada baris return, misalnya koma di luar tanda kurung."
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
    return teks_sama(hasil, seharusnya) if isinstance(seharusnya, str) else angka_sama(hasil, seharusnya)


def _names() -> dict[str, Any]:
    """Return the names of the notebook."""
    shell: Any = get_ipython()
    names: dict[str, Any] = shell.user_ns
    return names
