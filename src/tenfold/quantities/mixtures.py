"""Mixtures of normal distributions of one standard deviation each row: quantiles by bisection."""

from __future__ import annotations

import math

import numpy as np

from tenfold.quantities.arrays import Floats

HALVINGS = 50
REACH = 9.0
"""Standard deviations beyond which no quantile that is asked lies."""
_erf = np.frompyfunc(math.erf, 1, 1)


def normal_cdf(z: Floats) -> Floats:
    """Distribution function of the standard normal."""
    return 0.5 * (1.0 + np.asarray(_erf(z / math.sqrt(2.0)), dtype=np.float64))


def mixture_quantile(share: float, weights: Floats, means: Floats, sd: Floats) -> Floats:
    """Quantile of each row's mixture Σ wₖ N(μₖ, σ²); ``weights`` and ``means`` are rows × cases, ``sd`` is of rows.

    Weights of a row add up to 1; a row of one case is exact. ``sd`` may be 0.
    """
    spread = np.asarray(sd, dtype=np.float64)
    low = means.min(axis=1) - REACH * spread
    high = means.max(axis=1) + REACH * spread
    width = np.maximum(spread, 1e-12)[:, None]
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = (weights * normal_cdf((middle[:, None] - means) / width)).sum(axis=1) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))
