"""What a tuning or a training run costs: the cheapest design of the plan of that run."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalog import Catalog
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion, Pretrained, Tuned
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.planned import outline
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.quantities import NamedFigure, Percentiles

TUNING_CHIPS = "planning.self_serve_chips"
"""Most chips of a tuning run: what is had without a contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run at its cheapest."""

    words: str
    cost_usd: Percentiles
    days: Percentiles
    figures: tuple[NamedFigure, ...]


def run_of(question: BuildOrBuyQuestion, catalog: Catalog, asked: Tuned | Pretrained, seed: int) -> Run | str:
    """Plan the run, every weight trained; or say why nothing fits."""
    most = asked.max_chips if isinstance(asked, Pretrained) else round(catalog.assumption(TUNING_CHIPS).value)
    planned = outline(_plan_of(question, asked, most), catalog, seed=seed, search=find_runs)
    if planned.best is None:
        short = planned.infeasible[0].reasons[0] if planned.infeasible else None
        return f"no run fits: {short.short}; {short.nearest}" if short else "no chip that may train has a price"
    best = planned.best
    return Run(
        words=f"{best.chips:,} × {best.chip}, {best.supply}",
        cost_usd=best.cost_usd,
        days=best.days_on_chips,
        figures=planned.figures,
    )


def _plan_of(question: BuildOrBuyQuestion, asked: Tuned | Pretrained, most: int) -> PlanQuestion:
    return PlanQuestion(
        goal=TrainGoal(
            model=asked.model,
            tokens=asked.tokens,
            sequence_length=asked.sequence_length,
            global_batch=asked.global_batch,
            deadline_s=asked.deadline_s,
            objective="cheapest",
        ),
        means=Means(
            chips=question.chips,
            max_chips=most,
            supply=(question.supply,),
            sites=(question.site,),
        ),
    )
