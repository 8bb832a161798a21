"""Adapters beside frozen weights: what they take, and that plan, estimate and validate speak of the same step."""

from __future__ import annotations

import dataclasses

import pytest
from plans_and_estimates import designs_of, estimated, planned

from tenfold.catalog import Catalog
from tenfold.planning.estimate import EstimateTrainingQuestion
from tenfold.planning.estimate.cluster import Cluster
from tenfold.planning.estimate.estimate import answer as estimate_training
from tenfold.planning.estimate.question import contradictions as estimate_contradictions
from tenfold.planning.plan import Goal, Means, PlanQuestion
from tenfold.planning.plan.question import contradictions
from tenfold.planning.plan.work import saved_parameters
from tenfold.workloads import adapter_parameters


@pytest.fixture
def lora(goal: Goal) -> Goal:
    return dataclasses.replace(goal, tuning="lora", lora_rank=16)


def test_adapters_take_two_thirds_of_the_products_and_keep_states_of_their_own_alone(
    catalog: Catalog, goal: Goal, lora: Goal, means: Means
) -> None:
    means = dataclasses.replace(means, chips=("h100-sxm",), max_chips=None, chips_exactly=64)
    (whole, *_), (alone, *_) = (designs_of(planned(each, means, catalog)) for each in (goal, lora))
    assert 0.5 < alone.step_time_s.p50 / whole.step_time_s.p50 < 0.9
    for part in ("optimizer", "gradients"):
        assert 0.0 < alone.memory_bytes_per_chip[part] < 0.02 * whole.memory_bytes_per_chip[part]
    assert "adapter" in alone.calibration
    assert alone.step_time_s.p90 / alone.step_time_s.p10 > 1.0


def test_plan_and_estimate_give_one_step_of_adapters(catalog: Catalog, lora: Goal, means: Means) -> None:
    for design in designs_of(planned(lora, means, catalog)):
        alone = estimated(lora, design, catalog, tuning="lora", lora_rank=16)
        assert alone.memory_bytes_per_chip == pytest.approx(dict(design.memory_bytes_per_chip), rel=1e-9)
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
    for said in ({"tuning": "lora"}, {"tuning": "qlora"}, {"lora_rank": 8}):
        question = PlanQuestion(goal=dataclasses.replace(goal, **said))
        assert [each.key for each in contradictions(question, catalog)] == ["goal.lora_rank"]


def test_quantised_weights_are_planned_and_estimated_alike(catalog: Catalog, lora: Goal, means: Means) -> None:
    means = dataclasses.replace(means, chips=("h100-sxm",), max_chips=None, chips_exactly=8)
    narrow = dataclasses.replace(lora, tuning="qlora")
    answer = planned(narrow, means, catalog)
    assert any("4.13 bits" in note for note in answer.notes)
    for design in designs_of(answer):
        alone = estimated(narrow, design, catalog, tuning="qlora")
        assert dataclasses.astuple(alone.step_time_s) == pytest.approx(
            dataclasses.astuple(design.step_time_s), rel=1e-9
        )
        assert design.step_terms_s["dequantising_s"] > 0.0


@pytest.mark.parametrize("chip", ["h100-sxm", "b200", "v100-sxm-32gb"])
def test_quantised_weights_run_in_16_bits_that_the_chip_has(catalog: Catalog, chip: str) -> None:
    asked = EstimateTrainingQuestion(
        cluster=Cluster(model="llama-3.1-8b", chip=chip, chips=8, global_batch=8, sequence_length=2048, tuning="qlora")
    )
    found = estimate_training(asked, catalog)
    assert found.precision == ("fp16" if chip.startswith("v100") else "bf16")
    assert not any(note.startswith("The precision") for note in found.notes)
    narrow = dataclasses.replace(asked, cluster=dataclasses.replace(asked.cluster, precision="fp8"))
    assert [each.key for each in estimate_contradictions(narrow, catalog)] == ["precision"]
    assert any("rank of the adapters" in note for note in found.notes)
    whole = dataclasses.replace(asked, cluster=dataclasses.replace(asked.cluster, tuning="full", lora_rank=8))
    assert [each.key for each in estimate_contradictions(whole, catalog)] == ["lora_rank"]


def test_a_plan_of_quantised_weights_refuses_narrow_products(catalog: Catalog, goal: Goal) -> None:
    narrow = dataclasses.replace(goal, tuning="qlora", lora_rank=16, precision="fp8")
    assert [each.key for each in contradictions(PlanQuestion(goal=narrow), catalog)] == ["goal.precision"]
