"""Time of a step in which sequences decode, term by term. Pure functions over columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.network import all_reduce_s, all_to_all_s, members_met
from tenfold.performance.serving.replica import Replica, dense_product_s
from tenfold.workloads.serving import (
    attended_tokens,
    busiest_reading,
    busiest_share,
    cache_read_bytes,
    touched_experts,
)

if TYPE_CHECKING:
    from tenfold.quantities import Column

ACTIVATION_BYTES = 2.0
STREAM_JOINING = 4.0
"""How work of processors joins the steps of the chips: they run side by side, and the slower sets the pace."""
DISPATCH_BYTES = 1.5
"""Bytes per element that goes to an expert and comes back: 8 bits there, 16 bits back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTerms:
    """Seconds of a step by what they go to; they add up to the step."""

    weights_s: Column
    cache_s: Column
    compute_s: Column
    """What products, attention and the vectors between them add to the reading of weights and cache."""
    collectives_s: Column
    launches_s: Column
    host_s: Column

    @property
    def step_s(self) -> Column:
        """All of them."""
        return self.weights_s + self.cache_s + self.compute_s + self.collectives_s + self.launches_s + self.host_s


STEP_TERMS = ("weights_s", "cache_s", "compute_s", "collectives_s", "launches_s", "host_s")


def decode_terms(replica: Replica, batch: Column, context: Column, verified: Column = 1.0) -> StepTerms:
    """Time of one token for each of ``batch`` sequences a rank, attending to ``context`` tokens.

    T = (mᵖ + cᵖ)^(1/p) of products + the same of attention + collectives + launches + host, with m = (weights +
    vectors)/(BW·u_w) of products and cache/(BW·u_kv) of attention, c = FLOPs/(peak·u): kernels of one kind run after
    those of the other, so what one leaves of memory or compute the other cannot use. A pipeline of P stages runs P
    groups of batch/P sequences; a token passes all of its stages.
    ``verified`` tokens of each sequence pass at once with speculative decoding. Roofline: Williams et al. 2009;
    the count of a step: Pope et al. 2022, "Efficiently scaling transformer inference", sections 2 and 3.
    """
    counted, hardware, constants, layout = replica.counted, replica.hardware, replica.constants, replica.layout
    group = batch / np.asarray(layout.pipeline, dtype=np.float64)
    tokens = group * verified
    spread = busiest_share(layout.expert, tokens * layout.ranks * counted.top_k, constants.imbalance)
    bandwidth = hardware.memory_bytes_per_s
    read = counted.dense_bytes + _expert_bytes(replica, tokens * layout.ranks, spread)
    weights_s = read / (bandwidth * constants.weight_share)
    cache_s = group * cache_read_bytes(counted, context) / (bandwidth * constants.cache_share)
    products_s = _joined_s(replica, weights_s + activations_s(replica, tokens), _products_s(replica, tokens, spread))
    joined = products_s + _joined_s(replica, cache_s, _attended_s(replica, tokens, context))
    pace, collectives, launches = constants.step_pace, collectives_s(replica, tokens), launches_s(replica)
    return StepTerms(
        weights_s=pace * weights_s,
        cache_s=pace * cache_s,
        compute_s=pace * (joined - weights_s - cache_s),
        collectives_s=pace * collectives,
        launches_s=pace * launches,
        host_s=pace * _host_s(replica, batch, joined + collectives + launches),
    )


def _host_s(replica: Replica, batch: Column, chips_s: Column) -> Column:
    """What the host adds to the time of the chips, s: scheduling, and its work for every sequence.

    Engines that plan a step ahead do the latter while the chips run: it adds (t^p + h^p)^(1/p) - t, all but nothing
    until it is the longer [SGLang 0.4, "zero-overhead batch scheduler", lmsys.org/blog/2024-12-04-sglang-v0-4;
    TensorRT-LLM documentation, "Overlap scheduler", 2025; vLLM documentation, --async-scheduling, 2026].
    """
    constants = replica.constants
    sequences = constants.sequence_s * batch
    beside: Column = (chips_s**STREAM_JOINING + sequences**STREAM_JOINING) ** (1.0 / STREAM_JOINING) - chips_s
    return constants.step_s + np.where(np.asarray(replica.overlaps_host, dtype=np.bool_), beside, sequences)


def decode_step_s(replica: Replica, batch: Column, context: Column, verified: Column = 1.0) -> Column:
    """Time of ``decode_terms``, s."""
    return decode_terms(replica, batch, context, verified).step_s


def _expert_bytes(replica: Replica, tokens: Column, spread: Column) -> Column:
    """Bytes of the experts that the busiest rank reads, when it has ``spread`` times the choices of the mean."""
    counted = replica.counted
    touched = touched_experts(counted.experts, counted.top_k, choosing_tokens(replica, tokens))
    share = touched / np.maximum(counted.experts, 1.0)
    return counted.expert_bytes * share * busiest_reading(spread, share)


def choosing_tokens(replica: Replica, tokens: Column) -> Column:
    """Independent tokens that touch as many experts as these: 1 + σ·(B - 1), all of them where there is at most one."""
    return np.minimum(tokens, 1.0) + replica.constants.routing_share * np.maximum(np.asarray(tokens) - 1.0, 0.0)


def activations_s(replica: Replica, tokens: Column) -> Column:
    """Time in which the vectors between products pass memory, s."""
    hardware, constants = replica.hardware, replica.constants
    return tokens * replica.counted.activation_bytes / (hardware.memory_bytes_per_s * constants.weight_share)


def _joined_s(replica: Replica, memory_s: Column, compute_s: Column) -> Column:
    joining = replica.constants.joining
    joined: Column = (memory_s**joining + compute_s**joining) ** (1.0 / joining)
    return joined


def _products_s(replica: Replica, tokens: Column, spread: Column) -> Column:
    counted, hardware = replica.counted, replica.hardware
    projections = tokens * dense_product_s(replica)
    experts = tokens * counted.expert_flops * spread / hardware.peak_flop_per_s
    head = tokens * counted.head_flops / hardware.wide_peak_flop_per_s
    return (projections + experts + head) / replica.constants.decode_share


def _attended_s(replica: Replica, tokens: Column, context: Column) -> Column:
    flops = tokens * replica.counted.attention_flops * attended_tokens(replica.counted, context)
    return flops / (replica.hardware.attended_peak_flop_per_s * replica.constants.decode_share)


def collectives_s(replica: Replica, tokens: Column) -> Column:
    """All-reduces of the chips that split a layer, and the exchange of ranks that share experts, s.

    One all-reduce after the mixer and one after the feed-forward block; where ranks share experts the second is an
    exchange: tokens to their experts and back. Stages of a pipeline hand tokens on.
    """
    counted, layout, constants = replica.counted, replica.layout, replica.constants
    tensor, width = replica.tensor_group, replica.width_group
    message = tokens * counted.hidden * ACTIVATION_BYTES
    split = np.asarray(layout.tensor) > 1.0
    shared = np.asarray(layout.ranks) > 1.0
    reduces = counted.layers + np.where(shared, counted.mlp_layers - counted.moe_layers, counted.mlp_layers)
    reduce_s = np.where(split, reduces * all_reduce_s(message, tensor, replica.links(tensor)), 0.0)
    copies = np.minimum(np.maximum(counted.top_k, 1.0), width.size)
    sent = tokens / layout.tensor * counted.hidden * DISPATCH_BYTES
    crossing = members_met(copies, width.outer)
    exchange_s = 2.0 * all_to_all_s(sent, crossing, copies, width, replica.links(width)) + constants.exchange_s
    hop_s = np.where(
        np.asarray(layout.pipeline) > 1.0,
        layout.pipeline * (replica.hardware.scaleup_latency_s + message / replica.hardware.scaleup_bytes_per_s),
        0.0,
    )
    return reduce_s + np.where(shared, counted.moe_layers * exchange_s, 0.0) + hop_s


def streamed_step_s(replica: Replica, step_s: Column, batch: Column) -> Column:
    """Time of a step whose tokens are streamed to clients by a front end of each rank, s.

    Front ends are scaled out with the ranks, each of which may be an endpoint of its own behind a router [vLLM
    documentation, "Data parallel deployment", 2026].
    """
    front = replica.constants.stream_token_s * batch
    joined: Column = (step_s**STREAM_JOINING + front**STREAM_JOINING) ** (1.0 / STREAM_JOINING)
    return joined


def launches_s(replica: Replica) -> Column:
    """Time of a step that launches and norms of its layers take whatever the batch, s."""
    counted, constants = replica.counted, replica.constants
    return (
        counted.layers * constants.layer_s
        + counted.moe_layers * constants.moe_layer_s
        + counted.latent_layers * constants.latent_layer_s
        + counted.state_layers * constants.state_layer_s
        + counted.sparse_layers * constants.sparse_layer_s
    )
