"""Families with layers that keep a state in place of attention: rows of the table of ``families``."""

from __future__ import annotations

from tenfold.workloads.huggingface.experts import (
    experts_after_first_layers,
    experts_every_nth_layer,
    experts_everywhere,
)
from tenfold.workloads.huggingface.family import BIAS_KEYS, Family
from tenfold.workloads.huggingface.hybrids import (
    adjusted_feed_forward,
    bamba_layers,
    both_mixers,
    convolution_layers,
    gated_delta_layers,
    granite_layers,
    hybrid_layers,
    jamba_layers,
    kimi_delta_layers,
    lightning_layers,
    only_mamba,
    only_mamba_2,
)
from tenfold.workloads.huggingface.parts import latent_attention
from tenfold.workloads.huggingface.shared_blocks import zamba2_layers, zamba_layers

HYBRID_FAMILIES: tuple[Family, ...] = (
    Family(
        types=("qwen3_next", "qwen3_5_moe", "qwen3_5_moe_text"),
        shape={"attention_gate": 1.0},
        names={"ffn": ("intermediate_size", "moe_intermediate_size")},
        defaults={"head_dim": 256.0},
        parts=(gated_delta_layers, experts_every_nth_layer),
    ),
    Family(
        types=("qwen3_5", "qwen3_5_text"),
        shape={"attention_gate": 1.0},
        defaults={"head_dim": 256.0},
        parts=(gated_delta_layers,),
    ),
    Family(
        types=("kimi_linear",),
        parts=(kimi_delta_layers, latent_attention, experts_after_first_layers),
        harmless=("head_dim", "mla_use_nope"),
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
            "full_attn_beta_factor",
            "linear_attn_beta_factor",
            "mlp_alpha_factor",
            "mlp_beta_factor",
            "shared_moe_mode",
        ),
    ),
    Family(
        types=("granitemoehybrid",),
        tied=True,
        bias_switches=BIAS_KEYS,
        parts=(granite_layers,),
    ),
    Family(types=("bamba",), bias_switches=BIAS_KEYS, parts=(bamba_layers,), harmless=("attn_rotary_emb",)),
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
    Family(
        types=("zamba",),
        tied=True,
        parts=(zamba_layers,),
        harmless=("attn_layer_period", "attn_layer_offset", "n_mamba_heads"),
    ),
    Family(
        types=("zamba2",),
        tied=True,
        names={"head_dim": ("attention_head_dim",)},
        parts=(zamba2_layers,),
        harmless=("mamba_headdim", "kv_channels", "num_query_groups", "ffn_hidden_size"),
    ),
    Family(
        types=("mamba2",),
        defaults={"heads": 1.0, "ffn": 1.0},
        names={"ffn": ("ffn_width",), "mamba_heads": ("num_heads",), "mamba_head_dim": ("head_dim",), "heads": ("no",)},
        shape={"norm_vectors_per_layer": 2.0},
        parts=(only_mamba_2,),
        harmless=("n_layer", "d_model", "use_bias"),
    ),
    Family(
        types=("lfm2_moe",),
        tied=True,
        parts=(convolution_layers, experts_after_first_layers),
        harmless=("full_attn_idxs", "use_expert_bias", "block_auto_adjust_ff_dim"),
    ),
    Family(
        types=("olmo_hybrid",),
        bias_switches={"attention_bias": ("attention_bias", "output_bias")},
        defaults={"value_width": 192.0},
        parts=(gated_delta_layers,),
        harmless=("linear_allow_neg_eigval",),
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
        parts=(convolution_layers, adjusted_feed_forward),
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
        types=("nemotron_h",),
        shape={"gated_mlp": 0.0},
        names={"shared_ffn": ("moe_shared_expert_intermediate_size",)},
        bias_switches=BIAS_KEYS,
        parts=(hybrid_layers,),
        harmless=("n_shared_experts", "mtp_layers_block_type", "mtp_hybrid_override_pattern"),
    ),
)
