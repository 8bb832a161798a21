"""Spares: how many units to hold so that failures seldom find none.

P(X > S) with X ~ Poisson(λ T): units under repair at any moment, λ their failures, T the time of a repair [M/G/∞ queue,
Takács 1962: the count is Poisson whatever the distribution of T]. Holds for independent failures and repairs that
do not wait for each other. Nodes and racks are counted apart: one does not replace the other.
"""

from __future__ import annotations

import numpy as np

from tenfold.catalog.models import Column


def units_under_repair(rate_per_s: Column, repair_s: Column) -> Column:
    """Mean number of units under repair, λ T. Broadcasts."""
    return np.multiply(rate_per_s, repair_s)


def spare_units(under_repair: Column, probability: Column = 0.99) -> Column:
    """Smallest S with P(X ≤ S) ≥ ``probability``; 0 where nothing is under repair. Broadcasts."""
    from scipy.stats import poisson

    mean = np.asarray(under_repair, dtype=np.float64)
    return np.where(mean > 0, np.maximum(poisson.ppf(probability, np.maximum(mean, 1e-300)), 0.0), 0.0)
