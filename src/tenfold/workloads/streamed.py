"""What kernels bound by memory move in one pass over one micro-batch, and how many kernels are launched.

Counts are per chip and averages over the layers of the model, as in ``layer``.

Source: Korthikanti et al. 2022 for the bytes activations move.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedBytes:
    """Bytes that kernels bound by memory move for an average layer, forward, 16 bits."""

    residual: Column
    """Norms, residual additions, rotations of queries and keys."""
    activation: Column
    """Gates and activations of feed-forward blocks and shared experts."""
    expert_activation: Column
    """Those of routed experts."""
    expert_bias: Column
    """Biases of experts, added outside the grouped products."""
    permutation: Column
    """Sorting tokens to experts and back."""
    scan: Column
    """Convolutions, chunk states and gates of state-space layers."""


def streamed_bytes(
    shape: TransformerShape, tokens: Column, tensor_parallel: Column, sequence_parallel: Column
) -> StreamedBytes:
    """Bytes by kind of memory-bound kernel.

    Norms and residuals touch the hidden vector about ten times (read, write, two norms, two additions) and are split
    over tensor-parallel ranks only with sequence parallelism; the rest is always split. Activations read gate and
    value and write the result; an expert bias reads and writes gate and value once more. A token's ``top_k`` copies
    are read and written three times on their way to the experts and back. A scan touches its inner width twelve times.
    """
    layers = shape.layers
    outer_split = 1.0 + np.asarray(sequence_parallel) * (tensor_parallel - 1.0)
    gated = 1.0 + np.asarray(shape.gated_mlp)
    experts = shape.expert_ffn * shape.top_k * shape.moe_layers
    inner = shape.ffn * shape.dense_mlp_layers + shape.shared_ffn * shape.moe_layers
    biased = 2.0 * gated * experts * np.asarray(shape.expert_bias)
    heads = 3.0 * (shape.heads + shape.kv_heads) * shape.head_dim * shape.attention_layers
    unit = 2.0 * tokens / layers
    return StreamedBytes(
        residual=2.0 * tokens * 10.0 * shape.hidden / outer_split + unit * heads / tensor_parallel,
        activation=unit * (gated + 1.0) * inner / tensor_parallel,
        expert_activation=unit * (gated + 1.0) * experts / tensor_parallel,
        expert_bias=unit * biased / tensor_parallel,
        permutation=unit * 6.0 * shape.top_k * shape.hidden * shape.moe_layers / tensor_parallel,
        scan=unit * 12.0 * shape.mamba_inner * shape.mamba_layers / tensor_parallel,
    )


def head_bytes(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> Column:
    """Bytes the loss moves, forward: logits written in 16 bits, read and kept in 32 for the softmax."""
    return 10.0 * tokens * shape.vocab / tensor_parallel * (1.0 + np.asarray(shape.mtp_layers))


DENSE_KERNELS = 15.0
UNFUSED_KERNELS = 8.0
ROUTING_KERNELS = 10.0
DISPATCH_KERNELS = 10.0
MAMBA_KERNELS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchedKernels:
    """Kernels launched for an average layer, forward, by what may be launched from one graph."""

    routed: Column
    """Norms, attention or scan, feed-forward blocks, and the routing of experts: shapes known before a step."""
    dispatched: Column
    """Sorting, padding, sending and gathering of the tokens of experts, whose number is known once they are routed."""
    experts: Column
    """Of single experts."""


def launched_kernels(
    shape: TransformerShape, expert_parallel: Column, fused_attention: Column, per_expert: Column
) -> LaunchedKernels:
    """Kernels launched for an average layer, forward.

    Two norms, four products, attention and its layout changes, residual and activation kernels for a dense layer;
    routing, and as many kernels to move tokens, for experts, and ``per_expert`` for every expert held, such as its
    two products and the casts of their inputs, which libraries launch one by one on parallel streams. Without fused
    attention: two batched products, one kernel for scale, mask and softmax, dropout, and four transposes.
    """
    moe = shape.moe_layers / shape.layers
    scores = UNFUSED_KERNELS * (1.0 - np.asarray(fused_attention))
    scan = MAMBA_KERNELS * shape.mamba_layers / shape.layers
    return LaunchedKernels(
        routed=DENSE_KERNELS + scores + scan + ROUTING_KERNELS * moe,
        dispatched=DISPATCH_KERNELS * moe,
        experts=per_expert * shape.experts / expert_parallel * moe,
    )
