"""README's pictures: the command that takes them, and that what it takes shows something."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import browser
import pytest
from pictures import PICTURES
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("readme", ["README.md", "README.id.md"])
def test_a_readme_shows_no_other_pictures(readme: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(docs/gambar/([^)]+)\)", (ROOT / readme).read_text("utf-8"))
    assert shown and set(shown) <= set(PICTURES)


def check(path: Path) -> None:
    """The picture is small, has the window's size, and is not one even surface."""
    assert path.stat().st_size <= 150_000
    with Image.open(path) as picture:
        assert picture.size == (1366, 768)
        grey = picture.convert("L")
    counts = grey.histogram()
    assert sum(counts[:100]) > 5_000, "hardly anything dark, like text, on it"
    assert max(counts) < 0.95 * 1366 * 768
    # Text from top to bottom: every sixth of the height has something dark on it.
    for top in range(0, 768, 128):
        assert sum(grey.crop((0, top, 1366, top + 128)).histogram()[:100]) > 0, top


@pytest.mark.parametrize("name", PICTURES)
def test_the_stored_picture_shows_something(name: str) -> None:
    check(ROOT / "docs/gambar" / name)


@pytest.mark.slow
def test_the_command_takes_every_picture(tmp_path: Path) -> None:
    if not browser.CHROMIUM:
        pytest.skip("needs the Debian package chromium")
    done = subprocess.run([sys.executable, "tests/pictures.py", tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == set(PICTURES)
    for path in tmp_path.iterdir():
        check(path)
