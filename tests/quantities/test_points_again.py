"""Points that are drawn again: inputs that are equal keep their values, and all are as if drawn from nothing."""

from __future__ import annotations

import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.quantities import Figure, NamedFigure, Points, Uncertain, few_draws, median_point, sobol_points

KEYS = ("price", "restart", "step", "lead")
FACTORS = st.lists(st.floats(1.0, 4.0), min_size=1, max_size=len(KEYS))


def drawn_of(factors: list[float]) -> list[Uncertain]:
    day = datetime.date(2026, 1, 1)
    figures = [
        Figure(value=each, unit="1", kind="assumption", source="a test", as_of=day, low=each / 2, high=each * 3)
        for each in factors
    ]
    return [
        Uncertain(key=key, label=key, axis="all", figures=(NamedFigure(name=key, figure=figure),))
        for key, figure in zip(KEYS, figures, strict=False)
    ]


def equal(one: Points, other: Points) -> bool:
    same = all(np.array_equal(one.values[key], other.values[key]) for key in other.values)
    return same and (one.axes, one.count, one.inputs) == (other.axes, other.count, other.inputs)


@settings(max_examples=30, deadline=None)
@given(before=FACTORS, after=FACTORS, seed=st.integers(0, 9))
def test_points_drawn_again_are_those_drawn_from_nothing(before: list[float], after: list[float], seed: int) -> None:
    inputs = drawn_of(after[: len(before)] + before[len(after) :])  # as many, of which some may be equal
    with few_draws():
        drawn, middle = sobol_points(drawn_of(before), seed), median_point(drawn_of(before))
        assert equal(sobol_points(inputs, seed, drawn), sobol_points(inputs, seed))
    assert equal(median_point(inputs, middle), median_point(inputs))
    assert equal(sobol_points(inputs, seed, drawn), sobol_points(inputs, seed)), "in other numbers"


def test_an_equal_input_is_not_drawn_again() -> None:
    with few_draws():
        before = sobol_points(drawn_of([1.0, 2.0]), 0)
        again = sobol_points(drawn_of([1.0, 3.0]), 0, before)
    assert again.values["price"] is before.values["price"]
    assert not np.array_equal(again.values["restart"], before.values["restart"])
