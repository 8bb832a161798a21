"""A replay in numbers: waits, times to completion, slowdown, by size, tenant and tier; where chip-seconds went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.fleet.account.reasons import POLICY
from tenfold.fleet.replay import Replay
from tenfold.quantities import HOUR_S, Flags, Floats, Percentiles

SHORTEST_S = 10.0
"""Slowdown counts a job as no shorter than this (bounded slowdown, Feitelson and Rudolph, JSSPP 1998)."""
HEAD_OF_LINE, RESERVATION, INTERVAL = "head_of_line", "reservation", "interval"
POLICY_NAMES: Mapping[str, str] = {
    "head": HEAD_OF_LINE,
    "skip": INTERVAL,
    "easy": RESERVATION,
    "conservative": RESERVATION,
}
"""What a job waits for that could start but for the rules, by admission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Jobs that have something in common."""

    by: str
    name: str
    jobs: int
    chip_hours: float
    mean_wait_s: float
    wait_s: Percentiles
    longest_wait_s: float
    mean_jct_s: float
    jct_s: Percentiles
    slowdown: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A replay in numbers."""

    jobs: int
    mean_jct_s: float
    mean_wait_s: float
    wait_s: Percentiles
    jct_s: Percentiles
    slowdown: Percentiles
    """Time to completion over the time alone, a job counted as no shorter than 10 s."""
    mean_slowdown: float
    wait_by_chip_hours_s: float
    """Mean wait weighted by chip-hours."""
    longest_wait_s: float
    jobs_waited: int
    deadlines: int
    """Jobs that have one."""
    deadlines_met: int
    value_usd: float
    """What all jobs are worth, as far as it is said."""
    value_met_usd: float
    """What those are worth that were done by their deadline, or have none."""
    preemptions: int
    makespan_s: float
    """From the first submission to the last end."""
    utilisation: Mapping[str, float]
    """Shares of all chip-seconds from the first submission to the last end; they add up to 1."""
    wait_reasons: Mapping[str, float]
    """Mean wait of a job by reason, s; they add up to ``mean_wait_s``."""
    groups: tuple[Group, ...]
    """By chips asked for, by tenant, by tier."""


def slowdown_of(jct_s: Floats, work_s: Floats) -> Floats:
    """Time to completion over the time it takes alone, at least 1: max(1, JCT ÷ max(work, 10 s)). Broadcasts."""
    return np.maximum(1.0, jct_s / np.maximum(work_s, SHORTEST_S))


def summary_of(found: Replay, chips: int, admission: str) -> Summary:
    """Sum a replay up. There has to be a job."""
    jobs, jct_s, wait_s = found.jobs, found.jct_s, found.wait_s
    slowdown, weight = slowdown_of(jct_s, jobs.work_s), jobs.work_s * jobs.chips
    heavy = float(weight.sum())
    dated, met = np.isfinite(jobs.deadline_s), found.finished_s <= jobs.deadline_s
    return Summary(
        jobs=len(jobs),
        mean_jct_s=float(jct_s.mean()),
        mean_wait_s=float(wait_s.mean()),
        wait_s=Percentiles.of(wait_s),
        jct_s=Percentiles.of(jct_s),
        slowdown=Percentiles.of(slowdown),
        mean_slowdown=float(slowdown.mean()),
        wait_by_chip_hours_s=float((wait_s * weight).sum() / heavy) if heavy else 0.0,
        longest_wait_s=float(wait_s.max()),
        jobs_waited=int((wait_s > 0).sum()),
        deadlines=int(dated.sum()),
        deadlines_met=int((dated & met).sum()),
        value_usd=float(jobs.value_usd.sum()),
        value_met_usd=float(jobs.value_usd[met].sum()),
        preemptions=found.preemptions,
        makespan_s=found.window_s[1] - found.window_s[0],
        utilisation=utilisation_of(found, chips, admission),
        wait_reasons=_reasons(found, admission),
        groups=tuple(_groups(found, wait_s, jct_s, slowdown, weight)),
    )


def _reasons(found: Replay, admission: str) -> Mapping[str, float]:
    means = {name: float(column.mean()) for name, column in found.wait_by_reason_s.items()}
    return {reason_name(name, admission): mean for name, mean in means.items()}


def reason_name(reason: str, admission: str) -> str:
    """Reason of a wait as it is called under an admission."""
    return POLICY_NAMES.get(admission, POLICY) if reason == POLICY else reason


def utilisation_of(found: Replay, chips: int, admission: str) -> Mapping[str, float]:
    """Shares of chips × time that were used, and that stood idle by reason."""
    first_s, last_s = found.window_s
    whole = chips * (last_s - first_s)
    parts = {"productive": found.productive_chip_s, **found.lost_chip_s}
    parts["held_beyond_asked"] = found.held_beyond_chip_s
    for name, idle in found.idle_chip_s.items():
        parts[f"idle_{reason_name(name, admission)}"] = idle
    return {name: value / whole if whole else 0.0 for name, value in parts.items()}


def _groups(found: Replay, wait_s: Floats, jct_s: Floats, slowdown: Floats, weight: Floats) -> Iterator[Group]:
    jobs = found.jobs
    kinds: dict[str, dict[str, Flags]] = {
        "chips": {f"{size:,}": jobs.chips == size for size in np.unique(jobs.chips).tolist()},
        "tenant": {name: jobs.tenant == place for place, name in enumerate(jobs.tenants)},
        "tier": {f"{tier}": jobs.tier == tier for tier in np.unique(jobs.tier).tolist()},
    }
    for kind, groups in kinds.items():
        for name, members in groups.items():
            if len(groups) == 1 or not members.any():
                continue
            yield Group(
                by=kind,
                name=name,
                jobs=int(members.sum()),
                chip_hours=float(weight[members].sum() / HOUR_S),
                mean_wait_s=float(wait_s[members].mean()),
                wait_s=Percentiles.of(wait_s[members]),
                longest_wait_s=float(wait_s[members].max()),
                mean_jct_s=float(jct_s[members].mean()),
                jct_s=Percentiles.of(jct_s[members]),
                slowdown=Percentiles.of(slowdown[members]),
            )
