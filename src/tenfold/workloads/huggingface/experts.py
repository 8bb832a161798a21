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
    return routed_experts(reader, core, float(sparse), reader.number("shared_ffn", 0.0))


def experts_interleaved(reader: Reader, core: Mapping[str, float]) -> Fields:
    """Layers n, 2n, … have experts and one shared expert as wide; dense blocks have their own width (Llama 4)."""
    layers, period = int(core["dense_mlp_layers"]), int(reader.number("moe_period", 1.0))
    listed = reader.places("moe_layers")
    sparse = len(listed) if listed is not None else layers // period
    if sparse > layers and not reader.problems:
        reader.report("moe_layers", f"{sparse} are more than the {layers} layers of the model", "Count from 0")
    return routed_experts(reader, core, float(sparse), shared=reader.number("expert_ffn"))
