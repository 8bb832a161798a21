"""Mixtures of normal distributions of one standard deviation each row: quantiles by guarded Newton steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tenfold.quantities.arrays import Floats

HALVINGS = 60
"""Most steps: a bracket halved so often is as narrow as rounding."""
SAME = 1e-14
"""Step that is rounding."""
NARROWEST = 1e-12
"""Standard deviation of a row that has none."""
REACH = 9.0
"""Standard deviations beyond which no quantile that is asked lies."""
_erf = np.frompyfunc(math.erf, 1, 1)


def normal_cdf(z: Floats) -> Floats:
    """Distribution function of the standard normal."""
    return 0.5 * (1.0 + np.asarray(_erf(z / math.sqrt(2.0)), dtype=np.float64))


def mixture_quantiles(shares: Sequence[float], weights: Floats, means: Floats, sd: Floats) -> Floats:
    """Quantiles of each row's mixture Σ wₖ N(μₖ, σ²), shape (shares, rows); ``sd`` is of rows and may be 0.

    ``weights`` and ``means`` are rows × cases; weights of a row add up to 1. Newton's steps inside a bracket, halved
    where they leave it or shrink too slowly.
    """
    asked = np.repeat(np.asarray(shares, dtype=np.float64), len(means))
    weight, mean = (np.tile(each, (len(shares), 1)) for each in (weights, means))
    spread = np.tile(np.asarray(sd, dtype=np.float64), len(shares))
    low, high = mean.min(axis=1) - REACH * spread, mean.max(axis=1) + REACH * spread
    at, step, left = 0.5 * (low + high), high - low, np.arange(len(asked))
    for _ in range(HALVINGS):
        width, tried = np.maximum(spread[left], NARROWEST), at[left]
        z = (tried[:, None] - mean[left]) / width[:, None]
        over = (weight[left] * normal_cdf(z)).sum(axis=1) - asked[left]
        density = (weight[left] * np.exp(-0.5 * z**2)).sum(axis=1) / (width * math.sqrt(2.0 * math.pi))
        low[left], high[left] = np.where(over < 0.0, tried, low[left]), np.where(over < 0.0, high[left], tried)
        newton = tried - over / np.maximum(density, np.finfo(np.float64).tiny)
        steady = (low[left] <= newton) & (newton <= high[left]) & (np.abs(newton - tried) < 0.5 * step[left])
        at[left] = np.where(steady, newton, 0.5 * (low[left] + high[left]))
        step[left] = np.abs(at[left] - tried)
        left = left[step[left] > SAME * np.maximum(np.abs(at[left]), 1.0)]
        if not len(left):
            break
    return np.asarray(at.reshape(len(shares), len(means)))
