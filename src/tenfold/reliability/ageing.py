"""Hazards that change with time, in operational time: the count of failures that were to be expected so far.

Λ(t) = λ [t + Σ_j a_j θ_j (1 − e^{−t/θ_j})]        rate λ (1 + Σ_j a_j e^{−t/θ_j})
a_j is the excess of infant mortality (factor − 1) or of lemon nodes (share · (factor − 1)) at the start of the run,
θ_j the time in which it falls by e: parts wear in, lemons are found and removed. Failures of such a process are those
of a Poisson process of rate one, at t = Λ⁻¹(count) [Çinlar 1975, Introduction to Stochastic Processes, chapter 4].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Floats

TABLE = 20_001


class Clock(Protocol):
    """Turns operational time into wall time."""

    def wall_s(self, expected: Floats, out: Floats) -> Floats:
        """Times at which so many failures were to be expected, s, written to ``out``, which may be ``expected``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What the rate is higher by at the start, over the settled rate, and how fast that falls."""

    share: float
    decay_s: float

    def at_age(self, age_s: float) -> Excess:
        """What is left of it in a cluster of that age."""
        return Excess(share=self.share * float(np.exp(-age_s / self.decay_s)), decay_s=self.decay_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyClock:
    """A constant rate."""

    rate_per_s: float

    def wall_s(self, expected: Floats, out: Floats) -> Floats:
        """Expected count over the rate."""
        np.divide(expected, self.rate_per_s, out=out)
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingClock:
    """A rate that falls to its settled value; beyond the table it has settled."""

    settled_per_s: float
    expected: Floats
    wall: Floats

    def wall_s(self, expected: Floats, out: Floats) -> Floats:
        """Invert the cumulative hazard by its table."""
        beyond = np.maximum(expected - self.expected[-1], 0.0) / self.settled_per_s
        np.add(np.interp(expected, self.expected, self.wall), beyond, out=out)
        return out


def expected_failures(rate_per_s: float, excesses: tuple[Excess, ...], wall_s: npt.ArrayLike) -> Floats:
    """Λ(t): failures to be expected until ``wall_s``. Broadcasts over it."""
    time = np.asarray(wall_s, dtype=np.float64)
    early = sum((each.share * each.decay_s * -np.expm1(-time / each.decay_s) for each in excesses), np.zeros_like(time))
    return np.asarray(rate_per_s * (time + early))


def clock(rate_per_s: float, excesses: tuple[Excess, ...], longest_s: float) -> Clock:
    """A steady clock, or one that ages over a run of at most ``longest_s``."""
    if not any(each.share for each in excesses):
        return SteadyClock(rate_per_s=rate_per_s)
    wall = longest_s * np.linspace(0.0, 1.0, TABLE) ** 2
    return AgeingClock(settled_per_s=rate_per_s, expected=expected_failures(rate_per_s, excesses, wall), wall=wall)
