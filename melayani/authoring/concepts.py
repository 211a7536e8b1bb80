"""The vocabulary of the concept order: which constructs, built-ins, modules and methods a piece of code uses."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from IPython.core.inputtransformer2 import TransformerManager

# Each construct by its name in `memperkenalkan`, with code that uses it (tests/test_concepts.py reads every line).
# Beside these a concept is a built-in (`len`, `ValueError`), a module or what is taken from it (`math`, `math.ceil`),
# or a method or attribute of whatever type (`.upper`).
CONSTRUCTS = {
    # Values
    "int literal": "7",
    "float literal": "2.25",
    "str literal": "'A'",
    "bool literal": "True",
    "None": "None",
    "...": "...",
    "bytes literal": "b'A'",
    "complex literal": "1j",
    "f-string": "f'{x}'",
    "format spec": "f'{x:03d}'",
    "f-string conversion": "f'{x!r}'",
    "list literal": "[1, 2]",
    "tuple literal": "(1, 2)",
    "dict literal": "{'A': 1}",
    "set literal": "{1, 2}",
    # How they are written
    "comment": "7  # buah",
    "\\n": r"'a\nb'",
    "\\t": r"'a\tb'",
    "\\\\": r"'a\\b'",
    "\\'": r"'a\'b'",
    '\\"': r'"a\"b"',
    "other escape": r"'\u00e9'",
    "raw string": r"r'\d'",
    "triple quotes": "x = '''a'''",
    "adjacent strings": "'a' 'b'",
    "_ in a number": "1_000",
    "scientific notation": "1e3",
    "hex, octal or binary number": "0xff",
    ";": "a; b",
    "line continuation": "a = \\\n    b",
    "magic": "%time x",
    # Names and statements
    "=": "x = 1",
    "chained assignment": "x = y = 1",
    "unpacking": "a, b = c",
    "star unpacking": "a, *b = c",
    "item assignment": "x['a'] = 1",
    "attribute assignment": "x.a = 1",
    "annotation": "x: int = 1",
    "+=": "x += 1",
    "-=": "x -= 1",
    "*=": "x *= 1",
    "/=": "x /= 1",
    "//=": "x //= 1",
    "%=": "x %= 1",
    "**=": "x **= 1",
    "@=": "x @= 1",
    "&=": "x &= 1",
    "|=": "x |= 1",
    "^=": "x ^= 1",
    "<<=": "x <<= 1",
    ">>=": "x >>= 1",
    ":=": "(x := 1)",
    "del": "del x",
    "pass": "pass",
    "global": "global x",
    "nonlocal": "def f():\n    x = 1\n    def g():\n        nonlocal x",
    "type alias": "type x = int",
    # Arithmetic
    "+": "a + b",
    "-": "a - b",
    "*": "a * b",
    "/": "a / b",
    "//": "a // b",
    "%": "a % b",
    "**": "a ** b",
    "@": "a @ b",
    "&": "a & b",
    "|": "a | b",
    "^": "a ^ b",
    "<<": "a << b",
    ">>": "a >> b",
    "unary -": "-a",
    "unary +": "+a",
    "~": "~a",
    # Questions
    "==": "a == b",
    "!=": "a != b",
    "<": "a < b",
    "<=": "a <= b",
    ">": "a > b",
    ">=": "a >= b",
    "in": "a in b",
    "not in": "a not in b",
    "is": "a is b",
    "is not": "a is not b",
    "is None": "a is None",
    "is not None": "a is not None",
    "chained comparison": "a < b < c",
    "and": "a and b",
    "or": "a or b",
    "not": "not a",
    # Parts of a value
    "indexing": "a[0]",
    "slicing": "a[1:3]",
    "slice step": "a[::2]",
    "several indices": "a[0, 1]",
    # Decisions and loops
    "if": "if a:\n    b",
    "elif": "if a:\n    b\nelif c:\n    d",
    "else": "if a:\n    b\nelse:\n    c",
    "conditional expression": "a if b else c",
    "match": "match a:\n    case 1:\n        b",
    "for": "for a in b:\n    c",
    "while": "while a:\n    b",
    "loop else": "for a in b:\n    c\nelse:\n    d",
    "break": "while a:\n    break",
    "continue": "while a:\n    continue",
    "list comprehension": "[a for a in b]",
    "set comprehension": "{a for a in b}",
    "dict comprehension": "{a: 1 for a in b}",
    "generator expression": "f(a for a in b)",
    # Functions and classes
    "def": "def f():\n    pass",
    "docstring": "def f():\n    'Hitung.'",
    "parameter": "def f(a):\n    pass",
    "default argument": "def f(a=1):\n    pass",
    "positional-only parameter": "def f(a, /):\n    pass",
    "keyword-only parameter": "def f(*, a):\n    pass",
    "*args": "def f(*a):\n    pass",
    "**kwargs": "def f(**a):\n    pass",
    "keyword argument": "f(a=1)",
    "* in a call": "f(*a)",
    "** in a call": "f(**a)",
    "* in a literal": "[*a]",
    "** in a literal": "{**a}",
    "return": "def f():\n    return 1",
    "yield": "def f():\n    yield 1",
    "yield from": "def f():\n    yield from a",
    "lambda": "lambda: 1",
    "decorator": "@a\ndef f():\n    pass",
    "class": "class A:\n    pass",
    "type parameter": "def f[T]():\n    pass",
    "async def": "async def f():\n    pass",
    "await": "await a",
    "async for": "async def f():\n    async for a in b:\n        c",
    "async with": "async def f():\n    async with a:\n        b",
    "async comprehension": "async def f():\n    [a async for a in b]",
    # Errors, files, modules
    "assert": "assert a",
    "raise": "raise a",
    "raise from": "raise a from b",
    "try": "try:\n    a\nexcept b:\n    c",
    "except": "try:\n    a\nexcept b:\n    c",
    "except as": "try:\n    a\nexcept b as c:\n    d",
    "bare except": "try:\n    a\nexcept:\n    c",
    "except*": "try:\n    a\nexcept* b:\n    c",
    "try else": "try:\n    a\nexcept b:\n    c\nelse:\n    d",
    "finally": "try:\n    a\nfinally:\n    c",
    "with": "with a:\n    b",
    "with as": "with a as b:\n    c",
    "import": "import math",
    "import as": "import math as m",
    "from import": "from math import ceil",
    "star import": "from math import *",
    "relative import": "from . import math",
    "template string": "t'{x}'",
}

# Nodes that are one construct, whatever stands inside them.
PLAIN = {
    "Add": "+",
    "Sub": "-",
    "Mult": "*",
    "Div": "/",
    "FloorDiv": "//",
    "Mod": "%",
    "Pow": "**",
    "MatMult": "@",
    "BitAnd": "&",
    "BitOr": "|",
    "BitXor": "^",
    "LShift": "<<",
    "RShift": ">>",
    "USub": "unary -",
    "UAdd": "unary +",
    "Invert": "~",
    "Not": "not",
    "And": "and",
    "Or": "or",
    "Eq": "==",
    "NotEq": "!=",
    "Lt": "<",
    "LtE": "<=",
    "Gt": ">",
    "GtE": ">=",
    "In": "in",
    "NotIn": "not in",
    "Assert": "assert",
    "Await": "await",
    "Break": "break",
    "Continue": "continue",
    "Delete": "del",
    "IfExp": "conditional expression",
    "Interpolation": "template string",
    "List": "list literal",
    "Match": "match",
    "MatchAs": "match",
    "MatchClass": "match",
    "MatchMapping": "match",
    "MatchOr": "match",
    "MatchSequence": "match",
    "MatchSingleton": "match",
    "MatchStar": "match",
    "MatchValue": "match",
    "NamedExpr": ":=",
    "ParamSpec": "type parameter",
    "Pass": "pass",
    "Return": "return",
    "Set": "set literal",
    "TemplateStr": "template string",
    "TypeAlias": "type alias",
    "TypeVar": "type parameter",
    "TypeVarTuple": "type parameter",
    "Yield": "yield",
    "YieldFrom": "yield from",
    "match_case": "match",
}
# Nodes that mean nothing by themselves: what stands inside or around them does.
STRUCTURAL = {
    "BinOp",
    "BoolOp",
    "Del",
    "Expr",
    "Expression",
    "FunctionType",
    "Interactive",
    "Is",
    "IsNot",
    "Load",
    "Module",
    "Store",
    "TypeIgnore",
    "UnaryOp",
    "alias",
}
# What IPython adds to Python's own built-ins.
BUILTINS = {*dir(builtins), "display"}
# Beside the standard library, what lessons may import.
MODULES = {*sys.stdlib_module_names, "IPython", "ipywidgets", "matplotlib", "melayani", "numpy", "openpyxl", "pandas"}
COMPREHENSIONS = {
    ast.ListComp: "list comprehension",
    ast.SetComp: "set comprehension",
    ast.DictComp: "dict comprehension",
    ast.GeneratorExp: "generator expression",
}
LITERALS: dict[type, str] = {
    bool: "bool literal",
    int: "int literal",
    float: "float literal",
    complex: "complex literal",
    bytes: "bytes literal",
    str: "str literal",
    type(None): "None",
    type(...): "...",
}
Function = ast.FunctionDef | ast.AsyncFunctionDef

Use = tuple[str, int]


class UnknownConstruct(Exception):
    """A kind of syntax to which nobody has given a name yet: add it to this module."""


@dataclass
class Names:
    """What a notebook has named so far: a name of its own is no concept, an imported one stands for its module."""

    own: set[str] = field(default_factory=set)
    imported: dict[str, str] = field(default_factory=dict)


def used(source: str, names: Names | None = None) -> list[Use]:
    """Return the concepts that a cell uses with the line (from 1) of each use, in the order of the lines.

    `names` carries names from cell to cell. Raises SyntaxError for code that can't be parsed, UnknownConstruct for
    syntax without a name.
    """
    lines = source.splitlines()
    # IPython leaves out empty lines at the top; the count of lines starts above them.
    top = next((number for number, line in enumerate(lines) if line.strip()), 0)
    plain = "\n" * top + TransformerManager().transform_cell(source)
    tree = ast.parse(plain)
    reader = _Reader(names or Names())
    reader.visit(tree)
    found = [*reader.found, *_written(plain, reader.docstring_lines)]
    return sorted(found, key=lambda use: use[1])


def is_concept(word: str) -> bool:
    """Return whether `word` is the name of a concept; methods are known by their form only."""
    if word in CONSTRUCTS or word in BUILTINS:
        return True
    if word.startswith("."):
        return word[1:].isidentifier()
    parts = word.split(".")
    return parts[0] in MODULES and all(part.isidentifier() for part in parts)


def _written(source: str, docstring_lines: set[int]) -> Iterator[Use]:
    """Yield what the syntax tree no longer shows: comments, how texts and numbers are written, how lines are joined."""

    def kinds(*names: str) -> set[int]:
        return {getattr(tokenize, name) for name in names if hasattr(tokenize, name)}

    # An f-string is one token up to Python 3.11, and three kinds from 3.12.
    starts = kinds("STRING", "FSTRING_START", "TSTRING_START")
    middles = kinds("FSTRING_MIDDLE", "TSTRING_MIDDLE")
    ends = kinds("STRING", "FSTRING_END", "TSTRING_END")
    apart = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENCODING}
    raw = False
    before: tokenize.TokenInfo | None = None
    ended_text = False
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        line = token.start[0]
        if before and before.type not in apart and line > before.end[0] and token.type != tokenize.ENDMARKER:
            yield "line continuation", line
        if token.type == tokenize.COMMENT:
            yield "comment", line
        elif token.type == tokenize.OP and token.string == ";":
            yield ";", line
        elif token.type == tokenize.NUMBER:
            yield from ((word, line) for word in _number(token.string))
        elif token.type in starts | middles:
            if token.type in starts and (opened := re.match(r"([A-Za-z]*)(\"\"\"|'''|\"|')", token.string)):
                raw = "r" in opened[1].lower()
                if ended_text:
                    yield "adjacent strings", line
                if raw:
                    yield "raw string", line
                if len(opened[2]) == 3 and line not in docstring_lines:
                    yield "triple quotes", line
            if not raw:
                for escape in re.findall(r"\\[^\n]", token.string):
                    yield escape if escape in CONSTRUCTS else "other escape", line
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            ended_text = token.type in ends
        before = token


def _number(text: str) -> Iterator[str]:
    if "_" in text:
        yield "_ in a number"
    if re.match(r"0[xob]", text.lower()):
        yield "hex, octal or binary number"
    elif "e" in text.lower():
        yield "scientific notation"


class _Reader(ast.NodeVisitor):
    """Walks a tree in the order in which it runs, so that a built-in hidden by a name is hidden from then on."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.scopes: list[set[str]] = []
        self.found: list[Use] = []
        self.docstring_lines: set[int] = set()
        self.line = 1

    def add(self, word: str) -> None:
        self.found.append((word, self.line))

    def visit(self, node: ast.AST) -> None:
        before, self.line = self.line, getattr(node, "lineno", self.line)
        super().visit(node)
        self.line = before

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        kind = type(node).__name__
        if kind in PLAIN:
            self.add(PLAIN[kind])
        elif kind not in STRUCTURAL:
            raise UnknownConstruct(f"line {self.line}: {kind} has no name in {__name__}")
        super().generic_visit(node)

    # Names

    def assign(self, name: str) -> None:
        if not self.scopes:
            self.names.own.add(name)
            self.names.imported.pop(name, None)

    def is_own(self, name: str) -> bool:
        return name in self.names.own or any(name in scope for scope in self.scopes)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.assign(node.id)
        elif node.id == "get_ipython":
            self.add("magic")
        elif not self.is_own(node.id):
            if node.id in self.names.imported:
                self.add(self.names.imported[node.id])
            elif node.id in BUILTINS:
                self.add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Store):
            self.add("attribute assignment")
        chain, base = [node.attr], node.value
        while isinstance(base, ast.Attribute):
            chain, base = [base.attr, *chain], base.value
        if isinstance(base, ast.Name) and not self.is_own(base.id) and base.id in self.names.imported:
            self.add(".".join([self.names.imported[base.id], *chain]))
            return
        # `%magic` and `!command` reach the tree as a method of what get_ipython() returns.
        if not (isinstance(base, ast.Call) and isinstance(base.func, ast.Name) and base.func.id == "get_ipython"):
            self.line = getattr(node, "end_lineno", self.line)
            self.add(f".{node.attr}")
        self.visit(node.value)

    def visit_Global(self, node: ast.Global) -> None:
        self.add("global")
        self.names.own.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.add("nonlocal")

    def visit_Import(self, node: ast.Import) -> None:
        self.add("import")
        for alias in node.names:
            self.add(alias.name)
            if alias.asname:
                self.add("import as")
            name = alias.asname or alias.name.split(".")[0]
            self.bind(name, alias.name if alias.asname else name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.add("from import")
        if node.level:
            self.add("relative import")
        for alias in node.names:
            if alias.name == "*":
                self.add("star import")
                continue
            if alias.asname:
                self.add("import as")
            full = f"{node.module}.{alias.name}" if node.module else alias.name
            self.add(full)
            self.bind(alias.asname or alias.name, full)

    def bind(self, name: str, full: str) -> None:
        self.names.own.discard(name)
        self.names.imported[name] = full

    # Assignment

    def visit_Assign(self, node: ast.Assign) -> None:
        self.add("=")
        if len(node.targets) > 1:
            self.add("chained assignment")
        self.visit_all([node.value, *node.targets])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.add("annotation")
        if node.value:
            self.add("=")
        self.visit_all([node.annotation, node.value, node.target])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.add(f"{PLAIN[type(node.op).__name__]}=")
        self.visit_all([node.value, node.target])

    def visit_Tuple(self, node: ast.Tuple) -> None:
        self.add("unpacking" if isinstance(node.ctx, ast.Store) else "tuple literal")
        self.visit_all(node.elts)

    def visit_List(self, node: ast.List) -> None:
        self.add("unpacking" if isinstance(node.ctx, ast.Store) else "list literal")
        self.visit_all(node.elts)

    def visit_Starred(self, node: ast.Starred) -> None:
        self.add("star unpacking" if isinstance(node.ctx, ast.Store) else "* in a literal")
        self.visit(node.value)

    # Values

    def visit_Constant(self, node: ast.Constant) -> None:
        self.add(LITERALS[type(node.value)])

    def visit_Dict(self, node: ast.Dict) -> None:
        self.add("dict literal")
        if None in node.keys:
            self.add("** in a literal")
        self.visit_all([*node.keys, *node.values])

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.add("f-string")
        self.visit_all(value for value in node.values if isinstance(value, ast.FormattedValue))

    def visit_FormattedValue(self, node: ast.FormattedValue) -> None:
        self.visit(node.value)
        if node.conversion != -1:
            self.add("f-string conversion")
        if isinstance(node.format_spec, ast.JoinedStr):
            self.add("format spec")
            self.visit_all(part for part in node.format_spec.values if isinstance(part, ast.FormattedValue))

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Store):
            self.add("item assignment")
        if isinstance(node.slice, ast.Tuple):
            self.add("several indices")
            indices = node.slice.elts
        else:
            indices = [node.slice]
        if any(not isinstance(index, ast.Slice) for index in indices):
            self.add("indexing")
        self.visit_all([node.value, *indices])

    def visit_Slice(self, node: ast.Slice) -> None:
        self.add("slicing")
        if node.step:
            self.add("slice step")
        self.visit_all([node.lower, node.upper, node.step])

    def visit_Compare(self, node: ast.Compare) -> None:
        if len(node.ops) > 1:
            self.add("chained comparison")
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.Is | ast.IsNot):
                with_none = isinstance(right, ast.Constant) and right.value is None
                word = "is" if isinstance(operator, ast.Is) else "is not"
                self.add(f"{word} None" if with_none else word)
                if not with_none:
                    self.visit(right)
            else:
                self.visit_all([operator, right])
        self.visit(node.left)

    def visit_Call(self, node: ast.Call) -> None:
        self.visit(node.func)
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                self.add("* in a call")
                self.visit(argument.value)
            else:
                self.visit(argument)
        self.visit_all(node.keywords)

    def visit_keyword(self, node: ast.keyword) -> None:
        self.add("keyword argument" if node.arg else "** in a call")
        self.visit(node.value)

    # Decisions, loops, errors

    def visit_If(self, node: ast.If) -> None:
        self.add("if")
        self.visit_rest_of_if(node)

    def visit_rest_of_if(self, node: ast.If) -> None:
        self.visit_all([node.test, *node.body])
        first = node.orelse[0] if node.orelse else None
        if isinstance(first, ast.If) and first.col_offset == node.col_offset:
            before, self.line = self.line, first.lineno
            self.add("elif")
            self.visit_rest_of_if(first)
            self.line = before
        elif first:
            before, self.line = self.line, first.lineno
            self.add("else")
            self.line = before
            self.visit_all(node.orelse)

    def visit_For(self, node: ast.For) -> None:
        self.loop("for", node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        self.loop("async for", node)

    def loop(self, word: str, node: ast.For | ast.AsyncFor) -> None:
        self.add(word)
        if node.orelse:
            self.add("loop else")
        self.visit_all([node.iter, node.target, *node.body, *node.orelse])

    def visit_While(self, node: ast.While) -> None:
        self.add("while")
        if node.orelse:
            self.add("loop else")
        self.visit_all([node.test, *node.body, *node.orelse])

    def visit_Raise(self, node: ast.Raise) -> None:
        self.add("raise")
        if node.cause:
            self.add("raise from")
        self.visit_all([node.exc, node.cause])

    def visit_Try(self, node: ast.Try) -> None:
        self.attempt(node)

    def visit_TryStar(self, node: ast.TryStar) -> None:
        self.add("except*")
        self.attempt(node)

    def attempt(self, node: ast.Try | ast.TryStar) -> None:
        self.add("try")
        if node.orelse:
            self.add("try else")
        if node.finalbody:
            self.add("finally")
        self.visit_all([*node.body, *node.handlers, *node.orelse, *node.finalbody])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.add("except" if node.type else "bare except")
        if node.name:
            self.add("except as")
            self.assign(node.name)
        self.visit_all([node.type, *node.body])

    def visit_With(self, node: ast.With) -> None:
        self.add("with")
        self.visit_all([*node.items, *node.body])

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        self.add("async with")
        self.visit_all([*node.items, *node.body])

    def visit_withitem(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars:
            self.add("with as")
            self.visit(node.optional_vars)

    # Functions, classes, comprehensions: each has names of its own.

    @contextlib.contextmanager
    def scope(self, names: set[str]) -> Iterator[None]:
        self.scopes.append(names)
        yield
        self.scopes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.add("def")
        self.function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.add("async def")
        self.function(node)

    def function(self, node: Function) -> None:
        self.decorators(node)
        self.visit(node.args)
        if node.returns:
            self.add("annotation")
            self.visit(node.returns)
        self.assign(node.name)
        with self.scope(_parameters(node.args) | _assigned(node.body)):
            self.body(node)

    def decorators(self, node: Function | ast.ClassDef) -> None:
        if node.decorator_list:
            self.add("decorator")
        self.visit_all([*node.decorator_list, *getattr(node, "type_params", [])])

    def body(self, node: Function | ast.ClassDef) -> None:
        statements = node.body
        if ast.get_docstring(node, clean=False) is not None:
            self.found.append(("docstring", statements[0].lineno))
            self.docstring_lines.add(statements[0].lineno)
            statements = statements[1:]
        self.visit_all(statements)

    def visit_arguments(self, node: ast.arguments) -> None:
        counted = {
            "positional-only parameter": node.posonlyargs,
            "keyword-only parameter": node.kwonlyargs,
            "*args": [node.vararg] if node.vararg else [],
            "**kwargs": [node.kwarg] if node.kwarg else [],
            "default argument": [*node.defaults, *[default for default in node.kw_defaults if default]],
        }
        for word, nodes in counted.items():
            if nodes:
                self.add(word)
        self.visit_all([*node.posonlyargs, *node.args, node.vararg, *node.kwonlyargs, node.kwarg])
        self.visit_all([*node.defaults, *node.kw_defaults])

    def visit_arg(self, node: ast.arg) -> None:
        self.add("parameter")
        if node.annotation:
            self.add("annotation")
            self.visit(node.annotation)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.add("lambda")
        self.visit(node.args)
        with self.scope(_parameters(node.args)):
            self.visit(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.add("class")
        self.decorators(node)
        self.visit_all([*node.bases, *node.keywords])
        self.assign(node.name)
        with self.scope(_assigned(node.body)):
            self.body(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self.comprehend(node, [node.elt])

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self.comprehend(node, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self.comprehend(node, [node.elt])

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self.comprehend(node, [node.key, node.value])

    def comprehend(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, values: list[ast.expr]
    ) -> None:
        self.add(COMPREHENSIONS[type(node)])
        own = {
            part.id for part_of in node.generators for part in ast.walk(part_of.target) if isinstance(part, ast.Name)
        }
        with self.scope(own):
            self.visit_all([*node.generators, *values])

    def visit_comprehension(self, node: ast.comprehension) -> None:
        if node.is_async:
            self.add("async comprehension")
        self.visit_all([node.iter, node.target, *node.ifs])


MAPPED = {*PLAIN, *STRUCTURAL, *(name.removeprefix("visit_") for name in vars(_Reader) if name.startswith("visit_"))}


def _parameters(arguments: ast.arguments) -> set[str]:
    return {node.arg for node in ast.walk(arguments) if isinstance(node, ast.arg)}


def _assigned(body: Iterable[ast.AST]) -> set[str]:
    """Return the names that a function or class body assigns itself, without those of functions inside it."""
    own: set[str] = set()
    outside: set[str] = set()
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            own.add(node.name)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outside.update(node.names)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.add(node.name)
        elif not isinstance(node, ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return own - outside
