"""A plan, and the estimate of what it says, as somebody would type it."""

from __future__ import annotations

import dataclasses

from tenfold.catalog import Catalog
from tenfold.performance.layout import ASKED, LayoutWish
from tenfold.planning.estimate import EstimateTrainingAnswer, EstimateTrainingQuestion
from tenfold.planning.estimate.cluster import Cluster
from tenfold.planning.estimate.estimate import answer as estimate
from tenfold.planning.plan import Design, Goal, Means, PlanAnswer, PlanQuestion
from tenfold.planning.plan.plan import answer as plan

SAID = ("tp", "pp", "vpp", "cp", "ep", "etp", "zero", "recompute", "micro_batch", "schedule")


def planned(goal: Goal, means: Means, catalog: Catalog, **said: object) -> PlanAnswer:
    return plan(PlanQuestion(goal=dataclasses.replace(goal, **said), means=means), catalog)  # type: ignore[arg-type]


def estimated(goal: Goal, design: Design, catalog: Catalog, **said: object) -> EstimateTrainingAnswer:
    """The chips of a design under its layout, as somebody types them."""
    cluster = Cluster(
        model=goal.model,
        chip=design.chip,
        chips=design.chips,
        global_batch=design.global_batch,
        sequence_length=goal.sequence_length,
        precision=goal.precision,
        **said,  # type: ignore[arg-type]
    )
    wish = LayoutWish(**{name: getattr(design.layout, name) for name in ASKED if name in SAID})
    return estimate(EstimateTrainingQuestion(cluster=cluster, layout=wish), catalog)


def designs_of(answer: PlanAnswer) -> list[Design]:
    near = [each.design for each in answer.near_misses]
    return [*([answer.best] if answer.best else []), *answer.alternatives, *near][:4]
