"""Plans made in a test: from a goal and means, or from a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, cast

from tenfold.catalog import Catalog
from tenfold.planning.plan import Goal, Means, PlanAnswer, PlanQuestion
from tenfold.planning.plan.plan import answer, outline
from tenfold.planning.plan.planned import Tell, beside, untold
from tenfold.planning.plan.train.candidates import find_runs, layouts_of
from tenfold.planning.plan.train.layouts import Layouts
from tenfold.studies.ask import read_question, source_of
from tenfold.workloads import find_model


def planned(goal: Goal, means: Means, catalog: Catalog, **how: Any) -> PlanAnswer:
    """Plan a goal with the means."""
    return answer(PlanQuestion(goal=goal, means=means), catalog, **how)


def outlined(
    goal: Goal, means: Means, catalog: Catalog, layouts: Layouts | None = None, tell: Tell = beside
) -> PlanAnswer:
    """The same designs in the same order, without a look at failures and campuses of the best: twice as soon.

    ``layouts`` are those of goals that differ in nothing that moves a layout, searched as far as they are.
    """
    search = partial(find_runs, layouts=layouts)
    return outline(PlanQuestion(goal=goal, means=means), catalog, seed=0, search=search, tell=tell)


def designed(goal: Goal, means: Means, catalog: Catalog, layouts: Layouts | None = None) -> PlanAnswer:
    """The same designs in the same order, and nothing beside them: no drivers, flips, near misses or stress."""
    return outlined(goal, means, catalog, layouts, untold)


def layouts_for(goal: Goal, catalog: Catalog) -> Layouts:
    """Searches for a goal and all that differ from it in time, confidence, objective or means; none made yet."""
    return layouts_of(goal, find_model(catalog, goal.model))


def asked(path: Path | str, catalog: Catalog) -> PlanQuestion:
    """Read a goal file."""
    return cast("PlanQuestion", read_question("plan", source_of("plan", path), catalog).question)
