"""What the last statement of a test cell shows: nothing, a partial score, or something nobody can vouch for.

IPython shows the value of a cell's last statement if that is an expression, and nbgrader reads the value as the
score: a number from 0 to the cell's points is partial credit, anything else is full marks, more is a crash.
A `;` at the end hides the value only in a kernel that keeps its history, so it does not count as showing nothing.
"""

from __future__ import annotations

import ast
import functools
import symtable
from collections.abc import Iterator

from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager

CLOSED_FORM = "max(0, min(POINTS, int(EXPRESSION)))"


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a code cell as IPython runs it, magics included. Raises SyntaxError."""
    return ast.parse(TransformerManager().transform_cell(source))


@functools.lru_cache(maxsize=512)  # a class has its tests in common
def shows_nothing(source: str) -> bool:
    """Return whether the cell ends in something that gives no value, whatever the code before it has made of names.

    That is no expression at all, a call of `print`, or a call of a function of this very cell that returns nothing.
    """
    tree = parse(source)
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return True
    value = tree.body[-1].value
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
        return False
    name = value.func.id
    if name == "print":
        return "print" not in bound_names(tree)
    made_here = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    return len(made_here) == 1 and _bindings(tree, name) == 1 and _returns_nothing(made_here[0])


@functools.lru_cache(maxsize=512)
def is_closed_form(source: str, points: float) -> bool:
    """Return whether the cell gives partial credit in the one form that is a plain number up to `points`, always.

    Its last line is a name; the statement before it gives that name the value of a function of this cell, called
    without arguments; every `return` of the function is CLOSED_FORM, POINTS a literal of at most `points`, and the
    function imports int, max and min from builtins, so that a trainee may use these names for anything.
    """
    tree = parse(source)
    if len(tree.body) < 2 or DisplayHook.semicolon_at_end_of_expression(source):
        return False
    match _assignment(tree.body[-2]), tree.body[-1]:
        case (
            ast.Assign(targets=[ast.Name(score)], value=ast.Call(func=ast.Name(name), args=[], keywords=[])),
            ast.Expr(ast.Name(shown)),
        ) if shown == score:
            made_here = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
            once = _bindings(tree, name) == 1 and _bindings(tree, score) == 1
            return once and len(made_here) == 1 and _returns_scores(made_here[0], points)
    return False


def _assignment(statement: ast.stmt) -> ast.stmt:
    """Return the assignment in `try: NAME = FUNCTION()`, `finally: del FUNCTION`; other statements as they are."""
    match statement:
        case ast.Try(body=[inner], handlers=[], orelse=[], finalbody=[ast.Delete()]):
            return inner
    return statement


def _returns_scores(function: ast.FunctionDef, points: float) -> bool:
    imported = {
        alias.name
        for node in function.body
        if isinstance(node, ast.ImportFrom) and node.module == "builtins"
        for alias in node.names
        if alias.asname is None
    }
    if not imported >= {"int", "max", "min"} or any(_bindings(function, name) > 1 for name in ("int", "max", "min")):
        return False
    own = list(_own_nodes(function))
    if function.decorator_list or any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own):
        return False
    returns = [node.value for node in own if isinstance(node, ast.Return)]
    return isinstance(function.body[-1], ast.Return) and all(_is_score(value, points) for value in returns)


def _is_score(value: ast.expr | None, points: float) -> bool:
    """Return whether `value` is CLOSED_FORM with POINTS a literal of at most `points`."""
    match value:
        case ast.Call(
            func=ast.Name("max"),
            args=[
                ast.Constant(lowest),
                ast.Call(
                    func=ast.Name("min"),
                    args=[ast.Constant(highest), ast.Call(func=ast.Name("int"), args=[expression], keywords=[])],
                    keywords=[],
                ),
            ],
            keywords=[],
        ):
            if type(lowest) is not int or lowest != 0 or isinstance(expression, ast.Starred):
                return False
            return isinstance(highest, (int, float)) and highest is not True and 0 < highest <= points
    return False


def bound_names(tree: ast.Module) -> set[str]:
    """Return the names that a cell gives a meaning in the notebook, except what it imports unchanged from builtins."""
    table = symtable.symtable(ast.unparse(tree), "<cell>", "exec")
    found = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }
    found -= comprehension_names(tree)
    for inner in _inner(table):
        found |= {s.get_name() for s in inner.get_symbols() if s.is_declared_global() and s.is_assigned()}
    return found - {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "builtins"
        for alias in node.names
        if alias.asname in (None, alias.name)
    }


def comprehension_names(tree: ast.AST) -> set[str]:
    """Return the names that only comprehensions bind: from Python 3.12 on, symtable counts them to the scope around."""
    bound = [
        node.id
        for clause in ast.walk(tree)
        if isinstance(clause, ast.comprehension)
        for node in ast.walk(clause.target)
        if isinstance(node, ast.Name)
    ]
    return {name for name in bound if _bindings(tree, name) == bound.count(name)}


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)


def _bindings(tree: ast.AST, name: str) -> int:
    """Return how often code gives `name` a meaning, in whatever function, or declares it; deleting it is none."""
    count = 0
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=found, ctx=ast.Store()) | ast.arg(arg=found):
                count += found == name
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
                count += found == name
            case ast.Global() | ast.Nonlocal():
                count += name in node.names
            case ast.alias():
                count += node.name == "*" or name == (node.asname or node.name.partition(".")[0])
            case ast.ExceptHandler(name=found) | ast.MatchAs(name=found) | ast.MatchStar(name=found):
                count += found == name
    return count


def _returns_nothing(function: ast.FunctionDef) -> bool:
    if function.decorator_list:
        return False
    for node in _own_nodes(function):
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return False
        if isinstance(node, ast.Return) and not (
            node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
        ):
            return False
    return True


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of the body of `function`, without the functions and classes inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield node
            waiting += ast.iter_child_nodes(node)
