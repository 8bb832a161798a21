"""What counted failures say of a rate: its posterior, and the failures to expect from it.

Failures at a constant rate λ over an exposure T are Poisson(λT). With Jeffreys' prior, λ^(−1/2), which is a Gamma
distribution of shape 1/2 and rate 0, the posterior after k failures is Gamma(k + 1/2, T), and the failures of a further
exposure t are negative binomial with k + 1/2 and T/(T + t).
Source: textbook Bayesian inference (Jeffreys, 1946; conjugacy of Gamma and Poisson).
Holds while the rate is the same over the whole exposure and failures do not follow from one another. The interval
from P10 to P90 then covers the true rate in 80 % of logs, within a few percent from about four expected failures on,
and more often with fewer.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column, Floats

JEFFREYS_SHAPE = 0.5


def rate_mean(events: Column, exposure: Column) -> Column:
    """Posterior mean of a rate: (k + 1/2)/T, per unit of exposure. Broadcasts; infinite where T is zero."""
    with np.errstate(divide="ignore"):
        return np.divide(np.add(events, JEFFREYS_SHAPE), exposure)


def rate_quantile(share: Column, events: Column, exposure: Column) -> Column:
    """Quantile of the posterior of a rate: γ⁻¹(k + 1/2, q)/T, per unit of exposure.

    γ⁻¹ inverts the regularised lower incomplete gamma function. ``share`` q lies between 0 and 1, ``events`` k is
    zero or more and need not be whole. Broadcasts; infinite where T is zero.
    """
    from scipy import special

    with np.errstate(divide="ignore"):
        return np.divide(special.gammaincinv(np.add(events, JEFFREYS_SHAPE), share), exposure)


def count_cumulative(count: Column, events: Column, exposure: Column, ahead: Column) -> Floats:
    """Probability of at most so many failures over a further exposure: I_p(k + 1/2, n + 1), p = T/(T + t).

    I is the regularised incomplete beta function. Broadcasts; exposures must be positive.
    """
    from scipy import special

    n, p = np.floor(np.asarray(count, dtype=np.float64)), np.divide(exposure, np.add(exposure, ahead))
    reached = special.betainc(np.add(events, JEFFREYS_SHAPE), np.maximum(n, 0.0) + 1.0, p)
    return np.asarray(np.where(n >= 0, reached, 0.0), dtype=np.float64)


def count_quantile(share: Column, events: Column, exposure: Column, ahead: Column) -> Floats:
    """Smallest count of failures over a further exposure that is not exceeded with this probability.

    Found by doubling and halving over whole numbers, at once for every element. ``share`` must be below 1.
    Broadcasts; exposures must be positive.
    """
    parts = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (share, events, exposure, ahead)))
    q, k, past, future = parts
    low, high = np.full(q.shape, -1.0), np.ones(q.shape)
    while np.any(short := count_cumulative(high, k, past, future) < q):
        low, high = np.where(short, high, low), np.where(short, 2.0 * high, high)
    while np.any(high - low > 1.0):
        middle = np.floor((low + high) / 2.0)
        short = count_cumulative(middle, k, past, future) < q
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high
