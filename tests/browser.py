"""A real JupyterLab and a real browser, for tests of what people see."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

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
