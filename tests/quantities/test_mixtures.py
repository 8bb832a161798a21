"""Quantiles of mixtures of normal distributions against their own distribution function and one case worked alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.quantities import Floats, mixture_quantiles, normal_cdf

SHARES = (0.1, 0.5, 0.9)


@given(
    cases=st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(-5.0, 5.0)), min_size=1, max_size=6),
    sd=st.floats(1e-3, 2.0),
)
def test_the_share_below_a_quantile_is_the_share_asked(cases: list[tuple[float, float]], sd: float) -> None:
    weights, means = (np.array([column]) for column in zip(*cases, strict=True))
    found = mixture_quantiles(SHARES, weights / weights.sum(), means, np.array([sd]))
    below = share_below(found[:, 0], weights / weights.sum(), means, sd)
    assert below == pytest.approx(np.array(SHARES), abs=1e-9)


def share_below(at: Floats, weights: Floats, means: Floats, sd: float) -> Floats:
    return np.asarray((weights * normal_cdf((at[:, None] - means) / sd)).sum(axis=1))


def test_rows_are_as_each_alone_and_a_row_may_have_no_spread() -> None:
    rng = np.random.default_rng(1)
    weights, means, sd = rng.dirichlet(np.ones(4), size=9), rng.normal(size=(9, 4)), np.linspace(0.0, 1.0, 9)
    together = mixture_quantiles(SHARES, weights, means, sd)
    for row in range(9):
        one = slice(row, row + 1)
        assert together[:, one] == pytest.approx(
            mixture_quantiles(SHARES, weights[one], means[one], sd[one]), rel=1e-12
        )
    assert np.isin(together[:, 0].round(9), means[0].round(9)).all()
