"""What is said beside the fleets of a plan: how they are meant, and what was decided for the user."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.planning.owner import usual_scope
from tenfold.planning.plan.means import AFTER, IN_BUDGET, is_limited
from tenfold.planning.plan.serve.answer import ServicePlan
from tenfold.planning.plan.serve.left import taken_there
from tenfold.planning.plan.serve.question import REPLAYED, services_of
from tenfold.planning.plan.serve.supplied import Supplied
from tenfold.planning.supply.succeeded import undercuts
from tenfold.quantities import DAY_S, HOUR_S, format_quantity


def notes_of(supplied: Supplied, plans: Sequence[ServicePlan], shares: Sequence[float]) -> Iterator[str]:
    """Say how the fleets are meant, and what was decided for the user."""
    yield "The fleet is sized for the busiest hour at the end of the period and stands all the time"
    yield "Requests are dealt to replicas at random; a router that looks at queues does better"
    if any(each.best is not None and each.best.disaggregated for each in plans):
        yield "Prompts run apart: the cache goes over the scale-out fabric, as the whole of it after the prompt"
    for each in (plan.traced for plan in plans if plan.traced is not None and plan.traced.runs):
        if each.span_s / each.pace < HOUR_S / 2.0:
            lasted = format_quantity(each.span_s / each.pace, "s")
            yield f"The replay of {each.file} lasts {lasted}: queues that take longer to grow are not seen"
    asked = [each.replayed for each, plan in zip(services_of(supplied.question), plans, strict=True) if plan.traced]
    if REPLAYED[0] in asked:
        yield "The cheapest fleet was replayed with its trace; of those beside it, only what was once the cheapest"
    if REPLAYED[-1] in asked:
        yield "Every fleet that is listed first was replayed with its trace and given the replicas that it takes"
    shown = [each for plan in plans for each in (plan.best, *plan.alternatives) if each is not None]
    days = supplied.question.goal.period_s / DAY_S
    yield from undercuts(supplied.catalog, [(each, days) for each in shown], supplied.buyer, supplied.offered.offers)
    yield "A node that fails takes every replica on it: spares stand on other nodes"
    if "own" in supplied.supplies:
        yield usual_scope()
        yield AFTER[supplied.question.means.owned_after]
        if supplied.question.means.budget_usd is not None:
            yield IN_BUDGET
    if len(plans) > 1 and (supplied.question.means.existing or supplied.question.means.quotes):
        there = ", ".join(f"{each.model} {taken_there(each.best):,}" for each in plans if each.best is not None)
        yield f"Chips that are there go to the models in their order: {there}; so do offers that you hold"
    if len(plans) > 1 and is_limited(supplied.question.means):
        parts = ", ".join(f"{each.model} {share:.0%}" for each, share in zip(plans, shares, strict=True))
        yield f"Budget, power and chips are shared as the cheapest fleets commit without limits: {parts}"
