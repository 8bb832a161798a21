"""Runs that train on what services leave, where that is cheaper than chips of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.portfolio.left import without
from tenfold.planning.plan.portfolio.works import Alone, Asker, Host, Hosted, Placed, sure_usd

Options = Callable[[TrainGoal, Placed], Iterable[tuple[int, Hosted]]]
"""From a run and where works run so far to what it does on every service that has room for it."""


def apart(plans: Alone, hosts: Sequence[Host]) -> Placed:
    """Every work on chips of its own; ``hosts`` are those of all services."""
    return Placed(services=list(hosts), runs=[each if each.best is not None else None for each in plans.runs])


def shared(asker: Asker, plans: Alone, hosts: Sequence[Host], options: Options) -> Placed:
    """One run after another goes where it costs least: alone, or on the fleet of a service, which may grow for it."""
    found = apart(plans, hosts)
    for place, goal in enumerate(asker.question.runs):
        dated = goal if goal.start is not None else replace(goal, start=asker.start)
        tried = list(options(dated, found))
        found.tried += len(tried)
        own = plans.runs[place].best
        least = float("inf") if own is None else sure_usd(own.cost_usd, asker.question.goal.confidence)
        for service, option in tried:
            more = _more_usd(asker, found.services[service], option)
            if more < least:
                least, found.runs[place], found.on[place] = more, option, service
        if place in found.on:
            _keep(found, place)
    return found


def _more_usd(asker: Asker, now: Host, option: Hosted) -> float:
    """What a run on a host costs beyond the fleet that its service has without it, as surely as asked."""
    sure = asker.question.goal.confidence
    fleet = sure_usd(option.host.design.cost_usd, sure) - sure_usd(now.design.cost_usd, sure)
    return fleet + sure_usd(option.beside_usd, sure)


def _keep(found: Placed, place: int) -> None:
    """Write down that a host has one more run, which takes its chips until it is done for sure."""
    option, service = found.runs[place], found.on[place]
    assert isinstance(option, Hosted)
    until = min(option.end_day.p90, option.host.left.end_day)
    left = without(option.host.left, option.design.chips, until)
    found.services[service] = replace(option.host, left=left)
