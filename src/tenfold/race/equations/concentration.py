"""Concentration: shares of the largest, Herfindahl and Hirschman's index, Gini. Shares on the first axis."""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array, at_least


def shares(amounts: Array) -> Array:
    """Amounts over their sum; 0 where there is nothing."""
    return amounts / at_least(amounts.sum(axis=0), 1e-30)


def largest_shares(ordered: Array, counts: tuple[int, ...]) -> tuple[Array, ...]:
    """CRk: the sum of the k largest shares, for each k. ``ordered`` are shares, the smallest first."""
    return tuple(ordered[-count:].sum(axis=0) for count in counts)


def herfindahl(shares: Array) -> Array:
    """HHI: Σ s², 1/n for n equals, 1 for one alone. Its inverse is the effective number of players."""
    return (shares * shares).sum(axis=0)


def gini(ordered: Array) -> Array:
    """Gini of shares, the smallest first: 0 for equals, towards 1 for one alone."""
    count = len(ordered)
    weight = (2.0 * np.arange(1, count + 1) - count - 1.0) / count
    return np.asarray(weight.astype(ordered.dtype) @ ordered)
