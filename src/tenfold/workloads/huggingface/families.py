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

from tenfold.workloads.huggingface.hybrids import (
    bamba_layers,
    both_mixers,
    convolution_layers,
    gated_delta_layers,
    granite_experts,
    granite_layers,
    jamba_layers,
    kimi_delta_layers,
    lightning_layers,
    only_mamba,
)
from tenfold.workloads.huggingface.parts import (
    Part,
    attention_table,
    blocks_by_layer,
    cross_attention,
    encoder_and_decoder,
    experts_after_first_layers,
    experts_every_nth_layer,
    experts_everywhere,
    experts_if_given,
    experts_if_shared,
    experts_interleaved,
    grouped_query_switch,
    halved_feed_forward,
    hybrid_layers,
    latent_attention,
    learned_positions,
    local_and_global,
    multi_query_attention,
    offset_positions,
    parallel_residual,
    shared_key_value,
    sparse_indexer,
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
    nested: Mapping[str, float] = field(default_factory=dict)
    """Defaults of the configuration class, which the part of a larger configuration leaves out."""
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
    harmless: tuple[str, ...] = ()
    """Keys that sound as if they changed the model and do not."""


ALL_BIASES = ("attention_bias", "output_bias", "mlp_bias")
ATTENTION_BIASES = ("attention_bias", "output_bias")
PLAIN: Mapping[str, float] = {"gated_mlp": 0.0, "norm_vectors_per_layer": 4.0}
"""Feed-forward without gate, two LayerNorms a layer."""
GPT: Mapping[str, float] = {**PLAIN, **dict.fromkeys(ALL_BIASES, 1.0)}
QUERY_KEY_VALUE: Mapping[str, float] = {"attention_bias": 1.0}
BIAS_KEYS: Mapping[str, tuple[str, ...]] = {"attention_bias": ATTENTION_BIASES, "mlp_bias": ("mlp_bias",)}
FOUR_NORMS: Mapping[str, float] = {"norm_vectors_per_layer": 4.0}
FOURFOLD: Mapping[str, float] = {"ffn_ratio": 4.0}
WHOLE_SIZES = ("vocab", "hidden", "ffn", "layers", "heads", "kv_heads", "head_dim", "max_sequence", "window")


def _class(*sizes: float | None) -> Mapping[str, float]:
    """Defaults of a configuration class in the order of ``WHOLE_SIZES``; None for what follows from the others."""
    return {name: size for name, size in zip(WHOLE_SIZES, sizes, strict=False) if size is not None}


LLAMA = _class(32000.0, 4096.0, 11008.0, 32.0, 32.0, None, None, 2048.0)
MISTRAL = _class(32000.0, 4096.0, 14336.0, 32.0, 32.0, 8.0, None, 131072.0, 4096.0)
QWEN2 = _class(151936.0, 4096.0, 22016.0, 32.0, 32.0, 32.0, None, 32768.0)
QWEN2_VL = _class(152064.0, 8192.0, 29568.0, 80.0, 64.0, 8.0, None, 32768.0)
QWEN3 = _class(151936.0, 4096.0, 22016.0, 32.0, 32.0, 32.0, 128.0, 32768.0)
GEMMA = _class(256000.0, 3072.0, 24576.0, 28.0, 16.0, 16.0, 256.0, 8192.0)
GEMMA2 = _class(256000.0, 2304.0, 9216.0, 26.0, 8.0, 4.0, 256.0, 8192.0, 4096.0)
GEMMA3 = _class(262208.0, 2304.0, 9216.0, 26.0, 8.0, 4.0, 256.0, 131072.0, 4096.0)
ROWS: tuple[Family, ...] = (
    Family(
        types=("llama", "aquila", "baichuan", "yi", "granite", "xverse", "helium", "exaone", "internlm3"),
        bias_switches=BIAS_KEYS,
        nested=LLAMA,
    ),
    Family(
        types=("smollm3",),
        tied=True,
        bias_switches=BIAS_KEYS,
        full_period=0.0,
        window_switch="use_sliding_window",
        harmless=("no_rope_layer_interval", "no_rope_layers"),
    ),
    Family(types=("arcee",), shape={"gated_mlp": 0.0}, bias_switches=BIAS_KEYS),
    Family(
        types=("seed_oss",),
        bias_switches={
            "attention_bias": ("attention_bias",),
            "attention_out_bias": ("output_bias",),
            "mlp_bias": ("mlp_bias",),
        },
    ),
    Family(
        types=("exaone4",), full_period=4.0, names={"window": ("sliding_window",)}, harmless=("sliding_window_pattern",)
    ),
    Family(types=("mimo",), shape=QUERY_KEY_VALUE, full_period=0.0, window_switch="use_sliding_window"),
    Family(
        types=("mllama_text_model", "mllama"),
        nested=_class(128256.0, 4096.0, 14336.0, 40.0, 32.0, 8.0, None, 131072.0),
        parts=(cross_attention,),
    ),
    Family(
        types=("nemotron-nas", "nemotron_nas", "deci"),
        names={"ffn": ("intermediate_size", "hidden_size")},
        bias_switches=BIAS_KEYS,
        parts=(blocks_by_layer,),
    ),
    Family(types=("internlm",), bias_switches={"bias": ATTENTION_BIASES}),
    Family(types=("internlm2",), bias_switches={"bias": ATTENTION_BIASES}),
    Family(
        types=("minicpm",),
        tied=True,
        names={"expert_ffn": ("moe_intermediate_size", "intermediate_size")},
        parts=(experts_if_given,),
    ),
    Family(types=("minicpm3",), tied=True, defaults={"value_head_dim": 64.0}, parts=(latent_attention,)),
    Family(types=("mistral", "ministral", "ministral3"), full_period=0.0, nested=MISTRAL),
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
    Family(types=("qwen2",), shape=QUERY_KEY_VALUE, full_period=0.0, window_switch="use_sliding_window", nested=QWEN2),
    Family(
        types=("qwen2_vl", "qwen2_vl_text", "qwen2_5_vl", "qwen2_5_vl_text"),
        shape=QUERY_KEY_VALUE,
        full_period=0.0,
        window_switch="use_sliding_window",
        nested=QWEN2_VL,
    ),
    Family(
        types=("qwen2_moe",),
        shape=QUERY_KEY_VALUE,
        full_period=0.0,
        window_switch="use_sliding_window",
        parts=(experts_every_nth_layer,),
    ),
    Family(
        types=("qwen3", "qwen3_vl", "qwen3_vl_text"),
        defaults={"head_dim": 128.0},
        nested=QWEN3,
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=0.0,
        window_switch="use_sliding_window",
    ),
    Family(
        types=("qwen3_next", "qwen3_5_moe", "qwen3_5_moe_text"),
        names={"ffn": ("intermediate_size", "moe_intermediate_size")},
        defaults={"head_dim": 256.0},
        parts=(gated_delta_layers, experts_every_nth_layer),
    ),
    Family(types=("qwen3_5", "qwen3_5_text"), defaults={"head_dim": 256.0}, parts=(gated_delta_layers,)),
    Family(
        types=("qwen3_moe", "qwen3_vl_moe", "qwen3_vl_moe_text"),
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=0.0,
        window_switch="use_sliding_window",
        parts=(experts_every_nth_layer,),
    ),
    Family(types=("deepseek_v2",), parts=(latent_attention, experts_after_first_layers)),
    Family(types=("deepseek_v3", "kimi_k2"), parts=(latent_attention, experts_after_first_layers)),
    Family(
        types=("deepseek_v32", "glm_moe_dsa"),
        parts=(latent_attention, experts_after_first_layers, sparse_indexer),
        harmless=("qk_head_dim", "head_dim", "mlp_layer_types"),
    ),
    Family(
        types=("kimi_linear",),
        parts=(kimi_delta_layers, latent_attention, experts_after_first_layers),
        harmless=("head_dim", "mla_use_nope", "mlp_layer_types"),
    ),
    Family(
        types=("deepseek", "dots1", "bailing_moe", "bailing_moe_v2", "bailing_moe_linear"),
        bias_switches={"attention_bias": ATTENTION_BIASES, "use_qkv_bias": ("attention_bias",)},
        parts=(experts_if_shared,),
    ),
    Family(
        types=("ernie4_5", "ernie4_5_moe"),
        tied=True,
        bias_switches={"use_bias": ALL_BIASES},
        parts=(experts_if_shared,),
        harmless=("moe_layer_end_index",),
    ),
    Family(
        types=("minimax", "minimax_text_01", "minimax_m1"),
        names={"expert_ffn": ("intermediate_size",)},
        parts=(lightning_layers, experts_everywhere),
        harmless=(
            "layernorm_full_attention_alpha",
            "layernorm_linear_attention_alpha",
            "postnorm",
            "block_size",
            "full_attn_alpha_factor",
            "linear_attn_alpha_factor",
            "layernorm_mlp_alpha",
            "shared_moe_mode",
        ),
    ),
    Family(
        types=("dbrx",),
        names={
            "kv_heads": ("attn_config.kv_n_heads",),
            "ffn": ("ffn_config.ffn_hidden_size",),
            "expert_ffn": ("ffn_config.ffn_hidden_size",),
            "experts": ("ffn_config.moe_num_experts",),
            "top_k": ("ffn_config.moe_top_k",),
        },
        parts=(experts_everywhere,),
    ),
    Family(types=("olmoe",), names={"expert_ffn": ("intermediate_size",)}, parts=(experts_everywhere,)),
    Family(
        types=("phimoe",),
        shape={"norm_vectors_per_layer": 4.0},
        names={"expert_ffn": ("intermediate_size",)},
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=0.0,
        parts=(experts_everywhere,),
        harmless=("lm_head_bias",),
    ),
    Family(types=("granitemoe", "granitemoeshared"), bias_switches=BIAS_KEYS, parts=(granite_experts,)),
    Family(
        types=("granitemoehybrid",),
        tied=True,
        bias_switches=BIAS_KEYS,
        parts=(granite_layers,),
    ),
    Family(types=("bamba",), parts=(bamba_layers,), harmless=("attn_rotary_emb",)),
    Family(
        types=("falcon_h1",),
        parts=(both_mixers,),
        bias_switches=BIAS_KEYS,
        harmless=(
            "mamba_norm_before_gate",
            "mamba_rms_norm",
            "mamba_use_mlp",
            "projectors_bias",
            "mlp_expansion_factor",
            "attn_layer_indices",
        ),
    ),
    Family(types=("jamba",), parts=(jamba_layers,), harmless=("mamba_inner_layernorms",)),
    Family(
        types=("falcon_mamba", "mamba"),
        defaults={"heads": 1.0, "head_dim": 64.0, "ffn": 1.0},
        tied=True,
        names={"ffn": ("ffn_width",), "mamba_state": ("state_size",)},
        shape={"norm_vectors_per_layer": 2.0},
        parts=(only_mamba,),
        harmless=("use_conv_bias", "n_layer", "d_model", "use_bias"),
    ),
    Family(
        types=("lfm2",),
        tied=True,
        names={"ffn": ("block_ff_dim", "intermediate_size")},
        parts=(convolution_layers,),
        harmless=(
            "block_dim",
            "block_mlp_init_scale",
            "block_norm_eps",
            "block_use_swiglu",
            "block_use_xavier_init",
            "conv_dim",
            "conv_dim_out",
            "conv_use_xavier_init",
            "num_heads",
            "intermediate_size",
            "block_ffn_dim_multiplier",
        ),
    ),
    Family(
        types=("gpt_oss",),
        shape={"attention_bias": 1.0, "output_bias": 1.0, "expert_bias": 1.0},
        names={"expert_ffn": ("intermediate_size",)},
        defaults={"head_dim": 64.0},
        full_period=2.0,
        parts=(experts_everywhere,),
    ),
    Family(
        types=("gemma",),
        defaults={"head_dim": 256.0},
        nested=GEMMA,
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
    ),
    Family(
        types=("gemma2",), shape=FOUR_NORMS, defaults={"head_dim": 256.0}, nested=GEMMA2, tied=True, full_period=2.0
    ),
    Family(
        types=("gemma3_text", "gemma3"),
        shape=FOUR_NORMS,
        defaults={"head_dim": 256.0, "heads": 8.0, "kv_heads": 4.0, "vocab": 262208.0, "max_sequence": 131072.0},
        nested=GEMMA3,
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
    Family(types=("gpt_bigcode",), shape=GPT, defaults=FOURFOLD, tied=True, parts=(shared_key_value,)),
    Family(
        types=("gpt_neo",),
        shape={**PLAIN, "output_bias": 1.0, "mlp_bias": 1.0},
        defaults=FOURFOLD,
        tied=True,
        parts=(local_and_global,),
    ),
    Family(types=("phi",), shape={"gated_mlp": 0.0, **dict.fromkeys(ALL_BIASES, 1.0), "parallel_block": 1.0}),
    Family(
        types=("stablelm", "stablelm_epoch"),
        bias_switches={"use_qkv_bias": ("attention_bias",)},
        parts=(parallel_residual,),
    ),
    Family(
        types=("t5", "mt5", "umt5"),
        names={
            "layers": ("num_layers",),
            "heads": ("num_heads",),
            "head_dim": ("d_kv",),
            "ffn": ("d_ff",),
            "max_sequence": ("n_positions",),
        },
        defaults={"head_dim": 64.0},
        tied=True,
        parts=(encoder_and_decoder,),
    ),
    Family(types=("gpt_neox",), shape={**GPT, "parallel_block": 1.0}),
    Family(
        types=("gptj", "codegen"),
        shape={"gated_mlp": 0.0, "mlp_bias": 1.0, "parallel_block": 1.0},
        defaults=FOURFOLD,
    ),
    Family(types=("bloom",), shape=GPT, defaults=FOURFOLD, tied=True),
    Family(types=("mpt",), shape={"gated_mlp": 0.0}, defaults=FOURFOLD, tied=True, parts=(attention_table,)),
    Family(types=("glm",), bias_switches={"attention_bias": ("attention_bias",)}),
    Family(
        types=("glm4", "glm4v", "glm4v_text"), shape=FOUR_NORMS, bias_switches={"attention_bias": ("attention_bias",)}
    ),
    Family(
        types=("glm4_moe", "glm4v_moe", "glm4v_moe_text"),
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
    Family(types=("olmo3",), bias_switches={"attention_bias": ATTENTION_BIASES}, full_period=4.0),
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
