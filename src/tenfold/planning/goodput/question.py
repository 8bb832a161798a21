"""What can be asked about goodput, and what may contradict it, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.quantities import Problem
from tenfold.quantities.asking import Amount, Named, OneOf, Whole
from tenfold.reliability import (
    CHECKPOINTS,
    DETECTIONS,
    RECOVERIES,
    JobHazards,
    Policy,
    PolicyInputs,
    apply_policy,
)
from tenfold.workloads.model_names import ModelName

if TYPE_CHECKING:
    from tenfold.catalog import Catalog, System

LONGEST_S = 100 * 366 * 86_400.0
TIME = Amount("s", most=LONGEST_S)
SOME_TIME = Amount("s", above=0.0, most=LONGEST_S)
SOME_DAYS = Amount("1", above=0.0, most=LONGEST_S / 86_400.0)
RATE = Amount("1", most=1e6)
SOME_RATE = Amount("1", above=0.0, most=1e6)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputQuestion:
    """What do failures do to a job: ETTR in closed form and simulated, losses by cause, interval, spares?"""

    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int, Whole()]
    """How many chips."""
    model: Annotated[str | None, ModelName()] = None
    """Model that sizes the checkpoint, or path of a HuggingFace config.json; a usual size per chip when left out."""
    failures_per_1000_node_days: Annotated[float | None, SOME_RATE] = None
    """Failures of every cause, a node being eight chips; the catalog's, with its range, when left out."""
    job_failures_per_1000_node_days: Annotated[float | None, RATE] = None
    """Failures of the job itself (software, data, users), beside those of the hardware."""
    checkpoint_interval_s: Annotated[float | None, SOME_TIME] = None
    """Training between saves, such as 5min; the best when left out."""
    restart_s: Annotated[float | None, TIME] = None
    """From a failure of any cause to training again, such as 5min; the catalog's, with its range, when left out."""
    write_s: Annotated[float | None, TIME] = None
    """Time one save takes to reach storage, such as 40s; by size when left out."""
    checkpointing: Annotated[str | None, OneOf(tuple(CHECKPOINTS), "checkpointing")] = None
    """How saves are made; blocking where their time is given and asynchronous otherwise, when left out."""
    recovery: Annotated[str, OneOf(tuple(RECOVERIES), "recovery")] = "node-spares"
    """What takes the place of what failed."""
    detection: Annotated[str, OneOf(tuple(DETECTIONS), "detection")] = "heartbeat"
    """How a failure is seen."""
    chips_per_replica: Annotated[int | None, Whole()] = None
    """Chips of a data-parallel replica; the catalog's when left out."""
    spares: Annotated[int | None, Whole(least=0)] = None
    """Nodes (racks with rack-spares) that stand ready; the job waits when all are under repair. As many as needed."""
    cluster_age_s: Annotated[float | None, TIME] = None
    """Age of the cluster at the start, such as 0d: a young one has infant mortality and lemon nodes; else settled."""
    days: Annotated[float, SOME_DAYS] = 90.0
    """Days the run is to take."""
    work_days: Annotated[float | None, SOME_DAYS] = None
    """Days of training it needs without failures; what fits the days at the goodput expected when left out."""
    replicas: Annotated[int, Whole(most=1_000_000)] = 2_000
    """Runs to simulate."""


def contradictions(question: GoodputQuestion, catalog: Catalog) -> list[Problem]:
    """Say where chips fill no nodes or domains, and where the policy cannot be."""
    from tenfold.planning.goodput.inputs import policy_of_job, system_of_job

    system, _, domain = system_of_job(catalog, question)
    found = domain_problems(question, system, domain)
    if question.spares is not None and question.recovery == "reschedule":
        found.append(_problem("spares", "reschedule holds none", "Leave --spares out, or give another --recovery"))
    return found or interval_problems(question, *policy_of_job(catalog, question))


def domain_problems(question: GoodputQuestion, system: System, domain: int) -> list[Problem]:
    """Chips come in whole nodes, and in whole domains where a whole one is replaced."""
    whole_domain = question.recovery == "rack-spares"
    unit = math.lcm(system.chips_per_node, domain) if whole_domain else system.chips_per_node
    if question.chips % unit == 0:
        return []
    below, above = question.chips // unit * unit, (question.chips // unit + 1) * unit
    what = f"{'scale-up domains' if whole_domain else 'nodes'} of {unit}"
    options = f"--chips {below} or --chips {above}" if below else f"--chips {above}"
    return [_problem("chips", f"{question.chips} chips do not fill {what} ({system.key})", f"Give {options}")]


def interval_problems(
    question: GoodputQuestion, policy: Policy, hazards: JobHazards, inputs: PolicyInputs
) -> list[Problem]:
    """Say when the policy lacks replicas, and when a save takes longer than the time between saves."""
    applied = apply_policy(policy, hazards, inputs)
    problems = []
    if inputs.replicas < applied.recovery.replicas:
        wrong = f"{policy.recovery} needs {applied.recovery.replicas:.0f} replicas; {question.chips} chips make"
        wrong += f" {inputs.replicas:.2g} of {inputs.chips_per_replica:.0f}"
        problems.append(_problem("recovery", wrong, "Give fewer --chips-per-replica, or another --recovery"))
    save = max(applied.checkpointing.stall_s, applied.checkpointing.shortest_interval_s)
    given_s = question.checkpoint_interval_s
    if given_s is not None and given_s < save:
        wrong = f"{given_s:g} s is shorter than a {policy.checkpointing} save, which takes {save:.3g} s"
        remedy = f"Give at least {math.ceil(save)}s, or another --checkpointing"
        problems.append(_problem("checkpoint_interval", wrong, remedy))
    return problems


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)
