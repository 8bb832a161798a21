"""What can be asked about goodput, and everything that may be wrong with it, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tenfold.catalog import Catalog, System
from tenfold.planning.model_choice import find_model
from tenfold.quantities import InputError, Problem, count_problems, shown
from tenfold.reliability import CHECKPOINTS, DETECTIONS, RECOVERIES, JobHazards, Policy, PolicyInputs, apply_policy

MOST_REPLICAS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputAsked:
    """What can be asked; None takes the catalog's figure, with its range."""

    chip: str
    chips: int
    model: str = ""
    """Sizes the checkpoint; empty for a size per chip."""
    failures_per_1000_node_days: float | None = None
    job_failures_per_1000_node_days: float | None = None
    """Job-level hazard, in addition to that of the hardware."""
    checkpoint_interval_s: float | None = None
    restart_s: float | None = None
    """From a failure of any cause to training again: in place of detecting, loading and restarting."""
    write_s: float | None = None
    checkpointing: str = ""
    """Empty for blocking where ``write_s`` is given, asynchronous otherwise."""
    recovery: str = "node-spares"
    detection: str = "heartbeat"
    chips_per_replica: int | None = None
    spares: int | None = None
    """Nodes, or racks with ``rack-spares``, that stand ready; None for as many as are needed."""
    cluster_age_s: float | None = None
    """None for a cluster whose rates have settled."""
    days: float = 90.0
    """Wall time the run is to take."""
    work_days: float | None = None
    """Days of training without failures; None for what fits ``days``."""
    replicas: int = 2_000
    seed: int = 0


def range_problems(asked: GoodputAsked) -> Iterator[Problem]:
    """Say which numbers nobody can mean."""
    yield from count_problems("chips", asked.chips)
    yield from count_problems("replicas", asked.replicas, MOST_REPLICAS)
    if asked.chips_per_replica is not None:
        yield from count_problems("chips_per_replica", asked.chips_per_replica)
    if asked.spares is not None and asked.spares < 0:
        yield _problem("spares", f"{asked.spares} is negative", "Give a whole number from 0")
    if asked.spares is not None and asked.recovery == "reschedule":
        yield _problem("spares", "reschedule holds none", "Leave --spares out, or give another --recovery")
    positive = ("failures_per_1000_node_days", "checkpoint_interval_s", "days", "work_days")
    for key in (*positive, "job_failures_per_1000_node_days", "restart_s", "write_s", "cluster_age_s"):
        value = getattr(asked, key)
        if value is not None and not (math.isfinite(value) and (value > 0 or (value == 0 and key not in positive))):
            least = "above zero" if key in positive else "of zero or more"
            yield _problem(key, f"{value:g} is no {_WORDS[key]}", f"Give a number {least}")
    if asked.seed < 0:
        yield _problem("seed", f"{asked.seed} is negative", "Give a whole number from 0")


_WORDS = {
    "failures_per_1000_node_days": "failure rate of a job that can fail",
    "job_failures_per_1000_node_days": "failure rate",
    "checkpoint_interval_s": "time between checkpoints",
    "restart_s": "time to restart",
    "write_s": "time to write a checkpoint",
    "cluster_age_s": "age",
    "days": "length of a run",
    "work_days": "length of a run",
}


def name_problems(catalog: Catalog, asked: GoodputAsked) -> Iterator[Problem]:
    """Say which names are unknown, with the nearest."""
    yield from _looked_up("chip", lambda: catalog.chip(asked.chip))
    if asked.model:
        yield from _looked_up("model", lambda: find_model(catalog, asked.model))
    tables = {"checkpointing": CHECKPOINTS, "recovery": RECOVERIES, "detection": DETECTIONS}
    for key, table in tables.items():
        name = getattr(asked, key)
        if name and name not in table:
            yield _problem(key, f"{shown(name)} is not known", f"Use one of {', '.join(table)}")


def _looked_up(key: str, look_up: Callable[[], object]) -> list[Problem]:
    try:
        look_up()
    except InputError as trouble:
        return [problem if problem.file else replace(problem, key=key) for problem in trouble.problems]
    return []


def domain_problems(asked: GoodputAsked, system: System, domain: int) -> list[Problem]:
    """Chips come in whole nodes, and in whole domains where a whole one is replaced."""
    whole_domain = asked.recovery == "rack-spares"
    unit = math.lcm(system.chips_per_node, domain) if whole_domain else system.chips_per_node
    if asked.chips % unit == 0:
        return []
    below, above = asked.chips // unit * unit, (asked.chips // unit + 1) * unit
    what = f"{'scale-up domains' if whole_domain else 'nodes'} of {unit}"
    options = f"--chips {below} or --chips {above}" if below else f"--chips {above}"
    return [_problem("chips", f"{asked.chips} chips do not fill {what} ({system.key})", f"Give {options}")]


def interval_problems(asked: GoodputAsked, policy: Policy, hazards: JobHazards, inputs: PolicyInputs) -> list[Problem]:
    """Say when the policy lacks replicas, and when a save takes longer than the time between saves."""
    applied = apply_policy(policy, hazards, inputs)
    problems = []
    if inputs.replicas < applied.recovery.replicas:
        wrong = f"{policy.recovery} needs {applied.recovery.replicas:.0f} replicas; {asked.chips} chips make"
        wrong += f" {inputs.replicas:.2g} of {inputs.chips_per_replica:.0f}"
        problems.append(_problem("recovery", wrong, "Give fewer --chips-per-replica, or another --recovery"))
    save = max(applied.checkpointing.stall_s, applied.checkpointing.shortest_interval_s)
    if asked.checkpoint_interval_s is not None and asked.checkpoint_interval_s < save:
        wrong = (
            f"{asked.checkpoint_interval_s:g} s is shorter than a {policy.checkpointing} save, which takes {save:.3g} s"
        )
        remedy = f"Give at least {math.ceil(save)}s, or another --checkpointing"
        problems.append(_problem("checkpoint_interval", wrong, remedy))
    return problems


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key.removesuffix("_s") if key.endswith("_s") else key, wrong=wrong, remedy=remedy)
