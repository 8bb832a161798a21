"""Jobs that are started and stopped on shared chips: by tiers, by guaranteed quotas.

A job does useful work between saves: of each second that it runs, interval ÷ (interval + save) is useful. What stops it
sends it back to what is kept, and its next start costs a restart. Tiers are strict: who waits may stop running jobs of
later tiers, those that lose the fewest chip-seconds first, and only if that makes room. A tenant within its guaranteed
chips comes before all that borrow.
"""

from __future__ import annotations

import heapq
import random
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenfold.fleet.jobs import Jobs
from tenfold.fleet.preemptions import Preemption
from tenfold.quantities import Floats

NEVER = float("inf")
BORROWED = 1_000_000
"""Added to the tier of a job that borrows what another is guaranteed."""
END, REPAIR = 0, 2
Urgency = tuple[int, int, int]
"""Tier, whether it was not stopped by a failure, place in the order: the least comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsets:
    """What fails, and what that costs; rates and times of one unit and one job."""

    failures_per_chip_s: float = 0.0
    unit_chips: int = 8
    """Chips that go down together, where chips have no shape; a node, where they have."""
    repair_s: float = 0.0
    restart_s: float = 0.0
    """From a stop to work again, loading included, once it has its chips."""
    interval_s: float = NEVER
    """Useful work between saves."""
    save_s: float = 0.0
    """Standing still for one."""
    goes_on: bool = False
    """Whether a job outlives a failure: it stalls for ``restart_s`` and keeps its work and the rest of its chips."""


LOST = ("checkpoint", "lost_to_failure", "lost_to_preemption", "restart")
"""What chips held by jobs did beside lasting work."""


@dataclass(slots=True)
class Log:
    """What happened, as columns and sums."""

    job: list[int] = field(default_factory=list)
    start_s: list[float] = field(default_factory=list)
    end_s: list[float] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    lost: dict[str, float] = field(default_factory=lambda: dict.fromkeys(LOST, 0.0))
    outages: list[tuple[float, float, int]] = field(default_factory=list)
    preemptions: int = 0
    failures: int = 0


class Contest:
    """Jobs that run and wait, and how one is started and stopped."""

    def __init__(
        self,
        jobs: Jobs,
        capacity: Any,  # noqa: ANN401  (Pool or Nodes)
        keys: Floats,
        upsets: Upsets,
        preemption: Preemption,
        guaranteed: Mapping[int, int],
        seed: int,
    ) -> None:
        order = np.lexsort((np.arange(len(jobs)), keys))
        place = np.empty(len(jobs), dtype=np.int64)
        place[order] = np.arange(len(jobs))
        self.place: Sequence[int] = place.tolist()
        self.chips: Sequence[int] = jobs.chips.tolist()
        self.tier: Sequence[int] = jobs.tier.tolist()
        self.tenant: Sequence[int] = jobs.tenant.tolist()
        self.work_s: Sequence[float] = jobs.work_s.tolist()
        self.done_s = [0.0] * len(jobs)
        """Work that is kept."""
        self.capacity, self.upsets, self.preemption, self.guaranteed = capacity, upsets, preemption, guaranteed
        self.useful = 1.0 if upsets.interval_s == NEVER else upsets.interval_s / (upsets.interval_s + upsets.save_s)
        self.running: dict[int, tuple[float, float, Any]] = {}
        """Start, seconds of restart before work, place."""
        self.rank: dict[int, int] = {}
        """Tier that a running job counts as."""
        self.used: dict[int, int] = {}
        self.owes_s: dict[int, float] = {}
        """Saves that stopped jobs took, paid for when they start again."""
        self.stopped = [False] * len(jobs)
        self.failed = [False] * len(jobs)
        self.stamp = [0] * len(jobs)
        self.events: list[tuple[float, int, int, int, Any]] = []
        self.waiting: dict[int, list[tuple[Urgency, int]]] = {}
        self.log, self.now_s = Log(), 0.0
        self.draw = random.Random(seed)  # noqa: S311  (no secret)
        self.finished_s = [NEVER] * len(jobs)

    def counts_as(self, job: int) -> int:
        """Tier of a job, later where it would borrow."""
        if not self.guaranteed:
            return self.tier[job]
        tenant = self.tenant[job]
        within = self.used.get(tenant, 0) + self.chips[job] <= self.guaranteed.get(tenant, 0)
        return self.tier[job] + (0 if within else BORROWED)

    def wait(self, job: int) -> None:
        """Let a job join the line."""
        urgency = (self.tier[job], 0 if self.failed[job] else 1, self.place[job])
        insort(self.waiting.setdefault(self.chips[job], []), (urgency, job))

    def start(self, job: int, place: Any) -> None:  # noqa: ANN401
        """Start a job at a place."""
        ranks = self.waiting[self.chips[job]]
        ranks.remove(next(each for each in ranks if each[1] == job))
        if not ranks:
            del self.waiting[self.chips[job]]
        self.capacity.take(place)
        self.rank[job] = self.counts_as(job)
        tenant = self.tenant[job]
        self.used[tenant] = self.used.get(tenant, 0) + self.chips[job]
        first_s = self.owes_s.pop(job, 0.0) + (self.upsets.restart_s if self.stopped[job] else 0.0)
        self.running[job] = (self.now_s, first_s, place)
        self.expect(job)

    def expect(self, job: int) -> None:
        """Say when a running job ends if nothing happens."""
        start_s, first_s, _ = self.running[job]
        self.stamp[job] += 1
        end_s = start_s + first_s + (self.work_s[job] - self.done_s[job]) / self.useful
        heapq.heappush(self.events, (end_s, END, job, self.stamp[job], None))

    def leave(self, job: int) -> Any:  # noqa: ANN401
        """Take a running job off its place, which is given back."""
        start_s, first_s, place = self.running.pop(job)
        self.capacity.give(place)
        self.used[self.tenant[job]] -= self.chips[job]
        self.stamp[job] += 1
        del self.rank[job]
        if self.now_s > start_s:
            self.log.job.append(job)
            self.log.start_s.append(start_s)
            self.log.end_s.append(self.now_s)
            self.log.held.append(self.capacity.size_of(place))
            self.log.lost["restart"] += min(self.now_s - start_s, first_s) * self.chips[job]
        return place

    def finish(self, job: int) -> None:
        """Let a job go that is done."""
        left_s = self.work_s[job] - self.done_s[job]
        self.log.lost["checkpoint"] += left_s * (1.0 / self.useful - 1.0) * self.chips[job]
        self.done_s[job] = self.work_s[job]
        self.leave(job)
        self.finished_s[job] = self.now_s

    def worked_s(self, job: int) -> float:
        """Useful work since its start, whether kept or not."""
        start_s, first_s, _ = self.running[job]
        worked = max(0.0, self.now_s - start_s - first_s) * self.useful
        return min(worked, self.work_s[job] - self.done_s[job])

    def stop(self, job: int, kept_s: float, why: str) -> None:
        """Stop a running job that keeps ``kept_s`` of its work, and let it wait again."""
        worked = self.worked_s(job)
        self.log.lost[why] += (self.done_s[job] + worked - kept_s) * self.chips[job]
        self.log.lost["checkpoint"] += worked * (1.0 / self.useful - 1.0) * self.chips[job]
        self.leave(job)
        self.done_s[job], self.stopped[job] = kept_s, True
        self.wait(job)

    def loses_s(self, job: int) -> float:
        """Chip-seconds that a running job would lose."""
        kept = self.preemption.kept_s
        done = self.done_s[job] + self.worked_s(job)
        lost = 0.0 if kept is None else done - max(kept(done, self.upsets.interval_s), self.done_s[job])
        return (lost + self.upsets.restart_s) * self.chips[job]

    def make_room(self, job: int) -> bool:
        """Stop later jobs so that one fits, if that is enough; whether it was."""
        if self.preemption.kept_s is None:
            return False
        mine = self.counts_as(job)
        later = [each for each, tier in self.rank.items() if tier > mine]
        later.sort(key=lambda each: (-self.rank[each], self.loses_s(each), each))
        trial, victims = self.capacity.copy(), []
        for each in later:
            if trial.fits(self.chips[job]):
                break
            trial.give(self.running[each][2])
            victims.append(each)
        if not trial.fits(self.chips[job]):
            return False
        for each in self._needed(trial, victims, self.chips[job]):
            done = self.done_s[each] + self.worked_s(each)
            kept = max(self.preemption.kept_s(done, self.upsets.interval_s), self.done_s[each])
            self.stop(each, kept, "lost_to_preemption")
            self.log.preemptions += 1
            if self.preemption.saves:
                self.owes_s[each] = self.upsets.save_s
        return True

    def _needed(self, trial: Any, victims: list[int], chips: int) -> list[int]:  # noqa: ANN401
        """Victims without those that turn out not to be needed, dearest first."""
        needed = list(victims)
        for each in reversed(victims[:-1]):
            place = self.running[each][2]
            if not trial.holds(place):
                continue
            trial.take(place)
            if trial.fits(chips):
                needed.remove(each)
            else:
                trial.give(place)
        return needed
