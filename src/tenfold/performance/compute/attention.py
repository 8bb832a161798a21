"""The attention core: scores, softmax, values.

Fused (flash) attention keeps scores on the chip: t = FLOPs · (1 + s_half / s) / (peak · e), with the causal half
skipped (Dao 2023, "FlashAttention-2", section 3.1). Unfused attention computes both halves and writes the score
matrix: besides its two products it moves about 9 bytes per score forward (write, read, softmax, mask and dropout in
16 bits; Korthikanti et al. 2022, section 4.1, counts the 5 bytes of it that are kept).
"""

from __future__ import annotations

from tenfold.catalog.models import Column
from tenfold.performance.compute.blend import blend_s

UNFUSED_BYTES_PER_SCORE = 9.0


def fused_attention_s(
    full_flops: Column,
    attended_tokens: Column,
    *,
    peak_flop_per_s: Column,
    efficiency: Column,
    half_tokens: Column,
) -> Column:
    """Time of a causal fused forward pass, s; ``full_flops`` counts the whole square and half of it is done."""
    return 0.5 * full_flops * (1.0 + half_tokens / attended_tokens) / (peak_flop_per_s * efficiency)


def unfused_attention_s(
    full_flops: Column,
    head_dim: Column,
    *,
    peak_flop_per_s: Column,
    efficiency: Column,
    memory_bytes_per_s: Column,
    serial_share: Column,
) -> Column:
    """Time of a forward pass that materialises scores, s; scores = FLOPs / (4·head_dim)."""
    scores = full_flops / (4.0 * head_dim)
    compute_s = full_flops / (peak_flop_per_s * efficiency)
    return blend_s(compute_s, UNFUSED_BYTES_PER_SCORE * scores / memory_bytes_per_s, serial_share)
