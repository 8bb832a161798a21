"""What can be asked of a plan: a goal, and what there is to reach it with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tenfold.performance.layout import expert_problems
from tenfold.planning.plan.goal import OPTIMAL, Objective, TrainGoal, dated_goal, problems_of_goal
from tenfold.planning.plan.means import Means, problems_of_means
from tenfold.quantities import UNREAD, Problem, known
from tenfold.workloads import can_scale

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanQuestion:
    """Plan a goal: which chips and how many, how laid out, rented or owned, where; when it is done, for how much."""

    goal: TrainGoal
    """What to reach."""
    means: Means = field(default_factory=Means)
    """What there is to reach it with."""


def contradictions(question: PlanQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Say where a list names nothing, a batch holds more than the run, and a deadline comes before the start."""
    if question.means is not UNREAD:
        yield from problems_of_means(question.means, catalog)
    if question.goal is not UNREAD:
        yield from problems_of_goal(question.goal)
        yield from _optimal(question, catalog)
        yield from _over_sites(question)
        yield from _built(question, catalog)


def _optimal(question: PlanQuestion, catalog: Catalog) -> Iterator[Problem]:
    """A compute-optimal model needs compute or money to spend, and a shape that can be scaled."""
    goal, means = question.goal, question.means
    if goal.model != OPTIMAL:
        return
    if goal.flops is None and means is not UNREAD and means.budget_usd is None:
        wrong, remedy = f"'{OPTIMAL}' needs something to spend", "State goal.flops or means.budget"
        yield Problem(file="", key="goal.model", wrong=wrong, remedy=remedy)
    if goal.flops is None and means is not UNREAD and means.existing:
        wrong = "are paid for, so that no budget says how much they may compute"
        yield Problem(file="", key="means.existing", wrong=wrong, remedy="State goal.flops")
    if known(goal.like) and not can_scale(catalog.model(goal.like).shape):
        wrong, remedy = f"{goal.like} is not a dense model of equal layers", "Use one such as llama-3.1-8b"
        yield Problem(file="", key="goal.like", wrong=wrong, remedy=remedy)


def _over_sites(question: PlanQuestion) -> Iterator[Problem]:
    """Chips are spread over at least two sites, and over those that are named."""
    means, goal = question.means, question.goal
    if not known(goal.over_sites) or not goal.over_sites or means is UNREAD or not known(means.sites):
        return
    from tenfold.planning.multisite.question import FEWEST_SITES, MOST_SITES

    if not FEWEST_SITES <= len(set(means.sites or ())) <= MOST_SITES:
        remedy = f"Name {FEWEST_SITES} to {MOST_SITES} in means.sites"
        yield Problem(file="", key="goal.over_sites", wrong="needs sites to spread the chips over", remedy=remedy)


def _built(question: PlanQuestion, catalog: Catalog) -> Iterator[Problem]:
    """A system that is stated is one of the chips named; a layout has ranks of experts where there are some."""
    goal, means = question.goal, question.means
    if known(goal.system) and goal.system is not None and means is not UNREAD and known(means.chips):
        chip = catalog.system(goal.system).chip
        if means.chips is not None and chip not in {catalog.chip(name).key for name in means.chips}:
            wrong, remedy = f"{goal.system} is built of {chip}, which means.chips leave out", f"Add '{chip}' there"
            yield Problem(file="", key="goal.system", wrong=wrong, remedy=remedy)
    if known(goal.layout, goal.model):
        model = goal.like if goal.model == OPTIMAL else goal.model
        for each in expert_problems(goal.layout, model, catalog):
            yield replace(each, key=f"goal.{each.key}", remedy=f"Leave it out, or write {each.key} = 1")


def objective_of_goal(question: PlanQuestion) -> Objective:
    """What decides: as said; fastest where chips are counted and time is not."""
    goal, means = question.goal, question.means
    if goal.objective is not None:
        return goal.objective
    counted = means.max_chips is not None or means.chips_exactly is not None or bool(means.existing)
    return "fastest" if counted and goal.deadline_s is None else "cheapest"


def dated(question: PlanQuestion) -> PlanQuestion:
    """Write down the start that a deadline counts from, so that the question means the same tomorrow."""
    return replace(question, goal=dated_goal(question.goal))
