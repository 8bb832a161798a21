"""Adapters beside weights in 4 bits (QLoRA): what is held, what bringing it to 16 bits takes, what was published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from training_setups import CATALOG, cases, setup_of, with_batch

from tenfold.performance.layout import Layout
from tenfold.performance.training import STEP_TERMS, TrainingEstimate, TrainingSetup, estimate_layout, setup_training
from tenfold.workloads import LORA, QLORA, TUNINGS, adapter_parameters, embedding_parameters, total_parameters

OF_TRAFFIC = ("data_traffic_s", "scale_loss_s", "production_loss_s")
"""Terms that a smaller gather makes smaller, and losses that are shares of the others."""


def tuned(setup: TrainingSetup, tuning: str) -> TrainingSetup:
    of = TUNINGS[tuning]
    return replace(
        setup, job=replace(setup.job, frozen_weights=of.frozen_weights, frozen_bytes=of.frozen_bytes, weight_bytes=2.0)
    )


def both(setup: TrainingSetup, layout: Layout) -> tuple[TrainingEstimate, TrainingEstimate]:
    """The same layout with frozen weights in 16 bits, and in 4."""
    plain, narrow = (estimate_layout(tuned(setup, tuning), layout) for tuning in (LORA, QLORA))
    return plain, narrow


def work_s(estimate: TrainingEstimate) -> float:
    return sum(float(getattr(estimate.step, name)) for name in STEP_TERMS if name not in OF_TRAFFIC)


@settings(max_examples=25, deadline=None)
@given(case=cases())
def test_narrow_weights_take_less_memory_and_no_less_work(case: tuple[TrainingSetup, Layout]) -> None:
    plain, narrow = both(*case)
    assert float(narrow.memory.weights) < float(plain.memory.weights)
    assert float(narrow.memory.total) < float(plain.memory.total)
    assert work_s(narrow) > work_s(plain)
    assert float(narrow.step.data_traffic_s) <= float(plain.step.data_traffic_s) * (1 + 1e-12)
    assert float(plain.step.dequantising_s) == 0.0 < float(narrow.step.dequantising_s)


@pytest.mark.parametrize(("recompute", "passes"), [(0.0, 2), (1.0, 2), (2.0, 3)])
def test_every_weight_is_brought_to_16_bits_once_a_pass(recompute: float, passes: int) -> None:
    """A rival by the count of parameters: bytes over the bandwidth reached; a layer made again dequantises again."""
    setup = tuned(setup_of("llama-3.1-70b"), QLORA)
    setup = replace(setup, kernels=replace(setup.kernels, kernel_gap_s=0.0))
    layout = Layout(recompute=recompute, micro_batch=2.0)
    setup = with_batch(setup, layout, 3)
    shape, norms = setup.shape, 2 * setup.shape.hidden * setup.shape.layers + setup.shape.hidden
    weights = float(total_parameters(shape) - embedding_parameters(shape)) - norms
    once_s = weights * (4.127 / 8.0 + 2.0) / float(setup.hardware.hbm_bytes_per_s * setup.kernels.memory_efficiency)
    found = estimate_layout(setup, layout).step
    again = estimate_layout(tuned(setup, LORA), layout).step
    added = float(found.dequantising_s + found.recompute_s - again.recompute_s)
    assert added == pytest.approx(3 * passes * once_s, rel=1e-3)


def test_frozen_shards_are_gathered_twice_and_reduced_never() -> None:
    """Below ZeRO-3 frozen weights are whole and never change: no traffic; as shards, no gradients."""
    setup, layout = setup_of("llama-3.1-70b"), Layout(tensor_parallel=8.0, data_parallel=8.0, data_overlap=0.0)
    setup = with_batch(setup, layout, 4)
    for stage in (0.0, 1.0, 2.0):
        assert all(float(each.step.data_traffic_s) == 0.0 for each in both(setup, replace(layout, zero_stage=stage)))
    sharded = replace(layout, zero_stage=3.0)
    plain, narrow = both(setup, sharded)
    trained = float(estimate_layout(setup, sharded).step.data_traffic_s)
    gradient = float(np.asarray(setup.kernels.gradient_bytes)) / 2.0
    assert float(plain.step.data_traffic_s) == pytest.approx(trained * 2.0 / (2.0 + gradient), rel=1e-9)
    assert 0.2 < float(narrow.step.data_traffic_s / plain.step.data_traffic_s) < 0.6  # tables stay in 16 bits


@pytest.mark.parametrize(
    ("model", "chip", "tokens", "batch"),
    [
        ("llama-65b", "l40s", 512, 1.0),  # Dettmers et al. 2023, abstract: 65B on one GPU of 48 GB
        ("llama-2-70b", "a100-sxm-80gb", 4096, 4.0),  # IBM fms-acceleration, refs/a100_80gb.csv, 2024-09
    ],
)
def test_what_was_tuned_on_one_chip_fits_it_in_4_bits_alone(model: str, chip: str, tokens: int, batch: float) -> None:
    setup = setup_of(model, chip, sequence_length=tokens, global_batch=batch)
    plain, narrow = both(setup, Layout(recompute=2.0, micro_batch=batch))
    assert float(narrow.memory.total) <= float(setup.hardware.hbm_bytes) < float(plain.memory.total)


@pytest.mark.parametrize("chip", ["h100-sxm", "mi300x", "a100-sxm-80gb"])
def test_fewer_measured_runs_never_give_a_narrower_range(chip: str) -> None:
    model = CATALOG.model("llama-3.1-8b")
    plain, narrow = (
        setup_training(
            CATALOG, chip=chip, model=model, precision="bf16", sequence_length=4096, global_batch=8, tuning=tuning
        ).spread(8.0)
        for tuning in (LORA, QLORA)
    )
    assert narrow.log_spread > plain.log_spread
    assert "16bit-of-4bit-weights" in narrow.words


@pytest.mark.parametrize("model", ["llama-2-7b", "mixtral-8x7b"])
def test_adapters_hold_sixteen_bytes_a_weight_less_what_is_sharded(model: str) -> None:
    """Rank 64 on one chip: weights and gradients as the software keeps them and its optimizer, by their count alone."""
    setup = tuned(setup_of(model), QLORA)
    adapted = replace(setup, job=replace(setup.job, adapter_rank=64.0))
    layout, sharded = Layout(), Layout(data_parallel=8.0, zero_stage=3.0)
    before, after = (estimate_layout(with_batch(each, layout, 1), layout).memory for each in (setup, adapted))
    kernels = setup.kernels
    each = 2.0 + kernels.gradient_bytes + kernels.gradient_copy_bytes + kernels.optimizer_bytes
    added = float(after.total - before.total)
    assert added == pytest.approx(float(adapter_parameters(setup.shape, 64) * each), rel=1e-9)
    bare, shards = (
        float(estimate_layout(with_batch(one, sharded, 1), sharded).memory.total) for one in (setup, adapted)
    )
    assert shards - bare == pytest.approx(added / 8.0, rel=1e-6)
