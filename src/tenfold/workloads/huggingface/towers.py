"""Vision towers: weights of the encoder and of what joins it to the language model, as ``vision_config`` says them.

A tower is a row of ``TOWERS``: its facts with the defaults of its configuration class, and the count. A tower without a
row is left uncounted, and the model says so. Sources: the public model definitions in Hugging Face transformers, and
Dosovitskiy et al. 2020 for the encoder itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Facts = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tower:
    """Defaults of a tower's configuration class, and its weights with the width of the language model."""

    defaults: Facts
    count: Callable[[Facts, float], float]


def encoder_layer(width: float, inner: float, *, gated: bool = False, norms: float = 4.0) -> float:
    """Attention 4d² + 4d, block (2 + gated)·d·m with biases, norms of so many vectors."""
    block = (2.0 + gated) * width * inner + (1.0 + gated) * inner + width
    return 4.0 * width * width + 4.0 * width + block + norms * width


def clip(facts: Facts, hidden: float) -> float:
    """CLIP's encoder with a class token and norms before and after, and LLaVA's two products to the model."""
    width, patches = facts["hidden_size"], (facts["image_size"] // facts["patch_size"]) ** 2
    stem = 3.0 * facts["patch_size"] ** 2 * width + (patches + 2.0) * width + 4.0 * width
    layers = facts["num_hidden_layers"] * encoder_layer(width, facts["intermediate_size"])
    return stem + layers + width * hidden + hidden + hidden * hidden + hidden


def siglip_of_gemma(facts: Facts, hidden: float) -> float:
    """SigLIP's encoder, and Gemma 3's norm and one product to the model."""
    return _siglip(facts) + facts["hidden_size"] * (1.0 + hidden)


def _siglip(facts: Facts) -> float:
    width, patches = facts["hidden_size"], (facts["image_size"] // facts["patch_size"]) ** 2
    stem = (3.0 * facts["patch_size"] ** 2 + 1.0 + patches + 2.0) * width
    return stem + facts["num_hidden_layers"] * encoder_layer(width, facts["intermediate_size"])


def _patches_of_qwen(facts: Facts, width: float) -> float:
    return 3.0 * facts["temporal_patch_size"] * facts["patch_size"] ** 2 * width


def _merger(width: float, hidden: float, merge: float, norm: float) -> float:
    """A norm, a product of all merged patches on themselves, and one to the language model."""
    joined = width * merge * merge
    return norm + joined * joined + joined + joined * hidden + hidden


def qwen2(facts: Facts, hidden: float) -> float:
    """Qwen2-VL: plain blocks four times as wide."""
    width = facts["embed_dim"]
    layers = facts["depth"] * encoder_layer(width, facts["mlp_ratio"] * width)
    return _patches_of_qwen(facts, width) + layers + _merger(width, hidden, facts["spatial_merge_size"], 2.0 * width)


def qwen2_5(facts: Facts, hidden: float) -> float:
    """Qwen2.5-VL: gated blocks, norms of one vector."""
    width = facts["hidden_size"]
    layers = facts["depth"] * encoder_layer(width, facts["intermediate_size"], gated=True, norms=2.0)
    out = facts["out_hidden_size"] or hidden
    return _patches_of_qwen(facts, width) + layers + _merger(width, out, facts["spatial_merge_size"], width)


def qwen3(facts: Facts, hidden: float) -> float:
    """Qwen3-VL: learned positions, and a merger more for each layer whose features go into the model."""
    width, merge = facts["hidden_size"], facts["spatial_merge_size"]
    out = facts["out_hidden_size"] or hidden
    stem = _patches_of_qwen(facts, width) + width + facts["num_position_embeddings"] * width
    layers = facts["depth"] * encoder_layer(width, facts["intermediate_size"])
    deep = facts["deepstack_visual_indexes"] * _merger(width, out, merge, 2.0 * width * merge * merge)
    return stem + layers + deep + _merger(width, out, merge, 2.0 * width)


_ROWS: Mapping[str, Tower] = {
    "llava": Tower(
        defaults={
            "hidden_size": 1024.0,
            "intermediate_size": 4096.0,
            "num_hidden_layers": 24.0,
            "image_size": 336.0,
            "patch_size": 14.0,
        },
        count=clip,
    ),
    "gemma3": Tower(
        defaults={
            "hidden_size": 1152.0,
            "intermediate_size": 4304.0,
            "num_hidden_layers": 27.0,
            "image_size": 896.0,
            "patch_size": 14.0,
        },
        count=siglip_of_gemma,
    ),
    "qwen2_vl": Tower(
        defaults={
            "embed_dim": 1280.0,
            "depth": 32.0,
            "mlp_ratio": 4.0,
            "patch_size": 14.0,
            "temporal_patch_size": 2.0,
            "spatial_merge_size": 2.0,
        },
        count=qwen2,
    ),
    "qwen2_5_vl": Tower(
        defaults={
            "hidden_size": 1280.0,
            "intermediate_size": 3420.0,
            "depth": 32.0,
            "patch_size": 14.0,
            "temporal_patch_size": 2.0,
            "spatial_merge_size": 2.0,
            "out_hidden_size": 0.0,
        },
        count=qwen2_5,
    ),
    "qwen3_vl": Tower(
        defaults={
            "hidden_size": 1152.0,
            "intermediate_size": 4304.0,
            "depth": 27.0,
            "patch_size": 16.0,
            "temporal_patch_size": 2.0,
            "spatial_merge_size": 2.0,
            "num_position_embeddings": 2304.0,
            "out_hidden_size": 0.0,
            "deepstack_visual_indexes": 3.0,
        },
        count=qwen3,
    ),
}
TOWERS: Mapping[str, Tower] = {**_ROWS, "qwen3_vl_moe": _ROWS["qwen3_vl"]}
"""Towers by the ``model_type`` of the whole model."""
VISION_KEYS = ("vision_config", "visual", "vision_tower", "mm_vision_tower", "vision_tower_config", "audio_config")
"""Keys that speak of a tower, in the part of the configuration that holds the language model or around it."""
LARGEST = 10**7


def vision_parameters(config: Mapping[str, object], hidden: float) -> float | None:
    """Weights of the tower of a whole configuration: 0 where there is none, None where nobody counted it."""
    if not any(config.get(key) for key in VISION_KEYS):
        return 0.0
    tower, table = TOWERS.get(str(config.get("model_type"))), config.get("vision_config")
    if tower is None or not isinstance(table, Mapping) or config.get("audio_config"):
        return None
    facts = {key: _fact(table.get(key), default) for key, default in tower.defaults.items()}
    return None if any(fact is None for fact in facts.values()) else tower.count(facts, hidden)  # type: ignore[arg-type]


def _fact(value: object, default: float) -> float | None:
    """A number, the length of a list, or the class's default."""
    if value is None:
        return default
    if isinstance(value, list):
        return float(len(value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 < value < LARGEST else None
