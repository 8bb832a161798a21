"""MPT in llm-foundry's YAML: the names of its sizes.

Keys and defaults as in mosaicml/llm-foundry v0.22, ``models/mpt/configuration_mpt.py`` and ``utils/config_defaults.py``
beside it; sizes are never taken from the defaults, because they are an example.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.catalog import TransformerShape
from tenfold.performance.dialects.settings import Settings

MODEL = "model."
ATTENTION, FFN = f"{MODEL}attn_config.", f"{MODEL}ffn_config."
HIDDEN, HEADS, LAYERS, VOCABULARY = (f"{MODEL}{name}" for name in ("d_model", "n_heads", "n_layers", "vocab_size"))
RATIO, FFN_TYPE, FFN_WIDTH = f"{MODEL}expansion_ratio", f"{FFN}ffn_type", f"{FFN}ffn_hidden_size"
ATTENTION_TYPE, KV_HEADS = f"{ATTENTION}attn_type", f"{ATTENTION}kv_n_heads"
ALIBI, ROPE, LEARNED = f"{ATTENTION}alibi", f"{ATTENTION}rope", f"{MODEL}learned_pos_emb"
WINDOW, QUERY_NORM = f"{ATTENTION}sliding_window_size", f"{ATTENTION}qk_ln"
NO_BIAS, NORM, TIED, POSITIONS = (
    f"{MODEL}{name}" for name in ("no_bias", "norm_type", "tie_word_embeddings", "max_seq_len")
)
GATED: Mapping[str, bool] = {"mptmlp": False, "te_ln_mlp": False, "mptglu": True}
"""Feed-forward blocks that are read, by whether they are gated."""
MANY, GROUPED, ONE = "multihead_attention", "grouped_query_attention", "multiquery_attention"
NORMS: Mapping[str, float] = {
    "low_precision_layernorm": 2.0, "layernorm": 2.0, "rmsnorm": 1.0, "low_precision_rmsnorm": 1.0,
}  # fmt: skip
"""Vectors of a norm, its bias among them."""


def read_shape(settings: Settings) -> TransformerShape:
    """The model's shape."""
    settings.require(HIDDEN, HEADS, LAYERS, VOCABULARY)
    hidden, heads, layers = (settings.whole(name, 1) for name in (HIDDEN, HEADS, LAYERS))
    if hidden % heads:
        settings.report(HEADS, f"{heads} heads do not divide the width {hidden}", "Give a divisor")
    biased = float(not settings.flag(NO_BIAS, False))
    norm = NORMS[settings.word(NORM, "low_precision_layernorm", tuple(NORMS))]
    window = settings.whole(WINDOW, -1, -1)
    return TransformerShape(
        hidden=float(hidden),
        vocab=float(settings.whole(VOCABULARY, 1)),
        attention_layers=float(layers),
        dense_mlp_layers=float(layers),
        heads=float(heads),
        kv_heads=float(_kv_heads(settings, heads)),
        head_dim=float(hidden // heads),
        value_head_dim=float(hidden // heads),
        ffn=float(settings.whole(FFN_WIDTH, round(settings.number(RATIO, 4.0) * hidden))),
        gated_mlp=float(GATED[settings.word(FFN_TYPE, "mptmlp", tuple(GATED))]),
        tied_embeddings=float(settings.flag(TIED, True)),
        attention_bias=biased,
        output_bias=biased,
        mlp_bias=biased,
        norm_vectors_per_layer=2.0 * (norm if biased else 1.0),
        learned_positions=float(_positions(settings)),
        windowed_layers=float(layers) if window > 0 else 0.0,
        window=float(max(window, 0)),
    )


def _kv_heads(settings: Settings, heads: int) -> int:
    kind = settings.word(ATTENTION_TYPE, MANY, (MANY, GROUPED, ONE))
    if kind == GROUPED:
        settings.require(KV_HEADS)
    given = settings.whole(KV_HEADS, heads)
    return {MANY: heads, GROUPED: given, ONE: 1}[kind]


def _positions(settings: Settings) -> int:
    """Rows of the table of positions, which goes where positions are told otherwise."""
    told = [settings.flag(name, False) for name in (ALIBI, ROPE)]
    learned = settings.flag(LEARNED, True) and not any(told)
    if not learned:
        settings.present(POSITIONS)
        return 0
    settings.require(POSITIONS)
    return settings.whole(POSITIONS, 1)
