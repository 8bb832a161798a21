"""The optimum is that of the programme written out plainly, of every purchase enumerated, and of the definition."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from programmes import Plain, plain_cost, served_by_hand, small_programme, with_limits

from tenfold.planning.procurement.assemble import build_model
from tenfold.planning.procurement.frontier import beside, best_costs
from tenfold.planning.procurement.outcome import cost_terms, cvar, scenario_costs
from tenfold.planning.procurement.programme import Programme
from tenfold.planning.procurement.rounding import round_orders
from tenfold.planning.procurement.shadow import duals_of
from tenfold.planning.procurement.solve import linear_of, solve_relaxed, solve_whole

SEEDS = range(5)


def least(programme: Programme) -> float:
    solved = solve_relaxed(linear_of(build_model(programme)))
    return solved.objective if solved.status == "optimal" else float("inf")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("options", [2, 4])
def test_groups_classes_and_pruned_rent_lose_nothing(seed: int, options: int) -> None:
    programme = small_programme(seed, options=options)
    assert least(programme) == pytest.approx(Plain(programme).least(), rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_whole_lots_are_those_of_the_plain_programme(seed: int) -> None:
    programme = small_programme(seed)
    rows = replace(programme.commitments, minimum_lots=np.ones(3))
    programme = replace(programme, commitments=rows)
    model = build_model(programme)
    exact = solve_whole(linear_of(model), model, gap=0.0)
    assert exact.objective == pytest.approx(Plain(programme).least(whole=True), rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_integer_programme_is_the_best_of_every_purchase(seed: int) -> None:
    programme = small_programme(seed, quarters=3, options=2, train=False)
    programme = with_limits(programme, most_vendor_share=1.0, most_revenue_share=np.inf, allocations=())
    model = build_model(programme)
    exact = solve_whole(linear_of(model), model, gap=0.0)
    assert exact.objective == pytest.approx(brute_force(programme), rel=1e-9)
    lots = exact.columns[model.layout.orders]
    assert np.abs(lots - np.round(lots)).max() < 1e-6
    assert np.all((lots < 1e-6) | (lots > programme.commitments.minimum_lots[:, None] - 1e-6))


def brute_force(programme: Programme) -> float:
    """Try every purchase; recourse, limits and CVaR by hand."""
    rows, limits, chance = programme.commitments, programme.limits, programme.scenarios.probability
    best = float("inf")
    quarters = len(programme.quarters)
    for chosen in itertools.product(range(4), repeat=2 * quarters):
        lots = np.array(chosen, dtype=float).reshape(2, quarters)
        if any(0 < count < rows.minimum_lots[option] for option in range(2) for count in lots[option]):
            continue
        if any(lots[o, q] and q + rows.lead_quarters[o] >= quarters for o in range(2) for q in range(quarters)):
            continue
        if not _fits(programme, lots, limits.power_mw[:, 0], limits.capital_musd[0]):
            continue
        cost = np.array(
            [plain_cost(programme, lots, s) + served_by_hand(programme, lots, s) for s in range(len(chance))]
        )
        best = min(best, float(chance @ cost) + programme.risk_aversion * cvar(cost, chance, programme.cvar_level))
    return best


def _fits(programme: Programme, lots: np.ndarray, power: np.ndarray, capital: float) -> bool:
    rows, quarters = programme.commitments, len(programme.quarters)
    paid = np.zeros(quarters)
    for option in range(2):
        mw = lots[option].sum() * rows.lot_chips[option] * rows.power_mw_per_chip[option]
        if mw > power[option] + 1e-9:
            return False
        for quarter in range(quarters):
            price = lots[option, quarter] * rows.lot_chips[option] * rows.upfront_musd_per_chip[option, quarter]
            paid[quarter] += price * rows.deposit_share[option]
            if price:
                paid[quarter + rows.lead_quarters[option]] += price * (1 - rows.deposit_share[option])
    return bool(paid.max() <= capital + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_rounding_is_whole_feasible_and_above_its_bound(seed: int) -> None:
    programme = small_programme(seed)
    model = build_model(programme)
    linear = linear_of(model)
    relaxed = solve_relaxed(linear)
    whole = round_orders(linear, model, relaxed)
    assert whole is not None
    assert whole.objective >= relaxed.objective - 1e-9
    assert whole.bound == relaxed.objective
    lots = whole.columns[model.layout.orders]
    assert np.abs(lots - np.round(lots)).max() < 1e-6
    assert np.all((lots < 1e-6) | (lots > programme.commitments.minimum_lots[:, None] - 1e-6))
    activity = linear.matrix @ whole.columns
    assert np.all(activity <= linear.row_high + 1e-6)
    assert np.all(activity >= linear.row_low - 1e-6)
    assert whole.objective >= solve_whole(linear, model, gap=0.0).objective - 1e-7


def test_cvar_is_the_mean_of_the_worst_by_definition() -> None:
    cost, chance = np.array([1.0, 5.0, 3.0, 9.0]), np.array([0.4, 0.3, 0.2, 0.1])
    assert cvar(cost, chance, 0.0) == pytest.approx(float(cost @ chance))
    assert cvar(cost, chance, 0.9) == pytest.approx(9.0)
    assert cvar(cost, chance, 0.8) == pytest.approx((0.1 * 9 + 0.1 * 5) / 0.2)
    thresholds = np.linspace(0, 10, 100_001)
    least_bracket = np.min(thresholds + (np.maximum(cost - thresholds[:, None], 0) @ chance) / 0.35)
    assert cvar(cost, chance, 0.65) == pytest.approx(float(least_bracket), abs=1e-4)


def test_the_objective_is_expected_cost_and_weighted_cvar_and_terms_add_up() -> None:
    programme = small_programme(1)
    model = build_model(programme)
    solved = solve_relaxed(linear_of(model))
    chance, cost = programme.scenarios.probability, scenario_costs(model, solved.columns)
    expected = float(chance @ cost)
    assert solved.objective == pytest.approx(expected + 0.7 * cvar(cost, chance, 0.8))
    assert cost_terms(model, solved.columns).total_usd == pytest.approx(expected * 1e6)


LIMIT_OF = {"power": "power_mw", "capital": "capital_musd", "revenue": "revenue_musd"}


SCARCE = {
    "power": {"power_mw": np.array([[0.021, 0.027, 0.034, 0.042], [0.018, 0.025, 0.031, 0.047]])},
    "capital": {"capital_musd": np.array([0.61, 0.47, 0.53, 0.39]), "power_mw": np.full((2, 4), np.inf)},
    "revenue": {"revenue_musd": np.array([0.23, 0.31, 0.37, 0.44])},
}


@pytest.mark.parametrize("family", LIMIT_OF)
def test_duals_are_finite_differences_and_worth_something(family: str) -> None:
    programme = with_limits(small_programme(3, penalty=0.05), most_vendor_share=1.0, allocations=(), **SCARCE[family])
    model = build_model(programme)
    worth = duals_of(model, solve_relaxed(linear_of(model)), family)
    assert worth is not None
    assert worth.max() > 0.01
    base, step, certain = least(programme), 1e-5, 1 + programme.risk_aversion
    weight = programme.limits.most_revenue_share if family == "revenue" else 1.0
    for place in np.ndindex(worth.shape):
        slopes = []
        for move in (step, -step):
            limit = getattr(programme.limits, LIMIT_OF[family]).copy()
            limit[place] += move
            slopes.append((base - least(with_limits(programme, **{LIMIT_OF[family]: limit}))) / move / certain)
        assert min(slopes) - 1e-5 <= weight * worth[place] <= max(slopes) + 1e-5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_frontier_falls_in_risk_rises_in_cost_and_is_convex(seed: int) -> None:
    model = build_model(small_programme(seed))
    points = beside(linear_of(model), model).points
    cost = np.array([point.expected_cost_usd for point in points])
    tail = np.array([point.cvar_usd for point in points])
    assert np.all(np.diff(cost) >= -1.0)
    assert np.all(np.diff(tail) <= 1.0)
    for point, weight in zip(points, [point.risk_aversion for point in points], strict=True):
        others = cost + weight * tail
        assert point.expected_cost_usd + weight * point.cvar_usd <= others.min() + 1.0


@pytest.mark.parametrize("seed", SEEDS)
def test_more_of_anything_never_costs_more(seed: int) -> None:
    programme = small_programme(seed)
    base = least(programme)
    limits = programme.limits
    for more in (
        {"power_mw": limits.power_mw + 0.01},
        {"capital_musd": limits.capital_musd + 0.5},
        {"most_vendor_share": 0.9},
        {"revenue_musd": limits.revenue_musd * 1.5},
        {"allocations": ()},
    ):
        assert least(with_limits(programme, **more)) <= base + 1e-9
    dearer = replace(programme.rentals, musd_per_chip_quarter=programme.rentals.musd_per_chip_quarter * 1.2)
    assert least(replace(programme, rentals=dearer)) >= base - 1e-9
    needier = replace(programme.workloads, demand_h100e=programme.workloads.demand_h100e * 1.2)
    assert least(replace(programme, workloads=needier)) >= base - 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_knowing_a_scenario_beforehand_never_costs_more_and_waiting_never_saves(seed: int) -> None:
    programme = small_programme(seed)
    model = build_model(programme)
    linear = linear_of(model)
    solved = solve_relaxed(linear)
    assert np.all(best_costs(programme) <= scenario_costs(model, solved.columns) + 1e-7)
    rise = beside(linear, model).waiting_musd
    rows = programme.commitments
    idle = rows.most_lots * (np.arange(4) > 0)
    later = least(replace(programme, commitments=replace(rows, most_lots=idle)))
    assert rise == pytest.approx((later - solved.objective) / (1 + programme.risk_aversion), abs=1e-7)


def test_the_same_seed_gives_the_same_columns() -> None:
    model = build_model(small_programme(2))
    first, second = (solve_relaxed(linear_of(model), seed=5).columns for _ in range(2))
    assert np.array_equal(first, second)
