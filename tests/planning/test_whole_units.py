"""Chips are ordered in the units that they are handed out in; what is idle of them is paid for, and said."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import designed, outlined

from tenfold.catalog import Catalog
from tenfold.planning.plan import Design, Goal, Means, PlanAnswer
from tenfold.planning.supply.availability import had_as
from tenfold.planning.supply.offer import Buyer, Had
from tenfold.planning.supply.offers import had_at, newest
from tenfold.planning.supply.tiers import Tier, ordered_chips, taken, unit_bought
from tenfold.quantities import DAY_S, Figure, NamedFigure, Shortfall

RACK = 72
PRICE = NamedFigure(
    name="a price",
    figure=Figure(value=2.0, unit="USD/h", kind="assumption", source="a test", as_of=datetime.date(2026, 1, 1)),
)


def designs(found: PlanAnswer) -> list[Design]:
    return [*([found.best] if found.best else []), *found.alternatives]


def planned(goal: Goal, means: Means, catalog: Catalog) -> PlanAnswer:
    return designed(dataclasses.replace(goal, deadline_s=None), means, catalog)


@pytest.fixture
def racks(means: Means) -> Means:
    return dataclasses.replace(means, chips=("gb200",), budget_usd=None, sites=("us-texas",), supply=("own",))


def test_racks_are_bought_whole_and_idle_chips_paid_for(catalog: Catalog, goal: Goal, racks: Means) -> None:
    means = dataclasses.replace(racks, max_chips=None, chips_exactly=64)
    (one,) = designs(planned(goal, means, catalog))
    assert (one.chips, one.chips_ordered) == (64, RACK)
    assert one.name == "64 of 72 × gb200, own"
    (two,) = designs(planned(goal, dataclasses.replace(means, chips_exactly=128), catalog))
    assert (two.chips, two.chips_ordered) == (128, 2 * RACK)
    assert 2.0 * one.cash_usd.p50 <= two.cash_usd.p50 <= 2.1 * one.cash_usd.p50  # the network of more costs more each


def test_a_limit_on_chips_holds_for_idle_ones_too(catalog: Catalog, goal: Goal, racks: Means) -> None:
    nothing = planned(goal, dataclasses.replace(racks, max_chips=RACK - 1), catalog)
    assert nothing.best is None
    reasons = [reason for each in nothing.infeasible for reason in each.reasons]
    assert any(reason.nearest == f"max_chips = {RACK}" for reason in reasons)
    found = planned(goal, dataclasses.replace(racks, max_chips=2 * RACK), catalog)
    assert designs(found)
    assert all(each.chips_ordered <= 2 * RACK for each in designs(found))


@given(chips=st.integers(1, 30_000), supply=st.sampled_from(("on-demand", "reserved-1y", "own")))
def test_an_order_is_the_fewest_whole_units_that_hold_the_chips(catalog: Catalog, chips: int, supply: str) -> None:
    had = had_at(
        catalog, "gb200", float(chips), supply, catalog.site("us-texas"), Buyer(day=newest(catalog)), days=90.0
    )
    if isinstance(had, Shortfall):
        return
    assert isinstance(had, Had)
    unit, ordered = had.tier.unit_chips, ordered_chips(had.tier, float(chips))
    assert ordered % unit == 0.0
    assert chips <= ordered < chips + unit
    assert had.tier.most >= ordered


TIERS = st.lists(st.tuples(st.sampled_from((8, 64, 72, 512, 4096)), st.integers(1, 4), st.sampled_from((1, 8, 72))))


@settings(max_examples=40, deadline=None)
@given(made=TIERS, counts=st.lists(st.integers(1, 5000), min_size=1, max_size=6))
def test_a_column_of_counts_is_had_under_the_tiers_of_each(made: list[tuple[int, int, int]], counts: list[int]) -> None:
    prices = [
        dataclasses.replace(PRICE, figure=dataclasses.replace(PRICE.figure, value=float(usd))) for _, usd, _ in made
    ]
    tiers = [
        Tier(name="a tier", most=float(most), term_days=0.0, price=price, lead=PRICE, unit_chips=unit)
        for (most, _, unit), price in zip(made, prices, strict=True)
    ]
    found = taken(tiers, np.array(counts, dtype=np.float64))
    for chips, column in zip(counts, found.T.tolist(), strict=True):
        deep = [math.ceil(chips / each.unit_chips) * each.unit_chips <= each.most for each in tiers]
        usd = [each.price.figure.value if fits else math.inf for each, fits in zip(tiers, deep, strict=True)]
        lowest = [math.inf, *itertools.accumulate(usd, min)][: len(tiers)]
        assert column == [one < before for one, before in zip(usd, lowest, strict=True)]


def test_a_system_without_a_record_is_bought_by_the_node(catalog: Catalog) -> None:
    assert unit_bought(catalog, "gb200") == RACK
    assert unit_bought(catalog, "h100-sxm") == catalog.system_of("h100-sxm").chips_per_node


@pytest.mark.parametrize(
    ("supply", "tier", "said"),
    [
        ("on-demand", "self-serve", "on-demand"),
        ("on-demand", "short-contract", "short contract"),
        ("existing + on-demand", "short-contract", "existing + short contract"),
        ("spot", "self-serve", "spot"),
        ("reserved-1y", "holding", "reserved-1y"),
        ("reserved-1y", "contract", "reserved-1y"),
        ("own", "purchase", "own"),
    ],
)
def test_a_supply_is_called_by_what_binds(supply: str, tier: str, said: str) -> None:
    assert had_as(supply, tier) == said


def test_one_chip_of_a_node_is_rented_and_a_node_is_bought(catalog: Catalog, means: Means) -> None:
    goal = Goal(model="llama-3.1-8b", tokens=1e8, sequence_length=2048, global_batch=8, tuning="lora", lora_rank=16)
    one = dataclasses.replace(means, chips=("h100-sxm",), max_chips=None, chips_exactly=1, budget_usd=None)
    found = designs(planned(goal, one, catalog))
    assert {each.supply: each.chips_ordered for each in found} == {"on-demand": 1, "own": 8}
    rented = next(each for each in found if each.supply == "on-demand")
    assert rented.finish_days.p50 < 2.0  # a node that is listed is no cluster to accept
    assert rented.cost_usd.p50 < 500.0


def test_what_is_near_would_save_something(catalog: Catalog, goal: Goal, means: Means) -> None:
    seen = 0
    for objective in ("cheapest", "fastest"):
        found = outlined(dataclasses.replace(goal, objective=objective, deadline_s=45 * DAY_S), means, catalog)
        assert found.best is not None
        seen += len(found.near_misses)
        for near in found.near_misses:
            assert near.sooner_days > 0.0 or (objective == "cheapest" and near.less_usd > 0.0)
    assert seen
