"""`make bench`: that it counts what it says it counts, and that it can tell a grade that is not stock's."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bench.classes import Classes, differences
from bench.meter import Measured, Sample, measure
from bench.notebooks import ASSIGNMENTS, MODULE_02, PANDAS
from bench.report import document, draw, growth, promises
from bench.runs import CLUSTER, OURS, PLAIN, QUICK, STOCK, Bench, Cost, DifferentGradesError, Findings, cost

BURN = "import time\nwhile time.process_time() < 0.4: pass"
# Ends at once; what burns is an orphan in a session of its own.
ORPHAN = f"import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        exec({BURN!r})"


def measured(command: list[str], folder: Path) -> Measured:
    return measure(command, folder, dict(os.environ), folder / "log.txt")


@pytest.mark.slow
def test_the_cpu_of_orphans_is_counted_too(tmp_path: Path) -> None:
    ran = measured([sys.executable, "-c", ORPHAN], tmp_path)
    assert ran.cpu > 0.4
    assert ran.left_behind == 0
    assert ran.machine > 0


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap")
def test_the_cpu_of_processes_in_their_own_namespace_is_counted_too(tmp_path: Path) -> None:
    sandbox = [
        "bwrap",
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--unshare-pid",
        "--unshare-user",
        "--die-with-parent",
    ]
    # The command ends while its grandchild, the zygote's like, has burnt and is not waited for by anybody but init.
    program = f"import os, time\nif os.fork() == 0:\n    exec({BURN!r})\n    os._exit(0)\ntime.sleep(2.5)"
    assert measured([*sandbox, sys.executable, "-c", program], tmp_path).cpu > 0.4


def test_a_slope_and_its_start() -> None:
    few = [Measured(wall, 8.0, 8.0, 0, 0) for wall in (9.0, 7.0, 50.0)]
    many = [Measured(25.0, 16.0, 16.0, 0, 0)]
    assert cost(few, many, 40, 120) == Cost(wall=0.2, cpu=0.1, start_wall=1.0, start_cpu=4.0)


def test_grades_that_differ_or_are_missing_are_told() -> None:
    stock = {("0000", "a-uji"): (2.0, False), ("0000", "b-uji"): (3.0, False), ("0000", "c"): (None, True)}
    ours = {("0000", "a-uji"): (2.0, False), ("0000", "b-uji"): (0.0, False)}
    assert differences(stock, stock) == []
    assert [line.split(":")[0] for line in differences(ours, stock)] == ["0000 b-uji", "0000 c"]


def steady(done: int) -> Sample:
    return Sample(done, done / 10, 100 << 20, 60 << 20, 20, 3)


def test_growth_of_a_long_run_is_seen() -> None:
    even = [steady(done) for done in range(100, 1100, 100)]
    assert all(promise.kept for promise in growth(even))
    slower = [replace(sample, seconds=sample.done**2 / 1000) for sample in even]
    fatter = [replace(sample, main=sample.done << 20) for sample in even]
    leaking = [replace(sample, descriptors=sample.done) for sample in even]
    for bad in (slower, fatter, leaking):
        assert not all(promise.kept for promise in growth(bad))


def found() -> Findings:
    made = Findings(QUICK, grades=100, others=0.05)
    for assignment in ASSIGNMENTS:
        made.grading[assignment.name, STOCK] = Cost(1.6, 1.2, 4, 3)
        made.grading[assignment.name, PLAIN] = Cost(0.4, 0.3, 4, 3)
        made.grading[assignment.name, OURS] = Cost(0.1, 0.12, 4, 3)
        for sandboxed in (True, False):
            made.parts[assignment.name, sandboxed] = {
                part: {"wall": 0.02, "cpu": 0.01} for part in ("fork", "imports", "cells")
            }
        made.floor[assignment.name] = 0.007
    made.grading[PANDAS.name, CLUSTER] = Cost(0.11, 0, 5, 0)
    made.feedback = {STOCK: Cost(0.3, 0.3, 3, 2), OURS: Cost(0.1, 0.1, 3, 2)}
    made.memory = {STOCK: {"more": 96, "each": 97, "start": 2}, OURS: {"more": 40, "each": 45, "start": 90}}
    made.long = [steady(done) for done in range(100, 1100, 100)]
    return made


def test_the_document_and_the_picture_show_what_was_found(tmp_path: Path) -> None:
    text = document(found(), "make bench")
    assert "| pandas + matplotlib, 8 items: `melayani nilai`, times faster" in text
    assert "**no**" not in text
    draw(found(), tmp_path / "bench.png")
    assert (tmp_path / "bench.png").stat().st_size < 150_000


def test_a_missed_promise_is_marked() -> None:
    slow = found()
    slow.grading[PANDAS.name, OURS] = Cost(0.4, 0.5, 4, 3)
    assert [promise.kept for promise in promises(slow)[:2]] == [False, False]
    assert document(slow, "make bench").count("**no**") == 2


@pytest.mark.slow
def test_two_submissions_are_graded_by_all_and_compared(tmp_path: Path) -> None:
    bench = Bench(tmp_path, QUICK, lambda line: None)
    for who in (STOCK, PLAIN, OURS):
        ran = bench.grade(MODULE_02, who, 2, who)
        assert ran.wall > 0 and ran.left_behind == 0
    assert bench.found.grades == 2 * 12 * 3  # plain once, then plain again and ours
    # A class whose second trainee answers otherwise is not stock's.
    other = tmp_path / "other"
    other.mkdir()
    root = Classes(other).make(MODULE_02, 3, "other", stock=False)
    submitted = root / "kelas" / "submitted"
    shutil.rmtree(submitted / "0001")
    (submitted / "0002").rename(submitted / "0001")
    measure(["nbgrader", "autograde", MODULE_02.name], root, bench.classes.env, root / "log.txt")
    bench.graded[MODULE_02.name, 2][PLAIN] = root
    with pytest.raises(DifferentGradesError, match=r"plain grades otherwise"):
        bench.compare(bench.graded[MODULE_02.name, 2])
