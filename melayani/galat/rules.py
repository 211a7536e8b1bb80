"""From an error to its explanation: which rules are asked for which kind of error, and when nothing is said."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from melayani.galat import calls, collections_, names, operands, others, syntax, values
from melayani.galat.facts import BELOW, TIMED, Cells, Situation, situation, texts
from melayani.galat.told import Told

Rule = Callable[[Situation], Told | None]

#: The rules for each kind of error, the most particular first. Subclasses are other kinds: nobody knows what they mean.
RULES: list[tuple[type[BaseException], list[Rule]]] = [
    (NameError, [names.module, names.similar_name, names.text, names.absent]),
    (UnboundLocalError, [names.local]),
    (AttributeError, [names.attribute]),
    (ImportError, [names.imported]),
    (TypeError, [operands.operands, calls.calls, collections_.types]),
    (ValueError, [values.number, values.format_code, collections_.unpacking]),
    (ZeroDivisionError, [values.zero]),
    (IndexError, [collections_.index]),
    (KeyError, [collections_.key]),
    (AssertionError, [others.bare_check]),
]
#: These come out of libraries too, and mean the same there.
ANYWHERE: list[tuple[type[BaseException], Rule]] = [
    (ModuleNotFoundError, names.no_module),
    (FileNotFoundError, others.no_file),
    (UnicodeDecodeError, others.decoding),
    (KeyError, collections_.column),
    (RecursionError, others.recursion),
    (KeyboardInterrupt, others.interrupt),
    (MemoryError, others.memory),
]


@dataclass(frozen=True)
class Explanation:
    """What is shown: the kind of error, where it is, its likely cause, what to look at. `rule` names it for tests."""

    kind: str
    place: str
    rule: str
    cause: str
    look: str


def explain(error: BaseException, cells: Cells, source: str) -> Explanation | None:
    """Return the explanation of an error that ended the cell `source`, None if there is none. Never raises."""
    try:
        return _explain(error, cells, source)
    except BaseException:
        # Whatever the error holds may run code of the trainee's; a cell must end as it would without us.
        return None


def failed_check(error: BaseException, cells: Cells) -> str | None:
    """Return the message of a failed check in a cell, None if there is none. Never raises."""
    try:
        if type(error) is not AssertionError:
            return None
        facts = situation(error, cells)
        # The course's own checkers raise for the cell that calls them.
        if not facts or not (facts.own or facts.below.startswith("melayani.")):
            return None
        return next(texts(error.args[:1]), "").strip() or None
    except BaseException:
        return None


def _explain(error: BaseException, cells: Cells, source: str) -> Explanation | None:
    kind = type(error)
    if isinstance(error, SyntaxError):
        line = error.lineno
        # IPython itself reads the cell first, under a name of its own; from Python 3.12 on, under that of any text.
        read = error.filename == "<string>" and isinstance(error, IndentationError)
        read = read and (error.text or "").rstrip("\n") in source.splitlines()
        own = read or error.filename == "<tokenize>" or cells.number(error.filename or "") == cells.current
        if cells.timed:  # %%time reads what is below it by itself, and names no file
            own = read or error.filename in ("<unknown>", "<tokenize>", *TIMED)
            source = cells.timed
        told = syntax.syntax(error, source) if own and line else None
        # Python 3.13 has a private kind for what is not complete.
        name = next(known.__name__ for known in kind.__mro__ if not known.__name__.startswith("_"))
        place = f"baris {line}" + (BELOW if cells.timed else "")
        return Explanation(name, place, told.rule, told.cause, told.look) if told else None
    facts = situation(error, cells)
    if not facts or isinstance(facts.node, ast.Raise):
        return None
    asked = [rule for known, rule in ANYWHERE if known is kind]
    if facts.own:
        asked += [rule for known, rules in RULES if known is kind for rule in rules]
    for rule in asked:
        if told := rule(facts):
            return Explanation(kind.__name__, facts.place, told.rule, told.cause, told.look)
    return None
