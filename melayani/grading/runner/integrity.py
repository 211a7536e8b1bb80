"""What trainees' code has changed in the Python that runs it: a cheap look from inside, for reports only.

A process can lie about itself, so nothing here decides a grade. The look compares the state before the first cell
with the state after a cell; `suspicions` (melayani.grading.runner.suspicions) looks at the code itself.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from IPython.core.getipython import get_ipython

from melayani.grading.runner.suspicions import suspicions as suspicions

#: Modules that tests lean on; only those that are imported when the snapshot is taken are watched.
WATCHED = (
    "ast",
    "builtins",
    "collections",
    "copy",
    "datetime",
    "decimal",
    "inspect",
    "json",
    "math",
    "operator",
    "random",
    "re",
    "statistics",
    "types",
    "numpy",
    "numpy.linalg",
    "numpy.testing",
    "pandas",
    "pandas.testing",
    "IPython.core.getipython",
    "melayani.grading.calls",
    "melayani.grading.replay",
)
#: IPython itself puts these into builtins before a cell and takes them out after it.
_COME_AND_GO = {"builtins": frozenset({"display", "exit", "get_ipython", "quit", "input"})}
_PARTS = (
    "compile",
    "display_formatter",
    "display_pub",
    "displayhook",
    "events",
    "history_manager",
    "input_transformer_manager",
)
_LISTS = ("cleanup_transforms", "line_transforms", "token_transformers")
_LYING = "Pemeriksaan keadaan Python tidak dapat dijalankan karena kode mengubah dasar-dasar Python"

Names = dict[str, object]


@dataclass(frozen=True)
class Snapshot:
    """The state of this process at one moment; `changes` tells what has become different since."""

    modules: dict[str, tuple[ModuleType, Names]]
    classes: list[tuple[type, Names]]
    shell: Any
    parts: Names
    own: frozenset[str]
    lists: list[list[object]]
    tools: list[object]
    threads: frozenset[int | None]

    def changes(self) -> list[str]:
        """Return a sentence in Bahasa for each kind of change since the snapshot; never raises an Exception."""
        try:
            return [sentence for look in (self._names, self._shell, self._hooks, self._threads) for sentence in look()]
        except Exception:
            return [f"{_LYING}."]

    def put_back(self) -> None:
        """Undo such changes, for a test that has to run in this process. What is hidden better stays changed."""
        sys.settrace(None)
        sys.setprofile(None)
        for name, (module, before) in self.modules.items():
            sys.modules[name] = module
            vars(module).update(before)
        for kind, before in self.classes:
            now = vars(kind)
            for name in [name for name, value in before.items() if now.get(name) is not value]:
                setattr(kind, name, before[name])
            for name in [name for name in now if name not in before and not name.startswith("__")]:
                delattr(kind, name)
        if self.shell is not None:
            self._put_shell_back()

    def _put_shell_back(self) -> None:
        shell = self.shell
        for name, part in self.parts.items():
            if not name.startswith("user_") and getattr(shell, name, None) is not part:
                setattr(shell, name, part)
        for name in self._overriding():
            delattr(shell, name)
        for found, before in zip(_lists(shell), self.lists, strict=True):
            found[:] = before
        shell.custom_exceptions = ()
        for callbacks in shell.events.callbacks.values():
            callbacks[:] = [callback for callback in callbacks if not _is_own(callback)]

    def _overriding(self) -> list[str]:
        """Return the methods that the shell itself has now in the place of its class's."""
        new = [name for name, value in vars(self.shell).items() if name not in self.own and callable(value)]
        return [name for name in new if hasattr(type(self.shell), name)]

    def _names(self) -> Iterable[str]:
        for name, (module, before) in self.modules.items():
            if sys.modules.get(name) is not module:
                yield f"Modul Python {name} diganti dengan objek lain."
            now = vars(module)
            changed = [key for key, value in before.items() if now.get(key) is not value]
            if changed:
                where = "fungsi dasar Python" if name == "builtins" else f"modul {name}"
                yield f"Isi {where} diubah: {_listed(changed)}."

    def _shell(self) -> Iterable[str]:
        if self.shell is None:
            return
        changed = [name for name, part in self.parts.items() if getattr(self.shell, name, None) is not part]
        changed += self._overriding()
        for kind, before in self.classes:
            now = vars(kind)
            changed += [name for name, value in before.items() if now.get(name) is not value]
            changed += [name for name in now if name not in before and not name.startswith("__")]
        if changed:
            yield f"Bagian dalam IPython yang menjalankan sel diubah: {_listed(dict.fromkeys(changed))}."
        if self.lists != _lists(self.shell):
            yield "Kode dipasang untuk mengubah isi sel sebelum dijalankan (transformer IPython)."
        if self.shell.custom_exceptions:
            yield "Kode dipasang untuk menelan galat sebelum ditampilkan (set_custom_exc)."
        if any(_is_own(callback) for callbacks in self.shell.events.callbacks.values() for callback in callbacks):
            yield "Kode dipasang untuk berjalan sebelum atau sesudah setiap sel (events IPython)."

    def _hooks(self) -> Iterable[str]:
        if self.tools != _tools():
            yield "Fungsi pelacak (trace, profile, atau monitoring) dipasang; fungsi itu dapat mengubah jalannya kode."
        hooks: list[Any] = [*sys.meta_path, *sys.path_hooks, *gc.callbacks]
        if any(_is_own(hook) or _is_own(type(hook)) for hook in hooks):
            yield "Kode dipasang pada cara Python memuat modul atau membersihkan memori."

    def _threads(self) -> Iterable[str]:
        left = [thread for thread in threading.enumerate() if thread.ident not in self.threads]
        if left:
            yield f"Ada {len(left)} utas (thread) yang masih berjalan setelah selnya selesai."


def snapshot() -> Snapshot:
    """Return the state of this process now."""
    shell: Any = get_ipython()
    classes = list(type(shell).__mro__) if shell else []
    parts = {name: getattr(shell, name, None) for name in (*_PARTS, "user_ns", "user_module")} if shell else {}
    classes += [type(parts[name]) for name in _PARTS if parts.get(name) is not None]
    modules = {name: module for name in WATCHED if isinstance(module := sys.modules.get(name), ModuleType)}
    return Snapshot(
        modules={name: (module, _public(name, module)) for name, module in modules.items()},
        classes=[(kind, dict(vars(kind))) for kind in classes if kind.__module__.startswith(("IPython.", "melayani."))],
        shell=shell,
        parts=parts,
        own=frozenset(vars(shell)) if shell else frozenset(),
        lists=[list(found) for found in _lists(shell)] if shell else [],
        tools=_tools(),
        threads=frozenset(thread.ident for thread in threading.enumerate()),
    )


def _public(name: str, module: ModuleType) -> Names:
    left_out = _COME_AND_GO.get(name, frozenset())
    # Dunders of builtins count: __import__, __build_class__.
    hidden = ("_",) if name != "builtins" else ("__IPYTHON", "__debug", "__spec")
    return {key: value for key, value in vars(module).items() if not key.startswith(hidden) and key not in left_out}


def _lists(shell: Any) -> list[list[object]]:
    manager = shell.input_transformer_manager
    return [*(getattr(manager, name) for name in _LISTS), shell.input_transformers_post, shell.ast_transformers]


def _tools() -> list[object]:
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    named: Callable[[int], object] = monitoring.get_tool if monitoring else lambda number: None
    return [
        sys.gettrace(),
        sys.getprofile(),
        threading.gettrace(),
        threading.getprofile(),
        *(named(number) for number in range(6)),
    ]


def _is_own(thing: object) -> bool:
    return getattr(thing, "__module__", None) == "__main__"


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = f", dan {len(names) - 5} lainnya" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
