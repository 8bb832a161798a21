"""Micro-batches through the stages of a pipeline: what a step takes whatever its data-parallel ranks do.

Nothing that comes on top, their traffic and the optimizer, makes a step shorter: this also bounds it from below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels
from tenfold.performance.layout.columns import Layout, micro_batches
from tenfold.performance.training.communication import pipeline_send_s
from tenfold.performance.training.micro_batch import MicroBatchSummary
from tenfold.performance.training.parameters import full_stage_layers, last_stage_layers
from tenfold.performance.training.schedules import StageTimes, bubble_s
from tenfold.quantities import Column
from tenfold.workloads import TrainingJob


def stage_times(
    shape: TransformerShape, layout: Layout, layer_s: Column, head_s: Column, weight_s: Column
) -> StageTimes:
    """Busiest and summed stage of one micro-batch.

    Layers are dealt to stages × chunks as evenly as they go; where they do not divide, the last stage gets the
    short share and the LM head, as published layouts do.
    """
    layers, stages, chunks = shape.layers, layout.pipeline_parallel, layout.virtual_stages
    full = full_stage_layers(shape, layout)
    last = last_stage_layers(shape, layout)
    busiest = np.maximum(full * layer_s * (np.asarray(stages) > 1), last * layer_s + head_s)
    return StageTimes(
        busiest_s=busiest,
        all_s=layers * layer_s + head_s,
        weight_s=layers / stages * weight_s,
        stages=stages,
        chunks=chunks,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelinedTime:
    """Seconds of one step that the pipeline takes, whatever its data-parallel ranks do."""

    count: Column
    """Micro-batches of a replica."""
    times: StageTimes
    hops_s: Column
    bubble_s: Column
    idle_s: Column

    @property
    def working_s(self) -> Column:
        """Seconds of a step without traffic of the data-parallel ranks and without an optimizer."""
        return self.count * (self.times.busiest_s + self.hops_s) + self.idle_s


def pipelined_time(
    shape: TransformerShape,
    job: TrainingJob,
    layout: Layout,
    unit: MicroBatchSummary,
    hardware: Hardware,
    kernels: Kernels,
) -> PipelinedTime:
    """All micro-batches through the pipeline; arguments broadcast."""
    times = stage_times(shape, layout, unit.layer_s, unit.head_s, unit.weight_s)
    hop = pipeline_send_s(shape, job, layout, hardware, kernels)
    interleaved = np.asarray(np.asarray(layout.virtual_stages) > 1, dtype=np.float64)
    bubble = bubble_s(times, layout.schedule)
    return PipelinedTime(
        count=micro_batches(layout, job.global_batch),
        times=times,
        hops_s=2.0 * layout.virtual_stages * hop * (1.0 - kernels.pipeline_overlap * interleaved),
        bubble_s=bubble,
        idle_s=bubble + 2.0 * hop * (layout.pipeline_parallel - 1.0),
    )
