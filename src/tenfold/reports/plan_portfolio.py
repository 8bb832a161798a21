"""The report of a portfolio: fleets, who has them when, what sharing saves, what it is as procurement's workloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.planning.plan import chips_words, had_as
from tenfold.planning.plan.portfolio import PlanPortfolioAnswer, PortfolioDesign, PortfolioFleet, PortfolioWork
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Chart, Line, lines
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.plan.rejected import NEXT_WITHOUT_A_PLAN, rejected_section
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.wording import days, days_between, likely, number, number_between, usd

_SUM = "sum over fleets, and of what runs cost beside the fleet that they share"
_OF_DESIGN: Topics = {
    "cost_usd": Topic(unit="USD", words=_SUM),
    "cash_usd": Topic(unit="USD", words="sum over fleets: a bill, a whole reserved term, or a purchase"),
    "chips": Topic(unit="", words="sum over fleets of those that work"),
    "chips_held": Topic(unit="", words="sum over fleets of those that are there or ordered, in whole units"),
    "power_mw": Topic(unit="MW", words="sum over fleets of rated power at the meter"),
    "energy_mwh": Topic(unit="MWh", words="sum over fleets, and of runs that share one"),
    "holds_usd": Topic(unit="USD", words="cost not exceeded at the confidence asked for: P50·(P90/P50)^(z/z90)"),
    "fleets.*.cost_usd": Topic(unit="USD", words="as the plan of its service or run has it"),
    "fleets.*.busiest_chips.*": Topic(unit="", words="⌈requests/s of that hour ÷ what a replica carries⌉ and spares"),
    "works.*.hours_a_day": Topic(unit="", words="hours in which enough chips are left, less a restart at either end"),
    "works.*.end_day": Topic(unit="days", words="day by which its work is done in the hours that it has"),
}
TOPICS: Topics = {
    **{f"{at}.{key}": topic for at in ("best", "alternatives.*") for key, topic in _OF_DESIGN.items()},
    "saved_usd": Topic(unit="USD", words="P50 of works apart − P50 of the best"),
    "designs_considered": Topic(unit="", words="designs of all works, and runs tried on services"),
    "handed.*.h100e_per_chip": Topic(unit="", words="requests/s of a chip within the latency ÷ those of an H100"),
    "handed.*.demand_h100e": Topic(unit="", words="chips at the busiest hour of the quarter × worth of one"),
}


def verdict(answer: PlanPortfolioAnswer) -> str:
    """Answer in one sentence: chips, cost, who trains on what is left, what that saves; or what comes nearest."""
    best = answer.best
    if best is None:
        return _nearest(answer)
    fleets = "; ".join(fleet_words(each) for each in best.fleets)
    cost = f"{usd(best.cost_usd.p50)} ({number_between(best.cost_usd, 'USD')})"
    return f"{fleets}. All works cost {cost}{_saved(answer, best)}"


def fleet_words(fleet: PortfolioFleet) -> str:
    """Name a fleet by what it is, how it is had and whom it carries."""
    return f"{fleet.name}, {fleet.site}, for {' and '.join(fleet.carries)}"


def _saved(answer: PlanPortfolioAnswer, best: PortfolioDesign) -> str:
    shares = [each for each in best.works if each.shares]
    if not shares:
        return "; apart is cheapest" if any(each.kind == "train" for each in best.works) else ""
    said = " and ".join(f"{each.name} trains {each.hours_a_day:.3g} hours a day on what is left" for each in shares)
    if answer.saved_usd is None:
        return f"; {said}, and has no chips of its own otherwise"
    return f", {usd(answer.saved_usd)} less than apart: {said}"


def _nearest(answer: PlanPortfolioAnswer) -> str:
    who = f"{' and '.join(answer.without)} cannot be had even alone" if answer.without else "all works together"
    if not answer.infeasible:
        return f"No plan, {who}: the chips, supply and sites given form none at all"
    nearest = answer.infeasible[0]
    short = "; ".join(nearest.said)
    changes = "; ".join(nearest.changes)
    return f"No plan, {who}; nearest: {nearest.chips:,} × {nearest.chip}: {short}. Would do: {changes}"


def report(answer: PlanPortfolioAnswer) -> Report:
    """Turn the answer into a report."""
    question = answer.question
    served = [each.model for each in question.services]
    trained = [each.model for each in question.runs]
    asked = [f"serves {' and '.join(served)}"] * bool(served) + [f"trains {' and '.join(trained)}"] * bool(trained)
    return Report(
        title="Tenfold plan portfolio",
        question=f"What {' and '.join(asked)}?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=_cards(answer),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
        next_steps=_next(answer),
    )


def _next(answer: PlanPortfolioAnswer) -> tuple[str, ...]:
    if not answer.fits:
        return (NEXT_WITHOUT_A_PLAN,)
    return ("tenfold plan portfolio PORTFOLIO.toml --out workloads.toml, for a plan of tenfold procure",)


def _cards(answer: PlanPortfolioAnswer) -> tuple[Card, ...]:
    best = answer.best
    if best is None:
        return (Card(name="Designs", value=f"{answer.designs_considered:,}", path="designs_considered"),)
    cards = [
        spread_card("Cost", best.cost_usd, usd, "best.cost_usd"),
        spread_card("Cash first", best.cash_usd, usd, "best.cash_usd"),
        Card(name="Chips", value=chips_words(best.chips, best.chips_held), path="best.chips"),
        Card(name="Power", value=number(best.power_mw * 1e6, "W"), path="best.power_mw"),
    ]
    if answer.saved_usd is not None:
        cards.append(Card(name="Sharing saves", value=usd(answer.saved_usd), path="saved_usd"))
    return tuple(cards)


def _sections(answer: PlanPortfolioAnswer) -> Iterator[Section]:
    best = answer.best
    if best is not None:
        yield Section(title="Chips, and when", tables=(_fleets(best),), first=True)
        charts = tuple(_day(place, each) for place, each in enumerate(best.fleets) if each.busiest_chips)
        lead = "A run that shares has the chips in the hours in which its service leaves enough of them."
        yield Section(title="Who has them when", lead=lead, tables=(_works(best),), charts=charts, first=True)
        yield Section(title="Ways", tables=(_ways(answer, best),))
        yield Section(title="For a procurement plan", tables=(_handed(answer),), full=True)
    if answer.infeasible or answer.missing_data:
        yield rejected_section(answer.infeasible, answer.missing_data)


def _fleets(best: PortfolioDesign) -> Table:
    rows = tuple(
        (
            f"{each.name}\n{each.site}",
            "\n".join(each.carries),
            days(each.ready_day.p50),
            days(each.until_day),
            f"{usd(each.cost_usd.p50)}\n{usd(each.cash_usd.p50)}",
            number(each.power_mw * 1e6, "W"),
        )
        for each in best.fleets
    )
    return Table(headers=("fleet", "carries", "from", "to", "cost\ncash first", "power"), rows=rows, numeric="  rrrr")


def _works(best: PortfolioDesign) -> Table:
    rows = tuple(_work(each, best) for each in best.works)
    headers = ("work", "chips", "hours a day", "begins", "ends", "beside\nits fleet", "in time")
    return Table(headers=headers, rows=rows, numeric=" rrrrrr")


def _work(work: PortfolioWork, best: PortfolioDesign) -> tuple[str, ...]:
    fleet = best.fleets[work.fleet]
    where = (
        f"on what {fleet.carries[0]} leaves"
        if work.shares
        else f"{fleet.chip}, {had_as(fleet.supply, fleet.availability.tier)}"
    )
    return (
        f"{work.name}, {work.kind}\n{where}",
        f"{work.chips:,}",
        f"{work.hours_a_day:.3g}",
        days(work.begin_day),
        f"{days(work.end_day.p50)}\n{days_between(work.end_day)}",
        usd(work.beside_usd.p50) if work.shares else "–",
        likely(work.probability),
    )


def _ways(answer: PlanPortfolioAnswer, best: PortfolioDesign) -> Table:
    rows = tuple(
        (
            each.name,
            chips_words(each.chips, each.chips_held),
            f"{usd(each.cost_usd.p50)} ({number_between(each.cost_usd, 'USD')})",
            usd(each.cash_usd.p50),
        )
        for each in (best, *answer.alternatives)
    )
    return Table(headers=("way", "chips", "cost", "cash first"), rows=rows, numeric=" rrr", marked=0)


def _handed(answer: PlanPortfolioAnswer) -> Table:
    rows = tuple(
        (
            each.name,
            ", ".join(f"{need:,.3g}" for need in each.demand_h100e) or ", ".join(_run_words(each.run)),
            ", ".join(f"{chip} {worth:.3g}" for chip, worth in each.h100e_per_chip.items()) or "–",
        )
        for each in answer.handed
    )
    return Table(headers=("workload", "H100e by quarter, or run", "H100e of a chip"), rows=rows)


def _run_words(run: Mapping[str, str | int | float]) -> Iterator[str]:
    """Fields of a run as a person writes them."""
    for name, value in run.items():
        if name == "tokens":
            yield number(float(value), "tokens")
        else:
            yield f"{value:,}" if isinstance(value, int) else str(value)


def _day(place: int, fleet: PortfolioFleet) -> Chart:
    """Chips that a service needs over a day, in the first and in the last week."""
    hours = tuple(float(each) for each in range(len(fleet.busiest_chips)))
    drawn = [
        Line(name=name, x=hours, y=tuple(float(each) for each in chips))
        for name, chips in (("first week", fleet.quietest_chips), ("last week", fleet.busiest_chips))
    ]
    title = f"Chips that {fleet.carries[0]} needs of {chips_words(fleet.chips, fleet.chips_held)}"
    x, y = Axis(name="hours after the busiest"), Axis(name="chips", from_zero=True)
    return lines(f"day{place}", title, drawn, x=x, y=y)
