"""Traffic of a layout: who talks to whom, how much, and how much of it the chips wait for.

Ranks are laid out tensor, context, data (experts inside context × data × tensor), pipeline, from the inside out, as
Megatron-LM does, so tensor-parallel groups fill a scale-up domain first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.performance.hardware import Hardware
from tenfold.performance.kernels import Kernels
from tenfold.performance.layout.columns import Layout
from tenfold.performance.network import (
    Group,
    Links,
    all_gather_s,
    all_to_all_s,
    group_of,
    members_met,
    scaleup_share,
    send_s,
)
from tenfold.performance.training.layer_time import LayerTime, micro_batch_tokens
from tenfold.quantities import Column
from tenfold.workloads import SCHEDULES, TrainingJob

DUALPIPE = SCHEDULES.index("dualpipe")
BYTES = 2.0
"""Activations and weights travel in 16 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTraffic:
    """Seconds per average layer and micro-batch that the chips wait, and those that are hidden behind compute."""

    tensor_forward_s: Column
    tensor_backward_s: Column
    context_forward_s: Column
    context_backward_s: Column
    expert_s: Column
    """Either direction: dispatch and combine."""
    context_hidden_forward_s: Column
    """Context-parallel traffic hidden behind attention, which then cannot hide data-parallel traffic as well."""
    context_hidden_backward_s: Column
    hidden_s: Column
    """All traffic hidden behind compute, forward and backward together."""


def links_of(group: Group, hardware: Hardware, kernels: Kernels) -> Links:
    """Bandwidth the group reaches at each level."""
    share = scaleup_share(group.inner, hardware.domain_chips, hardware.scaleup_mesh, hardware.scaleup_torus_dimensions)
    return Links(
        scaleup_bytes_per_s=hardware.scaleup_bytes_per_s * share * kernels.scaleup_efficiency,
        scaleup_latency_s=hardware.scaleup_latency_s,
        scaleout_bytes_per_s=hardware.scaleout_bytes_per_s * kernels.scaleout_efficiency,
        scaleout_latency_s=hardware.scaleout_latency_s,
    )


def tensor_units_s(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """Time of the collectives that enter and leave every block of an average layer once, s.

    Two blocks per dense layer (attention and feed-forward), each with an all-gather and a reduce-scatter of the
    hidden vectors with sequence parallelism, or the all-reduce that equals them without. Routed experts need none.
    """
    group = group_of(layout.tensor_parallel, 1.0, hardware.domain_chips)
    size = BYTES * micro_batch_tokens(job, layout) * shape.hidden
    shared = shape.moe_layers * (np.asarray(shape.shared_ffn) > 0)
    mixers = shape.attention_layers + shape.mamba_layers
    blocks = mixers + (shape.dense_mlp_layers + shared) * (1.0 - np.asarray(shape.parallel_block))
    once = 2.0 * all_gather_s(size, group, links_of(group, hardware, kernels)) * blocks / shape.layers
    return np.where(np.asarray(layout.tensor_parallel) > 1, once, 0.0)


def context_units_s(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """Time to pass keys and values round the context-parallel group once for an average layer, s."""
    group = group_of(layout.context_parallel, layout.tensor_parallel, hardware.domain_chips)
    links = links_of(group, hardware, kernels)
    heads = np.maximum(shape.kv_heads / layout.tensor_parallel, 1.0) * (shape.head_dim + shape.value_head_dim)
    gathered = BYTES * micro_batch_tokens(job, layout) * layout.context_parallel * heads
    once = all_gather_s(gathered, group, links) * shape.attention_layers / shape.layers
    return np.where(np.asarray(layout.context_parallel) > 1, once, 0.0)


def expert_units_s(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """Time to send every token to its experts and back for an average layer, s."""
    stride = layout.expert_tensor_parallel
    group = group_of(layout.expert_parallel, stride, hardware.domain_chips)
    links = links_of(group, hardware, kernels)
    shared = group_of(stride, 1.0, hardware.domain_chips)
    width = np.where(np.asarray(shape.latent_hidden) > 0, shape.latent_hidden, shape.hidden)
    tokens = micro_batch_tokens(job, layout) / layout.tensor_parallel
    size = BYTES * tokens * width * kernels.expert_imbalance
    once = np.asarray(kernels.sends_once) > 0
    crossing, inside = (
        np.where(once, members_met(shape.top_k, members), shape.top_k) for members in (group.outer, group.size)
    )
    spread = all_to_all_s(size, crossing, inside, group, links, kernels.spread_share)
    spread = np.where(np.asarray(layout.expert_parallel) > 1, spread, 0.0)
    gathered = all_gather_s(size * shape.top_k * stride, shared, links_of(shared, hardware, kernels))
    gathered = np.where(np.asarray(stride) > 1, gathered, 0.0)
    return 2.0 * (spread + gathered) * shape.moe_layers / shape.layers


def layer_traffic(
    shape: TransformerShape,
    job: TrainingJob,
    layout: Layout,
    compute: LayerTime,
    hardware: Hardware,
    kernels: Kernels,
) -> LayerTraffic:
    """Exposed and hidden traffic of an average layer; arguments broadcast.

    Tensor-parallel and expert traffic hide a calibrated share behind the products beside them; expert traffic hides
    more where another micro-batch is computed meanwhile, as DualPipe does [DeepSeek-V3 2024, section 3.2.1];
    context-parallel traffic hides behind the attention core it feeds. Backward gathers the inputs once more with
    sequence parallelism, for the weight gradients, and that gather always hides.
    """
    tensor = tensor_units_s(shape, job, layout, hardware, kernels)
    context = context_units_s(shape, job, layout, hardware, kernels)
    expert = expert_units_s(shape, job, layout, hardware, kernels)
    batched = (np.asarray(layout.schedule) == DUALPIPE) | (np.asarray(kernels.batched_overlap) > 0)
    expert_hidden = np.where(batched, kernels.schedule_overlap, kernels.expert_overlap)
    tensor_hidden = kernels.tensor_overlap * np.asarray(layout.tensor_overlap)
    window = kernels.context_overlap * compute.forward.attention_s
    context_forward = np.maximum(context - window, 0.0)
    backward_window = kernels.context_overlap * compute.backward.attention_s
    context_backward = np.maximum(2.0 * context - backward_window, 0.0)
    hidden = 2.0 * (tensor * tensor_hidden + expert * expert_hidden)
    hidden_forward, hidden_backward = context - context_forward, 2.0 * context - context_backward
    return LayerTraffic(
        tensor_forward_s=tensor * (1.0 - tensor_hidden),
        tensor_backward_s=tensor * (1.0 - tensor_hidden),
        context_forward_s=context_forward,
        context_backward_s=context_backward,
        expert_s=expert * (1.0 - expert_hidden),
        context_hidden_forward_s=hidden_forward,
        context_hidden_backward_s=hidden_backward,
        hidden_s=hidden + hidden_forward + hidden_backward,
    )


def pipeline_send_s(
    shape: TransformerShape, job: TrainingJob, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """Time of one hop of one micro-batch to the next stage, s; 0 without a pipeline.

    With sequence parallelism every tensor-parallel rank holds and sends its share of the hidden vectors. Without, all
    hold the whole: software that scatters sends shares and gathers them on arrival [Narayanan et al. 2021, 4.1].
    """
    stride = layout.tensor_parallel * layout.context_parallel * layout.data_parallel
    inside = stride * layout.pipeline_parallel <= hardware.domain_chips
    whole = BYTES * micro_batch_tokens(job, layout) * shape.hidden
    copied = 1.0 - np.asarray(layout.sequence_parallel)
    scattered = copied * np.asarray(kernels.pipeline_scatter)
    share = whole / np.where(copied - scattered > 0, 1.0, layout.tensor_parallel)
    gather: Column = 0.0
    if np.any(scattered):
        group = group_of(layout.tensor_parallel, 1.0, hardware.domain_chips)
        gather = scattered * all_gather_s(whole, group, links_of(group, hardware, kernels))
    up = send_s(share, hardware.scaleup_bytes_per_s * kernels.scaleup_efficiency, hardware.scaleup_latency_s)
    out = send_s(share, hardware.scaleout_bytes_per_s * kernels.scaleout_efficiency, hardware.scaleout_latency_s)
    return np.where(np.asarray(layout.pipeline_parallel) > 1, np.where(inside, up, out) + gather, 0.0)


def sharding_group(layout: Layout, hardware: Hardware) -> tuple[Group, Group]:
    """The groups that dense and expert parameters are sharded or replicated over."""
    stride = layout.tensor_parallel
    ranks = layout.context_parallel * layout.data_parallel
    dense = group_of(ranks, stride, hardware.domain_chips)
    sharing = layout.expert_ranks
    expert_ranks = np.maximum(ranks * layout.tensor_parallel / sharing, 1.0)
    experts = group_of(expert_ranks, sharing, hardware.domain_chips)
    return dense, experts


def gather_parameters_s(
    dense_bytes: Column, expert_bytes: Column, layout: Layout, hardware: Hardware, kernels: Kernels
) -> Column:
    """Time to gather (or reduce-scatter) parameters of this size over their data-parallel groups once, s."""
    dense, experts = sharding_group(layout, hardware)
    once = all_gather_s(dense_bytes, dense, links_of(dense, hardware, kernels))
    routed = np.asarray(expert_bytes) > 0
    if not np.any(routed):
        return once
    return once + np.where(routed, all_gather_s(expert_bytes, experts, links_of(experts, hardware, kernels)), 0.0)
