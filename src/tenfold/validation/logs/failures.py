"""Logs of failures, several at once: jobs of sacct, or events with the exposure they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tenfold.quantities import InputError, Problem
from tenfold.validation.logs.failure_events import EXPOSURE, read_events
from tenfold.validation.logs.failure_log import FailureLog
from tenfold.validation.logs.failure_rows import header_of
from tenfold.validation.logs.sacct import REMEDY, read_sacct
from tenfold.validation.logs.shared_nodes import CHIPS_PER_NODE


def read_failure_logs(
    paths: Sequence[Path], nodes: float | None, days: float | None, chips_per_node: float = CHIPS_PER_NODE
) -> tuple[list[FailureLog], int]:
    """Logs with their exposure, and how many nodes the cluster has; 0 where only the nodes of jobs are known.

    ``nodes`` and ``days`` are the exposure of CSVs of events, once for all of them; else each states its own. Raises
    ``InputError`` with every problem of every file.
    """
    problems: list[Problem] = []
    logs: list[FailureLog] = []
    stated: list[tuple[float | None, float | None]] = []
    for path in paths:
        try:
            header = header_of(path)
            if "|" in header:
                logs.append(read_sacct(path, chips_per_node))
            elif {"jobid", "state"} <= set(header.casefold().split()):
                wrong = "has columns of fixed width, in which names are cut"
                problems.append(Problem(file=str(path), key="", wrong=wrong, remedy=REMEDY))
            else:
                events = read_events(path)
                logs.append(events.log)
                stated.append((events.nodes, events.days))
        except InputError as error:
            problems += error.problems
    cluster = 0.0
    if stated and not problems:
        cluster = _expose([log for log in logs if not log.states], stated, nodes, days, problems)
    if stated and any(log.states for log in logs):
        wrong = "output of sacct and a CSV of events together: their exposure would count twice"
        problems.append(Problem(file="", key="", wrong=wrong, remedy="Fit them with one command each"))
    if problems:
        raise InputError(problems)
    return logs, round(cluster)


def _expose(
    logs: Sequence[FailureLog],
    stated: Sequence[tuple[float | None, float | None]],
    nodes: float | None,
    days: float | None,
    problems: list[Problem],
) -> float:
    """Give logs of events their exposure: the options', once for all files, or what each file states for itself."""
    if nodes is not None and days is not None:
        return _shared(logs, nodes, days, problems)
    widest = 0.0
    for log, (own_nodes, own_days) in zip(logs, stated, strict=True):
        width, length = nodes or own_nodes, days or own_days
        if width is None or length is None:
            wrong = "events alone do not tell how many nodes were watched for how long"
            problems.append(Problem(file=log.file, key="", wrong=wrong, remedy=EXPOSURE))
        else:
            widest = max(widest, _shared([log], width, length, problems))
    return widest


def _shared(logs: Sequence[FailureLog], nodes: float, days: float, problems: list[Problem]) -> float:
    """One exposure for all these logs, kept by the first of them."""
    named = {node for log in logs for _, node in log.places}
    logs[0].node_days = nodes * days
    logs[0].at_risk = dict.fromkeys(named, (days, days))
    if len(named) > nodes:
        wrong = f"{len(named)} nodes have failures, which is more than the {nodes:g} watched"
        remedy = "Give --nodes, all nodes of the cluster"
        problems.append(Problem(file=logs[0].file, key="", wrong=wrong, remedy=remedy))
    return nodes
