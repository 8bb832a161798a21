"""What failures do to the best design, followed from its first step to its last, and what another policy would do.

The closed form prices all designs; the simulation follows one: every run has its own luck with failures, and its own
failure rate and restart time from the ranges of the figures. The step time is that at P50.
"""

from __future__ import annotations

import math

from tenfold.catalog import Catalog
from tenfold.planning.goodput.inputs import look_up
from tenfold.planning.goodput.question import GoodputQuestion
from tenfold.planning.plan.answer import Design, FailureOutlook
from tenfold.planning.plan.question import TrainGoal
from tenfold.quantities import DAY_S, HOUR_S, Percentiles
from tenfold.reliability import GoodputAnswer, assess_goodput

RUNS = 1_000
"""Simulated runs: enough for P10 and P90 of a finish date to a tenth of their distance."""
INTERRUPTIONS = "planning.spot_interruptions_per_1000_node_days"


def failure_outlook(catalog: Catalog, goal: TrainGoal, design: Design, seed: int) -> FailureOutlook:
    """Simulate a design that finishes."""
    gathered = look_up(catalog, _asked(catalog, goal, design), seed=seed)
    answer = assess_goodput(gathered.run)
    before = before_work_days(design)
    return FailureOutlook(
        goodput=answer.goodput,
        finish_days=Percentiles(**{f"p{p}": before + getattr(answer.finish_s, f"p{p}") / DAY_S for p in (10, 50, 90)}),
        mttf_h=answer.mttf_s / HOUR_S,
        failures=answer.failures,
        lost_share=math.fsum(answer.loss.values()),
        loss=answer.loss,
        spare_nodes_p99=answer.spares.nodes,
        spare_racks_p99=answer.spares.racks,
        policy=_words(gathered.run.policy),
        policy_goodput=float(answer.closed_forms["exact"].goodput),
        best_policy=_words(answer.policies[0].policy),
        best_policy_goodput=answer.policies[0].goodput,
        best_policy_interval_s=answer.policies[0].interval_s,
        notes=_notes(answer),
    )


def before_work_days(design: Design) -> float:
    """Days until the first step: the wait for the chips, where it counts, and setting them up."""
    return design.finish_terms_days["setup"] + design.finish_terms_days["waiting"]


def _asked(catalog: Catalog, goal: TrainGoal, design: Design) -> GoodputQuestion:
    """The question about the design, under the policy that all designs are priced with."""
    layout, terms = design.layout, design.finish_terms_days
    spot = design.supply == "spot"
    return GoodputQuestion(
        chip=design.chip,
        chips=design.chips,
        model=goal.model,
        job_failures_per_1000_node_days=catalog.assumption(INTERRUPTIONS).value if spot else None,
        checkpoint_interval_s=design.checkpoint_interval_s * (1.0 + 1e-9),
        checkpointing="asynchronous",
        chips_per_replica=layout.tp * layout.pp * layout.cp,
        days=sum(terms.values()) - before_work_days(design),
        work_days=terms["productive"],
        replicas=RUNS,
    )


def _words(policy: object) -> str:
    return ", ".join(getattr(policy, name) for name in ("checkpointing", "recovery", "detection"))


def _notes(answer: GoodputAnswer) -> tuple[str, ...]:
    """Say where the closed form that priced the design does not hold."""
    exact = answer.closed_forms["exact"]
    return () if exact.valid else (f"The closed form does not hold: {exact.why_not}",)
