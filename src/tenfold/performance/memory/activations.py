"""Activations kept for the backward pass, per layer and micro-batch.

Korthikanti et al. 2022, "Reducing Activation Recomputation in Large Transformer Models", section 4: a plain layer
keeps 34·s·b·h bytes and 5·a·s²·b for the score matrix; tensor parallelism divides what lies inside attention and
feed-forward, sequence parallelism the rest. Counted here from the tensors themselves, so that grouped queries,
gated blocks and experts follow; fused attention keeps no scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.quantities import Column

BYTES = 2.0
NORM_BYTES = 4.0
SCORE_BYTES = 5.0
"""Kept per score without fused attention: softmax in 16 bits, its dropout in 16 bits, one byte of mask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationBytes:
    """Bytes of one average layer and one micro-batch."""

    none: Column
    """Kept when nothing is recomputed."""
    selective: Column
    """Kept when the attention core is recomputed."""
    full: Column
    """Kept when whole layers are recomputed: the input of the layer."""
    parts: Mapping[str, Column]
    """What rebuilding a part lets go, by its name in ``workloads.OPERATIONS``."""


def activation_bytes(
    shape: TransformerShape,
    tokens: Column,
    attended_tokens: Column,
    tensor_parallel: Column,
    sequence_parallel: Column,
    fused_attention: Column,
    input_bytes: Column,
    fused_experts: Column = 1.0,
    imbalance: Column = 1.0,
    gate_bytes: Column = BYTES,
) -> ActivationBytes:
    """Activations of an average layer; ``tokens`` per chip and micro-batch after context parallelism.

    ``imbalance`` is the tokens of the busiest expert rank over the average, which its chip has to hold.
    Per element, ``gate_bytes`` is what gates and values before activation are kept in, ``input_bytes`` what the inputs
    of weight products are: 2, or 1 in 8-bit recipes.
    Selective recomputation keeps the inputs of norms, products and experts, and rebuilds normalised vectors,
    activation results and (unfused) scores. Software that runs experts operation by operation (``fused_experts`` 0)
    keeps the activated gates, what comes out of every expert and the norms' inputs in 32 bits as well, since its
    compiler stops at the routing, and runs the whole block of experts again when it recomputes selectively.
    """
    layers = shape.layers
    outer = tensor_parallel * np.asarray(sequence_parallel) + (1.0 - np.asarray(sequence_parallel))
    mixers = shape.attention_layers / layers
    residual = BYTES * shape.hidden * tokens / outer
    normalised = input_bytes * shape.hidden * tokens / outer
    queries = shape.heads * (shape.head_dim + shape.value_head_dim)
    keys = shape.kv_heads * (shape.head_dim + shape.value_head_dim)
    projected = BYTES * tokens * mixers * (queries + keys) / tensor_parallel
    copies = shape.top_k * np.asarray(imbalance)
    inner = (
        shape.ffn * shape.dense_mlp_layers + (shape.expert_ffn * copies + shape.shared_ffn) * shape.moe_layers
    ) / layers
    opened = np.asarray(gate_bytes) * (1.0 + np.asarray(shape.gated_mlp)) * inner * tokens / tensor_parallel
    activated = input_bytes * inner * tokens / tensor_parallel
    routed = input_bytes * copies * shape.hidden * shape.moe_layers / layers * tokens / tensor_parallel
    apart = (1.0 - np.asarray(fused_experts)) * shape.moe_layers / layers * tokens
    gated, blocks = np.asarray(shape.gated_mlp), shape.expert_ffn * copies + shape.shared_ffn
    eager = apart * BYTES * (gated * blocks + copies * shape.hidden) / tensor_parallel
    eager = eager + apart * 2.0 * NORM_BYTES * shape.hidden / outer
    rebuilt = apart * (BYTES * (1.0 + gated) * blocks + input_bytes * copies * shape.hidden) / tensor_parallel
    latent = BYTES * tokens * mixers * _expanded_keys(shape) / tensor_parallel
    latent = latent + BYTES * tokens * mixers * _squeezed(shape) / outer
    scan = BYTES * 6.0 * shape.mamba_inner * shape.mamba_layers / layers * tokens / tensor_parallel
    scores = (
        SCORE_BYTES * mixers * shape.heads / tensor_parallel * tokens * attended_tokens
        * (1.0 - np.asarray(fused_attention))
    )  # fmt: skip
    kept = 2.0 * residual + projected + opened + routed + scan
    of_experts = (shape.expert_ffn * copies + shape.shared_ffn) * shape.moe_layers / layers / np.maximum(inner, 1e-9)
    return ActivationBytes(
        none=kept + 2.0 * normalised + activated + scores + eager + latent,
        selective=kept - rebuilt,
        full=residual,
        parts={
            "norms": 2.0 * normalised + BYTES * tokens * mixers * _squeezed_norms(shape) / outer,
            "gates": (1.0 - of_experts) * activated,
            "expert_gates": of_experts * activated,
            "scores": scores,
            "heads": BYTES * tokens * mixers * (_latent_heads(shape) + _expanded_keys(shape)) / tensor_parallel,
            "experts": of_experts * opened + routed + eager,
        },
    )


def _is_latent(shape: TransformerShape) -> Column:
    """1 where attention is latent, 0 where it is not."""
    return np.asarray(np.asarray(shape.kv_lora_rank) > 0, dtype=np.float64)


def _expanded_keys(shape: TransformerShape) -> Column:
    """Width of keys and values as the latent projection gives them [DeepSeek-V2 2024, 2.1]; 0 without latent attention.

    They are kept beside the keys and values that attention reads, with positions put in place.
    """
    return _is_latent(shape) * shape.heads * (shape.head_dim - shape.rope_head_dim + shape.value_head_dim)


def _latent_heads(shape: TransformerShape) -> Column:
    """Width of queries, keys and values as attention reads them where they are expanded from latent vectors."""
    return _is_latent(shape) * (shape.heads * shape.head_dim + shape.kv_heads * (shape.head_dim + shape.value_head_dim))


def _squeezed_norms(shape: TransformerShape) -> Column:
    """Width of what the norms of squeezed queries, keys and values give; 0 without latent attention."""
    return _is_latent(shape) * (np.asarray(shape.q_lora_rank) + shape.kv_lora_rank)


def _squeezed(shape: TransformerShape) -> Column:
    """Width of squeezed queries, keys and values and of their norms' results [DeepSeek-V2 2024, 2.1]; 0 without."""
    return _is_latent(shape) * (2.0 * (np.asarray(shape.q_lora_rank) + shape.kv_lora_rank) + shape.rope_head_dim)


def joined_bytes(shape: TransformerShape, tokens: Column, split: Column) -> Column:
    """Kept by a layer of multi-token prediction beside a plain layer, B, split over ``split`` ranks.

    The token's embedding, both normalised vectors, the two joined, and their product: 6h a token [DeepSeek-V3 2024,
    section 2.2].
    """
    return BYTES * 6.0 * shape.hidden * tokens / split


def logits_per_chip(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> Column:
    """Logits of one micro-batch on a chip of the last stage, count."""
    return tokens * shape.vocab / tensor_parallel
