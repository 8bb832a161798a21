"""Families whose layers all have one feed-forward block: rows of the table of ``families``."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.workloads.huggingface.family import (
    ALL_BIASES,
    ATTENTION_BIASES,
    BIAS_KEYS,
    FOUR_NORMS,
    FOURFOLD,
    GPT,
    PLAIN,
    QUERY_KEY_VALUE,
    Family,
)
from tenfold.workloads.huggingface.parts import (
    attention_table,
    blocks_by_layer,
    cross_attention,
    encoder_and_decoder,
    grouped_query_switch,
    halved_feed_forward,
    latent_attention,
    learned_positions,
    local_and_global,
    multi_query_attention,
    norms_inside,
    offset_positions,
    parallel_norms,
    parallel_residual,
    shared_key_value,
)

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
DENSE_FAMILIES: tuple[Family, ...] = (
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
    Family(types=("cwm",), bias_switches=BIAS_KEYS, full_period=4.0),
    Family(types=("youtu",), tied=True, parts=(latent_attention,), harmless=("head_dim",)),
    Family(
        types=("hunyuan_v1_dense",),
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
    ),
    Family(types=("persimmon",), shape=GPT),
    Family(types=("bitnet",), bias_switches=BIAS_KEYS, parts=(norms_inside,)),
    Family(types=("nanochat",), shape={"gated_mlp": 0.0, "norm_vectors_per_layer": 0.0}),
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
    Family(types=("minicpm3",), tied=True, defaults={"value_head_dim": 64.0}, parts=(latent_attention,)),
    Family(types=("mistral", "ministral", "ministral3"), full_period=0.0, nested=MISTRAL),
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
        types=("qwen3", "qwen3_vl", "qwen3_vl_text"),
        defaults={"head_dim": 128.0},
        nested=QWEN3,
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=0.0,
        window_switch="use_sliding_window",
    ),
    Family(
        types=("gemma",),
        defaults={"head_dim": 256.0},
        nested=GEMMA,
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
    ),
    Family(
        types=("gemma2",),
        shape=FOUR_NORMS,
        defaults={"head_dim": 256.0},
        nested=GEMMA2,
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=2.0,
    ),
    Family(
        types=("vaultgemma",),
        defaults={"head_dim": 256.0},
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=2.0,
    ),
    Family(
        types=("gemma3_text", "gemma3"),
        shape=FOUR_NORMS,
        defaults={"head_dim": 256.0, "heads": 8.0, "kv_heads": 4.0, "vocab": 262208.0, "max_sequence": 131072.0},
        nested=GEMMA3,
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
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
    Family(
        types=("gpt_neox",),
        shape={**PLAIN, "mlp_bias": 1.0},
        bias_switches={"attention_bias": ATTENTION_BIASES},
        biased=True,
        parts=(parallel_norms,),
    ),
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
        types=("chatglm",),
        names={"kv_heads": ("multi_query_group_num",), "head_dim": ("kv_channels",)},
        parts=(grouped_query_switch,),
    ),
    Family(types=("nemotron",), shape=PLAIN, bias_switches=BIAS_KEYS),
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
