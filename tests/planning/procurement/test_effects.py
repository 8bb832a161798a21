"""Effects on deliveries, prices and offers; payments; what an infeasible or unbounded programme says."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from programmes import small_programme, with_limits

from tenfold.planning.procurement.assemble import build_model
from tenfold.planning.procurement.effects import Effect, ScenarioText, scenario_columns
from tenfold.planning.procurement.elastic import shortages, unbounded_orders
from tenfold.planning.procurement.payments import value_left_share
from tenfold.planning.procurement.programme import NEVER, Programme, Scenarios
from tenfold.planning.procurement.solve import linear_of, solve_relaxed
from tenfold.quantities import parse_quantity


def columns(programme: Programme, *effects: Effect) -> Scenarios:
    text = ScenarioText(name="only", probability=1.0, effects=effects)
    return scenario_columns([text], programme.commitments, programme.rentals, programme.workloads)


def test_a_delay_holds_for_what_is_due_while_it_lasts_and_keeps_the_order_of_deliveries() -> None:
    programme = small_programme(quarters=5, options=2)
    what = columns(programme, Effect(kind="delay", first_quarter=1, end_quarter=2, quarters=3))
    assert what.delivered[0, 1].tolist() == [0, 4, 4, 4, 4]
    assert what.delivered[0, 0].tolist() == [4, 4, 4, 4, 5]


def test_an_interruption_ends_and_a_ban_does_not() -> None:
    programme = small_programme(quarters=5, options=2)
    stopped = columns(programme, Effect(kind="interruption", first_quarter=1, end_quarter=3, vendors=("v1",)))
    assert stopped.delivered[0, 1].tolist() == [0, 3, 3, 3, 4]
    assert stopped.rental_open[0].tolist() == [[True] * 5, [True, False, False, True, True]]
    banned = columns(programme, Effect(kind="ban", first_quarter=2, chips=("c1",)))
    assert banned.delivered[0, 1].tolist() == [0, 1, NEVER, NEVER, NEVER]
    assert banned.delivered[0, 0].tolist() == [1, 2, 3, 4, 5]


def test_prices_and_demand_change_only_where_named() -> None:
    programme = small_programme(quarters=4, options=2)
    what = columns(
        programme,
        Effect(kind="price", factor=2.0, supplies=("spot",), first_quarter=2),
        Effect(kind="demand", factor=3.0, workloads=("training",), end_quarter=1),
        Effect(kind="faster-chip", factor=0.5, value_kept=0.4, first_quarter=3, vendors=("v0",)),
    )
    assert what.rental_price[0].tolist() == [[1, 1, 1, 0.5], [1, 1, 2, 2]]
    assert what.demand[0].tolist() == [[1, 1, 1, 1], [3, 1, 1, 1]]
    assert what.price[0].tolist() == [[1, 1, 1, 0.5], [1, 1, 1, 1]]
    assert what.value_kept[0].tolist() == [0.4, 1.0]


def test_value_left_falls_straight_to_the_residual() -> None:
    ages = np.array([0.0, 10.0, 20.0, 40.0])
    assert value_left_share(ages, 20.0, 0.1).tolist() == pytest.approx([1.0, 0.55, 0.1, 0.1])


def forbidden(programme: Programme) -> Programme:
    never = np.full(len(programme.workloads.names), np.inf)
    return replace(programme, workloads=replace(programme.workloads, unserved_musd_per_h100e_quarter=never))


def test_forbidden_demand_beyond_power_names_the_power_that_would_fit() -> None:
    programme = forbidden(with_limits(small_programme(0, options=2, train=False), power_mw=np.full((2, 4), 0.001)))
    model = build_model(programme)
    linear = linear_of(model)
    assert solve_relaxed(linear).status == "infeasible"
    found = shortages(linear, model)
    assert "serving lacks" in found[0].short
    assert "more power at i" in found[0].nearest


def test_every_limit_that_has_to_grow_is_named_and_all_of_them_are_enough() -> None:
    quarters = 10
    small = small_programme(0, quarters=quarters, options=2, train=False)
    programme = forbidden(
        with_limits(small, power_mw=np.full((2, quarters), 0.001), capital_musd=np.full(quarters, 1e-3))
    )
    model = build_model(programme)
    said = shortages(linear_of(model), model)[0].nearest.split("; ")
    power, capital = programme.limits.power_mw.copy(), programme.limits.capital_musd.copy()
    share = programme.limits.most_vendor_share
    for change in said:
        if change.startswith("max_vendor_share = 1, "):
            share = 1.0
            continue
        found = re.fullmatch(r"(.+) more (?:power at (\S+)|capital) in (\S+)(?: to (\S+))?", change)
        assert found, change
        first, last = (programme.quarters.index(name) for name in (found[3], found[4] or found[3]))
        if found[2]:
            power[programme.limits.sites.index(found[2]), first : last + 1] += parse_quantity(found[1], "W") / 1e6
        else:
            capital[first : last + 1] += parse_quantity(found[1], "USD") / 1e6
    grown = with_limits(programme, power_mw=power, capital_musd=capital, most_vendor_share=share)
    assert solve_relaxed(linear_of(build_model(grown))).status == "optimal"


def test_allocations_and_time_are_named_when_no_limit_helps() -> None:
    base = forbidden(with_limits(small_programme(0, options=2, train=False), power_mw=np.full((2, 4), np.inf)))
    few = replace(base, commitments=replace(base.commitments, most_lots=np.zeros((2, 4))))
    assert "larger allocations" in reasons(few)
    none = replace(base.rentals, most_chips=np.zeros((2, 4)))
    late = replace(base.commitments, lead_quarters=np.array([3, 3]))
    slow = replace(base, commitments=late, rentals=none)
    slow = replace(
        slow, scenarios=scenario_columns([ScenarioText(name="x", probability=1.0)], late, none, slow.workloads)
    )
    assert "delivered sooner" in reasons(slow)


def reasons(programme: Programme) -> str:
    model = build_model(programme)
    linear = linear_of(model)
    assert solve_relaxed(linear).status == "infeasible"
    return " ".join(found.nearest for found in shortages(linear, model))


def test_slack_that_is_said_to_fit_does_fit() -> None:
    programme = forbidden(with_limits(small_programme(0, options=2, train=False), power_mw=np.full((2, 4), 0.001)))
    roomy = with_limits(programme, power_mw=np.full((2, 4), 1.0), capital_musd=np.full(4, 9.0), allocations=(),
                        most_vendor_share=1.0, most_revenue_share=np.inf)  # fmt: skip
    assert solve_relaxed(linear_of(build_model(roomy))).status == "optimal"


def test_an_order_that_earns_without_limit_is_named() -> None:
    programme = small_programme(0, options=2)
    rows = replace(
        programme.commitments, most_lots=np.full((2, 4), np.inf), running_musd_per_chip_quarter=np.zeros((2, 4))
    )
    endless = with_limits(
        replace(programme, commitments=rows, discount_rate_per_year=0.0, life_quarters=1e9, residual_share=1.0),
        power_mw=np.full((2, 4), np.inf), capital_musd=np.full(4, np.inf), allocations=(),
        most_vendor_share=1.0, most_revenue_share=np.inf,
    )  # fmt: skip
    falling = replace(endless.scenarios, value_kept=endless.scenarios.value_kept * 1.5)
    model = build_model(replace(endless, scenarios=falling))
    linear = linear_of(model)
    assert solve_relaxed(linear).status == "unbounded"
    found = unbounded_orders(linear, model)
    assert found
    assert "worth more than it costs" in found[0].short
