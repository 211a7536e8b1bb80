"""A trainee's first evening: Binder's server in a browser, a lesson, and an assignment from wrong to right to saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import browser
import nbformat
import pytest
from browser import run_all, wait_for_kernel

LESSON = "course/00-orientasi/1-melayani-bukan-dilayani.ipynb"
ASSIGNMENT = "assignments/01-nilai-dan-variabel/01-nilai-dan-variabel.ipynb"

pytestmark = pytest.mark.slow


def move_the_slider(page: Any) -> None:
    """Move the handle with the arrow key; text and bars follow."""
    handle = page.get_by_role("slider").first
    handle.scroll_into_view_if_needed()
    shown = page.locator(".jp-OutputArea", has=page.get_by_role("slider")).first
    bars = "Array.from(element.querySelectorAll('td div'), bar => bar.style.backgroundColor)"
    before = shown.evaluate(f"element => {bars}")
    assert "Dengan 2 loket, rata-rata waktu tunggu 30 menit." in shown.inner_text()
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Dengan 3 loket, rata-rata waktu tunggu 20 menit.").wait_for()
    after = shown.evaluate(f"element => {bars}")
    assert [index for index in range(6) if before[index] != after[index]] == [1, 2]


def answer_by_keyboard(page: Any) -> None:
    """Go from the top of the lesson to *Cek pemahaman* and open its first choice, with keys only."""
    active = "window.jupyterapp.shell.currentWidget.content.activeCell"
    for _ in range(page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")):
        if page.evaluate(f"{active}.model.sharedModel.source.startsWith('## Cek pemahaman')"):
            break
        page.keyboard.press("ArrowDown")
    focused = "document.activeElement"
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate(f"{focused}.tagName === 'SUMMARY'"):
            break
    assert page.evaluate(f"{focused}.closest('.jp-Cell').innerText.startsWith('Cek pemahaman')")
    choice = page.locator("details", has=page.locator("summary:focus"))
    assert choice.get_attribute("open") is None
    page.keyboard.press("Enter")
    assert re.match(r"Tepat\.|Belum tepat\.", choice.locator("p").first.inner_text())


def open_file(page: Any, path: str) -> None:
    """Open `path` from the panel on the left by clicks."""
    page.locator(".jp-FileBrowser .jp-BreadCrumbs-home").first.click()
    for name in path.split("/"):
        page.locator(".jp-DirListing-item", has_text=re.compile(f"^{re.escape(name)}")).first.dblclick()
    page.wait_for_function("path => window.jupyterapp.shell.currentWidget.context?.path === path", arg=path)
    wait_for_kernel(page)


def cell(page: Any, first_line: str) -> Any:
    """Return the cell of the notebook in front that starts with `first_line`."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").filter(
        has=page.locator(".cm-line:first-child", has_text=re.compile(f"^{re.escape(first_line)}$"))
    )


def run(page: Any, first_line: str) -> Any:
    """Click into a code cell, run it with Shift+Enter, return what stands below it."""
    found = cell(page, first_line)
    found.locator(".cm-line").first.click()
    page.keyboard.press("Shift+Enter")
    wait_for_kernel(page)
    return found.locator(".jp-OutputArea")


def answer(page: Any, first_line: str, last_line: str) -> None:
    """Write `last_line` in place of the last line of an answer cell, and run it."""
    cell(page, first_line).locator(".cm-line").last.click()
    page.keyboard.press("End")
    page.keyboard.press("Shift+Home")
    page.keyboard.insert_text(last_line)
    page.keyboard.press("Shift+Enter")
    wait_for_kernel(page)


def validate(page: Any) -> str:
    """Click Validate and return what its box says."""
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    dialog.get_by_role("button").wait_for()
    said: str = dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    return said


def test_a_trainee_reads_tries_fails_corrects_validates_and_saves(tmp_path: Path) -> None:
    errors: list[str] = []
    with (
        browser.binder_session(tmp_path, port=18970) as address,
        browser.opened(address, errors) as (page, requests),
    ):
        page.locator(".jp-Notebook h1").first.wait_for()
        assert urlsplit(page.url).path == f"/lab/tree/{LESSON}"
        assert page.evaluate("document.documentElement.lang") == "id-ID"
        answer_by_keyboard(page)
        run_all(page)
        move_the_slider(page)

        open_file(page, ASSIGNMENT)
        run(page, "# Masukan: lama-layanan")
        answer(page, "# Jawaban: lama-layanan", "lama_layanan_menit = menit_selesai - menit_mulai")
        below = run(page, "# Uji contoh: lama-layanan")
        message = "lama_layanan_menit seharusnya 75, tetapi hasilnya -45"
        below.get_by_text(message).first.wait_for()
        assert message in validate(page)
        answer(
            page,
            "# Jawaban: lama-layanan",
            "lama_layanan_menit = (jam_selesai - jam_mulai) * 60 + menit_selesai - menit_mulai",
        )
        run(page, "# Uji contoh: lama-layanan")
        below.get_by_text("Semua uji contoh lolos.").wait_for()
        assert message not in below.inner_text()
        assert message not in validate(page)
        page.keyboard.press("Control+s")
        page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")

        assert page.get_by_text("Formgrader").count() == 0
        assert page.locator(".lm-MenuBar-item", has_text="Nbgrader").count() == 0
        commands = page.evaluate("window.jupyterapp.commands.listCommands()")
        assert [name for name in commands if name.startswith("nbgrader:")] == []
        assert {urlsplit(url).netloc for url in requests} == {urlsplit(address).netloc}
    assert not errors
    saved = nbformat.read(tmp_path / ASSIGNMENT, as_version=4)
    assert any(cell.source.endswith("* 60 + menit_selesai - menit_mulai") for cell in saved.cells)
