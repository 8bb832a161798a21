"""Silent corruption: numbers come out wrong without a sign, and are void from then on until somebody notices.

Corruptions are a Poisson process over all chips; one that strikes a job is noticed ``unseen_s`` later. The job then
goes back to its latest save from before it, on the chips that it has. Whoever is done by then gives a corrupted result,
which is counted and not done again.
"""

from __future__ import annotations

import heapq
import random

from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.upsets import FOUND, NEVER, Event
from tenfold.fleet.preemptions import latest_save_s

WHY = "lost_to_corruption"


class Corruptions:
    """When the next corruption comes, and whom it strikes."""

    def __init__(self, contest: Contest, begin_s: float, seed: int) -> None:
        self._contest = contest
        self._draw = random.Random(f"corruption {seed}")  # noqa: S311  (no secret)
        self._rate = contest.upsets.corruptions_per_chip_s * contest.capacity.chips
        self.next_s = begin_s + self._draw.expovariate(self._rate) if self._rate > 0 else NEVER

    def strike(self) -> None:
        """Let the next one strike."""
        self._strike()
        self.next_s += self._draw.expovariate(self._rate)

    def _strike(self) -> None:
        contest = self._contest
        job = contest.job_at(self._draw.random())
        if job is None:
            return
        contest.log.count("corruptions")
        contest.sound_s[job] = min(contest.reached_s(job), contest.sound_s.get(job, NEVER))
        heapq.heappush(contest.events, (contest.now_s + contest.upsets.unseen_s, FOUND, job, 0, None))


def found(contest: Contest, event: Event) -> None:
    """Send a job back to its latest sound save; what it did since is void."""
    job = event[2]
    if job not in contest.sound_s:
        return
    sound_s, saved_s = contest.sound_s.pop(job), contest.done_s[job]
    kept_s = latest_save_s(sound_s, contest.upsets.interval_s)
    if saved_s <= sound_s:
        kept_s = max(kept_s, saved_s)
    if job in contest.running:
        contest.roll_back(job, kept_s, WHY)
    elif job in contest.key:
        contest.log.lost[WHY] += (saved_s - kept_s) * contest.chips[job]
        contest.done_s[job] = kept_s
