"""A goal that leaves the model open: the size and tokens that its compute or its budget trains best."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import Catalog
from tenfold.planning.plan import Goal, Means, PlanQuestion
from tenfold.planning.plan.plan import answer
from tenfold.planning.plan.question import contradictions
from tenfold.planning.plan.train.optimum import most_compute
from tenfold.quantities import few_draws
from tenfold.workloads import find_model, model_flops_per_token, total_parameters
from tenfold.workloads.job import TrainingJob


@pytest.fixture
def optimal(goal: Goal) -> Goal:
    return dataclasses.replace(goal, model="compute-optimal", tokens=None)


@given(st.integers(0, 2**32 - 1), st.floats(1e2, 1e12), st.floats(1.0, 1e3))
def test_more_budget_never_buys_less_compute(seed: int, budget: float, factor: float) -> None:
    """Whatever a run of each compute costs, even where a larger one costs less."""
    needed = 10.0 ** np.random.default_rng(seed).uniform(1.0, 14.0, 400)

    def bought(money: float) -> float:
        return most_compute(lambda flops: bool(needed[round(10 * math.log10(flops))] <= money), money)

    assert bought(budget * factor) >= bought(budget)


def test_a_larger_budget_trains_a_larger_model_and_both_fit(catalog: Catalog, optimal: Goal, means: Means) -> None:
    means = dataclasses.replace(means, chips=("h100-sxm",), sites=("us-texas",), supply=("on-demand",))
    means = dataclasses.replace(means, max_chips=None, chips_exactly=32)
    found = []
    with few_draws():
        for budget in (60e3, 200e3):
            means = dataclasses.replace(means, budget_usd=budget)
            found.append(answer(PlanQuestion(goal=optimal, means=means), catalog))
    small, large = (each.optimum for each in found)
    assert small is not None
    assert large is not None
    assert large.flops > small.flops
    assert large.parameters > small.parameters
    assert all(each.best is not None and each.best.probability.both >= optimal.confidence for each in found)


def test_compute_that_is_stated_is_spent_and_what_it_trains_is_told(
    catalog: Catalog, optimal: Goal, means: Means
) -> None:
    goal = dataclasses.replace(optimal, flops=1e22)
    told = answer(PlanQuestion(goal=goal, means=means), catalog)
    found = told.optimum
    assert found is not None
    shape = find_model(catalog, found.model).shape
    job = TrainingJob(sequence_length=4096.0, global_batch=1024.0)
    assert found.tokens * float(model_flops_per_token(shape, job)) == pytest.approx(1e22)
    assert found.parameters == float(total_parameters(shape))
    assert found.parameters_range.p10 < found.parameters < found.parameters_range.p90
    assert (told.tokens, told.question.goal.model) == (found.tokens, found.model)
    half, quarter = found.smaller
    assert 0.0 < half.loss_more_nats.p50 < quarter.loss_more_nats.p50
    assert 1.0 < half.compute_for_same_loss.p50 < quarter.compute_for_same_loss.p50
    assert any(figure.name.startswith("calibrations/scaling/") for figure in told.figures)


def test_what_cannot_be_chosen_is_said(catalog: Catalog, optimal: Goal) -> None:
    goal = dataclasses.replace(optimal, tokens=1e12, like="mixtral-8x7b")
    problems = list(contradictions(PlanQuestion(goal=goal), catalog))
    assert {each.key for each in problems} == {"goal.tokens", "goal.model", "goal.like"}
