"""A model in Megatron-LM's arguments: the names of its sizes, read and written.

Flags and defaults as in NVIDIA/Megatron-LM d98e8a64 (2026-08-22): ``arguments.py`` and ``TransformerConfig``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tenfold.catalog import TransformerShape
from tenfold.performance.dialects.settings import Settings

Flag = tuple[str, ...]
"""A flag with its values."""
SEQUENCE = "--seq-length"
SIZES = {
    "layers": "--num-layers",
    "hidden": "--hidden-size",
    "heads": "--num-attention-heads",
    "vocab": "--vocab-size",
}
"""Sizes without which there is no model, and their flags."""
EXPERTS = "--num-experts"
TOP_K = "--moe-router-topk"
EXPERT_WIDTH = "--moe-ffn-hidden-size"
SHARED_WIDTH = "--moe-shared-expert-intermediate-size"
EXPERT_LAYERS = "--moe-layer-freq"
WIDTH = "--ffn-hidden-size"
GROUPED = "--group-query-attention"
GROUPS = "--num-query-groups"
HEAD_WIDTH = "--kv-channels"
LATENT = "--multi-latent-attention"
GATED = "--swiglu"
MTP = "--mtp-num-layers"
POSITIONS = "--max-position-embeddings"
POSITION_KIND = "--position-embedding-type"
NORM = "--normalization"
UNTIED = "--untie-embeddings-and-output-weights"
NO_BIAS = "--disable-bias-linear"
QKV_BIAS = "--add-qkv-bias"
WINDOW = "--window-size"
QUERY_RANK = "--q-lora-rank"
VALUE_RANK = "--kv-lora-rank"
HEAD_OF_LATENT = "--qk-head-dim"
ROPE_WIDTH = "--qk-pos-emb-head-dim"
VALUE_WIDTH = "--v-head-dim"


def shape_flags(shape: TransformerShape, sequence_length: int) -> Iterator[Flag]:
    """The model's shape."""
    yield SIZES["layers"], _int(shape.layers)
    yield SIZES["hidden"], _int(shape.hidden)
    yield SIZES["heads"], _int(shape.heads)
    if shape.ffn:
        yield WIDTH, _int(shape.ffn)
    yield from _attention_flags(shape)
    yield from _expert_flags(shape)
    yield SEQUENCE, str(sequence_length)
    yield POSITIONS, str(int(shape.learned_positions) or sequence_length)
    yield POSITION_KIND, "learned_absolute" if shape.learned_positions else "rope"
    yield NORM, "RMSNorm" if shape.norm_vectors_per_layer == 2 else "LayerNorm"
    if shape.gated_mlp:
        yield (GATED,)
    if not shape.mlp_bias:
        yield (NO_BIAS,)
    if shape.attention_bias and not shape.mlp_bias:
        yield (QKV_BIAS,)
    if not shape.tied_embeddings:
        yield (UNTIED,)
    yield SIZES["vocab"], _int(shape.vocab)
    yield "--make-vocab-size-divisible-by", "1"
    if shape.mtp_layers:
        yield MTP, _int(shape.mtp_layers)


def _attention_flags(shape: TransformerShape) -> Iterator[Flag]:
    if shape.kv_lora_rank:
        yield (LATENT,)
        if shape.q_lora_rank:
            yield QUERY_RANK, _int(shape.q_lora_rank)
        yield VALUE_RANK, _int(shape.kv_lora_rank)
        yield HEAD_OF_LATENT, str(int(shape.head_dim) - int(shape.rope_head_dim))
        yield ROPE_WIDTH, _int(shape.rope_head_dim)
        yield VALUE_WIDTH, _int(shape.value_head_dim)
        return
    yield HEAD_WIDTH, _int(shape.head_dim)
    if shape.kv_heads != shape.heads:
        yield (GROUPED,)
        yield GROUPS, _int(shape.kv_heads)
    if shape.windowed_layers and shape.windowed_layers == shape.attention_layers:
        yield WINDOW, f"{int(shape.window)},0"


def _expert_flags(shape: TransformerShape) -> Iterator[Flag]:
    if not shape.moe_layers:
        return
    yield EXPERTS, _int(shape.experts)
    yield TOP_K, _int(shape.top_k)
    yield EXPERT_WIDTH, _int(shape.expert_ffn)
    if shape.shared_ffn:
        yield SHARED_WIDTH, _int(shape.shared_ffn)
    if shape.dense_mlp_layers:
        yield EXPERT_LAYERS, f"([0]*{int(shape.dense_mlp_layers)}+[1]*{int(shape.moe_layers)})"
    yield ("--moe-grouped-gemm",)
    yield "--moe-token-dispatcher-type", "alltoall"


def read_shape(settings: Settings) -> TransformerShape:
    """The model's shape; what is left out is as Megatron's own defaults have it."""
    settings.require(*SIZES.values())
    layers, hidden, heads = (settings.whole(name, 1) for name in (SIZES["layers"], SIZES["hidden"], SIZES["heads"]))
    moe = _expert_layers(settings, layers)
    gated = settings.present(GATED)
    biased = not settings.present(NO_BIAS)
    learned = settings.text(POSITION_KIND, "learned_absolute") == "learned_absolute"
    plain_norm = settings.text(NORM, "LayerNorm") == "LayerNorm"
    positions = settings.whole(POSITIONS, 0, 0)
    grouped, groups = settings.present(GROUPED), settings.whole(GROUPS, 1)
    return TransformerShape(
        hidden=float(hidden),
        vocab=float(settings.whole(SIZES["vocab"], 1)),
        attention_layers=float(layers),
        dense_mlp_layers=float(layers - moe),
        heads=float(heads),
        kv_heads=float(groups if grouped else heads),
        ffn=float(_ffn(settings, hidden, gated)) if layers > moe else 0.0,
        gated_mlp=float(gated),
        tied_embeddings=float(not settings.present(UNTIED)),
        attention_bias=float(biased or settings.present(QKV_BIAS)),
        output_bias=float(biased),
        mlp_bias=float(biased),
        norm_vectors_per_layer=4.0 if plain_norm else 2.0,
        learned_positions=float(positions) if learned else 0.0,
        mtp_layers=float(settings.whole(MTP, 0, 0)),
        **_heads(settings, hidden, heads),
        **_experts(settings, moe, hidden, gated),
        **_window(settings, layers),
    )


def _ffn(settings: Settings, hidden: int, gated: bool) -> int:
    """Megatron's default: 4·h, and for gated blocks two thirds of it in multiples of 64."""
    plain = int(4 * hidden * 2 / 3 / 64) * 64 if gated else 4 * hidden
    return settings.whole(WIDTH, plain)


def _heads(settings: Settings, hidden: int, heads: int) -> dict[str, float]:
    plain = settings.whole(HEAD_WIDTH, max(1, hidden // heads))
    if not settings.present(LATENT):
        return {"head_dim": float(plain), "value_head_dim": float(plain)}
    rope = settings.whole(ROPE_WIDTH, 64)
    return {
        "head_dim": float(settings.whole(HEAD_OF_LATENT, 128) + rope),
        "value_head_dim": float(settings.whole(VALUE_WIDTH, 128)),
        "q_lora_rank": float(settings.whole(QUERY_RANK, 0, 0)),
        "kv_lora_rank": float(settings.whole(VALUE_RANK, 512)),
        "rope_head_dim": float(rope),
    }


def _experts(settings: Settings, moe: int, hidden: int, gated: bool) -> Mapping[str, float]:
    if not moe:
        return {}
    return {
        "moe_layers": float(moe),
        "experts": float(settings.whole(EXPERTS, 1)),
        "top_k": float(settings.whole(TOP_K, 2)),
        "expert_ffn": float(settings.whole(EXPERT_WIDTH, _ffn(settings, hidden, gated))),
        "shared_ffn": float(settings.whole(SHARED_WIDTH, 0, 0)),
    }


def _expert_layers(settings: Settings, layers: int) -> int:
    """Layers with experts: all, one of every N, or those of a pattern such as ``([0]*3+[1]*58)``."""
    pattern = settings.text(EXPERT_LAYERS, "1").replace(" ", "")
    if not settings.present(EXPERTS):
        return 0
    if re.fullmatch(r"[1-9]\d{0,5}", pattern):
        return layers // int(pattern)
    runs = re.findall(r"\[([01])\](?:\*(\d{1,6}))?", pattern)
    whole = re.fullmatch(r"\(?\[[01]\](\*\d{1,6})?(\+\[[01]\](\*\d{1,6})?)*\)?", pattern)
    counts = {kind: sum(int(times or 1) for of, times in runs if of == kind) for kind in "01"}
    if whole is None or counts["0"] + counts["1"] != layers:
        remedy = f"Write a number, or a pattern of {layers} layers such as ([0]*1+[1]*{max(1, layers - 1)})"
        settings.report(EXPERT_LAYERS, f"'{pattern[:40]}' is not understood", remedy)
        return layers
    return counts["1"]


def _window(settings: Settings, layers: int) -> Mapping[str, float]:
    text = settings.text(WINDOW, "")
    match = re.fullmatch(r"\(?(\d{1,9}),\s*-?\d+\)?", text)
    if match is None:
        return {}
    return {"windowed_layers": float(layers), "window": float(match[1])}


def _int(value: object) -> str:
    return str(int(value))  # type: ignore[call-overload]
