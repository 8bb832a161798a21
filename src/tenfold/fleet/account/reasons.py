"""Why jobs waited and why chips stood idle, instant by instant.

A waiting job of g chips, at an instant right after a pass:

down        fewer than g chips of the whole fleet are free, and those under repair would be enough with them
capacity    fewer than g chips of the whole fleet are free
quota       g are free, but its tenant has no more to use
shape       its share of the fleet has g free, but not where a gang of g may stand
interval    it could start, but no pass has come since
policy      it could start, but somebody before it comes first: head of the line, or a promise

Chips that are idle while somebody waits are idle for the reason of whoever could use them, or ``gang`` where too few
are free for any who waits; while nobody waits they are ``no_work``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.account.gaps import Gaps
from tenfold.fleet.account.steps import Steps, steps_of
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Room, Runs
from tenfold.quantities import Flags, Floats, Integers

CAPACITY, DOWN, QUOTA, SHAPE, POLICY = "capacity", "down", "quota", "shape", "policy"
REASONS = (CAPACITY, DOWN, QUOTA, SHAPE, POLICY)
GANG, NO_WORK = "gang", "no_work"
IDLE = (NO_WORK, GANG, SHAPE, POLICY, DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A part of the fleet with a line of its own: the jobs on it, and what became of them."""

    jobs: Jobs
    runs: Runs
    chips: int
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
    """Largest gang that could start."""
    part: Integers
    broken: Integers
    node: int
    """Chips of a node: a gang that is no larger needs them in one."""

    def fits(self, chips: int) -> Flags:
        """Whether a gang could start."""
        return (self.part if chips <= self.node else self.gang) >= chips

    def reasons(self, chips: int) -> Mapping[str, Flags]:
        """Why a gang would wait; exactly one of them holds at each instant."""
        short, held = self.fleet_free < chips, self.free < chips
        fits = self.fits(chips)
        return {
            CAPACITY: short & (self.fleet_free + self.broken < chips),
            DOWN: short & (self.fleet_free + self.broken >= chips),
            QUOTA: held & ~short,
            SHAPE: ~held & ~fits,
            POLICY: ~held & fits,
        }


def _grid(lane: Lane, fleet: Steps | None, gaps: Gaps, node: int) -> _Grid:
    own = lane.free()
    edges = [own.time_s, gaps.from_s, *([] if fleet is None else [fleet.time_s])]
    room = lane.runs.room
    time_s = np.unique(np.concatenate(edges))
    lasts_s = np.diff(time_s, append=time_s[-1:])
    free = own.at(time_s)
    gang, part = (free, free) if room is None or not room.shaped else _roomy(room, lane.chips, time_s)
    fleet_free = free if fleet is None else fleet.at(time_s)
    return _Grid(time_s, lasts_s, free, fleet_free, gang, part, lane.broken().at(time_s), node)


def _roomy(room: Room, chips: int, time_s: Floats) -> tuple[Integers, Integers]:
    """Largest gangs at each time; a later pass of the same instant counts."""
    place = np.searchsorted(np.asarray(room.time_s), time_s, side="right")
    whole, part = (np.concatenate(([chips], np.asarray(each, dtype=np.int64))) for each in (room.gang, room.part))
    return whole[place], part[place]


def account_lane(
    lane: Lane, fleet: Steps | None, gaps: Gaps, node: int
) -> tuple[Mapping[str, Floats], Mapping[str, float]]:
    """Waits of each job by reason, s, and idle chip-seconds by reason.

    ``fleet`` is the free chips of all lanes, None where there is no other; ``gaps`` are those of the lane's jobs;
    ``node`` is the chips of its largest node, 0 for a pool. O(sizes × events).
    """
    waits = {name: np.zeros(len(lane.jobs)) for name in REASONS}
    if not len(lane.jobs):
        return waits, dict.fromkeys(IDLE, 0.0)
    grid = _grid(lane, fleet, gaps, node)
    sizes = lane.jobs.chips[gaps.job]
    begins, ends = (np.searchsorted(grid.time_s, each) for each in (gaps.from_s, gaps.to_s))
    idle = _Idle(grid)
    for size in np.unique(sizes).tolist():
        of_size = sizes == size
        found, job = grid.reasons(size), gaps.job[of_size]
        for name, holds in found.items():
            total_s = np.concatenate(([0.0], np.cumsum(holds * grid.lasts_s)))
            waited_s = total_s[ends[of_size]] - total_s[begins[of_size]]
            waits[name] += np.bincount(job, weights=waited_s, minlength=len(lane.jobs))
        idle.see(begins[of_size], ends[of_size], found)
    return waits, idle.chip_seconds()


class _Idle:
    """Collects for each instant the reason of whoever could use the chips that are idle."""

    def __init__(self, grid: _Grid) -> None:
        self._grid = grid
        count = len(grid.time_s)
        self._some, self._shape, self._policy = (np.zeros(count, dtype=np.bool_) for _ in range(3))

    def see(self, begins: Integers, ends: Integers, reasons: Mapping[str, Flags]) -> None:
        """Take in waiting jobs of one size."""
        count = len(self._grid.time_s)
        change = np.bincount(begins, minlength=count + 1) - np.bincount(ends, minlength=count + 1)
        there = np.cumsum(change)[:count] > 0
        self._some |= there
        self._shape |= there & reasons[SHAPE]
        self._policy |= there & reasons[POLICY]

    def chip_seconds(self) -> Mapping[str, float]:
        """Idle chip-seconds by reason."""
        grid = self._grid
        idle = grid.free * grid.lasts_s
        policy, shape = self._policy, self._shape & ~self._policy
        gang = self._some & ~policy & ~shape
        masks = {NO_WORK: ~self._some, GANG: gang, SHAPE: shape, POLICY: policy}
        found = {name: float(idle[mask].sum()) for name, mask in masks.items()}
        return found | {DOWN: float((grid.broken * grid.lasts_s).sum())}
