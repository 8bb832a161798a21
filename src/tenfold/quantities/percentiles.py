"""P10, P50 and P90: what every result says of what it does not know. Importing this loads no numpy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tenfold.quantities.errors import InputError, Problem

if TYPE_CHECKING:
    import numpy.typing as npt

    from tenfold.quantities.arrays import Floats


Z90 = 1.2815515655446006
"""Standard normal quantile of 0.9, as ``standard_normal_ppf`` gives it: what is split passes through its P90."""

Samples = dict[tuple[float, float, float], "Floats"]
_kept: ContextVar[Samples | None] = ContextVar("samples", default=None)


@contextmanager
def keeping_samples() -> Iterator[Samples]:
    """Keep the samples under percentiles made inside the block, by P10, P50 and P90: to compare under one luck."""
    samples: Samples = {}
    before = _kept.set(samples)
    try:
        yield samples
    finally:
        _kept.reset(before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """P10, P50 and P90 of a result; ``p10`` is the lower value whatever is better."""

    p10: float
    p50: float
    p90: float

    @classmethod
    def of(cls, samples: npt.ArrayLike) -> Self:
        """Percentiles of samples of any shape, interpolated linearly. Infinite samples count, NaN is refused.

        Raises ``InputError`` when there is no sample or one is NaN.
        """
        values = _in_order(samples)
        found = cls(**{f"p{share}": _quantile(values, share / 100) for share in (10, 50, 90)})
        kept = _kept.get()
        if kept is not None:
            import numpy as np

            kept[found.p10, found.p50, found.p90] = np.asarray(samples, dtype=np.float64).ravel()
        return found

    @classmethod
    def around(cls, p50: float, log_spread: float) -> Self:
        """Percentiles of a log-normal: P50 × exp(±z90 σ), σ the standard deviation of its logarithm."""
        factor = math.exp(Z90 * log_spread)
        return cls(p10=p50 / factor, p50=p50, p90=p50 * factor)


def log_spread_of(p10: float, p90: float) -> float:
    """Standard deviation of the logarithm of a log-normal with this P10 and P90, both above 0: ln(P90/P10)/(2 z90)."""
    return math.log(p90 / p10) / (2.0 * Z90)


def quantile_of(samples: npt.ArrayLike, share: float) -> float:
    """What so large a share of samples of any shape does not exceed, as ``Percentiles.of`` has it."""
    return _quantile(_in_order(samples), share)


def _in_order(samples: npt.ArrayLike) -> Floats:
    import numpy as np

    values = np.sort(np.asarray(samples, dtype=np.float64), axis=None)
    if values.size == 0 or np.isnan(values[-1]):
        wrong = "no samples" if values.size == 0 else "a sample is NaN"
        raise InputError(Problem(file="", key="samples", wrong=wrong, remedy="Give numbers"))
    return values


def _quantile(ordered: Floats, share: float) -> float:
    """Interpolate between order statistics; equal neighbours, infinite ones included, give themselves."""
    place = share * (ordered.size - 1)
    below = int(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)])
    if low == high or place == below:
        return low
    return low + (place - below) * (high - low) if math.isfinite(low) else float(low + high)
