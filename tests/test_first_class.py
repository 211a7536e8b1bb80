"""docs/pengajar/mulai.md followed to the letter: each command typed, each answer and score given in a real browser."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import browser
import kursus
import pytest
from websocket import WebSocket, create_connection

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "pengajar" / "mulai.md"
ADDRESS = "ALAMAT-REPOSITORI-INI"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str


def blocks() -> list[Block]:
    """Return the fenced blocks of the page, in order."""
    found = re.findall(r"^```(\w+)\n(.*?)\n```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [Block(language, text) for language, text in found]


def test_the_page_is_two_pages_long_and_its_minutes_make_an_hour() -> None:
    text = PAGE.read_text("utf-8")
    assert len(text.split()) <= 900
    assert sum(map(int, re.findall(r"^## .*\((\d+) menit\)$", text, re.MULTILINE))) <= 60


class Terminal:
    """A terminal in JupyterLab: a shell with the environment that the server gives it."""

    def __init__(self, address: str) -> None:
        """Open one on the server at `address`."""
        parts = urlsplit(address)
        headers = {"Authorization": "token " + parse_qs(parts.query)["token"][0]}
        with urllib.request.urlopen(
            urllib.request.Request(f"http://{parts.netloc}/api/terminals", b"{}", headers)
        ) as answer:
            name = json.load(answer)["name"]
        url = f"ws://{parts.netloc}/terminals/websocket/{name}"
        self._socket: WebSocket = create_connection(url, header=headers, timeout=300)

    def run(self, command: str) -> str:
        """Type `command`, wait until it has ended well, return what it wrote."""
        self._socket.send(json.dumps(["stdin", f"{command}; echo kode''nya $?\r"]))
        written = ""
        while not (ended := re.search(r"^kodenya (\d+)", written, re.MULTILINE)):
            kind, chunk = json.loads(self._socket.recv())
            written += re.sub(r"\x1b\[[?\d;]*[a-zA-Z]|\x1b\(B|\r", "", chunk) if kind == "stdout" else ""
        assert ended[1] == "0", written
        return written

    def close(self) -> None:
        """Leave it."""
        self._socket.close()


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a newcomer; where they type, ADDRESS is a repository of what git holds or would take here."""
    published = tmp_path / ADDRESS
    kursus.copy_committed(ROOT, published)
    author = ["-c", "user.name=uji", "-c", "user.email=uji@contoh.invalid"]
    for arguments in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "Published"]):
        subprocess.run(["git", *arguments], cwd=published, check=True)
    own = {name: value for name, value in os.environ.items() if not re.match("MELAYANI|JUPYTER", name)}
    yield own | {
        "HOME": str(tmp_path),
        "LAB_OPTIONS": "--no-browser --ServerApp.port=18960 --LabApp.expose_app_in_browser=True",
    }


def borrow_environment(clone: Path) -> None:
    """Give the clone this environment as if its own set-up had made it."""
    facts = (clone / "requirements.lock").read_bytes() + (clone / "pyproject.toml").read_bytes()
    (clone / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name != "melayani-stamp":
            (clone / ".venv" / entry.name).symlink_to(entry)
    stamp = f"{sys.version.split()[0]} {hashlib.sha256(facts).hexdigest()} {clone}\n"
    (clone / ".venv/melayani-stamp").write_text(stamp)


def agrees(expected: str, written: str) -> bool:
    """Return whether each expected line was written; … stands for anything."""
    return all(
        re.search(rf"^{'.*'.join(map(re.escape, line.split('…')))}$", written, re.MULTILINE)
        for line in expected.splitlines()
    )


def answer(page: Any, name: str, line: str) -> None:
    """Replace the stub of the code answer `name` by `line`, and run it."""
    stub = page.locator(".jp-Notebook .cm-line", has_text=f"{name} = ...").first
    stub.click()
    page.keyboard.press("End")
    page.keyboard.press("Shift+Home")
    page.keyboard.insert_text(line)
    page.keyboard.press("Shift+Enter")


def choose(page: Any, *labels: str) -> None:
    """Choose an entry of a menu, by the names that the page gives."""
    page.locator(".lm-MenuBar-item", has_text=labels[0]).click()
    for label in labels[1:]:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{re.escape(label)}$")).first.click()


def open_file(page: Any, *names: str) -> None:
    """Open a file from the panel on the left: the folder icon, then each folder, then the file."""
    page.locator(".jp-FileBrowser .jp-BreadCrumbs-home").first.click()
    for name in names:
        page.locator(".jp-DirListing-item", has_text=re.compile(f"^{re.escape(name)}")).first.dblclick()


def do_the_assignment(page: Any, first: str, second: str, third: str) -> None:
    """Section 3 up to the hand-in: open the file from the panel on the left, answer, run all, save."""
    open_file(page, "assignments", "00-orientasi", "00-orientasi.ipynb")
    page.get_by_role("heading", name="Tugas 00: Orientasi").wait_for()
    answer(page, "nama_layanan", first)
    answer(page, "jumlah_loket_buka", second)
    page.locator(".jp-Notebook em", has_text="Tulis jawaban Anda di sini.").first.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(third)
    page.keyboard.press("Shift+Enter")
    page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) [data-jp-item-name="restart-and-run"]').click()
    page.locator(".jp-Dialog .jp-mod-warn").click()
    page.locator(".jp-OutputArea-output", has_text="Uji lolos").nth(1).wait_for(state="attached")
    page.keyboard.press("Control+s")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")


def grade_by_hand(page: Any, points: str, comment: str) -> None:
    """Section 5: find the submission in Formgrader, give points and a comment."""
    choose(page, "Nbgrader", "Formgrader")
    page.locator("iframe").first.wait_for()
    form = page.frame_locator("iframe").first
    form.get_by_role("link", name="Manual Grading").click()
    form.locator("td").get_by_role("link", name="00-orientasi").click()
    form.get_by_role("heading", name="Manual Grading").wait_for()
    page.wait_for_function("frames[0].location.pathname.endsWith('/gradebook/00-orientasi')")
    form.locator("td").get_by_role("link", name="00-orientasi").click()
    form.get_by_role("link", name="Submission #1").click()
    box = form.locator(".nbgrader_cell", has_text="Jawaban: layanan yang ingin diperbaiki").last
    for field, text in (("input.score", points), ("textarea.comment", comment)):
        box.locator(field).click()
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        with page.expect_response(lambda response: response.request.method == "PUT") as saved:
            form.get_by_role("heading", name="Tugas 00: Orientasi").click()
        assert saved.value.ok


@pytest.mark.slow
def test_who_follows_the_page_returns_a_grade(newcomer: dict[str, str], tmp_path: Path) -> None:
    todo = blocks()
    code = [block.text for block in todo if block.language == "python"]
    prose = [block.text for block in todo if block.language == "markdown"]
    assert (len(code), len(prose)) == (2, 2)
    points = re.search(r"`/ 10\.0`, dengan `(\d+)`", PAGE.read_text("utf-8"))
    assert points
    install, *typed, tidy = [index for index, block in enumerate(todo) if block.language == "sh"]

    *before, last = todo[install].text.splitlines()
    subprocess.run("\n".join(["set -e", *before]), shell=True, cwd=tmp_path, env=newcomer, check=True)
    clone = tmp_path / "melayani"
    borrow_environment(clone)
    with (
        browser.jupyterlab(last.split(), clone, newcomer) as address,
        browser.opened(address) as (page, _),
        closing(Terminal(address)) as terminal,
    ):
        for index in typed:
            command = todo[index].text
            if command.startswith("melayani serahkan"):
                do_the_assignment(page, code[0], code[1], prose[0])
            if command.startswith("nbgrader generate_feedback"):
                grade_by_hand(page, points[1], prose[1])
            written = terminal.run(command)
            assert todo[index + 1].language == "text"
            assert agrees(todo[index + 1].text, written), written
            if command.startswith("nbgrader generate_feedback"):
                open_file(page, "kelas", "feedback", "0007", "00-orientasi", "00-orientasi.html")
                feedback = page.frame_locator(".jp-HTMLViewer iframe")
                feedback.get_by_role("heading", name="Umpan balik").first.wait_for()
                returned = feedback.locator("body").inner_text()

    assert prose[1] in returned
    total = re.search(r"skor (\d+) dari (\d+)", PAGE.read_text("utf-8"))
    assert total
    with (clone / "skor.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert any(total[1] in row for row in rows), rows
    assert re.search(rf"Skor\s+{total[1]}\s+dari {total[2]}", returned)

    subprocess.run(f"set -e\n{todo[tidy].text}", shell=True, cwd=clone, env=newcomer, check=True)
    left = subprocess.run(["git", "status", "--short"], cwd=clone, capture_output=True, text=True, check=True)
    assert left.stdout == ""
