"""Goodput of a job, assembled: closed forms, simulation, losses by cause, best interval, spares, best policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Floats, Percentiles
from tenfold.reliability.ageing import expected_failures
from tenfold.reliability.closed_forms import CLOSED_FORMS, ClosedForm
from tenfold.reliability.comparison import PolicyGoodput, compare_policies
from tenfold.reliability.losses import loss_by_cause, loss_by_term
from tenfold.reliability.policies import (
    Applied,
    apply_policy,
    best_interval_s,
)
from tenfold.reliability.question import GoodputQuestion
from tenfold.reliability.runs import run_of, simulate_question
from tenfold.reliability.simulate import Simulated
from tenfold.reliability.spares import spare_units, units_under_repair, waiting_share

SHORTEST_STEP_S = 1.0
"""Saves after every step are simulated this far apart: training steps at scale take about a second or more."""
SAME = 0.015
"""Excess of failures under which a young cluster counts as settled in closed forms."""
FEW_REPAIRS = 10.0
"""Repair times under which a run is too short for the spares to have come to rest."""
PLANNED = "maintenance"
OUTCOMES = 100
"""Equally likely finishes that stand for all replicas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spares:
    """Spare units so that 99 of 100 times none is missing."""

    nodes: int
    racks: int
    under_repair: Percentiles
    """Failures of hardware within one repair time, simulated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputAnswer:
    """What failures do to a job."""

    mttf_s: float
    interval_s: float
    """Interval that the numbers hold for."""
    optimal_interval_s: float
    stall_s: float
    closed_forms: Mapping[str, ClosedForm]
    goodput: Percentiles
    """Simulated."""
    mean_goodput: float
    """Useful over wall time of all replicas together."""
    finish_s: Percentiles
    finish_outcomes_s: tuple[float, ...]
    """``OUTCOMES`` equally likely finishes, in order; infinite for what was broken off."""
    work_s: float
    ends: bool
    """Whether the work is ever to be done; a run that never ends is followed for its days."""
    replicas: int
    """Runs simulated: as many as were asked for, or as can be followed."""
    finished_share: float
    loss: Mapping[str, float]
    loss_terms: Mapping[str, float]
    spares: Spares
    policies: tuple[PolicyGoodput, ...]
    """The best first."""
    failures: float
    """Failures of one replica on average."""


def assess_goodput(question: GoodputQuestion, progress: Callable[[float], None] | None = None) -> GoodputAnswer:
    """Answer the question. ``progress`` is told the share of the simulation done.

    Raises ``InputError`` for what cannot be simulated.
    """
    applied = apply_policy(question.policy, question.hazards, question.inputs)
    optimal = float(best_interval_s(applied, question.run_s))
    interval = optimal if question.interval_s is None else question.interval_s
    forms = {name: _judged(form(applied.stops, applied.saving(interval)), question, applied) for name, form in
             CLOSED_FORMS.items()}  # fmt: skip
    run = run_of(question, applied, float(forms["exact"].goodput))
    simulated = simulate_question(question, applied, max(interval, SHORTEST_STEP_S), run, progress)
    kept = 1.0 - question.maintenance_share
    return GoodputAnswer(
        mttf_s=1.0 / float(question.hazards.total_per_s),
        interval_s=interval,
        optimal_interval_s=optimal,
        stall_s=float(applied.checkpointing.stall_s),
        closed_forms=forms,
        goodput=Percentiles.of(simulated.goodput * kept),
        mean_goodput=float(simulated.useful_s.sum() / simulated.wall_s.sum()) * kept,
        finish_s=Percentiles.of(simulated.finish_s / kept),
        finish_outcomes_s=_outcomes(simulated.finish_s / kept),
        work_s=run.work_s,
        ends=run.ends,
        replicas=run.replicas,
        finished_share=float(simulated.finished.mean()),
        loss=_with_planned(loss_by_cause(applied.stops, simulated), question.maintenance_share),
        loss_terms=_with_planned(loss_by_term(applied.stops, simulated), question.maintenance_share),
        spares=_spares(question, applied, simulated),
        policies=compare_policies(
            question.hazards,
            question.inputs,
            question.run_s,
            question.pools(applied.recovery),
            question.maintenance_share,
        ),
        failures=float(simulated.failures.mean()),
    )


def _judged(form: ClosedForm, question: GoodputQuestion, applied: Applied) -> ClosedForm:
    """The form with the wait for spares in it; it holds for neither a young cluster nor spares that are still full."""
    waits = sum(waiting_share(question.hazards, applied.recovery, question.inputs.replicas, pool)
                for pool in question.pools(applied.recovery).values())  # fmt: skip
    whys = [why for why in (form.why_not, _young(question, applied), _short_of_repairs(question, applied)) if why]
    running = (1.0 - waits) * (1.0 - question.maintenance_share)
    return ClosedForm(goodput=form.goodput * running, valid=not whys, why_not="; ".join(whys))


def _with_planned(losses: Mapping[str, float], share: float) -> Mapping[str, float]:
    """Losses of the time between planned stops, and the stops."""
    return {name: loss * (1.0 - share) for name, loss in losses.items()} | ({PLANNED: share} if share else {})


def _young(question: GoodputQuestion, applied: Applied) -> str:
    rate = applied.stops.total_per_s
    more = float(expected_failures(rate, question.excesses, question.run_s)) / (rate * question.run_s) - 1.0
    why = f"it takes rates as constant, and a young cluster fails {more:.0%} more during the run"
    return why if more > SAME else ""


def _short_of_repairs(question: GoodputQuestion, applied: Applied) -> str:
    repairs = question.run_s / question.repair_s(applied.recovery)
    if question.spares is None or repairs >= FEW_REPAIRS:
        return ""
    return f"it takes repairs as under way for long, and the run lasts {repairs:.2g} of them"


def _outcomes(values: Floats) -> tuple[float, ...]:
    """Values in the middle of equally likely parts, none of them interpolated."""
    middles = (np.arange(OUTCOMES) + 0.5) / OUTCOMES
    return tuple(np.sort(values)[(middles * len(values)).astype(np.intp)].tolist())


def _spares(question: GoodputQuestion, applied: Applied, simulated: Simulated) -> Spares:
    """Nodes for what stops a node, racks for what stops a rack; racks for both where whole racks are replaced."""
    nodes, racks = (float(question.hazards.of_kinds(kind).sum()) for kind in ("node", "rack"))
    if applied.recovery.spare_unit == "rack":
        nodes, racks = 0.0, nodes + racks
    return Spares(
        nodes=round(float(spare_units(units_under_repair(nodes, question.node_repair_s)))),
        racks=round(float(spare_units(units_under_repair(racks, question.rack_repair_s)))),
        under_repair=Percentiles.of(simulated.repairing),
    )
