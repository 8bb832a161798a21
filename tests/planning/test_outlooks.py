"""What a plan says of failures and of several sites."""

import dataclasses
import datetime
import math

import pytest
from plans import planned

from tenfold.catalog import load_catalog
from tenfold.planning.plan import Goal, Means, PlanAnswer, PlanQuestion
from tenfold.planning.plan.question import contradictions

CATALOG = load_catalog()
GOAL = Goal(
    model="llama-3.1-8b",
    tokens=2e12,
    sequence_length=8192,
    global_batch=512,
    precision="bf16",
    deadline_s=None,
    objective="fastest",
    confidence=0.8,
)


def over(
    *sites: str,
    power_w: float | None = None,
    supply: str = "on-demand",
    exactly: int | None = None,
    spread: bool = False,
) -> PlanAnswer:
    means = Means(
        budget_usd=None,
        chips=("h100-sxm",),
        max_chips=1024 if exactly is None else None,
        chips_exactly=exactly,
        supply=(supply,),
        sites=sites,
        power_w=power_w,
    )
    return planned(dataclasses.replace(GOAL, start=datetime.date(2027, 1, 1), over_sites=spread), means, CATALOG)


@pytest.fixture(scope="module")
def plan() -> PlanAnswer:
    return over("us-virginia", "us-texas", spread=True)


def test_the_outlook_stands_on_the_basis_of_the_design(plan: PlanAnswer) -> None:
    assert plan.best is not None
    assert plan.failures is not None
    found, best = plan.failures, plan.best
    assert found.goodput == best.goodput
    assert found.lost_share == best.lost_share
    assert sum(found.loss.values()) == pytest.approx(best.lost_share)
    assert found.luck_days.p50 == 0.0
    assert found.luck_days.p90 - found.luck_days.p10 < best.finish_days.p90 - best.finish_days.p10
    assert found.best_policy_saves_days >= 0.0
    assert bool(found.why_not) == (found.best_policy != found.policy)


def test_saves_are_no_faster_than_paid_storage_drains(plan: PlanAnswer) -> None:
    assert plan.best is not None
    best = plan.best
    parameters = CATALOG.model(GOAL.model).parameters
    assert parameters is not None
    rate = CATALOG.assumption("reliability.checkpoint_write_bytes_per_s_per_node").value
    share = CATALOG.assumption("reliability.checkpoint_drain_share").value
    drained = 14.0 * parameters.value / (rate * best.chips / 8)
    assert best.checkpoint_interval_s >= 0.99 * drained / share
    assert best.cost_terms_usd["storage"] > 0.0


def test_spot_fails_more(plan: PlanAnswer) -> None:
    spot = over("us-virginia", supply="spot")
    assert spot.best is not None
    assert spot.failures is not None
    assert plan.best is not None
    assert plan.failures is not None
    of_a_chip = spot.failures.mttf_h * spot.best.chips, plan.failures.mttf_h * plan.best.chips
    assert of_a_chip[0] < of_a_chip[1]
    assert spot.best.goodput_terms["waiting_for_spares"] > 0.0
    assert "waiting_for_spares" not in plan.best.goodput_terms


def test_several_named_sites_are_planned_together(plan: PlanAnswer) -> None:
    assert plan.best is not None
    assert plan.campuses is not None
    spread = plan.campuses
    assert set(spread.sites) == {"us-virginia", "us-texas"}
    assert spread.chips_per_site * 2 <= plan.best.chips
    assert 0.0 < spread.compute_use <= 1.0
    assert not spread.wins
    assert math.isfinite(spread.cost_usd.p50)


def test_what_is_not_asked_for_or_needed_is_not_spread(plan: PlanAnswer) -> None:
    alone = over("us-virginia", "us-texas")
    assert alone.campuses is None
    assert alone.best == plan.best


def test_what_no_site_has_the_power_for_is_spread_unasked() -> None:
    short = over("us-virginia", "us-texas", power_w=800e3, exactly=1024)
    assert short.best is None
    assert {reason.kind for each in short.infeasible for reason in each.reasons} == {"power"}
    assert short.campuses is not None
    assert short.campuses.wins
    assert short.campuses.chips_per_site * 2 == 1024
    assert "has the power" in short.campuses.why


def test_a_spread_needs_sites_to_be_named() -> None:
    question = PlanQuestion(goal=dataclasses.replace(GOAL, over_sites=True), means=Means(sites=("us-virginia",)))
    assert [problem.key for problem in contradictions(question, CATALOG)] == ["goal.over_sites"]


def test_the_same_plan_has_the_same_outlooks(plan: PlanAnswer) -> None:
    again = over("us-virginia", "us-texas", spread=True)
    assert again.failures == plan.failures
    assert again.campuses == plan.campuses
