"""Zamba: state-space layers, and one or a few blocks of attention and feed-forward that many of them pass again.

A block reads the state beside the token's embedding, 2h wide, and its output enters the stream through a product h·h of
the layer's own. Its weights are held once and worked with at every pass: each pass counts as a layer with attention
and a dense block, and the copies that nobody holds are ``reused_parameters`` [Zamba 2024, section 2; Zamba2 2024].
A part has the signature of ``parts.Part``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.workloads.huggingface.mixers import mamba_1
from tenfold.workloads.huggingface.parts import Fields
from tenfold.workloads.huggingface.reader import Reader


def zamba_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Zamba: Mamba in every layer, one shared block."""
    hidden, layers = core["hidden"], core["attention_layers"]
    inner = reader.number("mamba_expand", 2.0) * hidden
    rank = 0.0 if reader.text_or_number("mamba_dt_rank") == "auto" else reader.number("step_rank", 0.0)
    mixer = mamba_1(hidden, inner, reader.number("mamba_state", 16.0), rank, reader.number("taps", 4.0), normed=False)
    return _shared(reader, core, mixer.fields(hidden, layers), blocks=1.0, adapters=0.0)


def zamba2_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Zamba2: Mamba-2 in every layer, blocks in turn, each pass with adapters of low rank of its own."""
    reader.number("taps", 4.0)
    hidden, rank = core["hidden"], reader.number("adapter_rank", 128.0)
    adapted = reader.flag("use_shared_mlp_adapter", default=True) * rank * (hidden + 2.0 * core["ffn"])
    attention = reader.flag("use_shared_attention_adapter", default=False)
    adapted += attention * 3.0 * rank * (2.0 * hidden + core["heads"] * core["head_dim"])
    mixers = {
        "mamba_layers": core["attention_layers"],
        "mamba_heads": reader.number("mamba_heads", 8.0),
        "mamba_inner": reader.number("mamba_expand", 2.0) * hidden,
        "mamba_state": reader.number("mamba_state", 64.0),
        "mamba_groups": reader.number("mamba_groups", 1.0),
        "mamba_extra": 0.0,
    }
    return _shared(reader, core, mixers, blocks=reader.number("shared_blocks", 1.0), adapters=adapted)


def _shared(reader: Reader, core: Mapping[str, float], mixers: Fields, *, blocks: float, adapters: float) -> Fields:
    """Fields of both: a pass is 7·h·a·d + 3·h·m and two norms over 3h; what a layer here has less is in the mixers."""
    hidden, ffn, layers = core["hidden"], core["ffn"], mixers["mamba_layers"]
    passes = _passes(reader, layers)
    width = core["heads"] * core["head_dim"]
    _check_widths(reader, core, width)
    extra = passes * (3.0 * hidden * width + hidden * hidden + adapters) / layers
    held = 7.0 * hidden * width + 3.0 * hidden * ffn
    return {
        **mixers,
        "mamba_extra": mixers["mamba_extra"] + extra,
        "attention_layers": passes,
        "dense_mlp_layers": passes,
        "kv_heads": core["heads"],
        "reused_parameters": passes * (held + 2.0 * hidden) - min(blocks, passes) * (held + 3.0 * hidden),
    }


def _check_widths(reader: Reader, core: Mapping[str, float], width: float) -> None:
    """A block reads twice the model's width, and its heads share that between them."""
    wide = reader.number("shared_width", 2.0 * core["hidden"])
    if not reader.problems and not wide == width == 2.0 * core["hidden"]:
        wrong = f"{wide:.0f} is not twice the hidden size, or not the {width:.0f} of all heads"
        reader.report("attention_hidden_size", wrong, "Make them agree")
    if not reader.problems and core["kv_heads"] != core["heads"]:
        wrong = f"{core['kv_heads']:.0f} key-value heads are not the {core['heads']:.0f} heads of a shared block"
        reader.report("num_key_value_heads", wrong, "Make them agree")


def _passes(reader: Reader, layers: float) -> float:
    """Layers that pass a shared block: those called hybrid, or listed by number."""
    listed = reader.texts("layers_block_type")
    places = reader.places("hybrid_layer_ids")
    if listed and len(listed) != layers and not reader.problems:
        wrong = f"{len(listed)} types are not the {layers:.0f} layers of the model"
        reader.report("layers_block_type", wrong, "Name one type for each layer")
    found = float(sum(kind in ("hybrid", "g") for kind in listed)) if listed else float(len(places or ()))
    if not found and not reader.problems:
        reader.report("layers_block_type", "no layer is hybrid", 'Write "mamba" or "hybrid" for each layer')
    return max(found, 1.0)
