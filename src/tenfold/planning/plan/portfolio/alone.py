"""Every work with chips of its own, by the plan function of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenfold.planning.plan.answer import PlanAnswer
from tenfold.planning.plan.means import Means, part_of
from tenfold.planning.plan.portfolio.works import Alone, Asker
from tenfold.planning.plan.serve.answer import PlanServeAnswer
from tenfold.planning.plan.serve.left import left_of


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
