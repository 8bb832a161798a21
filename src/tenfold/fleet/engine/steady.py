"""The engine for jobs that nothing stops: each runs from its start to its end.

At each instant first all arrivals and endings, then one pass of the admission. A rank stands for a job: its
place in the order.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tenfold.fleet.admissions import Admission
from tenfold.fleet.asks import Asks, asks_of
from tenfold.fleet.capacity.powered import POWER, Powered
from tenfold.fleet.fair import TakingTurns, Turns
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.lines import BySize
from tenfold.fleet.pace import CROSSING, Pace, Speeds, pace_of
from tenfold.fleet.promises import Promises
from tenfold.fleet.runs import Room, Runs
from tenfold.quantities import Floats, Progress

NEVER = float("inf")
TOLD = 4096
"""Jobs between two words of progress."""


class State:
    """What an admission sees, and how it starts a job."""

    __slots__ = (
        "asks",
        "capacity",
        "early",
        "ending",
        "estimate_s",
        "expected",
        "held",
        "later",
        "line",
        "now_s",
        "pace",
        "places",
        "promised",
        "promises",
        "promises_to",
        "started_s",
        "turns",
        "work_s",
    )

    def __init__(
        self,
        capacity: Any,  # noqa: ANN401  (Pool or Nodes)
        admission: Admission,
        jobs: Jobs,
        *,
        asks: Asks,
        pace: Pace | None,
        promises: bool,
        turns: Turns | None = None,
    ) -> None:
        self.capacity = capacity
        self.asks, self.later, self.pace = asks.first, asks.later, pace
        """What each asks for now, and later; how quick it is where it stands, None where all are as recorded."""
        self.work_s: list[float] = jobs.work_s.tolist()
        self.estimate_s: list[float] = jobs.estimate_s.tolist()
        self.turns = None if turns is None else TakingTurns(jobs.chips.tolist(), jobs.tenant.tolist(), turns)
        """Line in which tenants take turns, where they do."""
        self.line: Any = admission.line(self.asks) if self.turns is None else self.turns
        self.now_s = 0.0
        self.started_s = [NEVER] * len(jobs)
        self.held = jobs.chips.tolist()
        """Chips each job holds, which may be more than it asked for."""
        self.places: dict[int, Any] = {}
        """Where running jobs stand, by rank."""
        self.ending: list[tuple[float, int]] = []
        self.promises = promises
        self.promised: tuple[int, float, Any] | None = None
        """First in line, when it starts at the latest, and what is spare then; until something ends."""
        self.promises_to = Promises()
        """What everybody that waits was promised (conservative)."""
        self.early = False
        """Whether somebody ended, or started, at another time than was expected."""
        self.expected: list[tuple[float, int]] = []
        """When running jobs end by estimate, in order; kept for admissions that promise."""

    def start(self, rank: int, place: Any) -> None:  # noqa: ANN401  (as the capacity gives it)
        """Start a job at a place."""
        now_s = self.now_s
        self.capacity.take(place)
        self.places[rank] = place
        self.started_s[rank] = now_s
        self.held[rank] = self.capacity.size_of(place)
        if self.pace is not None:
            times = self.pace.takes(rank, place, self.work_s[rank])
            self.work_s[rank] *= times
            self.estimate_s[rank] *= times
        heapq.heappush(self.ending, (now_s + self.work_s[rank], rank))
        if self.promises:
            insort(self.expected, (now_s + self.estimate_s[rank], rank))
        if self.turns is not None:
            self.turns.hold(rank, 1, now_s)

    def ring(self, rank: int) -> None:
        """Let a job that waited long enough ask for less; or let the power be what it is from now on."""
        if rank == POWER:
            self.capacity.at(self.now_s)
            self.promised = None
            self.early = True
            return
        if self.started_s[rank] < NEVER:
            return
        by_size = isinstance(self.line, BySize)
        if by_size:
            self.line.drop(rank)
        self.asks[rank] = self.later[rank]
        if by_size:
            self.line.add(rank)
        self.promised = None

    def end(self, rank: int) -> None:
        """Let go of the place of a job."""
        self.capacity.give(self.places.pop(rank))
        self.promised = None
        if self.promises:
            end_s = self.started_s[rank] + self.estimate_s[rank]
            self.early = self.early or self.estimate_s[rank] != self.work_s[rank]
            del self.expected[bisect_left(self.expected, (end_s, rank))]
        if self.turns is not None:
            self.turns.hold(rank, -1, self.now_s)


def replay_steady(
    jobs: Jobs,
    capacity: Any,  # noqa: ANN401  (Pool or Nodes)
    keys: Floats,
    admission: Admission,
    *,
    interval_s: float = 0.0,
    promises: bool = False,
    turns: Turns | None = None,
    until: int | None = None,
    until_s: float = NEVER,
    speeds: Speeds | None = None,
    progress: Progress | None = None,
) -> Runs:
    """Replay jobs on a capacity, in the order of ``keys``; every gang has to fit when all is free.

    ``interval_s`` is the time between two passes, 0 for a pass at every event. ``turns`` is how tenants
    take turns, where they do. ``until`` is a job
    after whose start nothing matters, ``until_s`` a time after which nothing does: those that have not started then
    never do. ``speeds`` is how quick jobs are that name a model.
    """
    order = np.lexsort((np.arange(len(jobs)), keys))
    rank_of = np.empty(len(jobs), dtype=np.int64)
    rank_of[order] = np.arange(len(jobs))
    ranked = jobs.take(order)
    asks, pace = asks_of(capacity, ranked), pace_of(capacity, ranked, speeds)
    state = State(capacity, admission, ranked, asks=asks, pace=pace, promises=promises, turns=turns)
    times = _alarms(asks.eases, capacity)
    room = _loop(
        state, admission, jobs.submit_s.tolist(), rank_of.tolist(), interval_s, until, until_s, times, progress
    )
    started_s, held = np.asarray(state.started_s)[rank_of], np.asarray(state.held)[rank_of]
    if pace is None:
        return Runs.whole(started_s, jobs.work_s, held, room)
    runs = Runs.whole(started_s, np.asarray(state.work_s)[rank_of], held, room)
    return replace(runs, lost_chip_s={CROSSING: pace.crossing_chip_s}, shift_chip_s=pace.shift_chip_s)


def _loop(
    state: State,
    admission: Admission,
    submit_s: Sequence[float],
    rank_of: Sequence[int],
    interval_s: float,
    until: int | None,
    until_s: float,
    alarms: Sequence[tuple[float, int]],
    progress: Progress | None,
) -> Room:
    count, at, rung, told = len(submit_s), 0, 0, TOLD
    ending, line, admit, pop = state.ending, state.line, admission.admit, heapq.heappop
    room = Room.of(state.capacity)
    shaped, turns = room.shaped, state.turns
    next_s = submit_s[0] if count else NEVER
    alarm_s = alarms[0][0] if alarms else NEVER
    while at < count or ending or (line and alarm_s < NEVER):
        now_s = ending[0][0] if ending else NEVER
        now_s = min(now_s, next_s, alarm_s)
        if interval_s:
            now_s = -(-now_s // interval_s) * interval_s
        if now_s > until_s:
            break
        state.now_s = now_s
        while ending and ending[0][0] <= now_s:
            state.end(pop(ending)[1])
        while next_s <= now_s:
            line.add(rank_of[at])
            at += 1
            next_s = submit_s[at] if at < count else NEVER
        while alarm_s <= now_s:
            state.ring(alarms[rung][1])
            rung += 1
            alarm_s = alarms[rung][0] if rung < len(alarms) else NEVER
        if line:
            if turns is not None:
                turns.at(now_s)
            admit(state)
        if until is not None and state.started_s[rank_of[until]] < NEVER:
            break
        if shaped:
            room.note(now_s, state.capacity)
        if progress is not None and at >= told:
            told += TOLD
            progress(at / count)
    return room


def _alarms(eases: Sequence[tuple[float, int]], capacity: Any) -> Sequence[tuple[float, int]]:  # noqa: ANN401
    """Times at which somebody may start though nobody comes or ends: jobs that ask for less, steps of the power."""
    steps = [(step_s, POWER) for step_s in capacity.step_s] if isinstance(capacity, Powered) else []
    return sorted([*eases, *steps])
