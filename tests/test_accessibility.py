"""axe-core on what trainees read: every lesson and assignment as HTML, and feedback pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import browser
import kursus
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [
    path.relative_to(ROOT).as_posix()
    for pattern in ("course/[0-9]*/*.ipynb", "assignments/*/*.ipynb")
    for path in sorted(ROOT.glob(pattern))
]

#: nbconvert's shell: In [1], Out [1] and coloured code, in colours that no text of ours can mend.
SHELL = [[".jp-InputPrompt"], [".jp-OutputPrompt"], [".highlight"]]
#: Findings in what surrounds our texts: (rule, elements) and why.
KNOWN = {
    ("color-contrast", "[data-mime-type='application/vnd.jupyter.stderr']"): "IPython's colours of a traceback",
    ("link-in-text-block", ".jp-RenderedMarkdown a"): "JupyterLab's theme does not underline links",
}
#: What nbconvert writes where a picture has no text.
NO_TEXT = "No description has been provided for this image"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Finding:
    """A serious or critical finding: its rule, the element's HTML, and the key of KNOWN that explains it, if any."""

    rule: str
    html: str
    known: tuple[str, str] | None


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    if not browser.CHROMIUM:
        pytest.skip("needs the Debian package chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        # nbconvert names a CDN for scripts that no lesson needs.
        page.route("http*://**", lambda route: route.abort())
        yield page
        chromium.close()


def findings(page: Any, html: str) -> list[Finding]:
    """Return what axe finds in a page with every fold open."""
    page.set_content(html, wait_until="domcontentloaded")
    page.evaluate(
        """noText => {
            document.querySelectorAll('details').forEach(fold => { fold.open = true });
            document.querySelectorAll(`img[alt="${noText}"]`).forEach(image => image.removeAttribute('alt'));
        }""",
        NO_TEXT,
    )
    found = []
    for violation in Axe().run(page, context={"exclude": SHELL}).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            keys = [key for key in KNOWN if key[0] == violation["id"]]
            for node in violation["nodes"]:
                element = page.locator(node["target"][0]).first
                known = next((key for key in keys if element.evaluate("(e, part) => !!e.closest(part)", key[1])), None)
                found.append(Finding(violation["id"], node["html"], known))
    return found


def in_html(notebook: NotebookNode) -> str:
    """Return the notebook as nbconvert's lab template shows it."""
    html: str = HTMLExporter(template_name="lab").from_notebook_node(notebook)[0]
    return html


@pytest.fixture(scope="module")
def of_notebooks(page: Any) -> dict[str, list[Finding]]:
    return {name: findings(page, in_html(nbformat.read(ROOT / name, as_version=4))) for name in NOTEBOOKS}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_has_no_serious_finding_in_its_content(name: str, of_notebooks: dict[str, list[Finding]]) -> None:
    assert [finding for finding in of_notebooks[name] if not finding.known] == []


def test_each_exception_is_still_needed(of_notebooks: dict[str, list[Finding]]) -> None:
    used = {finding.known for found in of_notebooks.values() for finding in found}
    assert used - {None} == set(KNOWN)


def test_a_picture_without_text_a_pale_note_and_an_unnamed_link_are_found(page: Any) -> None:
    html = '<p style="color: #bbb">pucat</p><p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>'
    cells = [
        new_markdown_cell(f"# Judul\n\n{html}\n\nSatu [](https://contoh.invalid) tautan."),
        new_code_cell("1", outputs=[new_output("display_data", {"text/html": html})]),
    ]
    found = [finding.rule for finding in findings(page, in_html(new_notebook(cells=cells))) if not finding.known]
    assert sorted(found) == ["color-contrast"] * 2 + ["image-alt"] * 2 + ["link-name"]


DRAWS = """\
import matplotlib.pyplot as plt
import pandas as pd
plt.plot([1, 2, 3])
plt.show()
print("giliran")
pd.DataFrame({"loket": [1, 2], "menit": [7.5, 12]})"""


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Feedback pages: ani right, with picture, table and text; budi half right, late, graded; citra's code stops."""
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"))
    text = (
        "Saya menghitung *per orang*.\n\n| Loket | Menit |\n|---|---|\n| 1 | 5 |\n\n![](https://contoh.invalid/x.png)"
    )
    kursus.hand_in(root, "ani", {"giliran": f"{kursus.RIGHT}\n{DRAWS}", "alasan": text})
    kursus.hand_in(root, "budi", {"giliran": kursus.HALF, "alasan": "Ada."}, when="2026-03-03 04:30:00 UTC")
    kursus.hand_in(root, "citra", {"giliran": "def giliran(orang, menit):\n    return {}[orang]\n\n\ngiliran(1, 2)"})
    with kursus.gradebook(root) as book:
        book.update_or_create_assignment(kursus.ASSIGNMENT, duedate="2026-03-02 01:00:00 UTC")
    code, log = kursus.nbgrader(root, "autograde", kursus.ASSIGNMENT)
    assert code == 0, log
    with kursus.gradebook(root) as book:
        grade = book.find_grade("alasan", kursus.ASSIGNMENT, kursus.ASSIGNMENT, "budi")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        comment = book.find_comment("alasan", kursus.ASSIGNMENT, kursus.ASSIGNMENT, "budi")
        comment.manual_comment = "Sebutkan **satuannya**, seperti dalam [pelajaran](https://contoh.invalid)."
        book.db.commit()
    code, log = kursus.nbgrader(root, "generate_feedback", kursus.ASSIGNMENT)
    assert code == 0, log
    pages = root / "kelas/feedback"
    return {path.relative_to(pages).parts[0]: path.read_text("utf-8") for path in pages.rglob("*.html")}


@pytest.mark.parametrize("student", ["ani", "budi", "citra"])
def test_a_feedback_page_has_no_serious_finding(student: str, feedback: dict[str, str], page: Any) -> None:
    assert findings(page, feedback[student]) == []
