"""The engine where jobs are stopped: by others, by machines that fail, by themselves, by sellers of spot chips.

A failed unit is gone until it is repaired; its job goes to the front of its tier, and starts again from what it saved.
At each instant first endings, failures and repairs, then arrivals, then one pass.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from tenfold.fleet.capacity.powered import Powered, bare
from tenfold.fleet.engine.contest import Contest, Urgency
from tenfold.fleet.engine.corrupting import found
from tenfold.fleet.engine.dropping import take_in_again
from tenfold.fleet.engine.failing import fail_job
from tenfold.fleet.engine.making_room import grow_back, on, stop_now
from tenfold.fleet.engine.standing import may_start, place_for
from tenfold.fleet.engine.striking import Strikes
from tenfold.fleet.engine.taking_back import take_back
from tenfold.fleet.engine.upsets import ALARM, CRASH, END, FOUND, NEVER, NOBODY, REPAIR, SPOT, STOP, Event, Upsets
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.pace import Speeds, pace_of
from tenfold.fleet.preemptions import Preemption
from tenfold.fleet.reservations import Reservation
from tenfold.fleet.runs import Outages, Room, Runs
from tenfold.fleet.spot import SpotTerm
from tenfold.quantities import Floats, Progress

TOLD = 1024


def _pass(contest: Contest, strict: bool) -> None:
    """Start what may start: most urgent first; ``strict`` stops at the first that does not fit."""
    refused: set[Any] = set()
    while contest.waiting:
        heads = [ranks[0] for ask, ranks in contest.waiting.items() if ask not in refused]
        if not heads:
            return
        _, job = min(heads)
        ask = contest.asks[job]
        place = contest.capacity.find(ask)
        if place is None and contest.preemption.make_room is not None and contest.preemption.make_room(contest, job):
            place = contest.capacity.find(ask)
        if place is not None:
            contest.start(job, place)
        elif strict or (contest.told and job == contest.claimant):
            return
        else:
            refused.add(ask)


def _reserved_pass(contest: Contest, strict: bool) -> None:
    """The same where chips are reserved: jobs that ask for the same may wait for different reasons, so one by one."""
    refused: set[Any] = set()
    would: list[int] = []
    for _, job in _in_line(contest):
        ask = contest.asks[job]
        if ask in refused:
            continue
        room = may_start(contest, job)
        place = place_for(contest, job, ask) if room or contest.capacity.fits(ask) else None
        make_room = contest.preemption.make_room
        if room and place is None and make_room is not None and make_room(contest, job):
            place = contest.capacity.find(ask)
        if room and place is not None:
            contest.start(job, place)
            continue
        if place is not None:
            would.append(job)
        elif not contest.leaving:
            refused.add(ask)
        if strict or (contest.told and job == contest.claimant):
            break
    contest.block([job for job in would if contest.capacity.fits(contest.asks[job])])


def _single_pass(contest: Contest, strict: bool) -> None:
    """The same one by one: where jobs start on the fewest chips they can run on, or spot chips are about to go.

    Whoever makes room waits again, so the line is looked at anew.
    """
    preemption, line = contest.preemption, _in_line(contest)
    while (entry := next(line, None)) is not None:
        job = entry[1]
        ask, chips = contest.asks[job], contest.chips[job]
        place = place_for(contest, job, ask)
        if place is None and preemption.starts_small and contest.least[job] < chips:
            chips = contest.least[job]
            place = place_for(contest, job, on(ask, chips))
        made = place is None and preemption.make_room is not None and preemption.make_room(contest, job)
        if made:
            place, chips = contest.capacity.find(ask), contest.chips[job]
        if place is not None:
            contest.start(job, place, chips)
            line = _in_line(contest) if made else line
        elif strict or (contest.told and job == contest.claimant):
            return


def _in_line(contest: Contest) -> Iterator[tuple[Urgency, int]]:
    """All that wait, the most urgent first."""
    return iter(sorted(entry for ranks in contest.waiting.values() for entry in ranks))


def _schedule(contest: Contest, strict: bool) -> None:
    """One pass, as what may be looked at together allows it."""
    if contest.reservations:
        _reserved_pass(contest, strict)
    elif contest.preemption.starts_small or contest.leaving:
        _single_pass(contest, strict)
    else:
        _pass(contest, strict)


def replay_contested(
    jobs: Jobs,
    capacity: Any,  # noqa: ANN401  (Pool or Nodes)
    keys: Floats,
    *,
    upsets: Upsets,
    preemption: Preemption,
    guaranteed: Mapping[int, int] | None = None,
    reservations: Sequence[Reservation] = (),
    spot: Sequence[SpotTerm] = (),
    speeds: Speeds | None = None,
    strict: bool = True,
    interval_s: float = 0.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Runs:
    """Replay jobs that may be stopped.

    ``guaranteed`` are chips by place of the tenant, ``speeds`` how quick jobs are that name a model.
    """
    pace = pace_of(capacity, jobs, speeds)
    contest = Contest(jobs, capacity, keys, upsets, preemption, guaranteed or {}, reservations, pace, seed)
    submit_s: Sequence[float] = jobs.submit_s.tolist()
    set_alarms(contest)
    room, strikes = Room.of(capacity), Strikes(contest, spot, submit_s[0] if submit_s else NEVER, seed)
    play(contest, submit_s, Passes(strict=strict, interval_s=interval_s), room, strikes, progress=progress)
    return runs_of(contest, room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """When and how those who wait are started."""

    strict: bool
    """Whether a pass stops at the first that does not fit."""
    interval_s: float
    """Time between two passes; 0 for one at every event."""


def play(
    contest: Contest,
    submit_s: Sequence[float],
    passes: Passes,
    room: Room,
    strikes: Strikes,
    *,
    first: int = 0,
    until: int = NOBODY,
    until_s: float = NEVER,
    progress: Progress | None = None,
) -> None:
    """Let happen what happens; jobs before ``first`` have come. To the end, until a job starts, or until a time."""
    count, at, told = len(submit_s), first, TOLD
    next_s = submit_s[at] if at < count else NEVER
    while (at < count or contest.running or contest.waiting) and until not in contest.running:
        now_s = _next_pass_s(contest, min(next_s, strikes.next_s), passes.interval_s)
        if now_s > until_s:
            return
        _due(contest, strikes, now_s)
        while next_s <= now_s:
            contest.wait(at)
            at += 1
            next_s = submit_s[at] if at < count else NEVER
        if contest.dropped:
            take_in_again(contest)
        _schedule(contest, passes.strict)
        if contest.shrunk and not contest.waiting:
            grow_back(contest)
        room.note(now_s, contest.capacity)
        told = _tell(progress, at, count, told)


def _tell(progress: Progress | None, at: int, count: int, told: int) -> int:
    """Tell the share that has come, now and then; from how many on it is told again."""
    if progress is None or at < told:
        return told
    progress(at / count)
    return told + TOLD


def set_alarms(contest: Contest, after_s: float = -NEVER) -> None:
    """Times at which somebody may start though nobody comes or ends: steps of the power, ends of reservations."""
    times = {each.from_s for each in contest.reservations} | {each.until_s for each in contest.reservations}
    if isinstance(contest.capacity, Powered):
        times |= set(contest.capacity.step_s)
    contest.events += [(at_s, ALARM, NOBODY, 0, None) for at_s in times if at_s > after_s]
    heapq.heapify(contest.events)


def _next_pass_s(contest: Contest, comes_s: float, interval_s: float) -> float:
    """When something happens next, at the latest when ``comes_s`` does; to the next multiple of ``interval_s``."""
    events = contest.events
    while events and events[0][1] == END and contest.stamp[events[0][2]] != events[0][3]:
        heapq.heappop(events)
    now_s = min(events[0][0] if events else NEVER, comes_s)
    return -(-now_s // interval_s) * interval_s if interval_s else now_s


def _due(contest: Contest, strikes: Strikes, now_s: float) -> None:
    """Let all happen that is due, each at its own time: of an instant what is told before what strikes."""
    events = contest.events
    while (at_s := min(events[0][0] if events else NEVER, strikes.next_s)) <= now_s and at_s < NEVER:
        contest.now_s = at_s
        if events and events[0][0] <= at_s:
            event = heapq.heappop(events)
            HAPPENS[event[1]](contest, event)
        else:
            strikes.strike()
    contest.now_s = now_s
    strikes.absorb()


def _end(contest: Contest, event: Event) -> None:
    _, _, job, stamp, _ = event
    if contest.stamp[job] == stamp:
        contest.finish(job)


def _stop(contest: Contest, event: Event) -> None:
    """The notice of a job is over, if it is still told."""
    at_s, _, job, _, _ = event
    if contest.told.get(job) == at_s:
        stop_now(contest, job, contest.claimant)


def _crash(contest: Contest, event: Event) -> None:
    """A job fails by itself that has run since the start that the event is about."""
    _, _, job, _, started_s = event
    if job in contest.running and contest.running[job].start_s == started_s:
        contest.crashes[job] -= 1
        contest.log.count("crashes")
        fail_job(contest, job, "lost_to_crash")


def _repair(contest: Contest, event: Event) -> None:
    """Chips that were gone are back."""
    bare(contest.capacity).give(event[4])


def _ring(contest: Contest, event: Event) -> None:
    """A job that waited long enough asks for less; or power or reservations are others from now on."""
    job = event[2]
    if job != NOBODY:
        contest.ease(job)
        return
    if isinstance(contest.capacity, Powered):
        contest.capacity.at(contest.now_s)
    for each in [each for ranks in contest.waiting.values() for _, each in ranks] if contest.reservations else ():
        contest.unwait(each)
        contest.wait(each)


HAPPENS: Mapping[int, Callable[[Contest, Event], None]] = MappingProxyType(
    {END: _end, STOP: _stop, CRASH: _crash, FOUND: found, SPOT: take_back, REPAIR: _repair, ALARM: _ring}
)
"""What happens at an event, by its kind."""


def runs_of(contest: Contest, room: Room) -> Runs:
    """What became of the jobs of a contest."""
    log = contest.log
    last_s = max(contest.finished_s, default=0.0)
    begins, ends, chips = np.array(log.outages).reshape(-1, 3).T
    begins, ends = np.minimum(begins, last_s), np.minimum(ends, last_s)
    return Runs(
        job=np.asarray(log.job, dtype=np.intp),
        start_s=np.asarray(log.start_s),
        end_s=np.asarray(log.end_s),
        held=np.asarray(log.held, dtype=np.int64),
        chips=np.asarray(log.chips, dtype=np.int64),
        finished_s=np.asarray(contest.finished_s),
        preemptions=log.preemptions,
        lost_chip_s=log.lost,
        shift_chip_s=log.shift_chip_s,
        happened=log.happened,
        reserved=tuple(log.reserved),
        room=room,
        outages=Outages(start_s=begins, end_s=ends, chips=chips.astype(np.int64)),
    )
