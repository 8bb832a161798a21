"""The engine for preemption that costs nothing: who runs is chosen anew at each event, in an order that moves.

A moving order is a record of the jobs that are there; it says who comes first now, and when that changes by itself.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenfold.fleet.engine.moving_orders import NEVER, MovingOrder, Served
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Room, Runs
from tenfold.quantities import Progress

TOLD = 4096


class _Log:
    """Collects runs."""

    def __init__(self, count: int) -> None:
        self.job: list[int] = []
        self.start_s: list[float] = []
        self.end_s: list[float] = []
        self.held: list[int] = []
        self.finished_s = [NEVER] * count
        self.preemptions = 0

    def add(self, job: int, start_s: float, end_s: float, held: int) -> None:
        self.job.append(job)
        self.held.append(held)
        self.start_s.append(start_s)
        self.end_s.append(end_s)

    def runs(self, room: Room) -> Runs:
        return Runs(
            job=np.asarray(self.job, dtype=np.intp),
            start_s=np.asarray(self.start_s),
            end_s=np.asarray(self.end_s),
            held=np.asarray(self.held, dtype=np.int64),
            finished_s=np.asarray(self.finished_s),
            preemptions=self.preemptions,
            room=room,
        )


@dataclass(slots=True, kw_only=True)
class _Moving:
    """Jobs that are there, where they stand, and what is to happen to them."""

    served: Served
    order: MovingOrder
    log: _Log
    capacity: Any
    """Pool or Nodes."""
    strict: bool
    places: dict[int, Any] = field(default_factory=dict)
    events: list[tuple[float, int, int, int]] = field(default_factory=list)

    def next_s(self) -> float:
        """Time of the next event that is not stale."""
        events, stamp = self.events, self.served.stamp
        while events and stamp[events[0][2]] != events[0][3]:
            heapq.heappop(events)
        return events[0][0] if events else NEVER

    def handle(self, now_s: float) -> None:
        """Endings and moves that are due."""
        served, events = self.served, self.events
        while events and events[0][0] <= now_s:
            at_s, moves, job, stamp = heapq.heappop(events)
            if served.stamp[job] != stamp:
                continue
            if moves:
                next_s = self.order.move(job)
                if next_s < served.running[job] + served.left_s[job]:
                    heapq.heappush(events, (next_s, 1, job, stamp))
                continue
            self.order.leave(job)
            place = self.places.pop(job)
            self.log.add(job, served.running.pop(job), at_s, self.capacity.size_of(place))
            self.log.finished_s[job] = at_s
            served.stamp[job] += 1
            self.capacity.give(place)

    def choose(self, now_s: float) -> None:
        """Choose who runs from now on; who runs already stays where it stands as long as that is free."""
        chips, running, places, empty = self.served.chips, self.served.running, self.places, self.capacity.emptied()
        started: list[int] = []
        stopped: list[int] = []
        full = False
        for job in self.order.ordered(now_s):
            place = places.get(job)
            if full or not empty.free:
                place = None
            elif place is None or not empty.holds(place):
                place = empty.find(chips[job])
            if place is None:
                full = full or self.strict
                if job in running:
                    stopped.append(job)
                continue
            empty.take(place)
            if job not in running:
                started.append(job)
            places[job] = place
        self.order.settle(now_s, started, stopped)
        self._stop(now_s, stopped)
        self._start(now_s, started)
        self.capacity.become(empty)

    def _stop(self, now_s: float, stopped: Sequence[int]) -> None:
        served = self.served
        for job in stopped:
            start_s = served.running.pop(job)
            place = self.places.pop(job)
            if now_s > start_s:
                self.log.add(job, start_s, now_s, self.capacity.size_of(place))
            served.left_s[job] -= now_s - start_s
            served.stamp[job] += 1
        self.log.preemptions += len(stopped)

    def _start(self, now_s: float, started: Sequence[int]) -> None:
        served = self.served
        for job in started:
            served.running[job] = now_s
            served.stamp[job] += 1
            end_s = now_s + served.left_s[job]
            heapq.heappush(self.events, (end_s, 0, job, served.stamp[job]))
            moves_s = self.order.moves_s(job, now_s)
            if moves_s < end_s:
                heapq.heappush(self.events, (moves_s, 1, job, served.stamp[job]))


def replay_moving(
    jobs: Jobs,
    capacity: Any,  # noqa: ANN401  (Pool or Nodes)
    order: Callable[[Served, Sequence[float]], MovingOrder],
    *,
    limits: Sequence[float] = (),
    strict: bool = False,
    interval_s: float = 0.0,
    progress: Progress | None = None,
) -> Runs:
    """Replay jobs of which the first in a moving order run, whoever has to stop for it.

    ``strict`` stops at the first job that does not fit; otherwise it is passed over. ``limits`` are chip-seconds, for
    orders with queues. ``interval_s`` is the time between two passes, 0 for a pass at every event.
    """
    served = Served(jobs)
    moving = _Moving(served=served, order=order(served, limits), log=_Log(len(jobs)), capacity=capacity, strict=strict)
    submit_s = jobs.submit_s.tolist()
    count, at, told = len(submit_s), 0, TOLD
    room = Room.of(capacity)
    next_s = submit_s[0] if count else NEVER
    while at < count or moving.events:
        now_s = min(moving.next_s(), next_s)
        if now_s == NEVER:
            break
        if interval_s:
            now_s = -(-now_s // interval_s) * interval_s
        moving.handle(now_s)
        while next_s <= now_s:
            moving.order.arrive(at)
            at += 1
            next_s = submit_s[at] if at < count else NEVER
        if moving.order.waiting:
            moving.choose(now_s)
        room.note(now_s, capacity)
        if progress is not None and at >= told:
            told += TOLD
            progress(at / count)
    return moving.log.runs(room)
