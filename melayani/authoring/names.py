"""Names that one item tests and a later item gives another meaning (otter-grader#793; nbgrader lets it through).

A trainee who runs the tests of the first item again, after the later one, would then see a right answer fail.
A test reads a name when it takes it from the notebook: `hasil = jam`, `"jam" in globals()`, in a function too; not
when the same cell has made it before (`_uji`), and not by melayani.grading.replay, which runs an answer in a
namespace of its own, with the inputs that the test hands over: two items may use one name for such inputs.
What the functions of the item use when they are called counts as read, too.
"""

from __future__ import annotations

import ast
import builtins
import copy
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader import utils

from melayani.grading.endings import bound_names, comprehension_names, parse

_AT_ONCE = {"listcomp", "setcomp", "dictcomp", "genexpr"}  # inner scopes that run where they stand
_NAMESPACES = {"globals", "locals", "vars"}


@dataclass
class Item:
    """The code cells of one item, as (number in the notebook from 1, cell)."""

    cells: list[tuple[int, NotebookNode]] = field(default_factory=list)
    tests: list[tuple[int, NotebookNode]] = field(default_factory=list)


def is_test(cell: NotebookNode) -> bool:
    """Return whether a cell checks an answer: a graded test, or the check of a Tantangan."""
    graded = utils.is_grade(cell) and not utils.is_solution(cell)
    checked = str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).endswith("-cek")
    return cell.cell_type == "code" and (graded or checked)


def items(cells: list[NotebookNode]) -> list[Item]:
    """Return the items of an assignment in order; with the first cell after a test the next item begins."""
    found = [Item()]
    for number, cell in enumerate(cells, 1):
        if found[-1].tests and not is_test(cell):
            found.append(Item())
        if cell.cell_type == "code":
            found[-1].cells.append((number, cell))
        if is_test(cell):
            found[-1].tests.append((number, cell))
    return found


def reassigned(cells: list[NotebookNode]) -> list[tuple[int, int, str]]:
    """Return (number of the cell that binds again, number of the test that reads, name), in order; code must parse."""
    found = []
    meaning: dict[str, str | None] = {name: f"from builtins import {name}" for name in dir(builtins)}
    tested: dict[str, int] = {}  # of earlier items
    for item in items(cells):
        here: dict[str, int] = {}
        for number, cell in item.cells:
            tree = parse(cell.source)
            imports = imported(tree)
            for name in sorted(bound_names(tree)):
                if name in tested and (name not in imports or imports[name] != meaning.get(name)):
                    found.append((number, tested[name], name))
                meaning[name] = imports.get(name)
            if is_test(cell):
                here |= dict.fromkeys(reads(tree), number)
            elif item.tests:
                here |= dict.fromkeys(called_later(tree), item.tests[0][0])
        tested |= here
    return found


def imported(tree: ast.Module) -> dict[str, str]:
    """Return {name: the import that alone gives it its meaning} of the names that a cell only imports."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                bound = alias.asname or (alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name)
                thing = (alias.name if alias.asname else bound) if isinstance(node, ast.Import) else alias.name
                origin = f"from {'.' * node.level}{node.module} " if isinstance(node, ast.ImportFrom) else ""
                found.setdefault(bound, set()).add(f"{origin}import {thing}")
    made = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    made |= {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    return {name: next(iter(ways)) for name, ways in found.items() if len(ways) == 1 and name not in made}


def reads(tree: ast.Module) -> set[str]:
    """Return the names that a test cell takes from the notebook, those of Python among them."""
    bound: set[str] = set()
    taken = set(_asked_for_by_text(tree))
    later: set[str] = set()
    for statement in _in_order(tree.body):
        table = symtable.symtable(ast.unparse(statement), "<statement>", "exec")
        made = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
        made -= comprehension_names(statement)
        at_once, deferred = _references(table)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            at_once.add(statement.target.id)
        # These make a name before they use it.
        own = {node.target.id for node in ast.walk(statement) if isinstance(node, ast.NamedExpr)}
        own |= made if isinstance(statement, (ast.With, ast.Match)) else set()
        taken |= at_once - bound - own
        later |= deferred
        bound |= made
    return taken | (later - bound)


def _in_order(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements as they run, of `if`, `for` and the like first the head, then what is inside."""
    for statement in statements:
        if not isinstance(statement, (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)):
            yield statement
            continue
        head = copy.deepcopy(statement)
        inside: list[ast.stmt] = []
        for part in (head, *getattr(head, "handlers", ()), *getattr(head, "cases", ())):
            for name in ("body", "orelse", "finalbody"):
                if block := getattr(part, name, None):
                    inside += block
                    setattr(part, name, [ast.Pass()])
        yield head
        yield from _in_order(inside)


def called_later(tree: ast.Module) -> set[str]:
    """Return the names of the notebook that the functions of a cell use when they are called."""
    return _references(symtable.symtable(ast.unparse(tree), "<cell>", "exec"))[1]


def _references(table: symtable.SymbolTable) -> tuple[set[str], set[str]]:
    """Return the names of the notebook that a scope uses where it stands, and those that its functions use later."""
    module = table.get_type() == "module"
    at_once = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (module or s.is_global())}
    deferred: set[str] = set()
    for inner in table.get_children():
        now, then = _references(inner)
        runs_here = inner.get_name() in _AT_ONCE or inner.get_type() == "class"
        at_once |= now if runs_here else set()
        deferred |= then | (set() if runs_here else now)
    return at_once, deferred


def _asked_for_by_text(tree: ast.Module) -> Iterator[str]:
    """Yield "jam" of `"jam" in globals()`, `globals()["jam"]` and `globals().get("jam")`."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=ast.Constant(str(name)), comparators=[space]) if _is_namespace(space):
                yield name
            case ast.Subscript(value=space, slice=ast.Constant(str(name))) if _is_namespace(space):
                yield name
            case ast.Call(func=ast.Attribute(value=space), args=[ast.Constant(str(name)), *_]) if _is_namespace(space):
                yield name


def _is_namespace(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NAMESPACES
