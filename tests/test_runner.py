"""The runner: each job alone, tests out of reach, ends that cost nobody else anything, and nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient import NotebookClient

from melayani.grading.runner import NoSandboxError, Runner, run_job, sandbox
from melayani.grading.runner.job import (
    ANSWER,
    DIED,
    ERROR,
    GIVEN,
    OK,
    TEST,
    TEST_INSIDE,
    TIMEOUT,
    Cell,
    Job,
    Limits,
    Result,
)
from melayani.grading.runner.zygote import SEVERAL

needs_sandbox = pytest.mark.skipif(sandbox.available() is not None, reason=str(sandbox.available()))
MOUNT = (
    "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
    "if c.mount(b'n', b'/tmp', b'tmpfs', 0, None):\n    raise OSError(os.strerror(ctypes.get_errno()))"
)
SHORT = Limits(cell_seconds=1, grace_seconds=0.5)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(sandboxed=sandbox.available() is None) as started:
        yield started


def job(*sources: str | tuple[str, str], limits: Limits | None = None, files: dict[str, bytes] | None = None) -> Job:
    """Return a job of answer cells, or of (where, source)."""
    cells = [Cell(s, ANSWER) if isinstance(s, str) else Cell(s[1], s[0], "soal-uji") for s in sources]
    return Job(tuple(cells), files or {}, limits or Limits())


def shown(result: Result, index: int) -> str:
    """Return all texts that a cell showed."""
    parts = []
    for message in result.cells[index].messages:
        content = message["content"]
        parts.append(content.get("text") or content.get("evalue") or str(content.get("data", {}).get("text/plain", "")))
    return "".join(parts)


def ends(result: Result) -> list[str]:
    return [cell.ended for cell in result.cells]


def test_a_job_and_its_result_are_bytes() -> None:
    asked = job("x = open('data.csv').read()", (TEST, "assert x == 'a'"), files={"data.csv": b"a", "b": b"\xff\x00"})
    assert Job.from_bytes(asked.to_bytes()) == asked
    result = Result.from_bytes(run_job(asked.to_bytes(), sandboxed=sandbox.available() is None))
    assert ends(result) == [OK, OK]
    assert Result.from_bytes(result.to_bytes()) == result


def test_a_test_sees_the_answers_and_its_failure_is_its_own(runner: Runner) -> None:
    result = runner.run(
        job("def kali(a, b):\n    return a * b", (TEST, "assert kali(2, 3) == 6"), (TEST, "assert kali(2, 3) == 7"))
    )
    assert ends(result) == [OK, OK, ERROR]
    assert [cell.number for cell in result.cells] == [1, 2, 3]


def test_a_test_is_never_in_the_trainees_process(runner: Runner) -> None:
    # The word is spelt backwards, or the search would find itself.
    look = (
        "import gc, sys\ndef cari():\n    def semua():\n"
        "        yield from (o for o in gc.get_objects() if isinstance(o, str))\n"
        "        for f in sys._current_frames().values():\n            while f:\n"
        "                yield str(f.f_locals) + str(f.f_code.co_consts)\n                f = f.f_back\n"
        "    return any('IJU-AISAHAR' in teks[::-1] for teks in semua())"
    )
    result = runner.run(job(look, (TEST, "s = 'RAHASIA-UJI'\nassert cari() is False"), "print(cari())"))
    assert ends(result) == [OK, OK, OK]
    assert shown(result, 2) == "False\n"
    inside = runner.run(job(look, (TEST_INSIDE, "s = 'RAHASIA-UJI'\nassert cari() is False")))
    assert ends(inside) == [OK, ERROR], "this way of looking must find a test that does run there"


@pytest.mark.parametrize(
    "cell",
    [
        "import os; os._exit(3)",
        "exit()",
        "import os; os.abort()",
    ],
)
def test_a_cell_that_ends_its_process_fails_and_the_rest_runs(runner: Runner, cell: str) -> None:
    result = runner.run(job("a = 5\nprint(a)", cell, "b = a + 1", (TEST, "assert b == 6")))
    assert ends(result) == [OK, DIED, OK, OK]
    assert shown(result, 0) == "5\n"


def test_a_test_whose_answer_ends_the_process_has_no_verdict(runner: Runner) -> None:
    stops = "import os\ndef f():\n    os._exit(0)"
    result = runner.run(
        job(stops, (TEST, "try:\n    f()\nexcept BaseException:\n    pass"), "g = 1", (TEST, "assert g == 1"))
    )
    assert ends(result) == [OK, DIED, OK, OK]
    assert any(report.kind == "berhenti" and report.cell == 1 for report in result.reports)


@pytest.mark.parametrize(
    "cell",
    ["while True: pass", "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"],
)
def test_a_cell_that_never_ends_fails_alone(runner: Runner, cell: str) -> None:
    result = runner.run(job("a = 1", cell, "print(a)", limits=SHORT))
    assert ends(result) == [OK, TIMEOUT, OK]
    assert shown(result, 2) == "1\n"


def test_a_test_that_waits_for_ever_is_interrupted(runner: Runner) -> None:
    result = runner.run(
        job("def f():\n    while True: pass", (TEST, "f()"), (TEST, "while True: pass"), "1", limits=SHORT)
    )
    assert ends(result) == [OK, TIMEOUT, TIMEOUT, OK]


@pytest.mark.slow
def test_many_cells_that_wait_do_not_hold_up_a_class(runner: Runner) -> None:
    limits = Limits(cell_seconds=1, seconds=1)  # ten such cells have time
    waiting = ["import time\ntime.sleep(0.8)"] * 60
    tests = [(TEST, "assert a == 1"), (TEST, "assert b == 1")]
    result = runner.run(job("a = 1", *waiting, "b = 1", *tests, limits=limits))
    assert ends(result)[-3:] == [TIMEOUT, OK, ERROR]
    texts = [report.text for report in result.reports]
    assert texts.count("Waktu untuk seluruh notebook habis; sel kode berikutnya tidak dijalankan.") == 1


@pytest.mark.parametrize(("first_line", "told"), [("# Masukan: durasi", False), ("# Alat", True)])
def test_a_given_value_that_is_changed_is_told_once_but_not_an_input(
    runner: Runner, first_line: str, told: bool
) -> None:
    given = (GIVEN, f"{first_line}\nmenit = 135")
    tests = [(TEST, "assert menit == 135")] * 2
    result = runner.run(replace(job(given, "jam = menit // 60\nmenit = menit % 60", *tests), asked=("jam",)))
    assert ends(result) == [OK, OK, OK, OK]
    assert len(result.reports) == told


def test_a_judge_that_a_value_would_keep_busy_for_hours_goes_on(runner: Runner) -> None:
    cell = """
from melayani.grading.runner import plain
def satu_hash(e, nilai, dalam, nomor):
    return ['F', *[['i', hex(k * (2**61 - 1))] for k in range(9, 300_000)]]
plain._ENCODERS[frozenset] = satu_hash
def f():
    return frozenset()
"""
    result = runner.run(job(cell, (TEST, "f()"), (TEST, "assert f"), limits=SHORT))
    assert ends(result) == [OK, TIMEOUT, OK]


@pytest.mark.slow
def test_what_a_value_becomes_in_a_judge_has_limits_too(runner: Runner) -> None:
    cell = "a = ['x' * 60]\nfor _ in range(28):\n    a = [a, a]"
    result = runner.run(job(cell, (TEST, "repr(a)"), (TEST, "assert a"), limits=Limits(memory=512 << 20)))
    assert ends(result) == [OK, ERROR, OK]
    assert result.cells[1].messages[-1]["content"]["ename"] == "MemoryError"


def test_files_go_in_and_new_ones_come_out(runner: Runner) -> None:
    write = (
        "open('hasil.txt', 'w').write(open('data/isi.csv').read())\nimport os\nos.symlink('/etc/hostname', 'tautan')"
    )
    result = runner.run(job(write, (TEST, "assert open('hasil.txt').read() == 'a'"), files={"data/isi.csv": b"a"}))
    assert ends(result) == [OK, OK]
    assert result.files == {"hasil.txt": b"a"}


def test_a_file_left_open_is_written(runner: Runner) -> None:
    assert runner.run(job("f = open('a.txt', 'w'); f.write('isi')")).files == {"a.txt": b"isi"}


def test_jobs_share_nothing(runner: Runner) -> None:
    names = ("globals()", "vars(builtins)", "vars(json)", "os.environ")
    imported = "import builtins, json, os\n"
    runner.run(job(imported + "\n".join(f"{name}['RAHASIA'] = '1'" for name in names)))
    asked = imported + ", ".join(f"'RAHASIA' in {name}" for name in names)
    assert shown(runner.run(job(asked)), 0) == "(False, False, False, False)"


def test_random_numbers_differ_between_jobs(runner: Runner) -> None:
    cell = "import random, uuid, numpy\nprint(random.random(), numpy.random.rand(), uuid.uuid4())"
    texts = [shown(runner.run(job(cell)), 0).split() for _ in range(2)]
    assert not set(texts[0]) & set(texts[1])


@pytest.mark.slow
def test_a_flood_is_cut_with_a_note(runner: Runner) -> None:
    floods = ("print('x' * 30_000_000)", "for i in range(200_000):\n    print(i)", "print(1)")
    result = runner.run(job(*floods, limits=Limits(cell_seconds=600)))
    assert ends(result) == [OK, OK, OK]
    for index in (0, 1):
        assert len(shown(result, index)) <= Limits().cell_output + 200
    assert "terlalu panjang" in shown(result, 0)


@needs_sandbox
def test_what_a_cell_started_ends_with_the_job(runner: Runner) -> None:
    mark = f"melayani-{os.getpid()}"
    start = (
        "import os, subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)', '{mark}'], start_new_session=True)\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(100)', '{mark}'])\n"
        "    os._exit(0)"
    )
    assert ends(runner.run(job(start))) == [OK]
    assert not _running(mark)


def _running(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words:
            found.append(path.parent.name)
    return found


@needs_sandbox
def test_a_child_sees_nothing_but_python_and_its_own_files(runner: Runner, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_text("RAHASIA")
    os.environ["MELAYANI_RAHASIA"] = "RAHASIA"
    look = f"""
import os, pathlib
def lihat(p):
    try:
        return pathlib.Path(p).read_bytes()[:50] if not os.path.isdir(p) else os.listdir(p)
    except OSError as e:
        return type(e).__name__
print([lihat(p) for p in ({str(secret)!r}, '/etc/shadow', '/home', '/proc/1/environ', '/proc/{os.getpid()}/environ')])
print({str(Path(__file__).parents[1])!r}, lihat({str(Path(__file__).parents[1])!r}))
print(sorted(os.environ), [p for p in os.listdir('/proc') if p.isdigit()])
"""
    text = shown(runner.run(job(look)), 0)
    del os.environ["MELAYANI_RAHASIA"]
    assert "RAHASIA" not in text
    assert "solutions" not in text and "kelas" not in text


@needs_sandbox
@pytest.mark.parametrize(
    "cell, error",
    [
        ("import socket; socket.create_connection(('192.0.2.1', 80), 1)", "Network is unreachable"),
        (MOUNT, "Operation not permitted"),
        ("!unshare --user true\nassert _exit_code == 0, 'unshare'", "unshare"),
        ("open('/usr/x', 'w')", "Read-only file system"),
        ("x = bytearray(5 << 30)", ""),
        ("f = [open('/dev/null') for _ in range(400)]", "Too many open files"),
        ("open('besar', 'wb').write(bytes(40 << 20))", "File too large"),
    ],
)  # fmt: skip
def test_a_limit_is_an_error_of_that_cell_alone(runner: Runner, cell: str, error: str) -> None:
    result = runner.run(job("a = 1", cell, "print(a)"))
    assert ends(result) == [OK, ERROR, OK]
    assert any(part in shown(result, 1) for part in error.split("|"))


@needs_sandbox
def test_loopback_works_inside(runner: Runner) -> None:
    cell = (
        "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\n"
        "c = socket.create_connection(s.getsockname())\nprint('tersambung')"
    )
    assert shown(runner.run(job(cell)), 0) == "tersambung\n"


def test_several_jobs_at_once_do_not_wait_for_each_other(runner: Runner) -> None:
    sources = [f"import time\ntime.sleep(0.3)\nprint({n})" for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(runner.run, [job(source, (TEST, "assert True")) for source in sources]))
    assert [shown(result, 0) for result in results] == [f"{n}\n" for n in range(8)]


@pytest.mark.slow
def test_a_dead_zygote_costs_no_job(runner: Runner) -> None:
    assert ends(runner.run(job("1"))) == [OK]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(runner.run, job("import time; time.sleep(1)\nprint('selesai')"))
        time.sleep(0.3)
        zygote = runner._zygote
        assert zygote
        os.killpg(zygote.pid, signal.SIGKILL)
        assert shown(waiting.result(), 0) == "selesai\n"


@pytest.mark.skipif(sys.platform != "linux", reason="huge pages are Linux's")
def test_much_memory_of_a_zygote_is_in_large_pages(runner: Runner) -> None:
    runner.run(job("1"))
    assert runner._zygote
    processes = [psutil.Process(runner._zygote.pid), *psutil.Process(runner._zygote.pid).children(recursive=True)]
    zygote = max(processes, key=lambda process: process.memory_info().rss)
    lines = Path(f"/proc/{zygote.pid}/smaps_rollup").read_text().splitlines()
    sizes = {name: int(size.split()[0]) for name, _, size in (line.partition(":") for line in lines[1:])}
    release = tuple(map(int, os.uname().release.split("-")[0].split(".")[:2]))
    assert sizes["AnonHugePages"] > 0.15 * sizes["Anonymous"] or release < (6, 1)


@pytest.mark.slow
@pytest.mark.parametrize("module", ["pandas", "math"])
def test_what_shows_the_errors_of_pandas_is_prepared_where_many_notebooks_use_it(module: str) -> None:
    look = (
        f"import stack_data, {module}\nknown = stack_data.Source._class_local('__source_cache_with_lines', {{}})\n"
        "print(any(name.endswith('core/frame.py') for name, _ in known))"
    )
    with Runner(sandboxed=sandbox.available() is None) as runner:
        seen = [shown(runner.run(job(look)), 0) for _ in range(SEVERAL + 1)]
    assert seen == ["False\n"] * (SEVERAL - 1) + [f"{module == 'pandas'}\n"] * 2


def test_a_zygote_starts_while_something_else_is_done() -> None:
    with Runner(sandboxed=sandbox.available() is None) as runner:
        begun = time.perf_counter()
        runner.prepare()
        prepared = time.perf_counter() - begun
        zygote = runner._zygote
        assert ends(runner.run(job("1"))) == [OK]
        assert prepared < (time.perf_counter() - begun) / 4
        runner.prepare()
        assert runner._zygote is zygote


def test_a_zygote_that_nobody_waits_for_ends_with_its_process() -> None:
    program = """
import os, signal
from melayani.grading.runner import sandbox
from melayani.grading.runner.runner import resident
runner = resident(sandbox.available() is None)
runner.prepare()
os.killpg(runner._zygote.pid, signal.SIGSTOP)  # it will never see by itself that nobody is there
print("selesai")
"""
    # What is shown ends with the last process that could show something.
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("selesai\n", "")


def test_a_zygote_ends_silently_when_nobody_has_waited_for_it(capfd: pytest.CaptureFixture[str]) -> None:
    with Runner(sandboxed=sandbox.available() is None) as runner:
        runner.prepare()
        requests, zygote = runner._requests, runner._zygote
        assert requests and zygote
        requests.recv(1, socket.MSG_PEEK)  # it is ready, and the runner has not looked
        requests.close()
        assert zygote.wait(30) == 0
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_nothing_is_left_of_many_jobs() -> None:
    program = """
import os, sys
from melayani.grading.runner import Runner, sandbox
from melayani.grading.runner.job import Cell, Job
with Runner(sandboxed=sandbox.available() is None) as runner:
    for source in ["1", "import os; os._exit(1)", "open('a', 'w').write('a')"] * 5:
        runner.run(Job((Cell(source), Cell("assert True", "test"))))
    descriptors = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        runner.run(Job((Cell("1"),)))
    assert len(os.listdir("/proc/self/fd")) == descriptors
print("selesai")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == "selesai\n", done.stderr
    assert done.stderr == ""


def test_without_a_sandbox_it_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.available.cache_clear()
    monkeypatch.setenv("PATH", "")
    try:
        with pytest.raises(NoSandboxError, match="bubblewrap"):
            Runner()
    finally:
        sandbox.available.cache_clear()


def test_tests_take_their_tools_from_the_assignment(runner: Runner) -> None:
    """Names that an answer puts in the way: Python's own, and what given cells import and define."""
    given = Cell("import math\nbatas = tetap = 5\ndef dekat(a, b):\n    return abs(a - b) < 0.1 and math.pi > 3", GIVEN)
    answer = Cell(
        "isinstance = abs = lambda *a: True\nmath = dekat = None\nhasil = 1\nbatas = tetap = 6\ndef sum(x): return 7"
    )
    test = Cell("assert isinstance(hasil, int) and not isinstance(hasil, str)\nassert not dekat(hasil, 2)", TEST)
    asked = Cell("assert batas == 6 and sum([1]) == 7\nassert tetap == 5", TEST)
    result = runner.run(Job((given, answer, test, asked), asked=("hasil", "sum", "batas")))
    assert ends(result) == [OK, OK, OK, OK]
    assert any("Nilai tetap" in report.text for report in result.reports)


#: An answer, and a test that its function's error ends; {n} is a number of its own.
ERRORS = {
    "a function": ("def f{n}(x):\n    y = x + 1\n    return y / 0\n", "hasil = f{n}(3)\nassert hasil == 4\n"),
    "a library": (
        "import pandas as pd\ndef f{n}(t):\n    return t['zz'].sum()\n",
        "import pandas as pd\nassert f{n}(pd.DataFrame({{'a': [1]}})) == 4\n",
    ),
    "a cause": (
        "def f{n}(x):\n    try:\n        return int(x)\n    except ValueError as e:\n        raise KeyError from e",
        "f{n}('a')",
    ),
    "an error on the way": (
        "def f{n}(x):\n    try:\n        return int(x)\n    except ValueError:\n        return 1 / 0",
        "assert f{n}('a') == 4",
    ),
    "in a loop": ("def f{n}(x):\n    return tidak_ada(x)", "for i in range(3):\n    assert f{n}(i) == 4"),
    "caught, said anew": (
        "def f{n}(x):\n    raise ValueError(x)",
        "try:\n    f{n}(2)\nexcept ValueError:\n    raise AssertionError('kirim angka')",
    ),
    "a lambda": ("def f{n}(x):\n    return sorted(x, key=lambda y: y['umur'])", "f{n}([{{'umur': 1}}, {{}}])"),
    "a generator": ("def f{n}(x):\n    yield 1\n    raise KeyError('q')", "list(f{n}(1))"),
    "the test's own function": ("def f{n}(g):\n    return g(3)", "def g(x):\n    return x / 0\nf{n}(g)"),
    "a file": ("def f{n}(x):\n    return open(x)", "f{n}('tidak ada.csv')"),
}


def test_an_error_through_both_processes_is_shown_as_in_a_kernel(runner: Runner, tmp_path: Path) -> None:
    cells = [part.format(n=n) for n, pair in enumerate(ERRORS.values()) for part in pair]
    told = tuple(Cell(cell, TEST if place % 2 else ANSWER) for place, cell in enumerate(cells))
    ran = runner.run(Job(told, asked=tuple(f"f{n}" for n in range(len(ERRORS))))).cells
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for name, ours, kernels in zip(ERRORS, ran[1::2], notebook.cells[1::2], strict=True):
        shown = [message["content"]["traceback"] for message in ours.messages]
        assert shown == [output.traceback for output in kernels.outputs], name


def test_the_frames_of_an_endless_recursion_are_cut(runner: Runner) -> None:
    result = runner.run(Job((Cell("def f(x):\n    return f(x)"), Cell("f(1)", TEST)), asked=("f",)))
    (error,) = result.cells[1].messages
    assert error["content"]["ename"] == "RecursionError" and len(error["content"]["traceback"]) < 60


def test_a_test_reads_given_files_as_they_were_given(runner: Runner) -> None:
    files = {"data.csv": b"1", "dalam/peta.csv": b"2", "sisa.csv": b"3"}
    cheat = (
        "import os, shutil\nopen('data.csv', 'w').write('9')\nshutil.rmtree('dalam')\nos.mkdir('lain')\n"
        "open('lain/peta.csv', 'w').write('9')\nos.symlink('lain', 'dalam')\nos.remove('sisa.csv')\n"
        "os.mkdir('sisa.csv')\nos.chmod('.', 0o500)"
    )
    reads = (
        "assert (open('data.csv').read(), open('dalam/peta.csv').read(), open('sisa.csv').read()) == ('1', '2', '3')"
    )
    after = "assert open('data.csv').read() == open('dalam/peta.csv').read() == '9' and os.path.isdir('sisa.csv')"
    cells = (Cell(cheat), Cell(reads, TEST, "a"), Cell(after), Cell(reads, TEST_INSIDE, "b"), Cell(after))
    result = runner.run(Job(cells, files))
    assert ends(result) == [OK] * 5
    assert any("Berkas yang diberikan diubah" in report.text for report in result.reports)
    asked = Job((Cell(cheat), Cell("assert open('data.csv').read() == '9'", TEST)), files, rewritten=("data.csv",))
    assert ends(runner.run(asked)) == [OK, OK]


def test_where_a_given_file_cannot_be_put_back_no_test_passes(runner: Runner) -> None:
    fill = (
        "open('data.csv', 'w').write('9')\ntry:\n    for n in range(500):\n"
        "        open(f'{n}', 'wb').write(bytes(1 << 20))\nexcept OSError:\n    pass\n"
        "try:\n    while True:\n        open('z', 'ab', 0).write(b'z')\nexcept OSError:\n    pass"
    )
    result = runner.run(Job((Cell(fill), Cell("assert True", TEST, "soal-uji")), {"data.csv": bytes(8192)}))
    assert ends(result) == [OK, DIED]
    assert "berkas yang diberikan tidak dapat dipulihkan" in " ".join(report.text for report in result.reports)


def test_a_notebook_that_dies_again_and_again_comes_to_an_end(runner: Runner) -> None:
    dies = [(TEST, "f()")] * 30
    result = runner.run(job("import os\ndef f(): os._exit(0)", *dies))
    assert set(ends(result)[1:]) == {DIED}
