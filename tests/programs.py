"""The wrong programs in tests/galat/, and a way to run them without a kernel, under any Python.

`python tests/programs.py` prints what is said about each, as one line of JSON a program; those that need pandas
are left out where it is not installed.
"""

from __future__ import annotations

import ast
import io
import json
import linecache
import re
import sys
import tempfile
from contextlib import chdir, redirect_stdout
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(__file__).resolve().parent / "galat"
NEXT = "(sel berikutnya)"
_NOTE = re.compile(r"# (galat|pesan): (.*)\n")


@dataclass
class Program:
    """One wrong program: the rule that must speak, its cells, and parts of what must be said."""

    rule: str
    title: str
    cells: list[str]
    error: str = ""
    phrase: str = ""

    @property
    def name(self) -> str:
        """Return a name for tests."""
        return f"{self.rule}: {self.title}"


def programs(path: Path) -> list[Program]:
    """Return the programs of one file; `# %% rule: title` begins one, `# %% (sel berikutnya)` its next cell."""
    found: list[Program] = []
    for part in re.split(r"(?m)^# %% ", path.read_text(encoding="utf-8"))[1:]:
        head, _, body = part.partition("\n")
        if head == NEXT:
            found[-1].cells.append(body.rstrip())
            continue
        rule, _, title = head.partition(": ")
        program = Program(rule, title, [])
        while note := _NOTE.match(body):
            if note[1] == "galat":
                program.error = note[2]
            else:
                program.phrase = note[2]
            body = body[note.end() :]
        program.cells.append(body.rstrip())
        found.append(program)
    return found


def explained() -> list[Program]:
    """Return the programs that must be explained."""
    return [one for path in sorted(PROGRAMS.glob("*.py")) for one in programs(path) if one.error]


def replay(program: Program) -> dict[str, str] | None:
    """Run the cells as IPython would; return the explanation of the error that ends the last one, as a dictionary."""
    from melayani.galat.facts import Cells
    from melayani.galat.rules import explain

    numbers: dict[str, int] = {}
    namespace: dict[str, object] = {"__name__": "__main__"}
    for number, source in enumerate(program.cells, 1):
        name = f"<sel {number} {hash(source)}>"
        numbers[name] = number
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            with redirect_stdout(io.StringIO()):
                for statement in ast.parse(source, name).body:
                    exec(compile(ast.Module([statement], []), name, "exec"), namespace)
        except BaseException as error:
            told = explain(error, Cells(numbers.get, number), source)
            return asdict(told) if told else None
    return None


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for one in explained():
            if "pandas" not in one.cells[0] or find_spec("pandas"):
                print(json.dumps([one.name, replay(one)]))
