"""The nearest of works that have no chips even where nothing is limited: what each lacks, and the question with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.portfolio.question import PlanPortfolioQuestion, PortfolioGoal
from tenfold.planning.plan.portfolio.works import Alone
from tenfold.planning.plan.serve.question import Service
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible, nearest_of
from tenfold.quantities import Shortfall

Work = TypeVar("Work", Service, TrainGoal, PortfolioGoal)


def nearest_works(names: Sequence[str], plans: Alone) -> Infeasible | None:
    """What all works without chips lack, each by its nearest; None where one of them has no chip to say it of."""
    without = [(name, plan) for name, plan in zip(names, plans.works, strict=True) if plan.best is None]
    if not all(plan.infeasible for _, plan in without):
        return None
    found = [(name, nearest_of(plan.infeasible)) for name, plan in without]
    return Infeasible(
        chip="+".join(dict.fromkeys(each.chip for _, each in found)),
        chips=sum(each.chips for _, each in found),
        supply=found[0][1].supply if len(found) == 1 else ANY_SUPPLY,
        site=found[0][1].site if len(found) == 1 else ANY_SITE,
        reasons=tuple(_named(reason, name) for name, each in found for reason in each.reasons),
    )


def asked_with(question: PlanPortfolioQuestion, plans: Alone) -> PlanPortfolioQuestion:
    """The question with what is named for the works that have no chips."""
    moves = [
        () if plan.best is not None or not plan.infeasible else _moves(nearest_of(plan.infeasible))
        for plan in plans.works
    ]
    goal, services, count = question.goal, [*question.services], len(question.services)
    for place, each in enumerate(moves[:count]):
        services[place], goal = _moved(services[place], each), _moved(goal, each)
    runs = [_moved(run, each) for run, each in zip(question.runs, moves[count:], strict=True)]
    return replace(question, goal=goal, services=tuple(services), runs=tuple(runs))


def _named(reason: Shortfall, name: str) -> Shortfall:
    """A reason of one work among several: a change of its own fields says whose they are."""
    own = reason.moves and not {field for field, _ in reason.moves} <= PortfolioGoal.__dataclass_fields__.keys()
    return replace(reason, nearest=f"{reason.nearest} for {name}") if own else reason


def _moves(rejected: Infeasible) -> tuple[tuple[str, float], ...]:
    return tuple(move for reason in rejected.reasons for move in reason.moves)


def _moved(work: Work, moves: Sequence[tuple[str, float]]) -> Work:
    """A record with the fields moved that it has."""
    names = {each.name for each in fields(work)}
    moved: dict[str, Any] = {name: value for name, value in moves if name in names}
    return replace(work, **moved)
