"""What an answer names as the nearest change fits when it is asked, word for word; and wider limits cost no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from impossible_goals import impossible_portfolio, impossible_run, impossible_service
from named_changes import failing
from serving_plans import CATALOG, H100, SERVICE, held, planned

import tenfold
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.plan import plan_run
from tenfold.planning.plan.portfolio import PlanPortfolioAnswer, PlanPortfolioQuestion
from tenfold.planning.plan.serve import PlanServeQuestion
from tenfold.planning.plan.serve.serve import answer


def portfolio(question: PlanPortfolioQuestion) -> PlanPortfolioAnswer:
    parts = {name: getattr(question, name) for name in ("goal", "services", "runs", "means")}
    return tenfold.plan_portfolio(catalog=CATALOG, **parts)


def fits_service(question: PlanServeQuestion) -> bool:
    return answer(question, CATALOG).best is not None


@pytest.mark.parametrize("seed", [18])  # of chips: the count that holds the model is late too
def test_what_a_run_needs_is_all_that_it_needs(seed: int) -> None:
    question = impossible_run(seed)
    found = plan_run(question, CATALOG, seed=0)
    assert found.best is None
    assert not list(failing(question, found.infeasible, lambda q: plan_run(q, CATALOG, seed=0).best is not None))


@pytest.mark.parametrize("seed", [14])  # a latency on spot, which needs less availability too
def test_what_a_service_needs_is_all_that_it_needs(seed: int) -> None:
    question = impossible_service(seed, CATALOG)
    found = answer(question, CATALOG)
    assert found.best is None
    assert not list(failing(question, found.infeasible, fits_service))


def test_spot_alone_in_a_portfolio_names_the_availability_that_it_has_and_what_all_works_need() -> None:
    means = Means(chips=("h100-sxm",), supply=("spot",), sites=("us-texas",), budget_usd=5e3)
    question = replace(impossible_portfolio(3), means=means)
    found = portfolio(question)
    assert found.best is None
    assert all(reason.short for each in found.infeasible for reason in each.reasons)
    assert all(each.reasons for each in found.infeasible), "a rejection without a reason says nothing"
    assert not list(failing(question, found.infeasible, lambda q: portfolio(q).best is not None))


def test_wider_limits_never_make_a_service_dearer_and_what_fits_is_never_passed_over() -> None:
    """A surer fleet is no cheaper one: of those that are sure enough the one whose cost is surely least is chosen."""
    free = planned(SERVICE, H100)
    assert free.best is not None
    tight = replace(H100, max_chips=free.best.chips_held)
    assert held(planned(SERVICE, tight)) == held(free), "a limit that the choice keeps moves nothing"
    last = float("inf")
    for times in (0.95, 1.01):
        found = planned(SERVICE, replace(H100, budget_usd=times * free.best.least_budget_usd))
        assert held(found) <= last
        assert times < 1.0 or held(found) == held(free)
        last = held(found)
