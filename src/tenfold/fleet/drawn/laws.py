"""Distributions of how long jobs run, each by its mean and its spread (standard deviation over mean). By name in LAWS.

    draw(rng, mean_s, spread, count) → times in s, shape (count,)

fixed        all the same; spread 0
exponential  spread 1
lognormal    ln T normal with σ² = ln(1 + c²), μ = ln m − σ²/2
pareto       P(T > t) = (t₀/t)^α from t₀ = m (α − 1)/α on, with α = 1 + √(1 + 1/c²), since c² = 1/(α (α − 2))

Source of the moments: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 1 (1994), chapters 14, 19, 20.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Floats

Law = Callable[[np.random.Generator, float, float, int], Floats]


def fixed(rng: np.random.Generator, mean_s: float, spread: float, count: int) -> Floats:
    """All the same."""
    del rng, spread
    return np.full(count, mean_s)


def exponential(rng: np.random.Generator, mean_s: float, spread: float, count: int) -> Floats:
    """Without memory."""
    del spread
    return np.asarray(rng.exponential(mean_s, count))


def lognormal(rng: np.random.Generator, mean_s: float, spread: float, count: int) -> Floats:
    """Of a normal logarithm."""
    variance = math.log1p(spread**2)
    return np.asarray(rng.lognormal(math.log(mean_s) - variance / 2, math.sqrt(variance), count))


def tail_of(spread: float) -> float:
    """Index α of the Pareto tail with this spread; above 2 for every one."""
    return 1.0 + math.sqrt(1.0 + spread**-2)


def pareto(rng: np.random.Generator, mean_s: float, spread: float, count: int) -> Floats:
    """Of a tail that falls as a power."""
    alpha = tail_of(spread)
    return np.asarray((rng.pareto(alpha, count) + 1.0) * mean_s * (alpha - 1.0) / alpha)


LAWS: Mapping[str, Law] = MappingProxyType(
    {"fixed": fixed, "exponential": exponential, "lognormal": lognormal, "pareto": pareto}
)
SPREADS: Mapping[str, float] = MappingProxyType({"fixed": 0.0, "exponential": 1.0})
"""Spread of the laws that fix it."""
