"""Where a choice flips: several halvings asked about at once find what one after another finds."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.planning.plan.train.flips import FARTHEST, HALVINGS, _first
from tenfold.quantities import Flags, Floats


def one_by_one(changed: list[tuple[float, float]]) -> float | None:
    """Plain bisection; ``changed`` are the ranges of factors in which the choice is another."""

    def holds(factor: float) -> bool:
        return any(low <= factor <= high for low, high in changed)

    if not holds(FARTHEST):
        return None
    low, high = 0.0, math.log(FARTHEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if holds(float(np.exp(middle))) else (middle, high)
    return float(np.exp(high))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(1.0, 4.0), st.floats(1.0, 5.0)), max_size=3))
def test_halvings_abreast_are_halvings_in_turn(changed: list[tuple[float, float]]) -> None:
    def holds(factors: Floats) -> Flags:
        return np.array([any(low <= factor <= high for low, high in changed) for factor in factors])

    assert _first(holds, FARTHEST) == one_by_one(changed)
