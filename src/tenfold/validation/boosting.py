"""Gradient boosted regression trees, small: a rival that knows no physics.

Squared loss, trees of fixed depth on binned features, shrunken steps [Friedman 2001, Greedy function approximation,
algorithm 1; leaves shrunken by a penalty as in Chen and Guestrin 2016, equation 5].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats, Indices

BINS = 32
DEPTH = 3
ROUNDS = 120
RATE = 0.1
PENALTY = 2.0
"""Rows of residual 0 that every leaf holds beside its own."""


@dataclass(frozen=True, slots=True)
class _Tree:
    feature: Indices
    """Feature asked at each inner node, level by level."""
    most: Indices
    """Highest bin that goes left."""
    value: Floats
    """Of each leaf."""

    def at(self, binned: Indices) -> Floats:
        """Value for each row."""
        place = np.zeros(len(binned), dtype=np.int64)
        for _ in range(DEPTH):
            right = binned[np.arange(len(binned)), self.feature[place]] > self.most[place]
            place = 2 * place + 1 + right
        return np.asarray(self.value[place - len(self.feature)])


def boosted(features: Floats, target: Floats, wanted: Floats) -> Floats:
    """Predict ``wanted`` (rows × features) after fitting ``features`` (rows × features) to ``target``."""
    edges = [np.unique(np.quantile(column, np.linspace(0.0, 1.0, BINS)[1:-1])) for column in features.T]
    known, asked = _binned(features, edges), _binned(wanted, edges)
    mean = float(target.mean())
    fitted, found = np.full(len(target), mean), np.full(len(wanted), mean)
    for _ in range(ROUNDS):
        tree = _grown(known, target - fitted)
        fitted += RATE * tree.at(known)
        found += RATE * tree.at(asked)
    return found


def _binned(features: Floats, edges: list[Floats]) -> Indices:
    columns = [np.searchsorted(edge, column) for edge, column in zip(edges, features.T, strict=True)]
    return np.stack(columns, axis=1)


def _grown(binned: Indices, residual: Floats) -> _Tree:
    """The tree whose splits lower the squared residual most, level by level."""
    place = np.zeros(len(binned), dtype=np.int64)
    feature, most = np.zeros(2**DEPTH - 1, dtype=np.int64), np.full(2**DEPTH - 1, BINS, dtype=np.int64)
    for level in range(DEPTH):
        first, nodes = 2**level - 1, 2**level
        feature[first : first + nodes], most[first : first + nodes] = _best_splits(
            binned, residual, place - first, nodes
        )
        right = binned[np.arange(len(binned)), feature[place]] > most[place]
        place = 2 * place + 1 + right
    leaf = place - (2**DEPTH - 1)
    total = np.bincount(leaf, residual, 2**DEPTH)
    return _Tree(feature, most, total / (np.bincount(leaf, minlength=2**DEPTH) + PENALTY))


def _best_splits(binned: Indices, residual: Floats, node: Indices, nodes: int) -> tuple[Indices, Indices]:
    """Feature and highest bin to the left of each node."""
    columns = binned.shape[1]
    cell = (node[:, None] * columns + np.arange(columns)) * BINS + binned
    shape = (nodes, columns, BINS)
    total = np.bincount(cell.ravel(), np.repeat(residual, columns), nodes * columns * BINS).reshape(shape)
    count = np.bincount(cell.ravel(), minlength=nodes * columns * BINS).reshape(shape)
    left, rows = total.cumsum(axis=2), count.cumsum(axis=2)
    other, others = left[..., -1:] - left, rows[..., -1:] - rows
    gain = left**2 / (rows + PENALTY) + other**2 / (others + PENALTY)
    best = gain.reshape(nodes, -1).argmax(axis=1)
    return best // BINS, best % BINS
