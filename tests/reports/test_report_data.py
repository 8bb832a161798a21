from __future__ import annotations

import dataclasses
import datetime
import json
import pathlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.planning.plan import PlanAnswer
from tenfold.quantities import InputError, to_data, to_json

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


def test_a_plan_prints_the_same_bytes_every_time(plan: PlanAnswer) -> None:
    again = dataclasses.replace(plan)
    assert to_json(plan) == to_json(again)
    assert to_json(plan).endswith("}\n")


def test_mapping_order_does_not_change_the_bytes() -> None:
    assert to_json({"b": 1, "a": {"d": 2, "c": 3}}) == to_json({"a": {"c": 3, "d": 2}, "b": 1})


def test_a_plan_comes_back_whole(plan: PlanAnswer) -> None:
    data = to_data(plan)
    assert json.loads(to_json(plan)) == data
    assert isinstance(data, dict)
    assert data["best"]["layout"]["tp"] == 8  # type: ignore[index, call-overload]
    assert data["assumptions"][0]["figure"]["as_of"] == "2025-06-01"  # type: ignore[index, call-overload]
    assert set(data) == {field.name for field in dataclasses.fields(PlanAnswer)}


@given(TREES)
def test_data_round_trips(tree: object) -> None:
    assert json.loads(to_json(tree)) == to_data(tree) == tree


def test_numpy_dates_paths_and_sets_become_plain() -> None:
    given_ = {
        "n": np.float64(1.5),
        "i": np.int32(3),
        "b": np.bool_(True),
        "a": np.arange(4.0).reshape(2, 2),
        "d": datetime.date(2026, 3, 1),
        "p": pathlib.PurePosixPath("a/b"),
        "s": frozenset({"z", "a"}),
    }
    expected = {"n": 1.5, "i": 3, "b": True, "a": [[0.0, 1.0], [2.0, 3.0]], "d": "2026-03-01", "p": "a/b"}
    assert to_data(given_) == {**expected, "s": ["a", "z"]}


def test_infinity_is_text_and_nan_is_refused_with_its_place() -> None:
    assert json.loads(to_json({"finish": [float("inf"), float("-inf")]})) == {"finish": ["inf", "-inf"]}
    with pytest.raises(InputError, match=r"terms\.bubble\[1\]: the number is undefined"):
        to_data({"terms": {"bubble": [0.0, float("nan")]}})


def test_unknown_objects_are_refused() -> None:
    with pytest.raises(TypeError, match="x is a complex"):
        to_data({"x": 1j})
