"""Where a task goes when chips are shared: rivals with one signature, by name in ``SHARED_PLACEMENTS``.

    placement(Cluster, task, able, typical) → score of each able node, the highest first; ties by an order drawn once

random      any
dot-prod    least of what is left in the direction of what is asked (Tetris' opposite: full nodes first)
clustering  nodes that hold tasks of the same number of chips, then empty ones; fuller ones first
packing     chips in use, then free chips of nodes in use, then empty nodes
best-fit    least left of cores and chips, in equal weights
fgd         least growth of what typical tasks cannot use of what is left

Sources: Weng et al., "Beware of Fragmentation" (USENIX ATC 2023): fgd, section 4.2, and the rivals of section 6.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tenfold.fleet.shared.cluster import WHOLE, Cluster, Task
from tenfold.fleet.shared.fragments import Fragments
from tenfold.quantities import Floats, Indices

LARGEST_CPU_MILLI, LARGEST_CHIPS_MILLI = 128_000.0, 8_000.0
"""A node that scores count in parts of."""
TOP = 100

Scores = Callable[[Cluster, Task, Indices, Fragments], Floats]


def at_random(cluster: Cluster, task: Task, able: Indices, typical: Fragments) -> Floats:
    """All alike: the draw decides."""
    del cluster, task, typical
    return np.zeros(len(able))


def dot_product(cluster: Cluster, task: Task, able: Indices, typical: Fragments) -> Floats:
    """1 − ½ Σ left × asked, over cores and chips of a large node."""
    del typical
    cores = cluster.cpu[able] * (task.cpu_milli / LARGEST_CPU_MILLI**2)
    chips = cluster.total[able] * (task.total / LARGEST_CHIPS_MILLI**2)
    return np.asarray(np.floor(TOP * (1.0 - (cores + chips) / 2.0)))


def clustering(cluster: Cluster, task: Task, able: Indices, typical: Fragments) -> Floats:
    """Quarters: only the same kind there, the same among others, nothing there, others; fuller first in each."""
    del typical
    if not task.count:
        return np.zeros(len(able))
    column = cluster.kind(task)
    kinds = cluster.kinds[able] > 0
    same, several = kinds[:, column], kinds.sum(axis=1)
    quarter = np.where(same, np.where(several == 1, 3, 2), np.where(several == 0, 1, 0))
    full = (LARGEST_CHIPS_MILLI - cluster.total[able]) / LARGEST_CHIPS_MILLI
    return np.asarray(np.floor(TOP / 4 * full) + quarter * TOP / 4)


def packing(cluster: Cluster, task: Task, able: Indices, typical: Fragments) -> Floats:
    """Above a half where chips in use are enough, above a third where some free ones are needed."""
    del typical
    if not task.count:
        return np.zeros(len(able))
    left = np.sort(np.where(cluster.left[able] >= task.milli, cluster.left[able], 2 * WHOLE), axis=1)[:, : task.count]
    fresh = (left == WHOLE).sum(axis=1)
    free = (cluster.left[able] == WHOLE).sum(axis=1)
    spare = (left * TOP // WHOLE).sum(axis=1)
    score = np.where(fresh > 0, np.maximum(TOP // 2 - fresh, TOP // 3), np.maximum(TOP - spare // 10, TOP // 2)).astype(
        np.float64
    )
    empty = free == cluster.chips[able]
    return np.asarray(np.where(empty, np.maximum(TOP // 3 - free, free), score), dtype=np.float64)


def best_fit(cluster: Cluster, task: Task, able: Indices, typical: Fragments) -> Floats:
    """1 − ½ Σ left after it, over a large node; stretched so that the worst is 0 and the best 100."""
    del typical
    cores = (cluster.cpu[able] - task.cpu_milli) / LARGEST_CPU_MILLI
    chips = (cluster.total[able] - task.total) / LARGEST_CHIPS_MILLI
    score = np.floor((1.0 - 0.5 * cores - 0.5 * chips) * TOP)
    low, high = score.min(), score.max()
    if low == high:
        return np.zeros(len(able))
    return np.asarray((score - low) * TOP // (high - low), dtype=np.float64)


def fgd(cluster: Cluster, task: Task, able: Indices, typical: Fragments) -> Floats:
    """Sigmoid of how much less typical tasks leave unused after it than before, in chips."""
    less, _ = typical.less(cluster, task, able)
    return np.asarray(np.floor(TOP / (1.0 + np.exp(-less / WHOLE))))


SHARED_PLACEMENTS: Mapping[str, Scores] = MappingProxyType(
    {
        "random": at_random,
        "dot-prod": dot_product,
        "clustering": clustering,
        "packing": packing,
        "best-fit": best_fit,
        "fgd": fgd,
    }
)
"""Placements on shared chips by name."""
