"""Tracebacks through two processes, shown as if there were one: the trainee's process shows its own frames itself.

The judge only knows where those stopped; `placeholder` frames stand for them in its traceback. What is shown decides
nothing: whether a cell has failed is the judge's to say.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType, SimpleNamespace, TracebackType
from typing import Any, TypeVar

from IPython.core.ultratb import AutoFormattedTB

from melayani.grading.runner.messages import encodable

MOST_SHOWN = 1 << 20  # characters of another process's frames
_HEAD, _TAIL = 20, 30  # frames of a long traceback, as of an endless recursion
_ELSEWHERE = "__melayani_elsewhere__"  # in a frame's globals: what shows the true frames
_OWN_FOLDER = str(Path(__file__).parent)
Show = Callable[[int], object]  # returns another process's frames as texts, with so many lines around each failed one
_Frame = TypeVar("_Frame")


class _Shown:
    """A frame as another process has shown it, among IPython's own records of frames."""

    _sd, filename, lineno = None, "", 0
    frame = SimpleNamespace(f_locals={})

    def __init__(self, text: str) -> None:
        self.text = text


class Tracebacks(AutoFormattedTB):
    """IPython's tracebacks, with the frames of another process and without those of the way there."""

    def get_records(self, etb: TracebackType, context: int, tb_offset: int) -> Any:
        """Return what `format_record` takes: one record a frame."""
        traces = chain(etb)
        if not any(_ELSEWHERE in trace.tb_frame.f_globals for trace in traces):
            return super().get_records(etb, context, tb_offset)
        records: list[Any] = []
        kept = [trace for trace in traces if not _ours(trace.tb_frame)]
        for show, part in itertools.groupby(kept, lambda trace: trace.tb_frame.f_globals.get(_ELSEWHERE)):
            shown = None if show is None else _texts(show(context))
            if shown is None:
                joined = join(part)
                assert joined
                records += super().get_records(joined, context, tb_offset)
            else:
                records += map(_Shown, shown)
            tb_offset = 0
        return records

    def format_record(self, frame_info: Any) -> str:
        """Return the text of one record."""
        return frame_info.text if isinstance(frame_info, _Shown) else super().format_record(frame_info)

    def frames_of(self, etb: TracebackType | None, context: int) -> list[str]:
        """Return the texts of the frames in `etb` that are not this package's, with `context` lines each."""
        traces = [trace for trace in chain(etb) if not _ours(trace.tb_frame)]
        joined = join(shortened(traces))
        return [self.format_record(record) for record in super().get_records(joined, context, 0)] if joined else []


def shortened(frames: list[_Frame]) -> list[_Frame]:
    """Return the first and the last of many frames."""
    return frames if len(frames) <= _HEAD + _TAIL else [*frames[:_HEAD], *frames[-_TAIL:]]


def placeholder(show: Show) -> dict[str, Any]:
    """Return what the globals of frames hold that stand for those which `show` gives; not a list of texts: it can't."""
    return {_ELSEWHERE: show}


def chain(trace: TracebackType | None) -> list[TracebackType]:
    """Return the entries of a traceback, the outermost first."""
    found = []
    while trace:
        found.append(trace)
        trace = trace.tb_next
    return found


def join(traces: Iterable[TracebackType]) -> TracebackType | None:
    """Return one traceback of these entries, the outermost first."""
    joined: TracebackType | None = None
    for trace in reversed(list(traces)):
        joined = TracebackType(joined, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)
    return joined


def _ours(frame: FrameType) -> bool:
    return _ELSEWHERE not in frame.f_globals and frame.f_code.co_filename.startswith(_OWN_FOLDER)


def _texts(shown: object) -> list[str] | None:
    """Return `shown` if it is what a process may show."""
    if type(shown) is not list or not shown or not all(type(text) is str for text in shown):
        return None
    if sum(map(len, shown)) > MOST_SHOWN:
        return None
    return [encodable(text) for text in shown]
