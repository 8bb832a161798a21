"""A plan put together: the designs of a goal, and the outlooks of the best one: its failures, and the run over sites.

``outline`` is the plan without these outlooks; ``plan_run`` and ``cheapest_run`` are what other questions want of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.plan.answer import CampusOutlook, Design, FailureOutlook, Optimum, PlanAnswer
from tenfold.planning.plan.asked import Asked, Search, ask_runs
from tenfold.planning.plan.goal import OPTIMAL, TrainGoal
from tenfold.planning.plan.kept import kept_offered
from tenfold.planning.plan.laid import evaluated_of, inputs_of, lay
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.planned import Tell, beside, choose, nothing_of, plan_with, untold
from tenfold.planning.plan.question import PlanQuestion, dated
from tenfold.planning.plan.train.candidates import searching
from tenfold.planning.plan.train.evaluated import Evaluated
from tenfold.planning.plan.train.optimum import goal_spending, most_compute, optimum_figures, optimum_of
from tenfold.planning.plan.train.outlook import failure_outlook
from tenfold.planning.run_asked import Run, RunAsked
from tenfold.planning.supply.assess import judge
from tenfold.planning.supply.choose import feasible
from tenfold.planning.supply.offers import newest
from tenfold.quantities import NamedFigure, Progress, Uncertain, assumptions_of


def answer(question: PlanQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None) -> PlanAnswer:
    """Plan a goal: ranked designs with finish, cost and energy; what was rejected and why.

    ``progress`` is told the share of the layouts searched. Raises ``InputError`` for a model that cannot be read,
    ``MissingFigureError`` for a site without its figures; a chip without its figures is a rejected design.
    """
    search = searching(progress)
    asked, optimum = chosen_work(dated(question), catalog, seed, search)
    planned, powerless = plan_of(asked)
    best = planned.best
    campuses, beside = _campuses(asked, best if asked.goal.over_sites else powerless)
    law = () if optimum is None else optimum_figures(catalog)
    figures = tuple({named.name: named for named in (*law, *beside, *planned.figures)}.values())
    failures = None if best is None else _failures(asked, best)
    assumptions = assumptions_of(figures)
    return replace(
        planned, optimum=optimum, campuses=campuses, failures=failures, figures=figures, assumptions=assumptions
    )


def _campuses(asked: Asked, design: Design | None) -> tuple[CampusOutlook | None, tuple[NamedFigure, ...]]:
    """A design over all the sites, and what is assumed for that."""
    if design is None:
        return None, ()
    from tenfold.planning.multisite.multisite import compare_sites  # loaded only where a design is spread over sites
    from tenfold.planning.plan.train.campuses import campus_outlook, run_over_sites

    question = replace(asked.question, goal=asked.goal)
    run = run_over_sites(asked.catalog, question, design, newest(asked.catalog))
    if run is None:
        return None, ()
    compared = compare_sites(run, asked.catalog)
    outlook = campus_outlook(run, compared, design)
    return outlook, () if outlook is None else compared.assumptions


def _failures(asked: Asked, best: Design) -> FailureOutlook | None:
    """Simulate the best design, unless it never ends."""
    if not np.isfinite(best.finish_days.p50):
        return None
    return failure_outlook(asked.catalog, asked.goal, asked.question.means.policy, best, asked.seed)


def outline(
    question: PlanQuestion, catalog: Catalog, *, seed: int, search: Search | None = None, tell: Tell = beside
) -> PlanAnswer:
    """Plan a goal without a look at failures and campuses of the best design.

    ``search`` finds the runs, ``tell`` gives what is told beside the designs.
    """
    asked, optimum = chosen_work(dated(question), catalog, seed, search or searching())
    planned, _ = plan_of(asked, tell)
    return replace(planned, optimum=optimum)


def plan_run(question: PlanQuestion, catalog: Catalog, *, seed: int) -> PlanAnswer:
    """Designs of a goal and nothing beside them, for questions that only choose among them."""
    return outline(question, catalog, seed=seed, tell=untold)


def chosen_work(question: PlanQuestion, catalog: Catalog, seed: int, search: Search) -> tuple[Asked, Optimum | None]:
    """The question looked up, with model and tokens chosen for the compute or the budget where that is asked."""
    goal, budget_usd = question.goal, question.means.budget_usd
    if goal.model != OPTIMAL:
        return ask_runs(question, catalog, seed, search), None

    offers = partial(kept_offered, {})

    @cache
    def spending(flops: float) -> Asked:
        chosen = replace(question, goal=goal_spending(catalog, goal, flops))
        return ask_runs(chosen, catalog, seed, search, offers)

    flops = goal.flops or most_compute(lambda flops: _fits(spending(flops)), budget_usd or 0.0)
    asked = spending(flops)
    return asked, optimum_of(catalog, asked.goal, flops, seed)


def _fits(asked: Asked) -> bool:
    """Whether any design reaches the goal."""
    evaluated = _evaluate(asked, inputs_of(asked))
    return evaluated is not None and bool(feasible(evaluated.designs, asked.limits).any())


def plan_of(asked: Asked, tell: Tell = beside) -> tuple[PlanAnswer, Design | None]:
    """Plan what was looked up, without outlooks; and where nothing fits the design that only lacks a site's power.

    What is nearest where nothing fits is found among all counts, those that cannot hold the deadline too.
    """
    inputs = inputs_of(asked)
    evaluated = _evaluate(asked, inputs)
    if evaluated is None or not feasible(evaluated.designs, asked.limits).any():
        further = asked.beyond_deadline()
        if further is not None:
            return plan_of(further, tell)
    nothing = nothing_of(asked, inputs)
    chosen = nothing if evaluated is None else choose(asked, evaluated, inputs, tell, nothing)
    return plan_with(asked, chosen), chosen.powerless


def _evaluate(asked: Asked, inputs: Sequence[Uncertain]) -> Evaluated | None:
    """Assess every design; None when there is none."""
    laid = lay(asked, inputs)
    if laid is None:
        return None
    return evaluated_of(asked, laid, judge(laid.drawn, asked.limits, len(laid.rows), len(asked.sites)))


def cheapest_run(asked: RunAsked, catalog: Catalog, seed: int) -> Run | str:
    """Plan a run for a question that only needs its price, or say why nothing fits."""
    planned = plan_run(_question_of(asked), catalog, seed=seed)
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


def _question_of(asked: RunAsked) -> PlanQuestion:
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
