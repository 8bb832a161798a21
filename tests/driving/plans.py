"""Plans made in a test: from a goal and means, or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from tenfold.catalog import Catalog
from tenfold.planning.plan import Goal, Means, PlanAnswer, PlanQuestion
from tenfold.planning.plan.plan import answer, outline
from tenfold.studies.ask import read_question, source_of


def planned(goal: Goal, means: Means, catalog: Catalog, **how: Any) -> PlanAnswer:
    """Plan a goal with the means."""
    return answer(PlanQuestion(goal=goal, means=means), catalog, **how)


def outlined(goal: Goal, means: Means, catalog: Catalog) -> PlanAnswer:
    """The same designs in the same order, without a look at failures and campuses of the best: twice as soon."""
    return outline(PlanQuestion(goal=goal, means=means), catalog, seed=0)


def asked(path: Path | str, catalog: Catalog) -> PlanQuestion:
    """Read a goal file."""
    return cast("PlanQuestion", read_question("plan", source_of("plan", path), catalog).question)
