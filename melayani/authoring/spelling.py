"""Misspelt words in Bahasa Indonesia: Debian's hunspell-id, read by spylls, four rules and the course's own words.

hunspell-id knows 31,000 stems. It takes some wrong forms for right (*mempengaruhi*); those stand in
bahasa/bentuk_keliru.txt, which melayani.authoring.text reads.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from pathlib import Path

from spylls.hunspell import Dictionary

DICTIONARY = Path("/usr/share/hunspell/id_ID.dic")
WORDS = Path(__file__).parent / "bahasa" / "kata.txt"

# A word, or words joined by hyphens or an apostrophe; no part of A-007, lama_tunggu, skor.csv, solutions/, exit().
_WORD = re.compile(r"(?<![\w./@-])[^\W\d_]+(?:[-'’][^\W\d_]+)*(?![\w@/(]|[.-]\w)")
_JOINED = re.compile(r"(?<![\w./])([^\W\d_]+)/([^\W\d_]+)(?!\w|[./]\w)")  # dan/atau, but not docs/pengajar.md
_CLITIC = re.compile(r"(?P<stem>.{2,}?)(?:nya|mu|ku|lah|kah)")
_LONGEST_ACRONYM = 5


def read_words(path: Path = WORDS) -> frozenset[str]:
    """Return the lines of a list of words and labels; `#` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line)


class Speller:
    """Tells whether a word is right. `words` are right beside those of the dictionary, as their list says.

    A word in lower case is right in any case, one with capitals only as written or all in capitals. An entry of
    several words is a label (of a menu): as a whole it is no text.
    """

    def __init__(self, words: Collection[str]) -> None:
        """Read the dictionary (half a second). Raises FileNotFoundError where hunspell-id is not installed."""
        self._dictionary = Dictionary.from_files(str(DICTIONARY.with_suffix("")))
        self._words = frozenset(words)
        labels = sorted((word for word in words if " " in word), key=len, reverse=True)
        self._labels = re.compile(rf"\b(?:{'|'.join(map(re.escape, labels)) or '(?!)'})\b")
        self._capitals = frozenset(word.upper() for word in words)
        self._known: dict[str, bool] = {}

    def misspelt(self, text: str, names: Collection[str] = ()) -> list[str]:
        """Return the words of `text` that are not right, each once, in order; `names` are right in this text."""
        plain = _JOINED.sub(r"\1 \2", self._labels.sub(" ", " ".join(text.split())))
        found = dict.fromkeys(_WORD.findall(plain))
        return [word for word in found if word not in names and not self.is_right(word)]

    def is_right(self, word: str) -> bool:
        """Return whether `word` is written as it should be, as far as the dictionary and the rules can tell."""
        if word not in self._known:
            self._known[word] = self._is_right(word)
        return self._known[word]

    def _is_right(self, word: str) -> bool:
        if len(word) == 1 or (word.isupper() and len(word) <= _LONGEST_ACRONYM):
            return True
        # A name such as NumPy.
        if re.search(r"[a-z][A-Z]", word) or self._listed(word):
            return True
        lower = word.lower()
        # Rule: a clitic may follow any right word.
        clitic = _CLITIC.fullmatch(lower)
        if clitic and self._listed(word[: clitic.end("stem")]):
            return True
        # Rule: the imperative or passive stem X-kan, X-i is right if di-X-kan, di-X-i is.
        if lower.endswith(("kan", "i")) and self._listed(f"di{lower}"):
            return True
        # Rule: ketidak-X-an is right if X is.
        if lower.startswith("ketidak") and lower.endswith("an") and self._listed(lower[7:-2]):
            return True
        # Rule: a hyphenated word is right if all its parts are (rata-rata, loket-loketnya, se-Jawa).
        parts = word.split("-")
        return len(parts) > 1 and all(part in _PARTS or self.is_right(part) for part in parts)

    def _listed(self, word: str) -> bool:
        lower = word.lower()
        if word in self._words or lower in self._words or word in self._capitals:
            return True
        return bool(self._dictionary.lookup(lower if word.isupper() else word))


# Joined with a hyphen to capitals, figures and foreign words: se-Jawa, KTP-nya.
_PARTS = {"se", "non", "pasca", "pra", "ke", "ber", "di", "ter", "nya", "mu", "ku"}


@functools.cache
def speller() -> Speller:
    """Return the speller with the course's own words, read once a process."""
    return Speller(read_words())


def is_installed() -> bool:
    """Return whether the Debian package hunspell-id is there."""
    return DICTIONARY.is_file()
