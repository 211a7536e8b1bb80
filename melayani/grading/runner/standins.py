"""Classes and objects that stand in a test for those of the trainee's process.

Each class there has one stand-in here: isinstance, issubclass and `except` work. What an object can do, its stand-in
can do by asking; what a trainee's own class says about comparing and calculating counts only for classes that the
source notebook defines itself.
"""

from __future__ import annotations

import inspect
import keyword
import linecache
import re
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from melayani.grading.runner import plain, tracebacks
from melayani.grading.runner.objects import ARITHMETIC, BASES, ORDERING, SPECIAL

Json = Any
PLAIN_BASES = tuple(BASES)
_HELD = "_melayani_held"
_DUNDERS = {
    *("__annotations__", "__closure__", "__code__", "__defaults__", "__dataclass_fields__", "__doc__", "__func__"),
    *("__kwdefaults__", "__members__", "__module__", "__name__", "__qualname__", "__self__", "__wrapped__"),
}
#: What can be asked of any object: none of these hands over data of the test.
_WITHOUT_DATA = {
    *("__len__", "__iter__", "__next__", "__bool__", "__int__", "__float__", "__complex__", "__index__"),
    *("__abs__", "__neg__", "__pos__", "__invert__", "__trunc__", "__floor__", "__ceil__", "__reversed__"),
}
#: What can be asked of objects of libraries, beside that.
_OF_LIBRARIES = {
    *("__call__", "__getitem__", "__setitem__", "__delitem__", "__contains__", "__enter__", "__exit__"),
    *_WITHOUT_DATA,
} - {"__int__", "__float__", "__complex__", "__index__", "__abs__", "__neg__", "__pos__", "__invert__"}
_VERDICTS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__")
_OF_SAMENESS = ("__eq__", "__ne__", "__hash__")
#: What a class may say about data of a test only where classes of the source notebook have it too: an object must not
#: pass, by an order or a difference of its own, a test that is about something else.
_OPERATORS = frozenset(ORDERING).union(*ARITHMETIC.values())
_CELL_FILE = re.compile(r".*/ipykernel_\d+/(\d+\.py)")
_LONGEST_LINE = 200_000
_LONGEST_NAME = 300


class CannotCrossError(RuntimeError):
    """A test hands over an object that has no plain form: it must run where the answers run."""


class RefusedError(TypeError):
    """A test can't do that with an object of the trainee's."""


class _Remotes(Protocol):
    classes: frozenset[str]
    operators: frozenset[str]
    generation: int

    def do(self, number: int, what: str, *arguments: Any, **options: Any) -> Any:
        """Do something with an object there."""

    def describe(self, op: str, number: int) -> Json:
        """Return what the trainee's process says of an object."""

    def suspect(self, sentence: str) -> None:
        """Note something that an instructor should know."""


@dataclass(frozen=True)
class Held:
    """What a stand-in stands for."""

    remotes: Any
    number: int
    generation: int

    def do(self, what: str, *arguments: Any, **options: Any) -> Any:
        """Ask for something; raises what that raises there."""
        __tracebackhide__ = True
        if self.generation != self.remotes.generation:
            raise RuntimeError("Proses yang menjalankan kode peserta sudah berakhir.")
        return self.remotes.do(self.number, what, *arguments, **options)


@dataclass(frozen=True)
class Facts:
    """What the trainee's process says of a class."""

    name: str
    qualname: str
    doc: str | None
    bases: tuple[Json, ...]
    special: frozenset[str]
    own: frozenset[str]

    @classmethod
    def checked(cls, data: Json) -> Facts:
        """Return the facts in `data`. Raises plain.NotPlainError."""
        try:
            texts = [data[name] for name in ("name", "qualname")]
            lists = [data[name] for name in ("bases", "special", "own")]
            doc = data["doc"]
        except (KeyError, TypeError):
            raise plain.NotPlainError("no class") from None
        if not all(type(text) is str and len(text) <= _LONGEST_NAME for text in texts):
            raise plain.NotPlainError("no name of a class")
        if not all(type(one) is list and len(one) <= len(SPECIAL) for one in lists):
            raise plain.NotPlainError("no class")
        special, own = (frozenset(SPECIAL).intersection(map(str, one)) for one in lists[1:])
        return cls(texts[0], texts[1], doc if type(doc) is str else None, tuple(lists[0]), special, own)


def held(value: Any) -> Held | None:
    """Return what `value` stands for, None if it is no stand-in."""
    kind = type(value)
    if issubclass(kind, Remote):
        found = object.__getattribute__(value, "__dict__").get(_HELD)
    elif kind is _Class:
        found = type.__getattribute__(value, "__dict__").get(_HELD)
    else:
        return None
    return found if type(found) is Held else None


def hold(value: Any, remotes: Any, number: int) -> None:
    """Let `value` stand for an object."""
    object.__setattr__(value, _HELD, Held(remotes, number, remotes.generation))


def _of(value: Any) -> Held:
    found = held(value)
    if found is None:
        raise RuntimeError("a stand-in for nothing")
    return found


class Remote:
    """An object of the trainee's process: what all stand-ins have in common."""

    def __getattr__(self, name: str) -> Any:
        """Ask for the attribute."""
        __tracebackhide__ = True
        if name.startswith("__") and name not in _DUNDERS:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        found = held(self)
        if found is None:
            raise AttributeError(name)
        value = found.do("getattr", name)
        if not _may_give(type(self), name, value):
            found.remotes.suspect(_suspicion(type(self).__name__, f".{name}"))
            raise RefusedError(_refusal(type(self).__name__))
        return value


def _may_give(kind: type, name: str, value: Any) -> bool:
    """Return whether an attribute may be given to a test: what can be called could be asked about the test's data."""
    rights = kind.__dict__.get("_melayani_rights", _CLOSED)
    if rights.open or not callable(value):
        return True
    return rights.library is not None and hasattr(rights.library, name)


@dataclass(frozen=True)
class _Rights:
    open: bool = False  # a class that the source notebook defines
    library: type | None = None


_CLOSED = _Rights()


def _refusal(name: str) -> str:
    return (
        f"Hasilnya objek kelas {name}, bukan data biasa seperti angka, teks, atau daftar. "
        "Objek itu tidak dapat dibandingkan, dihitung, atau ditanyai oleh uji."
    )


def _suspicion(name: str, what: str) -> str:
    return f"Objek kelas {name} buatan peserta ikut dipakai dalam uji ({what}). Kelas itu bukan bagian dari tugas."


def _asking(what: str) -> Callable[..., Any]:
    def method(self: Any, *arguments: Any, **options: Any) -> Any:
        __tracebackhide__ = True
        return _of(self).do(what, *arguments, **options)

    def verdict(self: Any, other: Any) -> Any:
        __tracebackhide__ = True
        answer = _of(self).do(what, other)
        if held(answer) is not None:
            raise RefusedError(_refusal(type(answer).__name__))
        return answer

    if what in _VERDICTS:
        method = verdict
    method.__name__ = method.__qualname__ = what
    return method


def _asking_among_objects(what: str) -> Callable[..., Any]:
    """Return a comparison that the class decides between objects, and never with the test's own data."""
    decide = _asking(what)

    def method(self: Any, other: object) -> Any:
        __tracebackhide__ = True
        return NotImplemented if held(other) is None else decide(self, other)

    method.__name__ = method.__qualname__ = what
    return method


def _refusing(what: str, name: str) -> Callable[..., Any]:
    def method(self: Any, *_: Any, **__: Any) -> Any:
        __tracebackhide__ = True
        _of(self).remotes.suspect(_suspicion(name, what))
        raise RefusedError(_refusal(name))

    return method


def _forbidding(name: str) -> Callable[..., Any]:
    def method(self: Any, *_: Any) -> Any:
        __tracebackhide__ = True
        raise RefusedError(_refusal(name))

    return method


def _sameness(name: str, own: bool) -> dict[str, Any]:
    """Return methods by which an object equals itself and nothing else; `own`: its class says otherwise."""

    def same(self: Any, other: object) -> bool:
        if own:
            _of(self).remotes.suspect(_suspicion(name, "=="))
        return self is other

    def differs(self: Any, other: object) -> bool:
        return not same(self, other)

    return {"__eq__": same, "__ne__": differs, "__hash__": lambda self: object.__hash__(self)}


def _shown() -> dict[str, Any]:
    def to_format(self: Any, form: str) -> Any:
        __tracebackhide__ = True
        return _of(self).do("format", form) if form else str(self)

    def to_set(self: Any, name: str, value: Any) -> None:
        __tracebackhide__ = True
        if name.startswith("__") and name not in ("__name__", "__qualname__", "__doc__"):
            object.__setattr__(self, name, value)  # Python's own notes on errors
        else:
            _of(self).do("setattr", name, value)

    def to_delete(self: Any, name: str) -> None:
        __tracebackhide__ = True
        _of(self).do("delattr", name)

    return {
        "__repr__": _asking("repr"),
        "__str__": _asking("str"),
        "__format__": to_format,
        "__setattr__": to_set,
        "__delattr__": to_delete,
        "__dir__": _asking("dir"),
        "__copy__": _asking("copy"),
        "__deepcopy__": lambda self, _memo: _of(self).do("deepcopy"),
        "__reduce_ex__": _forbidding("objek"),
    }


def of_library(remotes: _Remotes, library: type) -> type:
    """Return the class of what stands for objects of a library's class."""
    name = library.__name__
    space = _shown() | _sameness(name, False)
    space["__module__"], space["__qualname__"] = library.__module__, library.__qualname__
    space["_melayani_rights"] = _Rights(library=library)
    # An object of a plain type that did not come as plain data is too large or was made up.
    too_large = library in plain.known_types() or library in (bool, type(None))
    if not too_large:
        space["__class__"] = property(lambda _: library)
    for special in SPECIAL:
        if special in _OF_SAMENESS or not hasattr(library, special):
            continue
        allowed = special in _OF_LIBRARIES and not too_large
        space[special] = _asking(special) if allowed else _forbidding(name)
    if "__bool__" in space and hasattr(library, "__array__"):
        space["__bool__"] = _forbidding(name)
    if "__call__" in space:
        space |= {
            "__signature__": property(_signature),
            "__doc__": property(lambda self: _of(self).do("getattr", "__doc__")),
        }
    return type(name, (Remote,), space)


def _signature(self: Any) -> inspect.Signature:
    found = _of(self)
    described = found.remotes.describe("signature", found.number)
    notes = found.remotes.decoded(described["annotations"])
    parameters = [
        inspect.Parameter(
            str(name),
            inspect._ParameterKind(kind),
            default=found.remotes.decoded(default[0]) if default else inspect.Parameter.empty,
            annotation=notes.get(name, inspect.Parameter.empty),
        )
        for name, kind, *default in described["parameters"]
    ]
    return inspect.Signature(parameters, return_annotation=notes.get("return", inspect.Signature.empty))


class _Class(type):
    """The class of stand-ins for a trainee's classes: calls make objects there."""

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        """Make an object in the trainee's process."""
        __tracebackhide__ = True
        return _of(cls).do("__call__", *arguments, **options)

    def __getattr__(cls, name: str) -> Any:
        """Ask for an attribute of the class."""
        __tracebackhide__ = True
        if name.startswith("__") and name not in _DUNDERS:
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        found = held(cls)
        if found is None:
            raise AttributeError(name)
        value = found.do("getattr", name)
        if not _may_give(cls, name, value):
            raise RefusedError(_refusal(cls.__name__))
        return value

    def __setattr__(cls, name: str, value: Any) -> None:
        """Set an attribute of the class there."""
        __tracebackhide__ = True
        if name.startswith("__"):
            type.__setattr__(cls, name, value)
        else:
            _of(cls).do("setattr", name, value)

    def __iter__(cls) -> Any:
        """Iterate over the class there, as over an Enum."""
        __tracebackhide__ = True
        return _of(cls).do("__iter__")

    def __len__(cls) -> int:
        """Return the length of the class there."""
        __tracebackhide__ = True
        return int(_of(cls).do("__len__"))

    def __getitem__(cls, key: Any) -> Any:
        """Return an item of the class there."""
        __tracebackhide__ = True
        return _of(cls).do("__getitem__", key)

    def __bool__(cls) -> bool:
        """Return True, as for any class."""
        return True

    @property
    def __signature__(cls) -> inspect.Signature:
        """Return the signature of the class there."""
        return _signature(cls)


def of_trainee(remotes: _Remotes, number: int, facts: Facts, bases: Sequence[type | None]) -> type:
    """Return the stand-in for a trainee's own class. Raises plain.NotPlainError when there can be no such class."""
    inherited = [base for base in bases if base is not None]
    is_open = facts.name in remotes.classes or any(
        base.__dict__.get("_melayani_rights", _CLOSED).open for base in inherited
    )
    rights = _Rights(open=is_open)
    barred = _OPERATORS - remotes.operators
    has_value = any(issubclass(base, PLAIN_BASES) for base in inherited)
    is_error = any(issubclass(base, BaseException) for base in inherited)
    space = _shown()
    if is_error:
        for name in ("__repr__", "__str__", "__reduce_ex__", "__copy__", "__deepcopy__"):
            del space[name]
        space["__str__"] = _error_text
    elif has_value:
        changed = facts.own.intersection(SPECIAL) - {"__hash__"}
        if changed and not is_open:
            remotes.suspect(_suspicion(facts.name, ", ".join(sorted(changed)[:3])))
        if is_open:
            space |= {name: _asking(name) for name in changed - barred}
            space |= {name: _asking_among_objects(name) for name in facts.own.intersection(("__eq__", "__ne__"))}
    else:
        space |= _sameness(facts.name, "__eq__" in facts.own and not is_open)
        for name in facts.special - set(_OF_SAMENESS):
            # A call is like one of a function of the trainee's.
            asked = (is_open and name not in barred) or name in _WITHOUT_DATA or name == "__call__"
            space[name] = _asking(name) if asked else _refusing(name, facts.name)
        if is_open:
            space |= {name: _asking(name) for name in facts.special.intersection(_OF_SAMENESS)}
            if "__eq__" in facts.special:
                space |= {name: _asking_among_objects(name) for name in ("__eq__", "__ne__")}
            if "__hash__" not in facts.own and "__eq__" in facts.own:
                space["__hash__"] = None
    space |= {"__module__": "__main__", "__qualname__": facts.qualname, "__doc__": facts.doc}
    space["_melayani_rights"] = rights
    if not any(issubclass(base, Remote) for base in inherited):
        inherited.insert(0, Remote)
    try:
        made = _Class(facts.name, tuple(inherited), space)
    except TypeError as error:
        raise plain.NotPlainError(f"no such class: {error}") from None
    type.__setattr__(made, _HELD, Held(remotes, number, remotes.generation))
    return made


def base_of(kind: type) -> type | None:
    """Return the plain type whose value the objects of a stand-in class hold, None for none."""
    return next((base for base in PLAIN_BASES if issubclass(kind, base)), None)


# Errors.


def of_error(remotes: _Remotes, kind: type[BaseException]) -> type:
    """Return the class of what stands for an error of a library that a test gets as an object."""
    space = {"__str__": _error_text, "__module__": kind.__module__, "__class__": property(lambda _: kind)}
    return type(kind.__name__, (Remote, kind), {**space, "_melayani_rights": _Rights(library=kind)})


def _error_text(self: Any) -> str:
    text = object.__getattribute__(self, "__dict__").get("_melayani_text")
    return text if type(text) is str else ", ".join(map(str, self.args))


def note_text(error: BaseException, text: Any) -> None:
    """Let str(error) be `text`."""
    object.__setattr__(error, "_melayani_text", text)


def named_error(name: str) -> type[BaseException]:
    """Return a class for errors whose own class is none of a library's, or one that a judge must not raise."""
    return type(name[:_LONGEST_NAME] or "Exception", (Exception,), {"__module__": "builtins"})


def rebuilt_error(kind: type[BaseException], arguments: tuple[Any, ...], text: str) -> BaseException:
    """Return an error of `kind` with these arguments and that text."""
    try:
        error = kind(*arguments)
        if type(error) is not kind and not isinstance(error, OSError):
            raise TypeError
        if str(error) == text:
            return error
    except Exception:
        pass
    # Its class makes its text from more than the arguments.
    named = type(kind.__name__, (kind,), {"__str__": _error_text, "__module__": kind.__module__})
    made: BaseException = kind.__new__(named)  # type: ignore[type-var]
    made.args = arguments
    note_text(made, text)
    return made


def traceback_of(
    frames: Sequence[Any], show: tracebacks.Show, below: types.TracebackType | None = None
) -> types.TracebackType | None:
    """Return a traceback with these frames: [file, line, function, parameters], the outermost first, then `below`.

    `show` gives them as they are shown there.
    """
    found = below
    for described in reversed(frames[:60]):
        try:
            file, line, function, parameters = described
            fine = type(file) is str and type(function) is str and type(line) is int and 0 < line < _LONGEST_LINE
            if not fine or len(file) > _LONGEST_NAME or type(parameters) is not list:
                continue
            frame, last = _frame_at(_file_here(file), line, function, parameters, tracebacks.placeholder(show))
        except Exception:
            continue
        found = types.TracebackType(found, frame, last, line)
    return found


def _file_here(file: str) -> str:
    """Return the name that a cell's file has in this process: it holds the process's id, and a digest of the cell."""
    cell = _CELL_FILE.fullmatch(file)
    if cell is None:
        return file
    return next(
        (name for name in linecache.cache if (known := _CELL_FILE.fullmatch(name)) and known[1] == cell[1]), file
    )


def _frame_at(
    file: str, line: int, function: str, parameters: list[Any], names: dict[str, Any]
) -> tuple[types.FrameType, int]:
    """Return a frame that has stopped at that place, with these global names, and its last instruction."""
    names = {"_Stop": _Stop, "__name__": "__main__", **names}
    known = [name for name in parameters if _is_name(name)]
    code: types.CodeType
    if _is_name(function):
        space: dict[str, Any] = {"__name__": "__main__"}
        exec(
            compile(f"def {function}({', '.join(f'{name}=None' for name in known)}):\n raise _Stop", file, "exec"),
            space,
        )
        code = space[function].__code__.replace(co_firstlineno=line - 1)
    else:
        code = compile("raise _Stop", file, "exec").replace(co_firstlineno=line, co_name=function[:_LONGEST_NAME])
    try:
        exec_frame = types.FunctionType(code, names, argdefs=(None,) * len(known))
        exec_frame()
    except _Stop as stop:
        trace = stop.__traceback__
        assert trace and trace.tb_next
        return trace.tb_next.tb_frame, trace.tb_next.tb_lasti
    raise RuntimeError("a frame that does not stop")


class _Stop(Exception):
    pass


def _is_name(name: Any) -> bool:
    return type(name) is str and name.isidentifier() and not keyword.iskeyword(name) and len(name) < _LONGEST_NAME
