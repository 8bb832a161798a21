"""How a family of models writes its ``config.json``: one record, and the words that many families share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenfold.workloads.huggingface.parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How the configurations of a family say what the shape of a model is."""

    types: tuple[str, ...]
    """Values of ``model_type``, the first of them the family's name."""
    shape: Mapping[str, float] = field(default_factory=dict)
    """Fields of the shape that every member shares."""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, float] = field(default_factory=dict)
    nested: Mapping[str, float] = field(default_factory=dict)
    """Defaults of the configuration class, which the part of a larger configuration leaves out."""
    tied: bool = False
    """Whether tables are tied when ``tie_word_embeddings`` is left out."""
    bias_switches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys of truth values, and the bias fields each sets."""
    biased: bool = False
    """Whether those switches are on when left out."""
    full_period: float | None = None
    """Every n-th layer attends over everything and the others over the window; 0 when all are windowed."""
    window_switch: str = ""
    """Key that must be true for the window to count."""
    parts: tuple[Part, ...] = ()
    harmless: tuple[str, ...] = ()
    """Keys that sound as if they changed the model and do not."""


ALL_BIASES = ("attention_bias", "output_bias", "mlp_bias")
ATTENTION_BIASES = ("attention_bias", "output_bias")
PLAIN: Mapping[str, float] = {"gated_mlp": 0.0, "norm_vectors_per_layer": 4.0}
"""Feed-forward without gate, two LayerNorms a layer."""
GPT: Mapping[str, float] = {**PLAIN, **dict.fromkeys(ALL_BIASES, 1.0)}
QUERY_KEY_VALUE: Mapping[str, float] = {"attention_bias": 1.0}
BIAS_KEYS: Mapping[str, tuple[str, ...]] = {"attention_bias": ATTENTION_BIASES, "mlp_bias": ("mlp_bias",)}
FOUR_NORMS: Mapping[str, float] = {"norm_vectors_per_layer": 4.0}
FOURFOLD: Mapping[str, float] = {"ffn_ratio": 4.0}
