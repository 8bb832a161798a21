"""Fill a cluster: tasks in a drawn order until more is asked than there is; what does not fit is turned away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.shared.cluster import Cluster, Task
from tenfold.fleet.shared.fragments import Fragments
from tenfold.fleet.shared.scores import SHARED_PLACEMENTS
from tenfold.quantities import Floats, Integers

MOST_ASKED = 1.3
"""Share of the chips that is asked for in the end."""
ASKED = (0.5, 0.8, 0.9, 0.95, 1.0, 1.1, 1.2, 1.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Nodes to be filled."""

    cpu_milli: Integers
    memory_mib: Integers
    chips: Integers


def drawn_tasks(tasks: Sequence[Task], capacity: int, rng: np.random.Generator) -> list[Task]:
    """Give the tasks in a drawn order, and then more of them drawn, until ``MOST_ASKED`` of the chips are asked for."""
    found = [tasks[place] for place in rng.permutation(len(tasks)).tolist()]
    asked, most = sum(task.total for task in found), MOST_ASKED * capacity
    while asked <= most:
        found.append(tasks[int(rng.integers(len(tasks)))])
        asked += found[-1].total
    return found


def fill(nodes: Nodes, tasks: Sequence[Task], placement: str, seed: int) -> Floats:
    """Share of chips that are held when each share of ``ASKED`` is asked for, (asked,)."""
    rng = np.random.default_rng(np.random.SeedSequence((seed, 42)))
    order = rng.permutation(len(nodes.chips))  # ties go to the first node in an order that is drawn once
    cluster = Cluster(nodes.cpu_milli[order], nodes.memory_mib[order], nodes.chips[order])
    at_random = placement == "random"
    typical, scores = Fragments(tasks), SHARED_PLACEMENTS[placement]
    asked = held = 0
    found = np.full(len(ASKED), np.nan)
    for task in drawn_tasks(tasks, cluster.capacity, rng):
        asked += task.total
        able = np.flatnonzero(cluster.able(task))
        if len(able):
            score = scores(cluster, task, able, typical)
            best = np.flatnonzero(score == score.max())
            node = int(able[best[int(rng.integers(len(best))) if at_random else 0]])
            chips = _chips(cluster, typical, placement, node, task, rng)
            cluster.put(node, chips, task)
            typical.changed(node)
            held += task.total
        passed = np.isnan(found) & (asked >= np.asarray(ASKED) * cluster.capacity)
        found[passed] = held / cluster.capacity
    return np.where(np.isnan(found), held / cluster.capacity, found)


def _chips(
    cluster: Cluster,
    typical: Fragments,
    placement: str,
    node: int,
    task: Task,
    rng: np.random.Generator,
) -> Integers:
    """Chips of the node that a task takes."""
    if not task.count:
        return np.zeros(0, dtype=np.int64)
    if task.part and placement == "fgd":
        _, chip = typical.less(cluster, task, np.array([node]))
        return chip
    if placement == "random":
        fitting = np.flatnonzero(cluster.left[node] >= task.milli)
        return np.asarray(rng.permutation(fitting)[: task.count])
    return cluster.tightest(node, task)
