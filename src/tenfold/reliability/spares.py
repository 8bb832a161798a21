"""Spares: how many units to hold so that failures seldom find none.

P(X > S) with X ~ Poisson(λ T): units under repair at any moment, λ their failures, T the time of a repair [M/G/∞ queue,
Takács 1962: the count is Poisson whatever the distribution of T]. Holds for independent failures and repairs that
do not wait for each other. Nodes and racks are counted apart: one does not replace the other.
"""

from __future__ import annotations

import numpy as np
from scipy.special import pdtr, pdtrik

from tenfold.quantities import Column

TINY = 1e-300


def units_under_repair(rate_per_s: Column, repair_s: Column) -> Column:
    """Mean number of units under repair, λ T. Broadcasts."""
    return np.multiply(rate_per_s, repair_s)


def spare_units(under_repair: Column, probability: Column = 0.99) -> Column:
    """Smallest S with P(X ≤ S) ≥ ``probability``, X Poisson of mean ``under_repair``; 0 where it is 0. Broadcasts."""
    mean = np.maximum(np.asarray(under_repair, dtype=np.float64), TINY)
    above = np.ceil(np.nan_to_num(pdtrik(probability, mean), nan=0.0))
    units = np.maximum(above, 0.0)
    return np.where((units > 0) & (pdtr(np.maximum(units - 1.0, 0.0), mean) >= probability), units - 1.0, units)
