"""Each equation has the sign and the range that its docstring says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.race.equations import (
    capability,
    choice,
    concentration,
    demand,
    deployment,
    distress,
    investment,
    rental,
    supply,
    training,
)

positive = st.floats(1e-3, 1e9)
share = st.floats(0.0, 1.0)


def at(value: float) -> Any:
    return np.array([value])


RISES: dict[str, tuple[Callable[[Any], Any], tuple[float, float]]] = {
    "growth with fullness": (lambda x: investment.response(x, at(0.5), at(1.0), at(0.01)), (-0.3, 0.1)),
    "growth with being behind": (lambda x: investment.response(at(0.0), at(0.5), x, at(0.01)), (0.0, 3.0)),
    "other capex with what it was": (
        lambda x: investment.other_capex_usd(x, at(5.0), at(1.02), at(0.9), at(0.0)),
        (4.0, 6.0),
    ),
    "other capex with its trend": (
        lambda x: investment.other_capex_usd(at(5.0), x, at(1.02), at(0.9), at(0.0)),
        (4.0, 6.0),
    ),
    "funds with cash flow": (lambda x: investment.funds_usd(x, at(1.0), at(1.0)), (0.0, 9.0)),
    "borrowing with cash flow": (lambda x: investment.borrowing_usd(x, at(1.0), at(2.0)), (1.0, 9.0)),
    "plans with means": (lambda x: investment.kept_plan_usd(at(5.0), x), (0.1, 1.0)),
    "advantage with maturity": (lambda x: choice.advantage(x, at(20.0)), (0.3, 0.9)),
    "price with scarcity": (lambda x: supply.price_usd_per_h100e(at(9.0), at(2.0), x, at(0.3)), (0.0, 0.5)),
    "mark-up with the maker's share": (lambda x: supply.markup(x, at(1.6)), (0.3, 0.9)),
    "capacity with orders": (lambda x: supply.built_capacity(at(10.0), x, at(10.0), at(0.6), at(0.5)), (9.0, 13.0)),
    "fill with capacity": (lambda x: supply.fill(at(10.0), x), (2.0, 9.0)),
    "running chips with power": (lambda x: deployment.running_share(x, at(10.0)), (2.0, 9.0)),
    "orders with power": (lambda x: deployment.orderable_share(x), (0.2, 0.9)),
    "a run with compute": (lambda x: training.run_flop(x, at(0.4), at(3.0), 1e15), (1e4, 1e5)),
    "a run with months": (lambda x: training.run_flop(at(1e4), at(0.4), x, 1e15), (2.0, 4.0)),
    "index with compute": (lambda x: capability.index(x, at(0.0), at(20.0)), (1e24, 1e25)),
    "algorithms with talent": (lambda x: capability.improved(at(0.0), at(3.0), x, at(1.0)), (0.5, 1.0)),
    "algorithms with own compute": (lambda x: capability.improved(at(0.0), at(3.0), at(1.0), x), (0.1, 1.0)),
    "lag with the gap": (lambda x: capability.months_behind(-x, np.array([[-30.0], [-12.0], [0.0]]), 3.0), (1.0, 20.0)),
    "who copies with the leader": (lambda x: capability.imitated(at(30.0), x), (40.0, 50.0)),
    "use with demand": (lambda x: demand.utilisation(x, at(10.0)), (1.0, 9.0)),
    "rent with fullness": (
        lambda x: rental.moved_price_usd(at(2.0), at(1.0), x, at(0.3), at(1.2), at(0.0)),
        (-0.2, 0.1),
    ),
    "rent with the owner's cost": (
        lambda x: rental.moved_price_usd(at(2.0), x, at(0.0), at(0.3), at(1.2), at(0.0)),
        (1.0, 2.0),
    ),
    "pay with means": (lambda x: distress.paid_share(x, at(10.0)), (1.0, 9.0)),
    "the mood with fullness": (lambda x: distress.mood(x, at(0.8), 1.0), (0.2, 0.7)),
    "means with the mood": (lambda x: distress.means_usd(at(9.0), at(1.0), x), (0.2, 0.9)),
    "an hour's margin with rent": (
        lambda x: rental.margin_usd_per_hour(x, at(0.8), at(1.0), at(0.85)),
        (0.5, 2.0),
    ),
    "funding with the mood": (lambda x: distress.core_cash_flow_usd(at(0.0), at(9.0), at(1.0), x), (0.2, 0.9)),
}
FALLS: dict[str, tuple[Callable[[Any], Any], tuple[float, float]]] = {
    "borrowing with debt": (lambda x: investment.borrowing_usd(at(5.0), x, at(2.0)), (1.0, 9.0)),
    "what is paid back with the mood": (lambda x: distress.repaid_share(at(3.5), x), (0.2, 0.9)),
    "what is paid back with the years of debt": (lambda x: distress.repaid_share(x, at(0.5)), (2.0, 6.0)),
    "cost with time": (lambda x: supply.learned_cost_usd(at(9.0), x, at(1.0), at(0.05)), (1.1, 1.5)),
    "cost with spending": (lambda x: supply.learned_cost_usd(at(9.0), at(1.3), x, at(0.05)), (1.0, 3.0)),
    "the mark-up with rivals": (lambda x: supply.markup(1.0 - x, at(1.6)), (0.1, 0.6)),
    "efficiency with size": (lambda x: training.efficiency(x, 0.4, 0.02, 16384.0, 1.7e6), (1e4, 1e6)),
    "demand with price": (lambda x: demand.wanted_h100e(np.ones((3, 1)), np.ones((3, 1)), x, at(0.8)), (0.5, 2.0)),
    "stock with age": (lambda x: deployment.kept_share(1.0 / x), (0.04, 0.1)),
    "what a dollar buys below a line": (lambda x: choice.below_the_line(1.0 / x, at(1.0)), (1.0, 3.0)),
}


@given(cost=st.floats(1.0, 1e5), learning=st.floats(1.0, 2.0), ratio=st.floats(0.0, 100.0), induced=st.floats(0.0, 0.3))
def test_what_makers_learned_is_not_lost(cost: float, learning: float, ratio: float, induced: float) -> None:
    after = float(supply.learned_cost_usd(at(cost), at(learning), at(ratio), at(induced))[0])
    assert after <= cost * (1.0 + 1e-9)


@pytest.mark.parametrize("name", RISES)
def test_it_rises(name: str) -> None:
    equation, (low, high) = RISES[name]
    assert float(np.ravel(equation(at(high)))[0]) > float(np.ravel(equation(at(low)))[0])


@pytest.mark.parametrize("name", FALLS)
def test_it_falls(name: str) -> None:
    equation, (low, high) = FALLS[name]
    assert float(np.ravel(equation(at(high)))[0]) < float(np.ravel(equation(at(low)))[0])


@given(st.lists(positive, min_size=5, max_size=12))
def test_concentration_agrees_with_its_definitions(amounts: list[float]) -> None:
    shares = concentration.shares(np.array(amounts)[:, None])
    ordered = np.sort(shares, axis=0)
    three, five = concentration.largest_shares(ordered, (3, 5))
    assert three[0] == pytest.approx(sum(sorted(shares[:, 0])[-3:]))
    assert five[0] >= three[0] - 1e-12
    hhi = float(concentration.herfindahl(shares)[0])
    assert 1.0 / len(amounts) - 1e-9 <= hhi <= 1.0 + 1e-9
    each = shares[:, 0]
    brute = float(np.abs(each[:, None] - each[None, :]).sum() / (2 * len(each)))
    assert float(concentration.gini(ordered)[0]) == pytest.approx(brute, abs=1e-9)


@given(
    st.lists(share, min_size=4, max_size=4),
    st.lists(st.sampled_from([0.0, 0.125, 1.0]), min_size=4, max_size=4),
    st.floats(0.0, 1.0),
)
def test_under_rules_nothing_is_ordered_twice(mix: list[float], allowed: list[float], part: float) -> None:
    total = sum(mix)
    shares = np.array(mix)[:, None] / total if total > 0 else np.full((4, 1), 0.25)
    may = np.array(allowed)[:, None]
    ordered, partly = (choice.under_rules(shares, may, np.array([learned])) for learned in (1.0, part))
    assert np.all(partly <= ordered + 1e-12)
    assert partly.sum() >= (shares * may).sum() - 1e-9
    assert choice.learned(part, 0.2) >= part
    assert ordered.sum() <= 1.0 + 1e-6
    if all(each == 1.0 for each in allowed):
        np.testing.assert_allclose(ordered, shares, atol=1e-9)
    if any(each == 1.0 and held > 1e-6 for each, held in zip(allowed, shares[:, 0], strict=True)):
        assert ordered.sum() == pytest.approx(1.0, abs=1e-6)


@given(st.floats(1e3, 1e8), st.floats(0.01, 1.0))
def test_a_record_is_never_taken_back(h100e: float, size: float) -> None:
    before = np.array([1e26])
    after = training.released_flop(before, before * size, np.array([True]))
    assert after[0] >= before[0]
    assert training.released_flop(before, before * 9.0, np.array([False]))[0] == before[0]
    most = training.run_h100e(np.array([h100e]), np.array([1.0]), np.array([1.0]), 1e6)
    assert most[0] <= 1e6


def test_a_tenfold_step_is_always_as_many_points() -> None:
    points = [float(capability.index(at(10.0**power), at(0.0), at(20.0))[0]) for power in (24, 25, 26, 27)]
    np.testing.assert_allclose(np.diff(points), 20.0)


def test_post_training_does_not_lift_beyond_its_ceiling() -> None:
    assert float(capability.with_post_training(at(30.0), at(25.0), at(12.0))[0]) == 42.0


def test_the_gap_is_wider_at_harder_tasks() -> None:
    gaps = []
    for threshold in (0.0, 20.0, 40.0):
        high, low = (float(capability.success(at(index), at(threshold), 8.0)[0]) for index in (30.0, 20.0))
        gaps.append(high / low)
    assert gaps == sorted(gaps)


def test_the_winner_takes_more_the_more_quality_decides() -> None:
    index, installed = np.array([[60.0], [50.0]]), np.array([[0.5], [0.5]])
    weak, strong = (demand.shares_by_quality(index, at(each), installed)[0, 0] for each in (0.01, 0.1))
    assert 0.5 < weak < strong < 1.0


def test_a_memory_stop_bounds_families_by_what_they_need() -> None:
    orders, need = np.array([[10.0], [10.0]]), np.array([[1.0], [2.0]])
    assert supply.shared_fill(orders, need, at(30.0))[0] == 1.0
    assert supply.shared_fill(orders, need, at(15.0))[0] == pytest.approx(0.5)
