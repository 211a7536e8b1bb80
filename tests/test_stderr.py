"""Warnings cost nothing, in autograde and in Validate; errors still do. Compared with stock nbgrader."""

from __future__ import annotations

from pathlib import Path

import kursus
import pytest

pytestmark = pytest.mark.slow  # it drives the real nbgrader

STOCK = """
c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:"]
c.Autograde.autograde_preprocessors[0] = "nbgrader.preprocessors.Execute"
"""

NOISY = """\
import logging, os, sys, warnings
old = sys.stderr
logging.getLogger().addHandler(logging.StreamHandler(old))
warnings.simplefilter("always")

def giliran(orang, menit):
    warnings.warn("kolom akan berganti nama")
    logging.warning("pencatat memegang aliran lama")
    print("catatan", file=sys.stderr)
    os.write(2, b"pustaka C")
    sys.stderr = old
    print("catatan sesudah aliran diganti", file=sys.stderr)
    return orang * menit
"""
BROKEN = NOISY.replace("return orang * menit", "raise ValueError(orang)")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = kursus.make_course(tmp_path_factory.mktemp("kursus"))
    kursus.hand_in(root, "ani", {"giliran": NOISY, "alasan": "Ada."})
    kursus.hand_in(root, "budi", {"giliran": BROKEN})
    code, log = kursus.nbgrader(root, "autograde", kursus.ASSIGNMENT)
    assert code == 0, log
    return root


def test_noise_in_a_passing_test_costs_nothing(course: Path) -> None:
    scores = kursus.scores(course, "ani")
    assert (scores["giliran-uji"], scores["giliran-uji-tersembunyi"]) == (2, 3)


def test_an_error_still_costs(course: Path) -> None:
    scores = kursus.scores(course, "budi")
    assert (scores["giliran-uji"], scores["giliran-uji-tersembunyi"]) == (0, 0)


def test_validate_agrees_and_stock_does_not(course: Path, tmp_path: Path) -> None:
    stock = kursus.make_course(tmp_path, config=STOCK)
    for root, passes in ((course, True), (stock, False)):
        path = kursus.hand_in(root, "ani", {"giliran": NOISY, "alasan": "Ada."})
        _, text = kursus.nbgrader(root, "validate", str(path))
        assert ("passes all the tests" in text) is passes, text
    kursus.nbgrader(stock, "autograde", kursus.ASSIGNMENT)
    assert kursus.scores(stock, "ani")["giliran-uji"] == 0
