"""A fleet on which later tiers stop for others, at an instant and from then on: the engine of contests, in parts.

Who runs is put anew, the largest first, as the placement would.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.fleet.account.gaps import Gaps
from tenfold.fleet.account.grid import Lane, grid_of
from tenfold.fleet.account.reasons import REASONS, account_lane
from tenfold.fleet.asks import scopes_of
from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.contested import Passes, play, runs_of, set_alarms
from tenfold.fleet.engine.striking import Strikes
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.pace import pace_of
from tenfold.fleet.preemptions import PREEMPTIONS
from tenfold.fleet.replay import Rules, capacity_of
from tenfold.fleet.runs import Room
from tenfold.quantities import Floats


def contest_by(jobs: Jobs, rules: Rules, now_s: float) -> Contest:
    """Replay jobs until a time: who runs, who waits, what they have done and kept."""
    contest = _contest(jobs, rules, ORDERS[rules.order](jobs))
    set_alarms(contest)
    strikes = Strikes(contest, (), now_s, rules.seed)
    play(contest, jobs.submit_s.tolist(), _passes(rules), Room(shaped=False), strikes, until_s=now_s)
    contest.now_s = now_s
    return contest


def contest_at(now_s: float, jobs: Jobs, keys: Floats, elapsed_s: Floats, rules: Rules) -> Contest:
    """Put up who runs: the first jobs, as many as have run for a time, which is before their ``work_s``."""
    contest, running = _contest(jobs, rules, keys), len(elapsed_s)
    contest.now_s, there = now_s, contest.capacity
    set_alarms(contest, after_s=now_s)
    if rules.power is not None:
        there.at(now_s)
    for job in np.argsort(-jobs.chips[:running], kind="stable").tolist():
        place = there.find(contest.asks[job]) or there.find(contest.later[job])
        contest.wait(job)
        if place is not None:
            contest.start(job, place)
            contest.running[job].start_s -= float(elapsed_s[job])
            contest.expect(job)
    return contest


def alone_with_room(
    now_s: float, jobs: Jobs, keys: Floats, elapsed_s: Floats, kept_s: Floats, rules: Rules
) -> tuple[float, Mapping[str, float]]:
    """Submit the last of the jobs, once the others run and wait: how long it waits, s, and for what."""
    contest, own, running = contest_at(now_s, jobs, keys, elapsed_s, rules), len(jobs) - 1, len(elapsed_s)
    for place, kept in enumerate(kept_s.tolist()):
        contest.stopped[running + place] = kept > 0
        contest.wait(running + place)
    room, strikes = Room.of(contest.capacity), Strikes(contest, (), now_s, rules.seed)
    play(contest, jobs.submit_s.tolist(), _passes(rules), room, strikes, first=own, until=own)
    start_s = contest.now_s
    if start_s == now_s:
        return 0.0, dict.fromkeys(REASONS, 0.0)
    for job in list(contest.running):
        contest.leave(job)
    scopes, looks = scopes_of(contest.capacity, jobs), bare(contest.capacity).looks
    gaps = Gaps(job=np.array([own]), from_s=np.array([now_s]), to_s=np.array([start_s]), scope=scopes.first[[own]])
    runs = runs_of(contest, room)
    lane = Lane(jobs=jobs, runs=runs, chips=rules.chips, scopes=scopes, looks=looks, power=rules.power)
    by_reason, _ = account_lane(grid_of(lane, None, gaps), gaps)
    return start_s - now_s, {name: float(column[own]) for name, column in by_reason.items()}


def _contest(jobs: Jobs, rules: Rules, keys: Floats) -> Contest:
    there, preemption = capacity_of(rules, rules.chips, rules.node_sizes), PREEMPTIONS[rules.preemption]
    pace = pace_of(there, jobs, rules.speeds)
    return Contest(jobs, there, keys, rules.upsets, preemption, {}, (), pace, rules.seed)


def _passes(rules: Rules) -> Passes:
    return Passes(strict=rules.admission == "head", interval_s=rules.interval_s)
