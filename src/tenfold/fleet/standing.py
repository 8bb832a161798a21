"""A fleet at an instant: who runs and for how long by now, who waits, and how large a gang starts now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.fleet.asks import asks_of
from tenfold.fleet.capacity.powered import bare, has_powered_domains
from tenfold.fleet.capacity.spots import largest_gangs, spots_of, stranded_chips
from tenfold.fleet.engine.quickest import run_steady
from tenfold.fleet.jobs import Jobs
from tenfold.fleet.orders import ORDERS
from tenfold.fleet.replay import Rules, capacity_of
from tenfold.fleet.with_room import contest_by
from tenfold.quantities import Flags, Floats, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A fleet at an instant."""

    now_s: float
    running: Jobs
    elapsed_s: Floats
    waiting: Jobs
    kept_s: Floats
    """Work that those who wait have kept from before they were stopped."""
    history_s: Floats
    """Times of jobs that are done, sorted; empty without a history."""
    never: int = 0
    """Jobs of a snapshot that can never start in such a fleet: they are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningNow:
    """Largest gang that starts now somewhere."""

    kind: str
    level: str
    """Of which it stays in one domain; anywhere where empty."""
    chips: int


def fits_empty(jobs: Jobs, rules: Rules) -> Flags:
    """Which jobs fit an empty fleet."""
    there = capacity_of(rules, rules.chips, rules.node_sizes)
    return np.array([there.could_ever(ask) for ask in asks_of(there, jobs).later], dtype=np.bool_)


def standing_at(jobs: Jobs, rules: Rules, now_s: float) -> Standing:
    """State of a fleet: of a snapshot as it is, of a trace by replaying it until then."""
    snapshot = np.isfinite(jobs.since_s)
    nothing = np.zeros(0)
    if snapshot.any():
        could = fits_empty(jobs, rules)
        running, waiting = (jobs.take(np.flatnonzero(could & part)) for part in (snapshot, ~snapshot))
        elapsed_s, never = np.maximum(0.0, now_s - running.since_s), int((~could).sum())
        return Standing(
            now_s=now_s,
            running=running,
            elapsed_s=elapsed_s,
            waiting=waiting,
            kept_s=np.zeros(len(waiting)),
            history_s=nothing,
            never=never,
        )
    before = jobs.take(np.flatnonzero(jobs.submit_s <= now_s))
    before = before.take(np.flatnonzero(fits_empty(before, rules)))
    if rules.contested:
        return _standing_contested(before, rules, now_s)
    found = run_steady(
        before,
        capacity_of(rules, rules.chips, rules.node_sizes),
        ORDERS[rules.order](before),
        rules.admission,
        rules.placement,
        interval_s=rules.interval_s,
        until_s=now_s,
        speeds=rules.speeds,
    )
    begun, done = found.start_s <= now_s, found.end_s <= now_s
    runs = np.flatnonzero(begun & ~done)
    return Standing(
        now_s=now_s,
        running=before.take(runs),
        elapsed_s=now_s - found.start_s[runs],
        waiting=before.take(np.flatnonzero(~begun)),
        kept_s=np.zeros(int((~begun).sum())),
        history_s=np.sort(before.work_s[done]),
    )


def _standing_contested(before: Jobs, rules: Rules, now_s: float) -> Standing:
    """The same where later tiers stop: who runs has run for as long as its work takes, kept from before or not."""
    contest = contest_by(before, rules, now_s)
    runs, waits = (np.array(sorted(each), dtype=np.intp) for each in (contest.running, contest.key))
    worked_s = [contest.reached_s(job) for job in runs.tolist()]
    done = np.isfinite(contest.finished_s)
    return Standing(
        now_s=now_s,
        running=before.take(runs),
        elapsed_s=np.array(worked_s) / rules.upsets.useful,
        waiting=before.take(waits),
        kept_s=np.array(contest.done_s)[waits],
        history_s=np.sort(before.work_s[done]),
    )


def openings_now(standing: Standing, rules: Rules) -> tuple[tuple[OpeningNow, ...], int]:
    """Largest gangs that start now, and the free chips beyond them; who runs is put anew, the largest first."""
    there = capacity_of(rules, rules.chips, rules.node_sizes)
    inner, running = bare(there), standing.running
    asks = asks_of(inner, running)
    for job in np.argsort(-running.chips, kind="stable").tolist():
        place = inner.find(asks.first[job]) or inner.find(asks.later[job])
        if place is not None:
            there.take(place)
    gang, part = _row(inner.largest())
    spots, most = spots_of(inner), rules.chips - int(running.chips.sum())
    beyond = stranded_chips(np.array([inner.free]), gang, part, spots)
    if rules.power is not None:
        there.at(standing.now_s)
        most = min(most, max(0, there.limit - there.busy))
    powered = _row(there.largest_powered()) if has_powered_domains(there) else (gang, part)
    found = zip(spots, largest_gangs(*powered, spots)[0].tolist(), strict=True)
    return tuple(OpeningNow(kind=spot.kind, level=spot.level, chips=min(most, chips)) for spot, chips in found), int(
        beyond[0]
    )


def _row(largest: tuple[Any, Any]) -> tuple[Integers, Integers]:
    """Largest gangs of one instant, of whole nodes and in part of one, (1, places)."""
    gang, part = (np.array(each, dtype=np.int64).reshape(1, -1) for each in largest)
    return gang, part
