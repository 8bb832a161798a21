"""Cash of the supplies, crossovers and pooling: identities, brute force, limits."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.economics import Owned, hour_usd
from tenfold.economics.crossover import first_root, lasting_time
from tenfold.economics.owning import lines_usd
from tenfold.economics.pooling import firm_demands, pooling
from tenfold.economics.supplies import owned_cash, present_value_usd, quarter_factors, rented_cash, reserved_cash
from tenfold.quantities import HOURS_PER_QUARTER, Floats

OWNER = Owned(
    chip_usd=25_000.0,
    hosts_usd=10_000.0,
    network_usd=5_000.0,
    rated_w=1300.0,
    drawn_share=0.8,
    pue=1.2,
    power_usd_per_kwh=0.07,
    life_years=5.0,
    cost_of_capital=0.1,
    residual_share=0.1,
    colocation_usd_per_kw_month=180.0,
    maintenance_share_per_year=0.02,
)
FLAT = np.full((1, 17), 2.0)
HOURS = np.full((1, 16), 100.0 * HOURS_PER_QUARTER * 0.6)


def test_renting_at_a_flat_price_is_hours_times_price() -> None:
    cash = rented_cash(HOURS, FLAT, 240.0, 0.1)
    assert cash.quarterly_usd.sum() == pytest.approx(1.1 * 2.0 * (HOURS.sum() + 240.0))
    assert present_value_usd(cash, 0.0)[0] == pytest.approx(cash.quarterly_usd.sum())


def test_a_reservation_is_paid_whole_at_the_price_of_its_first_day() -> None:
    falling = np.linspace(3.0, 1.4, 17)[None]
    cash = reserved_cash(10.0, falling, 12, 24.0, 0.0)
    rent = cash.quarterly_usd[0]
    assert rent[:12] == pytest.approx(np.full(12, 10 * HOURS_PER_QUARTER * 3.0))
    assert rent[12:] == pytest.approx(np.full(4, 10 * HOURS_PER_QUARTER * falling[0, 12]))
    assert cash.at_end_usd[0] == pytest.approx(8 * rent[-1])
    assert cash.by_quarter_usd["setup"][0, [0, 12]] == pytest.approx(24.0 * falling[0, [0, 12]])
    whole = reserved_cash(10.0, falling, 4, 0.0, 0.0)
    assert whole.at_end_usd[0] == 0.0


def test_owned_terms_add_up_by_hand() -> None:
    cash = owned_cash(100.0, HOURS, np.zeros((1, 16)), FLAT, OWNER, 1.0, 0.1)
    machines = 25_000.0 * 1.6
    assert cash.at_start_usd[0] == pytest.approx(100 * machines)
    assert cash.by_quarter_usd["colocation"].sum() == pytest.approx(100 * 1.3 * 180 * 48)
    assert cash.by_quarter_usd["maintenance"].sum() == pytest.approx(100 * machines * 0.02 * 4)
    assert cash.by_quarter_usd["energy"].sum() == pytest.approx(HOURS.sum() * 1.3 * 0.8 * 1.2 * 0.07)
    assert cash.by_quarter_usd["bridge"].sum() == 0.0
    assert cash.at_end_usd[0] == pytest.approx(-100 * machines * (1 - 0.9 * 4 / 5))


def test_what_falls_due_at_the_end_is_taken_from_the_sale() -> None:
    plain, dearer = (
        owned_cash(100.0, HOURS, np.zeros((1, 16)), FLAT, owner, 1.0, 0.1)
        for owner in (OWNER, dataclasses.replace(OWNER, decommissioning_usd=300.0))
    )
    assert dearer.at_end_usd - plain.at_end_usd == pytest.approx(100 * 300.0)


def test_chips_that_come_late_are_rented_until_then_and_age_less() -> None:
    late = np.zeros((1, 16))
    late[0, :2] = 1.0
    cash = owned_cash(100.0, HOURS, late, FLAT, OWNER, 1.0, 0.1)
    assert cash.by_quarter_usd["bridge"][0, :2] == pytest.approx(HOURS[0, :2] * 2.0 * 1.1)
    assert cash.by_quarter_usd["energy"][0, :2].sum() == 0.0
    assert cash.at_end_usd[0] == pytest.approx(-100 * 40_000 * (1 - 0.9 * 3.5 / 5))


def test_present_value_discounts_from_the_middle_of_each_quarter() -> None:
    assert quarter_factors(0.1, 2) == pytest.approx([1.1**-0.125, 1.1**-0.375])
    cash = rented_cash(HOURS, FLAT, 0.0, 0.0)
    assert present_value_usd(cash, np.array([0.1, 0.2]))[1] < present_value_usd(cash, np.array([0.1, 0.2]))[0]


@given(st.floats(0.5, 4.0), st.floats(0.02, 0.2))
@settings(max_examples=25, deadline=None)
def test_the_crossover_is_that_of_a_brute_force_scan(price: float, rate: float) -> None:
    def difference(use: Floats) -> Floats:
        path = np.full((len(use), 17), price)
        hours = np.full((1, 16), 100.0 * HOURS_PER_QUARTER) * use[:, None]
        owned = owned_cash(100.0, hours, np.zeros((len(use), 16)), path, OWNER, 1.0, 0.0)
        return present_value_usd(owned, rate) - present_value_usd(rented_cash(hours, path, 0.0, 0.0), rate)

    found = first_root(lambda _: difference, 0.01, 1.0, 1)[0]
    scan = np.linspace(0.01, 1.0, 2001)
    cheaper = scan[difference(scan) <= 0.0]
    if len(cheaper):
        assert found == pytest.approx(cheaper[0], abs=6e-4)
    else:
        assert np.isnan(found)


def test_roots_at_the_ends_and_in_several_draws() -> None:
    wanted = np.array([0.25, 0.5, 2.0, 0.0])
    found = first_root(lambda rows: lambda x: x - wanted[rows], 0.0, 1.0, 4)
    assert found[[0, 1, 3]] == pytest.approx([0.25, 0.5, 0.0])
    assert np.isnan(found[2])


def test_hours_without_work_are_paid_at_what_idle_chips_draw() -> None:
    """One chip of 1 kW for a quarter at $0.1/kWh, busy half the time: 0.8 of it at work, 0.2 without."""
    owner = Owned(
        chip_usd=0.0, rated_w=1000.0, drawn_share=0.8, idle_share=0.2, pue=1.0, power_usd_per_kwh=0.1, life_years=5.0
    )
    busy, path = np.full((1, 1), 1095.0), np.ones((1, 2))
    cash = owned_cash(1.0, busy, np.zeros((1, 1)), path, owner, 1.0, 0.0)
    assert cash.by_quarter_usd["energy"] == pytest.approx(0.1 * (0.8 * 1095 + 0.2 * 1095))
    hour = hour_usd(dataclasses.replace(owner, utilisation=0.5))["energy"]
    assert float(hour) * 1095 == pytest.approx(float(cash.by_quarter_usd["energy"][0, 0]))


def test_a_lasting_time_is_the_last_rise_through_zero() -> None:
    at = np.array([0.0, 1.0, 2.0, 3.0])
    gain = np.array([[-2.0, 2.0, -1.0, 1.0], [0.0, 1.0, 1.0, 2.0], [1.0, 1.0, 1.0, -1.0], [-3.0, -1.0, 1.0, 1.0]])
    assert lasting_time(gain, at)[[0, 1, 3]] == pytest.approx([2.5, 0.0, 1.5])
    assert np.isnan(lasting_time(gain, at)[2])


NORMALS = np.random.default_rng(5).standard_normal((20_000, 3))
MEANS = np.array([100.0, 60.0, 30.0])


@given(st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3), st.floats(0.85, 0.99))
@settings(max_examples=25, deadline=None)
def test_pooling_gains_nothing_at_one_and_something_below(spreads: list[float], level: float) -> None:
    spread = np.array(spreads)
    assert pooling(firm_demands(MEANS, spread, 1.0, NORMALS), level).gain == pytest.approx(0.0, abs=1e-12)
    low, high = (pooling(firm_demands(MEANS, spread, rho, NORMALS), level).gain for rho in (0.0, 0.7))
    assert low > high > 0.0


def test_small_spreads_pool_by_the_square_root_law() -> None:
    """Nearly normal demands: capacity above the mean is z·√(Σσ² + 2ρΣσσ) together and z·Σσ apart."""
    sigma = 0.03 * MEANS
    for rho in (-0.3, 0.0, 0.5):
        found = pooling(firm_demands(MEANS, np.full(3, 0.03), rho, NORMALS), 0.95)
        together = np.sqrt((1 - rho) * np.sum(sigma**2) + rho * np.sum(sigma) ** 2)
        assert found.pooled_chips - MEANS.sum() == pytest.approx(1.645 * together, rel=0.06)
        assert found.separate_chips.sum() - MEANS.sum() == pytest.approx(1.645 * sigma.sum(), rel=0.06)


def test_demands_have_the_means_spreads_and_correlation_asked_for() -> None:
    demands = firm_demands(MEANS, np.array([0.2, 0.5, 0.8]), -0.3, NORMALS)
    assert demands.mean(axis=0) == pytest.approx(MEANS, rel=0.02)
    assert demands.std(axis=0) / demands.mean(axis=0) == pytest.approx([0.2, 0.5, 0.8], rel=0.06)
    logs = np.corrcoef(np.log(demands).T)
    assert logs[np.triu_indices(3, 1)] == pytest.approx([-0.3] * 3, abs=0.03)


def test_what_is_sold_fetches_a_share_of_its_book_value() -> None:
    whole, half = (owned_cash(100.0, HOURS, np.zeros((1, 16)), FLAT, OWNER, share, 0.1) for share in (1.0, 0.5))
    due = 100.0 * sum(lines_usd(OWNER, "end").values())
    assert half.at_end_usd - due == pytest.approx((whole.at_end_usd - due) / 2.0)
    assert half.at_start_usd == whole.at_start_usd
