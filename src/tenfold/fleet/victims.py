"""Who would have to make room for a job that is submitted now, if later tiers did: the fewest, and what they lose."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.fleet.engine.making_room import losses, victims_of
from tenfold.fleet.forecast import Wish, all_jobs
from tenfold.fleet.preemptions import STOPPING
from tenfold.fleet.replay import Rules
from tenfold.fleet.standing import Standing
from tenfold.fleet.with_room import contest_at

SOON_S = 1.0
"""What is left at least of a job that still runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """A running job that would make room."""

    tenant: str
    tier: int
    chips: int
    ran_s: float
    """Since it started."""
    loses_chip_s: float
    """Work since its latest checkpoint, and its restart."""


def victims_now(standing: Standing, rules: Rules, wish: Wish) -> tuple[Victim, ...]:
    """Jobs of later tiers that would stop as the rules say (go back to their checkpoints where they say nothing).

    Nobody where the job starts anyway, or where all of them together have not the room. Who runs is put anew, the
    largest first, as the placement would.
    """
    running, elapsed_s = standing.running, standing.elapsed_s
    alone = replace(standing, waiting=standing.waiting.take(np.zeros(0, dtype=np.intp)))
    jobs = all_jobs(alone, wish, np.append(np.maximum(running.work_s, elapsed_s + SOON_S), wish.work_s))
    stops = rules.preemption if rules.preemption in STOPPING else STOPPING[0]
    keys, own = np.arange(len(jobs), dtype=np.float64), len(running)
    contest = contest_at(standing.now_s, jobs, keys, elapsed_s, replace(rules, preemption=stops, speeds=None))
    contest.wait(own)
    found = () if contest.capacity.fits(contest.asks[own]) else victims_of(contest, own)
    return tuple(
        Victim(
            tenant=running.tenants[running.tenant[job]],
            tier=int(running.tier[job]),
            chips=int(running.chips[job]),
            ran_s=float(elapsed_s[job]),
            loses_chip_s=loses_chip_s,
        )
        for loses_chip_s, job in losses(contest, found)
    )
