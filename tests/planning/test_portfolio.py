"""Portfolios: the shape of a day, what a service leaves, and what sharing may and may not do."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold
from tenfold.catalog import load_catalog
from tenfold.planning.plan import nearest_of
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.portfolio import PlanPortfolioAnswer, PlanPortfolioQuestion, PortfolioGoal
from tenfold.planning.plan.portfolio.answer import file
from tenfold.planning.plan.portfolio.day import HOURS, WEEK_DAYS, Left, day_shape, rates_per_s, weeks_in
from tenfold.planning.plan.portfolio.left import hours_of, without
from tenfold.planning.plan.portfolio.question import contradictions, names_of
from tenfold.planning.procurement.question import WorkloadTable
from tenfold.planning.procurement.workloads import worth_of
from tenfold.quantities import DAY_S, YEAR_S, InputError, Percentiles, parse_quantity

CATALOG = load_catalog()
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "portfolio.toml"
PEAKS = st.floats(1.0, 20.0)


@cache
def planned() -> PlanPortfolioAnswer:
    return tenfold.plan_portfolio(EXAMPLE, catalog=CATALOG)


@settings(max_examples=30, deadline=None)
@given(peak=PEAKS)
def test_a_day_has_the_peak_that_is_stated_and_its_mean_at_least(peak: float) -> None:
    shape = day_shape(peak)
    assert shape.max() == shape[0] == pytest.approx(peak)
    assert np.all(shape > 0.0)
    assert 1.0 - 1e-9 <= shape.mean() <= 1.0 + (peak - 1.0) * 2.0 / HOURS + 1e-9  # an hour counts at its busiest
    assert np.all(np.diff(shape[: HOURS // 2 + 1]) <= 1e-12)


def test_growth_raises_every_week_and_keeps_the_mean() -> None:
    rates = rates_per_s(10.0, 0.6, YEAR_S, 1.0)
    assert rates.shape == (weeks_in(YEAR_S), HOURS)
    assert np.all(np.diff(rates[:, 0]) > 0.0)
    assert rates.mean() == pytest.approx(10.0, rel=0.01)


CHIPS = st.lists(st.integers(0, 8), min_size=48, max_size=48)


@settings(max_examples=30, deadline=None)
@given(nodes=CHIPS, gang=st.integers(1, 8), work=st.floats(0.01, 12.0))
def test_work_is_done_on_the_day_it_is_said_to_be(nodes: list[int], gang: int, work: float) -> None:
    left = Left(ready_day=5.0, chips=8.0 * np.array(nodes, dtype=np.float64).reshape(2, HOURS))
    hours = hours_of(left, 8 * gang, 0.25)
    done = hours.done_by(left.end_day)
    assert done <= 2 * WEEK_DAYS
    day = hours.day_of(work)
    assert np.isinf(day) == (work > done)
    if np.isfinite(day):
        assert hours.done_by(day) == pytest.approx(work)
    rest = without(left, 8 * gang, left.end_day)
    assert np.all(rest.chips >= 0.0)
    taken = (left.chips - rest.chips).sum()
    assert taken == 8 * gang * (left.chips >= 8 * gang).sum()


@given(early=st.floats(0.0, 5.0), late=st.floats(0.0, 9.0), work=st.floats(0.1, 5.0))
def test_days_count_from_the_order_and_ends_add_up(early: float, late: float, work: float) -> None:
    ready = Percentiles(p10=early, p50=early + late / 2.0, p90=early + late)
    whole = hours_of(Left(ready_day=ready.p90, chips=np.full((2, HOURS), 8.0)), 8, 0.25)
    done = whole.days_of(ready, Percentiles(p10=work, p50=1.5 * work, p90=2.0 * work))
    assert done.p10 == pytest.approx(ready.p10 + work)
    assert done.p50 == pytest.approx(ready.p50 + 1.5 * work)
    assert done.p90 == pytest.approx(whole.day_of(2.0 * work))


def test_a_gang_that_is_stopped_every_day_loses_a_pause_at_either_end() -> None:
    chips = np.full((1, HOURS), 64.0)
    assert hours_of(Left(ready_day=0.0, chips=chips), 64, 0.5).a_day.tolist() == [24.0]
    chips[0, 0] = 0.0
    assert hours_of(Left(ready_day=0.0, chips=chips), 64, 0.5).a_day.tolist() == [22.0]


def test_sharing_is_chosen_where_it_costs_less_and_never_takes_what_a_service_needs() -> None:
    found = planned()
    assert found.best is not None
    others = {each.name: each for each in (found.best, *found.alternatives)}
    assert others["shared"].holds_usd <= others["apart"].holds_usd
    assert found.saved_usd == pytest.approx(others["apart"].cost_usd.p50 - found.best.cost_usd.p50)
    (fleet,), (served, trained) = found.best.fleets, found.best.works
    assert max(fleet.busiest_chips) == served.chips <= fleet.chips
    assert trained.shares
    assert trained.chips <= fleet.chips - min(fleet.quietest_chips)
    assert trained.end_day.p90 <= 300.0
    assert trained.probability >= 0.8
    apart = others["apart"]
    for end in ("p10", "p50", "p90"):
        assert getattr(apart.cost_usd, end) == pytest.approx(sum(getattr(each.cost_usd, end) for each in apart.fleets))


def test_a_budget_holds_for_all_works_together_and_the_nearest_would_do() -> None:
    found = planned()
    assert found.best is not None
    least = found.best.cash_usd
    tight = tenfold.plan_portfolio(EXAMPLE, catalog=CATALOG, means=_with_budget(0.5 * least.p50))
    assert tight.best is None
    assert tight.without == ("llama-3.1-70b",)
    (change,) = nearest_of(tight.infeasible).changes
    budget = parse_quantity(change.removeprefix("budget = '").removesuffix("'"), "USD")
    assert tenfold.plan_portfolio(EXAMPLE, catalog=CATALOG, means=_with_budget(budget)).best is not None


def _with_budget(usd: float) -> Means:
    return replace(planned().question.means, budget_usd=usd)


def test_it_is_handed_over_as_workloads_of_procurement() -> None:
    found = planned()
    tables = tomllib.loads(file(found))["workloads"]
    assert [each["name"] for each in tables] == ["llama-3.1-70b", "llama-3.1-8b"]
    served = WorkloadTable(
        name="served",
        kind="serve",
        demand_h100e=tuple(tables[0]["demand"]),
        unserved_usd_per_h100e_hour=tables[0]["unserved"],
        h100e_per_chip=tables[0]["h100e_per_chip"],
    )
    assert served.demand_h100e == tuple(sorted(served.demand_h100e or ()))
    assert worth_of("h100-sxm", CATALOG, [served], [{}]).tolist() == [1.0]
    run = tables[1]
    assert (run["tokens"], run["global_batch"]) == (2e11, "1024 sequences")


def test_works_are_told_apart_and_two_are_needed() -> None:
    run = TrainGoal(model="llama-3.1-8b", tokens=1e9, sequence_length=4096, global_batch=8, deadline_s=9 * DAY_S)
    one = PlanPortfolioQuestion(goal=PortfolioGoal(), runs=(run,))
    assert [each.key for each in contradictions(one, CATALOG)] == ["services"]
    two = replace(one, runs=(run, replace(run, tokens=None)))
    assert names_of(two) == ("llama-3.1-8b", "llama-3.1-8b (2)")
    assert [each.key for each in contradictions(two, CATALOG)] == ["runs.1.tokens"]
    counted = replace(one, runs=(run, run), means=Means(chips_exactly=8))
    assert [each.key for each in contradictions(counted, CATALOG)] == ["means.chips_exactly"]


def test_every_wrong_key_of_a_work_is_said_at_once(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(EXAMPLE.read_text().replace('rate = "60/s"', 'rate = "-1/s"').replace("isl = 1024", "isl = 0"))
    with pytest.raises(InputError) as refused:
        tenfold.plan_portfolio(wrong, catalog=CATALOG)
    assert {each.key for each in refused.value.problems} >= {"services.0.rate", "services.0.isl"}


def test_percentiles_are_in_order() -> None:
    found = planned()
    assert found.best is not None
    spreads: list[Percentiles] = [found.best.cost_usd, found.best.cash_usd, *(e.end_day for e in found.best.works)]
    assert all(each.p10 <= each.p50 <= each.p90 for each in spreads)
