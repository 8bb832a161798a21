"""A plan: the designs of a goal, and the outlooks of the best one: its failures, and the run over several sites."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.multisite.multisite import compare_sites
from tenfold.planning.plan.answer import CampusOutlook, Design, FailureOutlook, PlanAnswer
from tenfold.planning.plan.asked import Asked
from tenfold.planning.plan.planned import chosen_work, plan_of
from tenfold.planning.plan.question import PlanQuestion, dated
from tenfold.planning.plan.train.campuses import campus_outlook, run_over_sites
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.plan.train.optimum import optimum_figures
from tenfold.planning.plan.train.outlook import failure_outlook
from tenfold.planning.supply.offers import newest
from tenfold.quantities import NamedFigure, Progress, assumptions_of


def answer(question: PlanQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None) -> PlanAnswer:
    """Plan a goal: ranked designs with finish, cost and energy; what was rejected and why.

    ``progress`` is told the share of the layouts searched. Raises ``InputError`` for a model that cannot be read,
    ``MissingFigureError`` for a site without its figures; a chip without its figures is a rejected design.
    """
    search = partial(find_runs, progress=progress)
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
    question = replace(asked.question, goal=asked.goal)
    run = None if design is None else run_over_sites(asked.catalog, question, design, newest(asked.catalog))
    if design is None or run is None:
        return None, ()
    compared = compare_sites(run, asked.catalog)
    outlook = campus_outlook(run, compared, design)
    return outlook, () if outlook is None else compared.assumptions


def _failures(asked: Asked, best: Design) -> FailureOutlook | None:
    """Simulate the best design, unless it never ends."""
    if not np.isfinite(best.finish_days.p50):
        return None
    return failure_outlook(asked.catalog, asked.goal, asked.question.means.policy, best, asked.seed)
