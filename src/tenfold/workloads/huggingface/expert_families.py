"""Families with layers of experts: rows of the table of ``families``."""

from __future__ import annotations

from tenfold.workloads.huggingface.experts import (
    experts_after_first_layers,
    experts_beside_block,
    experts_between,
    experts_every_nth_layer,
    experts_everywhere,
    experts_if_enabled,
    experts_if_given,
    experts_if_shared,
    experts_interleaved,
    shortcut_experts,
)
from tenfold.workloads.huggingface.family import (
    ALL_BIASES,
    ATTENTION_BIASES,
    BIAS_KEYS,
    FOUR_NORMS,
    Family,
)
from tenfold.workloads.huggingface.hybrids import granite_experts
from tenfold.workloads.huggingface.parts import latent_attention, sparse_indexer, wide_full_heads

EXPERT_FAMILIES: tuple[Family, ...] = (
    Family(
        types=("minicpm",),
        tied=True,
        names={"expert_ffn": ("moe_intermediate_size", "intermediate_size")},
        parts=(experts_if_given,),
    ),
    Family(
        types=("gemma4_text", "gemma4"),
        shape=FOUR_NORMS,
        names={"top_k": ("top_k_experts",)},
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
        parts=(wide_full_heads, experts_if_enabled),
        harmless=("vocab_size_per_layer_input",),
    ),
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
        types=("qwen2_moe",),
        bias_switches={"qkv_bias": ("attention_bias",)},
        biased=True,
        full_period=0.0,
        window_switch="use_sliding_window",
        parts=(experts_every_nth_layer,),
    ),
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
        harmless=("head_dim",),
    ),
    Family(
        types=("glm4_moe_lite",),
        parts=(latent_attention, experts_after_first_layers),
        harmless=("head_dim",),
    ),
    Family(
        types=("longcat_flash",),
        names={
            "ffn": ("ffn_hidden_size",),
            "expert_ffn": ("expert_ffn_hidden_size",),
            "layers": ("num_layers", "num_hidden_layers"),
        },
        parts=(latent_attention, shortcut_experts),
        harmless=("head_dim", "intermediate_size", "num_hidden_layers", "mla_scale_q_lora", "mla_scale_kv_lora"),
    ),
    Family(
        types=("solar_open",),
        names={"ffn": ("intermediate_size", "moe_intermediate_size")},
        bias_switches={"attention_bias": ATTENTION_BIASES},
        parts=(experts_after_first_layers,),
    ),
    Family(
        types=("exaone_moe",),
        full_period=4.0,
        parts=(experts_after_first_layers,),
        harmless=("is_moe_layer",),
    ),
    Family(
        types=("afmoe",),
        shape={**FOUR_NORMS, "attention_gate": 1.0},
        bias_switches={"attention_bias": ATTENTION_BIASES},
        full_period=4.0,
        parts=(experts_after_first_layers,),
    ),
    Family(
        types=("hunyuan_v1_moe",),
        names={"expert_ffn": ("moe_intermediate_size", "intermediate_size"), "experts": ("num_experts",)},
        tied=True,
        bias_switches={"attention_bias": ATTENTION_BIASES},
        parts=(experts_beside_block,),
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
        parts=(experts_between,),
        harmless=("moe_norm_min",),
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
    Family(
        types=("flex_olmo",),
        names={"expert_ffn": ("intermediate_size",)},
        bias_switches={"attention_bias": ATTENTION_BIASES},
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
        types=("gpt_oss",),
        shape={"attention_bias": 1.0, "output_bias": 1.0, "expert_bias": 1.0},
        names={"expert_ffn": ("intermediate_size",)},
        defaults={"head_dim": 64.0},
        full_period=2.0,
        parts=(experts_everywhere,),
    ),
    Family(
        types=("glm4_moe", "glm4v_moe", "glm4v_moe_text"),
        bias_switches={"attention_bias": ("attention_bias",)},
        parts=(experts_after_first_layers,),
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
)
