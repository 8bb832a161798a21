"""Scores of forecasts: CRPS of draws and of normals, coverage, PIT, ratios, block bootstrap.

CRPS after Gneiting and Raftery 2007, doi:10.1198/016214506000001437; lower is better, in the unit of the scale.
"""

from __future__ import annotations

import math

import numpy as np

from tenfold.quantities import Flags, Floats

LOW, HIGH = 0.1, 0.9


def crps_of_draws(draws: Floats, outcome: float) -> float:
    """E|X − y| − ½E|X − X'| over the draws."""
    ordered = np.sort(draws)
    count = len(ordered)
    weight = 2.0 * np.arange(1, count + 1) - count - 1.0
    return float(np.mean(np.abs(ordered - outcome)) - (weight @ ordered) / count**2)


def crps_of_normal(mean: float, spread: float, outcome: float) -> float:
    """Closed form for a normal: σ·(z(2Φ(z) − 1) + 2φ(z) − 1/√π)."""
    z = (outcome - mean) / spread
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    below = 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
    return spread * (z * (2.0 * below - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))


def is_covered(draws: Floats, outcome: float | Floats) -> Flags:
    """Whether the outcome lies inside P10–P90; draws (…, draws) of outcomes (…)."""
    low, high = np.quantile(draws, (LOW, HIGH), axis=-1)
    return np.asarray((low <= outcome) & (outcome <= high))


def pit(draws: Floats, outcome: float) -> float:
    """Share of draws below the outcome, ties counted half: uniform over outcomes where forecasts are calibrated."""
    return float(np.mean(draws < outcome) + 0.5 * np.mean(draws == outcome))


def geometric_mean(ratios: Floats) -> float:
    """Exp of the mean log."""
    return float(np.exp(np.mean(np.log(ratios))))


def bootstrap(ratios: Floats, rng: np.random.Generator, rounds: int = 4000) -> tuple[float, float]:
    """P10 and P90 of the geometric mean when whole blocks of an origin are drawn again with replacement."""
    picked = rng.integers(0, len(ratios), size=(rounds, len(ratios)))
    means = np.exp(np.log(ratios)[picked].mean(axis=1))
    low, high = np.quantile(means, (LOW, HIGH))
    return float(low), float(high)
