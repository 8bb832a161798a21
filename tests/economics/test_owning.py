"""Owning: one set of lines, whether an hour, a year, a life or a run is asked for."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.economics.owning import (
    LINES,
    Owned,
    hour_usd,
    life_usd,
    resale_usd,
    run_usd,
    running_usd_per_hour,
    sold_after_usd,
    upfront_usd,
    usd_per_chip_hour,
    used_hours,
    yearly_usd,
)

HOURS = 8760.0


def share(least: float = 0.0, most: float = 1.0) -> st.SearchStrategy[float]:
    return st.floats(least, most)


OWNED = st.builds(
    Owned,
    chip_usd=st.floats(1e3, 1e5),
    hosts_usd=st.floats(0, 3e4),
    network_usd=st.floats(0, 1e4),
    storage_usd=st.floats(0, 1e3),
    installation_usd=st.floats(0, 1e3),
    shell_usd_per_w=st.floats(0, 20),
    shell_life_years=st.floats(5, 30),
    colocation_usd_per_kw_month=st.floats(0, 300),
    rated_w=st.floats(100, 3000),
    drawn_share=share(0.1),
    idle_share=share(0.0, 0.3),
    pue=st.floats(1, 2),
    power_usd_per_kwh=st.floats(0.01, 0.3),
    wue_l_per_kwh=st.floats(0, 3),
    water_usd_per_m3=st.floats(0, 5),
    staff_share_per_year=share(0, 0.1),
    maintenance_share_per_year=share(0, 0.1),
    insurance_share_per_year=share(0, 0.05),
    software_usd_per_year=st.floats(0, 2000),
    taxes_usd_per_year=st.floats(0, 500),
    decommissioning_usd=st.floats(0, 500),
    life_years=st.integers(2, 8).map(float),
    residual_share=share(0, 0.5),
    utilisation=share(0.2),
    cost_of_capital=share(0, 0.25),
)


@given(OWNED)
def test_lines_of_an_hour_are_those_of_a_life_and_a_run(owned: Owned) -> None:
    hour, life, run = hour_usd(owned), life_usd(owned), run_usd(owned, 64.0, 30.0)
    assert hour.keys() == life.keys() == run.keys()
    assert {line.name for line in LINES} < set(hour)
    assert float(sum(life.values())) == pytest.approx(float(usd_per_chip_hour(owned) * used_hours(owned)), rel=1e-12)
    assert float(sum(run.values())) == pytest.approx(float(usd_per_chip_hour(owned)) * 64 * 30 * 24, rel=1e-12)


@settings(max_examples=200)
@given(OWNED)
def test_an_hour_sold_at_its_cost_returns_exactly_the_cost_of_capital(owned: Owned) -> None:
    """The price that makes the present value of owning zero is the cost of an hour, by cash flows instead of annuities.

    A shell outlives the chip, so it is left out; what falls due at the end is taken to be set aside every year.
    """
    owned = dataclasses.replace(owned, shell_usd_per_w=0.0, decommissioning_usd=0.0)
    years, rate = round(float(owned.life_years)), float(owned.cost_of_capital)
    sold = HOURS * float(owned.utilisation)
    margin = sold * (float(usd_per_chip_hour(owned)) - float(running_usd_per_hour(owned))) - float(yearly_usd(owned))
    flows = [-float(upfront_usd(owned)), *([margin] * years)]
    flows[-1] += float(resale_usd(owned, owned.life_years))
    value = math.fsum(flow / (1.0 + rate) ** year for year, flow in enumerate(flows))
    assert value == pytest.approx(0.0, abs=1e-9 * float(upfront_usd(owned)) * years)


@given(OWNED, st.sampled_from([field.name for field in dataclasses.fields(Owned)]))
def test_nothing_that_costs_more_makes_an_hour_cheaper(owned: Owned, name: str) -> None:
    cheaper = ("residual_share", "utilisation", "life_years", "shell_life_years")
    more = dataclasses.replace(owned, **{name: float(getattr(owned, name)) * 1.1 + 1e-6})
    before, after = float(usd_per_chip_hour(owned)), float(usd_per_chip_hour(more))
    if name in cheaper and name != "residual_share" and float(owned.cost_of_capital) > 0:
        return
    assert after <= before + 1e-9 * before if name in cheaper else after >= before - 1e-9 * before


def test_energy_of_a_used_hour_is_rated_power_times_what_is_drawn() -> None:
    owned = Owned(chip_usd=0.0, rated_w=1000.0, drawn_share=0.8, pue=1.25, power_usd_per_kwh=0.1, life_years=4.0)
    assert float(running_usd_per_hour(owned)) == pytest.approx(0.1)
    half = dataclasses.replace(owned, utilisation=0.5, idle_share=0.2)
    assert float(running_usd_per_hour(half)) == pytest.approx((0.8 + 0.2) * 1.25 * 0.1)


def test_value_falls_in_a_straight_line_to_what_is_left() -> None:
    owned = Owned(
        chip_usd=100.0, rated_w=1.0, drawn_share=1.0, pue=1.0, power_usd_per_kwh=0.0, life_years=4.0, residual_share=0.2
    )
    values = [float(resale_usd(owned, age)) for age in (0.0, 2.0, 4.0, 9.0)]
    assert values == pytest.approx([100.0, 60.0, 20.0, 20.0])


@given(owned=OWNED, run=st.floats(0.05, 1.0), setup=st.floats(0.0, 1.0), q=share(), better=share())
def test_chips_sold_after_a_run_cost_what_they_lose_and_what_running_them_costs(
    owned: Owned, run: float, setup: float, q: float, better: float
) -> None:
    held = run + setup
    lines = sold_after_usd(owned, run, held, q)
    busy = dataclasses.replace(owned, utilisation=1.0)
    running = float(running_usd_per_hour(busy)) * HOURS + float(yearly_usd(busy))
    bought, left = float(upfront_usd(owned)), float(resale_usd(owned, held))
    whole = bought * (1.0 + float(owned.cost_of_capital) * held) - q * left + running * run
    assert float(sum(lines.values())) == pytest.approx(whole)
    more = sold_after_usd(owned, run, held, q + (1.0 - q) * better)
    assert sum(more.values()) <= sum(lines.values()) * (1 + 1e-12), "who pays more for used chips makes the run cheaper"
    later = sold_after_usd(owned, run, held + 0.5, q)
    assert sum(later.values()) >= sum(lines.values()) * (1 - 1e-12), "waiting is never free"


@given(owned=OWNED)
def test_a_life_used_throughout_and_sold_at_its_book_is_that_of_the_hour_but_for_interest_and_its_end(
    owned: Owned,
) -> None:
    free = dataclasses.replace(
        owned, cost_of_capital=0.0, decommissioning_usd=0.0, utilisation=1.0, shell_usd_per_w=0.0
    )
    life = float(free.life_years)
    sold = sum(sold_after_usd(free, life, life, 1.0).values())
    assert float(sold) == pytest.approx(float(sum(life_usd(free).values())), rel=1e-9)
