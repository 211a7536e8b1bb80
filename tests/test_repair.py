"""Repair, for any notebook and any bytes: each released cell stands once, and bad input gives a sentence."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kursus import ASSIGNMENT, make_course

from melayani.grading.repair import UnreadableError, repair

NAME = f"{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    root = make_course(tmp_path_factory.mktemp("rilis"))
    notebook: nbformat.NotebookNode = nbformat.read(root / "assignments" / ASSIGNMENT / NAME, as_version=4)
    return notebook


def cell(notebook: nbformat.NotebookNode, name: str) -> Any:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


@pytest.mark.slow
@given(copies=st.lists(st.sampled_from(["giliran", "giliran-uji", "giliran-uji-tersembunyi", "alasan"]), max_size=6))
def test_whatever_is_doubled_each_released_cell_stands_once(released: nbformat.NotebookNode, copies: list[str]) -> None:
    notebook = nbformat.from_dict(json.loads(json.dumps(released)))
    for name in copies:
        notebook.cells.append(nbformat.from_dict(json.loads(json.dumps(cell(notebook, name)))))
    repaired, told = repair(json.dumps(notebook).encode(), released)
    names = [c.metadata.nbgrader.grade_id for c in repaired.cells if "nbgrader" in c.metadata]
    assert sorted(names) == sorted(c.metadata.nbgrader.grade_id for c in released.cells if "nbgrader" in c.metadata)
    assert len(told) == len(set(copies))
    assert len({c.id for c in repaired.cells}) == len(repaired.cells)
    nbformat.validate(repaired)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_sentence_and_never_a_traceback(released: nbformat.NotebookNode, data: bytes) -> None:
    with pytest.raises(UnreadableError) as error:
        repair(data, released)
    assert str(error.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(cells=json_values, metadata=json_values, nbformat_number=st.sampled_from([1, 2, 3, 4, 5]))
def test_any_damaged_notebook_gives_a_sentence_and_never_a_traceback(
    released: nbformat.NotebookNode, cells: object, metadata: object, nbformat_number: int
) -> None:
    data = {"cells": cells, "metadata": metadata, "nbformat": nbformat_number, "nbformat_minor": 4}
    with pytest.raises(UnreadableError):
        repair(json.dumps(data).encode(), released)


ODD = [None, True, -1, 1.5, float("nan"), float("inf"), 10**400, "5", "\ud800", [], [1], ["a"], {}, {"a": 1}]
_MARK = ("grade", "solution", "locked", "task", "points", "grade_id", "schema_version", "checksum")
PLACES: list[tuple[str, ...]] = [
    *[(key,) for key in ("nbformat_minor", "metadata", "worksheets", "kenari")],
    *[("cell", key) for key in ("metadata", "source", "cell_type", "id", "outputs", "attachments", "kenari")],
    *[("cell", "metadata", key) for key in ("nbgrader", "tags", "kenari")],
    *[("cell", "metadata", "nbgrader", key) for key in _MARK],
]


@pytest.mark.parametrize("place", PLACES, ids="-".join)
@pytest.mark.parametrize("name", ["giliran", "giliran-uji", "giliran-soal", "alasan"])
def test_whatever_stands_in_one_place_of_a_notebook_it_is_graded_or_set_aside(
    released: nbformat.NotebookNode, name: str, place: tuple[str, ...]
) -> None:
    for odd in ODD:
        notebook = json.loads(json.dumps(released))
        target = next(c for c in notebook["cells"] if c["id"] == name) if place[0] == "cell" else notebook
        if target is not notebook:
            target["source"] = "x = 1"  # so that the mark of a locked one is looked at
        *above, last = place[place[0] == "cell" :]
        for key in above:
            target = target[key]
        target[last] = odd
        try:
            repaired, told = repair(json.dumps(notebook).encode(), released)
        except UnreadableError:
            continue
        assert json.loads(nbformat.writes(repaired).encode())["nbformat_minor"] == 5
        assert all(len(sentence) < 300 and sentence.isprintable() for sentence in told)
