"""A training run at its cheapest: the best design of the plan of that run, for questions that only need its price."""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.planned import outline
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.run_asked import Run, RunAsked


def cheapest_run(asked: RunAsked, catalog: Catalog, seed: int) -> Run | str:
    """Plan the run, or say why nothing fits."""
    planned = outline(_plan_of(asked), catalog, seed=seed, search=find_runs)
    if planned.best is None:
        short = planned.infeasible[0].reasons[0] if planned.infeasible else None
        return f"no run fits: {short.short}; {short.nearest}" if short else "no chip that may train has a price"
    best = planned.best
    return Run(
        words=best.name,
        cost_usd=best.cost_usd,
        days=best.days_on_chips,
        figures=planned.figures,
    )


def _plan_of(asked: RunAsked) -> PlanQuestion:
    return PlanQuestion(
        goal=TrainGoal(
            model=asked.model,
            tokens=asked.tokens,
            sequence_length=asked.sequence_length,
            global_batch=asked.global_batch,
            deadline_s=asked.deadline_s,
            objective="cheapest",
        ),
        means=Means(chips=asked.chips, max_chips=asked.max_chips, supply=(asked.supply,), sites=(asked.site,)),
    )
