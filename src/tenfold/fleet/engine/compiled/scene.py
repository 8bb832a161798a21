"""All that the compiled engine keeps, as arrays in one flat tuple: what ``steady.State`` holds.

Flat, since each tuple in a tuple would be counted and freed anew at every look at it. Two yards and two lists of ends
stand side by side, told apart by their first index.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tenfold.fleet.jobs import Jobs
from tenfold.quantities import Flags, Floats, Integers

BLOCK = 64
"""Nodes, or spots of the line, that are counted together, so that the first of them is found soon."""
NOBODY = -1
HERE, SPARE = 0, 1
"""Yards: as it is, and as it will be when the first in line has its promised place."""
ENDING, EXPECTED = 0, 1
"""Ends: as they will be, a heap; and as estimated, a list in order."""
FREE, WHOLE, LARGEST = 0, 1, 2
"""Totals of a yard: free chips, chips of nodes that are wholly free, the largest node."""
NOW, PROMISED_S = 0, 1
"""Times on the clock: now, and when the first in line was promised to start."""
FIRST, PLACEMENT = 0, 1
"""What was told: who was promised, and the placement."""


class Scene(NamedTuple):
    """Jobs by rank, nodes, the line, and ends."""

    chips: Integers
    work_s: Floats
    estimate_s: Floats
    started_s: Floats
    held: Integers
    """Chips each job holds, which may be more than it asked for."""
    node: Integers
    """First node that each job holds."""
    after: Integers
    """Node that the holder of each node holds next."""
    place: Integers
    """Nodes of the place that was found last."""
    clock_s: Floats
    told: Integers
    node_chips: Integers
    """Chips of each node."""
    left: Integers
    """Free chips of each node, (yards, nodes)."""
    nodes_by_left: Integers
    """Nodes by how many of their chips are free, (yards, chips)."""
    in_block: Integers
    """The same by block of nodes, (yards, chips, blocks)."""
    idle: Integers
    """Nodes that are wholly free by block of nodes, (yards, blocks)."""
    total: Integers
    """Totals, (yards, 3)."""
    sizes: Integers
    """Numbers of chips that jobs have, from small to large; all jobs of a size stand together in the line."""
    begins: Integers
    """First spot of each size, and the end of the last."""
    rank: Integers
    """Job at each spot: by size, then in order."""
    spot: Integers
    """Spot of each job."""
    size: Integers
    """Place of each job's chips in ``sizes``."""
    waits: Flags
    """Whether the job at a spot waits."""
    waiting_in_block: Integers
    """How many wait, by block of spots."""
    first: Integers
    """First spot of each size where somebody waits; while somebody does."""
    waiting: Integers
    """How many wait, by size."""
    passed: Integers
    """Spot up to which backfilling has looked, by size."""
    end_s: Floats
    """Ends, (lists, jobs)."""
    end_rank: Integers
    """Whose they are, (lists, jobs)."""
    ends: Integers
    """How many there are, (lists,)."""


def scene_of(jobs: Jobs, node_chips: Integers, placement: int) -> Scene:
    """Nothing has happened yet; ``jobs`` stand by rank. One node is a pool."""
    count, nodes = len(jobs), len(node_chips)
    block, largest = np.arange(nodes) // BLOCK, int(node_chips.max())
    in_block = _nodes_by_left(node_chips, block)
    sizes, size = np.unique(jobs.chips, return_inverse=True)
    rank = np.argsort(size, kind="stable")
    spot = np.empty(count, dtype=np.int64)
    spot[rank] = np.arange(count)
    begins = np.concatenate(([0], np.cumsum(np.bincount(size, minlength=len(sizes)))))
    return Scene(
        chips=jobs.chips,
        work_s=jobs.work_s,
        estimate_s=jobs.estimate_s,
        started_s=np.full(count, np.inf),
        held=jobs.chips.copy(),
        node=_nothing(count),
        after=_nothing(nodes),
        place=_nothing(nodes),
        clock_s=np.zeros(2),
        told=np.array([NOBODY, placement], dtype=np.int64),
        node_chips=node_chips,
        left=np.stack([node_chips] * 2),
        nodes_by_left=np.stack([in_block.sum(axis=1)] * 2),
        in_block=np.stack([in_block] * 2),
        idle=np.stack([np.bincount(block).astype(np.int64)] * 2),
        total=np.array([[node_chips.sum(), node_chips.sum(), largest]] * 2, dtype=np.int64),
        sizes=sizes,
        begins=begins,
        rank=rank,
        spot=spot,
        size=size.astype(np.int64),
        waits=np.zeros(count, dtype=np.bool_),
        waiting_in_block=_nothing(count // BLOCK + 1),
        first=begins[:-1].copy(),
        waiting=_nothing(len(sizes)),
        passed=_nothing(len(sizes)),
        end_s=np.empty((2, count)),
        end_rank=np.empty((2, count), dtype=np.int64),
        ends=_nothing(2),
    )


def _nodes_by_left(node_chips: Integers, block: Integers) -> Integers:
    """Nodes of each block by the chips that they have left, (chips, block); a pool has nothing to look up."""
    several = len(node_chips) > 1
    found = np.zeros((int(node_chips.max()) + 1 if several else 1, int(block[-1]) + 1), dtype=np.int64)
    if several:
        np.add.at(found, (node_chips, block), 1)
    return found


def _nothing(count: int) -> Integers:
    return np.zeros(count, dtype=np.int64)
