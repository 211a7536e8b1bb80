"""What a rule says."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """The rule's name, the likely cause, and what to look at; code stands between backticks."""

    rule: str
    cause: str
    look: str
