"""Concentration: shares of the largest, Herfindahl and Hirschman's index, Gini. Shares on the first axis."""

from __future__ import annotations

import numpy as np

from tenfold.race.arrays import Array


def shares(amounts: Array) -> Array:
    """Amounts over their sum; 0 where there is nothing."""
    return amounts / np.maximum(amounts.sum(axis=0), 1e-30)


def largest_shares(shares: Array, counts: tuple[int, ...]) -> tuple[Array, ...]:
    """CRk: the sum of the k largest shares, for each k."""
    most = max(counts)
    top = np.partition(shares, len(shares) - most, axis=0)[-most:] if most < len(shares) else shares
    ordered = np.sort(top, axis=0)[::-1]
    return tuple(ordered[:count].sum(axis=0) for count in counts)


def herfindahl(shares: Array) -> Array:
    """HHI: Σ s², 1/n for n equals, 1 for one alone. Its inverse is the effective number of players."""
    return (shares * shares).sum(axis=0)


def gini(shares: Array) -> Array:
    """Gini of the shares: 0 for equals, towards 1 for one alone. O(n²) in players."""
    count = len(shares)
    ordered = np.sort(shares, axis=0)
    weight = (2.0 * np.arange(1, count + 1) - count - 1.0) / count
    return np.tensordot(weight, ordered, axes=(0, 0))
