"""Simulated runs of a question: their rules, their limit, the spares they draw on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenfold.reliability.ageing import clock
from tenfold.reliability.policies import Applied
from tenfold.reliability.question import GoodputQuestion
from tenfold.reliability.rounds import Rules
from tenfold.reliability.shelf import Draws
from tenfold.reliability.simulate import Simulated, simulate_run
from tenfold.reliability.spares import DRAWS_ON, spare_units, units_under_repair

PATIENCE = 4.0
"""Simulated runs are broken off after so many times the wall time they were to take."""
ALWAYS = 1.0 - 1e-9
"""Probability of finding a spare from which on there might as well be any number."""


def simulate_question(
    question: GoodputQuestion,
    applied: Applied,
    interval_s: float,
    work_s: float,
    progress: Callable[[float], None] | None,
) -> Simulated:
    """Simulate the runs of a question that save every ``interval_s`` until ``work_s`` of work is done."""
    limit = PATIENCE * max(question.run_s, work_s)
    rules = Rules(
        stops=applied.stops,
        clock=clock(applied.stops.total_per_s, question.excesses, limit),
        interval_s=interval_s,
        stall_s=float(applied.checkpointing.stall_s),
        intervals_per_durable=round(float(applied.saving(interval_s).intervals_per_durable)),
        drain_s=float(applied.checkpointing.drain_s),
        durable_drain_s=float(applied.checkpointing.durable_drain_s),
        work_s=work_s,
        limit_s=limit,
    )
    return simulate_run(
        rules,
        replicas=question.replicas,
        seed=question.seed,
        rate_factor=question.rate_factor,
        stall_factor=question.stall_factor,
        repair_factor=question.repair_factor,
        repair_s=question.repair_s(applied.recovery),
        spares=_draws(question, applied),
        progress=progress,
    )


def _draws(question: GoodputQuestion, applied: Applied) -> Draws | None:
    """What the failures of each class take; None where a spare is always there."""
    kinds = DRAWS_ON[applied.recovery.spare_unit]
    rate = float(question.hazards.of_kinds(*kinds).sum())
    worst = rate * float(np.max(question.rate_factor * question.repair_factor))
    busiest = units_under_repair(worst, question.repair_s(applied.recovery))
    if question.spares is None or question.spares >= float(spare_units(busiest, ALWAYS)):
        return None
    takes = np.isin(question.hazards.kinds, kinds).astype(np.float64)
    return Draws(
        units=question.spares,
        class_share=takes @ applied.stops.cause_rate_per_s / applied.stops.rate_per_s,
        waits=1.0 if applied.recovery.rolls_back else 1.0 / float(question.inputs.replicas),
    )
