"""Columns of the linear programme: every family gets its place."""

from __future__ import annotations

import numpy as np

from tenfold.planning.procurement.model import ABSENT, Classes, Groups, Layout, Rents
from tenfold.planning.procurement.programme import Programme, is_training, runs_in
from tenfold.quantities import Flags, Indices


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
