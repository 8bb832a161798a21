"""Why jobs waited and why chips stood idle, instant by instant.

A waiting job of g chips, at an instant right after a pass:

down        fewer than g chips of the whole fleet are free, and those under repair would be enough with them
capacity    fewer than g chips of the whole fleet are free
quota       g are free, but its tenant has no more to use
shape       its share of the fleet has g free, but not where a gang of g may stand
level       g could stand somewhere, but not in one domain of its level, or not on a kind of chip that it takes
power       it could stand, but with g more chips busy the power would not be enough
reserved    it could start, but for what is reserved for others
interval    it could start, but no pass has come since
policy      it could start, but somebody before it comes first: head of the line, or a promise

Chips that are idle while somebody waits are idle for the reason of whoever could use them, or ``gang`` where too few
are free for any who waits; while nobody waits they are ``no_work``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.account.gaps import Gaps
from tenfold.fleet.account.steps import Steps, steps_of
from tenfold.fleet.asks import ANY_PLACE, Scopes
from tenfold.fleet.capacity.nodes import Look
from tenfold.fleet.capacity.powered import Power
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Room, Runs
from tenfold.quantities import Flags, Floats, Integers

CAPACITY, DOWN, QUOTA, SHAPE, LEVEL, POWER, RESERVED, POLICY = (
    *("capacity", "down", "quota", "shape", "level", "power", "reserved", "policy"),
)
REASONS = (CAPACITY, DOWN, QUOTA, SHAPE, LEVEL, POWER, RESERVED, POLICY)
GANG, NO_WORK = "gang", "no_work"
USABLE = (SHAPE, LEVEL, POWER, POLICY, RESERVED)
"""Reasons of idle chips that somebody who waits could use; the last that holds counts."""
IDLE = (NO_WORK, GANG, SHAPE, LEVEL, POWER, RESERVED, POLICY, DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A part of the fleet with a line of its own: the jobs on it, and what became of them."""

    jobs: Jobs
    runs: Runs
    chips: int
    scopes: Scopes
    looks: Callable[[int], tuple[Look, ...]]
    """Which of the largest gangs tell whether a gang of a scope fits."""
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
class _Grid:
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

    def reasons(self, chips: int, scope: int) -> Mapping[str, Flags]:
        """Why a gang would wait; exactly one of them holds at each instant."""
        short, held = self.fleet_free < chips, self.free < chips
        fits = self.fits(chips, scope)
        anywhere = fits if scope == ANY_PLACE else self.fits(chips, ANY_PLACE)
        power = np.zeros(len(fits), dtype=np.bool_) if self.powered is None else ~held & fits & (self.powered < chips)
        return {
            CAPACITY: short & (self.fleet_free + self.broken < chips),
            DOWN: short & (self.fleet_free + self.broken >= chips),
            QUOTA: held & ~short,
            SHAPE: ~held & ~anywhere,
            LEVEL: ~held & anywhere & ~fits,
            POWER: power,
            POLICY: ~held & fits & ~power,
        }


def _grid(lane: Lane, fleet: Steps | None, gaps: Gaps) -> _Grid:
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
    return _Grid(time_s, lasts_s, free, fleet_free, gang, part, broken, lane, powered)


def _roomy(room: Room, lane: Lane, time_s: Floats) -> tuple[Integers, Integers]:
    """Largest gangs at each time; a later pass of the same instant counts; all that there is before the first."""
    place = np.searchsorted(np.asarray(room.time_s), time_s, side="right")
    noted = (np.asarray(each, dtype=np.int64).reshape(len(room.time_s), -1) for each in (room.gang, room.part))
    gang, part = (np.concatenate((np.full((1, each.shape[1]), lane.chips), each)) for each in noted)
    return gang[place], part[place]


def _powered(power: Power, time_s: Floats) -> Integers:
    """Chips that may be busy at each time."""
    return np.concatenate(([0], power.chips))[np.searchsorted(np.asarray(power.step_s), time_s, side="right")]


def account_lane(lane: Lane, fleet: Steps | None, gaps: Gaps) -> tuple[Mapping[str, Floats], Mapping[str, float]]:
    """Waits of each job by reason, s, and idle chip-seconds by reason.

    ``fleet`` is the free chips of all lanes, None where there is no other; ``gaps`` are those of the lane's jobs.
    O(asks × events).
    """
    waits = {name: np.zeros(len(lane.jobs)) for name in REASONS}
    if not len(lane.jobs):
        return waits, dict.fromkeys(IDLE, 0.0)
    grid = _grid(lane, fleet, gaps)
    sizes = lane.jobs.chips[gaps.job]
    begins, ends = (np.searchsorted(grid.time_s, each) for each in (gaps.from_s, gaps.to_s))
    idle = _Idle(grid)
    for size, scope in np.unique(np.stack([sizes, gaps.scope]), axis=1).T.tolist():
        of_size = (sizes == size) & (gaps.scope == scope)
        found, job = grid.reasons(size, scope), gaps.job[of_size]
        for name, holds in found.items():
            total_s = np.concatenate(([0.0], np.cumsum(holds * grid.lasts_s)))
            waited_s = total_s[ends[of_size]] - total_s[begins[of_size]]
            waits[name] += np.bincount(job, weights=waited_s, minlength=len(lane.jobs))
        idle.see(begins[of_size], ends[of_size], found)
    reserved_s = np.zeros(len(lane.jobs))
    for job, from_s, to_s in lane.runs.reserved:
        reserved_s[job] += to_s - from_s
    return waits | {RESERVED: reserved_s, POLICY: waits[POLICY] - reserved_s}, idle.chip_seconds()


class _Idle:
    """Collects for each instant the reason of whoever could use the chips that are idle, the last of ``USABLE``."""

    def __init__(self, grid: _Grid) -> None:
        self._grid = grid
        count = len(grid.time_s)
        self._some = np.zeros(count, dtype=np.bool_)
        self._for = {name: np.zeros(count, dtype=np.bool_) for name in USABLE}
        spans = np.array(grid.lane.runs.reserved).reshape(-1, 3)
        self._for[RESERVED] |= self._there(*(np.searchsorted(grid.time_s, each) for each in spans[:, 1:].T))

    def _there(self, begins: Integers, ends: Integers) -> Flags:
        """Whether any of several spans of instants holds at each."""
        count = len(self._grid.time_s)
        change = np.bincount(begins, minlength=count + 1) - np.bincount(ends, minlength=count + 1)
        return np.asarray(np.cumsum(change)[:count] > 0)

    def see(self, begins: Integers, ends: Integers, reasons: Mapping[str, Flags]) -> None:
        """Take in waiting jobs that ask for the same."""
        there = self._there(begins, ends)
        self._some |= there
        for name, holds in self._for.items():
            if name != RESERVED:
                holds |= there & reasons[name]

    def chip_seconds(self) -> Mapping[str, float]:
        """Idle chip-seconds by reason."""
        grid = self._grid
        idle = grid.free * grid.lasts_s
        rest, found = self._some, dict[str, float]()
        for name in reversed(USABLE):
            found[name] = float(idle[self._for[name] & rest].sum())
            rest = rest & ~self._for[name]
        found |= {NO_WORK: float(idle[~self._some].sum()), GANG: float(idle[rest].sum())}
        return {name: found.get(name, 0.0) for name in IDLE} | {DOWN: float((grid.broken * grid.lasts_s).sum())}
