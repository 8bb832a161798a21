"""Two resources at once: time lies between the slower of the two and their sum.

t = max(a, b) + σ·min(a, b), 0 ≤ σ ≤ 1. σ = 0 is the roofline (Williams, Waterman & Patterson 2009), σ = 1 is no
overlap at all; both ends are kept as bounds of the estimate.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column


def blend_s(first_s: Column, second_s: Column, serial_share: Column) -> Column:
    """Time of two overlapping activities, s; arguments broadcast."""
    return np.maximum(first_s, second_s) + serial_share * np.minimum(first_s, second_s)
