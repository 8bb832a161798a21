"""What an hour costs per anything, and published break-even prices of a rented H100."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tenfold.economics import Owned, average_interest_usd_per_year, life_usd, usd_per_chip_hour
from tenfold.economics.resale import resale_share
from tenfold.economics.unit_costs import usd_per_mtoken, usd_per_mw, usd_per_run, usd_per_useful_flop
from tenfold.quantities import Column

BARE = Owned(
    chip_usd=50_000.0,
    rated_w=1275.0,
    drawn_share=0.0,
    pue=1.0,
    power_usd_per_kwh=0.0,
    software_usd_per_year=4454.0,
    life_years=5.0,
)
"""A chip with everything it needs each year in one line: what published tables of break-even prices start from."""


def test_published_break_even_of_a_rented_h100() -> None:
    assert usd_per_chip_hour(BARE) == pytest.approx(1.650, abs=0.0005)
    interest = float(average_interest_usd_per_year(50_000.0, 0.7, 0.11))  # they count interest, and no return
    assert float(usd_per_chip_hour(BARE)) + interest / 8760 == pytest.approx(1.87, abs=0.005)


def test_published_break_even_table_as_columns() -> None:
    def price(**changes: Column) -> Column:
        return usd_per_chip_hour(dataclasses.replace(BARE, **changes))

    assert price(utilisation=np.array([0.9, 0.85, 0.8, 0.7])) == pytest.approx([1.83, 1.94, 2.06, 2.36], abs=0.005)
    assert price(life_years=np.array([3.0, 4.0, 6.0])) == pytest.approx([2.41, 1.94, 1.46], abs=0.006)
    assert price(chip_usd=np.array([40e3, 35e3, 30e3])) == pytest.approx([1.42, 1.31, 1.19], abs=0.005)


def test_per_flop_run_token_and_megawatt() -> None:
    hour = 2.0
    assert usd_per_useful_flop(hour, 989.4e12, 0.4, 0.9) == pytest.approx(hour / (3600 * 989.4e12 * 0.36))
    assert usd_per_run(hour, 1024, 10.0) == pytest.approx(1024 * 240 * hour)
    assert usd_per_mtoken(hour, 1000.0) == pytest.approx(hour / 3.6)
    assert usd_per_mw(80_000.0, 1275.0) == pytest.approx(80_000 / 1275e-6)


def test_a_better_chip_raises_the_cost_of_the_old_one() -> None:
    ages = np.array([6.0, 4.0])  # after the life, and within it
    shares = np.array([float(np.asarray(resale_share(5.0, 0.2, [(age, 3.0)]))) for age in ages])
    life = life_usd(dataclasses.replace(BARE, residual_share=shares))
    costs = np.sum(np.broadcast_arrays(*life.values()), axis=0)
    assert float(np.diff(costs)[0]) == pytest.approx(50_000 * np.exp(-1.0) * (1 - 1 / 3))
