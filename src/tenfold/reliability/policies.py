"""A policy by names, applied to the hazards of a job, and its best interval.

The best interval maximises the exact goodput: Lambert's W where every save reaches storage (``intervals``), a search
over a geometric grid, refined once, where several saves in memory go to one in storage.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Column, Floats
from tenfold.reliability.checkpointing import CHECKPOINTS, Checkpointing, PolicyInputs
from tenfold.reliability.closed_forms import Saving, rates_back_per_s, uptime_per_useful
from tenfold.reliability.components import JobHazards
from tenfold.reliability.hazards import mttf_s
from tenfold.reliability.intervals import optimal_interval_s
from tenfold.reliability.policy import Policy
from tenfold.reliability.recoveries import DETECTIONS, RECOVERIES, Recovery
from tenfold.reliability.stops import Stops, stops

POINTS = 256
JOBS_AT_ONCE = 128
"""Jobs whose grids are searched at once: their columns fit a core's share of the cache."""
SHORTEST_S = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A policy applied to a job, or to many: columns broadcast."""

    policy: Policy
    stops: Stops
    checkpointing: Checkpointing
    recovery: Recovery

    def saving(self, interval_s: npt.ArrayLike) -> Saving:
        """Saves at an interval, with as many to one in storage as reach it in time. Broadcasts."""
        return saving_at(interval_s, self.checkpointing)


def apply_policy(policy: Policy, hazards: JobHazards, inputs: PolicyInputs) -> Applied:
    """Look the names up and apply them."""
    checkpointing = CHECKPOINTS[policy.checkpointing](inputs)
    recovery = RECOVERIES[policy.recovery](inputs)
    found = stops(hazards, checkpointing, recovery, DETECTIONS[policy.detection](inputs), inputs)
    return Applied(policy=policy, stops=found, checkpointing=checkpointing, recovery=recovery)


def saving_at(interval_s: npt.ArrayLike, checkpointing: Checkpointing) -> Saving:
    """Saves at an interval, with as many to one in storage as reach it in time. Broadcasts."""
    interval = np.asarray(interval_s, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        several = np.ceil(np.where(interval > 0, checkpointing.durable_interval_s / interval, 1.0) - 1e-9)
    return Saving(
        interval_s=interval,
        stall_s=checkpointing.stall_s,
        intervals_per_durable=np.maximum(several, 1.0),
        drain_s=checkpointing.drain_s,
        durable_drain_s=checkpointing.durable_drain_s,
    )


def best_interval_s(applied: Applied, longest_s: Column, shortest_s: Column = 0.0) -> Floats:
    """Interval with the highest exact goodput, s, no longer than ``longest_s``; broadcasts.

    No shorter than the policy can save, nor than ``shortest_s`` (a training step): where the best of the policy is
    shorter than that, a save comes with each. Raises nothing.
    """
    checkpointing = applied.checkpointing
    latest, durable = rates_back_per_s(applied.stops)
    shortest = np.minimum(np.maximum(checkpointing.shortest_interval_s, shortest_s), longest_s)
    back = latest + durable
    once = np.where(back > 0, optimal_interval_s(checkpointing.stall_s, mttf_s(back)), longest_s)
    best = np.asarray(np.clip(once, shortest, longest_s))
    searched = checkpointing.durable_interval_s > shortest
    if not np.any(searched):
        return best
    least = np.minimum(checkpointing.shortest_interval_s, longest_s)
    found = _searched_interval_s(checkpointing, latest, durable, least, longest_s)
    return np.where(searched, np.maximum(found, shortest), best)


def _searched_interval_s(
    checkpointing: Checkpointing, latest_per_s: Floats, durable_per_s: Floats, shortest_s: Column, longest_s: Column
) -> Floats:
    """Interval with the least uptime for useful work, on a geometric grid that is refined once; a few jobs at once."""
    least, most = np.maximum(shortest_s, SHORTEST_S), np.maximum(np.maximum(longest_s, shortest_s), SHORTEST_S)
    names = [field.name for field in fields(Checkpointing)]
    columns = np.broadcast_arrays(
        latest_per_s, durable_per_s, least, most, *(getattr(checkpointing, name) for name in names)
    )
    flat, best = [column.reshape(-1) for column in columns], np.empty(columns[0].size)
    for start in range(0, best.size, JOBS_AT_ONCE):
        latest, durable, low, high, *policy = (column[start : start + JOBS_AT_ONCE] for column in flat)
        part = Checkpointing(**dict(zip(names, policy, strict=True)))
        for _ in range(2):
            grid = np.geomspace(low, high, POINTS)
            place = np.argmin(uptime_per_useful(latest, durable, saving_at(grid, part)), axis=0)[None]
            found, low, high = (
                np.take_along_axis(grid, np.clip(place + step, 0, POINTS - 1), axis=0)[0] for step in (0, -1, 1)
            )
        best[start : start + JOBS_AT_ONCE] = found
    return best.reshape(columns[0].shape)
