"""Which things belong to Python and installed libraries, and how they are named and found.

Such a thing crosses between processes as (module, qualname): the receiver takes its own. Nothing is ever taken from
a folder that a submission can write to.
"""

from __future__ import annotations

import _collections_abc
import builtins
import functools
import importlib
import importlib.util
import sys
import sysconfig
import types
from pathlib import Path
from typing import Any

_MODULE_PATTERN_PARTS = 8
# Importing these does something, or they are no libraries to be imported.
_REFUSED = {"antigravity", "this", "idlelib", "test", "turtledemo", "lib2to3", "__main__", "conftest"}
_PLACES = tuple(
    dict.fromkeys(
        str(Path(place).resolve())
        for place in (
            *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
            str(Path(__file__).resolve().parents[2]),  # this package, wherever it is installed from
        )
        if place
    )
)
_KINDS: tuple[type, ...] = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
    types.ClassMethodDescriptorType,
    type(functools.lru_cache(lambda: None)),
)
#: Types that Python has no public name for in the module that they name.
UNNAMED: dict[type, tuple[str, str]] = {
    getattr(types, name): ("types", name)
    for name in types.__all__
    if isinstance(getattr(types, name), type) and name.endswith("Type")
}
UNNAMED |= {
    kind: ("_collections_abc", name)
    for name, kind in vars(_collections_abc).items()
    if isinstance(kind, type) and kind.__module__ == "builtins" and not hasattr(builtins, name)
}
_HEAP_TYPE = 1 << 9  # a class that Python code or an extension made, not one that is part of the interpreter


#: Modules whose functions and classes compute and no more. A name of any other library function leads back to the
#: process that it came from: a test must not run `exec`, or compare with what compares equal to everything.
_HARMLESS = {
    *("abc", "builtins", "calendar", "cmath", "collections", "collections.abc", "dataclasses", "datetime", "decimal"),
    *("enum", "fractions", "itertools", "json", "math", "numbers", "numpy", "numpy.linalg", "pandas", "pathlib"),
    *("posixpath", "random", "re", "statistics", "string", "textwrap", "types", "typing", "zoneinfo"),
    *("_decimal", "_statistics", "_collections"),
}
_HARMFUL = {
    *("__import__", "breakpoint", "compile", "delattr", "dir", "display", "eval", "exec", "exit", "get_ipython"),
    *("globals", "help", "input", "locals", "open", "print", "quit", "setattr", "vars", "load", "save", "savetxt"),
}
#: Packages whose classes of errors mean something to what runs the tests.
_MACHINERY = ("IPython", "ipykernel", "nbclient", "tornado", "zmq", "asyncio", "_pytest", "melayani.grading", "bdb")


class UnknownThingError(Exception):
    """No library has a thing of that name."""


@functools.cache
def is_library(module: str) -> bool:
    """Return whether a module of that name is Python's own or an installed library's, found without running it."""
    top = module.partition(".")[0]
    parts = module.split(".")
    if len(parts) > _MODULE_PATTERN_PARTS or not all(part.isidentifier() for part in parts):
        return False
    if top in _REFUSED or parts[-1] == "__main__":
        return False
    if top in sys.builtin_module_names:
        return True
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return False
    if spec is None:
        return False
    if spec.origin in ("built-in", "frozen"):
        return True
    places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
    return bool(places) and all(_is_installed(place) for place in places)


def _is_installed(place: str) -> bool:
    path = Path(place).resolve()
    return any(path.is_relative_to(root) for root in _PLACES)


def name_of(value: Any) -> tuple[str, ...] | None:
    """Return (module,) or (module, qualname) of a thing of a library, only if that name leads to this very thing."""
    kind = type(value)
    if kind is types.ModuleType or issubclass(kind, types.ModuleType):
        name = value.__dict__.get("__name__")
        return (name,) if type(name) is str and sys.modules.get(name) is value and is_library(name) else None
    if not (issubclass(kind, type) or kind in _KINDS or kind.__module__ == "numpy"):
        return None
    if value in UNNAMED if issubclass(kind, type) and kind is type else False:
        return UNNAMED[value]
    module = getattr(value, "__module__", None)
    if module is None:
        owner = getattr(value, "__objclass__", None) or getattr(value, "__self__", None)
        module = "numpy" if kind.__module__ == "numpy" else owner.__module__ if isinstance(owner, type) else None
    if type(module) is not str or not is_library(module) or module not in sys.modules:
        return None
    for attribute in ("__qualname__", "__name__"):
        name = getattr(value, attribute, None)
        if type(name) is str and _is(_find(sys.modules[module], name), value):
            return module, name
    return None


def class_name_of(kind: type) -> tuple[str, ...] | None:
    """Return the name of a library's class; for a nameless one of the interpreter itself, of what it inherits from."""
    named = name_of(kind)
    if named is None and not kind.__flags__ & _HEAP_TYPE:
        named = next((name_of(base) for base in kind.__mro__[1:-1] if name_of(base)), None)
    return named


def _is(found: object, value: object) -> bool:
    return found is value or (
        type(found) is type(value) in (types.BuiltinMethodType, types.MethodType) and found == value
    )


def _find(module: types.ModuleType, qualname: str) -> object:
    found: Any = module
    for part in qualname.split(".")[:6]:
        if not part.isidentifier():
            return None
        found = getattr(found, part, None)
    return found


def thing(module: object, qualname: object = None) -> Any:
    """Return this process's own module, class or function of that name.

    Raises UnknownThingError for a name that no library has, and for objects that are none of these.
    """
    if type(module) is not str or not (qualname is None or type(qualname) is str):
        raise UnknownThingError("no name")
    if not is_library(module):
        raise UnknownThingError("no library")
    try:
        found: Any = sys.modules.get(module) or importlib.import_module(module)
        if qualname is not None:
            assert type(qualname) is str
            found = _find(found, qualname)
    except (Exception, SystemExit):
        raise UnknownThingError("not to be had") from None
    if qualname is None:
        if not isinstance(found, types.ModuleType):
            raise UnknownThingError("no module")
    elif not (
        isinstance(found, type) or type(found) in _KINDS or (type(found).__module__ == "numpy" and callable(found))
    ):
        raise UnknownThingError("no thing that has a name")
    return found


def is_harmless(module: str, qualname: str | None = None) -> bool:
    """Return whether a library's thing may stand for itself in a test, whoever named it."""
    if qualname is None:
        return True
    if module in _HARMLESS or module.startswith("pandas.core."):
        return qualname.partition(".")[0] not in _HARMFUL
    return False


def error_class(module: object, qualname: object) -> type[BaseException] | None:
    """Return a library's class of errors, None where there is none of that name or what runs tests would obey it."""
    try:
        found = thing(module, qualname)
    except UnknownThingError:
        return None
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        return None
    if any(found.__module__ == name or found.__module__.startswith(f"{name}.") for name in _MACHINERY):
        return None
    return found if issubclass(found, Exception) or found.__module__ == "builtins" else None
