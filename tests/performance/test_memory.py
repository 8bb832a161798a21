"""Memory: parts add up, sharding divides, and more parallel layouts never need more of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_setups import CATALOG, MODELS, cases, setup_of, with_batch

from tenfold.performance.kernels import recomputed, sharding
from tenfold.performance.layout import Layout
from tenfold.performance.memory import activation_bytes, state_bytes
from tenfold.performance.training import FOOTPRINT_PARTS, Footprint, TrainingSetup, step_time
from tenfold.performance.training.footprint import footprint, last_in_flight, layers_in_flight
from tenfold.performance.training.parameters import held_parameters
from tenfold.workloads import OPERATIONS, recompute_value
from tenfold.workloads.parameters import total_parameters

Case = tuple[TrainingSetup, Layout]
SLACK = 1.0 + 1e-12


def memory_of(setup: TrainingSetup, layout: Layout) -> Footprint:
    return footprint(setup.shape, setup.job, layout, setup.kernels)


@settings(max_examples=80, deadline=None)
@given(case=cases())
def test_parts_add_up_and_none_is_negative(case: Case) -> None:
    found = memory_of(*case)
    parts = [float(getattr(found, name)) for name in FOOTPRINT_PARTS]
    assert sum(parts) == pytest.approx(float(found.total), rel=1e-12)
    assert min(parts) >= 0.0


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_each_zero_stage_needs_no_more_than_the_one_before(case: Case) -> None:
    setup, layout = case
    found = [float(memory_of(setup, replace(layout, zero_stage=float(stage))).total) for stage in range(4)]
    for less, more in zip(found[1:], found[:-1], strict=True):
        assert less <= more * SLACK


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_twice_the_tensor_parallel_ranks_never_need_more(case: Case) -> None:
    setup, layout = case
    wider = replace(layout, tensor_parallel=2.0 * layout.tensor_parallel)
    assert memory_of(setup, wider).total <= memory_of(setup, layout).total * SLACK


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_sequence_parallelism_and_shorter_micro_batches_never_need_more(case: Case) -> None:
    setup, layout = case
    split, whole = (replace(layout, sequence_parallel=value) for value in (1.0, 0.0))
    assert memory_of(setup, split).total <= memory_of(setup, whole).total * SLACK
    double = replace(layout, micro_batch=2.0 * layout.micro_batch)
    batch = replace(setup.job, global_batch=2.0 * setup.job.global_batch)
    assert memory_of(setup, layout).total <= memory_of(replace(setup, job=batch), double).total * SLACK


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=15, deadline=None)
@given(stages=st.sampled_from((1, 2, 4)), tensor=st.sampled_from((1, 2, 4, 8)), expert=st.sampled_from((1, 2, 4)))
def test_parameters_held_times_chips_are_the_model(model: str, stages: int, tensor: int, expert: int) -> None:
    """Every weight of the body lies on exactly one chip of a model replica, every expert on one of its ranks.

    Where layers, or layers of experts, do not divide over the stages, the fullest holds more than an even share.
    """
    shape = CATALOG.model(model).shape
    held = held_parameters(shape, Layout(pipeline_parallel=stages, tensor_parallel=tensor, expert_parallel=expert))
    tables = 2.0 - float(shape.tied_embeddings) if stages == 1 else 1.0
    body = held.dense * stages * tensor + held.experts * stages * expert
    positions = float(shape.hidden) * float(shape.learned_positions)
    vocabulary = (2.0 - float(shape.tied_embeddings)) * float(shape.hidden) * float(shape.vocab)
    even = float(shape.layers) % stages == 0 and float(shape.moe_layers) in (0.0, float(shape.layers))
    if stages == 1 or even:
        assert body + vocabulary + positions == pytest.approx(total_parameters(shape), rel=1e-12)
    else:
        assert body + vocabulary + positions > total_parameters(shape)
    assert held.embedding * tensor == pytest.approx(tables * float(shape.hidden) * float(shape.vocab), rel=1e-12)


@given(parameters=st.floats(1e6, 1e12), shards=st.integers(1, 4096))
def test_zero_divides_what_its_stage_says(parameters: float, shards: int) -> None:
    """Rajbhandari et al. 2020, figure 1: 16 bytes a parameter, of which 12, 14 or 16 are divided."""
    for stage, divided in enumerate((0.0, 12.0, 14.0, 16.0)):
        found = state_bytes(
            parameters, shards, float(stage), weight_bytes=2.0, gradient_bytes=2.0, optimizer_bytes=12.0
        )
        total = found.weights + found.gradients + found.optimizer
        assert total == pytest.approx(parameters * (16.0 - divided + divided / shards), rel=1e-12)


def test_activations_of_a_plain_layer_are_near_34_bytes_per_element() -> None:
    """Korthikanti et al. 2022, equation 1: s·b·h·(34 + 5·a·s/h) on one chip; no dropout masks are kept here."""
    shape = CATALOG.model("megatron-22b").shape
    tokens, sequence = 4 * 2048.0, 2048.0
    found = activation_bytes(shape, tokens, sequence, 1.0, 0.0, 0.0, 2.0)
    published = tokens * float(shape.hidden) * (34.0 + 5.0 * float(shape.heads) * sequence / float(shape.hidden))
    assert float(found.none) == pytest.approx(published, rel=0.1)
    assert float(found.full) == 2.0 * tokens * float(shape.hidden)


@pytest.mark.parametrize(("stages", "chunks", "count"), [(8, 1, 64), (8, 1, 3), (4, 2, 16), (1, 1, 5)])
def test_first_stage_keeps_as_many_micro_batches_as_1f1b_starts_with(stages: int, chunks: int, count: int) -> None:
    """1F1B starts min(m, p) micro-batches; interleaving holds p + (p − 1)/v [Korthikanti et al. 2022, 4.2.3]."""
    shape = CATALOG.model("gpt3-175b").shape
    layout = Layout(pipeline_parallel=float(stages), virtual_stages=float(chunks))
    held = float(layers_in_flight(shape, layout, float(count))) / (float(shape.layers) / stages)
    extra = (stages - 1) / chunks if chunks > 1 else 0.0
    assert held == pytest.approx(min(stages, count) + extra)


def test_more_memory_is_never_infeasible_and_the_footprint_does_not_read_the_capacity() -> None:
    setup, layout = setup_of(), Layout(tensor_parallel=8.0, data_parallel=8.0)
    larger = replace(setup, hardware=replace(setup.hardware, hbm_bytes=2.0 * setup.hardware.hbm_bytes))
    assert memory_of(setup, layout).total == memory_of(larger, layout).total


@settings(max_examples=40, deadline=None)
@given(case=cases(), more=st.integers(1, 4))
def test_pipelines_keep_no_more_for_longer_steps_once_full(case: Case, more: int) -> None:
    setup, layout = case
    full = with_batch(setup, layout, 4 * int(layout.pipeline_parallel))
    longer = with_batch(setup, layout, 4 * int(layout.pipeline_parallel) * more)
    assert memory_of(full, layout).total == pytest.approx(float(memory_of(longer, layout).total), rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(case=cases(), share=st.floats(0.0, 1.0))
def test_what_is_gathered_at_once_lies_between_the_shards_and_the_whole(case: Case, share: float) -> None:
    """ZeRO-3 on one rank gathers nothing; gathering everything is ZeRO-1 with sharded gradients."""
    shards = float(case[1].data_parallel)
    shape = {"weight_bytes": 2.0, "gradient_bytes": 2.0, "optimizer_bytes": 12.0}
    held = state_bytes(1e9, shards, 3.0, whole_weights=share * 1e9, whole_gradients=0.0, **shape)
    assert 2e9 / shards * (1 - 1e-12) <= float(held.weights) <= 2e9 * SLACK
    assert float(state_bytes(1e9, 1.0, 3.0, whole_weights=5e8, **shape).weights) == 2e9
    assert float(state_bytes(1e9, shards, 3.0, whole_weights=2e9, **shape).weights) == pytest.approx(2e9)


@pytest.mark.parametrize(
    ("stages", "chunks", "micro_batches"), [(4.0, 1.0, 1.0), (4.0, 2.0, 2.5), (8.0, 4.0, 6.25), (1.0, 1.0, 1.0)]
)
def test_last_stage_keeps_every_chunk_before_its_last(stages: float, chunks: float, micro_batches: float) -> None:
    """Interleaved 1F1B on rank p − 1: (v − 1)·p chunks go forward, and one more, before the first goes back."""
    shape = CATALOG.model("llama-3.1-405b").shape
    shape = replace(shape, attention_layers=128.0, dense_mlp_layers=128.0)
    layout = Layout(pipeline_parallel=stages, virtual_stages=chunks)
    assert float(last_in_flight(shape, layout, 512.0)) == pytest.approx(128.0 / stages * micro_batches)


def test_selective_recompute_stands_where_the_stack_puts_it_and_full_is_full() -> None:
    kernels = setup_of("llama-3.1-8b").kernels
    kernels = replace(kernels, selective_share=0.36)
    assert [float(recomputed(policy, kernels)) for policy in (0.0, 1.0, 1.5, 2.0)] == pytest.approx([0, 1.36, 1.68, 2])


def test_weights_stay_whole_in_a_pipeline_where_the_stack_gathers_once() -> None:
    kernels = setup_of("llama-3.1-8b").kernels
    once = replace(kernels, pipeline_gathers_once=1.0)
    assert [float(sharding(3.0, stages, once)) for stages in (1.0, 4.0)] == [3.0, 1.0]
    assert float(sharding(3.0, 4.0, kernels)) == 3.0


def with_operations(layout: Layout, operations: set[str]) -> Layout:
    policy = recompute_value("+".join(sorted(operations))) if operations else 0.0
    assert policy is not None
    return replace(layout, recompute=policy)


@settings(max_examples=60, deadline=None)
@given(case=cases(), operations=st.sets(st.sampled_from(sorted(OPERATIONS))), more=st.sampled_from(sorted(OPERATIONS)))
def test_each_operation_recomputed_costs_time_and_never_memory(case: Case, operations: set[str], more: str) -> None:
    setup, layout = case
    fewer, all_of = with_operations(layout, operations), with_operations(layout, operations | {more})
    assert memory_of(setup, all_of).activations <= memory_of(setup, fewer).activations * SLACK
    less_s, more_s = (
        step_time(setup.shape, setup.job, each, setup.hardware, setup.kernels).recompute_s for each in (fewer, all_of)
    )
    assert more_s >= less_s >= 0.0


@pytest.mark.parametrize("fused", [0.0, 1.0])
def test_cheap_operations_together_are_selective_recompute(fused: float) -> None:
    """Norms, activations and the attention core of a model without latent attention or experts."""
    setup = setup_of("llama-3.1-70b")
    setup = replace(setup, job=replace(setup.job, fused_attention=fused))
    layout = Layout(tensor_parallel=4.0, pipeline_parallel=4.0, data_parallel=4.0)
    singly = memory_of(setup, with_operations(layout, {"norms", "activations", "attention"}))
    assert float(singly.activations) == pytest.approx(
        float(memory_of(setup, replace(layout, recompute=1.0)).activations), rel=1e-12
    )


@settings(max_examples=30, deadline=None)
@given(stages=st.sampled_from((2, 4, 8, 16)), data=st.sampled_from((1, 8, 64)))
def test_dualpipe_holds_two_stages_a_chip(stages: int, data: int) -> None:
    """Weights twice and one micro-batch more in flight than 1F1B [DeepSeek-V3 2024, table 2]."""
    setup = setup_of("llama-3.1-405b")
    setup = replace(setup, shape=replace(setup.shape, attention_layers=128.0, dense_mlp_layers=128.0))
    layout = Layout(pipeline_parallel=float(stages), data_parallel=float(data))
    setup = with_batch(setup, layout, 4 * stages)
    plain, both = (memory_of(setup, replace(layout, schedule=schedule)) for schedule in (0.0, 2.0))
    assert float(both.weights) == pytest.approx(2.0 * float(plain.weights), rel=0.02)
    assert float(both.gradients) == pytest.approx(2.0 * float(plain.gradients), rel=0.02)
    assert float(both.optimizer) == pytest.approx(float(plain.optimizer), rel=0.02)
    assert float(both.activations) == pytest.approx(float(plain.activations) * (stages + 1) / stages, rel=0.03)
