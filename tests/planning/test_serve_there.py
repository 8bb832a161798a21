"""Services on chips that are there already: alone, joined by others, shared by several models."""

from __future__ import annotations

from dataclasses import replace

import pytest
from serving_plans import CATALOG, SERVICE, held, planned

from tenfold.planning.plan.means import Existing, Means
from tenfold.planning.plan.serve import PlanServeAnswer, PlanServeQuestion, ServeGoal
from tenfold.planning.plan.serve.left import left_of, taken_there
from tenfold.planning.plan.serve.serve import answer

THERE = Existing(chip="h100-sxm", chips=8, site="us-texas", cost_usd_per_chip_hour=0.4)
RENTED = Means(chips=("h100-sxm",), supply=("on-demand",), sites=("us-texas",))


def of(found: PlanServeAnswer, supply: str) -> float:
    designs = [*([found.best] if found.best else []), *found.alternatives]
    return next(each.cost_terms_usd["chips"] for each in designs if each.supply == supply)


def test_rent_is_paid_for_those_that_join_alone() -> None:
    found = planned(means=replace(RENTED, existing=(THERE,), chips_at_least=32))
    assert found.best is not None
    assert (found.best.supply, found.best.chips, found.best.chips_there) == ("existing + on-demand", 32, 8)
    assert of(found, "existing + on-demand") == pytest.approx(of(found, "on-demand") * 24 / 32, rel=0.05)
    assert held(found) < held(planned(means=replace(RENTED, chips_at_least=32)))


def test_models_share_what_is_there_and_never_take_more() -> None:
    means = replace(RENTED, existing=(THERE,))
    question = PlanServeQuestion(goal=ServeGoal(service=SERVICE), means=means, more=(replace(SERVICE, rate_per_s=2.0),))
    found = answer(question, CATALOG)
    taken = [taken_there(best) for best in (found.best, found.more[0].best) if best is not None]
    assert len(taken) == 2
    assert sum(taken) <= THERE.chips
    left = left_of(means, found.best, CATALOG)
    assert sum(each.chips for each in left.existing) == THERE.chips - taken[0]
