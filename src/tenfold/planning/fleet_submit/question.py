"""What can be asked about a job before it is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated

from tenfold.catalog import Catalog
from tenfold.fleet import ORDERS, STOPPING, FleetAsked, fleet_problems
from tenfold.quantities import Amount, Flat, Listed, Problem, Text, Whole, known


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSubmitQuestion:
    """When would a job start if it were submitted now, what does it wait for, and what would start it sooner?"""

    fleet: Annotated[FleetAsked, Flat()] = field(default_factory=FleetAsked)
    """The jobs that are there, the fleet, and how it is shared."""
    job_chips: Annotated[int, Whole()]
    """Gang that the job needs."""
    job_time_s: Annotated[float, Amount("s", above=0.0, most=1e9)]
    """How long it runs."""
    job_tier: Annotated[int, Whole(least=0, most=1000)] = 0
    """0 is served first, where the order is priority or later tiers make room."""
    job_within: Annotated[str | None, Text(longest=200)] = None
    """Level of the domains of which it stays in one, such as rack; anywhere when left out."""
    job_kinds: Annotated[tuple[str, ...], Listed(Text(longest=200))] = ()
    """Kinds of chip of the domains that it takes, the best first; any when left out."""
    at_s: Annotated[float | None, Amount("s", most=1e12)] = None
    """When it is submitted, on the clock of the trace; the last submission when left out."""
    forecasts: Annotated[int, Whole(most=10_000)] = 200
    """Draws of how long everybody else still runs."""


def contradictions(question: FleetSubmitQuestion, catalog: Catalog) -> Iterable[Problem]:
    """Say what cannot be between the fields."""
    del catalog  # nothing in it bears on the rules
    if not known(question):
        return []
    return [*fleet_problems(question.fleet), *_own(question)]


def _own(question: FleetSubmitQuestion) -> Iterator[Problem]:
    asked = question.fleet
    if asked.order not in ORDERS:
        remedy = f"Use one of {', '.join(ORDERS)}"
        yield Problem(file="", key="order", wrong=f"{asked.order} is not forecast", remedy=remedy)
    for key, given in (("kinds", asked.kinds), ("nodes", asked.nodes), ("quotas", asked.quotas)):
        if given:
            yield Problem(file="", key=key, wrong="is not forecast", remedy="Leave it out")
    if asked.domains is None and (question.job_within or question.job_kinds):
        yield Problem(file="", key="job_within", wrong="is about domains", remedy="Name a CSV of domains")
    for key in ("failures", "crash_share", "guaranteed", "reservations", "spot"):
        if getattr(asked, key):
            wrong = "stops jobs, or keeps them from starting, in ways that are not forecast"
            yield Problem(file="", key=key, wrong=wrong, remedy="Leave it out")
    if asked.preemption not in ("none", *STOPPING):
        remedy = f"Use none, or one under which later tiers stop: {', '.join(STOPPING)}"
        yield Problem(file="", key="preemption", wrong=f"{asked.preemption} is not forecast", remedy=remedy)
