"""The attention core: scores, softmax, values.

Fused (flash) attention keeps scores on the chip: t = FLOPs · (1 + s_half / s) · (1 + d_half / d) / (peak · e), with the
causal half skipped (Dao 2023, "FlashAttention-2", section 3.1). Every score costs one exponential whatever the head
width d, so narrow heads run slower: measured forward passes on H100 reach about 400 TFLOP/s at 64 and 650 at 128 (Shah
et al. 2024, "FlashAttention-3", figure 5), which is d_half = 48 with the factor normalised to 1 at 128.

Unfused attention computes both halves and writes the score matrix: besides its two products it moves 13 bytes per
score forward (written by the first product, read and written by softmax and by dropout with its mask of one byte, read
by the second product; Korthikanti et al. 2022, section 4.1, counts the 5 bytes of it that are kept).
"""

from __future__ import annotations

import numpy as np

from tenfold.performance.compute.blend import blend_s
from tenfold.quantities import Column

UNFUSED_BYTES_PER_SCORE = 13.0
HALF_HEAD_WIDTH = 48.0
REFERENCE_HEAD_WIDTH = 128.0


def fused_attention_s(
    full_flops: Column,
    attended_tokens: Column,
    head_dim: Column,
    *,
    peak_flop_per_s: Column,
    efficiency: Column,
    half_tokens: Column,
) -> Column:
    """Time of a causal fused forward pass, s; ``full_flops`` counts the whole square and half of it is done.

    Heads wider than the reference run faster, but never faster than the peak.
    """
    narrow = (1.0 + HALF_HEAD_WIDTH / head_dim) / (1.0 + HALF_HEAD_WIDTH / REFERENCE_HEAD_WIDTH)
    slowdown = np.maximum((1.0 + half_tokens / attended_tokens) * narrow / efficiency, 1.0)
    return 0.5 * full_flops * slowdown / peak_flop_per_s


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
