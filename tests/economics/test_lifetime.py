"""Cost over a chip's life: lines add up, agree with the other arithmetic, and move the right way."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.economics.lifetime import (
    LifetimeInputs,
    lifetime_cost,
    usd_per_chip_hour,
    usd_per_mtoken,
    usd_per_mw,
    usd_per_run,
    usd_per_useful_flop,
)
from tenfold.economics.resale import resale_share
from tenfold.economics.topologies import dragonfly, fat_tree, fat_tree_tiers, relative_cost, torus
from tenfold.quantities import Column

H100 = LifetimeInputs(
    chip_usd=26_268.0,
    hosts_usd=12_482.0,
    network_usd=4_188.0,
    storage_usd=800.0,
    installation_usd=600.0,
    shell_usd_per_w=11.55,
    rated_w=1275.0,
    drawn_share=0.8,
    pue=1.2,
    power_usd_per_kwh=0.08,
    wue_l_per_kwh=0.27,
    water_usd_per_m3=2.0,
    staff_share_per_year=0.01,
    maintenance_share_per_year=0.02,
    software_usd_per_year=120.0,
    insurance_share_per_year=0.005,
    life_years=5.0,
    utilisation=0.8,
    debt_share=0.7,
    debt_rate_per_year=0.11,
    taxes_usd_per_year=50.0,
    decommissioning_usd=150.0,
    resale_share=0.1,
)
LINES = [field.name for field in dataclasses.fields(lifetime_cost(H100)) if field.name.endswith("_usd")][:-1]


def test_the_lines_sum_to_the_total_and_none_is_idle() -> None:
    cost = lifetime_cost(H100)
    assert sum(float(getattr(cost, line)) for line in LINES) == pytest.approx(float(cost.total_usd))
    assert all(float(getattr(cost, line)) != 0.0 for line in LINES)


def test_lines_by_hand() -> None:
    cost = lifetime_cost(H100)
    machines = 26_268 + 12_482 + 4_188 + 800 + 600
    assert cost.power_usd == pytest.approx(1.275 * 0.8 * 8760 * 5 * 1.2 * 0.08)
    assert cost.water_usd == pytest.approx(1.275 * 0.8 * 8760 * 5 * 0.27 / 1000 * 2)
    assert cost.shell_usd == pytest.approx(1275 * 11.55 / 3)
    assert cost.interest_usd == pytest.approx(0.7 * 0.11 * (machines + 1275 * 11.55) / 2 * 5)
    assert cost.resale_usd == pytest.approx(-0.1 * machines)


BARE = LifetimeInputs(
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
    assert usd_per_chip_hour(lifetime_cost(BARE)) == pytest.approx(1.650, abs=0.0005)
    borrowed = dataclasses.replace(BARE, debt_share=0.7, debt_rate_per_year=0.11)
    assert usd_per_chip_hour(lifetime_cost(borrowed)) == pytest.approx(1.87, abs=0.005)


def test_published_break_even_table_as_columns() -> None:
    def price(**changes: Column) -> Column:
        return usd_per_chip_hour(lifetime_cost(dataclasses.replace(BARE, **changes)))

    assert price(utilisation=np.array([0.9, 0.85, 0.8, 0.7])) == pytest.approx([1.83, 1.94, 2.06, 2.36], abs=0.005)
    assert price(life_years=np.array([3.0, 4.0, 6.0])) == pytest.approx([2.41, 1.94, 1.46], abs=0.006)
    assert price(chip_usd=np.array([40e3, 35e3, 30e3])) == pytest.approx([1.42, 1.31, 1.19], abs=0.005)


def test_per_flop_run_token_and_megawatt() -> None:
    cost = lifetime_cost(H100)
    hour = float(usd_per_chip_hour(cost))
    assert hour == pytest.approx(float(cost.total_usd) / (8760 * 5 * 0.8))
    assert usd_per_useful_flop(cost, 989.4e12, 0.4, 0.9) == pytest.approx(hour / (3600 * 989.4e12 * 0.36))
    assert usd_per_run(cost, 1024, 240.0) == pytest.approx(1024 * 240 * hour)
    assert usd_per_mtoken(cost, 1000.0) == pytest.approx(hour / 3.6)
    assert usd_per_mw(cost) == pytest.approx(float(cost.total_usd) / 1275e-6)


@given(
    st.sampled_from(["pue", "power_usd_per_kwh", "chip_usd", "debt_rate_per_year", "shell_usd_per_w"]),
    st.floats(1.01, 3.0),
)
def test_dearer_inputs_cost_more(name: str, factor: float) -> None:
    dearer = dataclasses.replace(H100, **{name: getattr(H100, name) * factor})
    assert lifetime_cost(dearer).total_usd > lifetime_cost(H100).total_usd


def test_a_better_chip_raises_the_cost_of_the_old_one() -> None:
    ages = np.array([6.0, 4.0])  # after the life, and within it
    shares = np.array([float(np.asarray(resale_share(5.0, 0.2, [(age, 3.0)]))) for age in ages])
    costs = lifetime_cost(dataclasses.replace(H100, resale_share=shares)).total_usd
    assert float(np.diff(costs)[0]) == pytest.approx(44_338 * np.exp(-1.0) * (1 - 1 / 3))


@pytest.mark.parametrize(("endpoints", "radix", "tiers"), [(32, 64, 1), (2048, 64, 2), (2049, 64, 3), (65_536, 64, 3)])
def test_tiers_of_a_fat_tree(endpoints: int, radix: int, tiers: int) -> None:
    assert fat_tree_tiers(endpoints, radix) == tiers


def test_ports_and_links_by_topology() -> None:
    three = fat_tree(65_536, 64)
    assert (float(three.switch_ports), float(three.links)) == (5.0, 3.0)  # 5k³/4 ports over k³/4 endpoints
    tapered = fat_tree(65_536, 64, oversubscription=2.0)
    assert (float(tapered.switch_ports), float(tapered.links)) == (3.0, 2.0)
    assert float(np.asarray(torus(3).links)) == 3.0


def test_a_dragonfly_by_hand_lies_between_two_and_three_tiers() -> None:
    parts = dragonfly(64.0)
    assert parts.switch_ports == pytest.approx(4.0)
    assert parts.links == pytest.approx(1.5 + 31 / 32)
    two, three = fat_tree(2048.0, 64.0), fat_tree(16_384.0, 64.0)
    assert relative_cost(two, three) < relative_cost(parts, three) < 1.0
