"""The folder in which a trainee's process works, as its judge uses it: by descriptor, and never through a link."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_FILES, DEEPEST = 1000, 10  # of what is brought back
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def lay_out(folder: int, files: Mapping[str, bytes]) -> None:
    """Write `files`, {relative path: content}, into the open `folder`, where none of them is. Raises OSError."""
    for name, content in files.items():
        for parent in reversed(PurePosixPath(name).parents[:-1]):
            with contextlib.suppress(FileExistsError):
                os.mkdir(str(parent), dir_fd=folder)
        _write(folder, name, content)


@contextlib.contextmanager
def as_given(folder: int, files: Mapping[str, bytes]) -> Iterator[None]:
    """Let `files` have these contents meanwhile; what stands in their places is moved aside and comes back.

    Raises OSError before anything else if that can't be: then nobody may rely on what is read there.
    """
    with contextlib.ExitStack() as stack:
        for name, content in files.items():
            _put_in_place(stack, folder, PurePosixPath(name), content)
        yield


def walk(folder: int) -> Iterator[tuple[str, bytes]]:
    """Yield the regular files below the open `folder`, with their contents, not too many of each part, not too deep."""
    waiting = [("", 0)]
    while waiting:
        place, depth = waiting.pop()
        try:
            names = os.listdir(folder) if not place else _list(folder, place)
        except OSError:
            continue
        for name in sorted(names)[:MOST_FILES]:
            path = f"{place}{name}"
            try:
                path.encode()
                kind = os.stat(path, dir_fd=folder, follow_symlinks=False).st_mode
                if stat.S_ISDIR(kind) and depth < DEEPEST:
                    waiting.append((f"{path}/", depth + 1))
                elif stat.S_ISREG(kind):
                    with _opened(folder, path) as file:
                        yield path, file.read()
            except (OSError, UnicodeError):
                continue


def _put_in_place(stack: contextlib.ExitStack, folder: int, path: PurePosixPath, content: bytes) -> None:
    for part in path.parts[:-1]:
        folder = _enter(stack, folder, part)
    if _holds(folder, path.name, content):
        return
    _move_aside(stack, folder, path.name)
    stack.callback(_gone, folder, path.name)
    _write(folder, path.name, content)


def _enter(stack: contextlib.ExitStack, folder: int, name: str) -> int:
    """Return the descriptor of the folder `name` in `folder`; a new one stands there if it is not a real folder."""
    try:
        inner = os.open(name, _READ | os.O_DIRECTORY, dir_fd=folder)
    except OSError:
        _move_aside(stack, folder, name)
        stack.callback(_gone, folder, name)
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, _READ | os.O_DIRECTORY, dir_fd=folder)
    stack.callback(os.close, inner)
    return inner


def _holds(folder: int, name: str, content: bytes) -> bool:
    try:
        with _opened(folder, name) as file:
            return stat.S_ISREG(os.fstat(file.fileno()).st_mode) and file.read(len(content) + 1) == content
    except OSError:
        return False


def _move_aside(stack: contextlib.ExitStack, folder: int, name: str) -> None:
    """Give what is called `name` another name until the stack closes."""
    os.fchmod(folder, 0o755)  # the trainee's code may have locked it
    aside = f".{secrets.token_hex(16)}"
    with contextlib.suppress(FileNotFoundError):
        os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=folder)
        stack.callback(_bring_back, folder, aside, name)


def _bring_back(folder: int, aside: str, name: str) -> None:
    with contextlib.suppress(OSError):
        os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)


def _gone(folder: int, name: str) -> None:
    for remove in (os.unlink, os.rmdir):
        with contextlib.suppress(OSError):
            remove(name, dir_fd=folder)


def _opened(folder: int, name: str) -> BinaryIO:
    descriptor = os.open(name, _READ, dir_fd=folder)
    try:
        return os.fdopen(descriptor, "rb")
    except OSError:  # a folder
        os.close(descriptor)
        raise


def _write(folder: int, name: str, content: bytes) -> None:
    with os.fdopen(os.open(name, _WRITE, 0o644, dir_fd=folder), "wb") as file:
        file.write(content)


def _list(folder: int, place: str) -> list[str]:
    descriptor = os.open(place, _READ | os.O_DIRECTORY, dir_fd=folder)
    try:
        return os.listdir(descriptor)  # noqa: PTH208 (a descriptor has no path)
    finally:
        os.close(descriptor)
