"""A model in MaxText's YAML: the names of its sizes.

Keys and defaults as in AI-Hypercomputer/maxtext e591f30c (2026-08-22), ``src/maxtext/configs/base.yml``.
"""

from __future__ import annotations

from tenfold.catalog import TransformerShape
from tenfold.performance.dialects.maxtext.blocks import BLOCKS, Block
from tenfold.performance.dialects.maxtext.pictures import read_tower
from tenfold.performance.dialects.settings import Settings
from tenfold.quantities import shown
from tenfold.workloads.huggingface import averaged_heads, gated_delta

ATTENTION = ("global", "mla", "local_sliding", "chunk", "full")
SIZES = ("base_emb_dim", "base_num_query_heads", "base_num_decoder_layers", "vocab_size")
"""Sizes without which there is no model."""


def read_shape(settings: Settings) -> TransformerShape:
    """The model's shape; sizes are never taken from ``base.yml``, because they are an example."""
    settings.require(*SIZES)
    block = BLOCKS[settings.word("decoder_block", "llama2", tuple(BLOCKS))]
    layers = settings.whole("base_num_decoder_layers", 1) * block.layers_each
    heads, hidden = settings.whole("base_num_query_heads", 1), settings.whole("base_emb_dim", 1)
    moe = settings.whole("num_experts", 1) > 1
    sparse = _sparse_layers(settings, layers) if moe else 0
    latent = settings.word("attention_type", "global", ATTENTION) == "mla"
    rope = settings.whole("qk_rope_head_dim", 64) if latent else 0
    bias = float(settings.flag("attention_bias", False) or block.query_key_value_bias or block.all_biases)
    return TransformerShape(
        hidden=float(hidden),
        vocab=float(settings.whole("vocab_size", 1)),
        dense_mlp_layers=float(layers - sparse),
        heads=float(heads),
        ffn=float(_dense_width(settings)) if layers > sparse else 0.0,
        gated_mlp=float(_gated(settings, block)),
        tied_embeddings=float(settings.flag("logits_via_embedding", False)),
        attention_bias=bias,
        output_bias=float(block.all_biases or block.expert_bias),
        mlp_bias=float(settings.flag("mlp_bias", False) or block.all_biases),
        expert_bias=float(block.expert_bias or settings.flag("mlp_bias", False)) if moe else 0.0,
        norm_vectors_per_layer=_norms(settings, block),
        q_lora_rank=float(settings.whole("q_lora_rank", 0, 0)) if latent else 0.0,
        kv_lora_rank=float(settings.whole("kv_lora_rank", 512)) if latent else 0.0,
        rope_head_dim=float(rope),
        mtp_layers=float(settings.whole("mtp_num_layers", 0, 0)),
        **_heads(settings, block, layers, heads, rope),
        **_indexer(settings, layers),
        **_experts(settings, sparse, block),
        **_mixers(settings, layers, hidden, block),
        vision_parameters=read_tower(settings, hidden),
    )


def _heads(settings: Settings, block: Block, layers: int, heads: int, rope: int) -> dict[str, float]:
    """Key-value heads and widths, of latent attention where it has a rotary part; averages where layers differ."""
    head_dim, kv_heads = settings.whole("head_dim", 128), settings.whole("base_num_kv_heads", heads)
    if block.wide_full_heads:
        same = settings.flag("share_kv_projections", False)
        full = (settings.whole("global_num_kv_heads", kv_heads), settings.whole("global_head_dim", head_dim))
        return averaged_heads(layers // block.full_period / layers, (kv_heads, head_dim), full, keys_are_values=same)
    return {
        "kv_heads": float(kv_heads),
        "head_dim": float(settings.whole("qk_nope_head_dim", 128) + rope if rope else head_dim),
        "value_head_dim": float(settings.whole("v_head_dim", 128) if rope else head_dim),
    }


def _indexer(settings: Settings, layers: int) -> dict[str, float]:
    """The indexer of sparse attention, in every layer where it is switched on."""
    on = settings.flag("use_indexer", False)
    sizes = {
        "indexer_heads": float(settings.whole("indexer_n_heads", 64)),
        "indexer_head_dim": float(settings.whole("indexer_head_dim", 128)),
        "sparse_tokens": float(settings.whole("indexer_topk", 2048)),
    }
    return {"indexer_layers": float(layers), **sizes} if on else {}


def _sparse_layers(settings: Settings, layers: int) -> int:
    """Layers with experts: after the first dense ones, one of every so many."""
    first = min(settings.whole("first_num_dense_layers", 0, 0), layers)
    every = settings.whole("interleave_moe_layer_step", 1)
    return (layers - first) // every


def _dense_width(settings: Settings) -> int:
    settings.require("base_mlp_dim")
    return settings.whole("base_mlp_dim", 1)


def _experts(settings: Settings, sparse: int, block: Block) -> dict[str, float]:
    settings.asked |= {"base_mlp_dim", "base_moe_mlp_dim", "shared_experts"}
    if not sparse:
        return {}
    own = settings.optional("base_moe_mlp_dim")
    width = own if own is not None else _dense_width(settings)
    shared = settings.whole("shared_experts", int(block.shared_by_width), 0)
    return {
        "moe_layers": float(sparse),
        "experts": float(settings.whole("num_experts", 1)),
        "top_k": float(settings.whole("num_experts_per_tok", 1)),
        "expert_ffn": float(width),
        "shared_ffn": float(shared * (_dense_width(settings) if block.dense_beside_experts else width)),
    }


def _mixers(settings: Settings, layers: int, hidden: int, block: Block) -> dict[str, float]:
    """Which layers attend, over what; all but one of a cycle are recurrent in a hybrid."""
    cycle = settings.whole("inhomogeneous_layer_cycle_interval", 4 if block.recurrent else max(block.full_period, 1))
    if block.recurrent:
        full = layers // cycle
        mixer = gated_delta(
            float(hidden),
            float(settings.whole("gdn_num_key_heads", 16)),
            float(settings.whole("gdn_key_head_dim", 128)),
            float(settings.whole("gdn_num_value_heads", 32)),
            float(settings.whole("gdn_value_head_dim", 128)),
            float(settings.whole("gdn_conv_kernel_dim", 4)),
        )
        return {
            **mixer.fields(float(hidden), float(layers - full)),
            "attention_layers": float(full),
            "attention_gate": 1.0,
        }
    window = settings.whole(block.windowed_by, 0, 0)
    every = settings.whole("nope_layer_interval", block.full_period) if block.shared_by_width else block.full_period
    if settings.text("attention_type", "global") in ("local_sliding", "chunk") and not block.full_period:
        return {"attention_layers": float(layers), "windowed_layers": float(layers), "window": float(window)}
    if not window or not every:
        if window and not block.full_period:
            settings.report(block.windowed_by, f"no layer of this block has a window of {window}", "Take it out")
        if block.full_period and not window:
            settings.report(block.windowed_by, "is missing: layers of this block attend over it", "Add it")
        return {"attention_layers": float(layers)}
    windowed = layers - layers // max(every, 1)
    return {"attention_layers": float(layers), "windowed_layers": float(windowed), "window": float(window)}


def _norms(settings: Settings, block: Block) -> float:
    """Norms before and after attention and feed-forward are four vectors."""
    after = settings.flag("use_post_attn_norm", False), settings.flag("use_post_ffw_norm", False)
    return max(block.norm_vectors, 2.0 + sum(after))


def _gated(settings: Settings, block: Block) -> bool:
    """Two activations are multiplied with each other: a gate."""
    settings.asked.add("mlp_activations")
    activations = settings.values.get("mlp_activations", ["silu", "linear"] if block.gated else ["gelu"])
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
