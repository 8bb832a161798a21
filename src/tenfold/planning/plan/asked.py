"""A question of a plan with everything looked up: model, offers, limits, runs that can do the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tenfold.catalog import Catalog, ModelRecord, Site
from tenfold.planning.plan.goal import LIFE, TrainGoal, time_allowed_s
from tenfold.planning.plan.means import Means, most_chips
from tenfold.planning.plan.offered import Offered, offered_of
from tenfold.planning.plan.question import PlanQuestion, objective_of_goal
from tenfold.planning.plan.stated import STATED, joined_offers, paid_ahead, stated_offers, supplies_of
from tenfold.planning.plan.train.counts import Counts, trainable_chips
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.plan.work import saved_parameters, settled
from tenfold.planning.supply.offer import Buyer
from tenfold.planning.supply.offers import find_offers, newest
from tenfold.planning.supply.rows import Limits, Work
from tenfold.quantities import DAY_S, DAYS_PER_BOOK_YEAR
from tenfold.reliability import practice_of
from tenfold.workloads import find_model


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
    find: Callable[[Counts], Runs]
    """Runs of the same chips in these numbers."""
    counts: Counts
    """Tried in ``runs``."""
    offered: Offered

    goal: TrainGoal
    """What to reach, with the tokens and the objective worked out."""

    @property
    def buyer(self) -> Buyer:
        """Who buys, and on which day, as far as rules ask."""
        return buyer_of(self.catalog, self.goal, self.question.means)

    @property
    def objective(self) -> str:
        """What decides between designs that fit."""
        return self.goal.objective or "cheapest"

    def beyond_deadline(self) -> Asked | None:
        """The same with the counts that cannot hold the deadline, so that the nearest change may be a later day.

        None where no count was left out for it.
        """
        counts = replace(self.counts, within_s=max(self.counts.within_s, self.limits.longest_days * DAY_S))
        return None if counts == self.counts else replace(self, runs=self.find(counts), counts=counts)


Search = Callable[[Catalog, TrainGoal, ModelRecord, Sequence[str], Counts], Runs]
"""What ``find_runs`` does."""


Find = Callable[[Catalog, Means, Sequence[str], Sequence[Site], Buyer], Offered]
"""What ``offered_to`` does."""


def offered_to(catalog: Catalog, means: Means, chips: Sequence[str], sites: Sequence[Site], buyer: Buyer) -> Offered:
    """Everything that can be had: of the catalog, and of the question itself."""
    listed = [name for name in means.supply if name not in STATED]
    offers, refused = find_offers(catalog, chips, listed, sites, buyer)
    own = [each for each in stated_offers(catalog, means, sites, buyer.day) if each.chip in chips]
    apart = [*paid_ahead(offers, means.prepaid_share), *own]
    return offered_of(catalog, [*apart, *joined_offers(catalog, means, apart)], refused)


def ask_runs(question: PlanQuestion, catalog: Catalog, seed: int, search: Search, find: Find = offered_to) -> Asked:
    """Look everything up and search the layouts of chips that can be had."""
    goal, means = question.goal, question.means
    model = find_model(catalog, goal.model)
    goal = settled(goal, objective_of_goal(question), model)
    supplies = supplies_of(means)
    stated = (*(each.chip for each in means.existing), *(each.chip for each in means.quotes))
    chips = _named(means.chips or trainable_chips(catalog), stated, means.not_chips)
    sites = tuple(catalog.site(name) for name in _named(means.sites or sorted(catalog.sites), (), means.not_sites))
    buyer = buyer_of(catalog, goal, means)
    offered = find(catalog, means, chips, sites, buyer)
    to_be_had = tuple(dict.fromkeys(offer.chip for offer in offered.offers))
    counts, find_more = _counts(means, goal), partial(search, catalog, goal, model, to_be_had)
    runs = find_more(counts)
    practice = practice_of(means.policy, [setup.system for setup in runs.setups])
    return Asked(
        question=question,
        goal=goal,
        catalog=catalog,
        seed=seed,
        model=model,
        supplies=supplies,
        sites=sites,
        limits=limits_of(question, catalog),
        work=Work(parameters=saved_parameters(goal, model.shape), practice=practice),
        runs=runs,
        find=find_more,
        counts=counts,
        offered=offered,
    )


def buyer_of(catalog: Catalog, goal: TrainGoal, means: Means) -> Buyer:
    """Who buys chips for a goal."""
    return Buyer(day=goal.start or newest(catalog), country=means.owner_country)


def _named(names: Iterable[str], more: Iterable[str], without: Sequence[str]) -> tuple[str, ...]:
    """Names once each, but for those that must not be."""
    return tuple(name for name in dict.fromkeys((*names, *more)) if name not in without)


def _counts(means: Means, goal: TrainGoal) -> Counts:
    return Counts(
        most=most_chips(means),
        least=means.chips_at_least or 1,
        exactly=means.chips_exactly,
        within_s=time_allowed_s(goal),
    )


def limits_of(question: PlanQuestion, catalog: Catalog) -> Limits:
    """What the designs of a question must keep; no run outlives the useful life of its chips, whatever the deadline."""
    goal, means = question.goal, question.means
    life_days = catalog.assumption(LIFE).value * DAYS_PER_BOOK_YEAR
    return Limits(
        deadline_days=min(time_allowed_s(goal) / DAY_S, life_days),
        longest_days=life_days,
        budget_usd=np.inf if means.budget_usd is None else means.budget_usd,
        power_w=np.inf if means.power_w is None else means.power_w,
        confidence=goal.confidence,
        start=goal.start,
    )
