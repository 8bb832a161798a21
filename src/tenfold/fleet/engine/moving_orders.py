"""Orders that move as service is given: who comes first now, and when that changes by itself.

srtf  by what is left of a job
las   queues by chip-seconds received (2D-LAS); in a queue who runs stays before who waits, else by entry; nobody rises

Source of las: Gu et al., "Tiresias" (NSDI 2019), section 3.3.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import Protocol

from tenfold.fleet.jobs import Jobs

NEVER = float("inf")


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
