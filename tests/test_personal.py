"""No number in the repository can be a real person's NIK, NIP or telephone number."""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from melayani.authoring.personal import FORMS, committed, scan

ROOT = Path(__file__).resolve().parent.parent

# Numbers that could be real are put together here, so that this file holds none.
NIK = "357808" + "410203" + "0001"
NIP = "19910305" + "201903" + "2" + "001"
PHONE = "0812" + "3456" + "7890"

COULD_BE_REAL = [
    ("NIK", NIK),
    ("NIK", "3578 0841 0203 " + "0001"),
    ("NIK", "357808.410203." + "0001"),
    ("NIK", "359903" + "410203" + "0001"),  # our kabupaten, but a serial from the range that is given out
    ("NIK", "11" + "71013112990123"),
    ("NIP", NIP),
    ("NIP", "19910305 201903 2 " + "001"),
    ("NIP", "19880817" + "202521" + "1" + "014"),  # NI PPPK
    ("telephone number", PHONE),
    ("telephone number", "0812-3456-" + "7890"),
    ("telephone number", "+62 812 3456 " + "7890"),
    ("telephone number", "62" + "81234567890"),
    ("telephone number", "+62 0812 3456 " + "7890"),
    ("telephone number", "081 234 567 " + "890"),
    ("telephone number", "(031) " + "5477551"),
    ("telephone number", "031-" + "5477551"),
]
NOBODYS = [
    "3599034102039001",
    "3599 0341 0203 9001",
    "3578084102030000",
    "199103052019032000",
    "19910305 201903 2 000",
    "0845-1234-5678",
    "+62 845 1234 5678",
    "9007199254740992",  # 2 ** 53
    "0.3578084102030001",
    "3.0812345678901234",
    "sha256:a3578084102030001f",
    "2026-03-02 08.15 2026-03-13 15.30",
    "11 12 13 14 10 15 2026",
    "A-007, 112, 1708, 500.16.7.2/0123/35.99/2026",
]


@pytest.mark.parametrize(("kind", "number"), COULD_BE_REAL)
@pytest.mark.parametrize("frame", ["nik = '{}'", "7,{},Sri\n", "\n{}", '{{"a": "baris\\n{}"}}', "({})", "Nomor: {}."])
def test_a_number_that_could_be_real_is_refused_with_its_place_and_the_right_form(
    kind: str, number: str, frame: str
) -> None:
    (finding,) = scan(("# judul\n" + frame.format(number)).encode(), "data.csv")
    assert finding.kind == kind
    assert finding.number.strip("()") in number
    assert finding.line == 2 + frame.startswith("\n")
    assert str(finding).startswith(f"data.csv:{finding.line}: ")
    assert FORMS[kind] in str(finding)
    assert number not in str(finding)


@pytest.mark.parametrize("number", NOBODYS)
def test_what_can_be_nobodys_number_is_let_through(number: str) -> None:
    assert not scan(f"x = {number}\n".encode(), "data.csv")


def xlsx(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{text}</t></si>")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"cells": [{"source": ["a = 1\n", f"nik = {NIK}"]}]}, indent=1).encode(),
        json.dumps({"cells": [{"outputs": [{"text": f"\t{NIK}\n"}]}]}).encode(),
        json.dumps(
            {"html": "data:image/svg+xml;base64," + base64.b64encode(f"<text>{NIK}</text>".encode()).decode()}
        ).encode(),
        f"nama;nik\r\nSri;{NIK}\r\n".encode("utf-16"),
        f"nama;nik\r\nÉlia;{NIK}\r\n".encode("cp1252"),
        b"SQLite format 3\0" + NIK.encode() + b"\0\xff\xfe\xfd",
        xlsx(NIK),
    ],
    ids=["cell", "output", "picture", "utf-16", "cp1252", "binary", "xlsx"],
)
def test_it_is_found_in_every_kind_of_file(content: bytes) -> None:
    assert [finding.kind for finding in scan(content, "berkas")] == ["NIK"]


def test_only_files_that_git_tracks_are_read(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "data kelas.csv").write_text(NIK, encoding="utf-8")
    (tmp_path / "kelas.csv").write_text(NIK, encoding="utf-8")
    subprocess.run(["git", "add", "data kelas.csv"], cwd=tmp_path, check=True)
    assert dict(committed(tmp_path)) == {"data kelas.csv": NIK.encode()}


@pytest.mark.skipif(not (ROOT / ".git").exists() or shutil.which("git") is None, reason="not a git checkout")
def test_no_committed_file_holds_a_number_that_could_be_real() -> None:
    files = list(committed(ROOT))
    assert len(files) > 50
    findings = [str(finding) for name, content in files for finding in scan(content, name)]
    assert not findings, "\n".join(findings)
