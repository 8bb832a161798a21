"""Every work with chips of its own, by the plan function of its kind."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tenfold.catalog import Catalog
from tenfold.planning.plan.answer import PlanAnswer
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.means import Means, part_of
from tenfold.planning.plan.planned import outline
from tenfold.planning.plan.portfolio.question import PlanPortfolioQuestion
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.plan.serve.answer import PlanServeAnswer
from tenfold.planning.plan.serve.left import left_of
from tenfold.planning.plan.serve.question import PlanServeQuestion, ServeGoal, Service
from tenfold.planning.plan.serve.serve import answer as plan_services
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.supply.offers import newest
from tenfold.reliability import USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks the plan functions of single works."""

    question: PlanPortfolioQuestion
    catalog: Catalog
    seed: int

    @property
    def start(self) -> datetime.date:
        """Day from which time counts."""
        return self.question.goal.start or newest(self.catalog)

    def service(self, service: Service, means: Means) -> PlanServeAnswer:
        """Plan one service; what is done about failures of runs is not about it."""
        goal = self.question.goal
        asked = ServeGoal(
            service=service,
            availability=goal.availability,
            period_s=goal.period_s,
            start=goal.start,
            confidence=goal.confidence,
        )
        question = PlanServeQuestion(goal=asked, means=replace(means, policy=USUAL))
        return plan_services(question, self.catalog, seed=self.seed)

    def run(self, goal: TrainGoal, means: Means) -> PlanAnswer:
        """Plan one run."""
        return outline(PlanQuestion(goal=goal, means=means), self.catalog, seed=self.seed, search=find_runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """Plans of all works, each with its own chips."""

    services: tuple[PlanServeAnswer, ...]
    runs: tuple[PlanAnswer, ...]

    @property
    def works(self) -> tuple[PlanServeAnswer | PlanAnswer, ...]:
        """All plans, those of services first."""
        return (*self.services, *self.runs)

    @property
    def fits(self) -> bool:
        """Whether every work has chips."""
        return all(each.best is not None for each in self.works)


def alone(asker: Asker, means: Means, shares: Sequence[float]) -> Alone:
    """Plan every work within its share of what is limited; chips that are there go to them in their order."""
    question, left = asker.question, means
    services, runs = list[PlanServeAnswer](), list[PlanAnswer]()
    for service, share in zip(question.services, shares, strict=False):
        services.append(asker.service(service, part_of(left, share)))
        left = left_of(left, services[-1].best, asker.catalog)
    for goal, share in zip(question.runs, shares[len(question.services) :], strict=True):
        dated = goal if goal.start is not None else replace(goal, start=asker.start)
        runs.append(asker.run(dated, part_of(left, share)))
        left = left_of(left, runs[-1].best, asker.catalog)
    return Alone(services=tuple(services), runs=tuple(runs))


def shares_of(plans: Alone) -> list[float]:
    """Part of what is limited that each work may have: what it commits where nothing is limited."""
    best = [each.best for each in plans.works]
    cash = [0.0 if each is None else each.cash_usd.p90 for each in best]
    return [each / sum(cash) if sum(cash) else 1.0 / len(cash) for each in cash]
