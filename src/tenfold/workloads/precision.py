"""Training precisions: which peak a recipe runs at and how many bytes its narrow operands take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """A training recipe's number format."""

    peak: str
    """Key of the chip's peak that its weight products run at."""
    weight_bytes: float
    """Bytes per element those products read."""


PRECISIONS = {
    "bf16": Precision(peak="bf16", weight_bytes=2.0),
    "fp16": Precision(peak="fp16", weight_bytes=2.0),
    "fp8": Precision(peak="fp8", weight_bytes=1.0),
    "mxfp8": Precision(peak="fp8", weight_bytes=1.0),
    "int8": Precision(peak="int8", weight_bytes=1.0),
    "mxfp4": Precision(peak="fp4", weight_bytes=0.5),
    "nvfp4": Precision(peak="fp4", weight_bytes=0.5),
}
"""Block-scaled formats run at the peak of their element format (OCP Microscaling Formats 1.0, 2023)."""
