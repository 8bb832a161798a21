"""How sure a prediction is, by regime."""

import math

from hypothesis import given
from hypothesis import strategies as st

from tenfold.performance.spread import Regime, scale_of, spread_of

CONSTANTS = {
    "spread.dense.measured": 0.11,
    "spread.dense.unmeasured": 0.16,
    "spread.dense.node": 0.17,
    "spread.dense.cluster": 0.10,
    "spread.dense.large": 0.12,
    "spread.doubling": 0.01,
    "rows.hopper.dense.16bit": 40.0,
    "largest.hopper.dense": 2048.0,
}


def regime(chips: float, family: str = "hopper", weight_bytes: float = 2.0) -> Regime:
    return Regime(family=family, weight_bytes=weight_bytes, chips=chips, moe=False)


def test_the_spread_of_the_scale_counts() -> None:
    found = [spread_of(CONSTANTS, regime(chips)).log_spread for chips in (8, 9, 512, 513, 2048)]
    assert found == [0.17, 0.10, 0.10, 0.12, 0.12]
    assert [scale_of(chips) for chips in (1, 8, 9, 1e6)] == ["node", "node", "cluster", "large"]


@given(doublings=st.floats(0.01, 8.0))
def test_each_doubling_beyond_the_largest_run_widens_and_is_named(doublings: float) -> None:
    found = spread_of(CONSTANTS, regime(2048.0 * 2.0**doublings))
    assert math.isclose(found.log_spread, math.hypot(0.12, 0.01 * doublings), rel_tol=1e-9)
    assert "the largest measured dense run on hopper has 2,048" in found.outside[0]


def test_what_nobody_measured_is_wider_and_named() -> None:
    known, fp8 = spread_of(CONSTANTS, regime(64)), spread_of(CONSTANTS, regime(64, weight_bytes=1.0))
    other = spread_of(CONSTANTS, regime(64, family="else"))
    assert known.outside == ()
    assert fp8.log_spread > known.log_spread
    assert other.log_spread == 0.16
    assert "no measured dense run at 8bit on hopper" in fp8.outside
    assert "priors only" in other.outside[0]
    assert spread_of(CONSTANTS, regime(4, family="else")).log_spread == 0.17
