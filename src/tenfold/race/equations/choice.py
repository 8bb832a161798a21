"""Choice of a chip family: a logit on effective performance per dollar, with inertia by class of buyer.

McFadden 1974 for the logit; lock-in by switching cost after Arthur 1989, doi:10.2307/2234208. Arrays are (family,
player, draw).
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least, at_most


def advantage(maturity: Array, price_usd_per_h100e: Array) -> Array:
    """Log of effective performance per dollar of a family: ln(maturity ÷ price). Rises with maturity, above 0 to 1."""
    return np.log(maturity) - np.log(price_usd_per_h100e)


def gained(change: Array, elasticity: Array) -> Array:
    """Factor on the weight of a family in everybody's choice since the start, e^{η·Δ}, (family, draw). Rises with Δ.

    ``change`` is the change of ``advantage`` since the start, so that at the start the shares are those observed. A
    player's weights are its shares at the start times this.
    """
    return np.exp(elasticity * change)


def moved_mix(weights: Array, preference: Array, speed: Array) -> Array:
    """Shares of a budget one quarter later: (1 − v)·w ÷ Σw + v·q ÷ Σq; written over both. Add up to 1.

    w are the shares that go on, q what a player would choose now, neither added up; ``speed`` v is the share of the
    way, 0 (locked in) to 1 (free). Who buys nothing has nothing.
    """
    for shares, part in ((weights, 1.0 - speed), (preference, speed)):
        factor = at_least(shares.sum(axis=0), 1e-12)
        shares *= np.divide(part, factor, out=factor)
    weights += preference
    return weights


def learned(share: Array, speed: Array) -> Array:
    """Share of what is barred that goes to other chips a quarter later: l + v·(1 − l), as all shares move."""
    return share + speed * (1.0 - share)


def under_rules(mix: Array, allowed: Array, learned: Array) -> Array:
    """Shares of a budget that are ordered where rules allow part of a family: the rest goes to what no rule bounds.

    What is barred is spread over the families that are wholly allowed, as the player has them and as far as it has
    ``learned`` to use them instead, (player, draw), 0 to 1; what it has not, and all where it has none, is not spent.
    Adds up to at most 1, and to 1 where nothing is barred.
    """
    reached = mix * allowed
    free = np.where(allowed >= 1.0, mix, 0.0)
    barred = (mix - reached).sum(axis=0)
    return reached + learned * barred * free / at_least(free.sum(axis=0), 1e-12)


def tilt(growth: Array, damping: float, quarter: int) -> Array:
    """Factor on the share of a family in a quarter that goes on from the past: e^{g·φ^(t+1)}; 1 where g is 0.

    A damped trend of the share (Gardner and McKenzie 1985); ``growth`` is per quarter in logs.
    """
    return np.exp(growth * damping ** (quarter + 1))


def tilted(mix: Array, factor: Array) -> Array:
    """Shares times factors, over their sum."""
    turned = mix * factor
    turned /= at_least(turned.sum(axis=0), 1e-12)
    return turned


def below_the_line(price_usd: Array, price_at_line_usd: Array) -> Array:
    """Compute for a dollar where rules bar whatever is faster than a line, over that without: p ÷ p₀, at most 1.

    ECCN 3A090 names performance and its density, so what may be sold stands still while other chips get cheaper.
    """
    return at_most(price_usd / price_at_line_usd, 1.0)
