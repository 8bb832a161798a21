"""What serving needs per chip of a replica: bytes of weights and cache, FLOPs, messages; columns, nothing calibrated.

A replica holds the model once: ``tensor`` × ``pipeline`` chips for attention, times ``ranks`` data-parallel attention
ranks when experts are shared between them. Its sequences are spread over the ranks evenly. Sources: Pope et al. 2022,
"Efficiently scaling transformer inference", for the bytes and FLOPs of a step; DeepSeek-V2 2024, section 2.1, for
latent attention, whose up-projections are absorbed while decoding; Dao & Gu 2024 for layers with a state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.quantities import Column, Floats
from tenfold.workloads.parameters import (
    attention_parameters_per_layer,
    dense_mlp_parameters_per_layer,
    expert_parameters,
    latent_projection_parameters_per_layer,
    mamba_parameters_per_layer,
    router_parameters_per_layer,
    shared_expert_parameters_per_layer,
)
from tenfold.workloads.serving.activations import activation_bytes
from tenfold.workloads.serving.formats import Widths
from tenfold.workloads.tuning import PLAIN_BYTES

STATE_BYTES = 4.0
"""Bytes per element of the state of a recurrent layer, kept in 32 bits by the published kernels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaLayout:
    """How one replica is laid out over its chips. Every field broadcasts."""

    tensor: Column = 1.0
    pipeline: Column = 1.0
    ranks: Column = 1.0
    """Data-parallel attention ranks that share one set of experts; 1 otherwise."""
    expert: Column = 1.0
    """Chips over which whole experts are dealt; the rest of the replica's width splits each expert."""

    @property
    def width(self) -> Column:
        """Chips that work on one layer together."""
        return self.tensor * self.ranks

    @property
    def chips(self) -> Column:
        """Chips of the replica."""
        return self.width * self.pipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Counts per chip; ``b`` sequences a rank then need these times b. Per token means of one rank's tokens."""

    dense_bytes: Column
    """Weights outside the routed experts that one step reads, the head included."""
    expert_bytes: Column
    """All routed experts on the chip."""
    held_bytes: Column
    """Everything that stays in memory: both, and the input table, over the pipeline's stages."""
    experts: Column
    top_k: Column
    dense_flops: Column
    """Of a token, outside the routed experts and the head, of products with weights wider than those of experts."""
    narrow_flops: Column
    """The same of products with weights as narrow as those of experts."""
    head_flops: Column
    expert_flops: Column
    """Of a token of each rank together: the replica's ranks work on each other's tokens."""
    attention_flops: Column
    """Of a token and a token it attends to, while decoding, full layers."""
    prefill_attention_flops: Column
    cache_bytes: Column
    """Kept per token by layers that keep all."""
    window_bytes: Column
    """Kept per token within the window by the other layers."""
    window: Column
    sparse_tokens: Column
    state_bytes: Column
    """Kept per sequence, whatever its length."""
    activation_bytes: Column
    """Written and read between products, per token."""
    hidden: Column
    layers: Column
    mlp_layers: Column
    moe_layers: Column
    latent_layers: Column
    state_layers: Column
    sparse_layers: Column


def count(
    shape: TransformerShape,
    layout: ReplicaLayout,
    *,
    widths: Widths,
    cache_bytes: Column,
) -> Counted:
    """Count what a replica of ``shape`` needs per chip. All arguments broadcast; nothing raises."""
    tensor = np.asarray(layout.tensor, dtype=np.float64)
    return Counted(
        **_weights(shape, layout, widths),
        **_attended(shape, tensor, cache_bytes),
        activation_bytes=activation_bytes(shape, layout),
        experts=shape.experts,
        top_k=shape.top_k,
        hidden=shape.hidden,
        layers=shape.layers,
        mlp_layers=shape.dense_mlp_layers + shape.moe_layers,
        moe_layers=shape.moe_layers,
        latent_layers=np.where(np.asarray(shape.kv_lora_rank) > 0, shape.attention_layers, 0.0),
        state_layers=shape.mamba_layers,
        sparse_layers=np.where(np.asarray(shape.sparse_tokens) > 0, shape.attention_layers, 0.0),
    )


def _weights(shape: TransformerShape, layout: ReplicaLayout, widths: Widths) -> dict[str, Column]:
    """Bytes of weights on a chip, and the FLOPs of a token against them, by the names of ``Counted``."""
    tensor, width = np.asarray(layout.tensor, dtype=np.float64), np.asarray(layout.width, dtype=np.float64)
    parts = tuple(_dense_parts(shape, widths))
    head = shape.hidden * shape.vocab
    dense = sum(count for count, _ in parts)
    narrow = sum(np.where(np.asarray(each) <= widths.feed_forward, count, 0.0) for count, each in parts)
    routed = shape.moe_layers * expert_parameters(shape)
    read = (sum(count * each for count, each in parts) + head * PLAIN_BYTES) / tensor
    expert_bytes = routed * shape.experts * widths.feed_forward / width
    tables = head * PLAIN_BYTES * (1.0 - shape.tied_embeddings) / tensor
    return {
        "dense_bytes": read,
        "expert_bytes": expert_bytes,
        "held_bytes": (read + expert_bytes + tables) / layout.pipeline,
        "dense_flops": 2.0 * (dense - narrow) / tensor,
        "narrow_flops": 2.0 * narrow / tensor,
        "head_flops": 2.0 * head / tensor,
        "expert_flops": 2.0 * routed * shape.top_k * layout.ranks / width,
    }


def _dense_parts(shape: TransformerShape, widths: Widths) -> Iterator[tuple[Column, Column]]:
    """Parameters outside the routed experts and the head by parts of one width, and their bytes per element."""
    latent = np.where(np.asarray(shape.kv_lora_rank) > 0, shape.heads * shape.value_head_dim * shape.hidden, 0.0)
    outputs = shape.attention_layers * latent
    mixers = shape.attention_layers * attention_parameters_per_layer(shape) + shape.mamba_layers * (
        mamba_parameters_per_layer(shape)
    )
    routers = router_parameters_per_layer(shape) + latent_projection_parameters_per_layer(shape)
    yield mixers - outputs + shape.moe_layers * routers, widths.attention
    yield outputs, widths.latent_output
    yield shape.dense_mlp_layers * dense_mlp_parameters_per_layer(shape), widths.feed_forward
    yield shape.moe_layers * shared_expert_parameters_per_layer(shape), widths.shared_experts


def _attended(shape: TransformerShape, tensor: Floats, cache_bytes: Column) -> dict[str, Column]:
    """What a token costs by the tokens it attends to: FLOPs, cache and state, by the names of ``Counted``."""
    full = shape.attention_layers - shape.windowed_layers
    per_layer = _cache_bytes_per_layer(shape, tensor, cache_bytes)
    return {
        "attention_flops": _attended_flops(shape, decoding=True) * shape.attention_layers / tensor,
        "prefill_attention_flops": _attended_flops(shape, decoding=False) * shape.attention_layers / tensor,
        "cache_bytes": full * per_layer,
        "window_bytes": shape.windowed_layers * per_layer,
        "window": shape.window,
        "sparse_tokens": shape.sparse_tokens,
        "state_bytes": shape.mamba_layers * shape.mamba_inner * shape.mamba_state * STATE_BYTES / tensor,
    }


def _cache_bytes_per_layer(shape: TransformerShape, tensor: Floats, cache_bytes: Column) -> Column:
    """Bytes per token and layer on a chip: k·(d + d_v) of its key-value heads, at least one; r_kv + d_rope with MLA.

    Heads are copied beyond ``kv_heads`` chips; the latent vector of MLA is on every chip.
    """
    heads = np.maximum(shape.kv_heads / tensor, 1.0)
    plain = heads * (shape.head_dim + shape.value_head_dim)
    latent = shape.kv_lora_rank + shape.rope_head_dim
    return np.where(np.asarray(shape.kv_lora_rank) > 0, latent, plain) * cache_bytes


def _attended_flops(shape: TransformerShape, *, decoding: bool) -> Column:
    """FLOPs of a token, a layer and an attended token: 2·a·(d + d_v); with MLA absorbed 2·a·(2·r_kv + d_rope)."""
    plain = 2.0 * shape.heads * (shape.head_dim + shape.value_head_dim)
    if not decoding:
        return plain
    latent = 2.0 * shape.heads * (2.0 * shape.kv_lora_rank + shape.rope_head_dim)
    return np.where(np.asarray(shape.kv_lora_rank) > 0, latent, plain)


def attended_tokens(counted: Counted, context: Column) -> Column:
    """Tokens a full layer attends to at a context: all of it, or what the indexer picks."""
    sparse = np.asarray(counted.sparse_tokens)
    return np.where(sparse > 0, np.minimum(context, sparse), context)


def cache_read_bytes(counted: Counted, context: Column) -> Column:
    """Bytes that one token of one sequence reads of its cache, and reads and writes of its state."""
    windowed = counted.window_bytes * np.minimum(context, np.maximum(counted.window, 1.0))
    return counted.cache_bytes * attended_tokens(counted, context) + windowed + 2.0 * counted.state_bytes


def cache_kept_bytes(counted: Counted, tokens: Column, pipeline: Column) -> Column:
    """Bytes that a sequence of this length keeps on a chip, its stage's share."""
    windowed = counted.window_bytes * np.minimum(tokens, np.maximum(counted.window, 1.0))
    return (counted.cache_bytes * tokens + windowed + counted.state_bytes) / pipeline
