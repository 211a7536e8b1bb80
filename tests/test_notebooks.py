"""Lessons and assignment sources as files: normal form, questions, pictures."""

from __future__ import annotations

import base64
import functools
import html
import json
import os
import re
import shutil
import struct
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import browser
import kursus
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from melayani.authoring import notebooks

ROOT = Path(__file__).resolve().parent.parent
PATHS = notebooks.committed(ROOT)
IDS = [str(path.relative_to(ROOT)) for path in PATHS]
LESSONS = [path for path in PATHS if path.is_relative_to(ROOT / "course")]
QUESTIONS = {"tebak", "ingat", "cek"}

MOST_BYTES = 100_000  # a picture; three dozen of them still open on a phone's hotspot
WIDEST = 1000  # pixels of a figure beside the file browser on a 1366-pixel laptop

each_notebook = pytest.mark.parametrize("path", PATHS, ids=IDS)


@functools.cache
def read(path: Path) -> NotebookNode:
    return notebooks.read(path)


def markdown(path: Path) -> Iterator[tuple[str, str]]:
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            yield cell.id, cell.source


# Normal form.


@each_notebook
def test_it_is_normalised(path: Path) -> None:
    found = notebooks.check(path)
    assert not found, f"{path.relative_to(ROOT)}: {'; '.join(found)}. Run `make notebooks`."


@each_notebook
def test_normalising_twice_changes_nothing(path: Path) -> None:
    patterns = notebooks.sanitize_patterns(ROOT)
    once = notebooks.dumps(notebooks.normalise(notebooks.read(path), patterns))
    twice = notebooks.dumps(notebooks.normalise(nbformat.reads(once, as_version=4), patterns))
    assert twice == once


def example() -> dict[str, Any]:
    return json.loads(notebooks.dumps(read(PATHS[0])))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda nb: nb["metadata"].update(widgets={}, language_info={"name": "python", "version": "3.11.7"}),
        lambda nb: nb["metadata"]["kernelspec"].update(display_name="Python 3"),
        lambda nb: nb["cells"][0]["metadata"].update(editable=True, slideshow={"slide_type": ""}),
        lambda nb: nb["cells"][0].update(id="0a1b2c3d"),
        lambda nb: nb["cells"][1].update(id=nb["cells"][0]["id"]),
        lambda nb: nb["cells"][0]["source"].append("\n"),
        lambda nb: next(c for c in nb["cells"] if c["cell_type"] == "code").update(execution_count=7),
    ],
    ids=["language", "kernel", "editor-state", "machine-id", "doubled-id", "trailing-newline", "count"],
)
def test_an_unnormalised_notebook_is_refused(spoil: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / notebooks.SANITIZE_FILE, tmp_path / "tests")
    nb = example()
    spoil(nb)
    path = tmp_path / "pelajaran.ipynb"
    path.write_text(json.dumps(nb, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert notebooks.main(["--check", str(path)]) == 1
    assert "Run `make notebooks`." in capsys.readouterr().err


# Questions.


def questions() -> list[Any]:
    return [
        pytest.param(path, number, id=f"{path.parent.name}/{path.stem}:{cell.id}")
        for path in PATHS
        for number, cell in enumerate(read(path).cells)
        if "pertanyaan" in cell.metadata.get("melayani", {})
    ]


def choices(source: str) -> dict[str, tuple[str, str]]:
    """Return {letter: (choice, explanation)} of the <details> blocks of a question."""
    found = re.findall(r"(?s)<details><summary>([A-Z])\. (.*?)</summary>\n\n(.*?)\n\n</details>", source)
    return {letter: (html.unescape(re.sub(r"<[^>]*>|`", "", text)), why.strip()) for letter, text, why in found}


@pytest.mark.parametrize(("path", "number"), questions())
def test_a_question_explains_each_choice_and_has_one_right_one(path: Path, number: int) -> None:
    cell = read(path).cells[number]
    about = cell.metadata.melayani
    assert about.pertanyaan in QUESTIONS
    given = choices(cell.source)
    assert len(given) >= 2
    assert len(given) == cell.source.count("<details>") == cell.source.count("</details>")
    assert list(given) == [chr(ord("A") + n) for n in range(len(given))]
    assert about.tepat in given
    says_right = [letter for letter, (_, why) in given.items() if re.match(r"(Tepat|Benar|Ya)\b", why)]
    assert says_right == [about.tepat]


@pytest.mark.parametrize(("path", "number"), questions())
def test_a_prediction_comes_true(path: Path, number: int) -> None:
    cells = read(path).cells
    about = cells[number].metadata.melayani
    if about.pertanyaan != "tebak":
        return
    shown = cells[number + 1]
    assert shown.cell_type == "code", "a Tebak dulu stands directly before the cell it speaks of"
    assert about.hasil in outcomes(shown), f"the cell shows {outcomes(shown)}"
    choice = choices(cells[number].source)[about.tepat][0]
    wanted = [line.strip() for line in about.hasil.splitlines()]
    assert all(line in choice for line in wanted), f"the right choice says {choice!r}"


def outcomes(cell: NotebookNode) -> list[str]:
    """Return what a reader may call the outcome of a cell: its value, its printed text, its kind of error."""
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            texts.append(output.text.strip())
        elif output.output_type == "error":
            texts += [output.ename, f"{output.ename}: {output.evalue}"]
        else:
            texts.append(output.data.get("text/plain", "").strip())
    return texts


# Pictures, which nbval does not compare.


class Images(HTMLParser):
    """Collects the attributes of all <img>."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs))


def html_images(path: Path) -> Iterator[tuple[str, dict[str, str | None]]]:
    for cell in read(path).cells:
        texts = [cell.source] if cell.cell_type == "markdown" else []
        texts += [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", [])]
        for text in texts:
            for image in Images(text).found:
                yield cell.id, image


@each_notebook
def test_every_picture_has_an_alternative_text(path: Path) -> None:
    silent = [cell_id for cell_id, image in html_images(path) if len((image.get("alt") or "").split()) < 3]
    for cell_id, source in markdown(path):
        silent += [cell_id for alt in re.findall(r"!\[([^]]*)\]\(", source) if len(alt.split()) < 3]
    assert not silent


@each_notebook
def test_a_drawn_figure_is_described_in_the_text_below(path: Path) -> None:
    cells = read(path).cells
    for number, cell in enumerate(cells):
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
            below = cells[number + 1] if number + 1 < len(cells) else None
            assert below is not None and below.cell_type == "markdown", f"{cell.id}: no sentence below the figure"
            assert len(below.source.split()) >= 8, f"{cell.id}: no description below the figure"


@each_notebook
def test_pictures_are_small_in_bytes_and_fit_the_page(path: Path) -> None:
    for cell_id, image in html_images(path):
        match = re.match(r"data:image/([a-z+]+);base64,(.*)", image.get("src") or "", flags=re.DOTALL)
        if match:
            assert_fits(match[1], base64.b64decode(match[2]), cell_id)
    for cell in read(path).cells:
        for output in cell.get("outputs", []):
            if png := output.get("data", {}).get("image/png"):
                assert_fits("png", base64.b64decode(png), cell.id)


def assert_fits(kind: str, data: bytes, cell_id: str) -> None:
    assert len(data) <= MOST_BYTES, f"{cell_id}: {len(data)} bytes"
    if kind == "png":
        width, height = struct.unpack(">II", data[16:24])
    else:
        head = data[:2000].decode("utf-8", "replace")
        sizes = re.search(r'<svg[^>]*?height="([\d.]+)(?:pt|px)?"[^>]*?width="([\d.]+)(pt|px)?"', head, re.DOTALL)
        if not sizes:
            sizes = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
            assert sizes, f"{cell_id}: an SVG without a size"
            width, height = float(sizes[1]), float(sizes[2])
        else:
            height, width = float(sizes[1]), float(sizes[2])
            if sizes[3] == "pt":
                height, width = height * 4 / 3, width * 4 / 3
    assert 20 <= height <= WIDEST and 60 <= width <= WIDEST, f"{cell_id}: {width} × {height} pixels"


# Run before a lesson: notes what is wrong with every figure that is drawn.
WATCH_FIGURES = """
import matplotlib.backend_bases as _bases
from matplotlib import rcParams as _rc
_print_figure, _faults = _bases.FigureCanvasBase.print_figure, []
def _watch(canvas, *args, **kwargs):
    result = _print_figure(canvas, *args, **kwargs)
    figure = canvas.figure
    figure.draw_without_rendering()  # places of texts, at the figure's own resolution again
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            ticks = [tick.get_text() for tick in axis.get_ticklabels()]
            # Names of things along an axis speak for themselves; numbers need a label with the unit.
            numbers = any(text and not any(letter.isalpha() for letter in text) for text in ticks)
            if ax.axison and axis.get_visible() and numbers:
                if not axis.get_label_text().strip():
                    _faults.append(f"the {axis.axis_name} axis has no label: {ticks}")
        if (kwargs.get("bbox_inches") or _rc["savefig.bbox"]) != "tight":
            for text in [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts]:
                box = text.get_window_extent()
                if text.get_text().strip() and text.get_visible() and not (
                    figure.bbox.x0 - 1 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
                    and figure.bbox.y0 - 1 <= box.y0 and box.y1 <= figure.bbox.y1 + 1
                ):
                    _faults.append(f"{text.get_text()!r} is cut off")
    return result
_bases.FigureCanvasBase.print_figure = _watch
"""


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_axes_are_labelled_and_nothing_is_cut_off(path: Path) -> None:
    nb = notebooks.read(path)
    if not any("matplotlib" in cell.source or "gambar(" in cell.source for cell in nb.cells):
        return
    report = "import json; print(json.dumps(_faults))"
    nb.cells = [new_code_cell(WATCH_FIGURES), *nb.cells, new_code_cell(report)]
    with notebooks.kernel_environment():
        NotebookClient(
            nb,
            timeout=60,
            extra_arguments=["--log-level=ERROR", "--HistoryManager.hist_file=:memory:"],
            resources={"metadata": {"path": str(path.parent)}},
            shutdown_kernel="immediate",
        ).execute()
    assert json.loads(nb.cells[-1].outputs[0].text) == []


# The round trip through JupyterLab.


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Start JupyterLab on a copy of the course; yield its address and the copy."""
    root = tmp_path_factory.mktemp("lab") / "kursus"
    root.mkdir()
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "config").mkdir()
    options = ["--no-browser", "--allow-root", "--ServerApp.port=0", "--LabApp.expose_app_in_browser=True"]
    with notebooks.kernel_environment():
        environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(root / "config")}
        environment["JUPYTER_RUNTIME_DIR"] = str(root / "config")
        environment.pop("JUPYTER_CONFIG_PATH", None)
        with browser.jupyterlab([sys.executable, "-m", "jupyterlab", *options], root, environment) as address:
            yield address, root


RUN_AND_SAVE = """async path => {
    const app = window.jupyterapp;
    await app.restored;
    const widget = await app.commands.execute('docmanager:open', {path, factory: 'Notebook'});
    await widget.context.ready;
    const session = widget.context.sessionContext;
    await session.ready;
    const until = Date.now() + 90000;
    while (!(session.session?.kernel?.connectionStatus === 'connected'
             && session.session?.kernel?.status === 'idle')) {
        if (Date.now() > until) throw new Error('no kernel');
        await new Promise(done => setTimeout(done, 200));
    }
    app.shell.activateById(widget.id);
    await app.commands.execute('notebook:run-all-cells');
    // The command returns at the first announced error, while the cells after it still run.
    const waiting = cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().trim()
        && (cell.model.executionCount === null || cell.model.executionState !== 'idle');
    while (widget.content.widgets.some(waiting)) {
        if (Date.now() > until + 60000) throw new Error('not all cells ran');
        await new Promise(done => setTimeout(done, 200));
    }
    await widget.context.save();
    await session.shutdown();
    widget.dispose();
}"""


def comparable(content: bytes) -> bytes | NotebookNode:
    """Return a stored notebook as it is; without tracebacks where this Python colours them otherwise."""
    if sys.version_info[:2] == (3, 11):
        return content
    return kursus.without_tracebacks(nbformat.reads(content, 4))


@pytest.mark.slow
def test_a_notebook_saved_by_jupyterlab_comes_back_to_the_same_bytes(lab: tuple[str, Path]) -> None:
    address, root = lab
    patterns = notebooks.sanitize_patterns(ROOT)
    before = {name: (root / name).read_bytes() for name in IDS}
    changed = []
    with browser.opened(address) as (page, _):
        for name in IDS:
            page.evaluate(RUN_AND_SAVE, name)
            saved = root / name
            assert saved.read_bytes() != before[name], f"{name} was not saved"
            now = notebooks.dumps(notebooks.normalise(notebooks.read(saved), patterns)).encode()
            if comparable(now) != comparable(before[name]):
                changed.append(name)
    assert not changed
