"""Rivals of the hindcast: simple extrapolations of one series with normal predictive distributions.

Each takes levels on the scored scale, oldest first, and a horizon in steps, and gives its mean and standard deviation.
Formulas as in Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, sections 5.2, 7.6 and 8.7.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Floats

Predicted = tuple[float, float]
LEAST_SPREAD = 1e-3
HOLT_DAMPING = 0.9
HOLT_LEVELS = (0.2, 0.5, 0.8, 0.99)
HOLT_TRENDS = (0.05, 0.2, 0.5)


def drift(levels: Floats, steps: int) -> Predicted:
    """Random walk with drift: y + h·d, variance s²·h·(1 + h/n), d and s of the n differences."""
    moves = np.diff(levels)
    spread = float(moves.std(ddof=1)) if len(moves) > 1 else float(np.abs(moves).max())
    mean = float(levels[-1] + steps * moves.mean())
    return mean, max(spread * math.sqrt(steps * (1.0 + steps / len(moves))), LEAST_SPREAD)


def last(levels: Floats, steps: int) -> Predicted:
    """Random walk without drift: y, variance of the mean square difference times h."""
    moves = np.diff(levels)
    return float(levels[-1]), max(math.sqrt(float(np.mean(moves**2)) * steps), LEAST_SPREAD)


def trend(levels: Floats, steps: int) -> Predicted:
    """Log-linear trend by least squares with its prediction interval."""
    count = len(levels)
    at = np.arange(count, dtype=np.float64)
    slope, start = np.polyfit(at, levels, 1)
    residual = levels - start - slope * at
    spread = math.sqrt(float((residual**2).sum()) / max(count - 2, 1))
    place = count - 1 + steps
    wide = math.sqrt(1.0 + 1.0 / count + (place - at.mean()) ** 2 / float(((at - at.mean()) ** 2).sum()))
    return float(start + slope * place), max(spread * wide, LEAST_SPREAD)


def holt(levels: Floats, steps: int) -> Predicted:
    """Holt's trend, damped by 0.9; smoothing by the least squared error of a step over a small grid."""
    best = min(
        (_holt(levels, alpha, beta) for alpha in HOLT_LEVELS for beta in HOLT_TRENDS), key=lambda fitted: fitted[2]
    )
    level, slope, error, alpha, beta = best
    powers = HOLT_DAMPING ** np.arange(1, steps + 1)
    sums = np.cumsum(powers)
    ahead = 1.0 + float(((alpha + alpha * beta * sums[: steps - 1]) ** 2).sum())
    return level + slope * float(sums[-1]), max(error * math.sqrt(ahead), LEAST_SPREAD)


def _holt(levels: Floats, alpha: float, beta: float) -> tuple[float, float, float, float, float]:
    level, slope = float(levels[0]), float(levels[1] - levels[0])
    errors = []
    for value in levels[1:]:
        ahead = level + HOLT_DAMPING * slope
        errors.append(float(value) - ahead)
        before, level = level, ahead + alpha * (float(value) - ahead)
        slope = HOLT_DAMPING * slope + beta * (level - before - HOLT_DAMPING * slope)
    return level, slope, math.sqrt(float(np.mean(np.square(errors)))), alpha, beta


RIVALS: Mapping[str, Callable[[Floats, int], Predicted]] = {"drift": drift, "trend": trend, "last": last, "holt": holt}
"""By the name they are scored under."""


@lru_cache(maxsize=4096)
def foretold_by_rivals(levels: tuple[float, ...], steps: int) -> Mapping[str, Predicted]:
    """What every rival gives; hindcasts of an origin meet the same levels, whichever term they go without."""
    known = np.array(levels)
    return MappingProxyType({name: rival(known, steps) for name, rival in RIVALS.items()})
