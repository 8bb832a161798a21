"""Time of one optimizer step of a layout, with every term kept.

step = (micro-batches × busiest stage + bubble + data-parallel traffic not hidden + optimizer) × scale loss + overhead.

The busiest stage does its share of the layers (forward, backward, recomputed forward, traffic not hidden) and, on the
last stage, the LM head. Everything broadcasts: one layout, a grid of layouts, or a table of measured runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog.models import Column, TransformerShape
from tenfold.performance.compute import streaming_s
from tenfold.performance.hardware import Hardware, Kernels
from tenfold.performance.training.communication import (
    LayerTraffic,
    gather_parameters_s,
    layer_traffic,
    pipeline_send_s,
)
from tenfold.performance.training.layer_time import LayerTime, head_time_s, layer_time
from tenfold.performance.training.layout import Layout, micro_batches
from tenfold.performance.training.parameters import HeldParameters, held_parameters
from tenfold.performance.training.schedules import StageTimes, bubble_s
from tenfold.workloads.job import TrainingJob

OPTIMIZER_BYTES_MOVED = 30.0
"""Per parameter: read gradient, master weight and two moments, write the last three and the 16-bit weight."""
WEIGHT_BYTES = 2.0
LOCAL_CHIPS = 8.0
"""Chips within which stragglers do not show: one host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroBatchTime:
    """One micro-batch through an average layer and through the head, s; independent of pipeline and data degrees."""

    compute: LayerTime
    traffic: LayerTraffic
    recompute_s: Column
    """Forward work done again in the backward pass."""
    head_s: Column

    def layer_s(self, overlap_tax: Column) -> Column:
        """Forward and backward of an average layer with traffic, s."""
        traffic = self.traffic
        waiting = (
            traffic.tensor_forward_s
            + traffic.tensor_backward_s
            + traffic.context_forward_s
            + traffic.context_backward_s
            + 2.0 * traffic.expert_s
        )
        busy = self.compute.forward.total_s + self.compute.backward.total_s + self.recompute_s
        return busy + waiting + overlap_tax * traffic.hidden_s


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """Seconds of one optimizer step and the terms that add up to it, on the busiest chip."""

    step_s: Column
    matmul_s: Column
    attention_s: Column
    elementwise_s: Column
    launch_s: Column
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
    overhead_s: Column


STEP_TERMS = tuple(name for name in StepTime.__slots__ if name != "step_s")


def micro_batch_time(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> MicroBatchTime:
    """What one micro-batch costs per layer; depends on tensor, context, expert degrees, micro-batch and policies only."""
    compute = layer_time(shape, job, layout, hardware, kernels)
    traffic = layer_traffic(shape, job, layout, compute, hardware, kernels)
    again = np.asarray(layout.recompute)
    whole = compute.forward.total_s + traffic.tensor_forward_s + traffic.context_forward_s + traffic.expert_s
    return MicroBatchTime(
        compute=compute,
        traffic=traffic,
        recompute_s=np.where(again == 2, whole, np.where(again == 1, compute.forward.attention_s, 0.0)),
        head_s=head_time_s(shape, job, layout, hardware, kernels),
    )


def stage_times(shape: TransformerShape, layout: Layout, layer_s: Column, head_s: Column, weight_s: Column) -> StageTimes:
    """Busiest and summed stage of one micro-batch.

    Layers are dealt to stages × chunks as evenly as they go; where they do not divide, the last stage gets the
    short share and the LM head, as published layouts do.
    """
    layers, stages, chunks = shape.layers, layout.pipeline_parallel, layout.virtual_stages
    full = np.ceil(layers / (stages * chunks) - 1e-9) * chunks
    last = np.maximum(layers - full * (stages - 1.0), 0.0)
    busiest = np.maximum(full * layer_s * (np.asarray(stages) > 1), last * layer_s + head_s)
    return StageTimes(
        busiest_s=busiest,
        all_s=layers * layer_s + head_s,
        weight_s=layers / stages * weight_s,
        stages=stages,
        chunks=chunks,
    )


def data_traffic_s(
    parameters: HeldParameters,
    layout: Layout,
    backward_s: Column,
    forward_s: Column,
    repeats: Column,
    hardware: Hardware,
    kernels: Kernels,
) -> Column:
    """Data-parallel traffic that a step waits for, s.

    Below ZeRO-3, gradients are reduced under the last backward pass and weights gathered under the first forward
    pass. With ZeRO-3 weights are gathered twice and gradients reduced once per micro-batch, each behind the layer
    beside it. One layer's share is never hidden.
    """
    one = gather_parameters_s(
        WEIGHT_BYTES * (parameters.dense + parameters.embedding),
        WEIGHT_BYTES * parameters.experts,
        layout,
        hardware,
        kernels,
    )
    reduce = one * kernels.gradient_bytes / WEIGHT_BYTES
    usable = kernels.data_overlap * np.asarray(layout.data_overlap)
    forward_wait = np.maximum(one - usable * forward_s, 0.0)
    backward_wait = np.maximum(reduce - usable * backward_s, 0.0)
    sharded_wait = np.maximum(2.0 * one + reduce - usable * (forward_s + backward_s), 0.0) * repeats
    return np.where(np.asarray(layout.zero_stage) >= 3, sharded_wait, forward_wait + backward_wait)


def optimizer_s(parameters: HeldParameters, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels) -> Column:
    """Time of the optimizer update on one chip, s."""
    ranks = layout.data_parallel * layout.context_parallel
    shards = np.where(np.asarray(layout.zero_stage) >= 1, ranks, 1.0)
    trained = parameters.total * (1.0 - np.asarray(job.frozen_weights))
    return streaming_s(OPTIMIZER_BYTES_MOVED * trained / shards, hardware.hbm_bytes_per_s * kernels.memory_efficiency)


def assemble_step(
    shape: TransformerShape,
    job: TrainingJob,
    layout: Layout,
    unit: MicroBatchTime,
    hardware: Hardware,
    kernels: Kernels,
) -> StepTime:
    """Step time from the cost of a micro-batch; arguments broadcast."""
    layer_s = unit.layer_s(kernels.overlap_tax)
    hop = pipeline_send_s(shape, job, layout, hardware, kernels)
    hops = 2.0 * layout.virtual_stages * hop * (1.0 - kernels.pipeline_overlap)
    weight_s = unit.compute.weight_s
    times = stage_times(shape, layout, layer_s, unit.head_s, weight_s)
    count = micro_batches(layout, job.global_batch)
    even = (shape.layers * layer_s + unit.head_s) / layout.pipeline_parallel
    idle = bubble_s(times, layout.schedule) + 2.0 * hop * (layout.pipeline_parallel - 1.0)
    parameters = held_parameters(shape, layout)
    share = shape.layers / layout.pipeline_parallel
    forward = share * unit.compute.forward.total_s
    backward = share * (unit.compute.backward.total_s + unit.recompute_s)
    data = data_traffic_s(parameters, layout, backward, forward, count, hardware, kernels)
    data = data * (1.0 - np.asarray(job.frozen_weights))
    update = optimizer_s(parameters, job, layout, hardware, kernels)
    working = count * (times.busiest_s + hops) + idle + data + update
    doublings = np.log2(np.maximum(layout.chips / LOCAL_CHIPS, 1.0))
    lost = working * kernels.scale_loss * doublings
    per_stage = count * share
    compute, traffic = unit.compute, unit.traffic
    return StepTime(
        step_s=working + lost + kernels.step_overhead_s,
        matmul_s=per_stage * (compute.forward.matmul_s + compute.backward.matmul_s),
        attention_s=per_stage * (compute.forward.attention_s + compute.backward.attention_s),
        elementwise_s=per_stage * (compute.forward.elementwise_s + compute.backward.elementwise_s),
        launch_s=per_stage * (compute.forward.launch_s + compute.backward.launch_s),
        head_s=count * unit.head_s / layout.pipeline_parallel,
        recompute_s=per_stage * unit.recompute_s,
        tensor_traffic_s=per_stage * (traffic.tensor_forward_s + traffic.tensor_backward_s),
        context_traffic_s=per_stage * (traffic.context_forward_s + traffic.context_backward_s),
        expert_traffic_s=per_stage * 2.0 * traffic.expert_s,
        pipeline_traffic_s=count * hops,
        overlap_tax_s=per_stage * kernels.overlap_tax * traffic.hidden_s,
        uneven_stages_s=count * (times.busiest_s - even),
        bubble_s=idle,
        data_traffic_s=data,
        optimizer_s=update,
        scale_loss_s=lost,
        overhead_s=kernels.step_overhead_s,
    )


def step_time(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> StepTime:
    """Time of one optimizer step, s; ``layout`` may hold one layout or columns of them."""
    unit = micro_batch_time(shape, job, layout, hardware, kernels)
    return assemble_step(shape, job, layout, unit, hardware, kernels)
