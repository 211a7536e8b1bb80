"""Few and large pages for what is forked: a fork copies an entry for each page, and most pages are never written.

Measured with 180 MB: fork and exit 25 ms of CPU with pages of 4 KiB, 6 ms where most are of 2 MiB. A page that a
forked process writes to is split first, so it still copies no more than 4 KiB.
"""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path

SIZE = 2 << 20
_MADV_COLLAPSE = 25  # Linux 6.1


def collapse() -> None:
    """Gather this process's own memory in huge pages, as far as the kernel can and will."""
    with contextlib.suppress(OSError):  # no Linux
        maps = Path("/proc/self/maps").read_text(encoding="ascii", errors="replace").splitlines()
        madvise = ctypes.CDLL(None).madvise
        for place, rights, _, _, inode, *name in map(str.split, maps):
            if rights == "rw-p" and inode == "0" and name in ([], ["[heap]"]):
                start, end = (int(address, 16) for address in place.split("-"))
                for address in range(-(-start // SIZE) * SIZE, end - SIZE + 1, SIZE):
                    madvise(ctypes.c_void_p(address), ctypes.c_size_t(SIZE), _MADV_COLLAPSE)
