"""Executes and normalises notebooks, so that the same lesson always has the same bytes (`make notebooks`)."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from melayani.course import find_root

COMMAND = "make notebooks"
SANITIZE_FILE = Path("tests") / "nbval-sanitize.cfg"
CELL_TIMEOUT = 60

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}
CELL_KEYS = {"nbgrader", "tags", "jupyter", "melayani"}
# Written into a release by nbgrader; in a source they would only go stale.
RELEASE_ONLY = {"checksum", "cell_type"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

WORD_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MACHINE_ID = re.compile(r"(?=[a-z]*\d)[0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
MACHINE_PATH = re.compile(r"/home/|/Users/|/root/|/tmp/|[A-Za-z]:\\Users\\|site-packages|File [~/]")
DATA_URI = re.compile(r"data:[a-z/+-]+;base64,[A-Za-z0-9+/=]+")


class NotebookError(Exception):
    """A notebook that can't be executed or normalised; the text names the notebook and the cell."""


def sanitize_patterns(root: Path) -> list[tuple[str, str]]:
    """Return nbval's (regex, replacement) pairs of `root`/tests/nbval-sanitize.cfg, in order; none: []."""
    file = root / SANITIZE_FILE
    if not file.is_file():
        return []
    # nbval's own way of reading the file, so that both mean the same.
    return re.findall("^regex: (.*)$\n^replace: (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)


def raw_problems(text: str) -> list[str]:
    """Return what nbformat would hide by repairing it while it reads: no JSON, missing and doubled cell ids."""
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError) as error:
        return [f"not a notebook of format 4: {error}"]
    problems = []
    seen: set[str] = set()
    for number, cell in enumerate(cells, 1):
        cell_id = cell.get("id")
        if cell_id is None:
            problems.append(f"cell {number} has no id")
        elif cell_id in seen:
            problems.append(f"the id {cell_id!r} of cell {number} stands there twice")
        else:
            seen.add(cell_id)
    return problems


def problems(nb: NotebookNode) -> list[str]:
    """Return what an author must mend by hand in an executed notebook: ids, counts, errors, warnings, paths."""
    found = []
    count = 0
    for number, cell in enumerate(nb.cells, 1):
        where = f"cell {number} ({cell.id})"
        if not is_word_id(cell.id):
            found.append(f"{where}: the id is not made of words [a-z0-9-]")
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id not in (None, cell.id):
            found.append(f"{where}: the id differs from the grade_id {grade_id!r}")
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        count += 1
        if cell.execution_count != count:
            found.append(f"{where}: execution count {cell.execution_count}, not {count}: not run in order")
        found += [f"{where}: {problem}" for problem in output_problems(cell)]
    return found


def output_problems(cell: NotebookNode) -> list[str]:
    """Return what is wrong with the outputs of one executed code cell."""
    found = []
    expected = "raises-exception" in cell.metadata.get("tags", [])
    raised = any(output.output_type == "error" for output in cell.outputs)
    if expected and not raised:
        found.append("tagged raises-exception, but it raises nothing")
    if raised and not expected:
        found.append("it raises an error, but is not tagged raises-exception")
    for output in cell.outputs:
        if output.get("name") == "stderr":
            found.append(f"it writes to stderr: {output.text.strip()[:120]}")
        for text in _texts(output):
            if match := MACHINE_PATH.search(text):
                line = text[match.start() :].splitlines()[0]
                found.append(f"a path of this machine stands in the output: {line[:80]}")
    return found


def is_word_id(cell_id: str) -> bool:
    """Return whether a cell id was given by a person: words of a-z and digits, joined by hyphens."""
    return bool(WORD_ID.fullmatch(cell_id)) and not MACHINE_ID.fullmatch(cell_id) and len(cell_id) <= 64


def normalise(nb: NotebookNode, patterns: list[tuple[str, str]]) -> NotebookNode:
    """Return `nb`, changed in place to its normal form; what the code means and shows stays as it is."""
    nb.nbformat, nb.nbformat_minor = 4, 5
    nb.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE})
    _name_cells(nb)
    count = 0
    for cell in nb.cells:
        cell.source = cell.source.rstrip()
        cell.metadata = nbformat.from_dict(_cell_metadata(cell.metadata))
        if cell.cell_type != "code":
            continue
        if cell.execution_count is not None:
            count += 1
            cell.execution_count = count
        cell.outputs = [_output(output, count, patterns) for output in _join_streams(cell.outputs)]
    return nb


def _name_cells(nb: NotebookNode) -> None:
    """Give cells that JupyterLab or nbformat named by chance the words they begin with."""
    taken = {cell.id for cell in nb.cells if is_word_id(cell.id)}
    for cell in nb.cells:
        wanted = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id
        if not is_word_id(wanted):
            words = re.findall(r"[a-z0-9]+", re.sub(r"<[^>]*>", " ", cell.source).lower())
            stem = "-".join(words[:4])[:50].strip("-") or "sel"
            stem = stem if is_word_id(stem) else f"sel-{stem}"
            wanted, number = stem, 2
            while wanted in taken:
                wanted, number = f"{stem}-{number}", number + 1
        cell.id = wanted
        taken.add(wanted)


def _cell_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key in CELL_KEYS}
    if kept.get("jupyter", {}).get("source_hidden") is True:
        kept["jupyter"] = {"source_hidden": True}
    else:
        kept.pop("jupyter", None)
    if not kept.get("tags"):
        kept.pop("tags", None)
    if "nbgrader" in kept:
        kept["nbgrader"] = {k: v for k, v in kept["nbgrader"].items() if k not in RELEASE_ONLY}
    return kept


def _join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join all texts of one stream: how they were cut, and how two streams were mixed, is chance."""
    joined: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type == "stream" and output.name in streams:
            streams[output.name].text += output.text
            continue
        if output.output_type == "stream":
            streams[output.name] = output
        joined.append(output)
    return joined


def _output(output: NotebookNode, count: int, patterns: list[tuple[str, str]]) -> NotebookNode:
    def clean(value: Any) -> Any:
        if isinstance(value, str):
            for regex, replacement in patterns:
                value = re.sub(regex, replacement, value)
        return value

    if output.output_type == "stream":
        output.text = clean(output.text)
    elif output.output_type == "error":
        output.evalue = clean(output.evalue)
        output.traceback = [clean(line) for line in output.traceback]
    else:
        output.data = nbformat.from_dict(
            {mime: clean(value) for mime, value in output.data.items() if mime != WIDGET_VIEW}
        )
        output.metadata = nbformat.from_dict(
            {key: value for key, value in output.metadata.items() if key in output.data}
        )
        if output.output_type == "execute_result":
            output.execution_count = count
    output.pop("transient", None)
    return output


def _texts(output: NotebookNode) -> Iterator[str]:
    if output.output_type == "stream":
        yield output.text
    elif output.output_type == "error":
        yield from (re.sub(r"\x1b\[[0-9;]*m", "", line) for line in output.traceback)
    else:
        yield from (DATA_URI.sub("", text) for mime, text in output.data.items() if mime.startswith("text/"))


def dumps(nb: NotebookNode) -> str:
    """Return the notebook as the text that is stored: indent 1, sorted keys, UTF-8 as it is, one newline."""
    return cast(str, nbformat.writes(nb, version=nbformat.NO_CONVERT)).rstrip("\n") + "\n"


def read(path: Path) -> NotebookNode:
    """Return the notebook at `path`. Raises NotebookError for doubled ids and for what is no notebook."""
    text = path.read_text(encoding="utf-8")
    raw = [problem for problem in raw_problems(text) if "has no id" not in problem]
    if raw:
        raise NotebookError(f"{path}: {'; '.join(raw)}")
    data = json.loads(text)
    # nbformat names cells without an id by chance; an empty place is named by _name_cells instead.
    for number, cell in enumerate(data["cells"]):
        cell.setdefault("id", f"{number:08d}")
    data["nbformat_minor"] = 5
    try:
        return cast(NotebookNode, nbformat.reads(json.dumps(data), as_version=4))
    except Exception as error:
        raise NotebookError(f"{path}: not a notebook of format 4: {error}") from error


@contextlib.contextmanager
def kernel_environment() -> Iterator[None]:
    """Give kernels what makes outputs repeatable: hash seed, inline figures, nobody's IPython profile, this package."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as profile:
        os.environ.update(PYTHONHASHSEED="0", IPYTHONDIR=profile, PYDEVD_DISABLE_FILE_VALIDATION="1")
        # Lessons import melayani.belajar from this repository, installed or not.
        paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        os.environ.pop("MPLBACKEND", None)
        os.environ.pop("PYTHONWARNINGS", None)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def execute(nb: NotebookNode, path: Path) -> NotebookNode:
    """Return `nb`, run from top to bottom in the folder of `path`, with its outputs.

    Raises NotebookError naming notebook and cell when a cell fails, hangs, or does not raise what it announces.
    """
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        nb,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.resolve().parent)}},
        record_timing=False,
        extra_arguments=["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"],
        shutdown_kernel="immediate",
    )
    try:
        with kernel_environment():
            client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        reason = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
        raise NotebookError(f"{path}: {_last_run(nb)}: {reason}") from error
    return nb


def _last_run(nb: NotebookNode) -> str:
    run = [(n, cell) for n, cell in enumerate(nb.cells, 1) if cell.get("execution_count") or cell.get("outputs")]
    if not run:
        return "cell 1"
    number, cell = run[-1]
    return f"cell {number} ({cell.id})"


def renew(path: Path) -> bool:
    """Execute and normalise the notebook at `path`; return whether its bytes changed.

    Raises NotebookError, and leaves the file as it was, when it does not run as it says or can't be normalised.
    """
    patterns = sanitize_patterns(find_root(path.parent))
    before = path.read_bytes()
    nb = execute(normalise(read(path), patterns), path)
    nb = normalise(nb, patterns)
    found = problems(nb)
    if found:
        raise NotebookError("\n".join(f"{path}: {problem}" for problem in found))
    after = dumps(nb).encode("utf-8")
    if after != before:
        path.write_bytes(after)
    return after != before


def check(path: Path) -> list[str]:
    """Return, without running it, why the notebook at `path` is not as `make notebooks` leaves it; [] when it is."""
    text = path.read_bytes().decode("utf-8")
    found = raw_problems(text)
    if found:
        return found
    nb = normalise(read(path), sanitize_patterns(find_root(path.parent)))
    found = problems(nb)
    if not found and dumps(nb) != text:
        found = ["not in normal form"]
    return found


def committed(root: Path) -> list[Path]:
    """Return all notebooks that authors write: lessons and assignment sources, in order."""
    folders = [root / "course", root / "solutions"]
    return sorted(
        path for folder in folders for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
    )


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return 0 when every notebook is (now) as it should be, else 1."""
    parser = argparse.ArgumentParser(prog="python -m melayani.authoring.notebooks", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only list notebooks that are not in normal form")
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks or folders (default: all of the course)")
    arguments = parser.parse_args(argv)
    paths = [
        notebook
        for path in arguments.paths or committed(find_root())
        for notebook in (sorted(path.rglob("*.ipynb")) if path.is_dir() else [path])
        if ".ipynb_checkpoints" not in notebook.parts
    ]
    failed = False
    for path in paths:
        if arguments.check:
            for problem in check(path):
                failed = True
                print(f"{path}: {problem}. Run `{COMMAND}`.", file=sys.stderr)
            continue
        try:
            print(f"{path}: {'renewed' if renew(path) else 'unchanged'}", flush=True)
        except NotebookError as error:
            failed = True
            print(error, file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
