"""Logs and snapshots of schedulers as tables of plain columns: SWF, ``sacct -P``, ``squeue --json``, Kueue workloads.

SWF: 18 numbers a line, ``;`` begins a comment; -1 is unknown. https://www.cs.huji.ac.il/labs/parallel/workload/swf.html
A snapshot has no ends: a job that runs lasts its time limit, and so does one that waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.fleet.traces.columns import times_s, words
from tenfold.fleet.traces.table import Table
from tenfold.quantities import HOUR_S, InputError, Problem, finite_of, json_tree, read_text, text_lines, whole_of

MINUTE_S = 60.0
SWF_COLUMNS = 18
GPU = re.compile(r"gres/gpu(?::[^=,]+)?=(\d+)")
ACCELERATOR = re.compile(r"(gpu|tpu|neuron|gaudi|npu|accelerator)", re.IGNORECASE)
WORKLOAD = "Workload"
"""Kind of what waits and runs in a snapshot of Kueue; what else is in it is no job."""
RAN = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "PREEMPTED", "NODE_FAIL", "OUT_OF_MEMORY", "RUNNING")
PLAIN = ("submit_s", "duration_s", "chips", "tenant", "estimate_s", "start_s")


def read_swf(path: Path) -> Table:
    """Standard workload format: submission, run time, processors, requested time, user."""
    rows, lines, ragged = [], [], []
    for number, line in text_lines(path, "Give a trace in the standard workload format"):
        cells = line.split()
        if not cells or cells[0].startswith(";"):
            continue
        if len(cells) != SWF_COLUMNS:
            wrong = f"has {len(cells)} numbers, not {SWF_COLUMNS}"
            ragged.append(Problem(file=str(path), key=f"line {number}", wrong=wrong, remedy=""))
            continue
        processors = cells[4] if cells[4] != "-1" else cells[7]
        estimate = cells[8] if cells[8] != "-1" else cells[3]
        rows.append((cells[1], cells[3] if cells[3] != "-1" else "", processors, cells[11], estimate, ""))
        lines.append(number)
    return _table(path, rows, lines, ragged)


def is_sacct(table: Table) -> bool:
    """Whether a table is output of ``sacct -P``."""
    named = table.columns.keys()
    return "submit" in named and "state" in named and not named.isdisjoint(("elapsed", "elapsedraw"))


def plain_sacct(table: Table) -> Table:
    """Jobs of ``sacct -P`` that ran, steps left out: chips from the allocated or requested GPUs, else nodes."""
    cells = {name: words(column).tolist() for name, column in table.columns.items()}
    count, empty = len(table), [""] * len(table)
    ids = cells.get("jobidraw", cells.get("jobid", empty))
    tres = [cells.get("alloctres", empty)[row] or cells.get("reqtres", empty)[row] for row in range(count)]
    nodes = cells.get("nnodes", cells.get("allocnodes", empty))
    limit = cells.get("timelimitraw", empty)
    submit = times_s(table.columns["submit"])
    rows, lines = [], []
    for row in range(count):
        if "." in ids[row] or cells["state"][row].split(" ")[0] not in RAN:
            continue
        raw = cells.get("elapsedraw", empty)[row]
        lasted = raw or str(elapsed_s(cells.get("elapsed", empty)[row]))
        found = GPU.search(tres[row])
        chips = found[1] if found else nodes[row] if not tres[row] else "0"
        estimate = str(minutes * MINUTE_S) if (minutes := finite_of(limit[row])) is not None else lasted
        tenant = cells.get("account", cells.get("user", empty))[row]
        rows.append((str(submit[row]), lasted, chips, tenant, estimate, ""))
        lines.append(int(table.line[row]))
    return _table(Path(table.file), rows, lines, list(table.ragged))


def elapsed_s(text: str) -> float:
    """Seconds of ``[days-]hours:minutes:seconds``; NaN for anything else."""
    days, _, clock = text.strip().rpartition("-")
    found = [finite_of(part) for part in (days or "0", *clock.split(":"))]
    parts = [part for part in found if part is not None and part >= 0.0]
    if len(parts) != len(found) or not 3 <= len(parts) <= 4:
        return float("nan")
    hours = parts[1] if len(parts) == 4 else 0.0
    return parts[0] * 24.0 * HOUR_S + hours * HOUR_S + parts[-2] * MINUTE_S + parts[-1]


def read_snapshot(path: Path) -> Table:
    """``squeue --json``, or ``kubectl get workloads -o json``. Raises ``InputError`` for any other JSON.

    The line of a row is its place in the list, from 0.
    """
    data = json_tree(read_text(path, "Give squeue --json"), str(path), "Give squeue --json")
    if isinstance(data, Mapping) and isinstance(data.get("jobs"), list):
        row, found = "jobs.{}", [_slurm(each) if isinstance(each, Mapping) else None for each in data["jobs"]]
    elif isinstance(data, Mapping) and isinstance(data.get("items"), list):
        row, found = "items.{}", [_kueue(each) if isinstance(each, Mapping) else None for each in data["items"]]
    else:
        remedy = "Give squeue --json, or kubectl get workloads -o json"
        raise InputError(Problem(file=str(path), key="", wrong="is no known snapshot", remedy=remedy))
    rows = {place: each for place, each in enumerate(found) if each is not None}
    return replace(_table(path, list(rows.values()), list(rows), []), row=row)


Row = tuple[str, str, str, str, str, str]


def _slurm(job: Mapping[str, Any]) -> Row | None:
    states = job.get("job_state")
    state = states[0] if isinstance(states, list) and states else str(states)
    if state not in ("RUNNING", "PENDING"):
        return None
    asked = str(job.get("tres_alloc_str") or job.get("tres_req_str") or "")
    found = GPU.search(asked)
    chips = found[1] if found else ("0" if asked else str(_number(job.get("node_count"))))
    limit = str(_number(job.get("time_limit")) * MINUTE_S)
    start = str(_number(job.get("start_time"))) if state == "RUNNING" else ""
    tenant = str(job.get("account") or job.get("user_name") or "")
    return (str(_number(job.get("submit_time"))), limit, chips, tenant, limit, start)


def _number(value: Any) -> float:  # noqa: ANN401  (a number, or Slurm's table around one)
    """Value of Slurm's ``{set, infinite, number}``; NaN where it has none."""
    if isinstance(value, Mapping):
        value = value.get("number") if value.get("set", True) and not value.get("infinite", False) else None
    return float(value) if isinstance(value, (int, float)) else float("nan")


def _kueue(item: Mapping[str, Any]) -> Row | None:
    spec, status = table_in(item, "spec"), table_in(item, "status")
    held = [each for each in rows_in(status, "conditions") if each.get("status") == "True"]
    conditions = {str(each.get("type")): each for each in held}
    if "Finished" in conditions or item.get("kind", WORKLOAD) != WORKLOAD:
        return None
    chips = sum(_pod_chips(each) for each in rows_in(spec, "podSets"))
    admitted = table_in(conditions, "Admitted").get("lastTransitionTime", "")
    limit = str(spec.get("maximumExecutionTimeSeconds") or "")
    created = str(table_in(item, "metadata").get("creationTimestamp") or "")
    return (created, limit, str(chips), str(spec.get("queueName") or ""), limit, str(admitted))


def table_in(tree: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Table under keys within each other; empty where there is none."""
    found: object = tree
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def rows_in(tree: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Tables of a list; none where there is no list."""
    found = tree.get(key)
    return (each for each in (found if isinstance(found, list) else ()) if isinstance(each, Mapping))


def _pod_chips(pods: Mapping[str, Any]) -> float:
    """Accelerators of a set of pods, whoever makes them; NaN where they are no whole number."""
    containers = rows_in(table_in(pods, "template", "spec"), "containers")
    each = sum(_count(amount) for container in containers for amount in _accelerators(container))
    count = pods.get("count")
    return (1.0 if count is None else _count(count)) * each


def _count(amount: object) -> float:
    found = whole_of(str(amount))
    return float("nan") if found is None else float(found)


def _accelerators(container: Mapping[str, Any]) -> Iterator[object]:
    """What a container asks for; a limit alone is a request of as much."""
    resources = table_in(container, "resources")
    asked = {**table_in(resources, "limits"), **table_in(resources, "requests")}
    return (amount for name, amount in asked.items() if is_accelerator(name))


def is_accelerator(resource: str) -> bool:
    """Whether a resource of Kubernetes is an accelerator, whoever makes it."""
    return "/" in resource and bool(ACCELERATOR.search(resource.split("/", 1)[1]))


def _table(path: Path, rows: list[Row], lines: list[int], ragged: list[Problem]) -> Table:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in PLAIN]
    found = {name: np.array(column, dtype=np.object_) for name, column in zip(PLAIN, columns, strict=True)}
    return Table(file=str(path), columns=found, line=np.asarray(lines, dtype=np.int64), ragged=tuple(ragged))
