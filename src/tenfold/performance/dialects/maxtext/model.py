"""A model in MaxText's YAML: the names of its sizes.

Keys and defaults as in AI-Hypercomputer/maxtext e591f30c (2026-08-22), ``src/maxtext/configs/base.yml``.
"""

from __future__ import annotations

from tenfold.catalog import TransformerShape
from tenfold.performance.dialects.settings import Settings
from tenfold.quantities import shown

SIZES = ("base_emb_dim", "base_num_query_heads", "base_num_decoder_layers", "vocab_size")
"""Sizes without which there is no model."""


def read_shape(settings: Settings) -> TransformerShape:
    """The model's shape; sizes are never taken from ``base.yml``, because they are an example."""
    settings.require(*SIZES)
    layers = settings.whole("base_num_decoder_layers", 1)
    heads = settings.whole("base_num_query_heads", 1)
    moe = settings.whole("num_experts", 1) > 1
    dense = settings.whole("first_num_dense_layers", 0, 0) if moe else layers
    ffn = settings.whole("base_mlp_dim", 1) if dense else 0
    head_dim = settings.whole("head_dim", 128)
    latent = settings.word("attention_type", "global", ("global", "mla")) == "mla"
    rope = settings.whole("qk_rope_head_dim", 64) if latent else 0
    settings.asked.add("base_mlp_dim")
    return TransformerShape(
        hidden=float(settings.whole("base_emb_dim", 1)),
        vocab=float(settings.whole("vocab_size", 1)),
        attention_layers=float(layers),
        dense_mlp_layers=float(min(dense, layers)),
        heads=float(heads),
        kv_heads=float(settings.whole("base_num_kv_heads", heads)),
        head_dim=float(settings.whole("qk_nope_head_dim", 128) + rope if latent else head_dim),
        value_head_dim=float(settings.whole("v_head_dim", 128) if latent else head_dim),
        ffn=float(ffn),
        gated_mlp=float(_gated(settings)),
        tied_embeddings=float(settings.flag("logits_via_embedding", False)),
        attention_bias=float(settings.flag("attention_bias", False)),
        moe_layers=float(max(0, layers - dense)),
        experts=float(settings.whole("num_experts", 1)) if moe else 0.0,
        top_k=float(settings.whole("num_experts_per_tok", 1)) if moe else 0.0,
        expert_ffn=float(settings.whole("base_moe_mlp_dim", 1)) if moe else 0.0,
        shared_ffn=float(settings.whole("shared_experts", 0, 0) * settings.whole("base_moe_mlp_dim", 1))
        if moe
        else 0.0,
        q_lora_rank=float(settings.whole("q_lora_rank", 0, 0)) if latent else 0.0,
        kv_lora_rank=float(settings.whole("kv_lora_rank", 512)) if latent else 0.0,
        rope_head_dim=float(rope),
        mtp_layers=float(settings.whole("mtp_num_layers", 0, 0)),
    )


def _gated(settings: Settings) -> bool:
    """Two activations are multiplied with each other: a gate."""
    settings.asked.add("mlp_activations")
    activations = settings.values.get("mlp_activations", ["silu", "linear"])
    if not isinstance(activations, list):
        settings.report(
            "mlp_activations", f"{shown(activations)} is no list", 'Write a list such as ["silu", "linear"]'
        )
        return True
    return len(activations) > 1


def shape_settings(shape: TransformerShape) -> dict[str, bool | int | str | list[str]]:
    """A model's sizes; the shared experts have to be whole experts wide."""
    return {
        "base_emb_dim": int(shape.hidden),
        "base_num_query_heads": int(shape.heads),
        "base_num_kv_heads": int(shape.kv_heads),
        "base_mlp_dim": int(shape.ffn or shape.expert_ffn),
        "base_num_decoder_layers": int(shape.layers),
        "head_dim": int(shape.head_dim),
        "vocab_size": int(shape.vocab),
        "logits_via_embedding": bool(shape.tied_embeddings),
        "mlp_activations": ["silu", "linear"] if shape.gated_mlp else ["gelu"],
        "attention_bias": bool(shape.attention_bias),
        **_expert_settings(shape),
        **_latent_settings(shape),
    }


def _expert_settings(shape: TransformerShape) -> dict[str, int]:
    if not shape.moe_layers:
        return {}
    optional = {
        "shared_experts": int(shape.shared_ffn) // int(shape.expert_ffn),
        "first_num_dense_layers": int(shape.dense_mlp_layers),
        "mtp_num_layers": int(shape.mtp_layers),
    }
    return {
        "num_experts": int(shape.experts),
        "num_experts_per_tok": int(shape.top_k),
        "base_moe_mlp_dim": int(shape.expert_ffn),
    } | {name: count for name, count in optional.items() if count}


def _latent_settings(shape: TransformerShape) -> dict[str, int | str]:
    if not shape.kv_lora_rank:
        return {}
    return {
        "attention_type": "mla",
        "q_lora_rank": int(shape.q_lora_rank),
        "kv_lora_rank": int(shape.kv_lora_rank),
        "qk_nope_head_dim": int(shape.head_dim) - int(shape.rope_head_dim),
        "qk_rope_head_dim": int(shape.rope_head_dim),
        "v_head_dim": int(shape.value_head_dim),
    }
