"""Works of a portfolio, by whoever plans them: each alone, what hosts it, where all of them run. Records."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.plan.answer import Design, PlanAnswer
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.portfolio.day import Hours, Left
from tenfold.planning.plan.portfolio.question import PlanPortfolioQuestion
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.plan.serve.answer import FleetDesign, PlanServeAnswer
from tenfold.planning.plan.serve.question import PlanServeQuestion, ServeGoal, Service
from tenfold.planning.supply.offers import newest
from tenfold.quantities import Z90, Floats, Percentiles, standard_normal_ppf
from tenfold.reliability import USUAL


class PlanServices(Protocol):
    """What answers ``plan serve``."""

    def __call__(self, question: PlanServeQuestion, catalog: Catalog, *, seed: int) -> PlanServeAnswer:
        """Plan services."""
        ...


class PlanRun(Protocol):
    """The designs of a run, as ``plan`` finds them."""

    def __call__(self, question: PlanQuestion, catalog: Catalog, *, seed: int) -> PlanAnswer:
        """Plan a run."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks the plan functions of single works."""

    question: PlanPortfolioQuestion
    catalog: Catalog
    seed: int
    plan_services: PlanServices
    plan_run: PlanRun

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
        return self.plan_services(question, self.catalog, seed=self.seed)

    def run(self, goal: TrainGoal, means: Means) -> PlanAnswer:
        """Plan one run."""
        return self.plan_run(PlanQuestion(goal=goal, means=means), self.catalog, seed=self.seed)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A fleet of a service, and what it leaves."""

    service: Service
    answer: PlanServeAnswer
    design: FleetDesign
    node: int
    """Chips of one."""
    taken: Floats
    """Chips that the service needs by week and hour at the peak it is sized for, (weeks, 24)."""
    left: Left


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """A run on a host."""

    host: Host
    answer: PlanAnswer
    design: Design
    hours: Hours
    beside_usd: Percentiles
    """Its energy, where the fleet is owned, with storage and traffic."""
    end_day: Percentiles


@dataclass(slots=True, kw_only=True)
class Placed:
    """Where every work runs."""

    services: list[Host]
    runs: list[PlanAnswer | Hosted | None]
    """Of a run its plan alone, or what it does on a host; None where it has neither."""
    on: dict[int, int] = field(default_factory=dict)
    """Service that hosts a run, by the places of both."""
    tried: int = 0

    def hosted_by(self, service: int) -> Sequence[int]:
        """Places of the runs that a service hosts."""
        return [run for run, host in self.on.items() if host == service]


def sure_usd(spread: Percentiles, confidence: float) -> float:
    """What a cost does not exceed in a share of outcomes: P50·(P90/P50)^(z/z90), log-normal above its middle."""
    if not spread.p50:
        return spread.p90
    z = float(standard_normal_ppf(np.array([confidence]))[0])
    return float(spread.p50 * (spread.p90 / spread.p50) ** (z / Z90))
