"""Counted parameters of a model, part by part, from its shape.

Every function takes a ``TransformerShape`` whose fields broadcast, returns a count of the same shape, in parameters,
and raises nothing. Equations follow the weight matrices of the published architectures: Vaswani et al. 2017 for
attention and feed-forward; Shazeer 2020 for gated feed-forward; Narayanan et al. 2021 (Megatron-LM), equation 2, for
the dense total; DeepSeek-V2 2024, section 2.1, for multi-head latent attention; Fedus et al. 2022 (Switch) for
experts; Dao & Gu 2024 for Mamba-2. The sums agree with published totals within 1 % for the models of the catalog,
or in every digit printed where vendors print one or two.

Counted apart: multi-token-prediction layers (vendors leave them out of the total they print) and vision towers. Not
counted: audio encoders, the norms of query and key heads (under 0.01 %) and attention sinks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import ModelRecord, TransformerShape
from tenfold.quantities import Column

Count = Callable[[TransformerShape], Column]
"""A count of parameters of a shape."""

MAMBA_CONVOLUTION_TAPS = 4.0
"""Width of the causal convolution of Mamba-2 (``d_conv`` of the published models)."""


def grouped_attention_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of plain, grouped-query or multi-query attention.

    h·a·d + h·k·(d + d_v) + a·d_v·h, with biases of the same output widths where the model has them; a gate on the
    heads is h·a·d more [Vaswani et al. 2017, 3.2.2; Ainslie et al. 2023; Qwen3-Next 2025].
    """
    queries = shape.heads * shape.head_dim * (1.0 + shape.attention_gate)
    inward = queries + shape.kv_heads * (shape.head_dim + shape.value_head_dim)
    outward = shape.heads * shape.value_head_dim * shape.hidden
    biases = shape.attention_bias * inward + shape.output_bias * shape.hidden
    return shape.hidden * inward + outward + biases


def latent_attention_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of multi-head latent attention.

    Queries h·r_q + r_q·a·d (or h·a·d without compression); keys and values h·(r_kv + d_rope) +
    r_kv·a·(d - d_rope + d_v); output a·d_v·h; one norm vector per rank [DeepSeek-V2 2024, 2.1].
    """
    squeezed = np.asarray(shape.q_lora_rank) > 0
    heads_out = shape.heads * shape.head_dim
    queries = np.where(
        squeezed, shape.q_lora_rank * (shape.hidden + heads_out + 1.0), np.asarray(shape.hidden) * heads_out
    )
    down = shape.hidden * (shape.kv_lora_rank + shape.rope_head_dim) + shape.kv_lora_rank
    up = shape.kv_lora_rank * shape.heads * (shape.head_dim - shape.rope_head_dim + shape.value_head_dim)
    return queries + down + up + shape.heads * shape.value_head_dim * shape.hidden


def indexer_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of the indexer of sparse attention, with heads a and width d.

    Queries from the compressed ones r_q·a·d (h·a·d without compression), one key h·d with a norm 2d, a weight a head
    h·a [DeepSeek-V3.2 2025, section 2.1].
    """
    inward = np.where(np.asarray(shape.q_lora_rank) > 0, shape.q_lora_rank, shape.hidden)
    width = shape.indexer_heads * shape.indexer_head_dim
    key = shape.indexer_head_dim * (shape.hidden + 2.0)
    return inward * width + key + shape.hidden * shape.indexer_heads


def attention_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of one attention layer, latent where the shape has a key-value rank; without its indexer."""
    latent = np.asarray(shape.kv_lora_rank) > 0
    plain = grouped_attention_parameters_per_layer(shape)
    if not np.any(latent):
        return plain
    return np.where(latent, latent_attention_parameters_per_layer(shape), plain)


def feed_forward_parameters(width: Column, inner: Column, gated: Column, bias: Column) -> Column:
    """Weights of one feed-forward block: (2 + gated)·width·inner, and a bias per output where there is one.

    [Vaswani et al. 2017, 3.3; Shazeer 2020.]
    """
    return (2.0 + gated) * width * inner + bias * ((1.0 + gated) * inner + width)


def dense_mlp_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of one dense feed-forward block."""
    return feed_forward_parameters(shape.hidden, shape.ffn, shape.gated_mlp, shape.mlp_bias)


def expert_parameters(shape: TransformerShape) -> Column:
    """Weights of one routed expert, in the latent width where experts read a projected input."""
    width = np.where(np.asarray(shape.latent_hidden) > 0, shape.latent_hidden, shape.hidden)
    return feed_forward_parameters(width, shape.expert_ffn, shape.gated_mlp, shape.expert_bias)


def router_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights that choose experts: h·E, and one bias per expert where experts carry biases [Fedus et al. 2022]."""
    return shape.experts * (shape.hidden + shape.expert_bias)


def shared_expert_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of all shared experts of a layer, which every token passes [DeepSeekMoE 2024, 3.2]."""
    return feed_forward_parameters(shape.hidden, shape.shared_ffn, shape.gated_mlp, 0.0)


def latent_projection_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights into and out of the latent width of a layer's experts: 2·h·l [Nemotron 3 white paper 2025]."""
    return 2.0 * shape.hidden * shape.latent_hidden


def moe_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of one mixture-of-experts block: router, all experts, shared experts, latent projections."""
    return _expert_block(shape, shape.experts)


def active_moe_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights one token meets in a mixture-of-experts block: ``top_k`` experts and everything that is not routed."""
    return _expert_block(shape, shape.top_k)


def mamba_parameters_per_layer(shape: TransformerShape) -> Column:
    """Weights of one mixer with a state: those of Mamba-2, and what other kinds have beyond it.

    In h·(2i + 2gs + n); convolution (i + 2gs)·(4 + 1); A, D and the step bias 3n; norm i; out i·h, with inner width
    i, groups g, state s, heads n [Dao & Gu 2024, section 7]. ``mixers`` counts the other kinds.
    """
    states = 2.0 * shape.mamba_groups * shape.mamba_state
    inward = shape.hidden * (2.0 * shape.mamba_inner + states + shape.mamba_heads)
    convolution = (shape.mamba_inner + states) * (MAMBA_CONVOLUTION_TAPS + 1.0)
    own = inward + convolution + 3.0 * shape.mamba_heads + shape.mamba_inner * (1.0 + shape.hidden)
    return own + shape.mamba_extra


def input_embedding_parameters(shape: TransformerShape) -> Column:
    """Token table v·h and learned position table p·h."""
    return shape.hidden * (shape.vocab + shape.learned_positions)


def output_embedding_parameters(shape: TransformerShape) -> Column:
    """Weights of the output head that are not those of the token table: v·h, or 0 when tied."""
    return shape.hidden * shape.vocab * (1.0 - shape.tied_embeddings)


def embedding_parameters(shape: TransformerShape) -> Column:
    """Token table, position table and output head."""
    return input_embedding_parameters(shape) + output_embedding_parameters(shape)


def norm_parameters(shape: TransformerShape) -> Column:
    """Norm vectors: ``norm_vectors_per_layer`` ÷ 2 for each mixer, each feed-forward block and the end of the model."""
    blocks = shape.attention_layers + shape.mamba_layers + shape.dense_mlp_layers + shape.moe_layers
    return shape.hidden * shape.norm_vectors_per_layer / 2.0 * (blocks + 1.0)


def total_parameters(shape: TransformerShape) -> Column:
    """Every weight of the model, tied tables and shared blocks once, multi-token-prediction layers left out."""
    return _layers(shape, moe_parameters_per_layer) + embedding_parameters(shape) - shape.reused_parameters


def active_parameters(shape: TransformerShape) -> Column:
    """Weights of one token's forward pass, both vocabulary tables counted whole; the total for a dense model.

    Mistral, Meta and Qwen publish this count [Mixtral of Experts 2024, section 2.1].
    """
    return _layers(shape, active_moe_parameters_per_layer) + embedding_parameters(shape) - shape.reused_parameters


def active_parameters_without_input_table(shape: TransformerShape) -> Column:
    """As ``active_parameters``, the input table not counted: a look-up multiplies nothing.

    OpenAI, DeepSeek, Moonshot and NVIDIA (Nano) publish this count [gpt-oss model card 2025, section 2.1;
    DeepSeek-V3, README_WEIGHTS.md]; it is also the one that follows the work done.
    """
    return active_parameters(shape) - input_embedding_parameters(shape) * (1.0 - shape.tied_embeddings)


def active_parameters_without_tables(shape: TransformerShape) -> Column:
    """As ``active_parameters``, neither vocabulary table counted.

    Zhipu and MiniMax publish this count [GLM-4.5 model card 2025].
    """
    return _layers(shape, active_moe_parameters_per_layer)


ACTIVE_CONVENTIONS: Mapping[str, Count] = {
    "both tables": active_parameters,
    "output table": active_parameters_without_input_table,
    "no tables": active_parameters_without_tables,
}
"""Rival conventions of "active parameters": which vocabulary tables are counted."""


def matmul_parameters(shape: TransformerShape) -> Column:
    """Weights one token is multiplied by, output head included: N in C = 6·N·D [Kaplan et al. 2020, 2.1].

    Active weights of layers and the head (v·h even when tied), without norms, biases, and the input table. The
    convolution of a state-space layer counts; its scan does not.
    """
    bare = _without_biases(shape)
    layers = _layers(bare, active_moe_parameters_per_layer) - norm_parameters(bare)
    return layers + shape.hidden * shape.vocab


def mtp_parameters(shape: TransformerShape) -> Column:
    """Weights of the layers that predict further tokens, tables shared with the model.

    Each is a layer of the model's last kind, a product 2h·h that joins the token to the state, and three norms
    [DeepSeek-V3 2024, 2.2].
    """
    mixed = np.asarray(shape.moe_layers) > 0
    block = np.where(mixed, moe_parameters_per_layer(shape), dense_mlp_parameters_per_layer(shape))
    norms = shape.hidden * (shape.norm_vectors_per_layer + 3.0)
    layer = attention_parameters_per_layer(shape) + block + norms + 2.0 * shape.hidden * shape.hidden
    return shape.mtp_layers * layer


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterCounts:
    """Parameters of a model by part; ``total`` is language, vision and further-token prediction together."""

    language: float
    active: float
    """Of the language model, those that one token meets, both tables counted."""
    vision: float | None
    """None where there is a tower that nobody counted, and so of ``total``."""
    mtp: float
    total: float | None


def parameter_counts(model: ModelRecord) -> ParameterCounts:
    """Counts of one model's parts."""
    shape = model.shape
    language, mtp = float(total_parameters(shape)), float(mtp_parameters(shape))
    vision = None if model.uncounted else float(shape.vision_parameters)
    return ParameterCounts(
        language=language,
        active=float(active_parameters(shape)),
        vision=vision,
        mtp=mtp,
        total=None if vision is None else language + vision + mtp,
    )


def _expert_block(shape: TransformerShape, experts: Column) -> Column:
    return (
        router_parameters_per_layer(shape)
        + experts * expert_parameters(shape)
        + shared_expert_parameters_per_layer(shape)
        + latent_projection_parameters_per_layer(shape)
    )


def _layers(shape: TransformerShape, moe_block: Count) -> Column:
    return (
        shape.attention_layers * attention_parameters_per_layer(shape)
        + shape.indexer_layers * indexer_parameters_per_layer(shape)
        + shape.mamba_layers * mamba_parameters_per_layer(shape)
        + shape.dense_mlp_layers * dense_mlp_parameters_per_layer(shape)
        + shape.moe_layers * moe_block(shape)
        + norm_parameters(shape)
    )


def _without_biases(shape: TransformerShape) -> TransformerShape:
    return replace(shape, attention_bias=0.0, output_bias=0.0, mlp_bias=0.0, expert_bias=0.0)
