"""Finds NIK, No. KK, NIP and telephone numbers that could be a real person's, in every committed file.

Only forms that can't belong to anybody are let through (FORMS says which, and why). A number is looked at only if
it decodes as what it looks like: 9007199254740992 has 16 digits, but no province and no month.
"""

from __future__ import annotations

import base64
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: What to write instead.
FORMS = {
    "NIK": "3599 + kecamatan 01–12 + DDMMYY + 9001–9999 (no such kabupaten), or serial 0000 (serials start at 0001)",
    "NIP": "serial 000 (serials start at 001), as in 19910305 201903 2 000",
    "telephone number": "0841–0849 and 8 digits (numbers that are not given out), as in 0845-1234-5678",
}

# Kepmendagri 300.2.2-2430/2025.
_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_DAY_IN_NIK = r"(?:[04][1-9]|[1256]\d|[37][01])"  # women's days are 41–71
_MONTH = r"(?:0[1-9]|1[0-2])"
_GAP = "[ .\u00a0\u2009\u202f\u2013-]?"
# Not inside a longer number, a checksum or a name, nor behind a decimal point.
_START, _END = r"(?<!\w)(?<!\d\.)", r"(?!\w)"
_NIK = re.compile(_START + _GAP.join([_PROVINCE, r"\d\d", r"\d\d", _DAY_IN_NIK, _MONTH, r"\d\d", r"\d{4}"]) + _END)
_NIK_GROUPS = {(16,), (6, 10), (6, 6, 4), (4, 4, 4, 4), (2, 2, 2, 6, 4)}
# The month of a NI PPPK is a kind of contract: any two digits.
_NIP = re.compile(
    _START + _GAP.join([rf"(?:19[3-9]|20[0-2])\d{_MONTH}{_DAY}", r"(?:19[6-9]|20[0-3])\d\d\d", "[12]", r"\d{3}"]) + _END
)
_MOBILE = re.compile(rf"{_START}(?:\(?\+?62\)?{_GAP}0?|0)8[1-9](?:{_GAP}\d){{7,10}}{_END}")
_AREA = r"(?:\(0[2-79]\d{1,2}\) ?|(?:\+62 |0)[2-79]\d{1,2}[ -])"
_LANDLINE = re.compile(rf"{_START}(?<!\d[ -]){_AREA}\d{{3,4}}{_GAP}\d{{3,4}}{_END}(?![ -]\d)")

_SVG_PATH = re.compile(r"\bd=\\?\"[-MLHVCSQTAZ\d\s.,\\n]+\"", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:[nrtbf\"'/]|u[0-9a-fA-F]{4})")
_DATA_URI = re.compile(r"base64,([A-Za-z0-9+/]+=*)")


@dataclass(frozen=True)
class Finding:
    """A number that could be real. A part of a file (in a zip, a picture in a notebook) is named behind `!`."""

    file: str
    line: int
    kind: str
    number: str

    def __str__(self) -> str:
        """Return file, line, what it is and what to write instead; half of the number, as reports are public."""
        shown = self.number[: len(self.number) // 2] + "…"
        return f"{self.file}:{self.line}: {shown} could be a real {self.kind}; write {FORMS[self.kind]}"


def scan(content: bytes, file: str) -> list[Finding]:
    """Return the numbers in a file's bytes that could be real, also inside zips (xlsx) and data URIs.

    Whatever is no text is read as bytes for letters; compressed pictures hold no numbers.
    """
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info.filename for info in archive.infolist() if not info.is_dir()]
            return [finding for name in members for finding in scan(archive.read(name), f"{file}!{name}")]
    text = _decode(content)
    found = _scan_text(text, file)
    for match in _DATA_URI.finditer(text):
        inner = base64.b64decode(match[1] + "=" * (-len(match[1]) % 4))
        found += _scan_text(_decode(inner), f"{file}!data")
    return found


def _decode(content: bytes) -> str:
    wide = content.count(b"\0") > len(content) // 3  # UTF-16
    content = content.replace(b"\0", b"" if wide else b" ")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _scan_text(text: str, file: str) -> list[Finding]:
    # In JSON and Python an escape such as \n ends in a letter to a regular expression.
    plain = _ESCAPE.sub(_blanks, _SVG_PATH.sub(_blanks, text))
    return [
        Finding(file, plain.count("\n", 0, start) + 1, kind, number) for start, kind, number in sorted(_numbers(plain))
    ]


def _blanks(match: re.Match[str]) -> str:
    """Return `match` without its text; offsets and lines stay as they are."""
    return re.sub(r"[^\n]", " ", match[0])


def _numbers(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, kind, number) of what could be real."""
    for match in _NIK.finditer(text):
        groups = re.findall(r"\d+", match[0])
        digits = "".join(groups)
        made_up = digits.endswith("0000") or re.fullmatch(r"3599.{8}9(?!000).{3}", digits)
        if tuple(map(len, groups)) in _NIK_GROUPS and not made_up:
            yield match.start(), "NIK", match[0]
    for match in _NIP.finditer(text):
        if not match[0].endswith("000"):
            yield match.start(), "NIP", match[0]
    for match in _MOBILE.finditer(text):
        if not re.match(r"(?:62)?0?84[1-9]", re.sub(r"\D", "", match[0])):
            yield match.start(), "telephone number", match[0]
    for match in _LANDLINE.finditer(text):
        yield match.start(), "telephone number", match[0]


def committed(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content on disk) of every file that git tracks below `root`."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True).stdout
    for name in sorted(set(listed.decode("utf-8").split("\0")) - {""}):
        if (root / name).is_file():
            yield name, (root / name).read_bytes()
