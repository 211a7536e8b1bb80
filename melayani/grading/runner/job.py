"""What a runner is given and what it gives back, as plain data: bytes in, bytes out."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from melayani.grading.plain_files import line

Message = dict[str, Any]  # {"msg_type": …, "content": …} as a kernel sends it on iopub

# How a cell ended.
OK, ERROR, TIMEOUT, DIED = "ok", "error", "timeout", "died"
# Where a cell runs: in the trainee's process; there as an unchanged cell of the assignment, whose functions and
# modules tests then take from the assignment itself; as a test, in a process of its own that trainees' code never
# reaches; or as a test in the trainee's process, because it needs objects that can't cross as plain data.
ANSWER, GIVEN, TEST, TEST_INSIDE = "answer", "given", "test", "test-inside"
# All that a zygote learns of a notebook: whether its cells name pandas.
NOTEBOOK, PANDAS_NOTEBOOK = b"n", b"p"


@dataclass(frozen=True)
class Limits:
    """What one notebook may use. Sizes in bytes, times in seconds; `cell_seconds` is for each cell."""

    cell_seconds: float = 30
    seconds: float = 1200  # for all cells together, or for ten such cells if that is more
    grace_seconds: float = 2  # between an interrupt and the kill
    cpu_seconds: int = 300
    memory: int = 2 << 30  # of address space beyond that of the warm Python, for each process
    processes: int = 64
    open_files: int = 256
    file_size: int = 16 << 20
    disk: int = 64 << 20  # all files together
    cell_output: int = 4 << 20  # what one cell may show; the rest is cut, with a note
    output: int = 16 << 20  # what all cells together may show


@dataclass(frozen=True)
class Cell:
    """One code cell to run; `name` is its grade_id, if any."""

    source: str
    where: str = ANSWER
    name: str = ""


@dataclass(frozen=True)
class Job:
    """The code cells of a notebook in order, the files beside it, and its limits.

    `files` maps paths relative to the notebook's folder to contents. `classes` are the names of classes that the
    source notebook itself defines: only objects of those may take part in comparisons and arithmetic of tests, and
    only by the `operators` that its classes have.
    `asked` are the names that its answers give a value: tests take those from the trainee even where Python or a
    GIVEN cell has the same name. `rewritten` are the files that its answers change: tests read those as the trainee
    left them, and all others as they were given.
    """

    cells: tuple[Cell, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    limits: Limits = Limits()
    classes: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the job as JSON."""
        return _to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the job that `to_bytes` wrote."""
        fields = json.loads(data)
        fields["cells"] = tuple(Cell(**cell) for cell in fields["cells"])
        fields["files"] = _decoded(fields["files"])
        fields["limits"] = Limits(**fields["limits"])
        for name in ("classes", "operators", "asked", "rewritten"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


@dataclass(frozen=True)
class Ran:
    """What became of one cell: its messages in order, how it ended, the number it had as In[number]."""

    messages: list[Message]
    ended: str
    number: int | None


@dataclass(frozen=True)
class Report:
    """Something an instructor should know: which cell (index in the job), a kind, and a sentence in Bahasa."""

    cell: int | None
    kind: str
    text: str

    def __post_init__(self) -> None:
        """Keep the sentence on one line: names that a trainee's code made up may stand in it."""
        object.__setattr__(self, "text", line(self.text))


@dataclass(frozen=True)
class Result:
    """What became of a job: each cell, the files that are new or changed, and what should be told."""

    cells: list[Ran]
    files: dict[str, bytes] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    sandboxed: bool = True

    def to_bytes(self) -> bytes:
        """Return the result as JSON."""
        return _to_bytes(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the result that `to_bytes` wrote."""
        fields = json.loads(data)
        fields["cells"] = [Ran(**cell) for cell in fields["cells"]]
        fields["files"] = _decoded(fields["files"])
        fields["reports"] = [Report(**report) for report in fields["reports"]]
        return cls(**fields)


def _to_bytes(record: Job | Result) -> bytes:
    files = {name: base64.b64encode(content).decode() for name, content in record.files.items()}
    return json.dumps({**asdict(record), "files": files}).encode()


def _decoded(files: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in files.items()}
