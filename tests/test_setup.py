"""A fresh clone: the set-up's messages when something is missing, and that the files around it agree."""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import kursus
import nbformat
import pytest
from nbformat import NotebookNode

from melayani.authoring.environment import TARGETS, read_lock, render

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)
NEEDED = ["scripts", "Makefile", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "melayani"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the set-up reads, in a folder of its own."""
    folder = tmp_path / "salinan kursus"
    folder.mkdir()
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def command(folder: Path, name: str, body: str) -> None:
    """Lay a shell command `name` into `folder`/bin, which `set_up` puts first on PATH."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def set_up(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up in `folder` as an ordinary user on a machine whose python3 is this one."""
    if not (folder / "bin" / "id").exists():
        command(folder, "id", "echo 1000")
    if not (folder / "bin" / "python3").exists():
        command(folder, "python3", f'exec {BASE_PYTHON} "$@"')
    path = f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    return subprocess.run(
        ["scripts/setup.sh"],
        cwd=folder,
        env=os.environ | {"PATH": path, "PYTHON": "python3"} | environment,
        capture_output=True,
        text=True,
    )


def stopped(result: subprocess.CompletedProcess[str]) -> str:
    """Return what a refused set-up says, which is one sentence and its English, after notes on packages."""
    lines = [line for line in result.stderr.splitlines() if not re.match("Paket .*belum|Menyiapkan|Memasang", line)]
    assert result.returncode == 1, result.stderr
    assert len(lines) == 2, result.stderr
    assert lines[0].startswith("BERHENTI: ")
    return lines[0]


def test_an_old_python_is_named_with_what_to_do(clone: Path) -> None:
    as_old = "import sys; sys.version_info = (3, 9, 2); exec(sys.argv[1])"
    command(clone, "python3", f"exec {BASE_PYTHON} -c '{as_old}' \"$2\"")
    message = stopped(set_up(clone))
    assert "Python 3.9 belum memenuhi syarat" in message
    assert "3.11" in message


def test_no_python_at_all(clone: Path) -> None:
    assert "Python belum terpasang" in stopped(set_up(clone, PYTHON="python3-yang-tidak-ada"))


def test_a_missing_venv_is_one_sentence_for_an_ordinary_user(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    message = stopped(set_up(clone, PYTHONPATH=str(tmp_path)))
    assert "sudo apt-get install python3-venv" in message
    assert not (clone / ".venv").exists()


@pytest.mark.slow
def test_a_missing_venv_is_installed_by_root_and_that_is_said(clone: Path, tmp_path: Path) -> None:
    missing = tmp_path / "ensurepip.py"
    missing.write_text("raise ImportError")
    command(clone, "id", "echo 0")
    command(clone, "apt-get", f'case "$*" in *python3-venv*) rm {missing} ;; esac')
    result = set_up(clone, PYTHONPATH=str(tmp_path), PIP_INDEX_URL="https://127.0.0.1:9/", **NO_NETWORK)
    assert "Memasang paket Debian python3-venv" in result.stderr
    assert "python3-venv belum terpasang" not in result.stderr


NO_NETWORK = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": "", "PIP_RETRIES": "0"}


@pytest.mark.slow
def test_no_network_is_one_sentence_and_leaves_no_stamp(clone: Path) -> None:
    result = set_up(clone, PIP_INDEX_URL="https://127.0.0.1:9/", PIP_NO_CACHE_DIR="1", **NO_NETWORK)
    assert "sambungan internet" in stopped(result)
    assert not (clone / ".venv/melayani-stamp").exists()


@pytest.mark.slow
@pytest.mark.parametrize("begun", [False, True], ids=["at the start", "half-way"])
def test_a_full_disk_is_one_sentence(clone: Path, begun: bool) -> None:
    inside = 'mount -t tmpfs -o size=16m none "$1" && cp -r "$2"/. "$1" && cd "$1" && exec scripts/setup.sh'
    if begun:
        inside = inside.replace("exec", "mkdir .venv; head -c 15m /dev/zero > rest 2>/dev/null; exec")
    small = clone.parent / "kecil"
    small.mkdir()
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("user namespaces are not available")
    result = subprocess.run(
        ["unshare", "-rm", "sh", "-c", inside, "sh", str(small), str(clone)],
        env=os.environ | {"PATH": f"{Path(BASE_PYTHON).parent}:/usr/bin:/bin:/sbin", "PYTHON": BASE_PYTHON},
        capture_output=True,
        text=True,
    )
    assert "Ruang penyimpanan penuh" in stopped(result)


# Enough to be stopped half-way through; that the whole lock installs is what `make test` itself begins with.
FEW = ("numpy", "pandas", "python-dateutil", "setuptools", "six", "uv")


def shorten_lock(folder: Path) -> None:
    """Leave in the clone's lock only FEW."""
    path = folder / "requirements.lock"
    entries = re.split(r"(?m)^(?=[a-z])", path.read_text("utf-8"))
    kept = [entry for entry in entries if entry.partition("==")[0] in FEW]
    assert len(kept) >= len(FEW)
    path.write_text("".join(kept), "utf-8")


@pytest.mark.slow
def test_an_interrupted_set_up_recovers_also_twice_at_once_and_the_next_start_does_nothing(clone: Path) -> None:
    shorten_lock(clone)
    process = subprocess.Popen(["scripts/setup.sh"], cwd=clone, start_new_session=True, stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(clone.glob(".venv/lib/*/site-packages/pandas*")):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (clone / ".venv/melayani-stamp").exists()

    # Two at once, as when `make lab` and `make check` are the first commands in two terminals.
    both = [subprocess.Popen(["scripts/setup.sh"], cwd=clone, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [again.communicate()[1] for again in both]
    if "sambungan internet" in said[0] and os.environ.get("CI") != "true":
        pytest.skip("there is no network")
    assert [again.returncode for again in both] == [0, 0], said
    assert sorted("Menyiapkan" in text for text in said) == [False, True]
    show = [str(clone / ".venv/bin/python"), "-c", "import pandas, melayani; print(melayani.__file__)"]
    where = subprocess.run(show, cwd="/", capture_output=True, text=True)
    assert where.stdout.strip() == str(clone / "melayani/__init__.py")

    begin = time.monotonic()
    third = subprocess.run(["scripts/setup.sh"], cwd=clone, capture_output=True, text=True, check=True)
    assert (third.stdout, third.stderr) == ("", "")
    assert time.monotonic() - begin < 5


def test_the_environment_files_are_what_the_generator_makes_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    text = render(lock, (ROOT / "pyproject.toml").read_text("utf-8"))
    for target in TARGETS:
        assert (ROOT / target).read_text("utf-8") == text, f"{target} is stale: make lock"
    pins = {pin for pins in read_lock(lock)[0].values() for pin in pins}
    written = re.findall(r"^      - (.+)$", text, re.MULTILINE)
    assert set(written) <= pins
    assert any(pin.startswith("nbgrader==") for pin in written)
    assert not any(pin.startswith("pytest==") for pin in written)


def test_no_index_is_named_anywhere() -> None:
    for name in ("requirements.lock", "environment.yml", "pyproject.toml", "scripts/setup.sh", "Makefile"):
        assert not re.search(r"https?://|--(extra-)?index-url|find-links", (ROOT / name).read_text("utf-8")), name


def test_ci_runs_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert lines == ["#!/bin/sh", 'cd "$(dirname "$0")/.." && exec make test']
    commands = re.findall(r"^ *- run: (.+)$", (ROOT / ".github/workflows/test.yml").read_text(), re.MULTILINE)
    # Beside it only the quick part, where there is no make.
    assert [line for line in commands if re.search(r"\.ci|make|pytest|ruff|mypy", line)] == [
        ".ci/run",
        'python -m pytest -q -rs -m "not slow"',
    ]


@pytest.mark.parametrize("name", ["README.md", "README.id.md", "docs/CONTRIBUTING.md", "docs/pengajar/mulai.md"])
def test_every_make_command_in_the_docs_is_a_target(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
    assert named <= targets


# The commands of the two READMEs: each is run by a test of its own.

NAMED = {
    "demo": "test_make_demo_takes_a_class_from_release_to_grades",
    "check": "test_make_check_runs_the_quick_tests",
    "notebooks": "test_make_notebooks_leaves_a_current_lesson_as_it_is",
    "release": "test_make_release_makes_the_committed_assignments",
    "lock": "test_make_lock_pins_and_writes_the_environment_files",
    "lab": "tests/test_lab.py",
    "instructor": "tests/test_lab.py",
    "test": ".ci/run",
}


@pytest.mark.parametrize("name", ["README.md", "README.id.md"])
def test_every_command_of_a_readme_has_a_check_that_runs_it(name: str) -> None:
    commands = set(re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
    assert commands
    for command_name in commands:
        check = NAMED[command_name]
        if "/" not in check:
            assert f'make(whole, "{command_name}"' in inspect.getsource(globals()[check])
        elif check.endswith(".py"):
            assert f'server("{command_name}"' in (ROOT / check).read_text("utf-8")
        else:
            assert f"make {command_name}\n" in (ROOT / check).read_text("utf-8")


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A copy of what git holds or would take, with only module 00, on this environment as if it were its own."""
    folder = tmp_path / "kursus"
    kursus.copy_committed(ROOT, folder, lambda name: name.endswith(".ipynb") and "/00-" not in name)
    facts = (folder / "requirements.lock").read_bytes() + (folder / "pyproject.toml").read_bytes()
    version = sys.version.split()[0]
    (folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name != "melayani-stamp":
            (folder / ".venv" / entry.name).symlink_to(entry)
    (folder / ".venv/melayani-stamp").write_text(f"{version} {hashlib.sha256(facts).hexdigest()} {folder}\n")
    return folder


def make(folder: Path, target: str, **environment: str) -> str:
    """Run `make TARGET` in `folder` and return what it prints; it must succeed."""
    shared = {"PYTHON": BASE_PYTHON, "PYTHONPATH": str(folder)}
    without = {name: value for name, value in os.environ.items() if name != "MELAYANI_KELAS"}
    done = subprocess.run(
        ["make", target],
        cwd=folder,
        env=without | shared | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.slow
def test_make_demo_takes_a_class_from_release_to_grades(whole: Path) -> None:
    make(whole, "demo")
    assert (whole / "kelas/contoh/gradebook.db").is_file()
    assert list((whole / "kelas/contoh").rglob("*.csv"))


@pytest.mark.slow
def test_make_check_runs_the_quick_tests(whole: Path) -> None:
    # All of ruff and mypy, and of the tests a few that do not ask for the modules left out above.
    chosen = "-p no:cacheprovider --ignore-glob=*/test_[!s]*.py -k test_scripts_have_unix_line_ends"
    known = str(ROOT / ".mypy_cache")  # of the same files
    output = make(whole, "check", PYTEST_ADDOPTS=chosen, MYPY_CACHE_DIR=known)
    assert "All checks passed!" in output
    assert "Success: no issues found" in output
    assert re.search(r"\d+ passed", output)


@pytest.mark.slow
def test_make_notebooks_leaves_a_current_lesson_as_it_is(whole: Path) -> None:
    output = make(whole, "notebooks")
    assert "unchanged" in output

    def cells(folder: Path) -> list[NotebookNode]:
        # Without tracebacks: their colours are another Python's.
        lesson = nbformat.read(folder / "course/00-orientasi/1-melayani-bukan-dilayani.ipynb", as_version=4)
        return list(kursus.without_tracebacks(lesson).cells)

    if sys.version_info[:2] == (3, 11):
        assert "renewed" not in output
    assert cells(whole) == cells(ROOT)


@pytest.mark.slow
def test_make_release_makes_the_committed_assignments(whole: Path) -> None:
    name = "00-orientasi/00-orientasi.ipynb"
    (whole / "assignments" / name).unlink()
    make(whole, "release")
    assert (whole / "assignments" / name).read_bytes() == (ROOT / "assignments" / name).read_bytes()


@pytest.mark.slow
def test_make_lock_pins_and_writes_the_environment_files(whole: Path) -> None:
    for name in TARGETS:
        (whole / name).unlink()
    make(whole, "lock")
    lock = (whole / "requirements.lock").read_text("utf-8")
    assert "nbgrader==" in lock and "--hash=sha256:" in lock
    assert all((whole / name).read_text("utf-8") == render(lock, PROJECT.read_text("utf-8")) for name in TARGETS)


@pytest.mark.slow
def test_pip_installs_the_command_where_there_is_no_make(whole: Path, tmp_path: Path) -> None:
    """`python -m pip install .`, as on Windows; the packages it needs are here already."""
    shutil.rmtree(whole / ".venv")
    target = tmp_path / "paket"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), "."]
    done = subprocess.run(install, cwd=whole, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    environment = os.environ | {"PYTHONPATH": str(target)}
    done = subprocess.run(
        [target / "bin/melayani", "--help"], cwd=whole, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout


@pytest.mark.parametrize("name", ["binder/start", "binder/postBuild", "scripts/setup.sh", ".ci/run"])
def test_scripts_have_unix_line_ends_and_the_run_bit(name: str) -> None:
    path = ROOT / name
    assert b"\r" not in path.read_bytes()
    assert os.access(path, os.X_OK)
    if name == "binder/start":
        assert path.read_text().endswith('exec "$@"\n')


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_under_ci_a_skipped_test_is_a_failed_one(tmp_path: Path, ci: str, code: int) -> None:
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    (tmp_path / "test_x.py").write_text("import pytest\n\n\ndef test_x():\n    pytest.skip('x')\n", "utf-8")
    bare = [part for name in ("cacheprovider", "nbval", "hypothesispytest", "xdist") for part in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", *bare, str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"CI": ci}, capture_output=True, text=True)
    assert done.returncode == code, done.stdout
