"""`make lab` and `make instructor`: the real server, and the page that a trainee and an instructor see."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import browser
import pytest
from websocket import create_connection

ROOT = Path(__file__).resolve().parent.parent
LESSON = "course/00-orientasi/1-melayani-bukan-dilayani.ipynb"

pytestmark = pytest.mark.slow


def server(target: str, home: Path, classroom: Path, port: int = 18940) -> AbstractContextManager[str]:
    """Run `make TARGET` as a new user does, without a browser; yield the address that it prints."""
    options = f"--no-browser --ServerApp.port={port} --LabApp.expose_app_in_browser=True"
    mine = {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter"), "MELAYANI_KELAS": str(classroom)}
    return browser.jupyterlab(["make", target, f"LAB_OPTIONS={options}"], ROOT, os.environ | mine)


def status(address: str, path: str) -> int:
    """Return the HTTP status of `path` on the server at `address`, asked with its token."""
    parts = urlsplit(address)
    request = urllib.request.Request(f"{parts.scheme}://{parts.netloc}/{path}?{parts.query}")
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@contextmanager
def first_lesson(address: str) -> Iterator[tuple[Any, list[str]]]:
    """Open `address` in a browser; yield the page with the lesson on it, and the requests it has made."""
    with browser.opened(address) as (page, requests):
        page.locator(".jp-Notebook h1").first.wait_for()
        yield page, requests


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kelas")


@pytest.fixture(scope="module")
def trainee(classroom: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server("lab", tmp_path_factory.mktemp("trainee"), classroom) as address:
        yield address


def test_the_server_opens_the_first_lesson_and_has_no_formgrader(trainee: str) -> None:
    assert urlsplit(trainee).path == f"/lab/tree/{LESSON}"
    assert status(trainee, "lab") == 200
    assert status(trainee, "formgrader") == 404
    assert status(trainee, "assignments") == 404
    # Validate is there (it wants a POST).
    assert status(trainee, "assignments/validate") == 405


def test_a_trainee_sees_the_lesson_in_bahasa_with_validate_and_nothing_from_outside(trainee: str) -> None:
    with first_lesson(trainee) as (page, requests):
        assert page.evaluate("document.documentElement.lang") == "id-ID"
        assert page.get_by_text("Nama", exact=True).count() == 1
        assert page.get_by_role("button", name="Validate").count() == 1
        assert page.get_by_text("Formgrader").count() == 0
        assert page.locator(".Toastify__toast").count() == 0
        assert {urlsplit(url).netloc for url in requests} == {urlsplit(trainee).netloc}
        width = "document.querySelector('.jp-WindowedPanel-outer, .jp-Notebook')"
        assert page.evaluate(f"{width}.scrollWidth <= {width}.clientWidth")


def test_nbgrader_in_a_terminal_in_a_subfolder_uses_the_course(trainee: str, classroom: Path) -> None:
    parts = urlsplit(trainee)
    headers = {"Authorization": "token " + parse_qs(parts.query)["token"][0]}
    body = json.dumps({"cwd": "course/00-orientasi"}).encode()
    url = f"http://{parts.netloc}/api/terminals"
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        name = json.load(answer)["name"]
    terminal = create_connection(f"ws://{parts.netloc}/terminals/websocket/{name}", header=headers, timeout=60)
    terminal.send(json.dumps(["stdin", "pwd; nbgrader db assignment list; echo sele''sai\r"]))
    text = ""
    while "selesai" not in text:
        kind, chunk = json.loads(terminal.recv())
        text += chunk if kind == "stdout" else ""
    terminal.close()
    assert f"{ROOT}/course/00-orientasi" in text
    assert "There are 0 assignments" in text
    # Without our settings nbgrader would have made its gradebook where it was called.
    assert (classroom / "gradebook.db").exists()
    assert not (ROOT / "course/00-orientasi/gradebook.db").exists()


def test_an_instructor_has_formgrader_and_assignment_list_and_a_busy_port_is_no_obstacle(
    trainee: str, classroom: Path, tmp_path: Path
) -> None:
    busy = urlsplit(trainee).port
    assert busy
    with server("instructor", tmp_path, classroom, busy) as address:
        assert urlsplit(address).port != busy
        assert status(address, "formgrader") == 200
        assert status(address, "courses") == 200
        with first_lesson(address) as (page, _):
            page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
            items = page.locator(".lm-Menu-itemLabel").all_inner_texts()
            assert {"Assignment List", "Formgrader"} <= set(items), items
