"""Matrix products.

t_compute = 2(m + w)(n + w)(k + d) / (peak · e): a product of m × k by k × n pays for half a tile more in each of
its widths (tile and wave quantisation, w) and for filling and draining its pipeline in depth (d); e is the share
of the peak that large products reach. t_memory streams the operands and the result once.
Holds for products of at least one tile; measured on square sizes 512 … 16,384 the hyperbolic form in each
dimension follows the published curves (NVIDIA, "Matrix Multiplication Background", 2023) within a few per cent.
"""

from __future__ import annotations

from tenfold.catalog.models import Column
from tenfold.performance.compute.blend import blend_s


def matmul_s(
    m: Column,
    n: Column,
    k: Column,
    *,
    peak_flop_per_s: Column,
    efficiency: Column,
    half_width: Column,
    half_depth: Column,
    bytes_per_element: Column,
    memory_bytes_per_s: Column,
    serial_share: Column,
) -> Column:
    """Time of one product, s; all arguments broadcast. ``memory_bytes_per_s`` is what streaming reaches."""
    padded = (m + half_width) * (n + half_width) * (k + half_depth)
    compute_s = 2.0 * padded / (peak_flop_per_s * efficiency)
    moved = bytes_per_element * (m * k + k * n) + 2.0 * m * n
    return blend_s(compute_s, moved / memory_bytes_per_s, serial_share)
