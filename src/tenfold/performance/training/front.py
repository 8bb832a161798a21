"""Pareto fronts of two costs."""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Floats, Indices


def pareto_front(first: Floats, second: Floats) -> Indices:
    """Indices of the points that no other point beats in both costs, by rising ``first``.

    Of points equal in both costs the one with the lowest index is kept.
    """
    near = _near(first, second)
    order = near[np.lexsort((second[near], first[near]))]
    best_before = np.concatenate([[np.inf], np.minimum.accumulate(second[order])[:-1]])
    return order[second[order] < best_before]


def _near(first: Floats, second: Floats) -> Indices:
    """Points that one of them does not beat: the one of the least product, which leaves few to sort."""
    if not len(first):
        return np.zeros(0, dtype=np.intp)
    with np.errstate(invalid="ignore"):  # 0 × ∞; any point would do
        sieve = np.argmin(first * second)
    no_better = (first >= first[sieve]) & (second >= second[sieve])
    equal = (first == first[sieve]) & (second == second[sieve])
    return np.flatnonzero(~no_better | equal)
