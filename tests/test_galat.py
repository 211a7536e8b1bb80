"""*Pembaca galat*: what it says of each wrong program in tests/galat/, where that stands, and where it is silent."""

from __future__ import annotations

import ast
import json
import linecache
import os
import queue
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import browser
import kursus
import nbformat
import programs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from programs import Program

from melayani.authoring import notebooks, profile, prose, spelling, text
from melayani.galat import page
from melayani.galat.facts import BELOW, Cells
from melayani.galat.rules import ANYWHERE, RULES, Explanation, explain, failed_check

ROOT = kursus.REPOSITORY
EXPLAINED = programs.explained()
CHECKS = programs.programs(programs.PROGRAMS / "uji.py")
SILENT = programs.programs(programs.PROGRAMS / "diam.py")
NAME = "Pembaca galat"
MODULES = sorted((ROOT / "melayani" / "galat").glob("*.py"))

each = pytest.mark.parametrize("program", EXPLAINED, ids=lambda program: program.name)
needs_dictionary = pytest.mark.skipif(not spelling.is_installed(), reason="needs the Debian package hunspell-id")


# What is said.


def said_under(python: str) -> dict[str, dict[str, str] | None]:
    """Return {program: explanation} as the interpreter `python` has it."""
    done = subprocess.run([python, programs.__file__], capture_output=True, text=True, timeout=300, check=True)
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def said() -> dict[str, dict[str, str] | None]:
    return said_under(sys.executable)


def other_pythons() -> list[str]:
    """Return the other supported interpreters of this machine, none where there are none."""
    found = []
    for version in ("3.11", "3.12", "3.13"):
        done = subprocess.run(
            [sys.executable, "-m", "uv", "python", "find", "--offline", "--no-project", version],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0 and f"{sys.version_info.major}.{sys.version_info.minor}" != version:
            found.append(done.stdout.strip())
    return found


def whole(told: Explanation) -> str:
    return page.explanation(told)["text/plain"]


@each
def test_a_wrong_program_gets_its_explanation(program: Program, said: dict[str, Any]) -> None:
    told = Explanation(**said[program.name])
    assert told.rule == program.rule
    assert f"{told.kind}, {told.place}".startswith(program.error)
    assert program.phrase in whole(told)


@each
def test_an_explanation_is_short_and_in_bahasa(program: Program, said: dict[str, Any]) -> None:
    told = Explanation(**said[program.name])
    plain = re.sub(r"`[^`]+`", prose.CODE, whole(told))
    assert 15 <= profile.words(plain) <= 45, plain
    pieces = [prose.Piece(program.name, "message", plain, plain, names=frozenset({told.kind}))]
    assert text.wrong_forms(pieces, text.forms()) == []
    assert all(profile.words(sentence) <= profile.LONG_SENTENCE for sentence in profile.sentences(pieces)), plain


@needs_dictionary
@each
def test_no_word_of_an_explanation_is_foreign(program: Program, said: dict[str, Any]) -> None:
    told = Explanation(**said[program.name])
    plain = re.sub(r"`[^`]+`", prose.CODE, whole(told))
    assert spelling.speller().misspelt(plain, frozenset({told.kind})) == []


def test_every_rule_has_a_program_and_there_are_at_least_twenty() -> None:
    calls = (node for path in MODULES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    rules = {
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Told"
        if isinstance(node.args[0], ast.Constant)
    }
    assert rules == {program.rule for program in EXPLAINED}
    assert len(rules) >= 20
    assert len({*dict(RULES), *dict(ANYWHERE)}) + 3 >= 16  # kinds of errors, with the three of syntax


@pytest.mark.slow
def test_other_pythons_say_the_same(said: dict[str, Any]) -> None:
    for python in other_pythons():
        theirs = said_under(python)
        assert len(theirs) > 90
        assert theirs == {name: said[name] for name in theirs}, python


# The form.


class _Page(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.text = ""
        self.attributes: dict[str, str | None] = {}
        self.tags: set[str] = set()
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= dict(attrs) if tag == "div" else {}

    def handle_data(self, data: str) -> None:
        self.text += data


def luminance(colour: str) -> float:
    """Return WCAG's relative luminance of #rrggbb."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("edge", [page.EXPLANATION_EDGE, page.CHECK_EDGE])
@pytest.mark.parametrize("background", ["#ffffff", "#111111"], ids=["light", "dark"])
def test_the_edge_is_seen_on_both_pages(edge: str, background: str) -> None:
    low, high = sorted([luminance(edge), luminance(background)])
    assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize(
    "bundle",
    [
        page.explanation(Explanation("NameError", "baris 1", "nama", "Nama `<b>` & `a` belum ada.", "Baca lagi.")),
        page.failed_check("kartu seharusnya '<b>' & 'a'."),
    ],
    ids=["explanation", "failed-check"],
)
def test_the_box_is_a_labelled_note_in_the_colours_of_the_page(bundle: dict[str, str]) -> None:
    seen = _Page(bundle["text/html"])
    assert seen.attributes["role"] == "note"
    assert seen.attributes["lang"] == "id"
    assert seen.attributes["aria-label"]
    assert "b" not in seen.tags
    assert "<b>" in seen.text
    assert not re.search(r"[^-]color:|background", bundle["text/html"])
    plain = re.sub(r"[`\n]", "", bundle["text/plain"])
    assert seen.text == plain


# Whatever an error holds.


class Hostile:
    """An object that raises whatever is asked of it."""

    def _refuse(self, *_: object) -> Any:
        raise SystemExit("tidak mau")

    __str__ = __repr__ = __eq__ = __hash__ = __len__ = __iter__ = __getattr__ = __getitem__ = _refuse  # type: ignore[assignment]
    __bool__ = __contains__ = __int__ = __index__ = __lt__ = __dir__ = _refuse


class HostileText(str):
    __slots__ = ()
    __str__ = __repr__ = __len__ = __iter__ = lower = strip = splitlines = Hostile._refuse  # type: ignore[assignment]


class HostileMeta(type):
    """Refuses as `hostile_classes` says, only while this file's tests run: libraries look at all errors there are."""


@pytest.fixture(scope="module", autouse=True)
def hostile_classes() -> Iterator[None]:
    names = ("__eq__", "__hash__", "__instancecheck__")
    for name in names:
        setattr(HostileMeta, name, Hostile._refuse)
    yield
    for name in names:
        delattr(HostileMeta, name)


class HostileError(NameError, metaclass=HostileMeta):
    __str__ = __repr__ = Hostile._refuse  # type: ignore[assignment]
    args = name = __traceback__ = property(Hostile._refuse)  # type: ignore[assignment]


KINDS: list[Any] = [
    *dict(RULES), *dict(ANYWHERE), SyntaxError, IndentationError, TabError, OSError, StopIteration, SystemExit,
    HostileError,
]  # fmt: skip
# Made in the test: Hypothesis itself looks into what it draws.
MAKERS = st.one_of(
    st.one_of(st.text(max_size=40), st.integers(), st.none()).map(lambda value: lambda: value),
    st.sampled_from([Hostile, lambda: HostileText("a")]),
)
LINES = [
    "benda + 1", "benda[1]", "benda.isi", "benda()", "int(benda)", "import benda", "from math import benda",
    "f'{benda:d}'", "benda < 1", "assert benda", "a, b = benda", "open(benda)", "1 / benda", "for a in benda: pass",
    "lambda: benda", "benda()()", "'teks' + benda", "len(benda)", "print(benda=1)",
]  # fmt: skip


def traceback_of(line: str, value: object) -> Any:
    """Return the traceback of some error in a cell that holds `line`, whatever the error."""
    name = f"<sel {line}>"
    linecache.cache[name] = (len(line), None, [line], name)

    class Failing:
        __add__ = __radd__ = __getitem__ = __call__ = __int__ = __lt__ = __bool__ = __iter__ = __rtruediv__ = (
            Hostile._refuse
        )
        __format__ = __len__ = __fspath__ = Hostile._refuse  # type: ignore[assignment]

    try:
        exec(compile(line, name, "exec"), {"benda": Failing()})
    except BaseException as error:
        tb = error.__traceback__
        assert tb
        tb = tb.tb_next
        assert tb
        tb.tb_frame.f_globals["benda"] = value
        tb.tb_next = None
        return tb
    return None


@given(
    kind=st.integers(0, len(KINDS) - 1),
    makers=st.lists(MAKERS, max_size=6),
    line=st.sampled_from(LINES),
    maker=MAKERS,
)
def test_no_error_object_breaks_the_reader(kind: int, makers: list[Any], line: str, maker: Any) -> None:
    thing = maker()
    try:
        error: Any = KINDS[kind](*(make() for make in makers))
    except BaseException:
        error = KINDS[kind].__new__(KINDS[kind])
    for attribute in ("name", "obj", "filename", "msg", "lineno", "offset", "text", "encoding"):
        try:
            setattr(error, attribute, thing)
        except BaseException:
            continue
    if KINDS[kind] is not HostileError:
        error.__traceback__ = traceback_of(line, thing)
    cells = Cells(lambda name: 1 if str(name).startswith("<sel") else None, 1)
    told = explain(error, cells, line)
    assert told is None or isinstance(told, Explanation)
    failed = failed_check(error, cells)
    assert failed is None or type(failed) is str


def test_an_explanation_takes_no_noticeable_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for program in EXPLAINED:
        if "pandas" in program.cells[0] or program.rule == "dihentikan":
            continue
        name, source = f"<sel {program.name}>", program.cells[-1]
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            exec(compile(source, name, "exec"), {})
        except BaseException as error:
            start = time.perf_counter()
            explain(error, Cells(lambda file: 1 if file.startswith("<sel") else None, 1), source)
            assert time.perf_counter() - start < 0.2, program.name


# In a kernel.


@dataclass
class Ran:
    """What a cell of a kernel sent: its outputs in order, and the reply."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> list[str]:
        """Return the kind of each output, or the text that the reader shows; a stream once, in however many pieces."""
        told = [output["text/plain"] if reader(output) else output["type"] for output in self.outputs]
        return [kind for place, kind in enumerate(told) if kind != "stream" or told[place - 1 : place] != ["stream"]]


def reader(output: dict[str, Any]) -> bool:
    """Return whether an output is one of ours."""
    return str(output.get("text/plain", "")).startswith((NAME, "Uji ini belum lolos"))


def run(client: BlockingKernelClient, source: str, *, silent: bool = False) -> Ran:
    """Run a cell to its end."""
    request = client.execute(source, silent=silent, allow_stdin=False, stop_on_error=False)
    ran = Ran()
    while True:
        message = client.get_iopub_msg(timeout=60)
        kind, content = message["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") != request:
            continue
        if kind == "status" and content["execution_state"] == "idle":
            break
        if kind in ("error", "stream", "display_data", "execute_result"):
            ran.outputs.append({"type": kind, **content.get("data", content)})
    while True:
        message = client.get_shell_msg(timeout=60)
        if message["parent_header"].get("msg_id") == request:
            ran.reply = message["content"]
            return ran


def ready(client: BlockingKernelClient) -> None:
    """Wait until a kernel that the server started answers on all channels."""
    for _ in range(60):
        client.kernel_info()
        with suppress(queue.Empty):
            client.get_iopub_msg(timeout=1)
            return
    pytest.fail("the kernel does not answer")


@contextmanager
def kernel(folder: Path, *arguments: str) -> Iterator[BlockingKernelClient]:
    """Run a kernel in `folder`."""
    folder.mkdir()
    manager, client = start_new_kernel(cwd=str(folder), extra_arguments=["--log-level=ERROR", *arguments])
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


FORGET = """
import sys as _sys
_sys.setrecursionlimit(3000)
for _name in set(globals()) - _first - {"_first", "_sys", "_name"}:
    del globals()[_name]
"""


def run_all(client: BlockingKernelClient) -> dict[str, list[Ran]]:
    """Run all programs, each with no name left of the one before; return what each of its cells sent."""
    found = {}
    run(client, "_first = set(globals())", silent=True)
    for program in [*EXPLAINED, *CHECKS, *SILENT]:
        found[program.name] = [run(client, cell) for cell in program.cells]
        run(client, FORGET, silent=True)
    return found


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Ran]], dict[str, list[Ran]]]:
    """Return what all programs send from a stock kernel, and from one with the reader."""
    folder = tmp_path_factory.mktemp("kernel")
    with kernel(folder / "biasa") as client:
        stock = run_all(client)
    with kernel(folder / "dengan", "--InteractiveShellApp.extra_extensions=melayani.galat") as client:
        return stock, run_all(client)


def same(value: Any) -> Any:
    """Return outputs without what differs between two kernels: process, folder, times."""
    plain = re.sub(r"/(biasa|dengan)/|ipykernel_\d+", "/", json.dumps(value, sort_keys=True))
    return json.loads(re.sub(r"\bat 0x[0-9a-f]+|[0-9a-f]{8}(-[0-9a-f]{4,12}){4}", "", plain))


@pytest.mark.slow
@each
def test_the_explanation_stands_under_the_traceback(program: Program, kernels: Any) -> None:
    ran = kernels[1][program.name][-1]
    assert ran.outputs[-2]["type"] == "error"
    assert ran.plain()[-1].startswith(f"{NAME}: {program.error}")
    assert program.phrase in ran.plain()[-1]
    assert sum(map(reader, ran.outputs)) == 1
    assert ran.reply["status"] == "error"


@pytest.mark.slow
@pytest.mark.parametrize("program", CHECKS, ids=lambda program: program.name)
def test_the_message_of_a_failed_check_stands_before_the_traceback(program: Program, kernels: Any) -> None:
    ran = kernels[1][program.name][-1]
    assert ran.plain() == [
        f"Uji ini belum lolos\n{program.phrase}\nPerbaiki jawabannya, jalankan selnya, lalu jalankan uji ini lagi.",
        "error",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("program", SILENT, ids=lambda program: program.name)
def test_what_is_not_known_for_certain_gets_no_explanation(program: Program, kernels: Any) -> None:
    ran = kernels[1][program.name][-1]
    assert ran.reply["status"] == "error"
    assert not any(map(reader, ran.outputs))


@pytest.mark.slow
@pytest.mark.parametrize("program", [*EXPLAINED, *CHECKS, *SILENT], ids=lambda program: program.name)
def test_the_traceback_and_all_else_are_those_of_a_stock_kernel(program: Program, kernels: Any) -> None:
    stock, ours = (kernel[program.name] for kernel in kernels)
    assert any(output["type"] == "error" for output in stock[-1].outputs)
    for one, other in zip(stock, ours, strict=True):
        assert same(one.outputs) == same([output for output in other.outputs if not reader(output)])
        assert same(one.reply) == same(other.reply)


@pytest.mark.slow
def test_a_timed_cell_gets_the_same_and_is_told_where_its_lines_count(said: dict[str, Any], tmp_path: Path) -> None:
    with kernel(tmp_path / "kernel", "--InteractiveShellApp.extra_extensions=melayani.galat") as client:
        run(client, "_first = set(globals())", silent=True)
        differ = []
        for program in EXPLAINED:
            told = Explanation(**said[program.name])
            if " dalam sel " in told.place:
                continue
            for cell in program.cells[:-1]:
                run(client, cell)
            timed = run(client, f"%%time\n{program.cells[-1]}").plain()[-1]
            if timed != whole(replace(told, place=f"{told.place}{BELOW}")):
                differ.append(f"{program.name}: {timed}")
            run(client, FORGET, silent=True)
        assert differ == []
        failed = run(client, "%%time\nassert 1 == 2, 'Satu bukan dua.'").plain()
        assert failed[1].startswith("Uji ini belum lolos")  # after the times
        # A function of an earlier timed cell: its line is in no cell that we can read.
        run(client, "%%time\ndef bagi(loket):\n    return 1 / loket\n")
        assert run(client, "%%time\n\n\nbagi(0)").plain() == ["stream", "error"]


@pytest.mark.slow
def test_a_cell_ends_whatever_its_error_is(tmp_path: Path) -> None:
    hostile = "class Galat({base}):\n    def __str__(self):\n        raise {inner}('tidak mau')\nraise Galat()"
    with kernel(tmp_path / "kernel", "--InteractiveShellApp.extra_extensions=melayani.galat") as client:
        for base in ("NameError", "AssertionError", "BaseException"):
            for inner in ("ValueError", "SystemExit", "KeyboardInterrupt"):
                assert run(client, hostile.format(base=base, inner=inner)).reply["status"] == "error"
        # It reads on, both ways.
        assert run(client, "lokett").plain()[-1].startswith(NAME)
        assert run(client, "assert 1 == 2, 'Satu bukan dua.'").plain()[0].startswith("Uji ini belum lolos")
        assert run(client, "1 + 1").plain() == ["execute_result"]


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted((ROOT / "assignments").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_every_check_of_an_untouched_assignment_says_its_message_first(path: Path, tmp_path: Path) -> None:
    failed = 0
    with kernel(tmp_path / "kernel", "--InteractiveShellApp.extra_extensions=melayani.galat") as client:
        for cell in nbformat.read(path, as_version=4).cells:
            ran = run(client, cell.source) if cell.cell_type == "code" else Ran()
            if ran.reply.get("ename") == "AssertionError":
                first, error = ran.outputs
                assert first["text/plain"].split("\n")[1:-1] == error["evalue"].split("\n"), cell.id
                failed += 1
    assert failed >= 2


# Where it is on, and where it is not.


def environment(home: Path) -> dict[str, str]:
    """Return the environment that `make lab` and Binder's start make, with a home of its own."""
    mine = {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_CONFIG_PATH": f"{ROOT / 'config'}{os.pathsep}{ROOT}",
        "MELAYANI_KELAS": str(home / "kelas"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **mine}


@dataclass
class Server:
    """A course's server: its address, the home of its user, and the folder that it shows."""

    address: str
    home: Path
    folder: Path

    def post(self, path: str, body: object = None) -> Any:
        """POST to the server's API; return the answer, None if it is empty."""
        parts = urlsplit(self.address)
        token = parts.query.removeprefix("token=")
        request = urllib.request.Request(
            f"{parts.scheme}://{parts.netloc}/{path}",
            data=json.dumps(body or {}).encode(),
            headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    @contextmanager
    def kernel(self) -> Iterator[tuple[str, BlockingKernelClient]]:
        """Start a kernel as a notebook does; yield its id and a client of it."""
        session = self.post(
            "api/sessions",
            {"path": "pelajaran.ipynb", "name": "", "type": "notebook", "kernel": {"name": "python3"}},
        )
        client = BlockingKernelClient(
            connection_file=str(self.home / "runtime" / f"kernel-{session['kernel']['id']}.json")
        )
        client.load_connection_file()
        client.start_channels(hb=False)
        try:
            ready(client)
            yield session["kernel"]["id"], client
        finally:
            client.stop_channels()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("peserta")
    folder = kursus.make_course(tmp_path_factory.mktemp("server"))
    for name in ("runtime", "kelas", ".ipython/profile_default"):
        (home / name).mkdir(parents=True)
    profile = home / ".ipython" / "profile_default" / "ipython_config.py"
    profile.write_text("c.InteractiveShellApp.extensions = ['autoreload']\n", encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"]
    with browser.jupyterlab([*command, "--ServerApp.port=0"], folder, environment(home)) as address:
        yield Server(address, home, folder)


@pytest.mark.slow
def test_it_is_on_in_the_kernels_of_the_course_and_after_a_restart(server: Server) -> None:
    with server.kernel() as (identity, client):
        assert run(client, "lokett").plain()[-1].startswith(NAME)
        # What the user's own profile loads is loaded too.
        loaded = run(client, "get_ipython().extension_manager.loaded").outputs[0]["text/plain"]
        assert "autoreload" in loaded and "melayani.galat" in loaded
        server.post(f"api/kernels/{identity}/restart")
        ready(client)
        assert run(client, "lokett").plain()[-1].startswith(NAME)


WRONG = "def giliran(orang, menit):\n    return orang * menitt"


@pytest.mark.slow
def test_validate_of_that_server_runs_without_it(server: Server) -> None:
    path = server.folder / "assignments" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "giliran").source = WRONG
    nbformat.write(notebook, path)
    answer = server.post(f"assignments/validate?path={path.relative_to(server.folder)}")
    assert "menitt" in json.dumps(answer)
    assert NAME not in json.dumps(answer)


@pytest.mark.slow
def test_autograde_runs_without_it(tmp_path: Path) -> None:
    root = kursus.make_course(tmp_path)
    kursus.hand_in(root, "aminah", {"giliran": WRONG})
    command = [sys.executable, "-m", "nbgrader", "autograde", kursus.ASSIGNMENT]
    mine = {"JUPYTER_CONFIG_PATH": f"{ROOT / 'config'}{os.pathsep}{root}", "MELAYANI_KELAS": str(root / "kelas")}
    subprocess.run(command, cwd=root, env=environment(tmp_path) | mine, capture_output=True, check=True)
    graded = root / "kelas" / "autograded" / "aminah" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.ipynb"
    assert "menitt" in graded.read_text(encoding="utf-8")
    assert NAME not in graded.read_text(encoding="utf-8")


@pytest.mark.slow
def test_make_notebooks_and_nbval_run_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = environment(tmp_path)
    for name, value in mine.items():
        monkeypatch.setenv(name, value)
    cells = [new_markdown_cell("# PELAJARAN", id="judul"), new_code_cell("lokett", id="galat")]
    cells[1].metadata["tags"] = ["raises-exception"]
    path = tmp_path / "pelajaran.ipynb"
    notebook = notebooks.normalise(notebooks.execute(new_notebook(cells=cells), path), [])
    assert [output.output_type for output in notebook.cells[1].outputs] == ["error"]
    path.write_text(notebooks.dumps(notebook), encoding="utf-8")
    for name in ("conftest.py", "pyproject.toml", "tests/nbval-sanitize.cfg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    plain = ["-p", "no:hypothesispytest", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbval", *plain, path.name],
        cwd=tmp_path, env=mine, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
