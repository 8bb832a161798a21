"""Which layers of a model have experts, and how wide these are. A part has the signature of ``parts.Part``."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.workloads.huggingface.parts import Fields
from tenfold.workloads.huggingface.reader import Reader, is_whole, shown


def routed_experts(reader: Reader, core: Mapping[str, float], moe_layers: float, shared: float) -> Fields:
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


def experts_everywhere(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Every layer has experts and none a dense block (Mixtral, gpt-oss, MiniMax-M2)."""
    return routed_experts(reader, core, core["dense_mlp_layers"], shared=0.0)


def experts_beside_block(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Every layer has experts, and shared ones as wide as a dense block (Hunyuan)."""
    shared = reader.number("shared_experts", 1.0) * core["ffn"]
    return routed_experts(reader, core, core["dense_mlp_layers"], shared)


def experts_if_enabled(reader: Reader, core: Mapping[str, float]) -> Fields:
    """The same where a switch says so (Gemma 4)."""
    return experts_beside_block(reader, core) if reader.flag("enable_moe_block", default=False) else {}


def experts_if_given(reader: Reader, core: Mapping[str, float]) -> Fields:
    """A dense family with a sparse sister: experts in every layer where there are any (MiniCPM-MoE)."""
    return experts_everywhere(reader, core) if reader.number("experts", 0.0) > 1 else {}


def experts_if_shared(reader: Reader, core: Mapping[str, float]) -> Fields:
    """The same with first dense layers and shared experts (Ling, ERNIE, dots)."""
    return experts_after_first_layers(reader, core) if reader.number("experts", 0.0) > 1 else {}


def experts_between(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Of the layers from a first to a last, every n-th of the model has experts, if there are any (ERNIE 4.5)."""
    if reader.number("experts", 0.0) <= 1:
        return {}
    layers, period = int(core["dense_mlp_layers"]), int(reader.number("moe_period", 1.0))
    first, last = int(reader.number("first_dense", 0.0)), int(reader.number("last_sparse", -1.0))
    last = layers - 1 if last < 0 else min(last, layers - 1)
    sparse = sum((index + 1) % period == 0 for index in range(min(first, layers), last + 1))
    shared = reader.number("shared_experts", 0.0) * reader.number("expert_ffn")
    return routed_experts(reader, core, float(_listed_sparse(reader, layers, sparse)), shared)


def shortcut_experts(reader: Reader, core: Mapping[str, float]) -> Fields:
    """LongCat-Flash: a layer has two attentions and two dense blocks, and experts beside them.

    Some experts of the router return what they are given: of ``moe_topk`` a token, only the others do work, on
    average their share of all [LongCat-Flash 2025, section 2.1].
    """
    layers, zero = core["attention_layers"], reader.number("zero_experts", 0.0)
    doubled = {**core, "dense_mlp_layers": 3.0 * layers}
    fields = routed_experts(reader, doubled, layers, shared=0.0)
    share = fields["experts"] / (fields["experts"] + zero) if fields else 1.0
    return {**fields, "attention_layers": 2.0 * layers, "top_k": fields["top_k"] * share} if fields else {}


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
    sparse = _listed_sparse(reader, layers, sparse)
    return routed_experts(
        reader, core, float(sparse), reader.number("shared_experts", 0.0) * reader.number("expert_ffn")
    )


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
    sparse = _listed_sparse(reader, layers, sparse)
    return routed_experts(reader, core, float(sparse), reader.number("shared_ffn", 0.0))


def _listed_sparse(reader: Reader, layers: int, otherwise: int) -> int:
    """Sparse layers as ``mlp_layer_types`` names each, where it is given; it counts before numbers and periods."""
    listed = reader.texts("mlp_layer_types")
    if listed and (len(listed) != layers or set(listed) - {"dense", "sparse"}) and not reader.problems:
        wrong = f"{len(listed)} types do not say dense or sparse of each of the {layers} layers"
        reader.report("mlp_layer_types", wrong, 'Write "dense" or "sparse" for each layer')
    return listed.count("sparse") if listed else otherwise


def experts_interleaved(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Layers n, 2n, … have experts and one shared expert as wide; dense blocks have their own width (Llama 4)."""
    layers, period = int(core["dense_mlp_layers"]), int(reader.number("moe_period", 1.0))
    listed = reader.places("moe_layers")
    sparse = len(listed) if listed is not None else layers // period
    if sparse > layers and not reader.problems:
        reader.report("moe_layers", f"{sparse} are more than the {layers} layers of the model", "Count from 0")
    return routed_experts(reader, core, float(sparse), shared=reader.number("expert_ffn"))
