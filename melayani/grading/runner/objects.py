"""The child's end of tests: keeps the objects that a test reached, and does with them what the judge asks.

The judge gets plain data by value, things of libraries by name, and numbers (handles) of all other objects.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import operator
import random
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any

from melayani.grading import replay
from melayani.grading.runner import libraries, plain
from melayani.grading.runner.tracebacks import shortened

Json = Any
Request = dict[str, Any]

MOST_NAMES = 10_000
_PLACE = __file__

#: Special methods that say what can be done with an object.
SPECIAL: tuple[str, ...] = (
    *("__call__", "__len__", "__iter__", "__next__", "__getitem__", "__setitem__", "__delitem__", "__contains__"),
    *("__bool__", "__enter__", "__exit__", "__reversed__", "__hash__", "__int__", "__float__", "__complex__"),
    *("__index__", "__abs__", "__neg__", "__pos__", "__invert__", "__round__", "__trunc__", "__floor__", "__ceil__"),
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"),
)
BINARY = (
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "divmod",
    "pow",
    "lshift",
    "rshift",
    "and",
    "or",
    "xor",
    "matmul",
)
_BINARY_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    **{name: getattr(operator, f"__{name}__") for name in BINARY if name != "divmod"},
    "divmod": divmod,
}
ORDERING = ("__lt__", "__le__", "__gt__", "__ge__")
#: The special methods of each binary operator.
ARITHMETIC: dict[str, tuple[str, ...]] = {
    name: tuple(f"__{prefix}{name}__" for prefix in ("", "r", "i") if (prefix, name) != ("i", "divmod"))
    for name in BINARY
}
SPECIAL += tuple(method for methods in ARITHMETIC.values() for method in methods)

#: Types whose subclasses hold a value of the type itself, and how that value is read past all overriding.
BASES: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__pos__,
    str: str.__str__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
    list: lambda value: list.__getitem__(value, slice(None)),
    dict: dict.copy,
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}


def _special(name: str) -> Callable[..., Any]:
    """Return what the operator of a special method does."""
    plain_name = name.strip("_")
    if plain_name in _BINARY_FUNCTIONS:
        return _BINARY_FUNCTIONS[plain_name]
    if plain_name[:1] == "r" and plain_name[1:] in _BINARY_FUNCTIONS:
        function = _BINARY_FUNCTIONS[plain_name[1:]]
        return lambda value, other: function(other, value)
    if hasattr(operator, name):
        function = getattr(operator, name)
        if name not in ("__call__",):
            return function  # type: ignore[no-any-return]
    return lambda value, *arguments, **options: getattr(type(value), name)(value, *arguments, **options)


_ACTIONS: dict[str, Callable[..., Any]] = {
    **{name: _special(name) for name in SPECIAL},
    "__call__": lambda value, *arguments, **options: value(*arguments, **options),
    "__len__": len,
    "__iter__": iter,
    "__next__": next,
    "__bool__": bool,
    "__hash__": hash,
    "__int__": int,
    "__float__": float,
    "__complex__": complex,
    "__reversed__": reversed,
    "__round__": round,
    "__contains__": operator.contains,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "repr": repr,
    "str": str,
    "format": format,
    "dir": lambda value: [name for name in dir(value) if isinstance(name, str)],
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


class Objects:
    """What the judge knows of this process's objects, and does with them."""

    def __init__(self, shell: Any, call_back: Callable[[Request], Request]) -> None:
        """`shell` has the names; `call_back` asks the judge to call something of its own."""
        self._shell, self._call_back = shell, call_back
        self._objects: list[Any] = []
        self._handles: dict[int, int] = {}
        self._shared = plain.Shared(1)
        self._prints: dict[int, object] = {}
        self._brought: dict[str, Any] = {}
        self._callbacks: dict[int, Any] = {}
        self._judges: list[tuple[BaseException, int]] = []  # errors of the judge's own functions
        self._describing: set[int] = set()

    def handle(self, request: Request) -> Request:
        """Do what the judge asks and return the reply; errors are replies too."""
        before = set(self._shared.objects)
        keep = request.get("keep") or request.get("op") == "names"
        try:
            return self._reply(request, before)
        except BaseException as error:
            try:
                return {"error": self._error(error)}
            except BaseException:
                return {"error": {}}
        finally:
            with contextlib.suppress(Exception):
                self._shell.flush()  # what was shown comes before the reply
            if not keep:
                for number in self._shared.objects.keys() - before:
                    self._shared.drop(number)
            for number in self._prints.keys() - self._shared.objects.keys():
                del self._prints[number]

    def _reply(self, request: Request, before: set[int]) -> Request:
        self._take(request)
        match request["op"]:
            case "names":
                if not request.get("more"):
                    self._shared, self._prints, self._brought = plain.Shared(1), {}, {}
                names = {name: self._shell.user_ns[name] for name in request["names"] if name in self._shell.user_ns}
                reply: Request = {"names": {name: self._encode(value) for name, value in names.items()}}
                if request.get("list"):
                    reply["list"] = self._visible()[:MOST_NAMES]
                self._brought |= names
                self._look()
                return reply
            case "class":
                return {"class": self._class(self._objects[request["class"]])}
            case "signature":
                return {"value": self._signature(self._objects[request["h"]])}
            case "shown":
                trace = self._objects[request["h"]].__traceback__
                return {"shown": self._shell.InteractiveTB.frames_of(trace, request["context"])}
            case "rerun":
                return self._rerun(request)
            case "do":
                arguments = self._decode(request["args"])
                options = self._decode(request["options"]) if "options" in request else {}
                self._look()
                try:
                    value = _ACTIONS[request["what"]](self._objects[request["h"]], *arguments, **options)
                except BaseException as error:
                    return {**self._changes(), "error": self._error(error)}
                reply = {**self._changes(), "value": self._encode(value)}
                self._look()
                return reply
        raise KeyError(request["op"])

    # What crosses.

    def _encode(self, value: object) -> Json:
        return plain.encode(value, self._handle_of, self._shared)

    def _decode(self, data: Json) -> Any:
        return plain.decode(data, self._own, self._shared)

    def _handle_of(self, value: Any) -> Json:
        """Return what stands for an object that is not plain."""
        for number, callback in self._callbacks.items():
            if callback is value:
                return {"cb": number}
        kind = type(value)  # never isinstance, which asks the object itself
        described: dict[str, Any] = {"h": self._number(value), "k": self._kind(kind)}
        named = libraries.name_of(value)
        if named is not None:
            described["n"] = list(named)
        if issubclass(kind, type):
            described["type"] = True
        elif type(described["k"]) is int and id(value) not in self._describing:
            base = next((base for base in BASES if issubclass(kind, base)), None)
            if base is not None:
                self._describing.add(id(value))
                try:
                    described["v"] = self._encode(BASES[base](value))
                finally:
                    self._describing.discard(id(value))
            if issubclass(kind, BaseException):
                described["args"] = self._encode(tuple(value.args))
                described["str"] = _text(value)
        return described

    def _number(self, value: object) -> int:
        if id(value) not in self._handles:
            self._handles[id(value)] = len(self._objects)
            self._objects.append(value)
        return self._handles[id(value)]

    def _kind(self, kind: type) -> Json:
        named = libraries.class_name_of(kind)
        return list(named) if named is not None else self._number(kind)

    def _own(self, data: Any) -> Any:
        """Return this process's object for what the judge sent in the place of one that is not plain."""
        if "h" in data:
            return self._objects[data["h"]]
        if "n" in data:
            return libraries.thing(*data["n"])
        number = data["cb"]
        if number not in self._callbacks:
            function = self._function(number, data["name"])
            self._callbacks[number] = _Iterator(function) if data.get("iterator") else function
        return self._callbacks[number]

    # Names and changes, in both directions.

    def _visible(self) -> list[str]:
        hidden = self._shell.user_ns_hidden
        return [
            name
            for name, value in list(self._shell.user_ns.items())
            if type(name) is str and not name.startswith("__") and (name not in hidden or hidden[name] is not value)
        ]

    def _take(self, request: Request) -> None:
        """Take over what the test changed since the last request."""
        for number, data in request.get("changed", ()):
            new = plain.decode_contents(data, number, self._own, self._shared)
            plain.replace_contents(self._shared.objects[number], new)
            self._prints.pop(number, None)
        for name, data in request.get("names_set", {}).items():
            self._shell.user_ns[name] = self._brought[name] = self._decode(data)
        if "random" in request:
            random.setstate(self._decode(request["random"]))
        if "numpy_random" in request and "numpy" in sys.modules:
            sys.modules["numpy"].random.set_state(self._decode(request["numpy_random"]))

    def _look(self) -> None:
        """Note what the shared objects hold now that are new or that the test has changed."""
        for number in self._shared.objects.keys() - self._prints.keys():
            value = self._shared.objects[number]
            self._prints[number] = plain.fingerprint(value, self._handle_of, self._shared)

    def _changes(self) -> Request:
        """Return what has changed since the last look: objects, and names that point to something else."""
        changed = []
        for number, value in list(self._shared.objects.items()):
            now = plain.fingerprint(value, self._handle_of, self._shared)
            if now != self._prints.get(number):
                self._prints[number] = now
                with contextlib.suppress(plain.NotPlainError):
                    changed.append([number, plain.contents(value, self._handle_of, self._shared)])
        reply: Request = {"changed": changed} if changed else {}
        names = self._shell.user_ns
        moved = {name: names[name] for name, value in self._brought.items() if names.get(name, value) is not value}
        if moved:
            self._brought.update(moved)
            reply["names_set"] = {name: self._encode(value) for name, value in moved.items()}
        return reply

    # Descriptions.

    def _class(self, kind: type) -> Json:
        lineage = [one for one in type.mro(kind) if one is not object]
        own = [one for one in lineage if libraries.name_of(one) is None]
        return {
            "name": str(kind.__name__),
            "qualname": str(kind.__qualname__),
            "module": str(kind.__module__),
            "doc": kind.__doc__ if type(kind.__doc__) is str else None,
            "bases": [self._kind(base) for base in kind.__bases__ if base is not object],
            "special": [name for name in SPECIAL if any(name in vars(one) for one in lineage)],
            "own": [name for name in SPECIAL if any(name in vars(one) for one in own)],
        }

    def _signature(self, value: Any) -> Json:
        signature = inspect.signature(value)
        empty = inspect.Parameter.empty
        parameters = [
            [p.name, int(p.kind), *([] if p.default is empty else [self._encode(p.default)])]
            for p in signature.parameters.values()
        ]
        notes = {p.name: p.annotation for p in signature.parameters.values() if p.annotation is not empty}
        if signature.return_annotation is not empty:
            notes["return"] = signature.return_annotation
        return {"parameters": parameters, "annotations": self._encode(notes)}

    def _rerun(self, request: Request) -> Request:
        given = self._decode(request["masukan"])
        outcome = replay.run_here(request["item"], given, request["cells"], request["nama"])
        reply: Request = {"values": {name: self._encode(value) for name, value in outcome.values.items()}}
        if outcome.error is not None:
            reply["stopped"] = [outcome.error.kind, outcome.error.name, outcome.error.text]
        return reply

    # Errors.

    def _error(self, error: BaseException, depth: int = 0) -> Json:
        for judges, number in self._judges:
            if judges is error:
                return {"judges": number, "h": self._number(error), "frames": list(_frames(error.__traceback__))}
        described: dict[str, Any] = {
            "kind": self._kind(type(error)),
            "h": self._number(error),
            "args": self._encode(tuple(error.args)),
            "str": _text(error),
            "frames": list(_frames(error.__traceback__)),
            "hides": bool(error.__suppress_context__),
        }
        if isinstance(error, OSError) and error.filename is not None and len(error.args) == 2:
            described["args"] = self._encode((*error.args, error.filename))
        if isinstance(error, SyntaxError):
            described["frames"] = []
        if depth < 2:
            for name, other in (("cause", error.__cause__), ("context", error.__context__)):
                if other is not None and other is not error:
                    described[name] = self._error(other, depth + 1)
        return described

    # The judge's own functions.

    def _function(self, number: int, name: str) -> Callable[..., Any]:
        def function(*arguments: Any, **options: Any) -> Any:
            reply = self._call_back({"cb": number, "args": self._encode(arguments), "options": self._encode(options)})
            while "op" in reply:  # the judge's function itself calls something here
                reply = self._call_back({"reply": self.handle(reply)})
            if "error" in reply:
                raise self._judges_error(reply["error"])
            return self._decode(reply["value"])

        function.__name__ = function.__qualname__ = name
        return function

    def _judges_error(self, described: Json) -> BaseException:
        try:
            kind = libraries.thing(*described["kind"])
            error: BaseException = kind(*self._decode(described["args"]))
        except Exception:
            error = RuntimeError(described["str"])
        self._judges.append((error, described["number"]))
        return error


class _Iterator(Iterator[Any]):
    """An iterator of the judge."""

    def __init__(self, following: Callable[[], Any]) -> None:
        self._following = following

    def __next__(self) -> Any:
        return self._following()


def _text(error: BaseException) -> str:
    try:
        return str(error)[:100_000]
    except BaseException:
        return ""


def _frames(trace: types.TracebackType | None) -> Iterator[list[Any]]:
    """Yield [file, line, function, names of its parameters] from the outermost frame to the innermost."""
    frames: list[list[Any]] = [
        [code.co_filename, line, code.co_name, list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])]
        for frame, line in traceback.walk_tb(trace)
        if (code := frame.f_code).co_filename != _PLACE
    ]
    yield from shortened(frames)
