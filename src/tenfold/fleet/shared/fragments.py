"""Fragments: what typical tasks cannot use of what is left of a node.

    F(node) = Σ_m p_m f_m(node),   f_m = all that is left where task m does not fit,
    else what is left of chips too full for it

Source: Weng et al., "Beware of Fragmentation" (USENIX ATC 2023), section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tenfold.fleet.shared.cluster import Cluster, Task
from tenfold.quantities import Floats, Indices, Integers

TYPICAL_SHARE = 0.95
"""Share of the tasks that are typical: the most frequent kinds that make it up."""


class Fragments:
    """Typical tasks, and what each node and each choice on it would leave to them; worked out where nodes changed."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        counts = Counter(tasks).most_common()
        share, kinds, parts = 0.0, [], []
        for task, count in counts:
            if share >= TYPICAL_SHARE:
                break
            share += count / len(tasks)
            kinds.append(task)
            parts.append(count / len(tasks))
        self._part = np.array(parts)
        self._cpu = np.array([task.cpu_milli for task in kinds])
        self._milli = np.array([task.milli for task in kinds])
        self._count = np.array([task.count for task in kinds])
        self._known: dict[Task, tuple[Floats, Integers]] = {}
        self._seen: dict[Task, int] = {}
        self._changed: list[int] = []

    def changed(self, node: int) -> None:
        """Remember that something was put on a node."""
        self._changed.append(node)

    def amount(self, cpu: Integers, left: Integers) -> Floats:
        """Thousandths of chips that typical tasks cannot use; ``cpu`` (...,), ``left`` (..., chips)."""
        total = left.sum(axis=-1)
        short = left[..., None, :] < self._milli[:, None]
        fits = (~short & (left[..., None, :] > 0)).sum(axis=-1) >= self._count
        usable = fits & (cpu[..., None] >= self._cpu) & (self._milli > 0)
        lost = np.where(usable, (left[..., None, :] * short).sum(axis=-1), total[..., None])
        return np.asarray(lost @ self._part)

    def less(self, cluster: Cluster, task: Task, able: Indices) -> tuple[Floats, Integers]:
        """How much less is lost after a task than before on each node, and on which chip it is put; (able,)."""
        if task not in self._known:
            self._known[task] = (np.zeros(len(cluster.chips)), np.zeros(len(cluster.chips), dtype=np.int64))
            stale = np.arange(len(cluster.chips))
        else:
            stale = np.unique(np.array(self._changed[self._seen[task] :], dtype=np.int64))
        self._seen[task] = len(self._changed)
        less, chip = self._known[task]
        some = stale[cluster.able(task)[stale]] if len(stale) else stale
        if len(some):
            less[some], chip[some] = self._worked_out(cluster, task, some)
        return less[able], chip[able]

    def _worked_out(self, cluster: Cluster, task: Task, nodes: Indices) -> tuple[Floats, Integers]:
        cpu, left = cluster.cpu[nodes], cluster.left[nodes]
        before = self.amount(cpu, left)
        if not task.part:
            after = left.copy()
            for row in range(len(nodes)):
                after[row, cluster.tightest(int(nodes[row]), task)] -= task.milli
            return before - self.amount(cpu - task.cpu_milli, after), np.zeros(len(nodes), dtype=np.int64)
        width = left.shape[1]
        choices = np.repeat(left[:, None, :], width, axis=1)
        own = np.arange(width)
        choices[:, own, own] -= task.milli
        able = choices[:, own, own] >= 0
        lost = self.amount(np.repeat((cpu - task.cpu_milli)[:, None], width, axis=1), np.maximum(choices, 0))
        gain = np.where(able, before[:, None] - lost, -np.inf)
        best = np.argmax(gain, axis=1)
        return gain[np.arange(len(nodes)), best], best
