"""Length-prefixed JSON over a socket: how the runner's processes talk."""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from typing import Any

_LENGTH = struct.Struct("!Q")
LARGEST = 256 << 20  # bytes of one frame
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class WireError(Exception):
    """The other end is gone, or what it says is no frame."""


class LateError(Exception):
    """The other end said nothing before the deadline; what it says later can still be received."""


class Wire:
    """One end of a socket on which frames go both ways."""

    def __init__(self, end: socket.socket) -> None:
        """Use `end`; it stays the caller's to close."""
        self._socket = end
        self._waiting = bytearray()

    def send(self, message: object, deadline: float | None = None) -> None:
        """Send one message. Raises WireError, LateError when it is not taken before `deadline` (monotonic)."""
        self.send_bytes(_encode(message).encode("utf-8", "surrogatepass"), deadline)

    def send_bytes(self, data: bytes, deadline: float | None = None) -> None:
        """Send `data` as one frame. Raises as `send`; after a LateError the wire is of no more use."""
        try:
            self._socket.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
            self._socket.sendall(_LENGTH.pack(len(data)) + data)
        except TimeoutError:
            raise LateError from None
        except OSError as error:
            raise WireError(str(error)) from None
        finally:
            self._socket.settimeout(None)

    def receive(self, deadline: float | None = None, largest: int = LARGEST) -> Any:
        """Return the next message. Raises WireError, or LateError at `deadline` (monotonic)."""
        try:
            return _decode(self.receive_bytes(deadline, largest).decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError, MemoryError) as error:
            raise WireError(f"no JSON: {error}") from None

    def receive_bytes(self, deadline: float | None = None, largest: int = LARGEST) -> bytes:
        """Return the next frame. Raises as `receive`, and WireError for one of more than `largest` bytes."""
        self._fill(_LENGTH.size, deadline)
        (length,) = _LENGTH.unpack_from(self._waiting)
        if length > largest:
            raise WireError(f"a frame of {length} bytes")
        end = _LENGTH.size + length
        self._fill(end, deadline)
        frame = bytes(self._waiting[_LENGTH.size : end])
        del self._waiting[:end]
        return frame

    def _fill(self, size: int, deadline: float | None) -> None:
        while len(self._waiting) < size:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                    raise LateError
            try:
                part = self._socket.recv(min(1 << 20, max(1 << 16, size - len(self._waiting))))
            except OSError as error:
                raise WireError(str(error)) from None
            if not part:
                raise WireError("the other end is closed")
            self._waiting += part
