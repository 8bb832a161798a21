"""A model in Megatron-LM's arguments: the names of its sizes, read and written.

Flags and defaults as in NVIDIA/Megatron-LM d98e8a64 (2026-08-22): ``arguments.py`` and ``TransformerConfig``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tenfold.catalog import TransformerShape
from tenfold.performance.dialects.megatron.layers import LAYERS, blocks, blocks_of_mtp, hybrid, listed, mixers
from tenfold.performance.dialects.settings import Settings

Flag = tuple[str, ...]
"""A flag with its values."""
SEQUENCE = "--seq-length"
SIZES = {
    "layers": LAYERS,
    "hidden": "--hidden-size",
    "heads": "--num-attention-heads",
    "vocab": "--vocab-size",
}
"""Sizes without which there is no model, and their flags."""
EXPERTS = "--num-experts"
TOP_K = "--moe-router-topk"
EXPERT_WIDTH = "--moe-ffn-hidden-size"
SHARED_WIDTH = "--moe-shared-expert-intermediate-size"
LATENT_EXPERTS = "--moe-latent-size"
EXPERT_LAYERS = "--moe-layer-freq"
WIDTH = "--ffn-hidden-size"
WIDTHS = (WIDTH, "--intermediate-size")
"""Spellings of it; the second in patches for models of Hugging Face."""
SHARED_WIDTHS = (SHARED_WIDTH, "--shared-moe-ffn-hidden-size")
GROUPED = "--group-query-attention"
GROUPS = "--num-query-groups"
KEY_VALUE_HEADS = "--num-key-value-heads"
"""The same in Megatron-DeepSpeed."""
HEAD_KIND = "--attention-head-type"
"""In the Megatron-LM of BigCode; ``multiquery`` is one key-value head."""
NO_POSITIONS = ("--use-rotary-position-embeddings", "--no-position-embedding")
"""Older spellings that leave no table of positions."""
GLU = "--glu-activation"
"""In the Megatron of BigScience: any word is a gate."""
HEAD_WIDTH = "--kv-channels"
LATENT = "--multi-latent-attention"
GATED = "--swiglu"
MTP = "--mtp-num-layers"
POSITIONS = "--max-position-embeddings"
POSITION_KIND = "--position-embedding-type"
NORM = "--normalization"
GATE = "--attention-output-gate"
UNTIED = "--untie-embeddings-and-output-weights"
NO_BIAS = "--disable-bias-linear"
QKV_BIAS = "--add-qkv-bias"
WINDOW, WINDOW_SKIP = "--window-size", "--window-attn-skip-freq"
PLAIN_WINDOW = "--sliding-window"
"""One number, in patches for models of Hugging Face."""
GATES = (GATED, "--quick-geglu", "--geglu", "--gated-linear-unit")
"""Flags that multiply two projections with each other."""
UNGATED = ("--squared-relu", "--openai-gelu")
PADDED_VOCABULARY = "--padded-vocab-size"
EXTRA_VOCABULARY = "--extra-vocab-size"
"""Words that a tokenizer does not have; the size of the vocabulary holds them."""
QUERY_RANK = "--q-lora-rank"
VALUE_RANK = "--kv-lora-rank"
HEAD_OF_LATENT = "--qk-head-dim"
ROPE_WIDTH = "--qk-pos-emb-head-dim"
PLAIN_WIDTHS, ROPE_WIDTHS = (HEAD_OF_LATENT, "--qk-nope-head-dim"), (ROPE_WIDTH, "--qk-rope-head-dim")
"""Spellings of the two parts of a head; the second of each in patches for models of Hugging Face."""
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
    pattern = blocks(settings)
    settings.require(*([SIZES["layers"]] if pattern is None else []), SIZES["hidden"], SIZES["heads"])
    vocab = _vocabulary(settings)
    hidden, heads = (settings.whole(name, 1) for name in (SIZES["hidden"], SIZES["heads"]))
    layers = settings.whole(SIZES["layers"], len(pattern or "*"))
    moe = _expert_layers(settings, layers) if pattern is None else pattern.count("E")
    gated = sum(settings.present(name) for name in (*GATES, GLU)) > 0
    for name in UNGATED:
        settings.present(name)
    biased = not settings.present(NO_BIAS)
    without = sum(settings.present(name) for name in NO_POSITIONS) > 0
    learned = settings.text(POSITION_KIND, "rope" if without else "learned_absolute") == "learned_absolute"
    plain_norm = settings.text(NORM, "LayerNorm") == "LayerNorm"
    positions = settings.whole(POSITIONS, 0, 0)
    return TransformerShape(
        hidden=float(hidden),
        vocab=float(vocab),
        heads=float(heads),
        kv_heads=float(_key_value_heads(settings, heads)),
        ffn=float(_ffn(settings, hidden, gated)) if layers > moe else 0.0,
        gated_mlp=float(gated),
        tied_embeddings=float(not settings.present(UNTIED)),
        attention_bias=float(biased or settings.present(QKV_BIAS)),
        output_bias=float(biased),
        mlp_bias=float(biased),
        norm_vectors_per_layer=4.0 if plain_norm else 2.0,
        learned_positions=float(positions) if learned else 0.0,
        mtp_layers=float(settings.whole(MTP, blocks_of_mtp(settings), 0)),
        attention_gate=float(settings.present(GATE)),
        **_heads(settings, hidden, heads),
        **_experts(settings, moe, hidden, gated, biased),
        **_window(settings, layers),
        **(mixers(settings, layers, moe, hidden) if pattern is None else hybrid(settings, pattern, layers, hidden)),
    )


def _key_value_heads(settings: Settings, heads: int) -> int:
    """Groups of queries, under the names they go by; as many as heads where nothing says otherwise."""
    grouped, groups = settings.present(GROUPED), settings.whole(GROUPS, 1)
    single = settings.text(HEAD_KIND, "multihead") == "multiquery"
    return settings.whole(KEY_VALUE_HEADS, groups if grouped else 1 if single else heads)


def _vocabulary(settings: Settings) -> int:
    """Words of the model; which they are may be in the tokenizer, which is not read."""
    settings.present(EXTRA_VOCABULARY)
    given = [name for name in (SIZES["vocab"], PADDED_VOCABULARY) if settings.present(name)]
    if given:
        return settings.whole(given[0], 1)
    settings.report(SIZES["vocab"], "is missing: the tokenizer says it", "Give --set vocab_size=…, or name --model")
    return 1


def _ffn(settings: Settings, hidden: int, gated: bool) -> int:
    """Megatron's default: 4·h, and for gated blocks two thirds of it in multiples of 64."""
    plain = int(4 * hidden * 2 / 3 / 64) * 64 if gated else 4 * hidden
    return settings.whole(_spelt(settings, WIDTHS), plain)


def _spelt(settings: Settings, names: tuple[str, ...]) -> str:
    """The spelling that is there, else the first."""
    return [*(name for name in names if settings.present(name)), names[0]][0]


def _heads(settings: Settings, hidden: int, heads: int) -> dict[str, float]:
    plain = settings.whole(HEAD_WIDTH, max(1, hidden // heads))
    if not settings.present(LATENT):
        return {"head_dim": float(plain), "value_head_dim": float(plain)}
    rope = settings.whole(_spelt(settings, ROPE_WIDTHS), 64)
    return {
        "head_dim": float(settings.whole(_spelt(settings, PLAIN_WIDTHS), 128) + rope),
        "value_head_dim": float(settings.whole(VALUE_WIDTH, 128)),
        "q_lora_rank": float(settings.whole(QUERY_RANK, 0, 0)),
        "kv_lora_rank": float(settings.whole(VALUE_RANK, 512)),
        "rope_head_dim": float(rope),
    }


def _experts(settings: Settings, moe: int, hidden: int, gated: bool, biased: bool) -> Mapping[str, float]:
    if not moe:
        return {}
    return {
        "moe_layers": float(moe),
        "experts": float(settings.whole(EXPERTS, 1)),
        "top_k": float(settings.whole(TOP_K, 2)),
        "expert_ffn": float(settings.whole(EXPERT_WIDTH, _ffn(settings, hidden, gated))),
        "shared_ffn": float(_shared_width(settings)),
        "latent_hidden": float(settings.whole(LATENT_EXPERTS, 0, 0)),
        "expert_bias": float(biased),
    }


def _shared_width(settings: Settings) -> int:
    settings.present("--enable-shared-expert")
    return settings.whole(_spelt(settings, SHARED_WIDTHS), 0, 0)


def _expert_layers(settings: Settings, layers: int) -> int:
    """Layers with experts: all, one of every N, or those of a pattern such as ``([0]*3+[1]*58)``."""
    pattern = settings.text(EXPERT_LAYERS, "1").replace(" ", "")
    if not settings.present(EXPERTS):
        return 0
    if re.fullmatch(r"[1-9]\d{0,5}", pattern):
        return layers // int(pattern)
    kinds = listed(pattern)
    if kinds is None or len(kinds) != layers or set(kinds) - {0, 1}:
        remedy = f"Write a number, or a pattern of {layers} layers such as ([0]*1+[1]*{max(1, layers - 1)})"
        settings.report(EXPERT_LAYERS, f"'{pattern[:40]}' is not understood", remedy)
        return layers
    return sum(kinds)


def _window(settings: Settings, layers: int) -> Mapping[str, float]:
    """Windowed layers: all, all but every n-th, or those of a pattern in which 1 is windowed."""
    said = settings.text(WINDOW, settings.text(PLAIN_WINDOW, ""))
    match = re.fullmatch(r"\(?([0-9]{1,9})(?:,\s*-?[0-9]+)?\)?", said)
    skipped = settings.text(WINDOW_SKIP, "").replace(" ", "")
    if match is None:
        return {}
    windowed = layers
    if re.fullmatch(r"[1-9][0-9]{0,5}", skipped):
        windowed = layers - layers // int(skipped)
    elif skipped:
        kinds = listed(skipped)
        if kinds is None or len(kinds) != layers:
            settings.report(
                WINDOW_SKIP, f"'{skipped[:40]}' is not understood", "Write every how many layers attend to all"
            )
            return {}
        windowed = sum(bool(kind) for kind in kinds)
    return {"windowed_layers": float(windowed), "window": float(match[1])} if windowed else {}


def _int(value: object) -> str:
    return str(int(value))  # type: ignore[call-overload]
