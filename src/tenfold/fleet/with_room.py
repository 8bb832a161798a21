"""A fleet on which later tiers stop for others, at an instant and from then on: the engine of contests, in parts.

Who runs is put anew, the largest first, as the placement would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count, repeat

import numpy as np

from tenfold.fleet.account.gaps import Gaps
from tenfold.fleet.account.grid import Lane, grid_of
from tenfold.fleet.account.reasons import CAPACITY, POLICY, REASONS, account_lane
from tenfold.fleet.asks import scopes_of
from tenfold.fleet.capacity.powered import bare
from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.contested import Passes, play, runs_of, set_alarms
from tenfold.fleet.engine.foreseen import foreseen_waits
from tenfold.fleet.engine.striking import Strikes
from tenfold.fleet.engine.upsets import NEVER
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.pace import pace_of
from tenfold.fleet.preemptions import PREEMPTIONS, STOPPING
from tenfold.fleet.replay import Rules, capacity_of
from tenfold.fleet.runs import Room
from tenfold.quantities import Floats

FIRST_LOOK_S = 60.0
"""After which it is looked for the first time whether somebody may still be stopped."""


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
    """Submit the last of the jobs, once the others run and wait: how long it waits, s, and for what.

    Where the line is strict and nobody will be stopped any more, the rest is foreseen.
    """
    contest, own, running = contest_at(now_s, jobs, keys, elapsed_s, rules), len(jobs) - 1, len(elapsed_s)
    contest.stopped[running:own] = (kept_s > 0).tolist()
    _line_up(contest, range(running, own))
    room, strikes = Room.of(contest.capacity), Strikes(contest, (), now_s, rules.seed)
    parts = _looks_s(now_s) if is_foreseen(rules) else (NEVER,)
    for first, until_s in zip(chain((own,), repeat(own + 1)), parts, strict=False):
        play(contest, jobs.submit_s.tolist(), _passes(rules), room, strikes, first=first, until=own, until_s=until_s)
        if own in contest.running or _is_settled(contest):
            break
    more_s, fitting_s = (0.0, 0.0) if own in contest.running else _foreseen_s(contest, own)
    reasons = _waited_for(contest, jobs, rules, room, now_s)
    reasons[CAPACITY] += more_s - fitting_s
    reasons[POLICY] += fitting_s
    return contest.now_s - now_s + more_s, reasons


def _line_up(contest: Contest, jobs: Iterable[int]) -> None:
    """Let jobs join the line together."""
    for job in jobs:
        contest.key[job] = entry = contest.entry(job)
        contest.waiting.setdefault(contest.asks[job], []).append(entry)
    for ranks in contest.waiting.values():
        ranks.sort()


def is_foreseen(rules: Rules) -> bool:
    """Whether the rest can be foreseen once nobody will be stopped: a strict line for a pool, and nothing is drawn."""
    upsets = rules.upsets
    struck = upsets.failures_per_chip_s or upsets.corruptions_per_chip_s or upsets.crash_share
    shaped = rules.node_sizes or rules.domains is not None or rules.power is not None
    return rules.admission == "head" and rules.preemption in STOPPING and not (struck or shaped or rules.interval_s)


def _looks_s(now_s: float) -> Iterator[float]:
    """When to look whether somebody may still be stopped: now, a minute later, then after twice as long as before."""
    yield now_s
    for doubled in count():
        yield now_s + FIRST_LOOK_S * 2.0**doubled


def _is_settled(contest: Contest) -> bool:
    """Whether nobody will be stopped any more: who runs is of no later tier than whoever waits.

    Whoever starts from a strict line is of no later tier than those who still wait, so it stays so.
    """
    first = min((ranks[0][0][0] for ranks in contest.waiting.values()), default=NEVER)
    return not contest.told and max(contest.rank.values(), default=-NEVER) <= first


def _foreseen_s(contest: Contest, own: int) -> tuple[float, float]:
    """How long a job still waits in a strict line, s, and how long of that as many chips are free as it needs."""
    now_s, done, useful = contest.now_s, contest.done_s, contest.useful
    ends_s = [
        run.start_s + run.first_s + (contest.work_s[job] - done[job] - run.unsaved_s) / run.rate
        for job, run in contest.running.items()
    ]
    line = [job for _, job in sorted(chain.from_iterable(contest.waiting.values()))]
    line = line[: line.index(own) + 1]
    lasts_s = [
        *(max(end_s - now_s, 0.0) for end_s in ends_s),
        *(contest.first_s(job) + (contest.work_s[job] - done[job]) / useful for job in line),
    ]
    chips = [*(run.chips for run in contest.running.values()), *(contest.chips[job] for job in line)]
    waits_s, fitting_s = foreseen_waits(
        now_s, contest.capacity.chips, np.array(chips), np.array([lasts_s]), len(chips) - 1, "head"
    )
    return float(waits_s[0]), float(fitting_s[0])


def _waited_for(contest: Contest, jobs: Jobs, rules: Rules, room: Room, now_s: float) -> dict[str, float]:
    """What the last of the jobs waited for until the time of a contest, s by reason; whoever runs is taken off."""
    own, start_s = len(jobs) - 1, contest.now_s
    if start_s == now_s:
        return dict.fromkeys(REASONS, 0.0)
    for job in list(contest.running):
        contest.leave(job)
    scopes, looks = scopes_of(contest.capacity, jobs), bare(contest.capacity).looks
    gaps = Gaps(job=np.array([own]), from_s=np.array([now_s]), to_s=np.array([start_s]), scope=scopes.first[[own]])
    runs = runs_of(contest, room)
    lane = Lane(jobs=jobs, runs=runs, chips=rules.chips, scopes=scopes, looks=looks, power=rules.power)
    by_reason, _ = account_lane(grid_of(lane, None, gaps), gaps)
    return {name: float(column[own]) for name, column in by_reason.items()}


def _contest(jobs: Jobs, rules: Rules, keys: Floats) -> Contest:
    there, preemption = capacity_of(rules, rules.chips, rules.node_sizes), PREEMPTIONS[rules.preemption]
    pace = pace_of(there, jobs, rules.speeds)
    return Contest(jobs, there, keys, rules.upsets, preemption, {}, (), pace, rules.seed)


def _passes(rules: Rules) -> Passes:
    return Passes(strict=rules.admission == "head", interval_s=rules.interval_s)
