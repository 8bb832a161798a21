"""Why jobs waited and why chips stood idle, instant by instant.

A waiting job of g chips, at an instant right after a pass:

down        fewer than g chips of the whole fleet are free, and those under repair or taken back would be enough
capacity    fewer than g chips of the whole fleet are free
quota       g are free, but its tenant has no more to use
shape       its share of the fleet has g free, but not where a gang of g may stand
level       g could stand somewhere, but not in one domain of its level, or not on a kind of chip that it takes
power       it could stand, but with g more chips busy the power of the fleet or of a domain would not be enough
reserved    it could start, but for what is reserved for others
interval    it could start, but no pass has come since
policy      it could start, but somebody before it comes first: head of the line, or a promise

Chips that are idle while somebody waits are idle for the reason of whoever could use them, or ``gang`` where too few
are free for any who waits; while nobody waits they are ``no_work``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.fleet.account.gaps import Gaps
from tenfold.fleet.account.grid import Grid
from tenfold.fleet.asks import ANY_PLACE
from tenfold.quantities import Flags, Floats, Integers

CAPACITY, DOWN, QUOTA, SHAPE, LEVEL, POWER, RESERVED, POLICY = (
    *("capacity", "down", "quota", "shape", "level", "power", "reserved", "policy"),
)
REASONS = (CAPACITY, DOWN, QUOTA, SHAPE, LEVEL, POWER, RESERVED, POLICY)
GANG, NO_WORK = "gang", "no_work"
USABLE = (SHAPE, LEVEL, POWER, POLICY, RESERVED)
"""Reasons of idle chips that somebody who waits could use; the last that holds counts."""
IDLE = (NO_WORK, GANG, SHAPE, LEVEL, POWER, RESERVED, POLICY, DOWN)


def reasons_of(grid: Grid, chips: int, scope: int) -> Mapping[str, Flags]:
    """Why a gang would wait; exactly one of them holds at each instant."""
    short, held = grid.fleet_free < chips, grid.free < chips
    fits = grid.fits(chips, scope)
    anywhere = fits if scope == ANY_PLACE else grid.fits(chips, ANY_PLACE)
    power = np.zeros_like(held) if grid.powered is None else ~held & fits & ~grid.powers(chips, scope)
    return {
        CAPACITY: short & (grid.fleet_free + grid.broken < chips),
        DOWN: short & (grid.fleet_free + grid.broken >= chips),
        QUOTA: held & ~short,
        SHAPE: ~held & ~anywhere,
        LEVEL: ~held & anywhere & ~fits,
        POWER: power,
        POLICY: ~held & fits & ~power,
    }


def account_lane(grid: Grid, gaps: Gaps) -> tuple[Mapping[str, Floats], Mapping[str, float]]:
    """Waits of each job by reason, s, and idle chip-seconds by reason.

    ``gaps`` are those of the lane's jobs. O(asks × events).
    """
    lane = grid.lane
    waits = {name: np.zeros(len(lane.jobs)) for name in REASONS}
    sizes = lane.jobs.chips[gaps.job]
    begins, ends = (np.searchsorted(grid.time_s, each) for each in (gaps.from_s, gaps.to_s))
    idle = _Idle(grid)
    for size, scope in np.unique(np.stack([sizes, gaps.scope]), axis=1).T.tolist():
        of_size = (sizes == size) & (gaps.scope == scope)
        found, job = reasons_of(grid, size, scope), gaps.job[of_size]
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

    def __init__(self, grid: Grid) -> None:
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
