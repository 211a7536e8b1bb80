"""What a check of a function accepts, and in which order it says what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from melayani.grading.calls import Nilai, Pemeriksa, periksa_aturan


@pytest.fixture
def names() -> Iterator[dict[str, Any]]:
    """The names of a notebook, as its cells make them."""
    shell = InteractiveShell.instance()
    shell.user_ns["f"] = lambda *masukan: masukan[0]
    yield shell.user_ns
    InteractiveShell.clear_instance()


def said(call: str, expected: Nilai, **options: Any) -> str:
    """Return what the check of `call` says, or nothing."""
    try:
        Pemeriksa("f", **{"soal": 7, **options.pop("more", {})})(call, expected, "umum", **options)
    except AssertionError as error:
        return str(error)
    return ""


def test_a_name_that_is_no_function_is_told_before_anything_else(names: dict[str, Any]) -> None:
    for value in (3, None):
        names["f"] = value
        assert "Fungsi f belum ada" in said("f(1)", 1)
    del names["f"]
    assert "jalankan sel jawaban soal 7" in said("f(1)", 1)


@pytest.mark.parametrize("call", ["f(5)", "f(5.0)", "f(5 + 1e-10)", "f(True + 4)"])
def test_numbers_are_compared_by_value(names: dict[str, Any], call: str) -> None:
    assert said(call, 5) == ""


@pytest.mark.parametrize(
    "call, expected, part",
    [
        ("f(None)", 5, "Tidak ada nilai yang dikembalikan"),
        ("f((5, 1))", 5, "satu bilangan. Periksa koma"),
        ("f(('a', 'b'))", "a", "satu teks. Sesudah return, sambungkan"),
        ("f('5')", 5, "Tipenya str, padahal yang diminta int atau float"),
        ("f(True)", 1, "Tipenya bool, padahal yang diminta int atau float"),
        ("f(5)", "5", "Tipenya int, padahal yang diminta teks"),
        ("f([5])", 5, "Tipenya list"),
        ("f(6)", 5, "f(6) seharusnya 5, tetapi hasilnya 6. umum"),
        ("f('a ')", "a", "f('a ') seharusnya 'a', tetapi hasilnya 'a '. umum"),
        ("f(1)", True, "Tipenya int, padahal yang diminta True atau False"),
        ("f('True')", True, "Tipenya str, padahal yang diminta True atau False"),
        ("f((True, 1))", True, "satu jawaban. Periksa koma"),
        ("f(False)", True, "f(False) seharusnya True, tetapi hasilnya False. umum"),
        ("f('35')", ("35", "78"), "Itu satu nilai, bertipe str, padahal yang diminta 2 nilai"),
        ("f(('35',))", ("35", "78"), "Banyaknya nilai di dalamnya 1, padahal yang diminta 2"),
        ("f(('35', 78))", ("35", "78"), "Nilai ke-2 di dalamnya bertipe int, padahal yang diminta teks"),
        ("f((1, 'ada'))", (True, "ada"), "Nilai ke-1 di dalamnya bertipe int, padahal yang diminta True atau False"),
        ("f(('78', '35'))", ("35", "78"), "tetapi hasilnya ('78', '35'). umum"),
    ],
)
def test_each_stage_has_its_own_sentence(names: dict[str, Any], call: str, expected: Nilai, part: str) -> None:
    assert part in said(call, expected)


@pytest.mark.parametrize("call", ["f((True, 17.0, 'a'))", "f([True, 17, 'a'])"])
def test_several_values_come_as_a_tuple_or_a_list(names: dict[str, Any], call: str) -> None:
    assert said(call, (True, 17, "a")) == ""
    periksa_aturan("aturan", {call: (True, 17, "a"), "f(True)": True})


def test_what_only_inherits_from_tuple_is_none(names: dict[str, Any]) -> None:
    exec("class T(tuple):\n    def __len__(self):\n        return 2", names)
    assert "Itu satu nilai, bertipe T" in said("f(T('a'))", ("a", "b"))


def test_a_known_wrong_result_may_be_of_another_type(names: dict[str, Any]) -> None:
    assert said("f('hamil')", True, keliru={"hamil": "dikenal"}).endswith("dikenal")
    assert said("f(('a', 'b'))", "a", keliru={("a", "b"): "dikenal"}).endswith("dikenal")


def test_a_check_has_its_own_sentence_where_a_call_stops_and_where_nothing_is_returned(names: dict[str, Any]) -> None:
    own = {"ZeroDivisionError": "Jangan membagi dengan nol.", "TypeError": "lain"}
    start = "f(1 / 0) seharusnya 1, tetapi berhenti: ZeroDivisionError: division by zero."
    assert said("f(1 / 0)", 1, berhenti=own) == f"{start} Jangan membagi dengan nol."
    assert said("f(1 / 0)", 1, berhenti={"TypeError": "lain"}).startswith(f"{start} Jalankan panggilan itu")
    assert said("f(None)", 1, more={"tanpa_hasil": "tidak ada cabang"}).endswith("tidak ada cabang")
    exec("def f(orang):\n    return orang", names)
    assert "Bandingkan baris def Anda" in said("f()", 1, berhenti=own)


def test_a_known_mistake_comes_before_its_form_and_both_before_the_general_sentence(names: dict[str, Any]) -> None:
    more = {"bentuk": {"^ ": "spasi di depan"}}
    assert said("f(' a')", "a", more=more, keliru={" a": "dikenal"}).endswith("dikenal")
    assert said("f(' b')", "a", more=more, keliru={" a": "dikenal"}).endswith("spasi di depan")
    assert said("f('b')", "a", more=more, keliru={" a": "dikenal"}).endswith("umum")


def test_an_error_is_named_and_the_def_line_only_where_the_arguments_do_not_fit(names: dict[str, Any]) -> None:
    exec("def f(orang):\n    return math.ceil(orang)", names)
    assert "berhenti: NameError: name 'math' is not defined. Jalankan panggilan itu dalam sel baru" in said("f(1)", 1)
    told = said("f(1, 2)", 1)
    assert "f() takes 1 positional argument" in told and "Bandingkan baris def Anda dengan soal 7" in told
    exec("def f(orang):\n    raise ValueError('panjang ' * 100)", names)
    assert len(said("f(1)", 1)) < 350


def test_another_place_is_named_as_it_is_given_and_calls_may_use_tools(names: dict[str, Any]) -> None:
    more = {"soal": "tantangan 1", "butir": "Kalimat", "alat": {"tiga": 3}}
    assert said("f(tiga)", 3, more=more) == ""
    assert 'Baca lagi butir "Kalimat" pada tantangan 1.' in said("f(tiga)", "3", more=more)
    assert "tiga" not in names


def test_names_that_the_trainee_reused_do_no_harm(names: dict[str, Any]) -> None:
    names.update(dict.fromkeys(("abs", "isinstance", "type", "str", "int", "print", "eval", "callable"), 3))
    assert said("f(5)", 5) == ""
    periksa_aturan("aturan", {"f(5)": 5})


def test_a_hidden_check_gives_the_rule_alone(names: dict[str, Any]) -> None:
    periksa_aturan("aturan", {"f(5)": 5, "f('a')": "a"})
    several: dict[str, Nilai] = {"f((1, 'a'))": (True, "a")}
    for wrong in ({"f(5)": 6}, {"f(5)": 5, "f('5')": 5}, {"f()": 5}, {"f(None)": "None"}, {"f(1)": True}, several):
        with pytest.raises(AssertionError, match=r"^aturan$"):
            periksa_aturan("aturan", wrong)
