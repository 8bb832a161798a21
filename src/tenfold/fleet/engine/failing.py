"""Machines that fail: which one, when, and how long it is gone; lemons fail more often, and are drained in the end.

Failures of the fleet are a Poisson process of rate λ Σ chips · h̄ with h̄ the mean over nodes of h, which is 1 for a
sound node and the factor for a lemon; the node that fails is drawn by h. A node that has failed ``drain_after`` times
is replaced by a sound one, which takes ``drain_s`` in place of a repair.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from itertools import accumulate
from typing import Any

from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.dropping import drop
from tenfold.fleet.engine.upsets import NEVER, NOBODY, REPAIR, SOUND, hazards_of


class Machines:
    """When the next machine fails, and how often each node did."""

    def __init__(self, contest: Contest, begin_s: float, seed: int) -> None:
        self._contest = contest
        self._hazard = hazards_of(contest.upsets, len(getattr(bare(contest.capacity), "sizes", ())), seed)
        self._failed = [0] * len(self._hazard)
        self._weigh()
        self.next_s = begin_s + self._until_next_s() if self._rate > 0 else NEVER

    def _weigh(self) -> None:
        """Hazards of nodes up to each, and the rate of all; without nodes all chips are alike."""
        upsets, capacity = self._contest.upsets, self._contest.capacity
        self._up_to = list(accumulate(self._hazard))
        mean = self._up_to[-1] / len(self._up_to) if self._up_to else SOUND
        self._rate = upsets.failures_per_chip_s * capacity.chips * mean

    def _until_next_s(self) -> float:
        return self._contest.draw.expovariate(self._rate)

    def fail(self) -> None:
        """Let the next machine fail."""
        self._fail()
        self.next_s += self._until_next_s()

    def _fail(self) -> None:
        """One unit fails: the jobs on it go on without it, or are stopped, and it is gone until it is repaired."""
        contest, upsets = self._contest, self._contest.upsets
        contest.log.count("failures")
        node, jobs = self._struck()
        for job in jobs:
            if not drop(contest, job, node):
                fail_job(contest, job, "lost_to_failure")
        gone_s = upsets.repair_s if node is None else self._gone_s(node)
        capacity = bare(contest.capacity)
        gone: Any = ((node, capacity.left[node]),) if node is not None else min(upsets.unit_chips, capacity.free)
        if gone_s > 0:
            be_gone(contest, gone, contest.now_s + gone_s)

    def _struck(self) -> tuple[int | None, list[int]]:
        """Node that fails, where there are nodes, and the jobs on it; chips fail alike."""
        contest = self._contest
        share = contest.draw.random()
        if self._hazard:
            node = min(bisect_right(self._up_to, share * self._up_to[-1]), len(self._hazard) - 1)
            return node, [job for job, run in contest.running.items() if any(each == node for each, _ in run.place)]
        job = contest.job_at(share)
        return None, [] if job is None else [job]

    def _gone_s(self, node: int) -> float:
        """How long a node is gone that has failed: until it is repaired, or replaced by a sound one."""
        upsets = self._contest.upsets
        self._failed[node] += 1
        if upsets.drain_after is None or self._failed[node] < upsets.drain_after:
            return upsets.repair_s
        self._contest.log.count("drains")
        self._failed[node], self._hazard[node] = 0, SOUND
        self._weigh()
        return upsets.drain_s


def fail_job(contest: Contest, job: int, why: str) -> None:
    """Stop a running job that has failed: it goes back to its latest save, and to the front of its tier."""
    contest.failed[job] = True
    contest.stop(job, contest.kept_s(job, contest.reached_s(job)), why)


def be_gone(contest: Contest, place: Any, until_s: float) -> None:  # noqa: ANN401
    """Take free chips out of the fleet until a time; nothing where the place is empty."""
    capacity = bare(contest.capacity)
    chips = capacity.size_of(place)
    if chips:
        capacity.take(place)
        contest.log.outages.append((contest.now_s, until_s, chips))
        heapq.heappush(contest.events, (until_s, REPAIR, NOBODY, 0, place))
