"""Memory of the fullest chip of a layout, by part.

The first stage keeps the most micro-batches in flight, the last stage the logits; the fuller of the two counts.
In flight: 1F1B min(micro-batches, stages); interleaved adds (stages − 1)/chunks chunks (Narayanan et al. 2021,
section 2.2; Korthikanti et al. 2022, section 4.2.3); DualPipe holds stages + 1, and two stages on each chip
(DeepSeek-V3 2024, table 2).
Whole beside their shards: under ZeRO-2 the gradients, under ZeRO-3 the weights too, of the layers at work and of the
vocabulary tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.kernels import Kernels, recomputed, sharding
from tenfold.performance.layout.columns import Layout, micro_batches
from tenfold.performance.memory import StateBytes, activation_bytes, joined_bytes, logits_per_chip, state_bytes
from tenfold.performance.training.layer_time import layer_products, micro_batch_tokens
from tenfold.performance.training.parameters import (
    HeldParameters,
    chosen,
    full_stage_layers,
    held_parameters,
    inner_pair,
    last_parameters,
    last_stage_layers,
    paired_parameters,
)
from tenfold.quantities import Column
from tenfold.workloads import PLAIN_BYTES, TrainingJob, adapter_counts, by_operation, rebuilt

DUALPIPE = 2
HIDDEN_BYTES = 2.0
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
    return full_stage_layers(shape, layout) * np.minimum(depth, count * interleaved)


def last_in_flight(shape: TransformerShape, layout: Layout, count: Column) -> Column:
    """Layers × micro-batches whose activations the last stage keeps when it computes the loss.

    One micro-batch under 1F1B; interleaved, all stages' worth of every chunk before its last and one more [Narayanan et
    al. 2021, section 2.2: (chunks − 1) · stages chunks go forward before the first goes back]. Under DualPipe its chip
    keeps those of the first stage too, one for each stage.
    """
    stages, chunks = layout.pipeline_parallel, layout.virtual_stages
    ahead = np.where(np.asarray(stages) > 1, ((chunks - 1.0) * stages + 1.0) / chunks, 1.0)
    own = last_stage_layers(shape, layout) * np.minimum(ahead, count)
    return own + _paired(layout) * full_stage_layers(shape, layout) * np.minimum(stages, count)


def _paired(layout: Layout) -> Column:
    """1 where a chip holds a stage and the one as far from the other end, as under DualPipe."""
    return np.asarray(np.asarray(layout.schedule) == DUALPIPE, dtype=np.float64)


def _gathers(layout: Layout) -> Column:
    """1 where inputs of products are gathered over tensor-parallel ranks."""
    return np.asarray(layout.sequence_parallel) * (np.asarray(layout.tensor_parallel) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFootprint:
    """What one micro-batch keeps, independent of pipeline and data degrees, B."""

    per_layer: Column
    """Kept by an average layer until its backward pass."""
    working: Column
    """For the layer at work: what recomputation rebuilds, inputs that are gathered, a weight brought to 16 bits."""
    joined: Column
    """Kept by a layer of multi-token prediction beside what a plain layer keeps."""
    head: Column
    """Kept by a head: its input, and that of the norm before it."""
    logits: Column
    """Count, not bytes."""


def unit_footprint(shape: TransformerShape, job: TrainingJob, layout: Layout, kernels: Kernels) -> UnitFootprint:
    """Activations of one micro-batch under the layout's recompute policy; arguments broadcast.

    With sequence parallelism the layer at work has its input gathered over the tensor-parallel ranks and, in its
    backward pass, the gradient of that beside it [Korthikanti et al. 2022, section 4.2.2].
    """
    tokens = micro_batch_tokens(job, layout)
    kept = activation_bytes(
        shape,
        tokens,
        job.sequence_length * job.attended_share,
        layout.tensor_parallel,
        layout.sequence_parallel,
        job.fused_attention,
        np.clip(job.weight_bytes, 1.0, 2.0),
        job.fused_experts,
        kernels.expert_imbalance,
        kernels.gate_bytes,
    )
    policy = np.asarray(recomputed(layout.recompute, kernels))
    split = np.where(_gathers(layout) > 0, layout.tensor_parallel, 1.0)
    gathered = 2.0 * HIDDEN_BYTES * shape.hidden * tokens * _gathers(layout)
    per_layer = np.where(policy >= 1, kept.selective + (policy - 1.0) * (kept.full - kept.selective), kept.none)
    if np.any(singly := by_operation(policy)):
        let_go = sum((here * kept.parts[part] for part, here in rebuilt(policy).items()), start=np.zeros(()))
        per_layer = np.where(singly > 0, kept.none - let_go, per_layer)
    return UnitFootprint(
        per_layer=per_layer,
        working=np.where(policy > 0, kept.none - per_layer, 0.0) + gathered + plain_bytes(shape, job, layout, kernels),
        joined=joined_bytes(shape, tokens, split),
        head=2.0 * HIDDEN_BYTES * shape.hidden * tokens / split,
        logits=logits_per_chip(shape, tokens, layout.tensor_parallel),
    )


def plain_bytes(shape: TransformerShape, job: TrainingJob, layout: Layout, kernels: Kernels) -> Column:
    """The largest weight of a layer in 16 bits where weights are held in fewer, B; products come one after another."""
    narrow = np.asarray(job.frozen_bytes) < PLAIN_BYTES
    if not np.any(narrow):
        return np.zeros(())
    sizes = (np.where(np.asarray(p.count) > 0, p.n * p.k, 0.0) for p in layer_products(shape, job, layout, kernels))
    return np.where(narrow, PLAIN_BYTES * np.maximum.reduce(np.broadcast_arrays(*sizes)), 0.0)


def assemble_footprint(
    shape: TransformerShape, job: TrainingJob, layout: Layout, unit: UnitFootprint, kernels: Kernels
) -> Footprint:
    """Memory of the fullest chip from the activations of one micro-batch, B; arguments broadcast.

    The last stage holds layers of multi-token prediction with a vocabulary table for each, and their logits beside its
    own; where the sum is more than the first stage keeps in flight, it is the fullest. Without such layers it counts as
    a full stage. Its logits are gone before a layer is recomputed. Under DualPipe two stages are on a chip, with their
    gradients: two full ones, or the first with the last. Adapters, where there are any, are the same on all stages.
    """
    found = _fullest(shape, job, layout, unit, kernels)
    adapted = np.any(np.asarray(job.adapter_rank) > 0)
    return _with_adapters(found, shape, job, layout, kernels) if adapted else found


def _fullest(
    shape: TransformerShape, job: TrainingJob, layout: Layout, unit: UnitFootprint, kernels: Kernels
) -> Footprint:
    """Memory of the fullest chip without adapters, B."""
    held = held_parameters(shape, layout)
    one_layer = layout.pipeline_parallel / shape.layers
    body = (held.dense * one_layer, held.experts * one_layer)
    count, predicting = micro_batches(layout, job.global_batch), np.asarray(shape.mtp_layers)
    heads = 1.0 + predicting
    first = unit.per_layer * layers_in_flight(shape, layout, count) + unit.working
    kept = unit.per_layer * (last_in_flight(shape, layout, count) + predicting)
    kept = kept + unit.joined * predicting + unit.head * heads
    last = kept + np.maximum(unit.working, unit.logits * heads * kernels.logit_bytes)
    paired = _paired(layout)
    if not (np.any(predicting > 0) or np.any(paired > 0)):
        return _footprint(_states(job, layout, kernels, held, body), np.maximum(first, last), job, kernels)
    early = chosen(held, inner_pair(held), paired)
    late = chosen(held, last_parameters(shape, layout, held), predicting)
    late = chosen(late, paired_parameters(shape, layout, held), paired)
    front = _footprint(_states(job, layout, kernels, early, body), first, job, kernels)
    back = _footprint(_states(job, layout, kernels, late, body), last, job, kernels)
    fuller = np.asarray(back.total) > np.asarray(front.total)
    return Footprint(**{part: np.where(fuller, getattr(back, part), getattr(front, part)) for part in FOOTPRINT_PARTS})


def _states(
    job: TrainingJob, layout: Layout, kernels: Kernels, held: HeldParameters, one_layer: tuple[Column, Column]
) -> tuple[StateBytes, StateBytes]:
    """States of the dense and the expert parameters of a chip; ``one_layer`` are those of one layer of each kind.

    Vocabulary tables are whole, in 16 bits whatever the weights of layers are held in.
    """
    trained = 1.0 - np.asarray(job.frozen_weights)
    ranks, expert_ranks = _replicas(layout)
    stage = sharding(layout.zero_stage, layout.pipeline_parallel, kernels)
    dense, experts = (
        state_bytes(
            body + whole,
            shards,
            stage,
            whole_weights=whole + PREFETCHED_LAYERS * layer,
            whole_gradients=whole + layer,
            weight_bytes=job.frozen_bytes,
            gradient_bytes=(kernels.gradient_bytes + kernels.gradient_copy_bytes) * trained,
            optimizer_bytes=kernels.optimizer_bytes * trained,
        )
        for body, whole, shards, layer in (
            (held.dense, held.embedding, ranks, one_layer[0]),
            (held.experts, 0.0, expert_ranks, one_layer[1]),
        )
    )
    tables = (PLAIN_BYTES - np.asarray(job.frozen_bytes)) * held.embedding
    return replace(dense, weights=dense.weights + tables), experts


def _with_adapters(
    found: Footprint, shape: TransformerShape, job: TrainingJob, layout: Layout, kernels: Kernels
) -> Footprint:
    """The same with what adapters beside the frozen weights hold: 16-bit weights, gradients, optimizer states.

    They are split as the products beside them, and sharded as weights that are trained.
    """
    counts = adapter_counts(shape, job.adapter_rank)
    share = full_stage_layers(shape, layout) * (1.0 + _paired(layout)) / shape.layers
    ranks, expert_ranks = _replicas(layout)
    dense, experts = (
        state_bytes(
            share * held,
            shards,
            sharding(layout.zero_stage, layout.pipeline_parallel, kernels),
            weight_bytes=PLAIN_BYTES,
            gradient_bytes=kernels.gradient_bytes + kernels.gradient_copy_bytes,
            optimizer_bytes=kernels.optimizer_bytes,
        )
        for held, shards in (
            (counts.dense / layout.tensor_parallel, ranks),
            (counts.experts / layout.expert_ranks, expert_ranks),
        )
    )
    return replace(
        found,
        weights=found.weights + dense.weights + experts.weights,
        gradients=found.gradients + dense.gradients + experts.gradients,
        optimizer=found.optimizer + dense.optimizer + experts.optimizer,
    )


def _replicas(layout: Layout) -> tuple[Column, Column]:
    """Ranks that dense and expert parameters are sharded or replicated over.

    Where a stage is on two chips, its replicas are twice the data-parallel ranks.
    """
    ranks = layout.data_parallel * layout.context_parallel * (1.0 + _paired(layout))
    return ranks, np.maximum(ranks * layout.tensor_parallel / layout.expert_ranks, 1.0)


def _footprint(
    states: tuple[StateBytes, StateBytes], activations: Column, job: TrainingJob, kernels: Kernels
) -> Footprint:
    dense, experts = states
    trained = 1.0 - np.asarray(job.frozen_weights)
    return Footprint(
        weights=dense.weights + experts.weights,
        gradients=dense.gradients + experts.gradients + kernels.buffer_bytes * trained,
        optimizer=dense.optimizer + experts.optimizer,
        activations=activations,
        reserve=kernels.reserve_bytes,
    )


def footprint(shape: TransformerShape, job: TrainingJob, layout: Layout, kernels: Kernels) -> Footprint:
    """Memory of the fullest chip, B; arguments broadcast."""
    return assemble_footprint(shape, job, layout, unit_footprint(shape, job, layout, kernels), kernels)
