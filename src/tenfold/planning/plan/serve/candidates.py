"""Every layout of a service timed, and the candidates of each confidence that fleets are counted from."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.planning.plan.serve.apart import apart, sides_of
from tenfold.planning.plan.serve.fleets import Candidate, Demand
from tenfold.planning.plan.serve.layouts import Space
from tenfold.planning.plan.serve.pace import sure_z
from tenfold.planning.plan.serve.question import Service
from tenfold.planning.plan.serve.sized import Sized
from tenfold.planning.plan.serve.table import spreads_of, table_of
from tenfold.planning.plan.serve.together import together

SURER = 0.6
"""Share of the way from the confidence asked for to certainty at which fleets are sized too: where the
budget is tight, a surer fleet may be the one that holds together with its price."""
LESS_SURE = 0.8
"""Share of the confidence asked for at which fleets are sized too: near misses, or enough once chips are whole."""


def sized_of(service: Service, demand: Demand, space: Space) -> Sized:
    """Time every layout."""
    spreads = spreads_of(space)
    return Sized(
        service=service,
        demand=demand,
        space=space,
        spreads=spreads,
        table=table_of(space, spreads, service, demand),
        sides=sides_of(space, service, demand),
    )


def candidates_of(sized: Sized, confidence: float) -> Iterator[Candidate]:
    """Layouts of every chip at the confidence and beyond, none of them simulated yet."""
    rate = sized.demand.peak_rate_per_s
    for sure in (confidence, confidence + SURER * (1.0 - confidence), LESS_SURE * confidence):
        z = sure_z(sure)
        if sized.service.prompts != "apart":
            yield from together(sized.space, sized.spreads, sized.table, z, rate)
        if sized.service.prompts != "together":
            yield from apart(sized.space, sized.spreads, sized.sides, sized.service, sized.demand, z)
