"""The teaching pictures: what they say, that they escape, and that they are the same in every run."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.etree import ElementTree

import matplotlib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

matplotlib.use("agg")
import matplotlib.pyplot as plt

from melayani.belajar import bingkai, diagram, gambar, jejak, susun
from melayani.belajar.keluaran import Keluaran

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.one_of(st.integers(), st.floats(), st.text(), st.booleans(), st.none(), st.lists(st.text()), st.binary())


def svg(output: Keluaran) -> ElementTree.Element:
    found = re.search(r"base64,([^\"]+)", output.html)
    assert found
    return ElementTree.fromstring(base64.b64decode(found[1]))


def alt(output: Keluaran) -> str:
    found = re.search(r'<img alt="([^"]*)"', output.html)
    assert found
    return unescape(found[1])


def value_boxes(output: Keluaran) -> int:
    return sum(rect.get("rx") == "4" for rect in svg(output).iter(f"{SVG}rect"))


def texts(output: Keluaran) -> list[str]:
    return [element.text or "" for element in svg(output).iter(f"{SVG}text")]


def rows(output: Keluaran) -> list[list[str]]:
    table = ElementTree.fromstring(output.html.replace("&nbsp;", "\N{NO-BREAK SPACE}").replace("<br>", "\n"))
    return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


# --- diagram


def test_a_diagram_shows_names_values_and_types_and_says_them_in_its_alternative_text() -> None:
    output = diagram(jam=2, lama=2.5, nomor="A012", lengkap=True)
    assert [text for text in texts(output) if "(" in text] == [
        "bilangan bulat (int)",
        "bilangan desimal (float)",
        "teks (str)",
        "nilai benar atau salah (bool)",
    ]
    assert {"jam", "2", "lama", "2.5", "nomor", "'A012'", "lengkap", "True"} <= set(texts(output))
    assert alt(output) == (
        "Diagram nilai. jam menunjuk bilangan bulat 2. lama menunjuk bilangan desimal 2.5. "
        "nomor menunjuk teks 'A012'. lengkap menunjuk nilai benar atau salah True."
    )
    assert repr(output) == alt(output)


def test_two_names_for_one_list_share_a_box_and_a_copy_has_its_own() -> None:
    antrean = ["Sri", "Bagus"]
    output = diagram(antrean=antrean, salinan=list(antrean), nama_lain=antrean)
    assert value_boxes(output) == 2
    assert "antrean dan nama_lain menunjuk satu kotak yang sama: daftar ['Sri', 'Bagus']." in alt(output)
    assert "satu nilai yang sama" in output.html


@pytest.mark.parametrize("value", [7, 2.5, "A012", True, None, (1, 2), ..., frozenset({1})])
def test_equal_immutable_values_have_a_box_each(value: object) -> None:
    assert value_boxes(diagram(a=value, b=value)) == 2


@pytest.mark.parametrize("value", [[], {}, set(), len, object()])
def test_what_has_an_identity_shares_a_box(value: object) -> None:
    assert value_boxes(diagram(a=value, b=value)) == 1


def test_addresses_and_the_order_of_sets_do_not_show() -> None:
    output = diagram(fungsi=lambda hari: hari, benda=object(), layanan={"KK", "KTP-el", "akta"})
    assert "0x" not in alt(output)
    assert "{'KK', 'KTP-el', 'akta'}" in alt(output)


def assert_well_formed_and_wide_enough(output: Keluaran) -> None:
    picture = svg(output)
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    for rect in picture.iter(f"{SVG}rect"):
        assert float(rect.get("x", 0)) + float(rect.attrib["width"]) <= width
        assert float(rect.get("y", 0)) + float(rect.attrib["height"]) <= height
    assert width < 900
    ElementTree.fromstring(re.sub(r"(<img [^>]*)>", r"\1/>", output.html))


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), VALUES, min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_any_values_give_a_well_formed_picture_wide_enough_for_its_boxes(values: dict[str, Any]) -> None:
    assert_well_formed_and_wide_enough(diagram(**values))


def test_a_diagram_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="sedikitnya satu nama"):
        diagram()


# --- bingkai

orang_di_loket = 8


def lama_foto(orang: int, menit_per_orang: int = 4) -> int:
    menit = orang * menit_per_orang
    return menit


def lama_cetak(orang: int) -> int:
    return len(str(orang_di_loket)) * 2


def tampilkan(teks: str) -> None:
    print(teks)


def bagi(menit: int) -> float:
    orang = 0
    return menit / orang


def test_a_frame_shows_the_call_the_local_names_at_the_return_and_the_returned_value() -> None:
    output = bingkai(lama_foto, 5, menit_per_orang=3)
    assert [text for text in texts(output) if ":" not in text] == [
        "lama_foto(5, menit_per_orang=3)",
        *("5", "bilangan bulat (int)", "orang"),
        *("3", "bilangan bulat (int)", "menit_per_orang"),
        *("15", "bilangan bulat (int)", "menit"),
        "Yang keluar dari pemanggilan ini",
        *("15", "bilangan bulat (int)", "dikembalikan"),
    ]
    assert alt(output) == (
        "Bingkai pemanggilan lama_foto(5, menit_per_orang=3). Nama lokal: orang menunjuk bilangan bulat 5. "
        "menit_per_orang menunjuk bilangan bulat 3. menit menunjuk bilangan bulat 15. "
        "Fungsi ini mengembalikan bilangan bulat 15."
    )


def test_a_parameter_left_to_its_default_says_so() -> None:
    output = bingkai(lama_foto, 5)
    assert texts(output).count("bilangan bulat (int), nilai bawaan") == 1
    assert "menit_per_orang memakai nilai bawaan." in alt(output)


def test_a_frame_shows_the_global_names_that_are_read_and_no_functions() -> None:
    output = bingkai(lama_cetak, 3)
    assert "Nama global yang dibaca: orang_di_loket menunjuk bilangan bulat 8. " in alt(output)
    assert "len" not in texts(output)
    assert "orang_di_loket" not in texts(bingkai(lama_foto, 3))


def test_what_is_printed_is_not_what_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    output = bingkai(tampilkan, "Loket 2")
    assert {"ke layar", "Loket 2", "dikembalikan", "None", "tidak ada hasil"} <= set(texts(output))
    assert "Yang tampil di layar: Loket 2. Fungsi ini mengembalikan None: tidak ada hasil." in alt(output)
    assert not capsys.readouterr().out


def test_what_comes_out_stands_outside_the_frame_and_does_not_look_like_a_name() -> None:
    picture = svg(bingkai(tampilkan, "Loket 2"))
    assert sum(rect.get("rx") == "16" for rect in picture.iter(f"{SVG}rect")) == 1  # teks, the only name
    frame = next(rect for rect in picture.iter(f"{SVG}rect") if rect.get("rx") == "8")
    bottom = float(frame.attrib["y"]) + float(frame.attrib["height"])
    below = {text.text for text in picture.iter(f"{SVG}text") if float(text.attrib["y"]) > bottom}
    assert {"ke layar", "dikembalikan"} <= below
    assert "teks" not in below


def test_an_error_in_the_call_is_described_with_the_names_at_that_moment() -> None:
    output = bingkai(bagi, 9)
    assert "orang menunjuk bilangan bulat 0." in alt(output)
    assert "Pemanggilan berhenti karena galat ZeroDivisionError: division by zero." in alt(output)
    assert "dikembalikan" not in texts(output)


def test_the_names_of_a_helper_are_not_those_of_the_frame() -> None:
    def pembantu() -> int:
        menit = 0
        return menit

    def layani(orang: int) -> float:
        menit = orang / pembantu()
        return menit

    assert "menit" not in alt(bingkai(layani, 9))


def test_arguments_that_do_not_fit_give_no_frame() -> None:
    output = bingkai(lama_foto)
    assert "Tidak ada nama lokal." in alt(output)
    assert "berhenti sebelum fungsi mulai berjalan karena galat TypeError: " in alt(output)


def test_of_a_function_that_calls_itself_the_first_frame_is_shown() -> None:
    def hitung_mundur(angka: int) -> int:
        return angka and hitung_mundur(angka - 1)

    assert "angka menunjuk bilangan bulat 3." in alt(bingkai(hitung_mundur, 3))


def test_the_call_is_shown_as_it_was_before_the_function_changed_its_input() -> None:
    def kosongkan(antrean: list[str]) -> None:
        antrean.clear()

    assert texts(bingkai(kosongkan, ["Sri"]))[0] == "kosongkan(['Sri'])"


def test_a_profiler_that_was_there_before_goes_on() -> None:
    def watch(*_: object) -> None:
        return None

    sys.setprofile(watch)
    try:
        bingkai(bagi, 9)
        assert sys.getprofile() is watch
    finally:
        sys.setprofile(None)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), VALUES, max_size=3), VALUES)
@settings(max_examples=50, deadline=None)
def test_any_call_gives_a_well_formed_picture_wide_enough_for_its_boxes(named: dict[str, Any], value: Any) -> None:
    def layani(*masukan: object, **bernama: object) -> object:
        print(value)
        return masukan, bernama

    output = bingkai(layani, value, **named) if "fungsi" not in named else bingkai(layani, value)
    assert_well_formed_and_wide_enough(output)


@pytest.mark.parametrize("what", [len, 3, "lama_foto"])
def test_only_a_function_written_with_def_has_a_frame(what: Any) -> None:
    with pytest.raises(ValueError, match="def"):
        bingkai(what, 3)


# --- jejak


def test_a_trace_shows_every_value_after_each_line_and_what_is_printed() -> None:
    output = jejak("menunggu = 135\njam = menunggu // 60\nprint(jam, 'jam')\nmenunggu = 0")
    assert rows(output) == [
        ["Baris", "Kode", "menunggu", "jam", "Keluaran"],
        ["1", "menunggu = 135", "135", "–", ""],
        ["2", "jam = menunggu // 60", "135", "2", ""],
        ["3", "print(jam, 'jam')", "135", "2", "2 jam"],
        ["4", "menunggu = 0", "0", "2", ""],
    ]
    changed = re.findall(r"<strong><code[^>]*>(.*?)</code></strong>", output.html)
    assert changed == ["135", "2", "0"]


def test_a_trace_table_has_a_caption_and_heading_cells_and_no_script() -> None:
    html = jejak("jam = 2").html
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 1
    assert "<caption" in html
    assert "<script" not in html
    assert "Keluaran" not in html


def test_blank_cells_do_not_give_the_value_away() -> None:
    output = jejak("jam = 11\nmenit = jam + 22\nprint(menit)", kosong=[(2, "menit"), (3, "menit"), (3, "keluaran")])
    assert rows(output)[2:] == [["2", "menit = jam + 22", "11", "…", ""], ["3", "print(menit)", "11", "…", "…"]]
    assert "33" not in output.html
    assert "33" not in output.teks
    assert "untuk Anda isi" in output.html


@pytest.mark.parametrize("cell", [(1, "hari"), (9, "jam"), (1, "keluaran")])
def test_a_blank_that_the_table_does_not_have_is_refused(cell: tuple[int, str]) -> None:
    with pytest.raises(ValueError, match="tidak memiliki sel"):
        jejak("jam = 2", kosong=[cell])


def test_loops_and_branches_appear_as_they_run() -> None:
    code = "total = 0\nfor lama in [3, 5]:\n    total = total + lama\nif total > 9:\n    total = 0"
    assert [row[0] for row in rows(jejak(code))[1:]] == ["1", "2", "3", "2", "3", "2", "4"]
    assert rows(jejak(code))[-1][2:] == ["8", "5"]


def test_a_statement_over_several_lines_is_one_row() -> None:
    assert [row[0] for row in rows(jejak("total = sum(\n    [1,\n     2]\n)\ntotal = total + 1"))[1:]] == ["1", "5"]


def test_functions_and_modules_are_not_columns() -> None:
    code = "import math\ndef ganda(nilai):\n    return nilai * 2\nhasil = ganda(math.floor(2.5))"
    assert rows(jejak(code))[0] == ["Baris", "Kode", "hasil"]


def test_an_error_is_the_last_row() -> None:
    last = rows(jejak("jam = 0\nrata = 9 / jam\njam = 1"))[-1]
    assert last == ["2", "rata = 9 / jam", "0", "ZeroDivisionError: division by zero"]


def test_given_values_are_the_first_row_and_stay_as_they_are() -> None:
    antrean = ["Sri"]
    output = jejak("banyak = len(antrean)", masukan={"antrean": antrean})
    assert rows(output)[1] == ["awal", "masukan", "['Sri']", "–"]
    assert rows(output)[2] == ["1", "banyak = len(antrean)", "['Sri']", "1"]


def test_an_endless_loop_is_refused() -> None:
    with pytest.raises(ValueError, match="langkah"):
        jejak("nomor = 0\nwhile True:\n    nomor = nomor + 1")


def test_a_tracer_that_was_there_before_goes_on() -> None:
    before = sys.gettrace()
    jejak("jam = 2")
    assert sys.gettrace() is before


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x00"), max_size=40))
@settings(max_examples=50, deadline=None)
def test_a_trace_escapes_code_and_values(text: str) -> None:
    code = f"nama = {text!a}"
    assert rows(jejak(code))[1][1] == code
    assert "<b>" not in jejak("nama = '<b>'").html


# --- susun

LINES = ["menunggu = 135", "jam = menunggu // 60", "menit = menunggu % 60", "print(jam, menit)"]
OTHER = [LINES[0], LINES[2], LINES[1], LINES[3]]


class Puzzle:
    """The parts of the widget that a trainee uses."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self.box = susun(*args, **named)
        self.intro, lines, buttons, self.answer = self.box.children
        self.lines = lines.children
        self.up, self.down, self.check = buttons.children

    @property
    def shown(self) -> list[str]:
        return [button.description.replace("\N{NO-BREAK SPACE}", " ") for button in self.lines]

    @property
    def order(self) -> list[str]:
        return [text.split(". ", 1)[1] for text in self.shown]

    @property
    def chosen(self) -> int:
        (place,) = [place for place, text in enumerate(self.shown) if text.startswith("▸")]
        return place

    def arrange(self, lines: list[str]) -> None:
        for target, line in enumerate(lines):
            self.lines[self.order.index(line, target)].click()
            while self.chosen > target:
                self.up.click()

    def examine(self) -> str:
        self.check.click()
        return str(self.answer.value)


def test_the_lines_start_in_a_wrong_order_and_can_be_put_right() -> None:
    puzzle = Puzzle(LINES, "Tampilkan jam & menit.")
    assert sorted(puzzle.order) == sorted(LINES)
    assert puzzle.order != LINES
    assert "jam &amp; menit" in puzzle.intro.value
    assert "Belum tepat" in puzzle.examine()
    puzzle.arrange(LINES)
    assert puzzle.order == LINES
    assert "Tepat." in puzzle.examine()


def test_feedback_names_the_first_line_out_of_place_and_not_the_right_one() -> None:
    puzzle = Puzzle(LINES)
    puzzle.arrange([LINES[0], LINES[3], LINES[1], LINES[2]])
    answer = puzzle.examine()
    assert "Baris 1 sudah pada tempatnya." in answer
    assert "Periksa lagi baris 2: <code>print(jam, menit)</code>" in answer
    assert LINES[1] not in answer


def test_another_right_order_is_accepted_and_never_the_start() -> None:
    puzzle = Puzzle(LINES, setara=[OTHER])
    assert puzzle.order not in (LINES, OTHER)
    puzzle.arrange(OTHER)
    assert "Tepat." in puzzle.examine()


def test_a_moved_line_stays_chosen_and_the_old_answer_goes() -> None:
    puzzle = Puzzle(LINES)
    puzzle.examine()
    puzzle.lines[1].click()
    line = puzzle.order[1]
    puzzle.down.click()
    assert puzzle.order[puzzle.chosen] == line == puzzle.order[2]
    assert puzzle.answer.value == ""


def test_the_ends_of_the_list_hold() -> None:
    puzzle = Puzzle(LINES)
    before = puzzle.order
    puzzle.lines[0].click()
    puzzle.up.click()
    puzzle.lines[-1].click()
    puzzle.down.click()
    assert puzzle.order == before


def test_the_stored_text_is_what_the_sanitize_file_expects() -> None:
    assert repr(susun(LINES)).startswith("VBox(children=")


@pytest.mark.parametrize(("lines", "others"), [([], []), (["a"], []), (["a", "a"], []), (["a", "b"], [["b", "a"]])])
def test_nothing_to_order_is_refused(lines: list[str], others: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="dua baris"):
        susun(lines, setara=others)


def test_another_order_with_other_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="setara"):
        susun(LINES, setara=[LINES[:3]])


@given(st.lists(st.sampled_from(["a = 1", "b = 2", "    c = 3", "print(a)"]), min_size=2, max_size=7))
@settings(max_examples=50, deadline=None)
def test_any_lines_can_be_put_right(lines: list[str]) -> None:
    if len(set(lines)) == 1:
        return
    puzzle = Puzzle(lines)
    assert puzzle.order != lines
    puzzle.arrange(lines)
    assert "Tepat." in puzzle.examine()


# --- gambar


@pytest.fixture
def no_figures() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


@pytest.mark.usefixtures("no_figures")
def test_a_figure_carries_its_alternative_text_and_is_closed() -> None:
    figure, axes = plt.subplots()
    axes.bar(["Senin"], [23])
    output = gambar(figure, 'Batang "Senin" & 23', "Pemohon <per hari>")
    assert alt(output) == 'Batang "Senin" & 23'
    assert "<figcaption>Pemohon &lt;per hari&gt;</figcaption>" in output.html
    assert plt.get_fignums() == []
    assert not texts(output)


@pytest.mark.usefixtures("no_figures")
def test_a_figure_without_alternative_text_is_refused() -> None:
    with pytest.raises(ValueError, match="Teks alternatif"):
        gambar(plt.figure(), "  ")


SCRIPT = """
import matplotlib; matplotlib.use("agg")
import matplotlib.pyplot as plt
from melayani.belajar import bingkai, diagram, gambar, jejak, susun
fig, ax = plt.subplots(); ax.plot([1, 2], [3, 4], marker="o"); ax.set_title("Antrean")
print(gambar(fig, "Garis").html)
print(diagram(a={"KK", "akta", "KTP-el"}, b=object(), c=len).html)
layanan = {"KK", "akta", "KTP-el"}
def hitung(benda, banyak=2): return len(layanan), benda
print(bingkai(hitung, object()).html)
print(jejak("layanan = {'KK', 'akta', 'KTP-el'}\\nbenda = object()").html)
print([line.description for line in susun(["a = 1", "b = 2", "print(a)"]).children[1].children])
"""


def test_two_processes_give_the_same_bytes() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
