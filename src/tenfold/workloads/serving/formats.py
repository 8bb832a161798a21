"""Number formats that models are served in: how many bytes each part takes, and which peak its products run at.

Checkpoints in 4 bits keep one scale for 16 or 32 elements [OCP Microscaling Formats 1.0, 2023; NVFP4, NVIDIA 2025], and
those of models with experts mostly keep attention in 16 bits [gpt-oss model card 2025; the FP4 checkpoints of
DeepSeek-R1 and Qwen3-235B on Hugging Face, hf_quant_config.json]. NVFP4 of NVIDIA's Model Optimizer makes shared
experts and dense blocks 4 bits wide as well, and the output projection of latent attention unless told otherwise
[github.com/NVIDIA/Model-Optimizer, examples/deepseek/ptq.py; card of nvidia/DeepSeek-R1-0528-FP4-v2; read 2026-11].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Column

WIDE = "bf16"
"""Peak of products whose operands are 16 bits wide."""
FOUR_BITS_WITH_SCALES = 0.5625
"""Bytes of a 4-bit element with its share of an 8-bit scale for 16 elements."""
FOUR_BITS_IN_GROUPS = 0.53
"""The same with one scale for 32 elements, or 16 bits for 64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFormat:
    """A number format of weights."""

    native: str
    """Peak that a chip must have to multiply in this format; without it weights are widened to 16 bits first."""
    peak: str
    """Peak that the products run at on such a chip."""
    weight_bytes: float
    """Bytes per element of feed-forward weights and experts."""
    attention_bytes: float
    """Bytes per element of attention weights in a dense model."""
    attention_bytes_beside_experts: float
    """The same, and of routers, in a model with experts."""
    shared_expert_bytes: float
    """Bytes per element of experts that every token passes."""
    latent_output_bytes: float
    """Bytes per element of the output projection of latent attention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """Bytes per element of the weights of a model, part by part. Every field broadcasts."""

    feed_forward: Column
    """Of dense blocks and routed experts."""
    attention: Column
    """And of routers."""
    shared_experts: Column
    latent_output: Column
    """Of the output projection of latent attention."""


def widths_of(form: ServedFormat, *, experts: bool) -> Widths:
    """Widths of a model with or without experts in a format."""
    return Widths(
        feed_forward=form.weight_bytes,
        attention=form.attention_bytes_beside_experts if experts else form.attention_bytes,
        shared_experts=form.shared_expert_bytes,
        latent_output=form.latent_output_bytes,
    )


def _even(name: str, each: float) -> ServedFormat:
    """All parts of one width, at the peak of the same name."""
    return ServedFormat(
        native=name,
        peak=name,
        weight_bytes=each,
        attention_bytes=each,
        attention_bytes_beside_experts=each,
        shared_expert_bytes=each,
        latent_output_bytes=each,
    )


SERVED_FORMATS: Mapping[str, ServedFormat] = {
    "bf16": _even("bf16", 2.0),
    "fp16": _even("fp16", 2.0),
    "fp8": _even("fp8", 1.0),
    "int8": _even("int8", 1.0),
    "fp4": ServedFormat(
        native="fp4",
        peak="fp4",
        weight_bytes=FOUR_BITS_WITH_SCALES,
        attention_bytes=FOUR_BITS_WITH_SCALES,
        attention_bytes_beside_experts=2.0,
        shared_expert_bytes=FOUR_BITS_WITH_SCALES,
        latent_output_bytes=FOUR_BITS_WITH_SCALES,
    ),
    "mxfp4": ServedFormat(
        native="fp4",
        peak="fp8",
        weight_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes_beside_experts=2.0,
        shared_expert_bytes=2.0,
        latent_output_bytes=2.0,
    ),
    "int4": ServedFormat(
        native="",
        peak="bf16",
        weight_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes_beside_experts=2.0,
        shared_expert_bytes=2.0,
        latent_output_bytes=2.0,
    ),
}
"""By the name that people give a precision; ``int4`` is weights only, multiplied in 16 bits."""

CACHE_BYTES: Mapping[str, float] = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": FOUR_BITS_WITH_SCALES}
"""Bytes per element of the cache of keys and values, by its format."""
