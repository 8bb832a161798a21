"""Capital recovery against discounting; ownership against hand arithmetic and the published break-even table."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.economics import (
    OwnershipInputs,
    capex_per_chip,
    capital_recovery_factor,
    capital_recovery_usd_per_year,
    owned_run_cost,
    straight_line_usd_per_year,
    tco_usd_per_chip_hour,
)

H100 = OwnershipInputs(
    chip_price_usd=26_268.0,
    hosts_per_chip_price=0.475,
    network_per_chip_price=0.16,
    power_w_per_chip=1275.0,
    drawn_share=0.85,
    pue=1.15,
    power_price_usd_per_kwh=0.0892,
    useful_life_years=5.0,
    cost_of_capital=0.11,
    residual_share=0.05,
    datacentre_usd_per_w=11.55,
    datacentre_life_years=15.0,
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


def test_capex_reaches_the_published_all_in_cost_of_an_h100() -> None:
    capex = capex_per_chip(H100)
    assert capex.machines_usd == pytest.approx(42_948, abs=1)
    assert capex.datacentre_usd == pytest.approx(14_726, abs=1)
    assert capex.total_usd == pytest.approx(57_674, abs=1)
    assert 40_000 < float(capex.machines_usd) < 52_000


def test_terms_of_a_chip_hour_sum() -> None:
    hour = tco_usd_per_chip_hour(H100)
    terms = [f.name for f in dataclasses.fields(hour) if f.name != "total_usd"]
    assert sum(getattr(hour, name) for name in terms) == pytest.approx(hour.total_usd)
    assert hour.energy_usd == pytest.approx(1.275 * 0.85 * 1.15 * 0.0892)
    assert hour.chip_usd == pytest.approx(26_268 * 0.95 / 5 / (8760 * 0.9))
    assert hour.maintenance_usd == pytest.approx(42_948.2 * 0.02 / 7884, rel=1e-5)
    assert 1.5 < float(hour.total_usd) < 3.0


def test_colocation_by_hand() -> None:
    inputs = dataclasses.replace(H100, datacentre_usd_per_w=0.0, colocation_usd_per_kw_month=184.06, utilisation=1.0)
    assert tco_usd_per_chip_hour(inputs).colocation_usd * 8760 == pytest.approx(2816, abs=0.5)
    assert capex_per_chip(inputs).datacentre_usd == 0


@given(
    st.sampled_from(["chip_price_usd", "pue", "power_price_usd_per_kwh", "cost_of_capital", "power_w_per_chip"]),
    st.floats(1.05, 3.0),
)
def test_dearer_inputs_cost_more(name: str, factor: float) -> None:
    dearer = dataclasses.replace(H100, **{name: getattr(H100, name) * factor})
    assert tco_usd_per_chip_hour(dearer).total_usd > tco_usd_per_chip_hour(H100).total_usd


@given(st.sampled_from(["useful_life_years", "utilisation", "residual_share"]), st.floats(1.01, 1.1))
def test_longer_or_fuller_use_costs_less(name: str, factor: float) -> None:
    better = dataclasses.replace(H100, **{name: getattr(H100, name) * factor})
    assert tco_usd_per_chip_hour(better).total_usd < tco_usd_per_chip_hour(H100).total_usd


def test_a_run_over_the_whole_life_returns_the_capital() -> None:
    inputs = dataclasses.replace(
        H100, cost_of_capital=0.0, residual_share=0.0, datacentre_life_years=5.0, utilisation=1
    )
    run = owned_run_cost(1024, 5 * 365, inputs)
    assert run.capital_charge_usd == pytest.approx(run.upfront_capex_usd)


def test_a_short_run_is_charged_its_share_and_needs_all_the_capital() -> None:
    run = owned_run_cost(1024, 60, H100)
    assert run.charged_usd == pytest.approx(1024 * 60 * 24 * float(tco_usd_per_chip_hour(H100).total_usd))
    assert run.charged_usd == pytest.approx(float(run.capital_charge_usd) + float(run.opex_usd))
    assert run.upfront_capex_usd == pytest.approx(1024 * 57_674, rel=1e-4)
    assert run.upfront_capex_usd > 10 * run.charged_usd


def test_columns_of_chips_and_draws() -> None:
    draws = dataclasses.replace(H100, cost_of_capital=np.array([0.09, 0.11, 0.15]))
    run = owned_run_cost(np.array([512.0, 1024.0])[:, None], 60.0, draws)
    assert np.shape(run.charged_usd) == (2, 3)
    assert np.all(np.diff(np.asarray(run.charged_usd), axis=1) > 0)
    assert np.asarray(run.charged_usd)[1, 1] == pytest.approx(float(owned_run_cost(1024, 60, H100).charged_usd))
