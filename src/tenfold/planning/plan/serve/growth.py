"""Traffic that grows by the same share every year. Pure functions."""

from __future__ import annotations

import math

from tenfold.quantities import YEAR_S


def grown(growth_per_year: float, period_s: float) -> float:
    """Traffic at the end of a period over that at its start: (1 + g)^t."""
    return float((1.0 + growth_per_year) ** (period_s / YEAR_S))


def mean_growth(growth_per_year: float, period_s: float) -> float:
    """Traffic on average over a period over that at its start: ((1 + g)^t − 1)/(t·ln(1 + g))."""
    if growth_per_year <= 0.0:
        return 1.0
    exponent = period_s / YEAR_S * math.log1p(growth_per_year)
    return math.expm1(exponent) / exponent
