"""Rent with and without a term."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.economics import TERM_DAYS, rent_cost_usd, rental_cost


def test_rent_by_hand() -> None:
    assert rent_cost_usd(1000, 30, 2.0) == pytest.approx(1_440_000)


def test_a_short_run_on_a_year_pays_the_year() -> None:
    cost = rental_cost(
        chips=100, days=65, price_usd_per_chip_hour=2.0, term_days=TERM_DAYS["reserved-1y"], extras_share=0.1
    )
    assert cost.chips_usd == pytest.approx(312_000)
    assert cost.extras_usd == pytest.approx(31_200)
    assert cost.run_usd == pytest.approx(343_200)
    assert cost.unused_term_usd == pytest.approx(100 * 300 * 24 * 2.0)
    assert cost.commitment_usd == pytest.approx(1_783_200)


@given(st.floats(1, 2000), st.sampled_from(sorted(TERM_DAYS)))
def test_commitment_is_never_below_the_run(days: float, term: str) -> None:
    cost = rental_cost(chips=8, days=days, price_usd_per_chip_hour=3.0, term_days=TERM_DAYS[term])
    assert cost.commitment_usd >= cost.run_usd
    assert (cost.unused_term_usd == 0) == (days >= TERM_DAYS[term])


def test_columns() -> None:
    cost = rental_cost(chips=np.array([8.0, 16.0])[:, None], days=10, price_usd_per_chip_hour=np.array([1.0, 2.0, 3.0]))
    assert np.shape(cost.run_usd) == (2, 3)
    assert np.asarray(cost.run_usd)[1, 2] == pytest.approx(16 * 240 * 3)
