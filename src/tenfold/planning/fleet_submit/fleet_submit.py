"""A job submitted into the state of a fleet, many times: when it starts, why not before, what would start it sooner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import (
    Forecast,
    Jobs,
    Rules,
    Standing,
    Wish,
    could_ever,
    forecast,
    openings_now,
    reason_name,
    room_for,
    rules_of,
    standing_at,
    there_notes,
    trace_of,
    victims_now,
)
from tenfold.planning.fleet_found import Found
from tenfold.planning.fleet_prices import asked_notes, price_of
from tenfold.planning.fleet_submit.answer import Change, FleetSubmitAnswer
from tenfold.planning.fleet_submit.question import FleetSubmitQuestion
from tenfold.quantities import (
    DAY_S,
    HOUR_S,
    Floats,
    InputError,
    Percentiles,
    Problem,
    Progress,
    Shortfall,
    assumptions_of,
    format_quantity,
)

SHOWN_CHANGES = 5
LATER_S = (*np.arange(HOUR_S / 4, HOUR_S, HOUR_S / 4), *np.arange(HOUR_S, DAY_S, HOUR_S), *DAY_S * np.arange(1, 8))
"""Moments of the next week at which it could be submitted: quarters of the first hour, hours of the first day, days."""
CHANGE_FORECASTS = 40
"""Draws of each change at most, each compared with the same draw of the job as it is."""


def answer(
    question: FleetSubmitQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> FleetSubmitAnswer:
    """Forecast a job. Raises ``InputError`` for a trace that cannot be read."""
    asked = question.fleet
    trace = trace_of(asked, seed)
    knows = Found(asked, catalog)
    rules = knows.complete(trace, rules_of(asked, trace))
    _require(question, rules)
    standing = _standing(trace.jobs, rules, question.at_s)
    openings, stranded = openings_now(standing, rules)
    wish = _wish(question)
    price, priced = price_of(asked, catalog)
    figures = (*priced, *knows.figures)
    hours = wish.chips * wish.work_s / HOUR_S
    fits = could_ever(wish, rules)
    found = forecast(standing, rules, wish, question.forecasts, seed) if fits else None
    mean = 0.0 if found is None else float(found.wait_s.mean())
    return FleetSubmitAnswer(
        question=question,
        made=catalog.made(seed),
        fits=fits,
        at_s=standing.now_s,
        running_jobs=len(standing.running),
        waiting_jobs=len(standing.waiting),
        chips=rules.chips,
        free_chips=rules.chips - int(standing.running.chips.sum()),
        openings=openings,
        stranded_chips=stranded,
        mean_wait_s=mean,
        **_waits(found, rules, wish),
        changes=_sooner(standing, rules, wish, found, seed),
        victims=victims_now(standing, rules, wish) if mean or rules.contested else (),
        chip_hours=hours,
        usd=None if price is None else hours * price,
        infeasible=() if fits else (_never(wish, rules),),
        notes=(*knows.notes, *asked_notes(asked, price), *there_notes(rules), *_notes(standing, rules)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _standing(jobs: Jobs, rules: Rules, at_s: float | None) -> Standing:
    """Who runs and waits at a moment, or when the last job is known to have come or begun."""
    last_s = float(np.concatenate([jobs.submit_s, jobs.since_s[np.isfinite(jobs.since_s)]]).max())
    _require_room(jobs, rules)
    standing = standing_at(jobs, rules, last_s if at_s is None else at_s)
    _still_known(standing, last_s)
    return standing


def _require_room(jobs: Jobs, rules: Rules) -> None:
    """Raise ``InputError`` for a fleet of fewer chips than run in a snapshot of it."""
    busy = int(jobs.chips[np.isfinite(jobs.since_s)].sum())
    if busy > rules.chips:
        wrong = f"{rules.chips:,} chips stated, and {busy:,} run in the snapshot"
        raise InputError(Problem(file="", key="chips", wrong=wrong, remedy=f"Say how many there are, {busy:,} or more"))


def _still_known(standing: Standing, last_s: float) -> None:
    """Raise ``InputError`` for a moment at which all that a trace knows is over: whoever came later is not there."""
    if standing.now_s <= last_s or len(standing.running) or len(standing.waiting):
        return
    wrong = f"all jobs of the trace are done by {format_quantity(standing.now_s, 's')}, and the last comes at "
    remedy = "Ask about a moment that the trace knows, or leave the key out for its last"
    raise InputError(Problem(file="", key="at", wrong=wrong + format_quantity(last_s, "s"), remedy=remedy))


def _waits(found: Forecast | None, rules: Rules, wish: Wish) -> dict[str, Any]:
    """What is told of a wait: its range and what it is for, above all; nothing where the job never fits."""
    if found is None:
        return {"wait_s": None, "done_s": None, "wait_reasons": {}, "binding": ""}
    reasons = _named(found, rules)
    return {
        "wait_s": Percentiles.of(found.wait_s),
        "done_s": Percentiles.of(found.wait_s + wish.work_s),
        "wait_reasons": reasons,
        "binding": max(reasons, key=lambda name: reasons[name]) if found.wait_s.mean() > 0 else "",
    }


def _named(found: Forecast, rules: Rules) -> dict[str, float]:
    return {reason_name(name, rules.admission): seconds for name, seconds in found.reasons.items()}


def _wish(question: FleetSubmitQuestion) -> Wish:
    return Wish(
        chips=question.job_chips,
        work_s=question.job_time_s,
        tier=question.job_tier,
        within=question.job_within or "",
        kinds="|".join(question.job_kinds),
    )


def _require(question: FleetSubmitQuestion, rules: Rules) -> None:
    """Raise ``InputError`` for a level or a kind that the fleet has not."""
    if rules.domains is None:
        return
    levels, kinds = rules.domains.levels, tuple(dict.fromkeys(rules.domains.kinds))
    problems = [
        Problem(file="", key=key, wrong=f"'{name}' is not in the fleet", remedy=f"Use one of {', '.join(known)}")
        for key, names, known in (
            ("job_within", (question.job_within,), levels),
            ("job_kinds", question.job_kinds, kinds),
        )
        for name in names
        if name and name not in known
    ]
    if problems:
        raise InputError(problems)


def _never(wish: Wish, rules: Rules) -> Shortfall:
    what, there = room_for(rules, wish.within, wish.kinds, wish.chips)
    short = f"a gang of {wish.chips:,} chips: {what} has {there:,}"
    return Shortfall(kind="chips", short=short, nearest=f"ask for {there:,} chips at most")


def _sooner(standing: Standing, rules: Rules, wish: Wish, found: Forecast | None, seed: int) -> tuple[Change, ...]:
    """What would shorten the wait, where there is one."""
    if found is None or not found.wait_s.any():
        return ()
    return (*_changes(standing, rules, wish, found.wait_s, seed), *_later(found, wish))


def _changes(standing: Standing, rules: Rules, wish: Wish, as_is_s: Floats, seed: int) -> Iterator[Change]:
    """What would start it sooner, by mean wait saved on draws that both have; half the chips run twice as long."""
    found, draws = [], min(CHANGE_FORECASTS, len(as_is_s))
    for what, other_rules, other in _alternatives(rules, wish):
        waits = forecast(standing, other_rules, other, draws, seed).wait_s
        sooner = float((as_is_s[:draws] - waits).mean())
        if sooner > 0:
            mean = float(as_is_s.mean()) - sooner
            done = Percentiles.of(waits + other.work_s)
            found.append(
                Change(
                    what=what,
                    wait_s=Percentiles.of(waits),
                    done_s=done,
                    mean_wait_s=mean,
                    mean_done_s=mean + other.work_s,
                    sooner_s=sooner,
                )
            )
    yield from sorted(found, key=lambda each: -each.sooner_s)[:SHOWN_CHANGES]


def _later(found: Forecast, wish: Wish) -> Iterator[Change]:
    """The last moment at which it could be submitted and start at the same time in all draws, if there is one."""
    later_s = max((float(each) for each in LATER_S if each <= found.put_off_s), default=0.0)
    if later_s:
        waits = found.wait_s - later_s
        yield Change(
            what=f"submitted {format_quantity(later_s, 's')} later: the same start if nobody comes meanwhile",
            wait_s=Percentiles.of(waits),
            done_s=Percentiles.of(waits + wish.work_s),
            mean_wait_s=float(waits.mean()),
            mean_done_s=float(waits.mean()) + wish.work_s,
            sooner_s=later_s,
        )


def _alternatives(rules: Rules, wish: Wish) -> Iterator[tuple[str, Rules, Wish]]:
    for part in (2, 4):
        if wish.chips % part == 0:
            chips = wish.chips // part
            smaller = replace(wish, chips=chips, work_s=wish.work_s * part)
            yield f"{chips:,} chips, {part} times as long", rules, smaller
    if wish.within:
        yield f"anywhere, not within one {wish.within}", rules, replace(wish, within="")
    if wish.kinds:
        yield "on any kind of chip", rules, replace(wish, kinds="")
    if rules.power is not None:
        yield "with power for all chips", replace(rules, power=None), wish
    if rules.node_sizes:
        yield "stand on any free chips, not on whole nodes", replace(rules, node_sizes=()), wish
    if rules.admission == "head" and not rules.contested:
        yield "backfill behind the head of the line (easy)", replace(rules, admission="easy"), wish
    if (rules.order == "priority" or rules.contested) and wish.tier > 0:
        yield "the first tier", rules, replace(wish, tier=0)


def _notes(standing: Standing, rules: Rules) -> tuple[str, ...]:
    later = "Jobs that are submitted later are not counted: they can delay it where the order lets them pass"
    if rules.node_sizes or rules.domains is not None:
        later += "; which nodes running jobs stand on is not known, so they are put anew as the placement would"
    drawn = "How long others still run is drawn from jobs of the trace that ran longer than they have"
    estimated = "Without a history everybody ends anywhere up to its estimate, each moment as likely"
    notes = [later, drawn if len(standing.history_s) else estimated]
    if rules.contested:
        room = f"Later tiers make room ({rules.preemption}), for the job too"
        notes.append(f"{room}; that others may stop it when it runs is not counted")
    if standing.never:
        notes.append(f"Jobs that no empty fleet of this size has room for are left out: {standing.never}")
    return tuple(notes)
