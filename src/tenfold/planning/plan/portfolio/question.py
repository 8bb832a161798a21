"""What can be asked of a portfolio: services and runs that share chips over time, and what there is for all of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Literal

from tenfold.planning.plan.goal import OPTIMAL, TrainGoal, problems_of_goal
from tenfold.planning.plan.means import Means, problems_of_means
from tenfold.planning.plan.serve.question import Service, problems_of_service
from tenfold.quantities import DAY_S, UNREAD, YEAR_S, Amount, Problem, known

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioGoal:
    """Serve and train on chips that are shared over time."""

    kind: Literal["portfolio"] = "portfolio"
    """What is planned."""
    period_s: Annotated[float, Amount("s", least=28 * DAY_S, most=10 * YEAR_S)] = YEAR_S
    """Time that services are served and paid for, such as '1 year'."""
    start: datetime.date | None = None
    """Day the chips are ordered, from which deadlines count; the newest day of the catalog when left out."""
    availability: Annotated[float, Amount("1", least=0.5, most=0.99999)] = 0.999
    """Share of the time in which enough replicas of a service are up for its peak, failures counted."""
    confidence: Annotated[float, Amount("1", least=0.5, most=0.99)] = 0.8
    """Share of outcomes in which latency and budget must hold; a run states its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPortfolioQuestion:
    """Which chips do several services and training runs need when, what do they cost, and what does sharing save?"""

    goal: PortfolioGoal = field(default_factory=PortfolioGoal)
    """What holds for all of them."""
    services: tuple[Service, ...] = ()
    """Models that are served, each with its traffic and latency."""
    runs: tuple[TrainGoal, ...] = ()
    """Models that are trained, each with its tokens and deadline."""
    means: Means = field(default_factory=Means)
    """What there is for all of them together."""


COUNTED = ("chips_exactly", "chips_at_least")
"""Means that say how many chips one work has."""


def contradictions(question: PlanPortfolioQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Say where fewer than two works are stated, and what each of them, or the means, contradicts."""
    if question.means is not UNREAD:
        yield from problems_of_means(question.means, catalog)
        yield from _counted(question.means)
    if not known(question.services, question.runs):
        return
    if len(question.services) + len(question.runs) < 2:
        remedy = "Write two [[services]] or [[runs]] at least, or plan the one alone: kind = 'serve' or 'train'"
        yield Problem(file="", key="services", wrong="fewer than two works are stated", remedy=remedy)
    for place, service in enumerate(question.services):
        yield from problems_of_service(service, f"services.{place}", catalog)
    for place, run in enumerate(question.runs):
        yield from _of_run(run, f"runs.{place}")


contradictions_in_part = contradictions
"""It passes over what could not be read."""


def _counted(means: Means) -> Iterator[Problem]:
    for name in COUNTED:
        if known(getattr(means, name)) and getattr(means, name) is not None:
            wrong = "says how many chips one work has, and these are several"
            yield Problem(file="", key=f"means.{name}", wrong=wrong, remedy="Write max_chips, or leave it out")


def _of_run(run: TrainGoal, at: str) -> Iterator[Problem]:
    if run.model == OPTIMAL:
        wrong = f"'{OPTIMAL}' spends a budget, and that of a portfolio is shared"
        yield Problem(file="", key=f"{at}.model", wrong=wrong, remedy="Plan the run alone first, and name its model")
        return
    for each in problems_of_goal(run):
        yield replace(each, key=each.key.replace("goal", at, 1))


def names_of(question: PlanPortfolioQuestion) -> tuple[str, ...]:
    """Names of all works, services first: the model, numbered where several works have the same."""
    models = [*(each.model for each in question.services), *(each.model for each in question.runs)]
    found = list[str]()
    for model in models:
        same = found.count(model) + sum(each.startswith(f"{model} (") for each in found)
        found.append(model if not same else f"{model} ({same + 1})")
    return tuple(found)
