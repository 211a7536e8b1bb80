"""`susun`: a Parsons problem; lines of a program in a wrong order, to be put right by keyboard or mouse."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from html import escape

import ipywidgets as widgets

HELP = (
    "Pilih satu baris pada daftar, lalu tekan Naik atau Turun untuk memindahkannya. "
    "Jika urutannya menurut Anda sudah benar, tekan Periksa."
)
STYLE = (
    "<style>.melayani-susun select { font-family: var(--jp-code-font-family, monospace); "
    "font-size: var(--jp-code-font-size, 14px); } .melayani-susun p { margin: 0 0 0.4em; }</style>"
)


def shuffled(lines: Sequence[str], right: Sequence[Sequence[str]]) -> list[str]:
    """Return `lines` in an order that is none of `right`, always the same one for the same lines.

    Raises ValueError, with a sentence in Bahasa, when every order is right.
    """

    def key(indexed: tuple[int, str]) -> bytes:
        return hashlib.sha256(f"{indexed[0]} {indexed[1]}".encode()).digest()

    start = [line for _, line in sorted(enumerate(lines), key=key)]
    wrong = (list(order) for order in itertools.permutations(start) if list(order) not in right)
    try:
        return next(wrong)
    except StopIteration:
        raise ValueError("susun memerlukan sedikitnya dua baris yang urutannya dapat salah.") from None


def correct_lines(order: Sequence[str], right: Sequence[Sequence[str]]) -> int:
    """Return how many lines from the top are in place, by the right order that fits best."""
    return max(
        next((place for place, pair in enumerate(zip(order, good, strict=True)) if pair[0] != pair[1]), len(good))
        for good in right
    )


def feedback(order: Sequence[str], right: Sequence[Sequence[str]]) -> str:
    """Return what *Periksa* answers, as HTML: the first line that is out of place, not where it belongs."""
    place = correct_lines(order, right)
    if place == len(order):
        return "<strong>Tepat.</strong> Semua baris sudah pada tempatnya."
    done = {0: "", 1: "Baris 1 sudah pada tempatnya. "}.get(place, f"Baris 1 sampai {place} sudah pada tempatnya. ")
    return (
        f"<strong>Belum tepat.</strong> {done}Periksa lagi baris {place + 1}: "
        f"<code>{escape(order[place].strip())}</code>"
    )


def susun(baris: Sequence[str], petunjuk: str = "", setara: Iterable[Sequence[str]] = ()) -> widgets.VBox:
    """Return a widget that shows the lines `baris` in a wrong order and says when they are in the right one.

    `petunjuk`: what the program is to do, shown above. `setara`: other right orders of the same lines.
    Raises ValueError, with a sentence in Bahasa, when there is nothing to order or `setara` has other lines.
    """
    right = [list(baris), *(list(order) for order in setara)]
    if any(sorted(order) != sorted(right[0]) for order in right):
        raise ValueError("Setiap urutan dalam setara harus memuat baris yang sama dengan baris.")
    order = shuffled(right[0], right)

    chosen = widgets.Select(rows=len(order), layout=widgets.Layout(width="100%", max_width="45em"))
    up = widgets.Button(description="Naik", tooltip="Pindahkan baris yang dipilih ke atas")
    down = widgets.Button(description="Turun", tooltip="Pindahkan baris yang dipilih ke bawah")
    check = widgets.Button(description="Periksa", tooltip="Periksa urutan baris", button_style="primary")
    answer = widgets.HTML()

    def show(index: int) -> None:
        # No-break spaces: a list box swallows indentation.
        labels = [f"{place}.\N{NO-BREAK SPACE}{line}" for place, line in enumerate(order, 1)]
        chosen.options = [(text.replace(" ", "\N{NO-BREAK SPACE}"), place) for place, text in enumerate(labels)]
        chosen.index = index

    def move(step: int) -> None:
        place = chosen.index or 0
        target = place + step
        if 0 <= target < len(order):
            order[place], order[target] = order[target], order[place]
            show(target)
            answer.value = ""

    def examine(_: widgets.Button) -> None:
        answer.value = f'<div role="status">{feedback(order, right)}</div>'

    up.on_click(lambda _: move(-1))
    down.on_click(lambda _: move(1))
    check.on_click(examine)
    show(0)
    intro = f"<p>{escape(petunjuk)}</p>" if petunjuk else ""
    box = widgets.VBox([widgets.HTML(f"{STYLE}{intro}<p>{HELP}</p>"), chosen, widgets.HBox([up, down, check]), answer])
    box.add_class("melayani-susun")
    return box
