"""The report of calling, tuning, serving and training: totals, months, crossovers, what turns the choice, cases."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tenfold.planning.build_or_buy import BuildOrBuyAnswer, Crossover, Way
from tenfold.quantities import Percentiles
from tenfold.reports.build_or_buy_cases import case_sections
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Line, lines, ranges, stacked
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table, Terms
from tenfold.reports.wording import next_best, number, number_between, often, share, share_between, tie, usd

_TOTAL = "calls, runs, chips and people of every month add up"
TOPICS: Topics = {
    "ways.*.total_usd": Topic(unit="USD", words=_TOTAL, terms="ways.*.terms_usd"),
    "ways.*.terms_usd": Topic(unit="USD", words=_TOTAL),
    "ways.*.usd_by_month": Topic(unit="USD", words="what is paid in the month; a model is called until a way answers"),
    "ways.*.usd_per_mtoken": Topic(unit="USD", words="total ÷ million tokens of prompts and answers"),
    "ways.*.setup_usd": Topic(unit="USD", words="runs, and people until it answers"),
    "ways.*.chance_cheapest": Topic(unit="share", words="share of draws in which no other way costs less"),
    "ways.*.crossover.tokens_per_month": Topic(
        unit="tokens", words="(people + setting up ÷ months) ÷ (price of a call − chips a token takes)"
    ),
    "ways.*.revenue_share": Topic(unit="share", words="total ÷ revenue of the same months"),
    "called.*.usd_first_month": Topic(unit="USD", words="tokens of the first month × list price"),
    "asic.chips": Topic(unit="", words="design ÷ (hours of a life × (mean hour replaced − own hour) − price of one)"),
    "mix.cost_over_alone": Topic(unit="", words="(1 − share) + share × its hour ÷ (speed × hour of the chip)"),
    "staged.option_usd": Topic(unit="USD", words="mean of the build that may be stopped − of the one that may not"),
}
AGAINST_CALLS = "No dearer than calling at today's price from, once set up, which is spread over the months"
WORDS = {"api": "call", "tune": "tune", "serve": "serve your own", "pretrain": "pre-train"}


def verdict(answer: BuildOrBuyAnswer) -> str:
    """Answer in one sentence."""
    best = answer.ways[answer.best]
    cost = f"{number(best.total_usd.p50, 'USD')} in {answer.question.months} months"
    cost += f" ({number_between(best.total_usd, 'USD')})"
    named, chances = _named(best), {WORDS[each.way]: each.chance_cheapest for each in answer.ways.values()}
    if answer.tied:
        said = tie([WORDS[way] for way in answer.tied], chances)
        return f"{said[0].upper()}{said[1:]}; at P50 {named} costs least, {cost}{_next(answer)}"
    sure = often(WORDS[best.way], next_best(WORDS[best.way], chances), chances)
    return f"{named[0].upper()}{named[1:]}: {cost}, {sure}{_next(answer)}"


def _next(answer: BuildOrBuyAnswer) -> str:
    """What follows from more traffic."""
    asked = answer.question.traffic.input_tokens + answer.question.traffic.output_tokens
    later = [(tokens, way) for tokens, way in answer.volumes if tokens > asked]
    if not later:
        return ""
    tokens, way = later[0]
    return f"; from {number(tokens, 'tokens')} in the first month on, {WORDS[way]} is the cheapest of all at P50"


def _named(way: Way) -> str:
    return f"{WORDS[way.way]} {way.what}"


def report(answer: BuildOrBuyAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold build or buy",
        question="Call a model, tune a small one, serve an open one, or train one?",
        verdict=verdict(answer),
        good=answer.fits and answer.best not in answer.alerts,
        made=answer.made,
        cards=tuple(_cards(answer)),
        sections=tuple(_sections(answer)),
        notes=(*answer.alerts.values(), *answer.notes),
        assumptions=answer.assumptions,
        figures=(*answer.figures, *answer.stated),
    )


def _cards(answer: BuildOrBuyAnswer) -> Iterator[Card]:
    for way in answer.ways.values():
        yield spread_card(WORDS[way.way].capitalize(), way.total_usd, usd, f"ways.{way.way}.total_usd")


def _sections(answer: BuildOrBuyAnswer) -> Iterator[Section]:
    yield _side_by_side(answer)
    yield _by_month(answer)
    yield _terms(answer)
    yield _volumes(answer)
    yield _calls(answer)
    yield from case_sections(answer)
    if answer.refused:
        rows = tuple((WORDS[way], why) for way, why in answer.refused.items())
        yield Section(title="Not priced", tables=(Table(headers=("way", "why"), rows=rows),))


def _side_by_side(answer: BuildOrBuyAnswer) -> Section:
    rows = tuple(
        (
            WORDS[each.way],
            each.what,
            _spread(each.total_usd, "USD"),
            usd(each.usd_per_mtoken.p50),
            usd(each.setup_usd.p50),
            f"{each.ready_months.p50:.1f}",
            f"{each.chips_first:,.0f}–{each.chips_last:,.0f}" if each.chips_first else "–",
            share(each.chance_cheapest),
            "–"
            if each.revenue_share is None
            else f"{share(each.revenue_share.p50)} ({share_between(each.revenue_share)})",
        )
        for each in answer.ways.values()
    )
    headers = ("way", "what", "total", "M tokens", "set-up", "months", "chips", "cheapest", "of revenue")
    totals = {WORDS[each.way]: each.total_usd for each in answer.ways.values()}
    chart = ranges("totals", "Cost of all months", totals, "USD", marked=(WORDS[answer.best],),
                   legend=("others", "costs least at P50"))  # fmt: skip
    return Section(
        title="Side by side",
        first=True,
        lead=f"Over {answer.question.months} months, P50 (P10–P90); months are those until a way answers.",
        tables=(Table(headers=headers, rows=rows, numeric="  rrrrrrr", marked=0),),
        charts=(chart,),
    )


def _spread(spread: Percentiles, unit: str) -> str:
    return f"{number(spread.p50, unit)} ({number_between(spread, unit)})"


def _by_month(answer: BuildOrBuyAnswer) -> Section:
    months = list(range(1, answer.question.months + 1))
    drawn = tuple(
        Line(
            name=WORDS[each.way],
            x=months,
            y=[month.p50 for month in each.usd_by_month],
            low=[month.p10 for month in each.usd_by_month],
            high=[month.p90 for month in each.usd_by_month],
        )
        for each in answer.ways.values()
    )
    chart = lines("months", "Cost by month", drawn, x=Axis(name="month"), y=Axis(name="a month", unit="USD", log=True))
    shown = sorted({0, 2, 5, *range(11, len(months), 12), len(months) - 1} & set(range(len(months))))
    rows = tuple(
        (str(at + 1), *(_spread(each.usd_by_month[at], "USD") for each in answer.ways.values())) for at in shown
    )
    headers = ("month", *(WORDS[each.way] for each in answer.ways.values()))
    table = Table(headers=headers, rows=rows, numeric="r" * len(headers))
    return Section(
        title="By month", lead="P50 (P10–P90) of what is paid in the month.", tables=(table,), charts=(chart,)
    )


def _terms(answer: BuildOrBuyAnswer) -> Section:
    terms = tuple(
        Terms(title=_named(each), values=each.terms_usd, unit="USD", headline=f"ways.{each.way}.total_usd.p50")
        for each in answer.ways.values()
    )
    columns = {WORDS[each.way]: each.terms_usd for each in answer.ways.values()}
    chart = stacked("terms", "What is paid for, every input at P50", columns, "USD", "way")
    lead = "Every input at P50, and what the spread of the inputs adds."
    return Section(title="What is paid for", lead=lead, terms=terms, charts=(chart,), full=True)


def _volumes(answer: BuildOrBuyAnswer) -> Section:
    crossings = tuple(
        (WORDS[each.way], *_crossing(each.crossover)) for each in answer.ways.values() if each.crossover is not None
    )
    cheapest = tuple((number(tokens, "tokens"), WORDS[way]) for tokens, way in answer.volumes)
    turns = tuple((each.name, each.value, WORDS[each.way]) for each in answer.turns)
    of_all = "Cheapest of all, by the first month's traffic, which grows as is asked; every input at P50"
    tables = [Table(headers=("first month from", "cheapest"), rows=cheapest, numeric="r ", title=of_all)]
    if crossings:
        headers = ("way", "tokens a month", "in draws")
        tables.insert(0, Table(headers=headers, rows=crossings, numeric=" rr", title=AGAINST_CALLS))
    if turns:
        tables.append(Table(headers=("input", "at", "cheapest"), rows=turns, title="What would change the choice"))
    return Section(
        title="From which traffic on",
        first=True,
        lead="Tokens of prompts and answers together.",
        tables=tuple(tables),
        notes=() if turns else ("No input changes the choice at its P10 or P90 alone",),
    )


def _crossing(found: Crossover | None) -> tuple[str, str]:
    if found is None or found.tokens_per_month is None or not math.isfinite(found.tokens_per_month.p50):
        return "at none", share(0.0)
    return _spread(found.tokens_per_month, "tokens"), share(found.share_of_draws)


def _calls(answer: BuildOrBuyAnswer) -> Section:
    rows = tuple(
        (each.service, each.provider, usd(each.usd_per_mtoken), usd(each.usd_first_month)) for each in answer.called
    )
    headers = ("service", "provider", "M tokens", "first month")
    return Section(
        title="What may be called",
        lead="At list price, prompts and answers as they are mixed.",
        tables=(Table(headers=headers, rows=rows, numeric="  rr", marked=0),),
    )
