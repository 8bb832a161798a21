"""Number formats that models are served in: how many bytes each part takes, and which peak its products run at.

Checkpoints in 4 bits keep one scale for 16 or 32 elements [OCP Microscaling Formats 1.0, 2023; NVFP4, NVIDIA 2025], and
those of models with experts mostly keep everything but the experts in 16 bits [gpt-oss model card 2025; the FP4
checkpoints of DeepSeek-R1 and Qwen3-235B on Hugging Face, hf_quant_config.json].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WIDE = "bf16"
"""Peak of products whose operands are 16 bits wide."""
WIDE_BYTES = 2.0
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
    """The same, and of the other dense parts, in a model with experts."""


SERVED_FORMATS: Mapping[str, ServedFormat] = {
    "bf16": ServedFormat(
        native="bf16", peak="bf16", weight_bytes=2.0, attention_bytes=2.0, attention_bytes_beside_experts=2.0
    ),
    "fp16": ServedFormat(
        native="fp16", peak="fp16", weight_bytes=2.0, attention_bytes=2.0, attention_bytes_beside_experts=2.0
    ),
    "fp8": ServedFormat(
        native="fp8", peak="fp8", weight_bytes=1.0, attention_bytes=1.0, attention_bytes_beside_experts=1.0
    ),
    "int8": ServedFormat(
        native="int8", peak="int8", weight_bytes=1.0, attention_bytes=1.0, attention_bytes_beside_experts=1.0
    ),
    "fp4": ServedFormat(
        native="fp4",
        peak="fp4",
        weight_bytes=FOUR_BITS_WITH_SCALES,
        attention_bytes=FOUR_BITS_WITH_SCALES,
        attention_bytes_beside_experts=2.0,
    ),
    "mxfp4": ServedFormat(
        native="fp4",
        peak="fp8",
        weight_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes_beside_experts=2.0,
    ),
    "int4": ServedFormat(
        native="",
        peak="bf16",
        weight_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes=FOUR_BITS_IN_GROUPS,
        attention_bytes_beside_experts=2.0,
    ),
}
"""By the name that people give a precision; ``int4`` is weights only, multiplied in 16 bits."""

CACHE_BYTES: Mapping[str, float] = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": FOUR_BITS_WITH_SCALES}
"""Bytes per element of the cache of keys and values, by its format."""
