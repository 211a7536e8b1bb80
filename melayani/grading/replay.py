"""Run an answer of module 01 again, with other inputs, in a namespace of its own.

Items of module 01 ask for variables, not functions. A hidden check therefore takes what the trainee ran from
the shell's history, leaves out the test cells, puts other values in place of the locked input cell
(`# Masukan: ITEM`), and reads the result after the marked answer cell (`# Jawaban: ITEM`).
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.inputtransformer2 import TransformerManager
from IPython.utils.capture import capture_output

TOLERANCE = 1e-9
_TEST_CELL = re.compile(r"\s*# (Uji contoh: |Cek: |Sel ini berjalan saat penilaian)")
_MAGICS_THAT_RUN_CODE = {"time", "capture"}


class _InputAskedError(Exception):
    """The answer called input(); nobody is there to type."""


class _Shell:
    """What get_ipython() gives during a rerun: %time and %%capture run their code, all else does nothing."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def run_cell_magic(self, magic: str, _line: str, body: str) -> None:
        if magic in _MAGICS_THAT_RUN_CODE:
            _execute(body, self._names)

    def run_line_magic(self, magic: str, line: str, *_: object) -> None:
        if magic in _MAGICS_THAT_RUN_CODE:
            _execute(line, self._names)

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_, **__: None


@dataclass(frozen=True)
class Stopped:
    """The first error of a rerun: `kind` is "input", "exit" or "" for all others; its type's name, its text."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """What became of a rerun: the values of the names that exist at its end, and the first error."""

    values: dict[str, Any]
    error: Stopped | None = None


#: Runs the cells: (item, inputs, cells, names) → Outcome. Where tests run apart from the answers, their process puts
#: one here that runs the cells where the answers ran.
Executor = Callable[[str, Mapping[str, object], Sequence[str], Sequence[str]], Outcome]
_executor: list[Executor] = []


def use(executor: Executor) -> None:
    """Let `executor` run the cells of this process's reruns."""
    _executor[:] = [executor]


def jalankan_ulang(
    item: str, masukan: Mapping[str, object], *nama: str, riwayat: Sequence[str] | None = None
) -> tuple[Any, ...]:
    """Return the values of the names `nama` after the answer to `item` ran with the values of `masukan`.

    `riwayat` is the code of the cells in the order in which they ran, as typed (default: the running shell's).
    Of identical cells the first runs, of a marked cell the last copy; cells between the marked answer and its
    test run too. What the rerun shows is dropped, an error in it counts only if a name is missing at the end.
    Raises AssertionError, with a sentence in Bahasa, when the marker or one of the names is missing.
    """
    cells = _cells_of(item, _history() if riwayat is None else riwayat)
    outcome = (_executor[0] if _executor else run_here)(item, masukan, cells, nama)
    missing = [name for name in nama if name not in outcome.values]
    if missing:
        raise AssertionError(_explain(missing[0], outcome.error))
    return tuple(outcome.values[name] for name in nama)


def run_here(item: str, masukan: Mapping[str, object], cells: Sequence[str], nama: Sequence[str]) -> Outcome:
    """Run `cells` in this process, in a namespace of their own."""
    names: dict[str, Any] = {"__name__": "__main__", "input": _input, "exit": _exit, "quit": _exit}
    names["get_ipython"] = lambda: _Shell(names)
    names.update(masukan)
    errors: list[BaseException] = []
    with capture_output(), warnings.catch_warnings(action="ignore"):
        for cell in cells:
            if _is_marked(cell, "Masukan", item):
                names.update(masukan)
                errors.clear()
                continue
            try:
                _execute(cell, names)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                errors.append(error)
    values = {name: names[name] for name in nama if name in names}
    return Outcome(values, _stopped(errors[0]) if errors and len(values) < len(set(nama)) else None)


def _stopped(error: BaseException) -> Stopped:
    kind = "input" if isinstance(error, _InputAskedError) else "exit" if isinstance(error, SystemExit) else ""
    return Stopped(kind, type(error).__name__, str(error))


def angka_sama(nilai: object, seharusnya: float) -> bool:
    """Return whether `nilai` is an int or float (bool is none) that equals `seharusnya` within 1e-9."""
    return is_number(nilai) and abs(nilai - seharusnya) <= TOLERANCE  # type: ignore[operator]


def teks_sama(nilai: object, seharusnya: str) -> bool:
    """Return whether `nilai` is exactly the text `seharusnya`."""
    return is_text(nilai) and nilai == seharusnya


def is_number(nilai: object) -> bool:
    """Return whether `nilai` is an int or float, not of a class that only inherits from one; NumPy's float counts."""
    return type(nilai) in (int, float, *_numpy("float64"))


def is_bool(nilai: object) -> bool:
    """Return whether `nilai` is True or False, not 1 or 0; NumPy's count."""
    return type(nilai) in (bool, *_numpy("bool_"))


def is_text(nilai: object) -> bool:
    """Return whether `nilai` is a text, not of a class that only inherits from str; NumPy's text counts."""
    return type(nilai) in (str, *_numpy("str_"))


def _numpy(name: str) -> tuple[type, ...]:
    # Nothing can be of NumPy's types where it is not imported.
    numpy = sys.modules.get("numpy")
    kind = getattr(numpy, name, None)
    return (kind,) if isinstance(kind, type) else ()


def selalu_sama(hasil: Sequence[object]) -> bool:
    """Return whether all results look alike, so that the answer does not depend on its inputs."""
    return len({repr(nilai) for nilai in hasil}) == 1


def _history() -> list[str]:
    # The raw history, not `In`: there a cell under %%time has become one line of text, its marker hidden.
    shell: Any = get_ipython()
    return list(shell.history_manager.input_hist_raw)


def _cells_of(item: str, history: Sequence[str]) -> list[str]:
    answers = [place for place, cell in enumerate(history) if _is_marked(cell, "Jawaban", item)]
    if not answers:
        raise AssertionError(
            f"Baris penanda '# Jawaban: {item}' tidak ditemukan di sel jawaban mana pun. Karena itu, hanya skor uji "
            "contoh yang dihitung. Tulis kembali baris itu sebagai baris pertama sel jawaban."
        )
    test = f"# Uji contoh: {item}"
    stop = next((p for p in range(answers[-1] + 1, len(history)) if history[p].lstrip().startswith(test)), len(history))
    kept: list[str] = []
    for place, cell in enumerate(history[:stop]):
        marker = re.search(r"(?im)^[ \t]*#[ \t]*jawaban[ \t]*:[ \t]*([a-z0-9-]+)", cell)
        replaced = marker and any(_is_marked(later, "Jawaban", marker[1]) for later in history[place + 1 : stop])
        if not replaced and cell not in kept and not _TEST_CELL.match(cell):
            kept.append(cell)
    return kept


def is_input(cell: str) -> bool:
    """Return whether a cell gives the inputs of an item."""
    return re.search(r"(?im)^[ \t]*#[ \t]*masukan[ \t]*:", cell) is not None


def _is_marked(cell: str, kind: str, item: str) -> bool:
    return re.search(rf"(?im)^[ \t]*#[ \t]*{kind}[ \t]*:[ \t]*{re.escape(item)}[ \t]*$", cell) is not None


def _execute(cell: str, names: dict[str, Any]) -> None:
    code = TransformerManager().transform_cell(cell)
    exec(compile(code, "<sel jawaban>", "exec"), names)


def _input(*_: object) -> str:
    raise _InputAskedError


def _exit(*_: object) -> None:
    raise SystemExit


def _explain(name: str, error: Stopped | None) -> str:
    start = f"Dengan data lain, {name} tidak terbentuk"
    if error is None:
        return (
            f"{start}. Sel jawaban perlu menetapkan nama itu sendiri, tanpa mengandalkan sel di bawahnya. "
            "Mulai ulang kernel, lalu jalankan semua sel untuk melihatnya."
        )
    if error.kind == "input":
        return (
            f"{start} karena jawaban memakai input(). Saat penilaian tidak ada orang yang mengetik. "
            "Ambil nilainya dari nama-nama di sel masukan soal ini."
        )
    if error.kind == "exit":
        return (
            f"{start} karena jawaban menghentikan program, misalnya dengan exit() atau quit(). "
            "Hapus perintah itu supaya sel jawaban berjalan sampai baris terakhirnya."
        )
    return (
        f"{start} karena muncul galat {error.name}: {error.text[:80]}. "
        "Periksa apakah sel jawaban hanya memakai nama-nama di sel masukan dan sel di atasnya."
    )
