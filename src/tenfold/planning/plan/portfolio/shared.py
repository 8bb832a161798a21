"""Runs that train on what services leave, where that is cheaper than chips of their own; the works as a design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tenfold.planning.plan.answer import PlanAnswer
from tenfold.planning.plan.goal import TrainGoal
from tenfold.planning.plan.portfolio.alone import Alone, Asker
from tenfold.planning.plan.portfolio.hosted import Host, Hosted, Usual, host_of, hosted
from tenfold.planning.plan.portfolio.left import without
from tenfold.planning.plan.serve.answer import PlanServeAnswer
from tenfold.quantities import Z90, Percentiles, standard_normal_ppf

HOSTS = 3
"""Fleets of a service that are tried as hosts: its best and the next on other chips, or had otherwise."""


@dataclass(slots=True, kw_only=True)
class Placed:
    """Where every work runs."""

    services: list[Host]
    runs: list[PlanAnswer | Hosted | None]
    """Of a run its plan alone, or what it does on a host; None where it has neither."""
    on: dict[int, int] = field(default_factory=dict)
    """Service that hosts a run, by the places of both."""
    tried: int = 0


def sure_usd(spread: Percentiles, confidence: float) -> float:
    """What a cost does not exceed in a share of outcomes: P50·(P90/P50)^(z/z90), log-normal above its middle."""
    if not spread.p50:
        return spread.p90
    z = float(standard_normal_ppf(np.array([confidence]))[0])
    return float(spread.p50 * (spread.p90 / spread.p50) ** (z / Z90))


def apart(asker: Asker, plans: Alone) -> Placed:
    """Every work on chips of its own; services that have none are left out by whoever asked before."""
    hosts = [
        host_of(asker, service, answer, answer.best)
        for service, answer in zip(asker.question.services, plans.services, strict=True)
        if answer.best is not None
    ]
    return Placed(services=hosts, runs=[each if each.best is not None else None for each in plans.runs])


def shared(asker: Asker, plans: Alone) -> Placed:
    """One run after another goes where it costs least: alone, or on the fleet of a service, which may grow for it."""
    found, usual = apart(asker, plans), dict[tuple[TrainGoal, str, str, int], float]()
    for place, goal in enumerate(asker.question.runs):
        dated = goal if goal.start is not None else replace(goal, start=asker.start)
        options = list(_options(asker, dated, found, usual))
        found.tried += len(options)
        own = plans.runs[place].best
        least = float("inf") if own is None else sure_usd(own.cost_usd, asker.question.goal.confidence)
        for service, option in options:
            more = _more_usd(asker, found.services[service], option)
            if more < least:
                least, found.runs[place], found.on[place] = more, option, service
        if place in found.on:
            _keep(found, place)
    return found


def _options(asker: Asker, goal: TrainGoal, found: Placed, usual: Usual) -> Iterator[tuple[int, Hosted]]:
    """The run on every service: as it stands where it hosts already, else on any of its first fleets."""
    for service, host in enumerate(found.services):
        taken = service in found.on.values()
        for each in (host,) if taken else _hosts(asker, host):
            option = hosted(asker, goal, each, usual, widens=not taken)
            if option is not None:
                yield service, option


def _hosts(asker: Asker, host: Host) -> Iterator[Host]:
    assert isinstance(host.answer, PlanServeAnswer)
    for design in (host.design, *host.answer.alternatives)[:HOSTS]:
        yield host_of(asker, host.service, host.answer, design)


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


def hosted_by(found: Placed, service: int) -> Sequence[int]:
    """Places of the runs that a service hosts."""
    return [run for run, host in found.on.items() if host == service]
