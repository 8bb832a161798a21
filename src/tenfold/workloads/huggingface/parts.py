"""Groups of values of a ``config.json`` as fields of a shape: experts, latent attention, hybrids, odd attention.

A part takes the reader and the fields found so far, and returns the fields it sets. Parts of different families have
the same signature, so that a family lists those it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenfold.workloads.huggingface.reader import Reader, is_whole, shown

Fields = dict[str, float]
Part = Callable[[Reader, Mapping[str, float]], Fields]


def experts_everywhere(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Every layer has experts and none a dense block (Mixtral, gpt-oss, MiniMax-M2)."""
    return _experts(reader, core, core["dense_mlp_layers"], shared=0.0)


def experts_if_given(reader: Reader, core: Mapping[str, float]) -> Fields:
    """A dense family with a sparse sister: experts in every layer where there are any (MiniCPM-MoE)."""
    return experts_everywhere(reader, core) if reader.number("experts", 0.0) > 1 else {}


def experts_if_shared(reader: Reader, core: Mapping[str, float]) -> Fields:
    """The same with first dense layers and shared experts (Ling, ERNIE, dots)."""
    return experts_after_first_layers(reader, core) if reader.number("experts", 0.0) > 1 else {}


def experts_after_first_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """First layers are dense, of those that follow every n-th has experts (DeepSeek, Kimi K2, GLM-4.5).

    Shared experts are as wide as routed ones and given by number.
    """
    layers = int(core["dense_mlp_layers"])
    first, period = int(reader.number("first_dense", 0.0)), int(reader.number("moe_period", 1.0))
    if first > layers and not reader.problems:
        wrong = f"{first} dense layers are more than the {layers} layers of the model"
        reader.report(reader.names_of("first_dense")[0], wrong, "Give at most the number of layers")
    sparse = sum(index % period == 0 for index in range(min(first, layers), layers))
    return _experts(reader, core, float(sparse), reader.number("shared_experts", 0.0) * reader.number("expert_ffn"))


def experts_every_nth_layer(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Layers n, 2n, … have experts, except those listed as dense; shared experts by width (Qwen)."""
    layers, period = int(core["dense_mlp_layers"]), int(reader.number("moe_period", 1.0))
    listed = reader.config.get("mlp_only_layers")
    reader.asked.add("mlp_only_layers")
    if listed is not None and not (isinstance(listed, list) and all(is_whole(item) for item in listed)):
        reader.report("mlp_only_layers", f"{shown(listed)} is no list of layer numbers", "Write a list such as [0]")
        listed = None
    dense = {int(item) for item in listed or () if abs(item) <= layers}
    sparse = sum((index + 1) % period == 0 and index not in dense for index in range(layers))
    return _experts(reader, core, float(sparse), reader.number("shared_ffn", 0.0))


def experts_interleaved(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Layers n, 2n, … have experts and one shared expert as wide; dense blocks have their own width (Llama 4)."""
    layers, period = int(core["dense_mlp_layers"]), int(reader.number("moe_period", 1.0))
    listed = reader.places("moe_layers")
    sparse = len(listed) if listed is not None else layers // period
    if sparse > layers and not reader.problems:
        reader.report("moe_layers", f"{sparse} are more than the {layers} layers of the model", "Count from 0")
    return _experts(reader, core, float(sparse), shared=reader.number("expert_ffn"))


def latent_attention(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Multi-head latent attention [DeepSeek-V2 2024, 2.1]; every head has its own keys and values."""
    if reader.config.get("q_lora_rank") == 0:
        reader.asked.add("q_lora_rank")
    rope = reader.number("rope_head_dim")
    return {
        "kv_heads": core["heads"],
        "head_dim": reader.number("plain_head_dim") + rope,
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
    return {
        "kv_heads": kv_heads,
        "parallel_block": max(parallel, grouped),
        "norm_vectors_per_layer": 2.0 if parallel and not grouped else 4.0,
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


def hybrid_layers(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Nemotron-H: a pattern names each block: M state space, * attention, - dense, E experts."""
    words = {"mamba": "M", "attention": "*", "mlp": "-", "moe": "E"}
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
    experts = _experts(reader, core, counts["E"], shared=reader.number("shared_ffn", 0.0))
    return {**mixers, **experts, "dense_mlp_layers": counts["-"], "ffn": mixers["ffn"]}


def _experts(reader: Reader, core: Mapping[str, float], moe_layers: float, shared: float) -> Fields:
    """Fields of routed experts; a model with none of its layers sparse is dense."""
    experts, top_k = reader.number("experts"), reader.number("top_k")
    if top_k > experts and not reader.problems:
        wrong = f"{top_k:.0f} experts a token are more than the {experts:.0f} there are"
        reader.report(reader.names_of("top_k")[0], wrong, "Give at most the number of experts")
    if not moe_layers:
        return {}
    dense = core["dense_mlp_layers"] - moe_layers
    return {
        "dense_mlp_layers": dense,
        "ffn": core["ffn"] if dense else 0.0,
        "moe_layers": moe_layers,
        "experts": experts,
        "top_k": top_k,
        "expert_ffn": reader.number("expert_ffn"),
        "shared_ffn": shared,
        "latent_hidden": reader.number("latent_hidden", 0.0),
        "mtp_layers": reader.number("mtp_layers", 0.0),
    }
