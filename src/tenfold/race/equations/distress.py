"""Distress: who cannot pay, what its creditors lose, what it sells.

Users owe owners and nobody else, so the greatest clearing vector of Eisenberg and Noe 2001
(doi:10.1287/mnsc.47.2.236) is reached in one step: p = min(p̄, means). Arrays are (user, draw) or (player, draw).
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array


def paid_share(means_usd: Array, due_usd: Array) -> Array:
    """Share of what is due that a user pays: min(1, means ÷ due); 1 where nothing is due."""
    return np.minimum(np.maximum(means_usd, 0.0) / np.maximum(due_usd, 1.0), 1.0)


def received_usd(due_usd: Array, paid_share: Array, owed_to: Array) -> Array:
    """Dollars that owners receive, (player, draw). ``owed_to`` is (player, user), the share of a user's dues; adds to 1."""
    return np.asarray(owed_to @ (due_usd * paid_share))


def in_distress(cash_usd: Array, funds_usd: Array, running_usd: Array) -> Array:
    """Whether a player has no cash and its funds do not cover what it must pay in the quarter."""
    return (cash_usd < 0.0) & (funds_usd < running_usd)


def sold_share(failed: Array) -> Array:
    """Share of its fleet that a player sells in the quarter: a half of what is left where it has failed."""
    return np.where(failed, np.float32(0.5), np.float32(0.0))
