"""Binder: what repo2docker would build from this repository, and the server that a trainee then gets."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import browser
import pytest
import rattler
import repo2docker.buildpacks
import yaml
from packaging.requirements import Requirement
from repo2docker.app import Repo2Docker
from repo2docker.buildpacks.conda import CondaBuildPack

from melayani.authoring.environment import PYTHON

ROOT = Path(__file__).resolve().parent.parent
LESSON = "course/00-orientasi/1-melayani-bukan-dilayani.ipynb"
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}
TOKEN = "token-untuk-uji"
BASE = "/user/peserta-1/"

# What a clone may hold beside what git knows, and what must never be shipped though it has got into a lesson's folder.
STRAYS = [
    ".git/config",
    ".venv/bin/python",
    "kelas/submitted/0007/00-orientasi/00-orientasi.ipynb",
    "course/00-orientasi/solutions/00-orientasi.ipynb",
    "course/00-orientasi/.ipynb_checkpoints/1-melayani-bukan-dilayani-checkpoint.ipynb",
    "melayani/__pycache__/cli.cpython-312.pyc",
]


def tracked() -> list[str]:
    """Return the files that git holds or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


class Receiver:
    """Stands where the Docker client stands: unpacks the tar of the build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, fileobj: io.BytesIO, **_: Any) -> Iterator[str]:
        with tarfile.open(fileobj=fileobj) as tar:
            tar.extractall(self.folder, filter="tar")
        return iter(())


def buildpack() -> CondaBuildPack:
    """Return the build pack that repo2docker chooses for the working directory, as its own loop does."""
    app = Repo2Docker()
    packs = [pack(base_image=app.base_image) for pack in app.buildpacks]
    chosen = next(pack for pack in packs if pack.detect())
    assert isinstance(chosen, CondaBuildPack)
    chosen.platform = "linux/amd64"
    return chosen


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as Binder clones it, and STRAYS."""
    folder = tmp_path_factory.mktemp("klon")
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name in STRAYS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


@pytest.fixture(scope="module")
def image(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the image has in REPO_DIR, with their modes, before postBuild."""
    folder = tmp_path_factory.mktemp("citra")
    with chdir(clone):
        list(buildpack().build(Receiver(folder), "melayani", 0, {}, [], {}))
    return folder / "src"


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# What is built


def test_repo2docker_takes_the_conda_file_in_binder_and_our_python(clone: Path) -> None:
    with chdir(clone):
        pack = buildpack()
        assert pack.environment_yaml_path == "binder/environment.yml"
        assert pack.python_version == PYTHON


def test_packages_are_installed_before_the_course_is_copied_so_that_a_changed_text_reinstalls_nothing(
    clone: Path,
) -> None:
    with chdir(clone):
        lines = [line.strip() for line in buildpack().render().splitlines()]

    def place(part: str) -> int:
        return next(number for number, line in enumerate(lines) if part in line)

    pins = place("COPY --chown=1000:1000 src/binder/environment.yml ${REPO_DIR}/binder/environment.yml")
    installed = place('env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"')
    copied = place("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    user = place("USER ${NB_USER}")
    assert pins < installed < copied < place("RUN ./binder/postBuild")
    assert user < place("RUN ./binder/postBuild")
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in lines


def test_conda_lines_say_what_they_mean_and_pip_lines_are_exact_pins() -> None:
    text = yaml.safe_load((ROOT / "binder/environment.yml").read_text("utf-8"))
    assert [rattler.Channel(name).name for name in text["channels"]] == ["conda-forge", "nodefaults"]
    *conda, pip = text["dependencies"]
    specs = [rattler.MatchSpec(line, strict=True) for line in conda]
    assert [(spec.name.normalized, str(spec.version or "")) for spec in specs] == [
        ("python", f"{PYTHON}.*"),
        ("pip", ""),
    ]

    requirements = [Requirement(line) for line in pip["pip"]]
    here = LINUX | {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0"}
    installed = [wanted.name for wanted in requirements if not wanted.marker or wanted.marker.evaluate(here)]
    assert len(installed) == len(set(installed))
    for wanted in requirements:
        assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(wanted.specifier)), wanted
        assert not wanted.url and not wanted.extras
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = {Requirement(line).name.lower() for line in project["project"]["dependencies"]}
    # setuptools builds the course's package in postBuild, which has no build isolation.
    assert asked | {"setuptools"} <= set(installed)


def test_the_image_holds_what_a_trainee_needs_and_nothing_else(clone: Path, image: Path) -> None:
    shipped = files(image)
    assert {name.split("/")[0] for name in shipped} == {
        *("assignments", "binder", "config", "course", "melayani"),
        *("LICENSE", "LICENSE-CONTENT", "README.md", "nbgrader_config.py", "pyproject.toml"),
    }
    for folder in ("assignments", "binder", "config", "course", "melayani"):
        expected = {name for name in tracked() if name.startswith(f"{folder}/")}
        assert {name for name in shipped if name.startswith(f"{folder}/")} == {
            name for name in expected if not name.startswith("config/pengajar/")
        }


def test_no_notebook_in_the_image_has_a_solution_or_a_hidden_test(image: Path) -> None:
    assert list((ROOT / "solutions").glob("*/*.ipynb"))
    for path in image.rglob("*.ipynb"):
        assert not re.search(r"### BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)", path.read_text("utf-8")), path


@pytest.mark.parametrize("name", ["start", "postBuild"])
def test_scripts_run_on_linux_from_any_checkout(name: str, image: Path) -> None:
    path = f"binder/{name}"
    listed = subprocess.run(["git", "ls-files", "--stage", path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout.startswith("100755 ")
    ends = subprocess.run(["git", "ls-files", "--eol", path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ends.stdout.split()[0] == "i/lf"
    # A rule of the repository, whatever core.autocrlf says on the machine of who commits.
    assert "eol=lf" in ends.stdout
    assert os.access(image / path, os.X_OK)
    assert (image / path).read_bytes().startswith(b"#!/bin/bash\n")


def test_what_repo2docker_adds_to_every_image_is_known_to_our_settings() -> None:
    """Each of these may put something on the page; `config/` and `binder/start` deal with the two that do."""
    base = Path(repo2docker.buildpacks.__file__).parent / f"conda/environment.py-{PYTHON}.yml"
    lines = yaml.safe_load(base.read_text("utf-8"))["dependencies"]
    assert {rattler.MatchSpec(line).name.normalized for line in lines} == {
        *("python", "nodejs", "pip", "jupyterlab", "notebook", "jupyter_server", "jupyterhub-singleuser", "ipywidgets"),
        *("jupyter-offlinenotebook", "jupyter-resource-usage"),
    }
    page = json.loads((ROOT / "config/labconfig/page_config.json").read_text("utf-8"))
    assert page["disabledExtensions"]["@jupyter-server/resource-usage"] is True


def test_the_badge_opens_the_first_lesson_of_the_published_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    lessons = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "course").glob("[0-9]*/*.ipynb"))
    assert lessons[0] == LESSON
    for name in ("README.md", "README.id.md"):
        links = re.findall(r"https://mybinder\.org/v2/\S+?(?=\))", (ROOT / name).read_text("utf-8"))
        assert links == [f"https://mybinder.org/v2/gh/OWNER/REPOSITORY/v{version}?urlpath=lab/tree/{LESSON}"], name


# What is started


@pytest.fixture(scope="module")
def home(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the image's files to work in: REPO_DIR and the home of Binder's user are one folder."""
    return shutil.copytree(image, tmp_path_factory.mktemp("sesi") / "jovyan")


@pytest.fixture(scope="module")
def environment(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with the packages of this one but not the course's own, as before postBuild."""
    venv = tmp_path_factory.mktemp("lingkungan") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    packages = Path(f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages")
    for entry in (Path(sys.prefix) / packages).iterdir():
        if "melayani" not in entry.name:
            (venv / packages / entry.name).symlink_to(entry)
    for name in ("share", "etc"):
        (venv / name).symlink_to(Path(sys.prefix) / name)
    for name in ("jupyter", "jupyter-lab", "jupyter-execute", "nbgrader"):
        _, _, code = (Path(sys.prefix) / "bin" / name).read_text().partition("\n")
        (venv / "bin" / name).write_text(f"#!{venv}/bin/python\n{code}")
        (venv / "bin" / name).chmod(0o755)
    return {
        "HOME": str(home),
        "REPO_DIR": str(home),
        "PATH": f"{venv}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        # What BinderHub tells a session about itself.
        "BINDER_REPO_URL": "https://github.com/OWNER/REPOSITORY",
        "BINDER_REF_URL": "https://github.com/OWNER/REPOSITORY/tree/v0",
        "BINDER_LAUNCH_HOST": "https://mybinder.org/",
        "BINDER_PERSISTENT_REQUEST": "v2/gh/OWNER/REPOSITORY/0",
    }


@pytest.fixture(scope="module")
def built(home: Path, environment: dict[str, str]) -> Path:
    """The image after its own postBuild."""
    run(home, environment, "binder/postBuild")
    return home


@pytest.fixture(scope="module")
def address(built: Path, environment: dict[str, str]) -> Iterator[str]:
    """The server, started by repo2docker's entry point with the arguments of BinderHub's spawner."""
    arguments = [
        f"{app}.{rest}" for app in ("NotebookApp", "ServerApp") for rest in (f"base_url={BASE}", f"token={TOKEN}")
    ]
    entrypoint = Path(repo2docker.buildpacks.__file__).with_name("repo2docker-entrypoint")
    command = [sys.executable, str(entrypoint), "jupyter-lab", "--ip=127.0.0.1", "--port=18960", "--no-browser"]
    command += [f"--{argument}" for argument in arguments]
    start = {"R2D_ENTRYPOINT": str(built / "binder/start"), "PYTHONUNBUFFERED": "1"}
    with browser.jupyterlab([*command, "--LabApp.expose_app_in_browser=True"], built, environment | start) as printed:
        yield f"http://{urlsplit(printed).netloc}{BASE}"


def run(folder: Path, environment: dict[str, str], *command: str) -> str:
    """Run `command` in `folder` and return what it prints; it must succeed."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ask(url: str, data: bytes | None = None) -> tuple[int, str, str]:
    """Return status, final address and text of `url`, asked with the token."""
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, url, ""


def test_start_gives_jupyter_our_settings_and_takes_the_buttons_to_the_repository_away(
    home: Path, environment: dict[str, str]
) -> None:
    told = dict(line.split("=", 1) for line in run(Path("/"), environment, f"{home}/binder/start", "env").splitlines())
    assert told["JUPYTER_CONFIG_PATH"] == f"{home}/binder:{home}/config:{home}"
    assert not [name for name in told if name.startswith("BINDER_")]


@pytest.mark.slow
def test_post_build_leaves_the_package_and_the_list_of_fonts_and_no_litter(
    built: Path, environment: dict[str, str]
) -> None:
    show = "import melayani.belajar; print(melayani.belajar.__file__)"
    assert "/site-packages/melayani/belajar/" in run(Path("/"), environment, "python", "-c", show)
    assert list((built / ".cache/matplotlib").glob("fontlist*.json"))
    assert not (built / "build").exists() and not list(built.glob("*.egg-info"))


@pytest.mark.slow
def test_a_session_opens_the_first_lesson_in_bahasa_with_validate_and_without_formgrader(address: str) -> None:
    status, url, _ = ask(address)
    assert (status, urlsplit(url).path) == (200, f"{BASE}lab/tree/{LESSON}")
    _, _, settings = ask(f"{address}lab/api/settings/@jupyterlab/translation-extension:plugin")
    assert json.loads(settings)["schema"]["properties"]["locale"]["default"] == "id_ID"
    _, _, translations = ask(f"{address}lab/api/translations/id_ID")
    assert "jupyterlab" in json.loads(translations)["data"]
    for path in ("formgrader", "assignments", "courses"):
        assert ask(address + path)[0] == 404, path
    status, _, verdict = ask(f"{address}assignments/validate", b"path=assignments/00-orientasi/00-orientasi.ipynb")
    assert status == 200
    assert "nama_layanan seharusnya teks, tetapi masih Ellipsis" in verdict


@pytest.mark.slow
def test_a_session_in_a_browser_asks_no_other_host_and_shows_nothing_that_is_not_for_trainees(address: str) -> None:
    with browser.opened(f"{address}?token={TOKEN}") as (page, requests):
        page.locator(".jp-Notebook h1").first.wait_for()
        assert page.evaluate("document.documentElement.lang") == "id-ID"
        assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
        assert page.locator(".lm-MenuBar-item", has_text="Nbgrader").count() == 0
        assert page.locator("[data-jp-item-name=interfaceSwitcher]").count() == 0
        page.locator(".jp-BreadCrumbs-home").click()
        page.locator(".jp-DirListing-itemText", has_text="assignments").wait_for()
        # Nothing of the course's machinery, nor what nbgrader has made meanwhile.
        assert page.locator(".jp-DirListing-itemText").all_inner_texts() == ["assignments", "course"]
        assert {urlsplit(url).netloc for url in requests} == {urlsplit(address).netloc}


@pytest.mark.slow
def test_a_wrong_cell_of_a_session_is_explained_in_bahasa(address: str) -> None:
    with browser.opened(f"{address}?token={TOKEN}") as (page, _):
        page.locator(".jp-Notebook h1").first.wait_for()
        page.wait_for_function(
            "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.connectionStatus === 'connected'"
        )
        page.evaluate("""() => {
            const cell = {cell_type: 'code', source: 'jumlah_loket_yang_belum_ada'};
            jupyterapp.shell.currentWidget.context.model.sharedModel.insertCell(0, cell);
            jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
            return jupyterapp.commands.execute('notebook:run-cell');
        }""")
        page.locator("[role=note]", has_text="Pembaca galat: NameError").wait_for()


@pytest.mark.slow
def test_every_lesson_runs_in_the_image(built: Path, environment: dict[str, str]) -> None:
    lessons = sorted(path.relative_to(built).as_posix() for path in built.glob("course/*/*.ipynb"))
    run(built, environment, "binder/start", "jupyter-execute", *lessons)


@pytest.mark.slow
def test_every_assignment_can_be_checked_and_packed_in_a_terminal_of_the_image(
    built: Path, environment: dict[str, str]
) -> None:
    names = sorted(path.stem for path in built.glob("assignments/*/*.ipynb"))
    notebooks = [f"assignments/{name}/{name}.ipynb" for name in names]
    told = run(built, environment, "binder/start", "nbgrader", "validate", *notebooks)
    assert told.count("SEL BELUM LOLOS") == len(names), told
    assert not re.search("FileNotFoundError|ModuleNotFoundError", told)
    run(built / "assignments", environment, "melayani", "serahkan", names[-1], "0007")
    assert len(list((built / "assignments").glob(f"{names[-1]}_0007_*.zip"))) == 1
