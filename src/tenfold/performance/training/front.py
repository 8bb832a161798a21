"""Pareto fronts of two costs."""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Floats, Indices


def pareto_front(first: Floats, second: Floats) -> Indices:
    """Indices of the points that no other point beats in both costs, by rising ``first``.

    Of points equal in both costs the one with the lowest index is kept.
    """
    order = np.lexsort((np.arange(len(first)), second, first))
    best_before = np.concatenate([[np.inf], np.minimum.accumulate(second[order])[:-1]])
    return order[second[order] < best_before]
