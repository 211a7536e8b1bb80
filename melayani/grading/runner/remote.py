"""The judge's end of tests: what stands in a test for the names, functions and objects of the trainee's process.

Plain data come by value, things of libraries are the judge's own, all else is a `Remote`: calls, attributes, items go
to the trainee's process and what they give comes back the same way. Nothing of the trainee decides a comparison:
a Remote equals only itself, and objects of classes that only the trainee made can't be compared, calculated with or
asked about the test's data, unless the source notebook itself defines that class.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import itertools
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from IPython.core.getipython import get_ipython

from melayani.grading import replay
from melayani.grading.runner import libraries, plain, standins, tracebacks
from melayani.grading.runner.objects import ARITHMETIC, ORDERING
from melayani.grading.runner.standins import CannotCrossError, RefusedError, Remote

Json = Any
Request = dict[str, Any]
Bound = Mapping[str, Sequence[str] | None]

_NAME = re.compile(r"[^\W\d]\w*")
_MISSING: Any = object()
#: Actions whose result stays tied to the object: what changes in it at one end changes at the other.
_KEEPING = ("getattr", "__getitem__")
_MOST_KEPT = 400  # objects that can change and stay known from one request to the next
_IPYTHONS = re.compile(r"__.*|_+|_i{0,3}\d*|_[doi]h")
_OWN_NAMES = {"In", "get_ipython", "exit", "quit", "open", "display"}
_ALIASES = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot"}
_DEEPEST = 20  # classes above a class
_MOST_CAUSES = 3
_KIN: tuple[tuple[str, ...], ...] = (ORDERING, *ARITHMETIC.values())


class ChildGone(BaseException):
    """The trainee's process has ended, or its time is over. No Exception: a test can't swallow it."""


class BrokenReplyError(RuntimeError):
    """What the trainee's process replies can't be read: somebody has changed it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Jawaban dari proses yang menjalankan kode peserta tidak dapat dibaca.")


class _NestedReply(BaseException):
    def __init__(self, reply: Json) -> None:
        super().__init__()
        self.reply = reply


def bound_names(cells: Iterable[str]) -> dict[str, tuple[str, ...] | None]:
    """Return the names that these cells bind at their top level; for imports the (module,) or (module, name)."""
    found: dict[str, tuple[str, ...] | None] = {}
    for cell in cells:
        tree = _parsed(cell)
        for node in _top_level(tree.body if tree else ()):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.partition(".")[0]] = (
                        (alias.name,) if alias.asname else (alias.name.partition(".")[0],)
                    )
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found[node.name] = None
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = None
    return found


def made_names(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the names to which these cells give a value of their own at their top level, not those they import."""
    return tuple(name for name, origin in bound_names(cells).items() if origin is None)


def operators_of(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the special methods of ordering and arithmetic that classes in these cells may be used with.

    Those that they define, with their kin: who has `<` may be asked for `>`, who has `+` for `+=`. All of them where
    a decorator or a class from elsewhere may define some.
    """
    trees = [tree for cell in cells if (tree := _parsed(cell)) is not None]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    known = {node.name for node in classes} | {"object"}
    if any(node.decorator_list or not known.issuperset(map(ast.unparse, node.bases)) for node in classes):
        return tuple(method for kin in _KIN for method in kin)
    defined = {inner.name for node in classes for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return tuple(method for kin in _KIN if defined.intersection(kin) for method in kin)


def _parsed(cell: str) -> ast.Module | None:
    try:
        return ast.parse(cell)
    except SyntaxError:
        return None


def _top_level(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for node in body:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _top_level(ast.iter_child_nodes(node))


class Remotes:
    """The judge's end of the requests about one trainee's process."""

    def __init__(
        self,
        ask: Callable[[Request], Request],
        classes: Sequence[str],
        bound: Bound | None = None,
        names: dict[str, Any] | None = None,
        operators: Sequence[str] = (),
    ) -> None:
        """`ask` sends a request and returns its reply, or raises ChildGone.

        `classes` are the classes that the source notebook defines, `operators` what may be asked of their objects
        about order and arithmetic (see `operators_of`), `bound` all names that its own cells bind (see
        `bound_names`): only these may be set by a test, or stand for something else than Python's own function of
        that name. `names` are the test's (default: the running shell's).
        """
        self._send, self._names, self._bound = ask, names, bound
        self.classes, self.operators = frozenset(classes), frozenset(operators)
        self.suspicions: list[str] = []
        self._shared = plain.Shared(0)
        self._prints: dict[int, object] = {}
        self._brought: dict[str, Any] = {}
        self._ever: dict[str, Any] = {}  # what was brought to any test
        self._functions: list[Callable[..., Any]] = []
        self._errors: list[BaseException] = []
        self._depth = 0
        self._seeds = False
        self._random: dict[str, Any] = {}
        self.generation = 0
        self._kinds: dict[Any, type] = {}
        self._remotes: dict[int, Any] = {}

    def forget(self) -> None:
        """Forget the objects of a process that has ended."""
        self.generation += 1
        self._kinds.clear()
        self._remotes.clear()
        self._brought.clear()
        self._shared, self._prints = plain.Shared(0), {}
        self._depth = 0

    # Names.

    def bring(self, text: str) -> dict[str, Any]:
        """Return what the names in the test cell `text` mean in the trainee's process, for the test's namespace.

        Names that mean nothing there are left out. Raises ChildGone, also when the time for it is over.
        """
        replay.use(self.run_again)
        try:
            return self._bring(text)
        except KeyboardInterrupt:
            raise ChildGone from None

    def _bring(self, text: str) -> dict[str, Any]:
        self._seeds = "seed" in text
        self._random = self._random_states() if self._seeds else {}
        self._shared, self._prints, self._brought = plain.Shared(0), {}, {}
        words = {word for word in _NAME.findall(text) if not _IPYTHONS.fullmatch(word)} - _OWN_NAMES
        wanted = sorted(words.intersection(self._bound or ()))
        reply = self._names_of({"op": "names", "names": wanted, "list": True})
        given = reply["names"]
        # Which other words are asked for tells the trainee's process only of names that it has itself.
        listed = {name for name in reply["list"] if type(name) is str}
        tests = {name for name, value in self._namespace().items() if self._ever.get(name, _MISSING) is not value}
        others = sorted((words & listed) - tests - set(wanted))
        if others:
            given |= self._names_of({"op": "names", "names": others, "more": True})["names"]
        wanted += others
        for name in wanted:
            value = self._named(name, given[name], text) if name in given else _MISSING
            if value is not _MISSING:
                self._brought[name] = value
        self._ever |= self._brought
        self._look()
        return dict(self._brought)

    def _names_of(self, request: Request) -> Request:
        reply = self._send(request)
        kinds: dict[str, type] = {"names": dict, "list": list}
        got = reply if type(reply) is dict else {}
        return {key: got[key] if type(got.get(key)) is kind else kind() for key, kind in kinds.items()}

    def _named(self, name: str, data: Json, text: str) -> Any:
        try:
            value = plain.decode(data, self._remote_of, self._shared)
        except Exception:
            self.suspect(f"Nilai {name} tidak dapat dibaca oleh uji.")
            return _MISSING
        origin = self._bound.get(name) if self._bound is not None else None
        if origin is not None and libraries.is_library(origin[0]):
            own = self._imported(origin)
            if own is not _MISSING and own is not value:
                if _is_remote(value):
                    if not _names(data, own):
                        self.suspect(f"Nama {name} tidak lagi menunjuk {'.'.join(origin)}. Uji memakai yang asli.")
                    return own
                return own if not _is_data(value) else value
            return value
        if hasattr(builtins, name) and not _is_data(value) and not (self._bound is not None and name in self._bound):
            if _is_remote(value) and not _names(data, getattr(builtins, name)):  # `print = print` is nothing
                self.suspect(f"Nama {name} milik Python diganti. Uji memakai yang asli.")
            return _MISSING
        if name not in (self._bound or ()) and _is_remote(value):
            own = self._module_meant(name, text)
            if own is not _MISSING:
                self.suspect(f"Nama {name} tidak lagi menunjuk modulnya. Uji memakai yang asli.")
                return own
        return value

    def _imported(self, origin: Sequence[str]) -> Any:
        for names in (origin, (".".join(origin),)):
            try:
                if len(names) == 1:
                    return libraries.thing(names[0])
                return getattr(libraries.thing(names[0]), names[1])
            except (libraries.UnknownThingError, AttributeError):
                continue
        return _MISSING

    def _module_meant(self, name: str, text: str) -> Any:
        """Return the module that `text` means by `name`: its attributes are used there."""
        module = _ALIASES.get(name, name)
        if name not in _ALIASES and name not in sys.stdlib_module_names and name not in ("numpy", "pandas"):
            return _MISSING
        used = re.findall(rf"\b{re.escape(name)}\.([^\W\d]\w*)", text)
        try:
            own = libraries.thing(module) if used else None
        except libraries.UnknownThingError:
            return _MISSING
        return own if used and all(hasattr(own, attribute) for attribute in used) else _MISSING

    def suspect(self, sentence: str) -> None:
        """Note something that an instructor should know."""
        if sentence not in self.suspicions:
            self.suspicions.append(sentence)

    # Requests.

    def do(self, number: int, what: str, *arguments: Any, **options: Any) -> Any:
        """Do something with an object of the trainee's process and return what that gives, or raise its error."""
        __tracebackhide__ = True
        before = set(self._shared.objects)
        keep = what in _KEEPING and len(self._shared.objects) < _MOST_KEPT
        request: Request = {"op": "do", "h": number, "what": what, "keep": keep}
        try:
            self._push(request)
            request["args"] = self._encode(arguments)
            if options:
                request["options"] = self._encode(options)
            reply = self._exchange(request)
            self._take(reply)
            if "error" not in reply:
                return self._decode(reply["value"])
        except (plain.NotPlainError, KeyError, libraries.UnknownThingError):
            raise BrokenReplyError from None
        finally:
            if not keep:
                for known in self._shared.objects.keys() - before:
                    self._shared.drop(known)
            self._look()
        raise self._error_of(reply["error"])

    def _exchange(self, request: Request) -> Request:
        __tracebackhide__ = True
        self._depth += 1
        try:
            reply = self._send(request)
        except _NestedReply as nested:
            reply = nested.reply
        finally:
            self._depth -= 1
        if type(reply) is not dict:
            raise BrokenReplyError
        return reply

    def describe(self, op: str, number: int) -> Json:
        """Return what the trainee's process says of an object: its "class" or its "signature"."""
        reply = self._exchange({"op": op, ("class" if op == "class" else "h"): number})
        if "error" in reply:
            error = self._error_of(reply["error"])
            raise error if isinstance(error, Exception) else BrokenReplyError()
        return reply.get("class" if op == "class" else "value")

    def decoded(self, data: Json) -> Any:
        """Return what `data` of a description stands for."""
        try:
            with self._passing():
                return self._decode(data)
        except plain.NotPlainError:
            raise BrokenReplyError from None

    @contextlib.contextmanager
    def _passing(self) -> Iterator[None]:
        """Forget at the end the objects that cross meanwhile, as the other end does."""
        before = set(self._shared.objects)
        try:
            yield
        finally:
            for number in self._shared.objects.keys() - before:
                self._shared.drop(number)

    def run_again(
        self, item: str, masukan: Mapping[str, object], cells: Sequence[str], nama: Sequence[str]
    ) -> replay.Outcome:
        """Run cells of the trainee in their process, with other inputs: `replay`'s executor in a judge."""
        request = {"op": "rerun", "item": item, "cells": list(cells), "nama": list(nama)}
        with self._passing():
            request["masukan"] = self._encode(dict(masukan))
            reply = self._exchange(request)
            if "error" in reply:
                raise self._error_of(reply["error"])
            return self._outcome(reply, nama)

    def _outcome(self, reply: Request, nama: Sequence[str]) -> replay.Outcome:
        try:
            values = {name: self._decode(reply["values"][name]) for name in nama if name in reply["values"]}
            stopped = reply.get("stopped")
            error = replay.Stopped(*(str(part)[:1000] for part in stopped[:3])) if stopped else None
        except (plain.NotPlainError, KeyError, TypeError):
            raise BrokenReplyError from None
        return replay.Outcome(values, error)

    def on_callback(self, request: Request) -> Request:
        """Call a function of the judge for the trainee's process; return what that gives."""
        if "reply" in request and self._depth > 1:
            raise _NestedReply(request["reply"])
        try:
            function = self._functions[int(request["cb"])]
            arguments = self._decode(request["args"])
            options = self._decode(request["options"])
            self._depth += 1
            try:
                return {"value": self._encode(function(*arguments, **options))}
            finally:
                self._depth -= 1
        except Exception as error:
            return {"error": self._described(error)}

    def _described(self, error: Exception) -> Json:
        self._errors.append(error)
        named = libraries.name_of(type(error)) or ("builtins", "RuntimeError")
        # The sentence of an assert belongs to the test.
        told = [] if isinstance(error, AssertionError) else [arg for arg in error.args if _is_data(arg)]
        return {
            "kind": list(named),
            "args": self._encode(tuple(told)),
            "str": "" if isinstance(error, AssertionError) else str(error),
            "number": len(self._errors) - 1,
        }

    # What crosses.

    def _encode(self, value: object) -> Json:
        return plain.encode(value, self._handle_of, self._shared)

    def _decode(self, data: Json) -> Any:
        return plain.decode(data, self._remote_of, self._shared)

    def _handle_of(self, value: Any) -> Json:
        if (held := standins.held(value)) is not None:
            if held.generation != self.generation or held.remotes is not self:
                raise CannotCrossError("Objek ini milik proses yang sudah berakhir.")
            return {"h": held.number}
        named = libraries.name_of(value)
        if named is not None:
            return {"n": list(named)}
        is_iterator = isinstance(value, Iterator) and not hasattr(value, "read")
        if isinstance(value, type) or not (callable(value) or is_iterator):
            raise CannotCrossError(
                f"Objek bertipe {type(value).__name__} dalam uji tidak dapat diserahkan kepada kode peserta."
            )
        function = value.__next__ if is_iterator else value
        number = next((place for place, known in enumerate(self._functions) if known is function), None)
        if number is None:
            number = len(self._functions)
            self._functions.append(function)
        name = getattr(value, "__name__", type(value).__name__)
        return {"cb": number, "name": name if type(name) is str else "fungsi", "iterator": is_iterator}

    def _remote_of(self, described: Json) -> Any:
        """Return what stands in the judge for an object of the trainee's process."""
        if type(described) is not dict:
            raise plain.NotPlainError("no object")
        if "cb" in described:
            return self._functions[int(described["cb"])]
        number = described["h"]
        if type(number) is not int or number < 0:
            raise plain.NotPlainError("no object")
        named = described.get("n")
        if type(named) is list and (own := libraries.error_class(*named[:2]) if len(named) == 2 else None):
            return own
        if number in self._remotes:
            return self._remotes[number]
        kind = described["k"]
        if described.get("type") is True and named is None:
            made: Any = self._kind(number)
        else:
            made = self._instance(self._kind(kind), described, number)
        self._remotes[number] = made
        return made

    def _instance(self, kind: type, described: Json, number: int, arguments: tuple[Any, ...] | None = None) -> Any:
        made: Any
        new: Callable[..., Any] = kind.__new__
        if issubclass(kind, BaseException):
            if arguments is None:
                arguments = self._arguments(described)
            made = new(kind, *arguments)
            object.__setattr__(made, "args", arguments)
            standins.note_text(made, described.get("str"))
        elif (base := standins.base_of(kind)) is not None:
            value: Any = self._decode(described["v"])
            if type(value) is not base:
                raise plain.NotPlainError("another value")
            made = new(kind) if base in (list, dict, set) else new(kind, value)
            if base in (list, dict, set):
                _fill(base, made, value)
        else:
            made = object.__new__(kind)
        standins.hold(made, self, number)
        return made

    def _kind(self, described: Json, depth: int = 0) -> type:
        """Return the class of this process for a class of the trainee's process."""
        key = tuple(described) if type(described) is list else described
        if key in self._kinds:
            return self._kinds[key]
        if depth > _DEEPEST:
            raise plain.NotPlainError("too many classes")
        if type(key) is tuple:
            try:
                library = libraries.thing(*key)
            except (libraries.UnknownThingError, TypeError):
                raise plain.NotPlainError("an unknown class") from None
            if not isinstance(library, type):
                raise plain.NotPlainError("no class")
            if issubclass(library, BaseException):
                made = libraries.error_class(*key) or RuntimeError
                made = standins.of_error(self, made)
            else:
                made = standins.of_library(self, library)
        else:
            if type(key) is not int:
                raise plain.NotPlainError("no class")
            facts = standins.Facts.checked(self.describe("class", key))
            bases = tuple(self._base(base, depth + 1) for base in facts.bases)
            made = standins.of_trainee(self, key, facts, bases)
        self._kinds[key] = made
        return made

    def _base(self, described: Json, depth: int) -> type | None:
        """Return what a stand-in inherits from in the place of a base class, None for nothing."""
        if type(described) is int:
            return self._kind(described, depth)
        try:
            library = libraries.thing(*described)
        except (libraries.UnknownThingError, TypeError):
            return None
        if isinstance(library, type) and issubclass(library, BaseException):
            return libraries.error_class(*described) or RuntimeError
        return library if library in standins.PLAIN_BASES else None

    # Changes, in both directions.

    def _namespace(self) -> dict[str, Any]:
        if self._names is not None:
            return self._names
        shell = get_ipython()
        return shell.user_ns if shell is not None else self._brought

    def _push(self, request: Request) -> None:
        """Add to a request what the test has changed since the last one."""
        changed = []
        for number, value in list(self._shared.objects.items()):
            now = self._print(value)
            if now != self._prints.get(number):
                self._prints[number] = now
                with contextlib.suppress(plain.NotPlainError, CannotCrossError):
                    changed.append([number, plain.contents(value, self._handle_of, self._shared)])
        if changed:
            request["changed"] = changed
        if self._bound is not None:
            names = self._namespace()
            moved = {}
            for name, value in self._brought.items():
                now = names.get(name, _MISSING)
                changed_to = now is not value and now is not _MISSING and (_is_remote(now) or not callable(now))
                if changed_to and self._bound.get(name, _MISSING) is None:
                    try:
                        moved[name] = self._encode(now)
                        self._brought[name] = now
                    except CannotCrossError:
                        continue
            if moved:
                request["names_set"] = moved
        if self._seeds:
            states = self._random_states()
            for name, state in states.items():
                if not _same_state(state, self._random.get(name)):
                    request[name] = self._encode(state)
            self._random = states

    def _random_states(self) -> dict[str, Any]:
        states: dict[str, Any] = {"random": random.getstate()}
        if "numpy" in sys.modules:
            states["numpy_random"] = sys.modules["numpy"].random.get_state()
        return states

    def _take(self, reply: Request) -> None:
        """Take over what the trainee's code has changed: objects that the test handed over or knows, names."""
        for number, data in reply.get("changed") or ():
            new = plain.decode_contents(data, number, self._remote_of, self._shared)
            plain.replace_contents(self._shared.objects[number], new)
            self._prints.pop(number, None)
        names = self._namespace()
        for name, data in (reply.get("names_set") or {}).items():
            old = self._brought.get(name, _MISSING)
            new = self._decode(data)
            # What was a library's stays it, whatever the trainee's code says later.
            if old is _MISSING or not (_is_remote(old) or _is_data(old)):
                continue
            if hasattr(builtins, name) and not _is_data(new):
                continue
            if names.get(name) is old:
                names[name] = self._ever[name] = new
            self._brought[name] = new

    def _look(self) -> None:
        """Note what the objects hold now that are new or that the trainee's code has changed."""
        for number in self._prints.keys() - self._shared.objects.keys():
            del self._prints[number]
        for number in self._shared.objects.keys() - self._prints.keys():
            self._prints[number] = self._print(self._shared.objects[number])

    def _print(self, value: Any) -> object:
        try:
            return plain.fingerprint(value, self._handle_of, self._shared)
        except CannotCrossError:
            return None

    # Errors.

    def _error_of(self, described: Json, left: int = _MOST_CAUSES) -> BaseException:
        """Return the error that the trainee's code raised, with a traceback that shows its lines."""
        try:
            return self._rebuilt(described, left)
        except Exception:
            return BrokenReplyError()

    def _rebuilt(self, described: Json, left: int) -> BaseException:
        frames = described["frames"] if type(described.get("frames")) is list else []
        show = self._shower(int(described["h"]))
        if "judges" in described:
            error = self._errors[int(described["judges"])]
            return error.with_traceback(standins.traceback_of(frames, show, error.__traceback__))
        error = self._remote_error(described)
        if left:
            for name in ("cause", "context"):
                if name in described:
                    setattr(error, f"__{name}__", self._error_of(described[name], left - 1))
        error.__suppress_context__ = described.get("hides") is True
        return error.with_traceback(standins.traceback_of(frames, show))

    def _shower(self, number: int) -> tracebacks.Show:
        """Return what gives the frames of the error `number` as the trainee's process shows them."""
        generation = self.generation

        def show(context: int) -> object:
            if generation != self.generation:
                return None
            try:
                return self._exchange({"op": "shown", "h": number, "context": context}).get("shown")
            except (ChildGone, BrokenReplyError):
                return None

        return show

    def _remote_error(self, described: Json) -> BaseException:
        kind = described["kind"]
        text = described.get("str")
        text = text if type(text) is str else ""
        arguments = self._arguments(described)
        if type(kind) is list:
            library = libraries.error_class(*kind[:2]) or standins.named_error(str(kind[-1]))
            return standins.rebuilt_error(library, arguments, text)
        made = self._instance(self._kind(kind), described, int(described["h"]), arguments)
        if not isinstance(made, BaseException):
            raise plain.NotPlainError("no error")
        return made

    def _arguments(self, described: Json) -> tuple[Any, ...]:
        arguments = self._decode(described["args"]) if "args" in described else ()
        if type(arguments) is not tuple:
            raise plain.NotPlainError("no arguments")
        return arguments


def _names(data: Json, own: object) -> bool:
    """Return whether `data`, which stands for an object there, names `own`: a function that does not cross by name."""
    match data:
        case ["R", {"n": list(named)}] if 0 < len(named) < 3:
            try:
                return libraries.thing(*named) is own
            except libraries.UnknownThingError:
                return False
    return False


def _is_remote(value: Any) -> bool:
    return standins.held(value) is not None


def _fill(base: Any, made: Any, value: Any) -> None:
    base.__init__(made, value)


def _same_state(one: Any, other: Any) -> bool:
    if other is None:
        return False
    return all(
        bool((mine == yours).all()) if hasattr(mine, "all") else mine == yours
        for mine, yours in itertools.zip_longest(one, other)
    )


def _is_data(value: Any) -> bool:
    """Return whether `value` is of a plain type that nothing can be called or caught with."""
    return type(value) in (type(None), bool, int, float, complex, str, bytes, list, dict, set, frozenset) or (
        type(value).__module__ in ("numpy", "pandas", "datetime", "decimal", "fractions", "collections")
        and not callable(value)
    )


__all__ = [
    "BrokenReplyError",
    "CannotCrossError",
    "ChildGone",
    "RefusedError",
    "Remote",
    "Remotes",
    "bound_names",
    "made_names",
    "operators_of",
]
