"""A plan: the designs of a goal, and the outlooks of the best one: its failures, and the run over several sites."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.multisite.multisite import compare_sites
from tenfold.planning.plan.answer import CampusOutlook, Design, FailureOutlook, PlanAnswer
from tenfold.planning.plan.asked import Asked, ask_runs, newest
from tenfold.planning.plan.planned import plan_of
from tenfold.planning.plan.question import PlanQuestion, dated
from tenfold.planning.plan.train.campuses import campus_outlook, run_over_sites
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.plan.train.outlook import failure_outlook
from tenfold.quantities import NamedFigure, Progress, assumptions_of


def answer(question: PlanQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None) -> PlanAnswer:
    """Plan a goal: ranked designs with finish, cost and energy; what was rejected and why.

    ``progress`` is told the share of the layouts searched. Raises ``InputError`` for a model that cannot be read,
    ``MissingFigureError`` for a site without its figures; a chip without its figures is a rejected design.
    """
    asked = ask_runs(dated(question), catalog, seed, partial(find_runs, progress=progress))
    planned, best = plan_of(asked)
    campuses, beside = _campuses(asked, best)
    figures = tuple({named.name: named for named in (*beside, *planned.figures)}.values())
    failures = None if best is None else _failures(asked, best)
    return replace(planned, campuses=campuses, failures=failures, figures=figures, assumptions=assumptions_of(figures))


def _campuses(asked: Asked, best: Design | None) -> tuple[CampusOutlook | None, tuple[NamedFigure, ...]]:
    """The best design over all the sites, and what is assumed for that."""
    question = replace(asked.question, goal=asked.goal)
    run = None if best is None else run_over_sites(asked.catalog, question, best, newest(asked.catalog))
    if best is None or run is None:
        return None, ()
    compared = compare_sites(run, asked.catalog)
    outlook = campus_outlook(run, compared, best)
    return outlook, () if outlook is None else compared.assumptions


def _failures(asked: Asked, best: Design) -> FailureOutlook | None:
    """Simulate the best design, unless it never ends."""
    if not np.isfinite(best.finish_days.p50):
        return None
    return failure_outlook(asked.catalog, asked.goal, best, asked.seed)
