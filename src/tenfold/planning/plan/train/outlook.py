"""What failures do to the best design, followed from its first step to its last, and what another policy would do.

The closed form prices all designs; the simulation follows one: every run has its own luck with failures, and its own
failure rate and restart time from the ranges of the figures. The step time is that at P50.
"""

from __future__ import annotations

import math

from tenfold.catalog import Catalog
from tenfold.planning.at_work import CHIPS_PER_STORAGE_NODE
from tenfold.planning.goodput.inputs import look_up
from tenfold.planning.goodput.question import GoodputQuestion
from tenfold.planning.plan.answer import Design, FailureOutlook
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.work import saved_parameters
from tenfold.planning.supply.describe import AWAY
from tenfold.planning.supply.tiers import SPOT
from tenfold.quantities import DAY_S, HOUR_S, Percentiles
from tenfold.reliability import GoodputAnswer, Policy, assess_goodput, gang_reclaims_per_s
from tenfold.workloads import find_model

RUNS = 1_000
"""Simulated runs: enough for P10 and P90 of a finish date to a tenth of their distance."""
SAVED_BYTES = "reliability.checkpoint_bytes_per_parameter"
WRITE_RATE = "reliability.checkpoint_write_bytes_per_s_per_node"
INTERRUPTIONS = "planning.spot_interruptions_per_1000_node_days"
TOGETHER = "planning.spot_taken_together_share"


def failure_outlook(catalog: Catalog, goal: TrainGoal, policy: Policy, design: Design, seed: int) -> FailureOutlook:
    """Simulate a design that finishes."""
    gathered = look_up(catalog, _asked(catalog, goal, policy, design), seed=seed)
    answer = assess_goodput(gathered.run)
    best, priced = answer.policies[0], float(answer.closed_forms["exact"].goodput)
    run_days = design.finish_days.p50 - before_work_days(design)
    lost = math.fsum(answer.loss.values())
    middle = answer.finish_s.p50
    return FailureOutlook(
        goodput=design.goodput,
        luck_days=Percentiles(**{f"p{p}": (getattr(answer.finish_s, f"p{p}") - middle) / DAY_S for p in (10, 50, 90)}),
        mttf_h=answer.mttf_s / HOUR_S,
        failures=answer.failures,
        lost_share=design.lost_share,
        loss={name: share * design.lost_share / lost if lost else 0.0 for name, share in answer.loss.items()},
        spare_nodes_p99=answer.spares.nodes,
        spare_racks_p99=answer.spares.racks,
        policy=_words(gathered.run.policy),
        best_policy=_words(best.policy),
        best_policy_saves_days=max(run_days * (1.0 - priced / best.goodput), 0.0),
        best_policy_interval_s=best.interval_s,
        why_not=_why_not(gathered.run.policy, best.policy, answer),
        notes=_notes(answer),
    )


def _why_not(priced: Policy, best: Policy, answer: GoodputAnswer) -> str:
    """What the better policy needs that nobody has offered or paid for."""
    needs = []
    if best.checkpointing != priced.checkpointing:
        needs.append(f"saves that are {best.checkpointing}, which the software has to have")
    if best.recovery != priced.recovery:
        needs.append(
            f"{best.recovery}: about {answer.spares.nodes:,} nodes that stand by, paid for and on no price list"
        )
    if best.detection != priced.detection:
        needs.append(f"detection by {best.detection}, which the cluster has to have")
    return f"it needs {'; '.join(needs)}" if needs else ""


def before_work_days(design: Design) -> float:
    """Days until the first step: the wait for the chips, where it counts, and setting them up."""
    return design.finish_terms_days["setup"] + design.finish_terms_days["waiting"]


def _asked(catalog: Catalog, goal: TrainGoal, policy: Policy, design: Design) -> GoodputQuestion:
    """The question about the design, under the policy that all designs are priced with."""
    layout, terms = design.layout, design.finish_terms_days
    return GoodputQuestion(
        chip=design.chip,
        chips=design.chips,
        model=goal.model,
        write_s=_write_s(catalog, goal, design),
        job_failures_per_1000_node_days=_reclaims(catalog, design),
        checkpoint_interval_s=design.checkpoint_interval_s * (1.0 + 1e-9),
        checkpointing=policy.checkpointing,
        recovery=policy.recovery,
        detection=policy.detection,
        chips_per_replica=layout.tp * layout.pp * layout.cp,
        days=sum(terms.values()) - before_work_days(design) - terms.get(AWAY, 0.0),
        work_days=terms["productive"],
        replicas=RUNS,
    )


def _reclaims(catalog: Catalog, design: Design) -> float | None:
    """Stops of a job on spot for each 1,000 nodes and day; None for other ways of supply, which nobody takes back."""
    if design.supply != SPOT:
        return None
    nodes = max(design.chips / CHIPS_PER_STORAGE_NODE, 1.0)
    each, together = (catalog.assumption(name).value for name in (INTERRUPTIONS, TOGETHER))
    return float(gang_reclaims_per_s(each, nodes, together)) / nodes


def _write_s(catalog: Catalog, goal: TrainGoal, design: Design) -> float | None:
    """Time a save of adapters takes to reach storage; None where all weights are saved, by their size."""
    if goal.lora_rank is None:
        return None
    size, rate = (catalog.assumption(name).value for name in (SAVED_BYTES, WRITE_RATE))
    nodes = max(design.chips / CHIPS_PER_STORAGE_NODE, 1.0)
    return saved_parameters(goal, find_model(catalog, goal.model).shape) * size / (nodes * rate)


def _words(policy: object) -> str:
    return ", ".join(getattr(policy, name) for name in ("checkpointing", "recovery", "detection"))


def _notes(answer: GoodputAnswer) -> tuple[str, ...]:
    """Say where the closed form that priced the design does not hold."""
    exact = answer.closed_forms["exact"]
    return () if exact.valid else (f"The closed form does not hold: {exact.why_not}",)
