"""Sharing chips between firms whose peaks do not coincide.

A firm's demand is log-normal with its mean and its spread (standard deviation over mean); firms move together by a
Gaussian copula with one correlation ρ between any two. Capacity is the demand that is met at a service level s:

    separate = Σ_i Q_s(D_i)        pooled = Q_s(Σ_i D_i)        gain = 1 − pooled/separate

At ρ = 1 all demands rise together, quantiles add up and nothing is gained; the further below, the more. With normal
demands this is the square-root law of Eppen 1979, doi:10.1287/mnsc.25.5.498. Holds for high service levels; demand not
met is lost, not queued. −1/(n − 1) < ρ ≤ 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """Chips to hold apart and together."""

    separate_chips: Floats
    """(firms,)."""
    pooled_chips: float
    gain: float
    """Share of the chips that sharing saves."""


def firm_demands(mean_chips: Floats, spread: Floats, correlation: float, normals: Floats) -> Floats:
    """Demands (draws, firms), chips, from independent standard normals of that shape. Raises nothing."""
    firms = len(mean_chips)
    common = normals.mean(axis=1, keepdims=True)
    together = np.sqrt(1.0 - correlation) * (normals - common) + np.sqrt(1.0 + (firms - 1) * correlation) * common
    log_variance = np.log1p(np.asarray(spread) ** 2)
    return np.asarray(mean_chips * np.exp(np.sqrt(log_variance) * together - log_variance / 2.0))


def pooling(demands: Floats, service_level: float) -> Pooling:
    """Capacity at a service level, of each firm and of all, from draws (draws, firms). Raises nothing."""
    separate = np.quantile(demands, service_level, axis=0, method="inverted_cdf")
    pooled = float(np.quantile(demands.sum(axis=1), service_level, method="inverted_cdf"))
    return Pooling(separate_chips=separate, pooled_chips=pooled, gain=1.0 - pooled / float(separate.sum()))
