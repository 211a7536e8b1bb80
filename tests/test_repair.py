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
