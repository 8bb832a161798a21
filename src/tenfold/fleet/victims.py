"""Who would have to make room for a job that is submitted now, if later tiers did: the fewest, and what they lose."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.making_room import victims_of
from tenfold.fleet.forecast import Standing, Wish, all_jobs
from tenfold.fleet.preemptions import PREEMPTIONS
from tenfold.fleet.replay import Rules, capacity_of

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
    """Jobs of later tiers that would go back to their checkpoints, the cheapest first.

    Nobody where the job starts anyway, or where all of them together have not the room. Who runs is put anew, the
    largest first, as the placement would.
    """
    running, elapsed_s = standing.running, standing.elapsed_s
    alone = replace(standing, waiting=standing.waiting.take(np.zeros(0, dtype=np.intp)))
    lasts_s = np.append(np.maximum(running.work_s, elapsed_s + SOON_S), wish.work_s)
    jobs, there = all_jobs(alone, wish, lasts_s), capacity_of(rules, rules.chips, rules.node_sizes)
    keys = np.arange(len(jobs), dtype=np.float64)
    contest = Contest(jobs, there, keys, rules.upsets, PREEMPTIONS["requeue"], {}, (), None, rules.seed)
    contest.now_s, own = standing.now_s, len(running)
    if rules.power is not None:
        there.at(standing.now_s)
    for job in np.argsort(-running.chips, kind="stable").tolist():
        place = there.find(contest.asks[job]) or there.find(contest.later[job])
        if place is not None:
            contest.wait(job)
            contest.start(job, place)
            contest.running[job].start_s -= float(elapsed_s[job])
    contest.wait(own)
    found = () if there.fits(contest.asks[own]) else victims_of(contest, own)
    return tuple(
        Victim(
            tenant=running.tenants[running.tenant[job]],
            tier=int(running.tier[job]),
            chips=int(running.chips[job]),
            ran_s=float(elapsed_s[job]),
            loses_chip_s=contest.loses_s(job),
        )
        for job in found
    )
