"""Hidden checks of module 01 run an answer again with other inputs: what counts, what costs nothing."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from melayani.grading.replay import angka_sama, jalankan_ulang, selalu_sama, teks_sama

INPUT = "# Masukan: lama\nmulai = 1\nselesai = 3"
MARKER = "# Jawaban: lama\n"
TEST = "# Uji contoh: lama\nassert lama == 2\nlama = 99"


def rerun(*cells: str, mulai: int = 10, selesai: int = 15) -> object:
    (value,) = jalankan_ulang("lama", {"mulai": mulai, "selesai": selesai}, "lama", riwayat=["", *cells])
    return value


def test_the_answer_runs_with_the_other_inputs() -> None:
    assert rerun(INPUT, f"{MARKER}lama = selesai - mulai", TEST) == 5


def test_a_hard_coded_answer_stays_the_same() -> None:
    values = [rerun(INPUT, f"{MARKER}lama = 2", mulai=mulai) for mulai in (1, 2, 3)]
    assert selalu_sama(values)
    assert not selalu_sama([1, 2, 2])


@pytest.mark.parametrize(
    "cells",
    [
        (INPUT, "def beda(a, b):\n    return b - a", f"{MARKER}lama = beda(mulai, selesai)"),
        ("def beda(a, b):\n    return b - a", INPUT, f"{MARKER}lama = beda(mulai, selesai)"),
        (INPUT, "lama = selesai - mulai", MARKER),
        (INPUT, f"{MARKER}lama = ...", "lama = selesai - mulai", TEST),
        (INPUT, "selisih = selesai - mulai", "selisih", f"{MARKER}lama = selisih", TEST),
    ],
    ids=["helper between", "helper above", "answered above the marker", "answered below the marker", "step by step"],
)
def test_cells_of_the_trainee_cost_nothing(cells: tuple[str, ...]) -> None:
    assert rerun(*cells) == 5


def test_of_a_doubled_answer_the_last_copy_counts() -> None:
    assert rerun(INPUT, f"{MARKER}lama = mulai", f"{MARKER}lama = selesai - mulai", TEST) == 5
    assert rerun(INPUT, f"{MARKER}lama = selesai - mulai", f"{MARKER}lama = mulai", TEST) == 10


def test_an_identical_cell_runs_once() -> None:
    step = "selesai += 1"
    assert rerun(INPUT, step, step, f"{MARKER}lama = selesai - mulai") == 6


def test_a_changed_input_cell_is_replaced() -> None:
    assert rerun("# Masukan: lama\nmulai = 100\nselesai = 100", f"{MARKER}lama = selesai - mulai") == 5


def test_test_cells_and_later_cells_do_not_run() -> None:
    hidden = "# Sel ini berjalan saat penilaian, dengan data lain yang mengikuti aturan yang sama.\nselesai = 0"
    assert rerun(INPUT, hidden, "# Cek: lain\nselesai = 0", f"{MARKER}lama = selesai - mulai", TEST, "lama = 0") == 5


@pytest.mark.parametrize(
    "marker", ["# Jawaban: lama\n", "#jawaban : lama \n", "%%time\n# Jawaban: lama\n", "\n\n# Jawaban: lama\n"]
)
def test_the_marker_is_found_as_people_leave_it(marker: str) -> None:
    assert rerun(INPUT, f"{marker}lama = selesai - mulai") == 5


def test_without_the_marker_the_message_says_so() -> None:
    with pytest.raises(AssertionError, match="Baris penanda '# Jawaban: lama' tidak ditemukan") as caught:
        rerun(INPUT, "lama = selesai - mulai", TEST)
    assert "hanya skor uji contoh yang dihitung" in str(caught.value)


@pytest.mark.parametrize(
    "code, sentence",
    [
        ("lama = int(input('Lama? '))", "memakai input()"),
        ("exit()\nlama = 1", "menghentikan program"),
        ("raise SystemExit", "menghentikan program"),
        ("lama = selesai / (mulai - mulai)", "muncul galat ZeroDivisionError: division by zero"),
        ("lama = ", "muncul galat SyntaxError"),
        ("lamanya = selesai - mulai", "Sel jawaban perlu menetapkan nama itu sendiri"),
    ],
)
def test_a_missing_name_is_explained(code: str, sentence: str) -> None:
    with pytest.raises(AssertionError) as caught:
        rerun(INPUT, f"{MARKER}{code}", TEST)
    message = str(caught.value)
    assert "Dengan data lain, lama tidak terbentuk" in message and sentence in message
    assert 15 <= len(message.split()) <= 45


def test_an_error_after_the_answer_costs_nothing() -> None:
    assert rerun(INPUT, "1 / 0", f"{MARKER}lama = selesai - mulai\n'menit' + lama", "salah sintaks ini") == 5


def test_the_clock_of_nbclient_still_stops_a_rerun() -> None:
    with pytest.raises(KeyboardInterrupt):
        rerun(INPUT, f"{MARKER}raise KeyboardInterrupt")


def test_the_rerun_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    noise = "import sys, warnings\nprint('x')\nwarnings.warn('y')\nprint('z', file=sys.stderr)\n"
    with warnings.catch_warnings(record=True) as told:
        assert rerun(INPUT, f"{MARKER}{noise}lama = selesai - mulai") == 5
    assert told == []
    assert capfd.readouterr() == ("", "")


def test_magics_stay_inside_the_rerun() -> None:
    shell = InteractiveShell.instance()
    try:
        shell.user_ns["milik_peserta"] = 1
        magics = "%reset -f\n!touch /tidak-boleh-ada\n%time lama = selesai - mulai\n%matplotlib inline"
        assert rerun(INPUT, f"{MARKER}{magics}") == 5
        assert rerun(INPUT, f"%%time\n{MARKER}lama = selesai - mulai") == 5
        assert shell.user_ns["milik_peserta"] == 1 and "lama" not in shell.user_ns
    finally:
        InteractiveShell.clear_instance()
    assert not Path("/tidak-boleh-ada").exists()


def test_the_history_of_the_running_shell_is_the_default() -> None:
    shell = InteractiveShell.instance()
    try:
        for cell in (INPUT, f"%%time\n{MARKER}lama = selesai - mulai"):
            shell.run_cell(cell, store_history=True)
        assert jalankan_ulang("lama", {"mulai": 1, "selesai": 5}, "lama") == (4,)
        assert shell.user_ns["mulai"] == 1 and shell.user_ns["selesai"] == 3
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    "value, expected, same",
    [
        (2, 2, True),
        (2.0, 2, True),
        (0.1 + 0.2, 0.3, True),
        (2.25, 2, False),
        (True, 1, False),
        ("2", 2, False),
        (None, 0, False),
        (float("nan"), 0, False),
        (..., 0, False),
    ],
)
def test_numbers_are_compared_by_value(value: object, expected: float, same: bool) -> None:
    assert angka_sama(value, expected) is same


def test_texts_are_compared_exactly() -> None:
    assert teks_sama("A-007", "A-007")
    assert not teks_sama("A-007 ", "A-007") and not teks_sama(7, "7")
