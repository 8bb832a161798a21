"""Properties of a step: what physics says of every layout, whatever the constants are."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_setups import DENSE, cases, setup_of, with_batch

from tenfold.performance.hardware import Hardware
from tenfold.performance.layout import Layout
from tenfold.performance.training import STEP_TERMS, TrainingSetup, estimate_layout, step_bounds_s
from tenfold.performance.training.communication import pipeline_send_s
from tenfold.performance.training.estimate import ideal_kernels
from tenfold.performance.training.layer_time import launch_s
from tenfold.performance.training.micro_batch import micro_batch_time
from tenfold.performance.training.step import step_time
from tenfold.workloads import recompute_value
from tenfold.workloads.streamed import DENSE_KERNELS, DISPATCH_KERNELS, ROUTING_KERNELS

FACTORS = st.floats(1.0, 8.0)
BANDWIDTHS = ("hbm_bytes_per_s", "scaleup_bytes_per_s", "scaleout_bytes_per_s")
PEAKS = ("matmul_peak_flop_per_s", "wide_peak_flop_per_s")
LATENCIES = ("scaleup_latency_s", "scaleout_latency_s")
SLACK = 1.0 + 1e-12
QUICK = settings(max_examples=60, deadline=None)

Case = tuple[TrainingSetup, Layout]


def step_s(setup: TrainingSetup, layout: Layout) -> float:
    return float(step_time(setup.shape, setup.job, layout, setup.hardware, setup.kernels).step_s)


def with_hardware(setup: TrainingSetup, name: str, factor: float) -> TrainingSetup:
    changed: Hardware = replace(setup.hardware, **{name: getattr(setup.hardware, name) * factor})
    return replace(setup, hardware=changed)


@QUICK
@given(case=cases())
def test_shards_of_gradients_cost_a_reduction_in_every_micro_batch(case: Case) -> None:
    """ZeRO-2 keeps no whole gradients, so it waits no less than ZeRO-1; with one micro-batch they are alike."""
    setup, layout = case
    whole, shards = (step_s(setup, replace(layout, zero_stage=stage)) for stage in (1.0, 2.0))
    assert shards * SLACK >= whole
    count = setup.job.global_batch / (layout.data_parallel * layout.micro_batch)
    if count == 1:
        assert shards == pytest.approx(whole, rel=1e-12)  # sums in another order


def test_each_further_micro_batch_adds_one_reduction_under_zero_2() -> None:
    added = []
    for count in (4, 16):
        setup = setup_of("llama-3.1-70b", global_batch=8.0 * count)
        layout = Layout(tensor_parallel=8.0, data_parallel=8.0, data_overlap=0.0)
        once, always = (
            float(estimate_layout(setup, replace(layout, zero_stage=stage)).step.data_traffic_s) for stage in (1.0, 2.0)
        )
        added.append((always - once) / (count - 1))
    assert added[0] == pytest.approx(added[1], rel=1e-12)
    assert added[0] > 0.0


@QUICK
@given(case=cases(), factor=FACTORS)
def test_a_faster_part_never_makes_a_step_slower(case: Case, factor: float) -> None:
    setup, layout = case
    longest = step_s(setup, layout) * SLACK
    for name in (*BANDWIDTHS, *PEAKS):
        assert step_s(with_hardware(setup, name, factor), layout) <= longest, name


@QUICK
@given(case=cases(), factor=FACTORS)
def test_more_latency_never_makes_a_step_faster(case: Case, factor: float) -> None:
    setup, layout = case
    shortest = step_s(setup, layout)
    for name in LATENCIES:
        assert step_s(with_hardware(setup, name, factor), layout) * SLACK >= shortest, name


@settings(max_examples=30, deadline=None)
@given(case=cases(DENSE))
def test_ten_times_the_peak_is_felt(case: Case) -> None:
    setup, layout = case
    faster = with_hardware(with_hardware(setup, PEAKS[0], 10.0), PEAKS[1], 10.0)
    assert step_s(faster, layout) < step_s(setup, layout)


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_the_estimate_lies_between_its_bounds(case: Case) -> None:
    setup, layout = case
    found_s = step_s(setup, layout)
    lower_s, upper_s = step_bounds_s(setup, layout)
    assert 0.0 < lower_s <= found_s * SLACK
    assert found_s <= upper_s * SLACK


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_terms_are_times_and_add_up_to_the_step(case: Case) -> None:
    setup, layout = case
    found = step_time(setup.shape, setup.job, layout, setup.hardware, setup.kernels)
    terms = {name: float(getattr(found, name)) for name in STEP_TERMS}
    assert sum(terms.values()) == pytest.approx(float(found.step_s), rel=1e-12)
    for name, term in terms.items():
        assert term >= -1e-12 * float(found.step_s), name


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_utilisation_never_exceeds_the_peak(case: Case) -> None:
    setup, layout = case
    found = estimate_layout(replace(setup, kernels=ideal_kernels(setup.kernels)), layout)
    assert 0.0 < found.mfu <= found.hfu * SLACK
    assert found.hfu <= SLACK


@settings(max_examples=60, deadline=None)
@given(case=cases(), shares=st.tuples(st.floats(1.0, 2.0), st.floats(1.0, 2.0)))
def test_recomputing_more_takes_longer_and_needs_less_memory(case: Case, shares: tuple[float, float]) -> None:
    setup, layout = case
    found = [estimate_layout(setup, replace(layout, recompute=share)) for share in (0.0, *sorted(shares))]
    assert found[0].step.step_s <= found[1].step.step_s * SLACK <= found[2].step.step_s * SLACK**2
    assert found[2].memory.total <= found[1].memory.total * SLACK <= found[0].memory.total * SLACK**2


@settings(max_examples=60, deadline=None)
@given(case=cases(), more=st.integers(2, 5))
def test_more_micro_batches_take_longer_but_never_less_efficiently(case: Case, more: int) -> None:
    """The bubble, the optimizer and traffic once per step are shared by more tokens."""
    setup, layout = case
    grown = replace(setup, job=replace(setup.job, global_batch=setup.job.global_batch * more))
    if float(layout.zero_stage) >= 3:
        layout = replace(layout, zero_stage=2.0)
    assert step_s(setup, layout) < step_s(grown, layout) <= more * step_s(setup, layout) * SLACK


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_overlap_never_makes_a_step_slower(case: Case) -> None:
    setup, layout = case
    for name in ("tensor_overlap", "data_overlap"):
        on, off = (replace(layout, **{name: value}) for value in (1.0, 0.0))
        assert step_s(setup, on) <= step_s(setup, off) * SLACK, name


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_table_of_layouts_equals_each_of_them_alone(data: st.DataObject) -> None:
    setup, first = data.draw(cases())
    batch = 64.0 * 4 * 8 * 4 * 4
    setup = replace(setup, job=replace(setup.job, global_batch=batch))
    rows = [first, *(data.draw(cases())[1] for _ in range(3))]
    if not float(setup.shape.moe_layers):
        rows = [replace(row, expert_parallel=1.0) for row in rows]
    names = [field.name for field in fields(Layout)]
    table = Layout(**{name: np.array([float(getattr(row, name)) for row in rows]) for name in names})
    together = estimate_layout(setup, table)
    for index, row in enumerate(rows):
        alone = estimate_layout(setup, row)
        for name in ("step_s", *STEP_TERMS):
            column = np.broadcast_to(getattr(together.step, name), (len(rows),))
            expected = float(getattr(alone.step, name))
            assert column[index] == pytest.approx(expected, rel=1e-12, abs=1e-12 * float(alone.step.step_s)), name
        memory = np.broadcast_to(together.memory.total, (len(rows),))
        assert memory[index] == pytest.approx(float(alone.memory.total), rel=1e-12)
        assert np.asarray(together.mfu)[index] == pytest.approx(float(alone.mfu), rel=1e-12)


def test_a_table_of_models_and_chips_equals_each_alone() -> None:
    """Columns may be of shapes and hardware too, as in a table of measured runs."""
    pairs = [("gpt3-175b", "a100-sxm-80gb"), ("deepseek-v3", "h100-sxm"), ("nemotron-3-nano", "gb200")]
    layout = Layout(tensor_parallel=4.0, data_parallel=16.0, recompute=1.0)
    setups = [with_batch(setup_of(model, chip), layout, 8) for model, chip in pairs]

    def stacked(records: list[object]) -> dict[str, np.ndarray]:
        names = [field.name for field in fields(records[0])]  # type: ignore[arg-type]
        return {name: np.array([float(getattr(record, name)) for record in records]) for name in names}

    table = TrainingSetup(**{
        name: type(getattr(setups[0], name))(**stacked([getattr(setup, name) for setup in setups]))
        for name in ("shape", "job", "hardware", "kernels")
    })  # fmt: skip
    together = estimate_layout(table, layout)
    for index, setup in enumerate(setups):
        alone = estimate_layout(setup, layout)
        assert np.asarray(together.step.step_s)[index] == pytest.approx(float(alone.step.step_s), rel=1e-12)
        assert np.asarray(together.memory.total)[index] == pytest.approx(float(alone.memory.total), rel=1e-12)


def test_frozen_weights_save_a_third_of_the_products_and_their_traffic() -> None:
    setup, layout = setup_of("llama-3.1-70b"), Layout(tensor_parallel=8.0, data_parallel=8.0)
    full = with_batch(setup, layout, 8)
    lora = replace(full, job=replace(full.job, frozen_weights=1.0))
    before, after = estimate_layout(full, layout), estimate_layout(lora, layout)
    assert after.step.matmul_s < 0.75 * before.step.matmul_s
    assert after.step.data_traffic_s == after.step.optimizer_s == 0.0
    assert after.memory.optimizer == after.memory.gradients == 0.0
    assert after.memory.weights == before.memory.weights


def test_ranks_that_share_a_hand_over_are_faster_than_ranks_that_each_send_the_whole() -> None:
    """Narayanan et al. 2021, 4.1: shares cross the network, the whole is gathered on the faster fabric."""
    setup, layout = setup_of(), Layout(tensor_parallel=8.0, pipeline_parallel=8.0, data_parallel=4.0)
    sent = {
        (shared, split): float(
            pipeline_send_s(
                setup.shape,
                setup.job,
                replace(layout, sequence_parallel=split),
                setup.hardware,
                replace(setup.kernels, pipeline_scatter=shared),
            )
        )
        for shared in (0.0, 1.0)
        for split in (0.0, 1.0)
    }
    assert sent[1.0, 1.0] == sent[0.0, 1.0] < sent[1.0, 0.0] < sent[0.0, 0.0]


@pytest.mark.parametrize(
    ("model", "chip", "layout", "name"),
    [
        (
            "bloom-176b",
            "h100-nvl-94gb",
            Layout(tensor_parallel=2.0, pipeline_parallel=8.0, data_parallel=2.0, zero_stage=3.0, recompute=1.5,
                   micro_batch=4.0, sequence_parallel=0.0),
            "matmul_peak_flop_per_s",
        ),
        (
            "glm-4.5-air",
            "h100-sxm",
            Layout(pipeline_parallel=8.0, data_parallel=128.0, zero_stage=3.0, recompute=1.5, schedule=1.0),
            "hbm_bytes_per_s",
        ),
        (
            "gpt3-175b",
            "h100-sxm",
            Layout(pipeline_parallel=2.0, context_parallel=4.0, data_parallel=2.0, zero_stage=3.0, schedule=1.0),
            "hbm_bytes_per_s",
        ),
        (
            "mixtral-8x7b",
            "a100-sxm-80gb",
            Layout(pipeline_parallel=16.0, data_parallel=64.0, zero_stage=2.0, schedule=1.0),
            "hbm_bytes_per_s",
        ),
    ],
)  # fmt: skip
def test_shards_hide_behind_no_more_than_a_faster_part_leaves(model: str, chip: str, layout: Layout, name: str) -> None:
    setup = with_batch(setup_of(model, chip, sequence_length=2048), layout, int(layout.pipeline_parallel))
    times = [step_s(with_hardware(setup, name, factor), layout) for factor in (1.0, 1.1, 1.5, 2.0, 4.0, 10.0)]
    assert all(faster <= slower * SLACK for slower, faster in pairwise(times))


def test_the_bubble_hides_gathering_of_shards() -> None:
    """With ZeRO-3 a stage that waits for others can gather its weights: exposed is what the bubble is too short for."""
    layout = Layout(pipeline_parallel=8.0, data_parallel=128.0, zero_stage=3.0)
    setup = with_batch(setup_of("llama-3.1-70b", "mi300x", sequence_length=512), layout, 8)
    usable = float(setup.kernels.data_overlap)
    plain, interleaved = (estimate_layout(setup, replace(layout, virtual_stages=chunks)).step for chunks in (1.0, 2.0))
    less_idle = plain.bubble_s - interleaved.bubble_s
    assert less_idle > 0.0
    assert interleaved.data_traffic_s - plain.data_traffic_s == pytest.approx(usable * less_idle, rel=0.05)


def test_experts_in_one_kernel_and_a_graph_never_wait_longer_and_change_no_dense_model() -> None:
    for model, moved in (("qwen3-235b-a22b", True), ("llama-3.1-70b", False)):
        setup = setup_of(model)
        layout = Layout(data_parallel=64.0, expert_parallel=32.0 if moved else 1.0)
        host, graph = (
            step_time(
                setup.shape, setup.job, layout, setup.hardware, replace(setup.kernels, graphed_experts=graphed)
            ).step_s
            for graphed in (0.0, 1.0)
        )
        assert float(graph) < float(host) if moved else float(graph) == float(host)


@pytest.mark.parametrize(
    ("better", "plain"), [("h200-sxm", "h100-sxm"), ("mi325x", "mi300x"), ("h100-sxm", "h800-sxm")]
)
@pytest.mark.parametrize("model", ["llama-3.1-70b", "mixtral-8x7b"])
def test_a_later_chip_of_a_family_with_no_worse_part_is_no_slower(model: str, better: str, plain: str) -> None:
    setups = [setup_of(model, chip) for chip in (better, plain)]
    layout = Layout(tensor_parallel=8.0, data_parallel=16.0, zero_stage=1.0)
    faster, slower = (step_s(with_batch(setup, layout, 8), layout) for setup in setups)
    assert faster <= slower * SLACK


@QUICK
@given(case=cases())
def test_a_token_sent_once_to_a_chip_never_takes_longer_than_a_copy_for_each_expert(case: Case) -> None:
    setup, layout = case
    once, copied = (
        step_s(replace(setup, kernels=replace(setup.kernels, sends_once=sends)), layout) for sends in (1.0, 0.0)
    )
    assert once <= copied * SLACK


def test_graphs_of_attention_and_routing_leave_the_kernels_that_move_tokens_to_the_host() -> None:
    setup, layout = setup_of("mixtral-8x7b"), Layout(expert_parallel=8.0, data_parallel=8.0)
    kernels = replace(setup.kernels, kernel_gap_s=1.0, graph_gap_s=0.0, kernels_per_expert=0.0, graphed_experts=0.0)
    waits = [
        float(launch_s(setup.shape, setup.job, layout, replace(kernels, graphed_attention=graphed)))
        for graphed in (0.0, 1.0)
    ]
    assert waits == [DENSE_KERNELS + ROUTING_KERNELS + DISPATCH_KERNELS, DISPATCH_KERNELS]


def test_activations_of_experts_are_rebuilt_with_the_bias_that_is_added_before_them() -> None:
    """A whole block of experts rebuilds the bias once, its activations alone too, norms not."""
    setup = setup_of("gpt-oss-120b")
    shown = {}
    for name in ("activations", "experts", "norms"):
        layout = Layout(expert_parallel=8.0, data_parallel=8.0, recompute=recompute_value(name) or 0.0)
        found = [
            micro_batch_time(
                setup.shape, setup.job, layout, setup.hardware, replace(setup.kernels, expert_bias_passes=passes)
            )
            for passes in (0.0, 1.0)
        ]
        forward = found[1].compute.forward.elementwise_s - found[0].compute.forward.elementwise_s
        shown[name] = float((found[1].recompute_s - found[0].recompute_s) / forward)
    assert shown == pytest.approx({"activations": 1.0, "experts": 1.0, "norms": 0.0}, abs=1e-9)
