"""What may contradict a question about goodput, in words."""

from __future__ import annotations

import math

from tenfold.catalog import Catalog, System
from tenfold.planning.goodput.inputs import policy_of_job, system_of_job
from tenfold.planning.goodput.question import GoodputQuestion
from tenfold.quantities import Problem, known
from tenfold.reliability import JobHazards, Policy, PolicyInputs, apply_policy


def contradictions(question: GoodputQuestion, catalog: Catalog) -> list[Problem]:
    """Say where chips fill no nodes or domains, and where the policy cannot be."""
    if not known(question):
        return []
    system, _, domain = system_of_job(catalog, question)
    found = domain_problems(question, system, domain)
    if question.spares is not None and question.recovery == "reschedule":
        found.append(_problem("spares", "reschedule holds none", "Leave --spares out, or give another --recovery"))
    found += _spare_problems(question, system, domain)
    found += _stage_problems(question)
    return found or interval_problems(question, *policy_of_job(catalog, question))


def _spare_problems(question: GoodputQuestion, system: System, domain: int) -> list[Problem]:
    """Spares of a domain come in whole nodes, leave some of it to work, and stand beside no others."""
    held = question.spares_per_domain
    if held is None:
        return []
    found = []
    if question.spares is not None:
        found.append(_problem("spares_per_domain", "stands beside spares", "Give one of the two"))
    if question.recovery not in ("node-spares", "hot-standby", "elastic"):
        wrong = f"{question.recovery} replaces no node of a domain"
        found.append(_problem("spares_per_domain", wrong, "Give --recovery node-spares or hot-standby"))
    if held % system.chips_per_node or held >= domain:
        wrong = f"{held} chips are no whole nodes of {system.chips_per_node} short of a domain of {domain}"
        most = domain - system.chips_per_node
        found.append(_problem("spares_per_domain", wrong, f"Give a multiple of {system.chips_per_node} up to {most}"))
    return found


def _stage_problems(question: GoodputQuestion) -> list[Problem]:
    """Stages of repair, standbys, planned stops and common causes need what they are counted with."""
    found = []
    if question.manual_repair_share is not None and question.automatic_repair_s is None:
        found.append(_problem("automatic_repair", "is missing", "Give how long the first stage takes, such as 20min"))
    if question.warm_standbys is not None and question.recovery != "hot-standby":
        found.append(_problem("warm_standbys", "none are held", "Give --recovery hot-standby"))
    every = question.maintenance_every_s
    if bool(question.maintenance_s) != (every is not None):
        missing = "maintenance_every" if every is None else "maintenance"
        found.append(_problem(missing, "is missing", "Give how long a planned stop takes and how often there is one"))
    elif every is not None and question.maintenance_s >= every:
        found.append(_problem("maintenance", "takes all of the time", "Give a shorter stop, or a longer period"))
    if question.common_failure_chips is not None and question.common_failure_chips > question.chips:
        wrong = f"{question.common_failure_chips} of {question.chips} chips"
        found.append(_problem("common_failure_chips", wrong, "Give as many as there are at most"))
    return found


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
