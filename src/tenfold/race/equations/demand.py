"""Demand: adoption by tier of value, price, and quality; what is unserved and what stands idle.

Logistic adoption (Bass 1969 without innovators) in tiers that open as compute gets cheaper; constant price elasticity.
Arrays are (tier, draw) or (draw,); compute in H100e.
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least, at_most


def adopted(adoption: Array, rate: Array, cheapness: Array, threshold: Array) -> Array:
    """Adoption a quarter later: + r·a·(1 − a) where compute is cheap enough for the tier, slower where it is not.

    ``cheapness`` is the fall of the price of effective compute since the start, in natural logs, (draw,); ``threshold``
    the fall at which a tier opens, (tier, 1).
    """
    opened = 1.0 / (1.0 + np.exp(-4.0 * (cheapness - threshold)))
    return adoption + rate * opened * adoption * (1.0 - adoption)


def wanted_h100e(adoption: Array, size_h100e: Array, price_ratio: Array, elasticity: Array) -> Array:
    """Compute that users want, (draw,): Σ tiers size × adoption × (price ÷ price at the start)^−ε. Falls with price."""
    return (size_h100e * adoption).sum(axis=0) * price_ratio ** (-elasticity)


def utilisation(wanted_h100e: Array, running_h100e: Array) -> Array:
    """Share of what runs that is used, 0 to 1. What is wanted beyond is unserved, what runs beyond is idle."""
    return at_most(wanted_h100e / at_least(running_h100e, 1.0), 1.0)


def shares_by_quality(index: Array, sensitivity: Array, installed: Array) -> Array:
    """Shares of revenue by user, (user, draw): a logit on quality times the installed base. They add up to 1.

    A high sensitivity is a market where the winner takes all.
    """
    best = index - index.max(axis=0)
    weight = installed * np.exp(sensitivity * best)
    return weight / at_least(weight.sum(axis=0), 1e-30)
