"""Failure rates of a user's own machines, fitted to their logs: rates with intervals, lemon nodes, downtime.

Rates are per 1,000 node-days, a node being eight chips as everywhere in the catalog, whatever the machine is built
like; the exposure of nodes with k chips counts k/8. The posterior of each rate is ``reliability.posterior``'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tenfold.quantities import InputError, Problem, shown
from tenfold.reliability import count_quantile, rate_mean, rate_quantile
from tenfold.validation.failures.answer import Downtime, FailureFit, FittedRate, StateCount
from tenfold.validation.failures.lemons import lemons_of
from tenfold.validation.logs.failure_log import NODE_FAILURE, FailureLog
from tenfold.validation.logs.failures import read_failure_logs

CHIPS_PER_CATALOG_NODE = 8.0
PER_NODE_DAYS = 1000.0
NO_EXPOSURE = "the logs hold no exposure: no job ran for any time"


def fit_failure_logs(
    paths: Sequence[Path],
    *,
    chips_per_node: float = CHIPS_PER_CATALOG_NODE,
    nodes: float | None = None,
    days: float | None = None,
    causes: Sequence[str] = (),
) -> FailureFit:
    """Rates of failures from output of ``sacct -P``, or from CSVs of events with ``nodes`` and ``days`` of exposure.

    ``causes`` are those that the one rate counts: failures of nodes in jobs, every cause in events, unless given.
    Raises ``InputError`` with every problem of every file.
    """
    logs, cluster = read_failure_logs(paths, nodes, days)
    events = sum((log.events for log in logs), Counter[str]())
    node_days = sum(log.node_days for log in logs)
    if node_days <= 0:
        raise InputError(Problem(file="", key="", wrong=NO_EXPOSURE, remedy="Give logs of a longer period"))
    counted = _counted(causes, events, jobs=any(log.states for log in logs))
    share = chips_per_node / CHIPS_PER_CATALOG_NODE
    lemons, lemon_days = lemons_of(logs, counted, node_days, cluster)
    total = sum(events[cause] for cause in counted)
    spared = total - sum(lemon.failures for lemon in lemons)
    rest_days = (node_days - lemon_days) * share
    return FailureFit(
        files=tuple(log.file for log in logs),
        rows=sum(log.rows for log in logs),
        first=min((log.first for log in logs if log.first), default=""),
        last=max(log.last for log in logs),
        node_days=node_days,
        chips_per_node=chips_per_node,
        counted=counted,
        rate=_fitted(" + ".join(counted), total, node_days * share),
        rates=tuple(_fitted(cause, count, node_days * share) for cause, count in events.most_common()),
        lemons=lemons,
        rate_without_lemons=_fitted("without lemon nodes", spared, rest_days) if lemons and rest_days > 0 else None,
        downtimes=_downtimes(logs),
        states=_states(logs),
        notes=tuple(note for log in logs for note in log.notes()),
    )


def _counted(causes: Sequence[str], events: Mapping[str, int], *, jobs: bool) -> tuple[str, ...]:
    """Causes to count. Raises ``InputError`` for one that the logs do not hold."""
    if not causes:
        return (NODE_FAILURE,) if jobs else tuple(sorted(events))
    known = {*events, NODE_FAILURE} if jobs else set(events)
    remedy = f"Give one of {', '.join(sorted(known))}"
    unknown = [
        Problem(file="", key="cause", wrong=f"no failure of cause {shown(cause)}", remedy=remedy)
        for cause in causes
        if cause not in known
    ]
    if unknown:
        raise InputError(unknown)
    return tuple(dict.fromkeys(causes))


def _fitted(cause: str, events: int, node_days: float) -> FittedRate:
    low, middle, high = (float(rate_quantile(q, events, node_days)) * PER_NODE_DAYS for q in (0.1, 0.5, 0.9))
    ahead = count_quantile(np.array([0.1, 0.9]), events, node_days, node_days)
    return FittedRate(
        cause=cause,
        events=events,
        mean=float(rate_mean(events, node_days)) * PER_NODE_DAYS,
        p10=low,
        p50=middle,
        p90=high,
        events_ahead_p10=float(ahead[0]),
        events_ahead_p90=float(ahead[1]),
    )


def _downtimes(logs: Sequence[FailureLog]) -> tuple[Downtime, ...]:
    sums: dict[str, tuple[float, int]] = {}
    for log in logs:
        for cause, (seconds, count) in log.downtime_s.items():
            before, counted = sums.get(cause, (0.0, 0))
            sums[cause] = (before + seconds, counted + count)
    return tuple(
        Downtime(cause=cause, events=count, mean_s=seconds / count) for cause, (seconds, count) in sorted(sums.items())
    )


def _states(logs: Sequence[FailureLog]) -> tuple[StateCount, ...]:
    sums: dict[str, tuple[int, float]] = {}
    for log in logs:
        for state, (jobs, node_days) in log.states.items():
            before, days = sums.get(state, (0, 0.0))
            sums[state] = (before + jobs, days + node_days)
    ordered = sorted(sums.items(), key=lambda entry: (-entry[1][0], entry[0]))
    return tuple(StateCount(state=state, jobs=jobs, node_days=days) for state, (jobs, days) in ordered)
