"""Memory of the fullest chip of a layout, by part.

The first stage keeps the most micro-batches in flight, the last stage the logits; the fuller of the two counts.
In flight: 1F1B min(micro-batches, stages); interleaved adds (stages − 1)/chunks chunks (Narayanan et al. 2021,
section 2.2; Korthikanti et al. 2022, section 4.2.3); DualPipe holds stages + 1 and weights twice (DeepSeek-V3 2024).
Whole beside their shards: under ZeRO-2 the gradients, under ZeRO-3 the weights too, of the layers at work and of the
vocabulary tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.kernels import Kernels
from tenfold.performance.layout.columns import Layout, micro_batches
from tenfold.performance.memory import activation_bytes, logits_per_chip, state_bytes
from tenfold.performance.training.layer_time import micro_batch_tokens
from tenfold.performance.training.parameters import held_parameters
from tenfold.quantities import Column
from tenfold.workloads import TrainingJob

DUALPIPE = 2
PREFETCHED_LAYERS = 2.0
"""Layers whose weights are gathered at once: the one at work and the next [Zhao et al. 2023, PyTorch FSDP, 3.3]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Bytes per chip by part; ``total`` adds them."""

    weights: Column
    gradients: Column
    """With the buckets they are reduced through."""
    optimizer: Column
    activations: Column
    """With the logits, where the last stage is the fullest."""
    reserve: Column

    @property
    def total(self) -> Column:
        """Bytes the fullest chip needs."""
        return self.weights + self.gradients + self.optimizer + self.activations + self.reserve


FOOTPRINT_PARTS = tuple(Footprint.__slots__)


def layers_in_flight(shape: TransformerShape, layout: Layout, count: Column) -> Column:
    """Layers × micro-batches whose activations the first stage keeps."""
    stages, chunks = layout.pipeline_parallel, layout.virtual_stages
    interleaved = 1.0 + (np.asarray(chunks) > 1) * (stages - 1.0) / (stages * chunks)
    depth = np.where(np.asarray(layout.schedule) == DUALPIPE, stages + 1.0, stages * interleaved)
    return shape.layers / stages * np.minimum(depth, count * interleaved)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFootprint:
    """What one micro-batch keeps, independent of pipeline and data degrees, B."""

    per_layer: Column
    """Kept by an average layer until its backward pass."""
    working: Column
    """Rebuilt for one layer at a time by recomputation."""
    logits: Column
    """Count, not bytes."""


def unit_footprint(shape: TransformerShape, job: TrainingJob, layout: Layout) -> UnitFootprint:
    """Activations of one micro-batch under the layout's recompute policy; arguments broadcast."""
    tokens = micro_batch_tokens(job, layout)
    kept = activation_bytes(
        shape,
        tokens,
        job.sequence_length * job.attended_share,
        layout.tensor_parallel,
        layout.sequence_parallel,
        job.fused_attention,
        np.clip(job.weight_bytes, 1.0, 2.0),
    )
    policy = np.asarray(layout.recompute)
    per_layer = np.where(policy >= 1, kept.selective + (policy - 1.0) * (kept.full - kept.selective), kept.none)
    return UnitFootprint(
        per_layer=per_layer,
        working=np.where(policy > 0, kept.none - per_layer, 0.0),
        logits=logits_per_chip(shape, tokens, layout.tensor_parallel),
    )


def assemble_footprint(
    shape: TransformerShape, job: TrainingJob, layout: Layout, unit: UnitFootprint, kernels: Kernels
) -> Footprint:
    """Memory of the fullest chip from the activations of one micro-batch, B; arguments broadcast."""
    held = held_parameters(shape, layout)
    trained = 1.0 - np.asarray(job.frozen_weights)
    ranks = layout.data_parallel * layout.context_parallel
    sharing = layout.expert_ranks
    expert_ranks = np.maximum(ranks * layout.tensor_parallel / sharing, 1.0)
    copies = np.where(np.asarray(layout.schedule) == DUALPIPE, 2.0, 1.0)
    one_layer = layout.pipeline_parallel / shape.layers
    dense, experts = (
        state_bytes(
            body + whole,
            shards,
            layout.zero_stage,
            whole_weights=whole + PREFETCHED_LAYERS * one_layer * body,
            whole_gradients=whole + one_layer * body,
            weight_bytes=2.0 * copies,
            gradient_bytes=(kernels.gradient_bytes + kernels.gradient_copy_bytes) * trained,
            optimizer_bytes=kernels.optimizer_bytes * trained,
        )
        for body, whole, shards in ((held.dense, held.embedding, ranks), (held.experts, 0.0, expert_ranks))
    )
    in_flight = layers_in_flight(shape, layout, micro_batches(layout, job.global_batch))
    first = unit.per_layer * in_flight + unit.working
    last = unit.per_layer * (shape.layers / layout.pipeline_parallel) + unit.working + unit.logits * kernels.logit_bytes
    return Footprint(
        weights=dense.weights + experts.weights,
        gradients=dense.gradients + experts.gradients + kernels.buffer_bytes * trained,
        optimizer=dense.optimizer + experts.optimizer,
        activations=np.maximum(first, last),
        reserve=kernels.reserve_bytes,
    )


def footprint(shape: TransformerShape, job: TrainingJob, layout: Layout, kernels: Kernels) -> Footprint:
    """Memory of the fullest chip, B; arguments broadcast."""
    return assemble_footprint(shape, job, layout, unit_footprint(shape, job, layout), kernels)
