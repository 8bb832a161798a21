"""Capital recovery against discounting; owning against hand arithmetic."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.economics import (
    Owned,
    capital_recovery_factor,
    capital_recovery_usd_per_year,
    hour_usd,
    run_usd,
    straight_line_usd_per_year,
    upfront_usd,
    usd_per_chip_hour,
)
from tenfold.economics.owning import CAPITAL, machines_usd, yearly_usd

H100 = Owned(
    chip_usd=26_268.0,
    hosts_usd=26_268.0 * 0.475,
    network_usd=26_268.0 * 0.16,
    rated_w=1275.0,
    drawn_share=0.85,
    pue=1.15,
    power_usd_per_kwh=0.0892,
    life_years=5.0,
    cost_of_capital=0.11,
    residual_share=0.05,
    shell_usd_per_w=11.55,
    shell_life_years=15.0,
    maintenance_share_per_year=0.02,
    staff_share_per_year=0.01,
    insurance_share_per_year=0.005,
    utilisation=0.9,
)


@given(st.floats(1e3, 1e6), st.integers(1, 30), st.floats(0.0, 0.4), st.floats(0.0, 0.9))
def test_recovery_pays_the_price_back(price: float, years: int, rate: float, residual: float) -> None:
    payment = float(capital_recovery_usd_per_year(price, years, rate, residual))
    present = sum(payment / (1 + rate) ** year for year in range(1, years + 1))
    present += residual * price / (1 + rate) ** years
    assert present == pytest.approx(price, rel=1e-9)


def test_recovery_without_interest_is_straight_line() -> None:
    assert capital_recovery_factor(0.0, 5) == pytest.approx(0.2)
    assert capital_recovery_factor(1e-9, 5) == pytest.approx(0.2)
    free = capital_recovery_usd_per_year(1000.0, 5, 0.0, 0.1)
    assert free == pytest.approx(straight_line_usd_per_year(1000.0, 5, 0.1)) == pytest.approx(180.0)


def test_published_irr_at_1_99() -> None:
    cash = 8760 * 1.99 - 4454
    assert capital_recovery_factor(0.094, 5) * 50_000 == pytest.approx(cash, rel=0.002)


def test_purchase_reaches_the_published_all_in_cost_of_an_h100() -> None:
    machines = float(machines_usd(H100))
    assert machines == pytest.approx(42_948, abs=1)
    assert upfront_usd(H100) - machines == pytest.approx(14_726, abs=1)
    assert upfront_usd(H100) == pytest.approx(57_674, abs=1)
    assert 40_000 < machines < 52_000


def test_terms_of_a_chip_hour_by_hand() -> None:
    hour = hour_usd(H100)
    whole = float(usd_per_chip_hour(H100))
    assert float(sum(hour.values())) == pytest.approx(whole)
    assert hour["energy"] == pytest.approx(1.275 * 0.85 * 1.15 * 0.0892)
    assert hour["chip"] == pytest.approx(26_268 / 5 / (8760 * 0.9))
    assert hour["resale"] == pytest.approx(-42_948.2 * 0.05 / 5 / 7884, rel=1e-5)
    assert hour["maintenance"] == pytest.approx(42_948.2 * 0.02 / 7884, rel=1e-5)
    assert 1.5 < whole < 3.0


def test_colocation_by_hand() -> None:
    rented = dataclasses.replace(H100, shell_usd_per_w=0.0, colocation_usd_per_kw_month=184.06, utilisation=1.0)
    assert hour_usd(rented)["colocation"] * 8760 == pytest.approx(2816, abs=0.5)
    assert upfront_usd(rented) == pytest.approx(float(machines_usd(rented)))


@given(
    st.sampled_from(["chip_usd", "pue", "power_usd_per_kwh", "cost_of_capital", "rated_w"]),
    st.floats(1.05, 3.0),
)
def test_dearer_inputs_cost_more(name: str, factor: float) -> None:
    dearer = dataclasses.replace(H100, **{name: getattr(H100, name) * factor})
    assert usd_per_chip_hour(dearer) > usd_per_chip_hour(H100)


@given(st.sampled_from(["life_years", "utilisation", "residual_share"]), st.floats(1.01, 1.1))
def test_longer_or_fuller_use_costs_less(name: str, factor: float) -> None:
    better = dataclasses.replace(H100, **{name: getattr(H100, name) * factor})
    assert usd_per_chip_hour(better) < usd_per_chip_hour(H100)


def test_a_run_over_the_whole_life_returns_the_capital() -> None:
    owner = dataclasses.replace(H100, cost_of_capital=0.0, residual_share=0.0, shell_life_years=5.0, utilisation=1)
    run = run_usd(owner, 1024, 5 * 365)
    capital = sum(float(run[name]) for name in ("chip", "hosts", "network", "shell", CAPITAL))
    assert capital == pytest.approx(1024 * float(upfront_usd(owner)))


def test_a_short_run_is_charged_its_share_and_needs_all_the_capital() -> None:
    charged = float(sum(run_usd(H100, 1024, 60).values()))
    assert charged == pytest.approx(1024 * 60 * 24 * float(usd_per_chip_hour(H100)))
    assert 1024 * float(upfront_usd(H100)) == pytest.approx(1024 * 57_674, rel=1e-4)
    assert 1024 * float(upfront_usd(H100)) > 10 * charged


def test_columns_of_chips_and_draws() -> None:
    draws = dataclasses.replace(H100, cost_of_capital=np.array([0.09, 0.11, 0.15]))
    run = run_usd(draws, np.array([512.0, 1024.0])[:, None], 60.0)
    whole = np.sum(np.broadcast_arrays(*run.values()), axis=0)
    assert whole.shape == (2, 3)
    assert np.all(np.diff(whole, axis=1) > 0)
    assert whole[1, 1] == pytest.approx(float(sum(run_usd(H100, 1024, 60).values())))
    assert float(yearly_usd(H100)) == pytest.approx(42_948.2 * 0.035, rel=1e-5)
