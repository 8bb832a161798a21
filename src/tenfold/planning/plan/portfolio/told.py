"""Where every work runs, as records of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tenfold.planning.plan.answer import Design, PlanAnswer
from tenfold.planning.plan.portfolio.answer import PortfolioDesign, PortfolioFleet, PortfolioWork
from tenfold.planning.plan.portfolio.day import HOURS, WEEK_DAYS
from tenfold.planning.plan.portfolio.question import names_of
from tenfold.planning.plan.portfolio.works import Asker, Hosted, Placed, sure_usd
from tenfold.planning.plan.serve.answer import FleetDesign
from tenfold.quantities import DAY_S, Percentiles

HELD = ("chip", "chips", "chips_there", "chips_ordered", "supply", "site", "availability")
"""Fields of a design that its fleet has too."""
NOTHING = Percentiles(p10=0.0, p50=0.0, p90=0.0)


def design_of(asker: Asker, found: Placed, name: str) -> PortfolioDesign:
    """The design of works that all have chips."""
    fleets = (*_service_fleets(asker, found), *_run_fleets(asker, found))
    works = (*_services(asker, found), *_runs(asker, found))
    cost = summed([*(each.cost_usd for each in fleets), *(each.beside_usd for each in works)])
    drawn = sum(each.design.energy_mwh for each in found.runs if isinstance(each, Hosted))
    return PortfolioDesign(
        name=name,
        fleets=fleets,
        works=works,
        chips=sum(each.chips for each in fleets),
        chips_held=sum(each.chips_held for each in fleets),
        cost_usd=cost,
        cash_usd=summed([*(each.cash_usd for each in fleets), *(each.beside_usd for each in works)]),
        power_mw=sum(each.power_mw for each in fleets),
        energy_mwh=sum(each.energy_mwh for each in fleets) + drawn,
        holds_usd=sure_usd(cost, asker.question.goal.confidence),
    )


def summed(spreads: Sequence[Percentiles]) -> Percentiles:
    """Ends add up to ends: what moves together, which no other dependence makes wider."""
    return Percentiles(**{name: sum(getattr(each, name) for each in spreads) for name in ("p10", "p50", "p90")})


def _held(best: FleetDesign | Design) -> dict[str, Any]:
    """Chips, and how they are had."""
    return {name: getattr(best, name) for name in HELD}


def _service_fleets(asker: Asker, found: Placed) -> Iterator[PortfolioFleet]:
    names, count = names_of(asker.question), len(found.services)
    for place, host in enumerate(found.services):
        best, taken = host.design, host.taken
        yield PortfolioFleet(
            **_held(best),
            carries=(names[place], *(names[count + run] for run in found.hosted_by(place))),
            ready_day=best.ready_days,
            until_day=best.ready_days.p50 + asker.question.goal.period_s / DAY_S,
            cost_usd=best.cost_usd,
            cash_usd=best.cash_usd,
            holds_usd=best.least_budget_usd,
            power_mw=best.power_mw,
            energy_mwh=best.energy_mwh,
            busiest_chips=tuple(int(each) for each in taken[-1]),
            quietest_chips=tuple(int(each) for each in taken[0]),
        )


def _alone(found: Placed) -> Iterator[tuple[int, PlanAnswer]]:
    for place, each in enumerate(found.runs):
        if isinstance(each, PlanAnswer):
            yield place, each


def _run_fleets(asker: Asker, found: Placed) -> Iterator[PortfolioFleet]:
    names, count, confidence = names_of(asker.question), len(found.services), asker.question.goal.confidence
    for place, answer in _alone(found):
        best = answer.best
        assert best is not None
        yield PortfolioFleet(
            **_held(best),
            carries=(names[count + place],),
            ready_day=best.ready_days,
            until_day=best.finish_days.p50,
            cost_usd=best.cost_usd,
            cash_usd=best.cash_usd,
            holds_usd=best.holds if answer.objective == "cheapest" else sure_usd(best.cost_usd, confidence),
            power_mw=best.power_mw,
            energy_mwh=best.energy_mwh,
            busiest_chips=(),
            quietest_chips=(),
        )


def _services(asker: Asker, found: Placed) -> Iterator[PortfolioWork]:
    days = asker.question.goal.period_s / DAY_S
    for place, (name, host) in enumerate(zip(names_of(asker.question), found.services, strict=False)):
        best = host.design
        ready = best.ready_days
        yield PortfolioWork(
            name=name,
            kind="serve",
            fleet=place,
            chips=int(host.taken.max()),
            shares=False,
            hours_a_day=float(HOURS),
            begin_day=ready.p50,
            end_day=Percentiles(p10=ready.p10 + days, p50=ready.p50 + days, p90=ready.p90 + days),
            beside_usd=NOTHING,
            probability=best.probability.in_time,
        )


def _runs(asker: Asker, found: Placed) -> Iterator[PortfolioWork]:
    names, count = names_of(asker.question), len(found.services)
    fleet = {place: count + number for number, (place, _) in enumerate(_alone(found))}
    for place, each in enumerate(found.runs):
        name = names[count + place]
        if isinstance(each, Hosted):
            yield _hosted(name, found.on[place], each)
        elif each is not None and each.best is not None:
            best = each.best
            yield PortfolioWork(
                name=name,
                kind="train",
                fleet=fleet[place],
                chips=best.chips,
                shares=False,
                hours_a_day=float(HOURS),
                begin_day=best.ready_days.p50,
                end_day=best.finish_days,
                beside_usd=NOTHING,
                probability=best.probability.in_time,
            )


def _hosted(name: str, service: int, run: Hosted) -> PortfolioWork:
    begins = run.host.design.ready_days.p50
    weeks = max(int(np.ceil((run.end_day.p50 - begins) / WEEK_DAYS)), 1)
    return PortfolioWork(
        name=name,
        kind="train",
        fleet=service,
        chips=run.design.chips,
        shares=True,
        hours_a_day=float(run.hours.a_day[:weeks].mean()),
        begin_day=begins,
        end_day=run.end_day,
        beside_usd=run.beside_usd,
        probability=run.design.probability.in_time,
    )
