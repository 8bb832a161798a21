"""Columns of the linear programme: where each family stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.planning.procurement.classes import Classes, Groups
from tenfold.planning.procurement.programme import Programme
from tenfold.planning.procurement.rents import Rents
from tenfold.quantities import Flags, Indices

ABSENT = -1
"""Index of a column that a programme does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each family of columns stands; ``ABSENT`` where there is no such column."""

    orders: Indices
    """(o, t) lots."""
    capacity: Indices
    """(k, t) units ordered up to t."""
    upfront: Indices
    """(k, t) base price of what is ordered in t."""
    running: Indices
    """(k, t) base running costs a quarter of what is ordered in t."""
    serve: Indices
    """(g, w, s, t) units of a group given to a workload."""
    unserved: Indices
    """(w, s, t) H100e; of training in its last quarter, for the whole run."""
    rents: Indices
    """(e,) units."""
    cost: Indices
    """(s,) present value."""
    threshold: int
    """η, the value at risk."""
    excess: Indices
    """(s,) cost beyond the threshold."""
    count: int


def layout_of(programme: Programme, groups: Groups, classes: Classes, rents: Rents) -> Layout:
    """Give every family its place, one after another."""
    taken = 0

    def block(present: Flags) -> Indices:
        nonlocal taken
        count = int(present.sum())
        found = np.full(present.shape, ABSENT, dtype=np.intp)
        found[present] = np.arange(taken, taken + count)
        taken += count
        return found

    options, quarters = programme.commitments.most_lots.shape
    scenarios = len(programme.scenarios.names)
    runs = runs_in(programme)
    every = np.ones((len(classes.group), quarters), dtype=np.bool_)
    serves = (groups.direction > 0)[:, :, None, None] & runs[None, :, None, :]
    last = np.arange(quarters) == programme.workloads.last_quarter[:, None]
    short = np.where(is_training(programme)[:, None], last, runs)
    return Layout(
        orders=block(np.ones((options, quarters), dtype=np.bool_)),
        capacity=block(every),
        upfront=block(every),
        running=block(every),
        serve=block(np.broadcast_to(serves, (*serves.shape[:2], scenarios, quarters))),
        unserved=block(np.broadcast_to(short[:, None], (len(short), scenarios, quarters))),
        rents=block(np.ones(len(rents.offer), dtype=np.bool_)),
        cost=block(np.ones(scenarios, dtype=np.bool_)),
        threshold=int(block(np.ones(1, dtype=np.bool_))[0]),
        excess=block(np.ones(scenarios, dtype=np.bool_)),
        count=taken,
    )


def runs_in(programme: Programme) -> Flags:
    """Tell in which quarters each workload runs, (w, t)."""
    quarters, work = np.arange(len(programme.quarters)), programme.workloads
    return (quarters >= work.first_quarter[:, None]) & (quarters <= work.last_quarter[:, None])


def is_training(programme: Programme) -> Flags:
    """Tell which workloads are training runs, (w,)."""
    return np.array([kind == "train" for kind in programme.workloads.kinds], dtype=np.bool_)
