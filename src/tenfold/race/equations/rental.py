"""Rental price: it reverts to the marginal owner's cost and is pushed by the utilisation gap.

Ornstein–Uhlenbeck in logs with a push, as ``economics.price_paths`` has it for months. Arrays are (draw,); USD an
H100e-hour.
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array


def moved_price_usd(
    price_usd: Array, cost_usd: Array, gap: Array, reversion: Array, push: Array, shock: Array
) -> Array:
    """Price a quarter later: ln p' = ln p + κ·(ln c − ln p) + s·gap + shock. Rises with cost and with fullness."""
    return price_usd * np.exp(reversion * np.log(cost_usd / price_usd) + push * gap + shock)


def margin_usd_per_hour(price_usd: Array, fullness: Array, cost_usd: Array, norm: Array) -> Array:
    """What an H100e that runs earns in an hour beyond its cost, capital included: p·u − c·u*. Rises in p and u.

    ``cost_usd`` is of an hour that is used where the norm u* of all hours is.
    """
    return price_usd * fullness - cost_usd * norm


def cost_usd_per_hour(price_usd_per_h100e: Array, fixed_usd: Array, per_price: Array) -> Array:
    """Owner's cost of an hour that is used, linear in the price of a chip: a + b·price (``economics.owning``)."""
    return fixed_usd + per_price * price_usd_per_h100e
