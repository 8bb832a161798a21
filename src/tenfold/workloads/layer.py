"""Counted operations of one pass over one micro-batch: which matrix products, how much attention, how many bytes.

Counts are per chip. ``tokens`` is the number of tokens a chip's micro-batch holds after context parallelism;
tensor parallelism divides the inner width of attention and feed-forward. A count is an average over the layers
of the model, so that ``layers × count`` is the whole model even where dense, expert and state-space layers mix.

Sources: Megatron-LM (Narayanan et al. 2021, appendix) for the dense layer; Korthikanti et al. 2022 for the bytes
activations move; DeepSeek-V2 (2024), section 2.1, for multi-head latent attention; Mamba-2 (Dao & Gu 2024),
section 6, for the state-space layer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.catalog import TransformerShape
from tenfold.quantities import Column, Floats

MAMBA_CHUNK_TOKENS = 256.0
"""Chunk of the state-space dual form; the default of the published kernels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matmul:
    """``count`` products of an (m × k) by a (k × n) matrix, run in kernels of ``groups`` products each."""

    name: str
    m: Column
    n: Column
    k: Column
    count: Column
    groups: Column = 1.0
    """Products that share a kernel; more than one for experts."""
    grouped: bool = False
    """True for the products of experts."""
    wide: bool = False
    """True when it stays in 16 bits under low-precision recipes."""

    @property
    def flops(self) -> Column:
        """Multiply and add counted as two."""
        return 2.0 * self.m * self.n * self.k * self.count


def present(size: Column) -> Floats:
    """1 where a model has a part of this size, 0 where it has none."""
    return np.asarray(np.asarray(size) > 0, dtype=np.float64)


def attention_matmuls(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> tuple[Matmul, ...]:
    """Projections into and out of attention, plain (with the gate of its heads, if any) or latent (MLA)."""
    share = shape.attention_layers / shape.layers
    queries = shape.heads * shape.head_dim / tensor_parallel
    latent = present(shape.kv_lora_rank)
    plain = share * (1.0 - latent)
    keys_values = np.maximum(shape.kv_heads / tensor_parallel, 1.0) * (shape.head_dim + shape.value_head_dim)
    output = Matmul(
        name="attention_output",
        m=tokens,
        n=shape.hidden,
        k=shape.heads * shape.value_head_dim / tensor_parallel,
        count=share,
    )
    fused = Matmul(
        name="qkv", m=tokens, n=queries * (1.0 + shape.attention_gate) + keys_values, k=shape.hidden, count=plain
    )
    if not np.any(latent):
        return fused, output
    squeezed = present(shape.q_lora_rank)
    down = Matmul(
        name="mla_down",
        m=tokens,
        n=np.where(squeezed > 0, shape.q_lora_rank, queries) + shape.kv_lora_rank + shape.rope_head_dim,
        k=shape.hidden,
        count=share * latent,
    )
    query_up = Matmul(name="mla_query_up", m=tokens, n=queries, k=np.maximum(shape.q_lora_rank, 1.0),
                      count=share * latent * squeezed)  # fmt: skip
    key_up = Matmul(
        name="mla_key_value_up",
        m=tokens,
        n=shape.heads * (shape.head_dim - shape.rope_head_dim + shape.value_head_dim) / tensor_parallel,
        k=np.maximum(shape.kv_lora_rank, 1.0),
        count=share * latent,
    )
    return fused, down, query_up, key_up, output


def dense_matmuls(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> tuple[Matmul, ...]:
    """Dense feed-forward blocks and shared experts."""
    layers = shape.layers
    dense, moe = shape.dense_mlp_layers / layers, shape.moe_layers / layers
    inner = shape.ffn / tensor_parallel
    products = [
        Matmul(name="mlp_up", m=tokens, n=inner * (1 + shape.gated_mlp), k=shape.hidden, count=dense),
        Matmul(name="mlp_down", m=tokens, n=shape.hidden, k=inner, count=dense),
    ]
    if np.any(np.asarray(shape.shared_ffn) > 0):
        shared = shape.shared_ffn / tensor_parallel
        used = moe * present(shape.shared_ffn)
        products += [
            Matmul(name="shared_up", m=tokens, n=shared * (1 + shape.gated_mlp), k=shape.hidden, count=used),
            Matmul(name="shared_down", m=tokens, n=shape.hidden, k=shared, count=used),
        ]
    return tuple(products)


def expert_matmuls(
    shape: TransformerShape,
    tokens: Column,
    tensor_parallel: Column,
    expert_parallel: Column,
    expert_tensor_parallel: Column,
    imbalance: Column,
) -> tuple[Matmul, ...]:
    """Routed experts as grouped products, and the router.

    Tokens are split over the tensor-parallel ranks before they are sent to experts, and gathered again over the
    ``expert_tensor_parallel`` chips that share an expert. An expert of a group of ``expert_parallel`` chips then sees
    ``tokens × etp / tp × ep × top_k / experts`` tokens on average and ``imbalance`` times that on the busiest chip,
    which sets the time.
    """
    if not np.any(np.asarray(shape.moe_layers) > 0):
        return ()
    share = shape.moe_layers / shape.layers
    experts = np.maximum(shape.experts, 1.0)
    held = experts / expert_parallel
    local = tokens / tensor_parallel
    width = np.where(np.asarray(shape.latent_hidden) > 0, shape.latent_hidden, shape.hidden)
    inner = np.maximum(shape.expert_ffn, 1.0) / expert_tensor_parallel
    m = local * expert_tensor_parallel * shape.top_k / held * imbalance
    products = [
        Matmul(name="router", m=local, n=experts, k=shape.hidden, count=share, wide=True),
        Matmul(name="expert_up", m=m, n=inner * (1 + shape.gated_mlp), k=width, count=share * held,
               groups=held, grouped=True),
        Matmul(name="expert_down", m=m, n=width, k=inner, count=share * held,
               groups=held, grouped=True),
    ]  # fmt: skip
    if np.any(np.asarray(shape.latent_hidden) > 0):
        used = share * present(shape.latent_hidden)
        latent = np.maximum(shape.latent_hidden, 1.0)
        products += [
            Matmul(name="latent_down", m=local, n=latent, k=shape.hidden, count=used),
            Matmul(name="latent_up", m=local, n=shape.hidden, k=latent, count=used),
        ]
    return tuple(products)


def mamba_matmuls(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> tuple[Matmul, ...]:
    """Projections of the state-space layers."""
    if not np.any(np.asarray(shape.mamba_layers) > 0):
        return ()
    share = shape.mamba_layers / shape.layers
    wide = 2 * shape.mamba_inner + 2 * shape.mamba_groups * shape.mamba_state + shape.mamba_heads
    return (
        Matmul(name="mamba_in", m=tokens, n=wide / tensor_parallel, k=shape.hidden, count=share),
        Matmul(name="mamba_out", m=tokens, n=shape.hidden, k=np.maximum(shape.mamba_inner, 1.0) / tensor_parallel,
               count=share),
    )  # fmt: skip


def layer_matmuls(
    shape: TransformerShape,
    tokens: Column,
    tensor_parallel: Column,
    expert_parallel: Column,
    expert_tensor_parallel: Column,
    imbalance: Column,
) -> tuple[Matmul, ...]:
    """Every weight product of an average layer, forward."""
    return (
        *attention_matmuls(shape, tokens, tensor_parallel),
        *dense_matmuls(shape, tokens, tensor_parallel),
        *expert_matmuls(shape, tokens, tensor_parallel, expert_parallel, expert_tensor_parallel, imbalance),
        *mamba_matmuls(shape, tokens, tensor_parallel),
    )


def head_matmul(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> Matmul:
    """The LM head over one micro-batch (on the last pipeline stage)."""
    return Matmul(
        name="lm_head",
        m=tokens,
        n=shape.vocab / tensor_parallel,
        k=shape.hidden,
        count=1.0 + np.asarray(shape.mtp_layers),
        wide=True,
    )


def attention_flops(
    shape: TransformerShape, tokens: Column, attended_tokens: Column, tensor_parallel: Column
) -> Column:
    """Score and value products of an average layer, forward, without the causal mask.

    2·tokens·attended·heads·(d_qk + d_v) over full layers; a windowed layer attends over its window twice over,
    because the causal mask that halves a full layer does not halve a window.
    """
    full = (shape.attention_layers - shape.windowed_layers) / shape.layers
    windowed = shape.windowed_layers / shape.layers
    reach = full * attended_tokens + windowed * np.minimum(2.0 * np.asarray(shape.window), attended_tokens)
    return 2.0 * tokens * reach * shape.heads * (shape.head_dim + shape.value_head_dim) / tensor_parallel


def scan_flops(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> Column:
    """State-space dual form of an average layer, forward: intra-chunk products and the passing of states."""
    share = shape.mamba_layers / shape.layers
    per_token = 2.0 * shape.mamba_inner * (MAMBA_CHUNK_TOKENS / 2 + 2 * shape.mamba_state)
    return share * tokens * per_token / tensor_parallel


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedBytes:
    """Bytes that kernels bound by memory move for an average layer, forward, 16 bits."""

    residual: Column
    """Norms, residual additions, rotations of queries and keys."""
    activation: Column
    """Gates and activations of feed-forward blocks and experts."""
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
    inner = shape.ffn * shape.dense_mlp_layers + shape.shared_ffn * shape.moe_layers + experts
    biased = 2.0 * gated * experts * np.asarray(shape.expert_bias)
    heads = 3.0 * (shape.heads + shape.kv_heads) * shape.head_dim * shape.attention_layers
    unit = 2.0 * tokens / layers
    return StreamedBytes(
        residual=2.0 * tokens * 10.0 * shape.hidden / outer_split + unit * heads / tensor_parallel,
        activation=unit * (gated + 1.0) * inner / tensor_parallel,
        expert_bias=unit * biased / tensor_parallel,
        permutation=unit * 6.0 * shape.top_k * shape.hidden * shape.moe_layers / tensor_parallel,
        scan=unit * 12.0 * shape.mamba_inner * shape.mamba_layers / tensor_parallel,
    )


def head_bytes(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> Column:
    """Bytes the loss moves, forward: logits written in 16 bits, read and kept in 32 for the softmax."""
    return 10.0 * tokens * shape.vocab / tensor_parallel * (1.0 + np.asarray(shape.mtp_layers))


DENSE_KERNELS = 15.0
UNFUSED_KERNELS = 8.0
MOE_KERNELS = 20.0
KERNELS_PER_EXPERT = 4.0
MAMBA_KERNELS = 10.0


def kernels_per_layer(shape: TransformerShape, expert_parallel: Column, fused_attention: Column) -> Column:
    """Kernels launched for an average layer, forward.

    Two norms, four products, attention and its layout changes, residual and activation kernels for a dense layer;
    routing, permutation, dispatch and padding for experts, and for every expert held its two products and the casts
    of their inputs, which libraries launch one by one on parallel streams. Without fused attention: two batched
    products, one kernel for scale, mask and softmax, dropout, and four transposes.
    """
    held = shape.experts / expert_parallel
    experts = (MOE_KERNELS + KERNELS_PER_EXPERT * held) * shape.moe_layers / shape.layers
    scores = UNFUSED_KERNELS * (1.0 - np.asarray(fused_attention))
    return DENSE_KERNELS + scores + experts + MAMBA_KERNELS * shape.mamba_layers / shape.layers
