"""A training goal with everything looked up: chips, offers, sites, limits, and the runs that reach it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, ModelRecord, Site
from tenfold.planning.plan.means import Means, most_chips
from tenfold.planning.plan.offered import Offered, offered_of
from tenfold.planning.plan.question import (
    PlanQuestion,
    TrainGoal,
    objective_of_goal,
    sequences_per_step,
    time_allowed_s,
)
from tenfold.planning.plan.stated import STATED, stated_offers, supplies_of
from tenfold.planning.plan.train.candidates import Counts, trainable_chips
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.supply.offers import Buyer, find_offers
from tenfold.planning.supply.rows import Limits, Work
from tenfold.quantities import (
    DAY_S,
)
from tenfold.workloads import TrainingJob, find_model, model_flops_per_token, total_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with everything looked up."""

    question: PlanQuestion
    catalog: Catalog
    seed: int
    model: ModelRecord
    supplies: tuple[str, ...]
    sites: tuple[Site, ...]
    limits: Limits
    work: Work
    runs: Runs
    offered: Offered

    goal: TrainGoal
    """What to reach, with the tokens and the objective worked out."""

    @property
    def objective(self) -> str:
        """What decides between designs that fit."""
        return self.goal.objective or "cheapest"


Search = Callable[[Catalog, TrainGoal, ModelRecord, Sequence[str], Counts], Runs]
"""What ``find_runs`` does."""


def ask_runs(question: PlanQuestion, catalog: Catalog, seed: int, search: Search) -> Asked:
    """Look everything up and search the layouts of chips that can be had."""
    goal, means = question.goal, question.means
    model = find_model(catalog, goal.model)
    goal = settled(question, model)
    supplies = supplies_of(means)
    stated = (*(each.chip for each in means.existing), *(each.chip for each in means.quotes))
    chips = _named(means.chips or trainable_chips(catalog), stated, means.not_chips)
    sites = tuple(catalog.site(name) for name in _named(means.sites or sorted(catalog.sites), (), means.not_sites))
    buyer = Buyer(day=goal.start or newest(catalog), country=means.owner_country)
    listed = [name for name in supplies if name not in STATED]
    offers, refused = find_offers(catalog, chips, listed, sites, buyer)
    own = [each for each in stated_offers(catalog, means, sites, buyer.day) if each.chip in chips]
    offered = offered_of(catalog, (*offers, *own), refused)
    to_be_had = tuple(dict.fromkeys(offer.chip for offer in offered.offers))
    return Asked(
        question=question,
        goal=goal,
        catalog=catalog,
        seed=seed,
        model=model,
        supplies=supplies,
        sites=sites,
        limits=_limits(question),
        work=Work(parameters=float(total_parameters(model.shape))),
        runs=search(catalog, goal, model, to_be_had, _counts(means)),
        offered=offered,
    )


def settled(question: PlanQuestion, model: ModelRecord) -> TrainGoal:
    """The goal with its tokens and its objective, however they were said."""
    goal = question.goal
    tokens = goal.tokens
    if goal.flops is not None:
        job = TrainingJob(sequence_length=float(goal.sequence_length), global_batch=float(sequences_per_step(goal)))
        tokens = goal.flops / float(model_flops_per_token(model.shape, job))
    elif goal.tokens_per_parameter is not None:
        tokens = goal.tokens_per_parameter * float(total_parameters(model.shape))
    return replace(goal, tokens=tokens, objective=objective_of_goal(question))


def _named(names: Iterable[str], more: Iterable[str], without: Sequence[str]) -> tuple[str, ...]:
    """Names once each, but for those that must not be."""
    return tuple(name for name in dict.fromkeys((*names, *more)) if name not in without)


def _counts(means: Means) -> Counts:
    return Counts(most=most_chips(means), least=means.chips_at_least or 1, exactly=means.chips_exactly)


def _limits(question: PlanQuestion) -> Limits:
    goal, means = question.goal, question.means
    return Limits(
        deadline_days=time_allowed_s(goal) / DAY_S,
        budget_usd=np.inf if means.budget_usd is None else means.budget_usd,
        power_w=np.inf if means.power_w is None else means.power_w,
        confidence=goal.confidence,
        start=goal.start,
    )


def newest(catalog: Catalog) -> datetime.date:
    """Day of the youngest document of the catalog, for plans without a start: the same plan tomorrow."""
    return max(source.date for source in catalog.sources.values())
