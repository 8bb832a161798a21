"""What holds together with a limit: against every outcome counted one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenfold.planning.supply.assess import quantiles, together

outcome = st.tuples(st.floats(0.0, 9.0) | st.just(float("inf")), st.booleans())


def counted(outcomes: list[tuple[float, bool]], confidence: float) -> float:
    """Smallest value that the share of all outcomes keep, and something else with it."""
    kept = sorted(value for value, holds in outcomes if holds)
    fit = (value for at, value in enumerate(kept, start=1) if at >= confidence * len(outcomes) - 1e-9)
    return next(fit, float("inf"))


@given(
    rows=st.lists(st.lists(outcome, min_size=5, max_size=5), min_size=1, max_size=4), confidence=st.floats(0.05, 1.0)
)
def test_together_is_what_counting_gives(rows: list[list[tuple[float, bool]]], confidence: float) -> None:
    values, holds = np.array([[value for value, _ in row] for row in rows]), np.array([[h for _, h in r] for r in rows])
    (sure,) = quantiles(values, confidence)
    found = together(values, holds, sure, confidence)
    assert found[:, 0].tolist() == [counted(row, confidence) for row in rows]
