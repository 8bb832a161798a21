"""Supply: capacity that is built with delay, learning, rationing, and the price that scarcity and share allow.

Wright's law by time (Nagy et al. 2013, doi:10.1371/journal.pone.0052669); the mark-up of a dominant firm is its share
over the elasticity of demand (Lerner 1934). Arrays are (family, draw) unless said otherwise; H100e of a quarter.
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least, at_most


def fill(orders: Array, capacity: Array) -> Array:
    """Share of orders that capacity covers, 0 to 1; 1 without orders."""
    return at_most(capacity / at_least(orders, 1e-6), 1.0)


def shared_fill(orders: Array, need_per_h100e: Array, capacity: Array) -> Array:
    """Share of all families' orders that a common input covers, (draw,): packaging or memory.

    ``need_per_h100e`` is (family, 1), ``capacity`` is (draw,) in the same unit. Rationed alike, so an interruption
    bounds every family in proportion to what its orders need.
    """
    need = (orders * need_per_h100e).sum(axis=0)
    return at_most(capacity / at_least(need, 1e-6), 1.0)


def built_capacity(capacity: Array, orders: Array, orders_before: Array, speed: Array, most_growth: Array) -> Array:
    """Capacity one quarter later: it grows with orders and closes a share of the gap to them; it is never torn down.

    ln K' = ln K + min(max(Δ ln orders + v·ln(1.1·orders ÷ K), 0), g). What was ordered a year ahead grows as orders do;
    makers aim at a tenth more than is ordered. Rises in orders; ``most_growth`` g is what tools and buildings allow.
    """
    least = at_least(orders, 1e-6)
    gap = np.log(1.1 * least / at_least(capacity, 1e-6))
    grown = np.log(least / at_least(orders_before, 1e-6))
    return capacity * np.exp(np.minimum(at_least(grown + speed * gap, 0.0), most_growth))


def price_usd_per_h100e(cost_usd: Array, markup: Array, scarcity: Array, pass_through: Array) -> Array:
    """Price: cost × mark-up × (1 + pass-through × share of orders unserved). Rises in each."""
    return cost_usd * markup * (1.0 + pass_through * scarcity)


def markup(share: Array, elasticity: Array) -> Array:
    """Price over cost of a maker with a share of the market: 1 ÷ (1 − share/ε), Lerner's rule; ε above 1.

    Falls as rivals gain share. Holds for shares up to 0.95 of ε, beyond which it is held there.
    """
    return 1.0 / (1.0 - at_most(share / elasticity, 0.95))


def learned_cost_usd(cost_usd: Array, learning_per_year: Array, spending_ratio: Array, induced: Array) -> Array:
    """Cost of a unit of performance a quarter later: ÷ max(learning × ratio^induced, 1)^¼.

    ``spending_ratio`` is the makers' spending over that of the start: more money brings more research and a faster
    cadence (``induced`` ≥ 0), less a slower one. What is learned is not lost: cost never rises.
    """
    return cost_usd / at_least(learning_per_year * at_least(spending_ratio, 1e-3) ** induced, 1.0) ** 0.25
