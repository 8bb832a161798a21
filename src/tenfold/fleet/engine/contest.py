"""Jobs that are started and stopped on shared chips: by tiers, by guaranteed quotas.

A job does useful work between saves: of each second that it runs, interval ÷ (interval + save) is useful. What stops it
sends it back to what is kept, and its next start costs a restart. Tiers are strict: who waits may stop running jobs of
later tiers, those that lose the fewest chip-seconds first, and only if that makes room. A tenant within its guaranteed
chips comes before all that borrow.
"""

from __future__ import annotations

import heapq
import random
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.fleet.asks import asks_of
from tenfold.fleet.engine.log import Log, Run, worked_s
from tenfold.fleet.engine.upsets import ALARM, CRASH, END, NEVER, Event, Upsets, crashes_of
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.pace import CROSSING, Pace
from tenfold.fleet.preemptions import Kept, latest_save_s
from tenfold.fleet.reservations import Reservation
from tenfold.quantities import Floats

if TYPE_CHECKING:
    from tenfold.fleet.engine.taking_back import Leaving
    from tenfold.fleet.preemptions import Preemption

BORROWED = 1_000_000
"""Added to the tier of a job that borrows what another is guaranteed."""
RESERVED_FOR = -1
"""Tier of a job that chips are reserved for."""
Urgency = tuple[int, int, int]
"""Tier, whether it was not stopped by a failure, place in the order: the least comes first."""


def places_in(keys: Floats) -> Sequence[int]:
    """Place of each job in the order of its key; of equal keys the earlier job is first."""
    place = np.empty(len(keys), dtype=np.int64)
    place[np.lexsort((np.arange(len(keys)), keys))] = np.arange(len(keys))
    found: Sequence[int] = place.tolist()
    return found


class Contest:
    """Jobs that run and wait, and how one is started and stopped."""

    def __init__(
        self,
        jobs: Jobs,
        capacity: Any,  # noqa: ANN401  (any capacity)
        keys: Floats,
        upsets: Upsets,
        preemption: Preemption,
        guaranteed: Mapping[int, int],
        reservations: Sequence[Reservation],
        pace: Pace | None,
        seed: int,
    ) -> None:
        asks = asks_of(capacity, jobs)
        self.place = places_in(keys)
        self.chips: Sequence[int] = jobs.chips.tolist()
        self.least: Sequence[int] = self.chips if jobs.wants is None else jobs.wants.least_chips.tolist()
        self.asks, self.later = asks.first, asks.later
        self.tier: Sequence[int] = jobs.tier.tolist()
        self.tenant: Sequence[int] = jobs.tenant.tolist()
        self.work_s: Sequence[float] = jobs.work_s.tolist()
        self.estimate_s: Sequence[float] = jobs.estimate_s.tolist()
        self.done_s = [0.0] * len(jobs)
        """Work that is kept."""
        self.capacity, self.upsets, self.preemption, self.guaranteed = capacity, upsets, preemption, guaranteed
        self.reservations, self.pace = reservations, pace
        self.useful = upsets.useful
        self.events: list[Event] = [(at_s, ALARM, job, 0, None) for at_s, job in asks.eases]
        self.log, self.now_s = Log(), 0.0
        self.draw = random.Random(seed)  # noqa: S311  (no secret)
        self.finished_s = [NEVER] * len(jobs)
        self.crashes = crashes_of(upsets, len(jobs), seed)
        """How often each will still fail by itself."""
        self.leaving: list[Leaving] = []
        """Chips that are being taken back."""
        self.sound_s: dict[int, float] = {}
        """Of jobs whose numbers are wrong and nobody knows, the work that they had done before."""
        self._empty(len(jobs))

    def _empty(self, count: int) -> None:
        """Nobody runs and nobody waits."""
        self.running: dict[int, Run] = {}
        self.rank: dict[int, int] = {}
        """Tier that a running job counts as."""
        self.held: dict[int, int] = {}
        """Chips that run for each such tier."""
        self.used: dict[int, int] = {}
        self.owes_s: dict[int, float] = {}
        """Saves that stopped jobs took, paid for when they start again."""
        self.shrunk: set[int] = set()
        """Who runs on fewer chips than it asked for."""
        self.dropped: set[int] = set()
        """Who of them does so since a node of its own failed."""
        self.told: dict[int, float] = {}
        """Who has been told to make room, and when it stops."""
        self.claimant = -1
        """For whom."""
        self.blocked: dict[int, float] = {}
        """Who would fit but for what is reserved, and since when."""
        self.stopped = [False] * count
        self.failed = [False] * count
        self.stamp = [0] * count
        self.waiting: dict[Any, list[tuple[Urgency, int]]] = {}
        self.key: dict[int, tuple[Urgency, int]] = {}
        """Of each job that waits, its entry in the line."""

    def tier_now(self, job: int) -> int:
        """Tier of a job, before all others while chips are reserved for its tenant that it does not use."""
        tenant = self.tenant[job]
        for each in self.reservations:
            if each.tenant == tenant and each.lasts(self.now_s):
                within = self.used.get(tenant, 0) + self.chips[job] <= each.chips
                return RESERVED_FOR if within else self.tier[job]
        return self.tier[job]

    def counts_as(self, job: int) -> int:
        """Tier of a job, later where it would borrow."""
        tier = self.tier_now(job) if self.reservations else self.tier[job]
        if not self.guaranteed or tier == RESERVED_FOR:
            return tier
        tenant = self.tenant[job]
        within = self.used.get(tenant, 0) + self.chips[job] <= self.guaranteed.get(tenant, 0)
        return tier + (0 if within else BORROWED)

    def entry(self, job: int) -> tuple[Urgency, int]:
        """Where a job stands in the line."""
        tier = self.tier_now(job) if self.reservations else self.tier[job]
        return (tier, 0 if self.failed[job] else 1, self.place[job]), job

    def wait(self, job: int) -> None:
        """Let a job join the line."""
        self.key[job] = self.entry(job)
        insort(self.waiting.setdefault(self.asks[job], []), self.key[job])

    def unwait(self, job: int) -> None:
        """Let a job leave the line."""
        ranks = self.waiting[self.asks[job]]
        del ranks[bisect_left(ranks, self.key.pop(job))]
        if not ranks:
            del self.waiting[self.asks[job]]

    def ease(self, job: int) -> None:
        """Let a job that still waits ask for less from now on."""
        waits = job in self.key
        if waits:
            self.unwait(job)
        self.asks[job] = self.later[job]
        if waits:
            self.wait(job)

    def first_s(self, job: int) -> float:
        """What a job that waits will do before it works: the save that it owes, and its restart."""
        return self.owes_s.get(job, 0.0) + (self.upsets.restart_s if self.stopped[job] else 0.0)

    def start(self, job: int, place: Any, chips: int | None = None) -> None:  # noqa: ANN401
        """Start a job that waits, on all of its chips or fewer."""
        self.unwait(job)
        first_s = self.first_s(job)
        self.owes_s.pop(job, None)
        if chips is not None and chips < self.chips[job]:
            self.log.count("started_small")
        self.run(job, place, first_s, chips or self.chips[job])

    def run(self, job: int, place: Any, first_s: float, chips: int, unsaved_s: float = 0.0) -> None:  # noqa: ANN401
        """Let a job run at a place; as quick, chip for chip, as on all it asked for, unless it can run on so few."""
        self.capacity.take(place)
        rank = self.rank[job] = self.counts_as(job)
        self.held[rank] = self.held.get(rank, 0) + chips
        tenant, asked = self.tenant[job], self.chips[job]
        self.used[tenant] = self.used.get(tenant, 0) + chips
        speed, rate = None, self.useful
        if self.pace is not None:
            speed = self.pace.at(job, place, chips if chips == self.least[job] else asked)
            rate *= speed.alone * speed.crossing
        if chips < asked:
            rate *= chips / asked
            self.shrunk.add(job)
        self.running[job] = Run(self.now_s, first_s, place, chips, rate, speed, unsaved_s)
        self.expect(job)
        if self.crashes[job]:
            crash_s = self.now_s + first_s + self.upsets.crash_after_s
            heapq.heappush(self.events, (crash_s, CRASH, job, 0, self.now_s))

    def expect(self, job: int) -> None:
        """Say when a running job ends if nothing happens."""
        run = self.running[job]
        self.stamp[job] += 1
        end_s = run.start_s + run.first_s + (self.work_s[job] - self.done_s[job] - run.unsaved_s) / run.rate
        heapq.heappush(self.events, (end_s, END, job, self.stamp[job], None))

    def leave(self, job: int) -> Any:  # noqa: ANN401
        """Take a running job off its place, which is given back."""
        run = self.running.pop(job)
        self.capacity.give(run.place)
        self.used[self.tenant[job]] -= run.chips
        self.stamp[job] += 1
        self.shrunk.discard(job)
        self.dropped.discard(job)
        self.told.pop(job, None)
        self.held[self.rank.pop(job)] -= run.chips
        if self.now_s > run.start_s:
            self.log.ran(job, run, self.now_s, self.capacity.size_of(run.place))
            self.log.lost["restart"] += min(self.now_s - run.start_s, run.first_s) * run.chips
        return run.place

    def spend(self, job: int, worked_s: float) -> None:
        """Count what work took beside itself: saves, and what it stood still for where it stands."""
        run = self.running[job]
        weight, speed = (worked_s - run.unsaved_s) * self.chips[job], run.speed
        if speed is not None:
            alone = weight / speed.alone
            self.log.shift_chip_s += alone - weight
            weight = alone / speed.crossing
            self.log.lost[CROSSING] += weight - alone
        self.log.lost["checkpoint"] += weight * (1.0 / self.useful - 1.0)

    def finish(self, job: int) -> None:
        """Let a job go that is done."""
        self.spend(job, self.work_s[job] - self.done_s[job])
        self.done_s[job] = self.work_s[job]
        self.leave(job)
        self.finished_s[job] = self.now_s
        if self.sound_s.pop(job, None) is not None:
            self.log.count("corrupted_results")

    def job_at(self, share: float) -> int | None:
        """Job on the chip at a share of the fleet; None where that is idle."""
        at = share * self.capacity.chips
        for job, run in self.running.items():
            at -= run.chips
            if at < 0:
                return job
        return None

    def worked_s(self, job: int) -> float:
        """Useful work since its start, whether kept or not."""
        return worked_s(self.running[job], self.now_s, self.work_s[job] - self.done_s[job])

    def reached_s(self, job: int) -> float:
        """Useful work of a running job so far, whether kept or not."""
        return self.done_s[job] + self.worked_s(job)

    def kept_s(self, job: int, reached_s: float, keeps: Kept = latest_save_s) -> float:
        """Of the work reached, what survives a stop, whatever stops it: the latest save, or what ``keeps`` says."""
        return max(keeps(reached_s, self.upsets.interval_s), self.done_s[job])

    def stop(self, job: int, kept_s: float, why: str) -> None:
        """Stop a running job that keeps ``kept_s`` of its work, and let it wait again."""
        worked = self.worked_s(job)
        self.log.lost[why] += (self.done_s[job] + worked - kept_s) * self.chips[job]
        self.spend(job, worked)
        self.leave(job)
        self.done_s[job], self.stopped[job] = kept_s, True
        if kept_s <= self.sound_s.get(job, -NEVER):
            del self.sound_s[job]  # what was wrong is done again
        self.wait(job)

    def roll_back(self, job: int, kept_s: float, why: str) -> None:
        """Let a running job go on from ``kept_s`` of its work, where it stands."""
        worked, chips = self.worked_s(job), self.running[job].chips
        self.log.lost[why] += (self.done_s[job] + worked - kept_s) * self.chips[job]
        self.spend(job, worked)
        place = self.leave(job)
        self.done_s[job] = kept_s
        self.run(job, place, self.upsets.restart_s, chips)

    def move(self, job: int, place: Any, chips: int) -> None:  # noqa: ANN401
        """Let a job that was taken off go on elsewhere, on so many chips: a save and a restart later."""
        self.run(job, place, self.upsets.save_s + self.upsets.restart_s, chips)

    def pause(self, job: int) -> None:
        """Take a running job off its place with all that it has done."""
        worked = self.worked_s(job)
        self.spend(job, worked)
        self.done_s[job] += worked
        self.leave(job)

    def block(self, jobs: Sequence[int]) -> None:
        """Write down who fits but for what is reserved, from now until it is said again."""
        for job in [each for each in self.blocked if each not in jobs]:
            self.log.reserved.append((job, self.blocked.pop(job), self.now_s))
        for job in jobs:
            self.blocked.setdefault(job, self.now_s)

    def ends_s(self, job: int, run: Run) -> float:
        """When a running job is expected to end; now, at the earliest."""
        left_s = max(0.0, self.estimate_s[job] - self.done_s[job] - run.unsaved_s) / run.rate
        return max(self.now_s, run.start_s + run.first_s + left_s)
