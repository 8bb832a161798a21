"""A trace replayed on a shared fleet: waits and their reasons, where every chip-hour went, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from tenfold.catalog import Catalog
from tenfold.fleet import (
    Jobs,
    Replay,
    Rules,
    Summary,
    Trace,
    reason_name,
    replay_asked,
    rerun_waits_s,
    room_for,
    summary_of,
    there_notes,
    trace_of,
)
from tenfold.planning.fleet_found import Found
from tenfold.planning.fleet_prices import asked_notes, price_of
from tenfold.planning.fleet_replay.answer import FleetReplayAnswer, JobOutcome
from tenfold.planning.fleet_replay.filled import filled
from tenfold.planning.fleet_replay.question import FleetReplayQuestion
from tenfold.quantities import HOUR_S, InputError, Percentiles, Problem, Progress, Shortfall, assumptions_of


def answer(
    question: FleetReplayQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> FleetReplayAnswer:
    """Replay a trace. Raises ``InputError`` for a trace or quotas that cannot be read."""
    asked = question.fleet
    if asked.nodes is not None:
        return filled(question, catalog, asked.nodes, seed, progress)
    knows = Found(asked, catalog)
    trace, rules, found = replay_asked(asked, seed, progress, knows.complete)
    if not len(found.jobs):
        raise InputError(_nothing_fits(trace, rules))
    summary = summary_of(found, rules.chips, rules.admission)
    price, priced = price_of(asked, catalog)
    figures = (*priced, *knows.figures)
    hours = rules.chips * summary.makespan_s / HOUR_S
    return FleetReplayAnswer(
        question=question,
        made=catalog.made(seed),
        format=trace.format,
        rows=trace.rows,
        damaged_rows=len(trace.damaged),
        rows_without_chips=trace.without_chips,
        chips=rules.chips,
        happened=found.happened,
        order=rules.order,
        admission=rules.admission,
        fits=not found.never.any(),
        **{each.name: getattr(summary, each.name) for each in fields(Summary)},
        allocated=(),
        openings=found.openings,
        mean_stranded_chips=found.stranded_chip_s / summary.makespan_s if summary.makespan_s else 0.0,
        chip_hours=hours,
        **_money(found, summary, hours, price),
        rerun_mean_wait_s=_reruns(question, trace, rules, seed),
        each_job=tuple(_outcomes(found, rules, price)) if question.each_job else (),
        jobs_never=int(found.never.sum()),
        infeasible=_infeasible(trace.jobs, found, rules),
        notes=(*knows.notes, *asked_notes(asked, price), *there_notes(rules), *_notes(trace, rules)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _money(found: Replay, summary: Summary, hours: float, price: float | None) -> dict[str, Any]:
    """What the chips cost in all, by use and by tenant; nothing where an hour has no price."""
    if price is None:
        return {"usd": None, "usd_by_use": {}, "usd_by_tenant": {}}
    return {
        "usd": price * hours,
        "usd_by_use": _by_use(summary, hours, price),
        "usd_by_tenant": _by_tenant(found, price),
    }


def _outcomes(found: Replay, rules: Rules, price: float | None) -> Iterator[JobOutcome]:
    """What became of each job, by columns."""
    jobs = found.jobs
    names = [reason_name(name, rules.admission) for name in found.wait_by_reason_s]
    longest = np.argmax(np.stack(list(found.wait_by_reason_s.values())), axis=0)
    columns = (jobs.line, jobs.tenant, jobs.tier, jobs.chips, jobs.submit_s, found.finished_s, found.wait_s)
    for line, tenant, tier, chips, submit_s, finished_s, wait_s, held_s, reason in zip(
        *(column.tolist() for column in columns), found.held_s.tolist(), longest.tolist(), strict=True
    ):
        yield JobOutcome(
            line=line,
            tenant=jobs.tenants[tenant],
            tier=tier,
            chips=chips,
            submit_s=submit_s,
            finished_s=finished_s,
            wait_s=wait_s,
            held_s=held_s,
            waited_for=names[reason] if wait_s > 0 else "",
            usd=None if price is None else chips * held_s / HOUR_S * price,
        )


def _nothing_fits(trace: Trace, rules: Rules) -> Problem:
    least = int(trace.jobs.chips.min())
    wrong = f"no job of the trace fits {rules.chips:,} chips: the smallest asks for {least:,}"
    return Problem(file="", key="chips", wrong=wrong, remedy=f"Give at least {least:,}")


def _reruns(question: FleetReplayQuestion, trace: Trace, rules: Rules, seed: int) -> Percentiles | None:
    asked = question.fleet
    if not asked.reruns or asked.kinds:
        return None

    def jobs_of(again: int) -> Jobs:
        return trace_of(asked, seed + again + 1).jobs if asked.jobs else trace.jobs

    return Percentiles.of(rerun_waits_s(jobs_of, rules, asked.reruns, seed))


def _by_use(summary: Summary, hours: float, price: float) -> Mapping[str, float]:
    return {name: share * hours * price for name, share in summary.utilisation.items()}


def _by_tenant(found: Replay, price: float) -> Mapping[str, float]:
    jobs = found.jobs
    hours = np.bincount(jobs.tenant, weights=jobs.work_s * jobs.chips / HOUR_S, minlength=len(jobs.tenants))
    return dict(zip(jobs.tenants, (hours * price).tolist(), strict=True))


def _infeasible(jobs: Jobs, found: Replay, rules: Rules) -> tuple[Shortfall, ...]:
    """Jobs that fit not even an empty fleet, one entry for each number of chips, place, and tenant that has a quota."""
    never = np.flatnonzero(found.never)
    nothing = np.zeros(len(never), dtype=np.int64)
    whose = jobs.tenant[never] if rules.quotas else nothing
    wants = jobs.wants if rules.domains is not None else None
    where = (nothing, nothing) if wants is None else (wants.within[never], wants.kinds[never])
    kinds, counts = np.unique(np.stack([whose, jobs.chips[never], *where]), axis=1, return_counts=True)
    levels: tuple[str, ...] = ("",)
    lists = levels
    if wants is not None:
        levels, lists = wants.levels, wants.kind_lists
    return tuple(
        _shortfall(jobs.tenants[tenant], chips, count, rules, levels[level], lists[kind])
        for (tenant, chips, level, kind), count in zip(kinds.T.tolist(), counts.tolist(), strict=True)
    )


def _shortfall(tenant: str, chips: int, count: int, rules: Rules, level: str, kinds: str) -> Shortfall:
    what, there = room_for(rules, level, kinds, chips)
    if rules.quotas:
        what, there = f"the quota of {tenant}", rules.quotas.get(tenant, rules.chips)
    short = f"{count:,} {'job' if count == 1 else 'jobs'} of {chips:,} chips: {what} has {there:,}"
    return Shortfall(kind="chips", short=short, nearest=f"give {what} {chips:,} chips, or ask for {there:,} at most")


def _notes(trace: Trace, rules: Rules) -> tuple[str, ...]:
    notes = []
    if trace.damaged:
        first = trace.damaged[0]
        notes.append(
            f"{len(trace.damaged):,} damaged rows are left out; the first: {first.file} {first.key} {first.wrong}"
        )
    if trace.without_chips:
        notes.append(f"{trace.without_chips:,} rows ask for no chip and are left out")
    wants = trace.jobs.wants
    if wants is not None and rules.domains is None and (len(wants.levels) > 1 or len(wants.kind_lists) > 1):
        notes.append("Levels and kinds that jobs ask for are passed over: --domains names none")
    if rules.order == "sjf":
        notes.append("sjf knows how long each job takes; nobody who schedules does")
    return tuple(notes)
