"""Many draws of one strict line at once: job after job, all draws side by side.

Where the line stops at the first that does not fit, jobs start in order whatever they last, so that draws which differ
in what jobs last can be worked out together. The state of a draw is when each chip is free next, in order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.quantities import Floats, Integers

MOST_PLACES = 1024
"""Chips up to which moving whole columns of them is quicker than going from event to event."""
AT_ONCE = 50_000
"""Chips times draws that are moved at once, so that they stay in the cache."""


def starts_in_line_s(now_s: float, places: int, gangs: Integers, lasts_s: Floats, interval_s: float = 0.0) -> Floats:
    """When each job of a strict line starts, s, (jobs, draws); all of them wait at ``now_s``, when all is free.

    ``gangs`` is the places that each takes, (jobs,), and none takes more than there are; ``lasts_s`` is how long each
    holds them, (jobs, draws); ``interval_s`` is the time between two passes, 0 for one at every event.

    A gang of g starts when the g-th place is free, and not before the one ahead of it: the workload vector of Kiefer
    and Wolfowitz, "On the theory of queues with many servers" (1955), for jobs that take several servers. Letting
    the first g of a sorted column V go and putting g times t in its place gives max(min(V[k + g], t), V[k]).
    """
    jobs, draws = lasts_s.shape
    starts_s = np.empty((jobs, draws))
    some = max(1, AT_ONCE // places)
    for first in range(0, draws, some):
        part = slice(first, first + some)
        starts_s[:, part] = _starts_s(now_s, places, gangs.tolist(), np.ascontiguousarray(lasts_s[:, part]), interval_s)
    return starts_s


def _starts_s(now_s: float, places: int, gangs: Sequence[int], lasts_s: Floats, interval_s: float) -> Floats:
    jobs, draws = lasts_s.shape
    free_s = np.full((places, draws), now_s)
    other = np.empty_like(free_s)
    starts_s = np.empty((jobs, draws))
    before_s = np.full(draws, now_s)
    for job, gang in enumerate(gangs):
        start_s = np.maximum(before_s, free_s[gang - 1])
        if interval_s:
            start_s = -(-start_s // interval_s) * interval_s
        end_s = start_s + lasts_s[job]
        kept = places - gang
        np.minimum(free_s[gang:], end_s, out=other[:kept])
        other[kept:] = end_s
        np.maximum(other[gang:], free_s[gang:], out=other[gang:])
        free_s, other = other, free_s
        starts_s[job] = before_s = start_s
    return starts_s
