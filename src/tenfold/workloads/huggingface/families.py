"""The families of models whose ``config.json`` can be read: a table, one row each.

A row says under which names a family keeps its facts, which values its configuration class assumes when a key is
left out, which fields of the shape are the same for all its members, and which parts it has. Where nothing is said,
a family is like Llama: gated feed-forward, two RMSNorms a layer, no biases, untied tables.

Source of each row: the family's public configuration class and model definition in Hugging Face transformers
(docs at https://huggingface.co/docs/transformers, model pages), checked by counting a published model of the family
within 1 % of its published parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenfold.workloads.huggingface.parts import (
    Part,
    attention_table,
    experts_after_first_layers,
    experts_every_nth_layer,
    experts_everywhere,
    experts_interleaved,
    grouped_query_switch,
    halved_feed_forward,
    hybrid_layers,
    latent_attention,
    learned_positions,
    multi_query_attention,
    offset_positions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How the configurations of a family say what the shape of a model is."""

    types: tuple[str, ...]
    """Values of ``model_type``, the first of them the family's name."""
    shape: Mapping[str, float] = field(default_factory=dict)
    """Fields of the shape that every member shares."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, float] = field(default_factory=dict)
    tied: bool = False
    """Whether tables are tied when ``tie_word_embeddings`` is left out."""
    bias_switches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys of truth values, and the bias fields each sets."""
    biased: bool = False
    """Whether those switches are on when left out."""
    full_period: float | None = None
    """Every n-th layer attends over everything and the others over the window; 0 when all are windowed."""
    window_switch: str = ""
    """Key that must be true for the window to count."""
    parts: tuple[Part, ...] = ()


ALL_BIASES = ("attention_bias", "output_bias", "mlp_bias")
ATTENTION_BIASES = ("attention_bias", "output_bias")
PLAIN: Mapping[str, float] = {"gated_mlp": 0.0, "norm_vectors_per_layer": 4.0}
"""Feed-forward without gate, two LayerNorms a layer."""
GPT: Mapping[str, float] = {**PLAIN, **dict.fromkeys(ALL_BIASES, 1.0)}
QUERY_KEY_VALUE: Mapping[str, float] = {"attention_bias": 1.0}
BIAS_KEYS: Mapping[str, tuple[str, ...]] = {"attention_bias": ATTENTION_BIASES, "mlp_bias": ("mlp_bias",)}
FOUR_NORMS: Mapping[str, float] = {"norm_vectors_per_layer": 4.0}
FOURFOLD: Mapping[str, float] = {"ffn_ratio": 4.0}

ROWS: tuple[Family, ...] = (
    Family(types=("llama", "aquila", "baichuan", "yi", "granite"), bias_switches=BIAS_KEYS),
    Family(types=("internlm",), bias_switches={"bias": ATTENTION_BIASES}),
    Family(types=("internlm2",), bias_switches={"bias": ATTENTION_BIASES}),
    Family(types=("minicpm",), tied=True),
    Family(types=("mistral", "ministral"), full_period=0.0),
    Family(
        types=("mixtral",),
        names={"expert_ffn": ("intermediate_size",)},
        full_period=0.0,
        parts=(experts_everywhere,),
    ),
    Family(
        types=("minimax_m2",),
        names={"expert_ffn": ("intermediate_size",)},
        parts=(experts_everywhere,),
    ),
    Family(
        types=("qwen",),
        shape=QUERY_KEY_VALUE,
        names={"head_dim": ("kv_channels",), "max_sequence": ("seq_length",)},
        parts=(halved_feed_forward,),
    ),
    Family(types=("qwen2",), shape=QUERY_KEY_VALUE, full_period=0.0, window_switch="use_sliding_window"),
    Family(
        types=("qwen2_moe",),
        shape=QUERY_KEY_VALUE,
        full_period=0.0,
        window_switch="use_sliding_window",
        parts=(experts_every_nth_layer,),
    ),
    Family(
        types=("qwen3",),
        defaults={"head_dim": 128.0},
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=0.0,
        window_switch="use_sliding_window",
    ),
    Family(
        types=("qwen3_moe",),
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=0.0,
        window_switch="use_sliding_window",
        parts=(experts_every_nth_layer,),
    ),
    Family(types=("deepseek_v2",), parts=(latent_attention, experts_after_first_layers)),
    Family(types=("deepseek_v3", "kimi_k2"), parts=(latent_attention, experts_after_first_layers)),
    Family(
        types=("gpt_oss",),
        shape={"attention_bias": 1.0, "output_bias": 1.0, "expert_bias": 1.0},
        names={"expert_ffn": ("intermediate_size",)},
        defaults={"head_dim": 64.0},
        full_period=2.0,
        parts=(experts_everywhere,),
    ),
    Family(
        types=("gemma",), defaults={"head_dim": 256.0}, tied=True, bias_switches={"attention_bias": ATTENTION_BIASES}
    ),
    Family(types=("gemma2",), shape=FOUR_NORMS, defaults={"head_dim": 256.0}, tied=True, full_period=2.0),
    Family(
        types=("gemma3_text", "gemma3"),
        shape=FOUR_NORMS,
        defaults={"head_dim": 256.0, "heads": 8.0, "kv_heads": 4.0, "vocab": 262208.0, "max_sequence": 131072.0},
        tied=True,
        full_period=6.0,
    ),
    Family(
        types=("falcon", "refinedweb", "refinedwebmodel"),
        shape={"gated_mlp": 0.0},
        names={"kv_heads": ("num_kv_heads", "n_head_kv")},
        defaults=FOURFOLD,
        tied=True,
        parts=(multi_query_attention,),
    ),
    Family(types=("gpt2",), shape=GPT, defaults=FOURFOLD, tied=True, parts=(learned_positions,)),
    Family(types=("gpt_neox",), shape={**GPT, "parallel_block": 1.0}),
    Family(
        types=("gptj",),
        shape={"gated_mlp": 0.0, "mlp_bias": 1.0, "parallel_block": 1.0},
        defaults=FOURFOLD,
    ),
    Family(types=("bloom",), shape=GPT, defaults=FOURFOLD, tied=True),
    Family(types=("mpt",), shape={"gated_mlp": 0.0}, defaults=FOURFOLD, tied=True, parts=(attention_table,)),
    Family(types=("glm",), bias_switches={"attention_bias": ("attention_bias",)}),
    Family(types=("glm4",), shape=FOUR_NORMS, bias_switches={"attention_bias": ("attention_bias",)}),
    Family(
        types=("glm4_moe",),
        bias_switches={"attention_bias": ("attention_bias",)},
        parts=(experts_after_first_layers,),
    ),
    Family(
        types=("chatglm",),
        names={"kv_heads": ("multi_query_group_num",), "head_dim": ("kv_channels",)},
        parts=(grouped_query_switch,),
    ),
    Family(
        types=("llama4_text", "llama4"),
        names={
            "ffn": ("intermediate_size_mlp",),
            "expert_ffn": ("intermediate_size",),
            "window": ("attention_chunk_size",),
        },
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=4.0,
        parts=(experts_interleaved,),
    ),
    Family(types=("nemotron",), shape=PLAIN, bias_switches=BIAS_KEYS),
    Family(
        types=("nemotron_h",),
        shape={"gated_mlp": 0.0},
        names={"shared_ffn": ("moe_shared_expert_intermediate_size",)},
        bias_switches=BIAS_KEYS,
        parts=(hybrid_layers,),
    ),
    Family(types=("apertus",), shape={"gated_mlp": 0.0}, bias_switches=BIAS_KEYS),
    Family(types=("phi3",), full_period=0.0),
    Family(types=("olmo",), shape={"norm_vectors_per_layer": 0.0}, bias_switches={"attention_bias": ATTENTION_BIASES}),
    Family(types=("olmo2",), bias_switches={"attention_bias": ATTENTION_BIASES}),
    Family(types=("opt",), shape=GPT, tied=True, parts=(offset_positions,)),
    Family(
        types=("starcoder2",),
        shape=PLAIN,
        tied=True,
        bias_switches={"use_bias": ALL_BIASES},
        biased=True,
        full_period=0.0,
    ),
    Family(
        types=("cohere",),
        shape={"norm_vectors_per_layer": 1.0, "parallel_block": 1.0},
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
    ),
    Family(
        types=("cohere2",),
        shape={"norm_vectors_per_layer": 1.0, "parallel_block": 1.0},
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=4.0,
    ),
)

FAMILIES: Mapping[str, Family] = {name: family for family in ROWS for name in family.types}
"""Family by ``model_type``."""
