"""The engine for preemption that costs nothing: who runs is chosen anew at each event, in an order that moves.

A moving order is a record of the jobs that are there; it says who comes first now, and when that changes by itself.

srtf  by what is left of a job
las   queues by chip-seconds received (2D-LAS); in a queue who runs stays before who waits, else by entry; nobody rises

Source of las: Gu et al., "Tiresias" (NSDI 2019), section 3.3.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from tenfold.fleet.jobs import Jobs
from tenfold.fleet.runs import Room, Runs
from tenfold.quantities import Progress

NEVER = float("inf")
TOLD = 4096


class Served:
    """What jobs have received so far; times are s."""

    __slots__ = ("chips", "left_s", "running", "stamp")

    def __init__(self, jobs: Jobs) -> None:
        self.chips: Sequence[int] = jobs.chips.tolist()
        self.left_s: list[float] = jobs.work_s.tolist()
        """Left when it last started, or now where it waits."""
        self.running: dict[int, float] = {}
        """When each running job last started."""
        self.stamp = [0] * len(jobs)
        """How often it started or stopped: an event of another count is stale."""


class MovingOrder(Protocol):
    """Who comes first, as service is given."""

    @property
    def waiting(self) -> int:
        """Count who waits."""
        ...

    def arrive(self, job: int) -> None:
        """Let a job join."""
        ...

    def leave(self, job: int) -> None:
        """Let a running job go: it is done."""
        ...

    def ordered(self, now_s: float) -> Iterable[int]:
        """Jobs that are there, the first to be served first."""
        ...

    def settle(self, now_s: float, started: Sequence[int], stopped: Sequence[int]) -> None:
        """Take in who has started and who has been stopped; called before ``Served`` changes."""
        ...

    def moves_s(self, job: int, now_s: float) -> float:
        """When the place of a job that starts now changes, if it runs until then."""
        ...

    def move(self, job: int) -> float:
        """Change it, and say when it changes next."""
        ...


class Srtf:
    """Shortest remaining time first; ties by order of submission."""

    def __init__(self, served: Served, limits: Sequence[float]) -> None:
        del limits  # of queues, which this order has none of
        self._served = served
        self._running: list[tuple[float, int]] = []
        """By end: what is left of running jobs shrinks together."""
        self._waiting: list[tuple[float, int]] = []

    @property
    def waiting(self) -> int:
        """Count who waits."""
        return len(self._waiting)

    def arrive(self, job: int) -> None:
        """Let a job join."""
        insort(self._waiting, (self._served.left_s[job], job))

    def leave(self, job: int) -> None:
        """Let a running job go."""
        self._running.remove((self._served.running[job] + self._served.left_s[job], job))

    def ordered(self, now_s: float) -> Iterable[int]:
        """Give everyone by what is left."""
        there = [(end_s - now_s, job) for end_s, job in self._running]
        there += self._waiting
        there.sort()
        return [job for _, job in there]

    def settle(self, now_s: float, started: Sequence[int], stopped: Sequence[int]) -> None:
        """Move between who runs and who waits."""
        served = self._served
        for job in stopped:
            end_s = served.running[job] + served.left_s[job]
            self._running.remove((end_s, job))
            insort(self._waiting, (end_s - now_s, job))
        for job in started:
            self._waiting.remove((served.left_s[job], job))
            insort(self._running, (now_s + served.left_s[job], job))

    def moves_s(self, job: int, now_s: float) -> float:
        """Never by itself."""
        del job, now_s
        return NEVER

    def move(self, job: int) -> float:
        """Never."""
        del job
        return NEVER


class Las:
    """Least attained service in queues: who has received fewer chip-seconds than a limit comes first."""

    def __init__(self, served: Served, limits: Sequence[float]) -> None:
        self._served = served
        self._limits = limits
        self._queues: list[list[int]] = [[] for _ in (*limits, NEVER)]
        self._queue = [0] * len(served.chips)
        self._attained = [0.0] * len(served.chips)
        self.waiting = 0

    def arrive(self, job: int) -> None:
        """Let a job join the first queue."""
        self._queues[0].append(job)
        self.waiting += 1

    def leave(self, job: int) -> None:
        """Let a running job go."""
        self._queues[self._queue[job]].remove(job)

    def ordered(self, now_s: float) -> Iterable[int]:
        """Queue by queue."""
        del now_s
        return [job for queue in self._queues for job in queue]

    def settle(self, now_s: float, started: Sequence[int], stopped: Sequence[int]) -> None:
        """Put who runs before who waits, each in their order."""
        served = self._served
        for job in stopped:
            self._attained[job] += (now_s - served.running[job]) * served.chips[job]
        self.waiting += len(stopped) - len(started)
        running = served.running.keys() - set(stopped) | set(started)
        for place, queue in enumerate(self._queues):
            if len(queue) > 1:
                front = [job for job in queue if job in running]
                self._queues[place] = front + [job for job in queue if job not in running]

    def moves_s(self, job: int, now_s: float) -> float:
        """Time at which the job has received the limit of its queue."""
        queue = self._queue[job]
        if queue == len(self._limits):
            return NEVER
        return now_s + (self._limits[queue] - self._attained[job]) / self._served.chips[job]

    def move(self, job: int) -> float:
        """Sink by one queue."""
        self._queues[self._queue[job]].remove(job)
        self._queue[job] += 1
        self._queues[self._queue[job]].append(job)
        return self.moves_s(job, self._served.running[job])


MOVING_ORDERS: MappingProxyType[str, Callable[[Served, Sequence[float]], MovingOrder]] = MappingProxyType(
    {"srtf": Srtf, "las": Las}
)
"""Orders that move as service is given, by name."""


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
    moving, log = order(served, limits), _Log(len(jobs))
    submit_s = jobs.submit_s.tolist()
    count, at, told = len(submit_s), 0, TOLD
    events: list[tuple[float, int, int, int]] = []
    places: dict[int, Any] = {}
    room = Room.of(capacity)
    next_s = submit_s[0] if count else NEVER
    while at < count or events:
        while events and served.stamp[events[0][2]] != events[0][3]:
            heapq.heappop(events)
        now_s = min(events[0][0] if events else NEVER, next_s)
        if now_s == NEVER:
            break
        if interval_s:
            now_s = -(-now_s // interval_s) * interval_s
        _handle(events, now_s, served, moving, log, capacity, places)
        while next_s <= now_s:
            moving.arrive(at)
            at += 1
            next_s = submit_s[at] if at < count else NEVER
        if moving.waiting:
            _choose(now_s, served, moving, log, capacity, places, events, strict)
        room.note(now_s, capacity)
        if progress is not None and at >= told:
            told += TOLD
            progress(at / count)
    return Runs(
        job=np.asarray(log.job, dtype=np.intp),
        start_s=np.asarray(log.start_s),
        end_s=np.asarray(log.end_s),
        held=np.asarray(log.held, dtype=np.int64),
        finished_s=np.asarray(log.finished_s),
        preemptions=log.preemptions,
        room=room,
    )


def _handle(
    events: list[tuple[float, int, int, int]],
    now_s: float,
    served: Served,
    moving: MovingOrder,
    log: _Log,
    capacity: Any,  # noqa: ANN401
    places: dict[int, Any],
) -> None:
    """Endings and moves that are due."""
    while events and events[0][0] <= now_s:
        at_s, moves, job, stamp = heapq.heappop(events)
        if served.stamp[job] != stamp:
            continue
        if moves:
            next_s = moving.move(job)
            if next_s < served.running[job] + served.left_s[job]:
                heapq.heappush(events, (next_s, 1, job, stamp))
            continue
        moving.leave(job)
        place = places.pop(job)
        log.add(job, served.running.pop(job), at_s, capacity.size_of(place))
        log.finished_s[job] = at_s
        served.stamp[job] += 1
        capacity.give(place)


def _choose(
    now_s: float,
    served: Served,
    moving: MovingOrder,
    log: _Log,
    capacity: Any,  # noqa: ANN401
    places: dict[int, Any],
    events: list[tuple[float, int, int, int]],
    strict: bool,
) -> None:
    """Choose who runs from now on; who runs already stays where it stands as long as that is free."""
    chips, running, empty = served.chips, served.running, capacity.emptied()
    started: list[int] = []
    stopped: list[int] = []
    full = False
    for job in moving.ordered(now_s):
        place = places.get(job)
        if full or not empty.free:
            place = None
        elif place is None or not empty.holds(place):
            place = empty.find(chips[job])
        if place is None:
            full = full or strict
            if job in running:
                stopped.append(job)
            continue
        empty.take(place)
        if job not in running:
            started.append(job)
        places[job] = place
    moving.settle(now_s, started, stopped)
    for job in stopped:
        start_s = running.pop(job)
        place = places.pop(job)
        if now_s > start_s:
            log.add(job, start_s, now_s, capacity.size_of(place))
        served.left_s[job] -= now_s - start_s
        served.stamp[job] += 1
    log.preemptions += len(stopped)
    for job in started:
        running[job] = now_s
        served.stamp[job] += 1
        end_s = now_s + served.left_s[job]
        heapq.heappush(events, (end_s, 0, job, served.stamp[job]))
        moves_s = moving.moves_s(job, now_s)
        if moves_s < end_s:
            heapq.heappush(events, (moves_s, 1, job, served.stamp[job]))
    capacity.become(empty)
