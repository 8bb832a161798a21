"""Time of one optimizer step of a layout, with every term kept.

step = (micro-batches × busiest stage + bubble + data-parallel traffic not hidden + optimizer) × (1 + scale loss)
× (1 + production loss) + overhead.

The busiest stage does its share of the layers (forward, backward, recomputed forward, traffic not hidden) and, on the
last stage, the LM head. Everything broadcasts: one layout, a grid of layouts, or a table of measured runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.compute import streaming_s
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels, sharding
from tenfold.performance.layout.columns import Layout, micro_batches
from tenfold.performance.training.communication import gather_parameters_s
from tenfold.performance.training.micro_batch import MicroBatchSummary, micro_batch_time
from tenfold.performance.training.parameters import HeldParameters, full_stage_layers, held_parameters
from tenfold.performance.training.pipelined import pipelined_time
from tenfold.performance.training.schedules import StageTimes
from tenfold.quantities import Column
from tenfold.workloads import PLAIN_BYTES, TrainingJob

OPTIMIZER_BYTES_MOVED = 30.0
"""Per parameter: read gradient, master weight and two moments, write the last three and the 16-bit weight."""
LOCAL_CHIPS = 8.0
"""Chips within which stragglers do not show: one host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """Seconds of one optimizer step and the terms that add up to it, on the busiest chip."""

    step_s: Column
    matmul_s: Column
    attention_s: Column
    elementwise_s: Column
    launch_s: Column
    dequantising_s: Column
    """Bringing frozen weights to 16 bits for every product."""
    head_s: Column
    recompute_s: Column
    tensor_traffic_s: Column
    context_traffic_s: Column
    expert_traffic_s: Column
    pipeline_traffic_s: Column
    overlap_tax_s: Column
    uneven_stages_s: Column
    """Wait for the busiest stage beyond an even share of the work."""
    bubble_s: Column
    data_traffic_s: Column
    optimizer_s: Column
    scale_loss_s: Column
    production_loss_s: Column
    overhead_s: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSummary:
    """Seconds of one step by the parts that depend on the pipeline and data-parallel degrees."""

    step_s: Column
    busiest_s: Column
    """One micro-batch on the busiest stage."""
    even_s: Column
    """One micro-batch on a stage with an even share of the work."""
    hops_s: Column
    """Hand-overs between stages that one micro-batch waits for."""
    idle_s: Column
    data_s: Column
    optimizer_s: Column
    scale_loss_s: Column
    production_loss_s: Column


STEP_TERMS = tuple(name for name in StepTime.__slots__ if name != "step_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataWindows:
    """Seconds of a step behind which data-parallel traffic can hide."""

    forward_s: Column
    """Of one micro-batch on a stage."""
    backward_s: Column
    backwards_s: Column
    """Of the whole step: all backward passes and the bubble."""
    step_s: Column
    """Of the whole step: all micro-batches and the bubble."""


def data_windows(
    shape: TransformerShape,
    layout: Layout,
    unit: MicroBatchSummary,
    times: StageTimes,
    bubble_s: Column,
    repeats: Column,
) -> DataWindows:
    """What data-parallel traffic can hide behind.

    Over a step m·busiest + bubble, less what a full stage does beside it, such as other traffic, and the head. Of
    compute that a faster chip saves, the step loses no less than such a window, so that no step gets slower by it.
    """
    share, full = shape.layers / layout.pipeline_parallel, full_stage_layers(shape, layout)
    outside = unit.layer_s - unit.backward_window_s

    def over_step(beside: Column) -> Column:
        return np.maximum(repeats * (times.busiest_s - full * beside - unit.head_s) + bubble_s, 0.0)

    return DataWindows(
        forward_s=share * unit.forward_window_s,
        backward_s=share * unit.backward_window_s,
        backwards_s=over_step(outside),
        step_s=over_step(outside - unit.forward_window_s),
    )


def data_traffic_s(
    once_s: Column, trained: Column, layout: Layout, windows: DataWindows, repeats: Column, kernels: Kernels
) -> Column:
    """Data-parallel traffic that a step waits for, s; ``once_s`` is one gather of the stage's weights as they are held.

    Below ZeRO-3 weights are gathered under the first forward pass. Gradients are reduced under the last backward pass
    or, from ZeRO-2, under that of every micro-batch, since a rank keeps no more than its shard of them [Rajbhandari et
    al. 2020, section 5.2]; all but the last may hide in the bubble too. With ZeRO-3 weights are gathered twice per
    micro-batch, behind the layer beside or in the bubble. Weights that are not ``trained`` (1 or 0) have no gradients,
    and are gathered only where they are shards.
    """
    stage = np.asarray(sharding(layout.zero_stage, layout.pipeline_parallel, kernels))
    scatter = trained * once_s * kernels.gradient_bytes / PLAIN_BYTES
    reduce = scatter * np.where(stage >= 1, kernels.reduce_passes, 1.0)
    usable = kernels.data_overlap * np.asarray(layout.data_overlap)
    gathering = np.maximum(once_s - usable * windows.forward_s, 0.0)
    last = np.maximum(reduce - usable * windows.backward_s, 0.0)
    reducing = np.where(stage >= 2, np.maximum(reduce * repeats - usable * windows.backwards_s, last), last)
    sharded = np.maximum((2.0 * once_s + scatter) * repeats - usable * windows.step_s, 0.0)
    return np.where(stage >= 3, sharded, trained * (gathering + reducing))


def gather_stage_s(
    parameters: HeldParameters, frozen_bytes: Column, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """One gather of a stage's weights as they are held, vocabulary tables in 16 bits, over data-parallel ranks, s."""
    dense = frozen_bytes * parameters.dense + PLAIN_BYTES * parameters.embedding
    return gather_parameters_s(dense, frozen_bytes * parameters.experts, layout, hardware, kernels)


def optimizer_s(held: HeldParameters, layout: Layout, hardware: Hardware, kernels: Kernels) -> Column:
    """Time of the optimizer update of what one chip holds, s; experts have fewer replicas to share it with."""
    ranks = layout.data_parallel * layout.context_parallel
    replicas = np.maximum(ranks * layout.tensor_parallel / layout.expert_ranks, 1.0)
    sharded = np.asarray(layout.zero_stage) >= 1
    updated = (held.dense + held.embedding) / np.where(sharded, ranks, 1.0)
    updated = updated + held.experts / np.where(sharded, replicas, 1.0)
    return streaming_s(OPTIMIZER_BYTES_MOVED * updated, hardware.hbm_bytes_per_s * kernels.memory_efficiency)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLosses:
    """What is lost of a step that works for so many seconds, and all of it together, s."""

    scale_loss_s: Column
    production_loss_s: Column
    step_s: Column


def step_losses(working_s: Column, layout: Layout, kernels: Kernels) -> StepLosses:
    """Losses that grow with the work and the chips, s; arguments broadcast."""
    scale_loss = working_s * kernels.scale_loss * np.log2(np.maximum(layout.chips / LOCAL_CHIPS, 1.0))
    production_loss = (working_s + scale_loss) * kernels.production_loss
    return StepLosses(
        scale_loss_s=scale_loss,
        production_loss_s=production_loss,
        step_s=working_s + scale_loss + production_loss + kernels.step_overhead_s,
    )


def assemble_step(
    shape: TransformerShape,
    job: TrainingJob,
    layout: Layout,
    unit: MicroBatchSummary,
    hardware: Hardware,
    kernels: Kernels,
) -> StepSummary:
    """Step time from the cost of a micro-batch; arguments broadcast."""
    trained = 1.0 - np.asarray(job.frozen_weights)
    piped = pipelined_time(shape, job, layout, unit, hardware, kernels)
    held = held_parameters(shape, layout)
    once = gather_stage_s(held, job.frozen_bytes, layout, hardware, kernels)
    windows = data_windows(shape, layout, unit, piped.times, piped.bubble_s, piped.count)
    data = data_traffic_s(once, trained, layout, windows, piped.count, kernels)
    update = trained * optimizer_s(held, layout, hardware, kernels)
    losses = step_losses(piped.working_s + data + update, layout, kernels)
    return StepSummary(
        step_s=losses.step_s,
        busiest_s=piped.times.busiest_s,
        even_s=(shape.layers * unit.layer_s + unit.head_s) / layout.pipeline_parallel,
        hops_s=piped.hops_s,
        idle_s=piped.idle_s,
        data_s=data,
        optimizer_s=update,
        scale_loss_s=losses.scale_loss_s,
        production_loss_s=losses.production_loss_s,
    )


def step_alone_s(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """Time of one optimizer step without its terms, s: ``step_s`` of ``step_time``; arguments broadcast."""
    unit = micro_batch_time(shape, job, layout, hardware, kernels).summary(kernels.overlap_tax)
    return assemble_step(shape, job, layout, unit, hardware, kernels).step_s


def step_time(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> StepTime:
    """Time of one optimizer step with its terms, s; ``layout`` may hold one layout or columns of them."""
    unit = micro_batch_time(shape, job, layout, hardware, kernels)
    step = assemble_step(shape, job, layout, unit.summary(kernels.overlap_tax), hardware, kernels)
    count = micro_batches(layout, job.global_batch)
    layers = count * shape.layers / layout.pipeline_parallel
    forward, backward, traffic = unit.compute.forward, unit.compute.backward, unit.traffic
    return StepTime(
        step_s=step.step_s,
        matmul_s=layers * (forward.matmul_s + backward.matmul_s),
        attention_s=layers * (forward.attention_s + backward.attention_s),
        elementwise_s=layers * (forward.elementwise_s + backward.elementwise_s),
        launch_s=layers * (forward.launch_s + backward.launch_s),
        dequantising_s=layers * (forward.dequantising_s + backward.dequantising_s),
        head_s=count * unit.head_s / layout.pipeline_parallel,
        recompute_s=layers * unit.recompute_s,
        tensor_traffic_s=layers * (traffic.tensor_forward_s + traffic.tensor_backward_s),
        context_traffic_s=layers * (traffic.context_forward_s + traffic.context_backward_s),
        expert_traffic_s=layers * 2.0 * traffic.expert_s,
        pipeline_traffic_s=count * step.hops_s,
        overlap_tax_s=layers * kernels.overlap_tax * traffic.hidden_s,
        uneven_stages_s=count * (step.busiest_s - step.even_s),
        bubble_s=step.idle_s,
        data_traffic_s=step.data_s,
        optimizer_s=step.optimizer_s,
        scale_loss_s=step.scale_loss_s,
        production_loss_s=step.production_loss_s,
        overhead_s=kernels.step_overhead_s,
    )
