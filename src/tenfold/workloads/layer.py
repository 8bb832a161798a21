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


REBUILT_PRODUCTS = {
    "mla_query_up": "heads",
    "mla_key_value_up": "heads",
    **dict.fromkeys(
        ("router", "expert_up", "expert_down", "latent_down", "latent_up", "shared_up", "shared_down"), "experts"
    ),
}
"""Products that rebuild a part of a layer, by name: the part, as in ``recipe.OPERATIONS``."""


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
    gated = queries * (1.0 + np.asarray(shape.attention_gate))
    fused = Matmul(name="qkv", m=tokens, n=gated + keys_values, k=shape.hidden, count=plain)
    indexed = _indexer_matmuls(shape, tokens, tensor_parallel)
    if not np.any(latent):
        return fused, output, *indexed
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
    return fused, down, query_up, key_up, output, *indexed


def _indexer_matmuls(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> tuple[Matmul, ...]:
    """Products of the indexer of sparse attention: queries of its heads, one key, a weight a head."""
    if not np.any(np.asarray(shape.indexer_layers) > 0):
        return ()
    used = shape.indexer_layers / shape.layers
    inward = np.where(np.asarray(shape.q_lora_rank) > 0, shape.q_lora_rank, shape.hidden)
    queries = np.maximum(shape.indexer_heads * shape.indexer_head_dim, 1.0) / tensor_parallel
    beside = shape.indexer_head_dim + np.asarray(shape.indexer_heads)
    return (
        Matmul(name="indexer_query", m=tokens, n=queries, k=inward, count=used),
        Matmul(name="indexer_key", m=tokens, n=np.maximum(beside, 1.0), k=shape.hidden, count=used),
    )


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
    """Projections of the layers with a state; what they hold beyond Mamba-2 is taken for inward projections."""
    if not np.any(np.asarray(shape.mamba_layers) > 0):
        return ()
    share = shape.mamba_layers / shape.layers
    further = np.asarray(shape.mamba_extra) / shape.hidden
    wide = 2 * shape.mamba_inner + 2 * shape.mamba_groups * shape.mamba_state + shape.mamba_heads + further
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
    because the causal mask that halves a full layer does not halve a window, nor the tokens an indexer picks. The
    indexer scores every token: 2·tokens·attended·a·d over its heads, one key for all [DeepSeek-V3.2 2025, 2.1].
    """
    full = (shape.attention_layers - shape.windowed_layers) / shape.layers
    windowed = shape.windowed_layers / shape.layers
    picked = np.where(np.asarray(shape.sparse_tokens) > 0, 2.0 * np.asarray(shape.sparse_tokens), np.inf)
    reach = full * np.minimum(attended_tokens, picked)
    reach = reach + windowed * np.minimum(2.0 * np.asarray(shape.window), attended_tokens)
    indexed = shape.indexer_layers / shape.layers
    scored = indexed * np.asarray(attended_tokens) * shape.indexer_heads * shape.indexer_head_dim
    core = reach * shape.heads * (shape.head_dim + shape.value_head_dim)
    return 2.0 * tokens * (core + scored) / tensor_parallel


def scan_flops(shape: TransformerShape, tokens: Column, tensor_parallel: Column) -> Column:
    """State-space dual form of an average layer, forward: intra-chunk products and the passing of states."""
    share = shape.mamba_layers / shape.layers
    per_token = 2.0 * shape.mamba_inner * (MAMBA_CHUNK_TOKENS / 2 + 2 * shape.mamba_state)
    return share * tokens * per_token / tensor_parallel
