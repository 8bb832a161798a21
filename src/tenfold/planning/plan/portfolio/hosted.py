"""A run on what a service leaves of its fleet, or of a larger one: its own plan function, on the hours left."""

from __future__ import annotations

import math
from collections.abc import Iterator, MutableMapping
from dataclasses import replace

import numpy as np

from tenfold.catalog import OWN, Catalog, assumption_named
from tenfold.planning.plan.answer import Design
from tenfold.planning.plan.goal import TrainGoal, time_allowed_s
from tenfold.planning.plan.means import EXISTING, SUPPLIES, Existing, Means, without_limits
from tenfold.planning.plan.portfolio.left import hours_of, left_by, taken_by
from tenfold.planning.plan.portfolio.works import Asker, Host, Hosted, Placed
from tenfold.planning.plan.serve.answer import FleetDesign, PlanServeAnswer
from tenfold.planning.plan.serve.demand import UNSTATED
from tenfold.planning.plan.serve.question import Service
from tenfold.planning.plan.stated import STATED
from tenfold.quantities import DAY_S, HOUR_S, NamedFigure, Percentiles, distribution_of

RUNGS = 5
"""Sizes of a gang that are tried: as many nodes as are left at most, half of them, and so on."""
WIDER = (0.0, 0.5, 1.0)
"""Chips beyond those of the service that a fleet is tried with, over those of the gang."""
HOSTS = 3
"""Fleets of a service that are tried as hosts: its best and the next on other chips, or had otherwise."""
RESTART = "reliability.restart_s"
PRICE = "power.price"
KWH_PER_MWH = 1e3


def host_of(asker: Asker, service: Service, answer: PlanServeAnswer, design: FleetDesign) -> Host:
    """A fleet as a host."""
    node = node_chips(asker.catalog, design.chip)
    growth, period_s = service.growth_per_year, asker.question.goal.period_s
    left = left_by(answer, design, growth, period_s, flattest(asker, service, answer), node)
    taken = taken_by(answer, design, growth, period_s)
    return Host(service=service, answer=answer, design=design, node=node, taken=taken, left=left)


def node_chips(catalog: Catalog, chip: str) -> int:
    """Chips of a node; 1 for a card that stands alone."""
    record = catalog.chip(chip)
    return catalog.system_of(record).chips_per_node if record.system else 1


def flattest(asker: Asker, service: Service, answer: PlanServeAnswer) -> float:
    """Peak over mean of the flattest day that the confidence asked for leaves open; the one stated where it is."""
    if service.peak_to_mean is not None:
        return service.peak_to_mean
    figure = assumption_named(asker.catalog, f"serving.{UNSTATED['peak_to_mean']}").figure
    low = float(distribution_of(figure).ppf(np.array([1.0 - asker.question.goal.confidence]))[0])
    return max(min(low, answer.peak_requests_per_s / answer.mean_requests_per_s), 1.0)


def pause_figure(catalog: Catalog) -> NamedFigure:
    """Time in which a run, or a replica, starts again."""
    return assumption_named(catalog, RESTART)


Usual = MutableMapping[tuple[TrainGoal, str, str, int], float]
"""Days of a run, by itself on so many chips of a kind at a site, P50: worked out once for all hosts."""


def options_of(asker: Asker, goal: TrainGoal, found: Placed, usual: Usual) -> Iterator[tuple[int, Hosted]]:
    """The run on every service: as it stands where it hosts already, else on any of its first fleets."""
    for service, host in enumerate(found.services):
        taken = service in found.on.values()
        for each in (host,) if taken else _hosts(asker, host):
            option = hosted(asker, goal, each, usual, widens=not taken)
            if option is not None:
                yield service, option


def _hosts(asker: Asker, host: Host) -> Iterator[Host]:
    for design in (host.design, *host.answer.alternatives)[:HOSTS]:
        yield host_of(asker, host.service, host.answer, design)


def hosted(asker: Asker, goal: TrainGoal, host: Host, usual: Usual, *, widens: bool) -> Hosted | None:
    """The cheapest of the gangs and fleets tried on which the run is done in time as surely as its goal asks."""
    if time_allowed_s(goal) / DAY_S <= host.left.ready_day:
        return None
    for chips, more in _tries(host, widens=widens):
        key = goal, host.design.chip, host.design.site, chips
        if key not in usual:
            usual[key] = _usual_days(asker, goal, host.design, chips)
        wider = host if not more else _widened(asker, host, host.design.chips + more)
        found = None if wider is None else _run_on(asker, goal, wider, chips, usual[key])
        if found is not None:
            return found
    return None


def _usual_days(asker: Asker, goal: TrainGoal, fleet: FleetDesign, chips: int) -> float:
    """Days of a run on a gang that it has to itself, P50; infinite where no layout fits."""
    free = replace(goal, start=None, deadline_s=None, objective="cheapest")
    best = asker.run(free, _gang(asker.question.means, fleet, chips)).best
    return math.inf if best is None else best.finish_days.p50


def _tries(host: Host, *, widens: bool) -> Iterator[tuple[int, int]]:
    """Gangs and chips beyond the fleet's, fewest chips beyond first, then the larger gang."""
    most = max(int(host.left.chips.max()), host.design.chips) // host.node
    gangs = [max(most >> rung, 1) * host.node for rung in range(RUNGS)] if most else []
    can_grow = widens and host.design.supply in SUPPLIES and host.design.supply not in STATED
    wider = WIDER if can_grow else WIDER[:1]
    pairs = {(math.ceil(gang * share / host.node) * host.node, -gang) for gang in gangs for share in wider}
    for more, gang in sorted(pairs):
        if host.left.chips.max() + more >= -gang:
            yield -gang, more


def _widened(asker: Asker, host: Host, chips: int) -> Host | None:
    """The service planned anew on at least so many chips, had as before."""
    means = replace(
        without_limits(asker.question.means),
        chips=(host.design.chip,),
        supply=(host.design.supply,),
        sites=(host.design.site,),
        existing=(),
        quotes=(),
        chips_at_least=chips,
    )
    answer = asker.service(host.service, means)
    return None if answer.best is None else host_of(asker, host.service, answer, answer.best)


def _run_on(asker: Asker, goal: TrainGoal, host: Host, chips: int, usual_days: float) -> Hosted | None:
    """Plan a run on a gang, with the time that is left to it until its deadline; None where that is too little."""
    pause_h = pause_figure(asker.catalog).figure.value / HOUR_S
    hours = hours_of(host.left, chips, pause_h)
    allowed = hours.done_by(min(time_allowed_s(goal) / DAY_S, host.left.end_day))
    if allowed < usual_days:
        return None
    on = replace(goal, start=None, deadline_s=allowed * DAY_S, objective="cheapest")
    answer = asker.run(on, _gang(asker.question.means, host.design, chips))
    best = answer.best
    if best is None:
        return None
    power, own = _power_usd(asker.catalog, host.design, best), best.cost_usd
    return Hosted(
        host=host,
        answer=answer,
        design=best,
        hours=hours,
        beside_usd=Percentiles(p10=own.p10 + power, p50=own.p50 + power, p90=own.p90 + power),
        end_day=hours.days_of(host.design.ready_days, best.finish_days),
    )


def _gang(means: Means, fleet: FleetDesign, chips: int) -> Means:
    there = Existing(chip=fleet.chip, chips=chips, site=fleet.site)
    return replace(
        without_limits(means),
        chips=(fleet.chip,),
        supply=(EXISTING,),
        sites=(fleet.site,),
        existing=(there,),
        quotes=(),
        chips_exactly=chips,
    )


def _power_usd(catalog: Catalog, fleet: FleetDesign, run: Design) -> float:
    """Energy of a run on chips that are owned, at the site's price; rent has it already."""
    if fleet.supply != OWN:
        return 0.0
    return run.energy_mwh * KWH_PER_MWH * catalog.site(fleet.site).figures[PRICE].value
