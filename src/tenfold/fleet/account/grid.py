"""A part of the fleet at every instant at which something changes: what is free, and how large a gang could start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.account.gaps import Gaps
from tenfold.fleet.account.steps import Steps, steps_of
from tenfold.fleet.asks import Scopes
from tenfold.fleet.capacity.nodes import Look
from tenfold.fleet.capacity.powered import Power
from tenfold.fleet.capacity.spots import Spot
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Room, Runs
from tenfold.quantities import Flags, Floats, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A part of the fleet with a line of its own: the jobs on it, and what became of them."""

    jobs: Jobs
    runs: Runs
    chips: int
    scopes: Scopes
    looks: Callable[[int], tuple[Look, ...]]
    """Which of the largest gangs tell whether a gang of a scope fits."""
    spots: tuple[Spot, ...] = ()
    """Where gangs can start, by level and kind; none where nobody asks."""
    power: Power | None = None
    tenant: str = ""
    """Whose it is; empty for a fleet that all share."""

    def free(self) -> Steps:
        """Chips that nobody holds."""
        return fleet_free((self,), self.chips)

    def broken(self) -> Steps:
        """Chips under repair."""
        out = self.runs.outages
        return steps_of((out.start_s, out.end_s), (out.chips, -out.chips), 0)


def fleet_free(lanes: tuple[Lane, ...], chips: int) -> Steps:
    """Free chips of all lanes together, and those that are in none."""
    runs = [lane.runs for lane in lanes]
    spans = [(each.start_s, each.end_s, each.held) for each in runs]
    spans += [(each.outages.start_s, each.outages.end_s, each.outages.chips) for each in runs]
    times = tuple(time for start_s, end_s, _ in spans for time in (start_s, end_s))
    return steps_of(times, tuple(change for _, _, held in spans for change in (-held, held)), chips)


@dataclass(frozen=True, slots=True)
class Grid:
    """A lane at every instant at which something changes."""

    time_s: Floats
    lasts_s: Floats
    free: Integers
    fleet_free: Integers
    gang: Integers
    """Largest gangs of whole nodes that could start, (instants, domains)."""
    part: Integers
    """Most chips free in one node, (instants, kinds)."""
    broken: Integers
    lane: Lane
    powered: Integers | None
    """Chips that could be busy beside those that are."""

    def fits(self, chips: int, scope: int) -> Flags:
        """Whether a gang could stand."""
        found = np.zeros(len(self.time_s), dtype=np.bool_)
        for gang, part, node in self.lane.looks(scope):
            found |= (self.part[:, part] if chips <= node else self.gang[:, gang]) >= chips
        return found


def grid_of(lane: Lane, fleet: Steps | None, gaps: Gaps) -> Grid:
    """Everything that bears on who could start, at every instant. There has to be a job.

    ``fleet`` is the free chips of all lanes, None where there is no other; ``gaps`` are those of the lane's jobs.
    """
    own, runs, power = lane.free(), lane.runs, lane.power
    events_s = np.concatenate([own.time_s, gaps.from_s, *([] if fleet is None else [fleet.time_s])])
    within_s = [each for *_, from_s, to_s in runs.reserved for each in (from_s, to_s)]
    within_s += [] if power is None else list(power.step_s)
    between_s = np.clip(np.array(within_s), events_s.min(), events_s.max())
    time_s = np.unique(np.concatenate([events_s, between_s]))
    lasts_s = np.diff(time_s, append=time_s[-1:])
    free, broken = own.at(time_s), lane.broken().at(time_s)
    gang, part = (free[:, None], free[:, None])
    if runs.room is not None and runs.room.shaped:
        gang, part = _roomy(runs.room, lane, time_s)
    fleet_free = free if fleet is None else fleet.at(time_s)
    powered = None if power is None else _powered(power, time_s) - (lane.chips - free - broken)
    return Grid(time_s, lasts_s, free, fleet_free, gang, part, broken, lane, powered)


def _roomy(room: Room, lane: Lane, time_s: Floats) -> tuple[Integers, Integers]:
    """Largest gangs at each time; a later pass of the same instant counts; all that there is before the first."""
    place = np.searchsorted(np.asarray(room.time_s), time_s, side="right")
    noted = (np.asarray(each, dtype=np.int64).reshape(len(room.time_s), -1) for each in (room.gang, room.part))
    gang, part = (np.concatenate((np.full((1, each.shape[1]), lane.chips), each)) for each in noted)
    return gang[place], part[place]


def _powered(power: Power, time_s: Floats) -> Integers:
    """Chips that may be busy at each time."""
    return np.concatenate(([0], power.chips))[np.searchsorted(np.asarray(power.step_s), time_s, side="right")]
