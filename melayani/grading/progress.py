"""How far a run is: a bar with rate and time left in a terminal, one line for each hand-in elsewhere."""

from __future__ import annotations

import sys
from typing import Any, Protocol, TextIO

from tqdm.std import tqdm

_FORM = "  {n_fmt}/{total_fmt} |{bar:24}| {laju}, sisa {sisa}{postfix}"


class Progress(Protocol):
    """What a run tells while it works."""

    def begin(self, total: int) -> None:
        """Say how many hand-ins there are."""

    def skip(self) -> None:
        """Say that one of them needs no grading."""

    def done(self, student: str) -> None:
        """Say that one was graded, or could not be."""

    def end(self) -> None:
        """Say that nothing more comes."""


class Silent:
    """Tells nothing."""

    def begin(self, total: int) -> None:
        """Do nothing."""

    def skip(self) -> None:
        """Do nothing."""

    def done(self, student: str) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""


class Lines(Silent):
    """A line for each hand-in: `  3/40 0007`."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Write to `stream`, or to what is standard output then."""
        self._stream = stream
        self.total = self.count = 0

    def begin(self, total: int) -> None:
        """Start counting."""
        self.total, self.count = total, 0

    def skip(self) -> None:
        """Count one less to do."""
        self.total -= 1

    def done(self, student: str) -> None:
        """Write the line."""
        self.count += 1
        print(f"  {self.count}/{self.total} {student}", file=self._stream or sys.stdout, flush=True)


class _Bar(tqdm):  # type: ignore[misc,type-arg]
    """tqdm's bar with its rate and time left as they are written in Bahasa."""

    @property
    def format_dict(self) -> dict[str, Any]:
        """Return tqdm's fields and ours: `laju` and `sisa`."""
        fields: dict[str, Any] = super().format_dict
        rate = fields["rate"] or (fields["n"] / fields["elapsed"] if fields["elapsed"] else 0)
        left = max(0, fields["total"] - fields["n"])
        fields["laju"] = f"{rate:.1f} kiriman/detik".replace(".", ",") if rate else "menghitung laju"
        fields["sisa"] = span(left / rate) if rate else "?"
        return fields


class Bar(Silent):
    """One line of a terminal that is written over and over."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._bar: _Bar | None = None

    def begin(self, total: int) -> None:
        """Show an empty bar."""
        self._bar = _Bar(total=total, bar_format=_FORM, file=sys.stdout, leave=False, dynamic_ncols=True, miniters=1)

    def skip(self) -> None:
        """Count one less to do."""
        if self._bar is not None:
            self._bar.total -= 1
            self._bar.refresh()

    def done(self, student: str) -> None:
        """Move on by one."""
        if self._bar is not None:
            self._bar.set_postfix_str(student, refresh=False)
            self._bar.update()

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def for_standard_output() -> Progress:
    """Return what suits where the output goes."""
    return Bar() if sys.stdout.isatty() else Lines()


def span(seconds: float) -> str:
    """Return a length of time in whole seconds, minutes or hours, as people say it."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} detik"
    if whole < 3600:
        return f"{whole // 60} menit {whole % 60} detik"
    return f"{whole // 3600} jam {whole % 3600 // 60} menit"
