"""Distress: who cannot pay, what its creditors lose, what it sells.

Users owe owners and nobody else, so the greatest clearing vector of Eisenberg and Noe 2001
(doi:10.1287/mnsc.47.2.236) is reached in one step: p = min(p̄, means). Arrays are (user, draw) or (player, draw).
"""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least, at_most


def core_cash_flow_usd(own_usd: Array, funding_usd: Array, growth: Array, mood: Array) -> Array:
    """Cash flow before AI, growth·(own + mood·funding): investors' money follows their mood, 0 to 1. USD a quarter.

    ``own_usd`` and ``funding_usd`` are (player,), of a business and from investors at the start; ``growth`` since then
    and ``mood`` are (draw,). Falls with the mood for who has nothing else.
    """
    return np.stack([own_usd, funding_usd], axis=1) @ np.stack([growth, growth * mood])


def mood(fullness: Array, norm: Array, lending: float) -> Array:
    """How willing investors are, over the start: min(1, u ÷ u*) × what a case leaves of lending. Rises in both."""
    return at_most(fullness / norm, 1.0) * np.float32(lending)


def means_usd(revenue_usd: Array, funding_over_revenue: Array, mood: Array) -> Array:
    """What a user can pay in a quarter: revenue, and new money as far as investors are willing. Rises with the mood."""
    return revenue_usd * (1.0 + funding_over_revenue * mood)


def repaid_share(debt_years: Array, mood: Array) -> Array:
    """Share of its debt that a debtor pays back in a quarter, (draw,): what falls due and is not lent anew.

    1/(4·years) × (1 − mood). Falls with the mood: where lenders are willing, all is rolled over.
    """
    return at_least(1.0 - mood, 0.0) / (debt_years * 4.0)


def paid_share(means_usd: Array, due_usd: Array) -> Array:
    """Share of what is due that a user pays: min(1, means ÷ due); 1 where nothing is due."""
    least = np.float32(1e-6)
    return at_most((at_least(means_usd, 0.0) + least) / (due_usd + least), 1.0)


def borrowed_usd(cash_usd: Array, left_usd: Array, lent_usd: Array) -> Array:
    """New debt: what is missing when a quarter of the cash is used, at most what lenders give. USD a quarter.

    min(max(−(cash/4 + left), 0), lent). ``left_usd`` is what the quarter leaves after all that is paid.
    """
    missing = cash_usd * -0.25
    missing -= left_usd
    return np.minimum(at_least(missing, 0.0, out=missing), lent_usd, out=missing)


def paid_out_usd(left_usd: Array) -> Array:
    """What goes to shareholders: half of what the quarter leaves, if anything. USD a quarter; written over it."""
    paid = at_least(left_usd, 0.0, out=left_usd)
    paid *= 0.5
    return paid


def in_distress(cash_usd: Array, funds_usd: Array, due_usd: Array) -> Array:
    """Whether a player has no cash and its funds do not cover what it must pay in the quarter: interest, debt due."""
    return (cash_usd < 0.0) & (funds_usd < due_usd)


def sold_share(failed: Array) -> Array:
    """Share of its fleet that a player sells in the quarter: a half of what is left where it has failed."""
    return np.where(failed, np.float32(0.5), np.float32(0.0))
