"""The versions of what a grade may depend on."""

from __future__ import annotations

import functools
import platform
from importlib.metadata import PackageNotFoundError, version

#: What outputs and scores can depend on, besides Python itself.
PACKAGES = (
    *("ipykernel", "ipython", "ipywidgets", "matplotlib", "matplotlib-inline", "melayani", "nbclient", "nbconvert"),
    *("nbformat", "nbgrader", "numpy", "pandas"),
)


@functools.cache
def environment() -> dict[str, str]:
    """Return the versions of Python and of the packages on which a grade may depend, of this process."""
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # melayani from a folder on PYTHONPATH
            continue
    return found
