"""Adapters beside frozen weights: what they take, and that plan, estimate and validate speak of the same step."""

from __future__ import annotations

import dataclasses

import pytest
from plans_and_estimates import designs_of, estimated, planned

from tenfold.catalog import Catalog
from tenfold.planning.plan import Goal, Means, PlanQuestion
from tenfold.planning.plan.question import contradictions
from tenfold.planning.plan.work import saved_parameters
from tenfold.workloads import adapter_parameters


@pytest.fixture
def lora(goal: Goal) -> Goal:
    return dataclasses.replace(goal, tuning="lora", lora_rank=16)


def test_adapters_take_two_thirds_of_the_products_and_keep_no_states(
    catalog: Catalog, goal: Goal, lora: Goal, means: Means
) -> None:
    means = dataclasses.replace(means, chips=("h100-sxm",), max_chips=None, chips_exactly=64)
    (whole, *_), (alone, *_) = (designs_of(planned(each, means, catalog)) for each in (goal, lora))
    assert 0.5 < alone.step_time_s.p50 / whole.step_time_s.p50 < 0.9
    assert alone.memory_bytes_per_chip["optimizer"] == alone.memory_bytes_per_chip["gradients"] == 0.0
    assert "adapter" in alone.calibration
    assert alone.step_time_s.p90 / alone.step_time_s.p10 > 1.0


def test_plan_and_estimate_give_one_step_of_adapters(catalog: Catalog, lora: Goal, means: Means) -> None:
    for design in designs_of(planned(lora, means, catalog)):
        alone = estimated(lora, design, catalog, tuning="lora")
        assert dataclasses.astuple(alone.step_time_s) == pytest.approx(
            dataclasses.astuple(design.step_time_s), rel=1e-9
        )
        assert dataclasses.astuple(alone.mfu) == pytest.approx(dataclasses.astuple(design.mfu), rel=1e-9)


def test_adapters_hold_what_is_published(catalog: Catalog, goal: Goal, lora: Goal) -> None:
    """Rank 16 on every product of Llama 2 7B: 32 · 16 · (4 · 8192 + 3 · 15104) = 39,976,960 weights."""
    shape = catalog.model("llama-2-7b").shape
    assert float(adapter_parameters(shape, 16)) == 32 * 16 * (4 * 8192 + 3 * (4096 + 11008)) == 39_976_960
    assert saved_parameters(lora, shape) == 39_976_960
    assert saved_parameters(goal, shape) > 6.7e9


def test_a_rank_belongs_to_adapters(catalog: Catalog, goal: Goal) -> None:
    for said in ({"tuning": "lora"}, {"lora_rank": 8}):
        question = PlanQuestion(goal=dataclasses.replace(goal, **said))
        assert [each.key for each in contradictions(question, catalog)] == ["goal.lora_rank"]
