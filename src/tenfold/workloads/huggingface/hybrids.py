"""Parts of models whose layers have different mixers: which layers attend, and what the others keep as a state.

Lists of layers count before periods, and a period before the family's own. A part has the signature of ``parts.Part``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.workloads.huggingface.experts import routed_experts
from tenfold.workloads.huggingface.mixers import (
    Mixer,
    gated_delta,
    kimi_delta,
    lightning,
    mamba_1,
    short_convolution,
)
from tenfold.workloads.huggingface.parts import Fields
from tenfold.workloads.huggingface.reader import Reader, is_whole, shown
from tenfold.workloads.huggingface.unread import report_unread
from tenfold.workloads.parameters import MAMBA_CONVOLUTION_TAPS

ATTENDING = frozenset(("full_attention", "attention", "sliding_attention", "chunked_attention"))
"""Types of layers with attention; all others keep a state."""


def attending_layers(reader: Reader, layers: float, period: float, offset: float | None = None) -> float:
    """Layers with attention: as ``layer_types`` or a list of numbers says, else one of every ``period``."""
    listed = reader.texts("layer_types") or reader.texts("layers_block_type")
    if listed:
        if len(listed) != layers and not reader.problems:
            wrong = f"{len(listed)} types are not the {layers:.0f} layers of the model"
            reader.report("layer_types", wrong, "Name one type for each layer")
        return float(sum(kind in ATTENDING for kind in listed))
    kinds = reader.config.get("attn_type_list")
    if kinds is not None:
        return _of_kinds(reader, kinds, layers)
    every = int(reader.number("attention_period", period))
    first = int(reader.number("attention_offset", every - 1 if offset is None else offset))
    return float(len(range(min(first, int(layers)), int(layers), every)))


def _of_kinds(reader: Reader, kinds: object, layers: float) -> float:
    """MiniMax lists 1 for a layer with attention, 0 for one with a state."""
    reader.asked.add("attn_type_list")
    if not isinstance(kinds, list) or not all(is_whole(kind) and kind in (0, 1) for kind in kinds):
        reader.report("attn_type_list", f"{shown(kinds)} is no list of 0 and 1", "Write one for each layer")
        return layers
    if len(kinds) != layers and not reader.problems:
        wrong = f"{len(kinds)} kinds are not the {layers:.0f} layers of the model"
        reader.report("attn_type_list", wrong, "Write one for each layer")
    return float(sum(kinds))


def _hybrid(core: Mapping[str, float], attending: float, mixer: Mixer) -> Fields:
    layers = core["attention_layers"]
    return {**mixer.fields(core["hidden"], layers - attending), "attention_layers": attending}


def gated_delta_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Qwen3-Next and 3.5: one layer in four attends, with a gate on its heads; the others are Gated DeltaNet."""
    mixer = gated_delta(
        core["hidden"],
        reader.number("key_heads", 16.0),
        reader.number("key_width", 128.0),
        reader.number("value_heads", 32.0),
        reader.number("value_width", 128.0),
        reader.number("taps", 4.0),
    )
    attending = attending_layers(reader, core["attention_layers"], 4.0)
    gate = reader.flag("attn_output_gate", default=core.get("attention_gate", 0.0) > 0)
    return {**_hybrid(core, attending, mixer), "attention_gate": gate}


def lightning_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """MiniMax-Text-01 and M1: one layer in eight attends; the others are Lightning attention."""
    mixer = lightning(core["hidden"], core["heads"], core["head_dim"])
    return _hybrid(core, attending_layers(reader, core["attention_layers"], 8.0), mixer)


def kimi_delta_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Kimi Linear: latent attention in the listed layers, delta attention with a gate a channel in the others."""
    table = Reader(config=reader.part("linear_attn_config"), file=reader.file, problems=reader.problems,
                   prefix=f"{reader.prefix}linear_attn_config.",
                   names={"heads": ("num_heads",), "taps": ("short_conv_kernel_size",)})  # fmt: skip
    layers = core["attention_layers"]
    full = table.places("full_attn_layers")
    if full is not None and full and full[-1] > layers and not reader.problems:
        table.report("full_attn_layers", f"layer {full[-1]} is beyond the {layers:.0f} of the model", "Count from 1")
    attending = float(len(full)) if full is not None else attending_layers(reader, layers, 4.0)
    heads = table.number("heads", reader.number("delta_heads", core["heads"]))
    width = table.number("head_dim", reader.number("delta_width", 128.0))
    mixer = kimi_delta(core["hidden"], heads, width, table.number("taps", reader.number("taps", 4.0)))
    report_unread(table, "kimi_linear", {}, ("kda_layers",))
    return _hybrid(core, attending, mixer)


def jamba_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Jamba: one layer in eight attends, the others are Mamba with norms inside; every second has experts."""
    hidden, layers = core["hidden"], core["attention_layers"]
    mixer = _mamba_1(reader, hidden, normed=True)
    fields = _hybrid(core, attending_layers(reader, layers, 8.0, 4.0), mixer)
    experts, top_k = reader.number("experts", 16.0), reader.number("top_k", 2.0)
    period, first = int(reader.number("moe_period", 2.0)), int(reader.number("moe_offset", 1.0))
    if experts <= 1:
        return fields
    sparse = float(len(range(min(first, int(layers)), int(layers), period)))
    dense = layers - sparse
    return {
        **fields,
        "dense_mlp_layers": dense,
        "moe_layers": sparse,
        "experts": experts,
        "top_k": top_k,
        "expert_ffn": core["ffn"],
        "ffn": core["ffn"] if dense else 0.0,
    }


def _mamba_1(reader: Reader, hidden: float, *, normed: bool) -> Mixer:
    inner = reader.number("mamba_expand", 2.0) * hidden
    return mamba_1(
        hidden,
        inner,
        reader.number("mamba_state", 16.0),
        0.0 if reader.text_or_number("mamba_dt_rank") == "auto" else reader.number("step_rank", 0.0),
        reader.number("taps", 4.0),
        normed=normed,
    )


def only_mamba(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Mamba and Falcon Mamba: no attention and no feed-forward blocks."""
    inner = reader.number("mamba_width", reader.number("mamba_expand", 2.0) * core["hidden"])
    rank = 0.0 if reader.text_or_number("time_step_rank") == "auto" else reader.number("step_rank", 0.0)
    mixer = mamba_1(
        core["hidden"], inner, reader.number("mamba_state", 16.0), rank, reader.number("taps", 4.0), normed=False
    )
    return {**_hybrid(core, 0.0, mixer), "dense_mlp_layers": 0.0, "ffn": 0.0}


def only_mamba_2(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Mamba-2 alone: no attention and no feed-forward blocks."""
    fields = _mamba_2(reader, core["hidden"], core["attention_layers"])
    return {**fields, "attention_layers": 0.0, "dense_mlp_layers": 0.0, "ffn": 0.0}


def _mamba_2(reader: Reader, hidden: float, layers: float) -> Fields:
    reader.number("taps", MAMBA_CONVOLUTION_TAPS)
    expanded = reader.number("mamba_expand", 2.0) * hidden
    heads = reader.number("mamba_heads", 128.0)
    inner = reader.number("mamba_inner", heads * reader.number("mamba_head_dim", expanded / heads))
    return {
        "mamba_layers": layers,
        "mamba_heads": heads,
        "mamba_inner": inner,
        "mamba_state": reader.number("mamba_state", 256.0),
        "mamba_groups": reader.number("mamba_groups", 1.0),
    }


def granite_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Granite 4 hybrids: Mamba-2 or attention, then a shared block and routed experts, if any, in every layer."""
    layers = core["attention_layers"]
    attending = attending_layers(reader, layers, layers)
    fields = {**_mamba_2(reader, core["hidden"], layers - attending), "attention_layers": attending}
    return {**fields, **granite_experts(reader, core)}


def granite_experts(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Granite: experts as wide as ``intermediate_size`` beside a shared block; the shared block alone without them."""
    experts, shared = reader.number("experts", 0.0), reader.number("shared_ffn", 0.0)
    layers = core["attention_layers"]
    if not experts:
        return {"dense_mlp_layers": layers, "ffn": shared or core["ffn"]}
    return {
        "dense_mlp_layers": 0.0,
        "ffn": 0.0,
        "moe_layers": layers,
        "experts": experts,
        "top_k": reader.number("top_k"),
        "expert_ffn": core["ffn"],
        "shared_ffn": shared,
    }


def bamba_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Bamba: attention in the listed layers, Mamba-2 in the others, a dense block in all."""
    listed = reader.places("attn_layer_indices")
    layers = core["attention_layers"]
    attending = float(len(listed)) if listed is not None else attending_layers(reader, layers, layers + 1.0)
    fields = _mamba_2(reader, core["hidden"], core["attention_layers"] - attending)
    return {**fields, "attention_layers": attending}


def both_mixers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Falcon-H1: attention and Mamba-2 beside each other in every layer."""
    return _mamba_2(reader, core["hidden"], core["attention_layers"])


def convolution_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """LFM2: gated short convolutions but for the layers that attend."""
    listed = reader.places("full_attn_idxs")
    layers = core["attention_layers"]
    attending = float(len(listed)) if listed is not None else attending_layers(reader, layers, layers)
    mixer = short_convolution(
        core["hidden"], reader.number("taps", 3.0), bias=bool(reader.flag("conv_bias", default=False))
    )
    return _hybrid(core, attending, mixer)


def adjusted_feed_forward(reader: Reader, core: Mapping[str, float]) -> Fields:
    """LFM2: blocks two thirds as wide as written, in whole multiples, unless that is switched off."""
    multiple = reader.number("block_multiple", 256.0)
    if not reader.flag("block_auto_adjust_ff_dim", default=True):
        return {}
    return {"ffn": float(-(-int(2.0 * core["ffn"] / 3.0) // int(multiple)) * multiple)}


def hybrid_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Nemotron-H: a pattern names each block: M state space, * attention, - dense, E experts."""
    words = {"mamba": "M", "linear_attention": "M", "attention": "*", "full_attention": "*", "mlp": "-", "moe": "E"}
    pattern = reader.text("hybrid_override_pattern")
    blocks = reader.texts("layers_block_type")
    pattern = pattern or "".join(words.get(word, "?") for word in blocks)
    if not pattern or set(pattern) - set("M*-E"):
        wrong = f"{shown(pattern)} is no pattern of blocks" if pattern else "the key is missing"
        reader.report("hybrid_override_pattern", wrong, 'Write one letter of "M*-E" for each block')
    elif len(pattern) != core["attention_layers"] and not reader.problems:
        wrong = f"{len(pattern)} blocks are not the {core['attention_layers']:.0f} layers of the model"
        reader.report("hybrid_override_pattern", wrong, "Make both agree")
    counts = {letter: float(pattern.count(letter)) for letter in "M*-E"}
    heads = reader.number("mamba_heads", 0.0 if not counts["M"] else None)
    mixers = {
        "attention_layers": counts["*"],
        "dense_mlp_layers": counts["-"],
        "mamba_layers": counts["M"],
        "mamba_heads": heads,
        "mamba_inner": heads * reader.number("mamba_head_dim", 64.0),
        "mamba_state": reader.number("mamba_state", 128.0),
        "mamba_groups": reader.number("mamba_groups", 8.0),
        "ffn": core["ffn"] if counts["-"] else 0.0,
    }
    if not counts["E"]:
        return mixers
    experts = routed_experts(reader, core, counts["E"], shared=reader.number("shared_ffn", 0.0))
    return {**mixers, **experts, "dense_mlp_layers": counts["-"], "ffn": mixers["ffn"]}
