"""`bingkai`: the frame of one call, drawn while the function really runs: its names, what it reads, what comes out."""

from __future__ import annotations

import contextlib
import dis
import inspect
import io
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType, FrameType, FunctionType

from melayani.belajar.diagram import (
    CHAR,
    GAP,
    LINE,
    PAD,
    SMALL,
    Box,
    describe,
    in_words,
    mono,
    name_width,
    page,
    pairs,
    printable,
    rectangle,
    sans,
    shorten,
    type_label,
    value_text,
)
from melayani.belajar.jejak import visible
from melayani.belajar.keluaran import Keluaran, figure

ARGUMENT, CALL = 40, 90  # characters of one argument and of the whole call
ALARM_FILL = "#fde7e0"
LOCAL = "Nama lokal: hanya ada selama pemanggilan ini"
OUT = "Yang keluar dari pemanggilan ini"
PRINTED, RETURNED, FAILED = "ke layar", "dikembalikan", "galat"
GLOBAL = "Nama global: di luar fungsi, dibaca oleh fungsi ini"
NO_LOCALS = "Tidak ada nama lokal."
NO_RESULT = "tidak ada hasil"


@dataclass
class Call:
    """One call that has ended: as written, its names and values at the end, and what came out."""

    text: str
    local_names: dict[str, object]
    defaults: set[str]  # parameters that were not given and have their default
    global_names: dict[str, object]
    printed: str
    result: object
    error: Exception | None
    started: bool  # False: the arguments did not fit, so there never was a frame


def call_text(fungsi: FunctionType, masukan: tuple[object, ...], bernama: Mapping[str, object]) -> str:
    """Return the call as one writes it: `lama_foto(5, menit_per_orang=4)`."""
    given = [shorten(value_text(value, 10_000), ARGUMENT) for value in masukan]
    named = [f"{name}={shorten(value_text(value, 10_000), ARGUMENT)}" for name, value in bernama.items()]
    return shorten(f"{fungsi.__name__}({', '.join([*given, *named])})", CALL)


def globals_read(fungsi: FunctionType) -> dict[str, object]:
    """Return the global names that the function reads, with their values; no functions and no modules."""
    found: dict[str, object] = {}
    codes = [fungsi.__code__]
    for code in codes:
        for step in dis.get_instructions(code):
            if step.opname == "LOAD_GLOBAL" and step.argval in fungsi.__globals__:
                found[step.argval] = fungsi.__globals__[step.argval]
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return {name: found[name] for name in visible(found)}


def defaults_used(
    fungsi: FunctionType, masukan: tuple[object, ...], bernama: Mapping[str, object], names: Mapping[str, object]
) -> set[str]:
    """Return the parameters that the call leaves to their default, and that still have it in `names` at the end."""
    signature = inspect.signature(fungsi)
    try:
        given = signature.bind(*masukan, **bernama).arguments
    except TypeError:
        return set()
    return {
        name
        for name, parameter in signature.parameters.items()
        if name not in given and name in names and names[name] is parameter.default
    }


def observe(fungsi: FunctionType, masukan: tuple[object, ...], bernama: Mapping[str, object]) -> Call:
    """Run the call and return what was seen; whatever profiled before goes on afterwards."""
    text = call_text(fungsi, masukan, bernama)
    own = {*fungsi.__code__.co_varnames, *fungsi.__code__.co_cellvars}
    frame: FrameType | None = None
    names: dict[str, object] = {}
    result: object = None
    error: Exception | None = None

    def watch(current: FrameType, event: str, _: object) -> None:
        nonlocal frame
        if event == "call" and frame is None and current.f_code is fungsi.__code__:
            frame = current
        elif event == "return" and current is frame:
            names.update((name, value) for name, value in current.f_locals.items() if name in own)

    printed = io.StringIO()
    before = sys.getprofile()
    with contextlib.redirect_stdout(printed):
        sys.setprofile(watch)
        try:
            result = fungsi(*masukan, **bernama)
        except Exception as raised:
            error = raised
        finally:
            sys.setprofile(before)
    return Call(
        text,
        names,
        defaults_used(fungsi, masukan, bernama, names),
        globals_read(fungsi),
        printable(printed.getvalue().rstrip("\n")),
        result,
        error,
        frame is not None,
    )


def error_text(error: Exception) -> str:
    """Return the last line of the error's traceback."""
    return printable("".join(traceback.format_exception_only(error)).strip().split("\n")[-1])


def outcome(call: Call) -> list[Box]:
    """Return what came out of the call: the printed text, if any, and the returned value or the error."""
    found = []
    if call.printed:
        found.append(Box(None, [PRINTED], call.printed, "tampil di layar, tidak dikembalikan"))
    if call.error is not None:
        label = "pemanggilan berhenti; tidak ada nilai yang dikembalikan"
        found.append(Box(None, [FAILED], error_text(call.error), label, ALARM_FILL))
    elif call.result is None:
        found.append(Box(None, [RETURNED], label=NO_RESULT, fill=ALARM_FILL))
    else:
        found.append(Box(call.result, [RETURNED]))
    return found


def sentence(call: Call) -> str:
    """Return the whole picture in words."""
    parts = [f"Bingkai pemanggilan {call.text}."]
    if call.local_names:
        boxes = [Box(value, [name]) for name, value in call.local_names.items()]
        parts.append(f"Nama lokal: {describe(boxes)}")
    else:
        parts.append(NO_LOCALS)
    for name in call.local_names:
        if name in call.defaults:
            parts.append(f"{name} memakai nilai bawaan.")
    if call.global_names:
        boxes = [Box(value, [name]) for name, value in call.global_names.items()]
        parts.append(f"Nama global yang dibaca: {describe(boxes)}")
    if call.printed:
        parts.append(f"Yang tampil di layar: {shorten(call.printed, 160)}.")
    if call.error is not None:
        when = "berhenti" if call.started else "berhenti sebelum fungsi mulai berjalan"
        parts.append(f"Pemanggilan {when} karena galat {shorten(error_text(call.error), 160)}.")
    elif call.result is None:
        parts.append(f"Fungsi ini mengembalikan None: {NO_RESULT}.")
    else:
        parts.append(f"Fungsi ini mengembalikan {in_words(call.result)}.")
    return " ".join(parts)


def draw(call: Call) -> bytes:
    """Return the picture as SVG: the frame with the local names; below it the global names and what came out.

    What came out has no outline at the left, as names have: neither the screen nor the caller is a name.
    """
    inside = [
        Box(value, [name], label=f"{type_label(value)}, nilai bawaan" if name in call.defaults else "")
        for name, value in call.local_names.items()
    ]
    out = outcome(call)
    outside = [Box(value, [name]) for name, value in call.global_names.items()]
    names = name_width([*inside, *out, *outside])
    left = 2 * PAD
    y = PAD + LINE + PAD / 2
    parts = [mono(left, y, call.text, "bold")]
    right = left + len(call.text) * CHAR
    y += PAD

    def add(heading: str, found: list[Box], outline: bool = True) -> None:
        nonlocal y, right
        parts.append(sans(left, y + LINE - PAD / 2, heading))
        right = max(right, left + len(heading) * SMALL * 0.6)
        y += LINE + PAD / 2
        drawn, edge, y = pairs(found, left, y, names, outline) if found else ([], right, y)
        parts.extend(drawn)
        right = max(right, edge)
        y += GAP / 2

    add(LOCAL if inside else NO_LOCALS, inside)
    bottom = y + PAD / 2
    y = bottom + GAP / 2
    if outside:
        add(GLOBAL, outside)
    add(OUT, out, outline=False)
    frame = rectangle(PAD, PAD, right, bottom - PAD, "#ffffff", 8)
    return page([frame, *parts], right + PAD, y - GAP / 2)


def bingkai(fungsi: Callable[..., object], *masukan: object, **masukan_bernama: object) -> Keluaran:
    """Return the frame of the call `fungsi(*masukan, **masukan_bernama)`, drawn from a live run of it.

    It shows the call, the local names with their values and types at the moment of return (a parameter that
    was left to its default says so), what was printed, what was returned, and the global names that the
    function reads. `None` and an error stand out; an error is described, not raised.
    Raises ValueError, with a sentence in Bahasa, for what was not written with `def`.
    """
    if not isinstance(fungsi, FunctionType):
        raise ValueError("bingkai memerlukan fungsi yang ditulis dengan def, misalnya bingkai(lama_foto, 5).")
    call = observe(fungsi, masukan, masukan_bernama)
    caption = "Bingkai pemanggilan: nama di dalam kotak hanya ada selama fungsi berjalan."
    if call.global_names:
        caption += " Nama global berada di luar kotak."
    return figure(draw(call), sentence(call), caption)
