"""One micro-batch through an average layer and through the head: what a step repeats.

Independent of pipeline and data degrees, so that layouts that differ in these alone share it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels, recomputed
from tenfold.performance.layout.columns import Layout
from tenfold.performance.training.communication import LayerTraffic, layer_traffic
from tenfold.performance.training.layer_time import LayerTime, head_time_s, layer_time
from tenfold.performance.training.recomputing import operations_s, part_s
from tenfold.quantities import Column
from tenfold.workloads import TrainingJob, by_operation


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroBatchSummary:
    """Seconds of one micro-batch through an average layer (and the head), as the rest of a step needs them."""

    layer_s: Column
    """Forward and backward with the traffic that is waited for."""
    forward_window_s: Column
    """Compute of the forward pass that can hide data-parallel traffic: all but what hides context-parallel traffic."""
    backward_window_s: Column
    """The same of the backward pass, recomputed forward work included."""
    weight_s: Column
    head_s: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroBatchTime:
    """One micro-batch through an average layer and through the head, s; independent of pipeline and data degrees."""

    compute: LayerTime
    traffic: LayerTraffic
    recompute_s: Column
    """Forward work done again in the backward pass."""
    head_s: Column

    def summary(self, overlap_tax: Column) -> MicroBatchSummary:
        """The sums that the rest of a step needs."""
        traffic = self.traffic
        waiting = (
            traffic.tensor_forward_s
            + traffic.tensor_backward_s
            + traffic.context_forward_s
            + traffic.context_backward_s
            + 2.0 * traffic.expert_s
        )
        forward = self.compute.forward.total_s
        backward = self.compute.backward.total_s + self.recompute_s
        return MicroBatchSummary(
            layer_s=forward + backward + waiting + overlap_tax * traffic.hidden_s,
            forward_window_s=np.maximum(forward - traffic.context_hidden_forward_s, 0.0),
            backward_window_s=np.maximum(backward - traffic.context_hidden_backward_s, 0.0),
            weight_s=self.compute.weight_s,
            head_s=self.head_s,
        )


def micro_batch_time(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> MicroBatchTime:
    """What one micro-batch costs per layer; independent of pipeline and data-parallel degrees."""
    compute = layer_time(shape, job, layout, hardware, kernels)
    traffic = layer_traffic(shape, job, layout, compute, hardware, kernels)
    again = np.asarray(recomputed(layout.recompute, kernels))
    scores = compute.forward.attention_s * (1.0 - np.asarray(job.fused_attention))
    cheap = compute.forward.elementwise_s + scores
    whole = compute.forward.total_s + traffic.tensor_forward_s + traffic.context_forward_s + traffic.expert_s
    recompute_s = np.where(again >= 1, cheap + (again - 1.0) * (whole - cheap), 0.0)
    if np.any(chosen := by_operation(again)):
        parts = part_s(shape, job, layout, compute, traffic, hardware, kernels)
        recompute_s = np.where(chosen > 0, operations_s(again, parts), recompute_s)
    return MicroBatchTime(
        compute=compute,
        traffic=traffic,
        recompute_s=recompute_s,
        head_s=head_time_s(shape, job, layout, hardware, kernels),
    )
