"""Take README's pictures, by a browser from the real thing: `python tests/pictures.py [FOLDER]`."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import browser
import kursus
from PIL import Image
from playwright.sync_api import sync_playwright

from melayani.classroom.sample_class import CLASS, Assignment

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "01-nilai-dan-variabel"
ROLE = "keliru"
HANDED_IN, GRADED = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 3, 3, tzinfo=UTC)
COLOURS = 128


def lesson(folder: Path) -> bytes:
    """Return the first lesson with its slider moved, in a session as Binder starts it."""
    with browser.binder_session(folder, port=18990) as address, browser.opened(address) as (page, _):
        page.locator(".jp-Notebook h1").first.wait_for()
        browser.run_all(page)
        handle = page.get_by_role("slider").first
        handle.focus()
        page.keyboard.press("ArrowRight")
        page.get_by_text("Dengan 3 loket").wait_for()
        page.get_by_role("heading", name="Coba sendiri 1").evaluate("heading => heading.scrollIntoView()")
        return _shot(page)


def feedback(folder: Path) -> bytes:
    """Return the first item on the page that a trainee of the sample class gets back, its hidden test having failed."""
    root = kursus.make_course(folder, released=False)
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, root / "solutions" / ASSIGNMENT)
    _nbgrader(root, "generate_assignment")
    (work,) = Assignment(ROOT, ASSIGNMENT, root / "assignments" / ASSIGNMENT).hand_ins(ROLE)
    trainee = next(trainee for trainee in CLASS if trainee.role == ROLE)
    submitted = root / "kelas/submitted" / trainee.id / ASSIGNMENT
    submitted.mkdir(parents=True)
    (submitted / work.file).write_bytes(work.content)
    (submitted / "timestamp.txt").write_text(f"{HANDED_IN:%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")
    with kursus.gradebook(root) as book:
        book.add_student(trainee.id, first_name=trainee.first_name, last_name=trainee.last_name)
    _nbgrader(root, "autograde")
    graded = root / "kelas/autograded" / trainee.id / ASSIGNMENT / work.file
    os.utime(graded, (GRADED.timestamp(), GRADED.timestamp()))
    _nbgrader(root, "generate_feedback")
    (html,) = (root / "kelas/feedback" / trainee.id / ASSIGNMENT).glob("*.html")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        page.goto(html.as_uri())
        page.locator(".answer").first.evaluate("section => section.scrollIntoView({behavior: 'instant'})")
        shot = _shot(page)
        chromium.close()
    return shot


def _nbgrader(root: Path, command: str) -> None:
    code, log = kursus.nbgrader(root, command, ASSIGNMENT)
    if code:
        raise RuntimeError(log)


def _shot(page: Any) -> bytes:
    """Return what the window shows as a PNG with few colours."""
    picture = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    small = BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


PICTURES = {"pelajaran.png": lesson, "umpan-balik.png": feedback}


def main(folder: Path) -> None:
    """Write PICTURES into `folder`."""
    for name, take in PICTURES.items():
        with TemporaryDirectory() as temporary:
            (folder / name).write_bytes(take(Path(temporary)))
        print(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "gambar")
