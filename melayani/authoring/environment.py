"""Writes environment.yml and binder/environment.yml from requirements.lock: `python -m melayani.authoring.environment`.

Binder and conda users get what a lesson needs at run time, with the lock's own versions; the tools that only
maintainers need are left out. Hashes can't stand in such a file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYTHON = "3.12"
TARGETS = [Path("environment.yml"), Path("binder/environment.yml")]
PLATFORMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
]

HEADER = f"""\
# Generated from requirements.lock by `make lock`; do not edit. Binder reads the copy in binder/.
name: melayani
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python={PYTHON}
  - pip
  - pip:
"""


def read_lock(text: str) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """Return each package's pins (as they stand, markers included) and the names that asked for it."""
    pins: dict[str, list[str]] = {}
    wanted_by: dict[str, set[str]] = {}
    name = ""
    for line in text.splitlines():
        if match := re.match(r"([a-z0-9-]+)==(.+?) *\\$", line):
            name = match[1]
            pins.setdefault(name, []).append(f"{name}=={match[2]}")
        elif match := re.match(r" +# (?:via +|  +)(\S+)", line):
            wanted_by.setdefault(name, set()).add(match[1])
    return pins, wanted_by


def needed(roots: set[str], wanted_by: dict[str, set[str]]) -> set[str]:
    """Return `roots` and everything that they ask for, directly or not."""
    found = set(roots)
    while new := {name for name, askers in wanted_by.items() if name not in found and askers & found}:
        found |= new
    return found


def holds_somewhere(pin: str) -> bool:
    """Tell whether a pin's marker can be true with PYTHON on one of the platforms."""
    _, _, marker = pin.partition(";")
    versions = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0"}
    return not marker or any(Marker(marker).evaluate(versions | platform) for platform in PLATFORMS)


def render(lock: str, pyproject: str) -> str:
    """Return the text of environment.yml for the texts of requirements.lock and pyproject.toml."""
    pins, wanted_by = read_lock(lock)
    dependencies = tomllib.loads(pyproject)["project"]["dependencies"]
    roots = {str(canonicalize_name(Requirement(line).name)) for line in dependencies}
    chosen = [pin for name in sorted(needed(roots, wanted_by)) for pin in pins[name] if holds_somewhere(pin)]
    return HEADER + "".join(f"      - {pin}\n" for pin in chosen)


def main() -> None:
    """Write both files below the working directory, which is the repository's root."""
    text = render(Path("requirements.lock").read_text("utf-8"), Path("pyproject.toml").read_text("utf-8"))
    for target in TARGETS:
        target.write_text(text, "utf-8")
        print(f"{target}: {text.count('==')} pins")


if __name__ == "__main__":
    main()
