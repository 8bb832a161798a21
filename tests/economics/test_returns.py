"""Returns against pyxirr and against hand arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from tenfold.economics.returns import dscr, gross_margin, irr, npv, payback_periods, per_year, roe

INFLOWS = st.lists(st.floats(0.0, 1e6), min_size=2, max_size=40).filter(lambda flows: sum(flows) > 1.0)


@given(st.floats(1e3, 1e6), INFLOWS, st.floats(-0.5, 1.0))
def test_npv_is_that_of_the_oracle(outlay: float, inflows: list[float], rate: float) -> None:
    flows = [-outlay, *inflows]
    expected = pyxirr.npv(rate, flows, start_from_zero=True)
    assert npv(flows, rate) == pytest.approx(expected, rel=1e-9, abs=1e-6 * outlay)


@given(st.floats(1e3, 1e6), INFLOWS)
def test_irr_makes_the_npv_zero_and_is_that_of_the_oracle(outlay: float, inflows: list[float]) -> None:
    flows = np.array([-outlay, *inflows])
    found = float(irr(flows))
    if np.isnan(found):  # below −99.8 % or above 40,200 % a period
        assert npv(flows, -0.99752) < 0.0 or npv(flows, 402.0) > 0.0
        return
    assert float(npv(flows, found)) == pytest.approx(
        0.0, abs=1e-6 * float(np.abs(flows / (1 + found) ** np.arange(len(flows))).sum())
    )
    oracle = pyxirr.irr(flows)
    if oracle is not None and oracle > -0.9:
        assert found == pytest.approx(oracle, abs=1e-7)


def test_irr_of_many_draws_at_once_is_that_of_each() -> None:
    flows = np.array([[-100.0, 60.0, 60.0], [-100.0, 10.0, 5.0], [-100.0, 0.0, 400.0], [100.0, 10.0, 5.0]])
    found = irr(flows)
    assert found[:3] == pytest.approx([float(irr(row)) for row in flows[:3]])
    assert found[2] == pytest.approx(1.0)
    assert np.isnan(found[3])
    assert irr(flows.reshape(2, 2, 3)).shape == (2, 2)


def test_of_several_rates_the_one_nearest_to_zero() -> None:
    two = np.array([-100.0, 230.0, -132.0])  # 10 % and 20 %
    assert float(irr(two)) == pytest.approx(0.1)


def test_rates_compound_to_a_year() -> None:
    assert per_year(0.02, 4.0) == pytest.approx(1.02**4 - 1.0)


@pytest.mark.parametrize(
    ("flows", "periods"),
    [([-100.0, 50.0, 50.0], 2.0), ([-100.0, 40.0, 40.0, 40.0], 2.5), ([-100.0, 99.0], np.inf), ([5.0, 1.0], 0.0),
     ([-100.0, 200.0, -150.0, 100.0], 2.5)],
)  # fmt: skip
def test_payback_by_hand(flows: list[float], periods: float) -> None:
    assert payback_periods(flows) == pytest.approx(periods)


def test_cover_return_and_margin_by_hand() -> None:
    assert dscr(150.0, 20.0, 80.0) == pytest.approx(1.5)
    assert dscr(np.array([1.0, -1.0]), np.array([0.0, 1.0]), 0.0) == pytest.approx([np.inf, -1.0])
    assert roe(8.0, 100.0) == pytest.approx(0.08)


def test_the_published_margin_of_a_rental_business() -> None:
    """Oracle's NVIDIA rentals, June to August 2025: $125M of gross profit on $900M of revenue."""
    assert gross_margin(900e6, 900e6 - 125e6) == pytest.approx(0.139, abs=0.0005)
