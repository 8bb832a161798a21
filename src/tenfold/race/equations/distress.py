"""Distress: who cannot pay, what its creditors lose, what it sells.

Users owe owners and nobody else, so the greatest clearing vector of Eisenberg and Noe 2001
(doi:10.1287/mnsc.47.2.236) is reached in one step: p = min(p̄, means). Arrays are (user, draw) or (player, draw).
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array


def core_cash_flow_usd(cash_flow_usd: Array, funded: Array, mood: Array) -> Array:
    """Cash flow before AI: a business's own stays, what investors put in follows their mood, 0 to 1. USD a quarter.

    ``funded`` is the share that comes from investors. Falls with the mood for who has nothing else.
    """
    return cash_flow_usd * (1.0 - funded * (1.0 - mood))


def paid_share(means_usd: Array, due_usd: Array) -> Array:
    """Share of what is due that a user pays: min(1, means ÷ due); 1 where nothing is due."""
    return np.minimum(np.maximum(means_usd, 0.0) / np.maximum(due_usd, 1.0), 1.0)


def in_distress(cash_usd: Array, funds_usd: Array, running_usd: Array) -> Array:
    """Whether a player has no cash and its funds do not cover what it must pay in the quarter."""
    return (cash_usd < 0.0) & (funds_usd < running_usd)


def sold_share(failed: Array) -> Array:
    """Share of its fleet that a player sells in the quarter: a half of what is left where it has failed."""
    return np.where(failed, np.float32(0.5), np.float32(0.0))
