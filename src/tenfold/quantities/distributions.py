"""Distributions of uncertain inputs as quantile functions, and the P10/P50/P90 of results.

Every distribution is a frozen record with ``ppf(u)``: probabilities in (0, 1) of any shape to values of the same
shape, non-decreasing. Draws are ``ppf`` of uniform (or Sobol) points, so one uniform serves any distribution.
The split forms pass through three given quantiles exactly: a transform of the value is linear in the standard
normal quantile z, with its own slope below and above the median (quantile-parameterised distributions: Keelin and
Powley, Decision Analysis 8(3), 2011, https://doi.org/10.1287/deca.1110.0213).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tenfold.quantities.arrays import Column, Floats
from tenfold.quantities.errors import InputError, Problem
from tenfold.quantities.figure import Figure
from tenfold.quantities.normal_quantile import standard_normal_ppf
from tenfold.quantities.percentiles import Z90

IN_CACHE = 1 << 15
"""Numbers that are worked on at a time."""


class Distribution(Protocol):
    """Anything with a quantile function."""

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Values at the probabilities ``u``."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that is known."""

    value: float

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Return the value, in the shape of ``u``."""
        return np.full(np.shape(u), self.value)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Equally likely between ``low`` and ``high``."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _in_order("uniform", self.low, self.high)

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Low + u (high − low)."""
        return np.asarray(self.low + np.asarray(u, dtype=np.float64) * (self.high - self.low))


@dataclass(frozen=True, slots=True)
class Triangular:
    """Between ``low`` and ``high``, most likely at ``mode``."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _in_order("triangular", self.low, self.mode, self.high)

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Invert the two parabolas of the cumulative probability."""
        p = np.asarray(u, dtype=np.float64)
        width = self.high - self.low
        rising = self.low + np.sqrt(p * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - p) * width * (self.high - self.mode))
        return np.asarray(np.where(p * width < self.mode - self.low, rising, falling))


@dataclass(frozen=True, slots=True)
class Normal:
    """Mean and standard deviation."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _in_order("normal", 0.0, self.sd)

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Mean + z(u) sd."""
        return np.asarray(self.mean + self.sd * standard_normal_ppf(u))


@dataclass(frozen=True, slots=True)
class SplitNormal:
    """Any sign, with given P10, P50 and P90: linear in z with one slope on each side of the median."""

    p10: float
    p50: float
    p90: float

    def __post_init__(self) -> None:
        _in_order("split normal", self.p10, self.p50, self.p90)

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """P50 + z(u)/z₉₀ · (P50 − P10 below the median, P90 − P50 above)."""
        return _split(u, self.p10, self.p50, self.p90)


@dataclass(frozen=True, slots=True)
class SplitLogNormal:
    """Positive, with given P10, P50 and P90: the logarithm is split normal."""

    p10: float
    p50: float
    p90: float

    def __post_init__(self) -> None:
        _in_order("split log-normal", self.p10, self.p50, self.p90, above=0.0)

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Exp of the split normal through the logarithms."""
        return np.asarray(np.exp(_split(u, *np.log([self.p10, self.p50, self.p90]))))


@dataclass(frozen=True, slots=True)
class SplitLogitNormal:
    """Between 0 and ``most``, with given P10, P50 and P90: the log-odds are split normal."""

    p10: float
    p50: float
    p90: float
    most: float = 1.0

    def __post_init__(self) -> None:
        _in_order("split logit-normal", self.p10, self.p50, self.p90, above=0.0, below=self.most)

    def ppf(self, u: npt.ArrayLike) -> Floats:
        """Logistic of the split normal through the log-odds."""
        shares = np.array([self.p10, self.p50, self.p90]) / self.most
        return np.asarray(self.most / (1 + np.exp(-_split(u, *np.log(shares / (1 - shares))))))


def distribution_of(figure: Figure, most: float | None = None) -> Distribution:
    """Give the distribution a figure stands for: its value as P50 and its range as P10 and P90.

    Without a range the value is taken as known. A range above zero is split log-normal, or split
    logit-normal below ``most`` (for shares: ``most=1``); a range that reaches zero is split normal.
    Raises ``InputError`` when the range does not stay below ``most``.
    """
    low, high = figure.range
    if low == high:
        return Fixed(figure.value)
    if low <= 0:
        return SplitNormal(low, figure.value, high)
    if most is not None:
        return SplitLogitNormal(low, figure.value, high, most)
    return SplitLogNormal(low, figure.value, high)


def quantiles_by_row(distributions: Sequence[Distribution], u: Floats) -> Floats:
    """Values of each distribution at the probabilities ``u``, shape (distributions, u): what their ``ppf`` give alone.

    Split log-normals, which most figures are, are worked out together, as many at a time as stay in cache.
    """
    found = np.empty((len(distributions), len(u)))
    split = list[tuple[int, float, float, float]]()
    for place, each in enumerate(distributions):
        if isinstance(each, SplitLogNormal):
            split.append((place, each.p10, each.p50, each.p90))
        else:
            found[place] = each.ppf(u)
    at_once = max(1, IN_CACHE // max(len(u), 1))
    for start in range(0, len(split), at_once):
        places, *ends = zip(*split[start : start + at_once], strict=True)
        found[list(places)] = np.exp(_split(u, *np.log(ends)[:, :, None]))
    return found


def _split(u: npt.ArrayLike, p10: Column, p50: Column, p90: Column) -> Floats:
    z = standard_normal_ppf(u) / Z90
    with np.errstate(invalid="ignore"):
        value = p50 + z * np.where(z < 0, p50 - p10, p90 - p50)
    return np.asarray(np.where(np.isnan(value), p50, value))


def _in_order(name: str, *values: float, above: float = -np.inf, below: float = np.inf) -> None:
    """Refuse parameters that are not finite, not in order, or outside (above, below)."""
    ordered = all(first <= second for first, second in itertools.pairwise(values))
    if not (all(map(math.isfinite, values)) and ordered and above < values[0] and values[-1] < below):
        shown = ", ".join(f"{value:g}" for value in values)
        bounds = f" between {above:g} and {below:g}" if np.isfinite(above) or np.isfinite(below) else ""
        wrong = f"{shown} do not make a {name} distribution"
        raise InputError(Problem(file="", key="", wrong=wrong, remedy=f"Give finite numbers in rising order{bounds}"))
