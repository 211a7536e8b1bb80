"""Proves that tests see small mistakes: each mutant of a reference answer must lose points (`make mutants`).

A mutant is a reference answer with one thing changed, by cosmic-ray's operators and two rules of our own (`+=` and
its like; texts and returned values). Changes of docstrings, error texts and labels are none. What survives is a hole in
the tests, unless it is listed in tests/answers/NN-nama/ITEM.py as `# %% setara: why it is right`.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import functools
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from melayani.authoring.answers import read_answers
from melayani.authoring.items import Item, read_items, run_answers
from melayani.course import assignments, find_root

PER_ASSIGNMENT, OVER_COURSE = 0.90, 0.95  # the share of mutants that must lose points
NOT_REQUIRED = ("08", "09", "13")  # figures and dashboards: many changes there are a matter of taste

# Calls and arguments whose texts people read, and tests do not compare.
LABELS = {"set_title", "set_xlabel", "set_ylabel", "suptitle", "title", "xlabel", "ylabel", "label", "description"}
SWAPPED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    """The changed `source` of an answer, and what was `change`d in it, as the lines of a diff."""

    source: str
    change: str


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: the points of its item, and whether it is listed as a right answer."""

    item: Item
    mutant: Mutant
    points: float
    listed: bool

    @property
    def survived(self) -> bool:
        """Whether the tests did not see the change."""
        return not self.listed and self.points >= self.item.most


def shape(source: str) -> str:
    """Return `source` without what is no part of an answer: layout, comments, docstrings, error texts, labels.

    Raises SyntaxError.
    """
    return ast.dump(_Stripped().visit(ast.parse(source)))


def mutants(source: str) -> list[Mutant]:
    """Return all mutants of `source`, each once; none differs from it only in what `shape` leaves out."""
    seen = {shape(source)}
    found = []
    for changed in (*_by_cosmic_ray(source), *_by_own_rules(source)):
        try:
            new = shape(changed)
        except SyntaxError:
            continue
        if new not in seen:
            seen.add(new)
            found.append(Mutant(changed, _difference(source, changed)))
    return found


def verdicts(root: Path, assignment: str) -> list[Verdict]:
    """Try every mutant of the graded items of `assignment`."""
    path = root / "solutions" / assignment / f"{assignment}.ipynb"
    graded = [item for item in read_items(path) if item.most]
    tried = [(item, mutant) for item in graded for mutant in mutants(item.reference)]
    results = run_answers([(item, mutant.source) for item, mutant in tried])
    listed = {item.name: equivalents(root, item) for item in graded}
    return [
        Verdict(item, mutant, result.points, shape(mutant.source) in listed[item.name])
        for (item, mutant), result in zip(tried, results, strict=True)
    ]


def equivalents(root: Path, item: Item) -> set[str]:
    """Return the shapes of the mutants that tests/answers lists as right."""
    path = root / "tests" / "answers" / item.assignment / f"{item.name}.py"
    given = read_answers(path) if path.exists() else []
    return {shape(answer.source) for answer in given if answer.kind == "setara"}


def share_killed(tried: list[Verdict]) -> float:
    """Return which share of the mutants that are not listed as right lost points."""
    counted = [verdict for verdict in tried if not verdict.listed]
    return 1 - sum(verdict.survived for verdict in counted) / len(counted) if counted else 1.0


def _by_cosmic_ray(source: str) -> Iterator[str]:
    for operator in _operators():
        occurrence = 0
        while (changed := mutate_code(source, operator(), occurrence)) is not None:
            yield changed
            occurrence += 1


@functools.cache
def _operators() -> list[type]:
    """Return the operators that need no arguments."""
    return [operator for name in operator_names() if not (operator := get_operator(name)).arguments()]


def _by_own_rules(source: str) -> Iterator[str]:
    """Yield `source` with one augmented assignment, text or returned value changed, in ast's own layout."""
    for place, node in enumerate(ast.walk(ast.parse(source))):
        for change in _changes(node):
            tree = ast.parse(source)
            target = next(node for number, node in enumerate(ast.walk(tree)) if number == place)
            for name, value in change.items():
                setattr(target, name, value)
            yield ast.unparse(ast.fix_missing_locations(tree))


def _changes(node: ast.AST) -> list[dict[str, object]]:
    """Return the changes of `node`'s fields that our own rules make, each to be made alone."""
    match node:
        case ast.AugAssign():
            return [{"op": SWAPPED[type(node.op)]()}] if type(node.op) in SWAPPED else []
        case ast.Constant(value=str(text)):
            return [{"value": f"X{text}X"}]
        case ast.Return(value=ast.expr()):
            return [{"value": None}]
    return []


def _difference(source: str, changed: str) -> str:
    # Both as ast writes them, so that a mutant made by cosmic-ray and one of ours read alike.
    before, after = (ast.unparse(ast.parse(text)).splitlines() for text in (source, changed))
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


class _Stripped(ast.NodeTransformer):
    """Empties docstrings, error texts and labels."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.Pass() if is_text else self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr in LABELS:
            node.args = []
        node.keywords = [keyword for keyword in node.keywords if keyword.arg not in LABELS]
        return self.generic_visit(node)


def main(argv: list[str] | None = None) -> int:
    """Print a line for each assignment and every survivor; return 1 when too many survive."""
    parser = argparse.ArgumentParser(prog="python -m melayani.authoring.mutants", description=__doc__)
    parser.add_argument("assignments", nargs="*", help="default: all")
    root = find_root()
    chosen = parser.parse_args(argv).assignments or assignments(root)
    counted, enough = [], True
    for assignment in chosen:
        start = time.monotonic()
        tried = verdicts(root, assignment)
        listed = sum(verdict.listed for verdict in tried)
        print(
            f"{assignment}: {len(tried)} mutants, {listed} listed as right, "
            f"{share_killed(tried):.1%} of the others lost points, {time.monotonic() - start:.0f} s"
        )
        for verdict in tried:
            if verdict.survived:
                print(f"\n{assignment}/{verdict.item.name} survived:\n{verdict.mutant.change}")
        if not assignment.startswith(NOT_REQUIRED):
            counted += tried
            enough &= share_killed(tried) >= PER_ASSIGNMENT
    print(f"\nall: {share_killed(counted):.1%} of {len(counted)} mutants")
    return 0 if enough and share_killed(counted) >= OVER_COURSE else 1


if __name__ == "__main__":
    sys.exit(main())
