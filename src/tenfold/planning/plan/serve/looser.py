"""What a looser latency is short of beside: a change that is named has to do, or say what else it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tenfold.planning.plan.offered import offered_of
from tenfold.planning.plan.serve.answer import ServicePlan
from tenfold.planning.plan.serve.supplied import Supplied
from tenfold.planning.plan.serve.traced import Traced
from tenfold.planning.plan.verdicts import Infeasible, nearest_of

LATE = "latency"
NEAREST = 3
"""Chips that miss the latency, the nearest first, that are planned again at the one which is named for them."""
Again = Callable[[Supplied, Traced], ServicePlan]
"""Plans a service within the same means."""


def with_looser(plan: ServicePlan, supplied: Supplied, traced: Traced, again: Again) -> ServicePlan:
    """Where nothing fits: the nearest latencies that would do, each with what it is short of beside."""
    if plan.best is not None:
        return plan
    told = list(plan.infeasible)
    late = [place for place, each in enumerate(told) if any(why.kind == LATE and why.moves for why in each.reasons)]
    for place in late[:NEAREST]:
        told[place] = _with_looser(told[place], supplied, traced, again)
    return replace(plan, infeasible=tuple(told))


def _with_looser(late: Infeasible, supplied: Supplied, traced: Traced, again: Again) -> Infeasible:
    """A chip that misses the latency, with what its nearest fleet lacks at the latency that is named for it."""
    moves: dict[str, Any] = dict(move for reason in late.reasons for move in reason.moves)
    service = replace(traced.service, **moves)
    offers = [each for each in supplied.offered.offers if each.chip == late.chip]
    alone = replace(supplied, offered=offered_of(supplied.catalog, offers, ()))
    plan = again(alone, replace(traced, service=service))
    if plan.best is not None or not plan.infeasible:
        return late
    return replace(late, reasons=(*late.reasons, *nearest_of(plan.infeasible).reasons))
