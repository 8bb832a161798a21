"""Matrix products.

t_compute = 2((m + w)(n + w) + a)(k + d) / (peak · e): a product of m × k by k × n pays for half a tile more in each
of its widths (tile quantisation, w), on average for half a wave of tiles over all processors of the chip (wave
quantisation, a, an area of the result), and for filling and draining its pipeline in depth (d); e is the share of
the peak that large products reach. t_memory streams the operands and the result once. The products of a group run
as one kernel and share its last wave. Tile and wave quantisation: NVIDIA, "Matrix Multiplication Background" (2023);
the averages stand for a saw-tooth that libraries flatten by choosing among tile sizes.
"""

from __future__ import annotations

import numpy as np

from tenfold.performance.compute.blend import blend_s
from tenfold.quantities import Column

ALIGNED_WIDTH = 64
"""Elements that the widths of a product should divide by for whole tiles and aligned loads (Anthony et al. 2024)."""


def misaligned_halvings(width: Column) -> Column:
    """How many times the width would have to double to divide by 64: 0 for 4096, 3 for 1800, at most 6."""
    whole = np.maximum(np.asarray(width), 1.0).astype(np.int64)
    return np.asarray(np.log2(ALIGNED_WIDTH / np.gcd(whole, ALIGNED_WIDTH)), dtype=np.float64)


def matmul_s(
    m: Column,
    n: Column,
    k: Column,
    *,
    peak_flop_per_s: Column,
    efficiency: Column,
    half_width: Column,
    half_depth: Column,
    wave_area: Column,
    bytes_per_element: Column,
    result_bytes: Column = 2.0,
    memory_bytes_per_s: Column,
    serial_share: Column,
) -> Column:
    """Time of one product, s; all arguments broadcast. ``memory_bytes_per_s`` is what streaming reaches.

    ``result_bytes`` are moved per element of the result: 2 to write it in 16 bits, 8 to add it to a sum kept in 32.
    """
    padded = ((m + half_width) * (n + half_width) + wave_area) * (k + half_depth)
    compute_s = 2.0 * padded / (peak_flop_per_s * efficiency)
    moved = bytes_per_element * (m * k + k * n) + result_bytes * m * n
    return blend_s(compute_s, moved / memory_bytes_per_s, serial_share)
