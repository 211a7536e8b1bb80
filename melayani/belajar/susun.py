"""`susun`: a Parsons problem; lines of a program in a wrong order, to be put right by keyboard or mouse."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from html import escape

import ipywidgets as widgets

HELP = (
    "Tekan satu baris untuk memilihnya, lalu tekan Naik atau Turun untuk memindahkannya. "
    "Jika urutannya menurut Anda sudah benar, tekan Periksa. "
    "Dengan papan ketik, gunakan Tab untuk berpindah dan Spasi untuk menekan."
)
STYLE = (
    "<style>.melayani-susun .melayani-baris { text-align: left; font-size: var(--jp-code-font-size, 14px); "
    "font-family: var(--jp-code-font-family, monospace); } "
    ".melayani-susun p { margin: 0 0 0.4em; line-height: 1.5; }</style>"
)
CHOSEN, OTHERS = "▸", "\N{NO-BREAK SPACE}"


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

    # Buttons, not a list box: in command mode JupyterLab takes the arrow keys away from a list box.
    lines = [widgets.Button(layout=widgets.Layout(width="100%", max_width="45em", margin="1px 0")) for _ in order]
    up = widgets.Button(description="Naik", tooltip="Pindahkan baris yang dipilih ke atas")
    down = widgets.Button(description="Turun", tooltip="Pindahkan baris yang dipilih ke bawah")
    check = widgets.Button(description="Periksa", tooltip="Periksa urutan baris", button_style="primary")
    answer = widgets.HTML()
    chosen = 0

    def choose(place: int) -> None:
        nonlocal chosen
        chosen = place
        for index, (button, text) in enumerate(zip(lines, order, strict=True)):
            mark = CHOSEN if index == place else OTHERS
            # No-break spaces: a button swallows indentation.
            button.description = f"{mark} {index + 1}. {text}".replace(" ", "\N{NO-BREAK SPACE}")
            button.tooltip = "Baris yang dipilih" if index == place else "Pilih baris ini"
            button.style.font_weight = "bold" if index == place else "normal"

    def move(step: int) -> None:
        target = chosen + step
        if 0 <= target < len(order):
            order[chosen], order[target] = order[target], order[chosen]
            choose(target)
            answer.value = ""

    def examine(_: widgets.Button) -> None:
        answer.value = f'<div role="status">{feedback(order, right)}</div>'

    for place, button in enumerate(lines):
        button.add_class("melayani-baris")
        button.on_click(lambda _, place=place: choose(place))
    up.on_click(lambda _: move(-1))
    down.on_click(lambda _: move(1))
    check.on_click(examine)
    choose(0)
    intro = f"<p>{escape(petunjuk)}</p>" if petunjuk else ""
    box = widgets.VBox(
        [
            widgets.HTML(f"{STYLE}{intro}<p>{HELP}</p>"),
            widgets.VBox(lines),
            widgets.HBox([up, down, check]),
            answer,
        ]
    )
    box.add_class("melayani-susun")
    return box
