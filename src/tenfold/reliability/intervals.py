"""The checkpoint interval that loses least, by three rivals with one signature.

Young   τ = √(2 w M)                                 [Young 1974, doi:10.1145/361147.361115]
Daly    τ = √(2 w M)·(1 + √(x)/3 + x/9) − w, x = w/2M; τ = M for w ≥ 2M
                                                     [Daly 2006, doi:10.1016/j.future.2004.11.016, eq. 37]
Exact   τ = M·(1 + W₀(−exp(−1 − w/M)))               [from the renewal formula, derived below]

The renewal formula f(τ) = (e^{(τ+w)/M} − 1)/τ is least where (1 − τ/M)·e^{(τ+w)/M} = 1. With y = τ/M − 1
this reads y·e^y = −e^{−1−w/M}, and y > −1 selects the principal branch of Lambert's W. The restart time
scales f and so leaves the optimum alone. τ is useful work between saves, w the stall of one save, M the MTTF.
Young and Daly hold for w ≪ M; the exact form for every w ≥ 0 and M > 0, with memoryless failures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Column, Floats

SERIES_BELOW = 1e-4
"""w/M under which W₀ is taken from its series at the branch point, where direct evaluation cancels."""

ALL_OF_IT = 50.0
"""w/M from which the interval is M to the last bit."""
NEWTON_STEPS = 6
"""Each doubles the digits; four are enough for doubles anywhere."""


def young_interval_s(write_s: Column, mttf_s: Column) -> Column:
    """Young's interval √(2 w M), s. Broadcasts; raises nothing."""
    return np.sqrt(2.0 * np.asarray(write_s) * mttf_s)


def daly_interval_s(write_s: Column, mttf_s: Column) -> Column:
    """Daly's higher-order interval, s; M where w ≥ 2M. Broadcasts; raises nothing. M must be positive."""
    x = np.asarray(write_s) / (2.0 * np.asarray(mttf_s))
    near = young_interval_s(write_s, mttf_s) * (1.0 + np.sqrt(x) / 3.0 + x / 9.0) - write_s
    return np.where(x < 1.0, near, mttf_s)


def optimal_interval_s(write_s: Column, mttf_s: Column) -> Column:
    """Return the exact minimum of the renewal formula, s. Broadcasts; raises nothing.

    Zero where w is zero, infinite where M is and w is not. M must be positive.
    """
    ratio, mttf = np.broadcast_arrays(np.asarray(write_s) / np.asarray(mttf_s), np.asarray(mttf_s, dtype=np.float64))
    finite = np.where(np.isfinite(mttf), mttf, 0.0)
    interval = finite * np.where(ratio < SERIES_BELOW, _series(ratio), _direct(ratio))
    return np.where(np.isfinite(mttf) | (np.asarray(write_s) == 0.0), interval, np.inf)


def _direct(ratio: Floats) -> Floats:
    """1 + W₀(−exp(−1−x)) as y = 1 − e^{−s}, s the root of the convex s − 1 + e^{−s} = x; Newton from above."""
    x = np.clip(ratio, SERIES_BELOW, ALL_OF_IT)
    s = x + np.minimum(np.sqrt(2.0 * x), 1.0)
    for _ in range(NEWTON_STEPS):
        s = s - (s + np.expm1(-s) - x) / -np.expm1(-s)
    return np.asarray(-np.expm1(-s), dtype=np.float64)


def _series(ratio: Floats) -> Floats:
    """1 + W₀(−exp(−1−x)) from the branch-point series in p = √(2(1 − e^{−x})).

    Corless et al. 1996, doi:10.1007/BF02124750, eq. 4.22. Good to 1e-10 for x < 1e-4.
    """
    p = np.sqrt(-2.0 * np.expm1(-ratio))
    return p * (1.0 + p * (-1 / 3 + p * (11 / 72 + p * (-43 / 540 + p * (769 / 17280 - p * 221 / 8505)))))


INTERVALS: Mapping[str, Callable[[Column, Column], Column]] = MappingProxyType(
    {"exact": optimal_interval_s, "daly": daly_interval_s, "young": young_interval_s}
)
"""Rival choices of the interval by name: (write_s, mttf_s) → interval_s."""
