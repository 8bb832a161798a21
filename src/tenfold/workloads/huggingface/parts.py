"""Groups of values of a ``config.json`` as fields of a shape: latent attention, odd attention, blocks.

A part takes the reader and the fields found so far, and returns the fields it sets. Parts of different families have
the same signature, so that a family lists those it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenfold.workloads.huggingface.reader import Reader, shown

Fields = dict[str, float]
Part = Callable[[Reader, Mapping[str, float]], Fields]


def latent_attention(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Multi-head latent attention [DeepSeek-V2 2024, 2.1]; every head has its own keys and values."""
    if reader.config.get("q_lora_rank") == 0:
        reader.asked.add("q_lora_rank")
    rope = reader.number("rope_head_dim")
    whole = reader.number("plain_head_dim") + rope
    said = reader.number("latent_head_dim", whole)
    if said != whole and not reader.problems:
        reader.report("qk_head_dim", f"'{said:.0f}' is not the {whole:.0f} of its two parts", "Make them agree")
    return {
        "kv_heads": core["heads"],
        "head_dim": whole,
        "value_head_dim": reader.number("value_head_dim"),
        "q_lora_rank": reader.number("q_lora_rank", 0.0),
        "kv_lora_rank": reader.number("kv_lora_rank"),
        "rope_head_dim": rope,
    }


def multi_query_attention(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Falcon: one key-value head (first generation) or groups (second), and one or two norms a layer."""
    grouped = reader.flag("new_decoder_architecture", default=False)
    single = reader.flag("multi_query", default=True)
    parallel = reader.flag("parallel_attn", default=True)
    bias = reader.flag("bias", default=False)
    kv_heads = core["kv_heads"] if grouped else (1.0 if single else core["heads"])
    beside = reader.number("norms_beside", 2.0 if grouped else 1.0)
    return {
        "kv_heads": kv_heads,
        "parallel_block": max(parallel, grouped),
        "norm_vectors_per_layer": 4.0 if (grouped and beside > 1.0) or not parallel else 2.0,
        **dict.fromkeys(("attention_bias", "output_bias", "mlp_bias"), bias),
    }


def grouped_query_switch(reader: Reader, core: Mapping[str, float]) -> Fields:
    """ChatGLM: groups count only when multi-query attention is on; biases have two switches."""
    grouped = reader.flag("multi_query_attention", default=False)
    everywhere = reader.flag("add_bias_linear", default=False)
    return {
        "kv_heads": core["kv_heads"] if grouped else core["heads"],
        "attention_bias": max(everywhere, reader.flag("add_qkv_bias", default=False)),
        "output_bias": everywhere,
        "mlp_bias": everywhere,
    }


def attention_table(reader: Reader, core: Mapping[str, float]) -> Fields:
    """MPT: attention in a table of its own, one switch for all biases, learned positions unless ALiBi or rotary."""
    table = Reader(config=reader.part("attn_config"), file=reader.file, prefix=f"{reader.prefix}attn_config.",
                   names={"kv_heads": ("kv_n_heads",)}, problems=reader.problems)  # fmt: skip
    bias = 1.0 - reader.flag("no_bias", default=False)
    relative = max(table.flag("alibi", default=False), table.flag("rope", default=False))
    learned = reader.flag("learned_pos_emb", default=True) * (1.0 - relative)
    return {
        "kv_heads": table.number("kv_heads", core["heads"]),
        "learned_positions": learned * reader.number("max_sequence", 0.0),
        "norm_vectors_per_layer": 2.0 + 2.0 * bias,
        **dict.fromkeys(("attention_bias", "output_bias", "mlp_bias"), bias),
    }


def wide_full_heads(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Gemma 4: heads of full attention are wider, and their keys may be the values too, in as many heads as is said.

    A shape has one width for all layers: averages, which keep the weights exact.
    """
    layers, listed = core["attention_layers"], reader.texts("layer_types")
    if not listed and not reader.problems:
        reader.report("layer_types", "the key is missing", 'Name one type for each layer, such as "full_attention"')
    if reader.number("layer_input"):
        wrong = "tables of their own for every layer (Gemma 3n, Gemma 4 E2B and E4B) are not counted"
        reader.report(reader.names_of("layer_input")[0], wrong, "Give the model as a file of the catalog")
    wide, both = reader.number("full_head_dim"), reader.flag("attention_k_eq_v", default=False)
    full_kv_heads = reader.number("full_kv_heads", core["kv_heads"]) if both else core["kv_heads"]
    reader.present("full_kv_heads")
    return averaged_heads(
        listed.count("full_attention") / layers,
        (core["kv_heads"], core["head_dim"]),
        (full_kv_heads, wide),
        keys_are_values=bool(both),
    )


def averaged_heads(
    full: float, windowed_heads: tuple[float, float], full_heads: tuple[float, float], *, keys_are_values: bool
) -> Fields:
    """Key-value heads and their width over layers of two kinds, of which ``full`` is the share with full attention.

    Heads are their number and width. The averages keep the weights of the projections exact.
    """
    (windowed, narrow), (some, wide) = windowed_heads, full_heads
    width = (1.0 - full) * narrow + full * wide
    columns = (1.0 - full) * 2.0 * windowed * narrow + full * (2.0 - keys_are_values) * some * wide
    return {"head_dim": width, "value_head_dim": width, "kv_heads": columns / (2.0 * width)}


def learned_positions(reader: Reader, core: Mapping[str, float]) -> Fields:
    """One position vector per token of the longest sequence (GPT-2)."""
    del core
    return {"learned_positions": reader.number("max_sequence")}


def offset_positions(reader: Reader, core: Mapping[str, float]) -> Fields:
    """As ``learned_positions`` and two rows more; embeddings must be as wide as the model (OPT)."""
    width = reader.config.get("word_embed_proj_dim")
    reader.asked.add("word_embed_proj_dim")
    if width is not None and width != core["hidden"] and not reader.problems:
        wrong = f"embeddings of width {shown(width)} differ from the {core['hidden']:.0f} of the model"
        reader.report("word_embed_proj_dim", wrong, "Only models without an embedding projection can be read")
    return {"learned_positions": reader.number("max_sequence") + 2.0}


def local_and_global(reader: Reader, core: Mapping[str, float]) -> Fields:
    """GPT-Neo: kinds of attention in turn, as ``attention_types`` lists them with how often; learned positions."""
    layers = core["attention_layers"]
    listed = reader.config.get("attention_types")
    reader.asked.add("attention_types")
    reader.texts("attention_layers")
    local = layers // 2
    if listed is not None:
        try:
            kinds = [kind for group, times in listed for _ in range(min(int(times), 10**5)) for kind in group]  # type: ignore[attr-defined]
        except (TypeError, ValueError, OverflowError):
            kinds = []
        if len(kinds) != layers and not reader.problems:
            reader.report(
                "attention_types", f"{shown(listed)} gives no kind for each layer", 'Write [[["global"], 24]]'
            )
        local = float(sum(kind == "local" for kind in kinds))
    windows = {"windowed_layers": local, "window": reader.number("local_window", 256.0)} if local else {}
    return {"learned_positions": reader.number("max_sequence"), **windows}


def shared_key_value(reader: Reader, core: Mapping[str, float]) -> Fields:
    """GPT-BigCode: one key-value head for all unless multi-query attention is off; learned positions."""
    single = reader.flag("multi_query", default=True)
    return {
        "kv_heads": 1.0 if single else core["heads"],
        "learned_positions": reader.number("max_sequence"),
    }


def sparse_indexer(reader: Reader, core: Mapping[str, float]) -> Fields:
    """DeepSeek-V3.2 and GLM-5: an indexer picks the tokens that a layer attends to; some layers use another's."""
    layers = core["attention_layers"]
    modes = reader.texts("indexer_types")
    pattern = reader.text("index_topk_pattern")
    own = float(sum(mode == "full" for mode in modes)) if modes else layers
    if pattern:
        own = float(pattern.count("F"))
    elif not modes:
        every, first = int(reader.number("indexer_period", 1.0)), int(reader.number("indexer_offset", 2.0))
        own = float(sum(max(place - first + 1, 0) % every == 0 for place in range(int(layers))))
    return {
        "indexer_layers": own,
        "indexer_heads": reader.number("indexer_heads"),
        "indexer_head_dim": reader.number("indexer_head_dim"),
        "sparse_tokens": reader.number("sparse_tokens"),
    }


def parallel_residual(reader: Reader, core: Mapping[str, float]) -> Fields:
    """StableLM: attention and feed-forward beside each other share one norm, where that is switched on."""
    del core
    on = reader.flag("use_parallel_residual", default=False)
    return {"parallel_block": on, "norm_vectors_per_layer": 2.0 if on else 4.0}


def parallel_norms(reader: Reader, core: Mapping[str, float]) -> Fields:
    """GPT-NeoX: the same with a norm for each, parallel unless switched off."""
    del core
    return {"parallel_block": reader.flag("use_parallel_residual", default=True)}


def norms_inside(reader: Reader, core: Mapping[str, float]) -> Fields:
    """BitNet: a norm more before each last product, as wide as the heads and as the feed-forward block."""
    del reader
    return {"norm_vectors_per_layer": 3.0 + core["ffn"] / core["hidden"]}


def cross_attention(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Llama 3.2 Vision: the listed layers attend to the picture."""
    listed = reader.places("cross_attention_layers")
    layers = core["attention_layers"]
    if listed and listed[-1] >= layers and not reader.problems:
        wrong = f"layer {listed[-1]} is beyond the {layers:.0f} of the model"
        reader.report("cross_attention_layers", wrong, "Count from 0")
    return {"cross_layers": float(len(listed or ()))}


def encoder_and_decoder(reader: Reader, core: Mapping[str, float]) -> Fields:
    """T5: an encoder, and a decoder whose layers attend to themselves and to the encoder.

    Every layer has one feed-forward block. Positions are 32 buckets a head, in the first layer of both.
    """
    encoder = core["attention_layers"]
    decoder = reader.number("decoder_layers", encoder)
    gated = reader.text("feed_forward_proj").startswith("gated")
    return {
        "attention_layers": encoder + 2.0 * decoder,
        "dense_mlp_layers": encoder + decoder,
        "encoder_layers": encoder,
        "cross_layers": decoder,
        "gated_mlp": float(gated),
        "norm_vectors_per_layer": 2.0,
    }


def blocks_by_layer(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Nemotron-NAS: each layer has its own number of key-value heads and width of its block, or none of them.

    The shape holds means: weights and products of all layers together come out exactly. A product h·h that stands in
    for attention or a block counts as a block of the same weights.
    """
    rows = reader.rows("block_configs")
    if not rows:
        reader.report("block_configs", "the key is missing", "Add it: a table for each layer")
        return {}
    hidden, heads = core["hidden"], core["heads"]
    attentions = [_table_of(row, "attention") for row in rows]
    blocks = [_table_of(row, "ffn") for row in rows]
    attending = [each for each in attentions if not each.get("no_op") and not each.get("replace_with_linear")]
    groups = [_positive(each.get("n_heads_in_group"), 1.0) for each in attending]
    widths = [_block_width(each, hidden) for each in blocks if not each.get("no_op")]
    widths += [hidden / 3.0 for each in attentions if each.get("replace_with_linear")]
    return {
        "attention_layers": float(len(attending)),
        "kv_heads": sum(heads / group for group in groups) / len(groups) if groups else heads,
        "dense_mlp_layers": float(len(widths)),
        "ffn": sum(widths) / len(widths) if widths else 0.0,
    }


def _table_of(row: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = row.get(key)
    return found if isinstance(found, Mapping) else {}


def _positive(value: object, default: float) -> float:
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e6
    return float(value) if known else default  # type: ignore[arg-type]


def _block_width(block: Mapping[str, object], hidden: float) -> float:
    """Two thirds of 4·multiple·h, in multiples of 256, as the model's definition rounds it; h/3 for a product h·h."""
    if block.get("replace_with_linear"):
        return hidden / 3.0
    width = int(2.0 * _positive(block.get("ffn_mult"), 1.0) * hidden / 3.0)
    return float(-(-width // 256) * 256)


def halved_feed_forward(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Inner width given for both gated matrices together (first Qwen)."""
    if core["ffn"] % 2:
        reader.report(reader.names_of("ffn")[0], f"{core['ffn']:.0f} is odd", "Give twice the inner width")
    return {"ffn": core["ffn"] / 2.0}
