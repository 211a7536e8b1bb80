"""A real JupyterLab and a real browser, for tests of what people see and for the pictures of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "token-untuk-uji"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def jupyterlab(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run `command`, which starts JupyterLab, in `folder`; yield the address that it prints, token included."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1\S+", line):
                break
        else:
            pytest.fail("".join(lines))
        # The pipe is read on, lest the server wait for us.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        _wait_until_it_listens(found[0])
        yield found[0]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def outside_environment(home: Path) -> dict[str, str]:
    """Return an environment with this one's packages and none of its Jupyter settings."""
    own = {name: value for name, value in os.environ.items() if not re.match("MELAYANI|JUPYTER", name)}
    return own | {"HOME": str(home), "PATH": os.pathsep.join([str(Path(sys.executable).parent), own["PATH"]])}


@contextmanager
def binder_session(folder: Path, port: int) -> Iterator[str]:
    """Lay a session's files into `folder` and start JupyterLab there by binder/start; yield the address, with token."""
    for name in ("assignments", "binder", "config", "course"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "pengajar"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    command = ["binder/start", "jupyter-lab", "--ip=127.0.0.1", f"--port={port}", "--no-browser"]
    command += [f"--ServerApp.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    with jupyterlab(command, folder, outside_environment(folder) | {"REPO_DIR": str(folder)}) as printed:
        yield f"http://{urlsplit(printed).netloc}/?token={TOKEN}"


def wait_for_kernel(page: Any) -> None:
    """Wait until the notebook in front is loaded and its kernel idle."""
    page.wait_for_function(
        """() => {
            const panel = window.jupyterapp.shell.currentWidget;
            const kernel = panel?.context?.isReady && panel.sessionContext?.session?.kernel;
            return kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle';
        }"""
    )


def run_all(page: Any) -> None:
    """Run all cells of the notebook in front, as the menu does, until each with code in it has run."""
    wait_for_kernel(page)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
            .filter(cell => cell.model.type === 'code' && /^[^#\\s]/m.test(cell.model.sharedModel.source))
            .every(cell => cell.model.executionCount && cell.model.executionState !== 'running')"""
    )
    wait_for_kernel(page)


def _wait_until_it_listens(address: str) -> None:
    """The address is printed a moment before the server answers on it."""
    parts = urlsplit(address)
    for _ in range(100):
        with suppress(ConnectionRefusedError), socket.create_connection((parts.hostname, parts.port)):
            return
        time.sleep(0.1)
    pytest.fail(f"nobody answers at {address}")


@contextmanager
def opened(address: str, errors: list[str] | None = None) -> Iterator[tuple[Any, list[str]]]:
    """Open JupyterLab at `address` on a small laptop; yield the page, and the addresses it has asked so far.

    The server has the option LabApp.expose_app_in_browser. What the page's scripts complain about is added to `errors`.
    Without chromium the test is skipped.
    """
    if not CHROMIUM:
        pytest.skip("needs the Debian package chromium")
    said = [] if errors is None else errors
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(120_000)
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        page.wait_for_function("window.jupyterapp?.restored?.then(() => true)")
        yield page, requests
        browser.close()
