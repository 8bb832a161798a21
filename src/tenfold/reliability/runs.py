"""Simulated runs of a question: their rules, their limit, how many, the spares they draw on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import InputError, Problem
from tenfold.reliability.ageing import clock
from tenfold.reliability.policies import Applied
from tenfold.reliability.question import GoodputQuestion
from tenfold.reliability.rounds import Rules
from tenfold.reliability.shelf import Draws
from tenfold.reliability.simulate import Simulated, simulate_run
from tenfold.reliability.spares import DRAWS_ON, spare_units, units_under_repair

PATIENCE = 4.0
"""Simulated runs are broken off after so many times the wall time they were to take."""
SLOWEST = 1e-3
"""Goodput under which a run never ends: it would take a thousand times as long as its work."""
ALWAYS = 1.0 - 1e-9
"""Probability of finding a spare from which on there might as well be any number."""
MOST_FAILURES = 2e7
"""Failures followed in all: seconds on two cores. A question that asks for more is answered with fewer replicas."""
FEWEST_REPLICAS = 20
"""Replicas under which there is nothing to tell of luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What every replica has to do."""

    work_s: float
    limit_s: float
    """Wall time after which it is broken off."""
    ends: bool
    """Whether the work is ever to be done at the goodput expected."""
    replicas: int
    """As many as were asked for, or as can be followed."""


def run_of(question: GoodputQuestion, applied: Applied, goodput: float) -> Run:
    """The run of a question at the goodput expected. Raises ``InputError`` where even a few replicas are too many.

    Without work of its own it is what fits the days. A policy that gets next to nothing done is followed for the days,
    so that its goodput is theirs and not that of the seconds before the first failure.
    """
    ends = goodput >= SLOWEST
    work = question.work_s or question.run_s * (goodput if ends else 1.0)
    limit = PATIENCE * max(question.run_s, work) if ends else question.run_s
    rate = applied.stops.total_per_s * float(np.mean(question.rate_factor))
    each = rate * min(limit, work / max(goodput, SLOWEST))
    if each * FEWEST_REPLICAS > MOST_FAILURES:
        wrong = f"one run of {question.run_s / 86_400.0:.3g} days holds {each:.2g} failures, too many to follow"
        raise InputError(Problem(file="", key="days", wrong=wrong, remedy="Ask for a shorter run"))
    most = max(int(MOST_FAILURES / each), FEWEST_REPLICAS) if each > 0 else question.replicas
    return Run(work_s=work, limit_s=limit, ends=ends, replicas=min(question.replicas, most))


def simulate_question(
    question: GoodputQuestion,
    applied: Applied,
    interval_s: float,
    run: Run,
    progress: Callable[[float], None] | None,
) -> Simulated:
    """Simulate the runs of a question that save every ``interval_s``."""
    checkpointing = applied.checkpointing
    rules = Rules(
        stops=applied.stops,
        clock=clock(applied.stops.total_per_s, question.excesses, run.limit_s),
        interval_s=interval_s,
        stall_s=float(checkpointing.stall_s),
        intervals_per_durable=round(float(applied.saving(interval_s).intervals_per_durable)),
        drain_s=float(checkpointing.drain_s),
        durable_drain_s=float(checkpointing.durable_drain_s),
        work_s=run.work_s,
        limit_s=run.limit_s,
    )
    return simulate_run(
        rules,
        replicas=run.replicas,
        seed=question.seed,
        rate_factor=question.rate_factor[: run.replicas],
        stall_factor=question.stall_factor[: run.replicas],
        repair_factor=question.repair_factor[: run.replicas],
        repair_s=question.repair_s(applied.recovery),
        spares=_draws(question, applied),
        progress=progress,
    )


def _draws(question: GoodputQuestion, applied: Applied) -> Draws | None:
    """What the failures of each class take; None where a spare is always there."""
    kinds = DRAWS_ON[applied.recovery.spare_unit]
    rate = float(question.hazards.of_kinds(*kinds).sum())
    worst = rate * float(np.max(question.rate_factor * question.repair_factor))
    busiest = units_under_repair(worst, question.repair_s(applied.recovery)) / question.spare_pools
    if question.spares is None or question.spares >= float(spare_units(busiest, ALWAYS)):
        return None
    takes = np.isin(question.hazards.kinds, kinds).astype(np.float64)
    return Draws(
        units=question.spares,
        pools=max(round(question.spare_pools), 1),
        class_share=takes @ applied.stops.cause_rate_per_s / applied.stops.rate_per_s,
        waits=1.0 if applied.recovery.rolls_back else 1.0 / float(question.inputs.replicas),
    )
