"""The report of renting and owning: present values, where the money goes, crossovers, cash, price paths, sharing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from tenfold.planning.rent_or_own import Crossing, PoolAnswer, RentOrOwnAnswer, SupplyAnswer
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import waterfall
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.offers import offer_words
from tenfold.reports.rent_or_own_charts import cash_chart, cost_charts, crossing_charts, prices_chart, terms_chart
from tenfold.reports.report import Report, Section, Table, Terms
from tenfold.reports.wording import next_best, number, number_between, often, share, tie, usd

PRICE = "USD/h"
WIDELY = 0.5
"""Share of draws from which on a crossing is printed as the usual case."""
_CROSSING = "where its present value falls below that of renting on demand, over the draws that have such a place"
TOPICS: Topics = {
    "supplies.*.present_value_usd": Topic(
        unit="USD", words="what is paid at the start, by quarter and at the end, discounted at the cost of capital"
    ),
    "supplies.*.usd_per_useful_chip_hour": Topic(unit=PRICE, words="present value ÷ chip-hours of work"),
    "supplies.*.cash_usd": Topic(
        unit="USD", words="every input at its P50, not discounted, by what it pays for", terms="supplies.*.terms_usd"
    ),
    "supplies.*.terms_usd": Topic(unit="USD", words="cash by what it pays for; a sale is below zero"),
    "supplies.*.effects_usd": Topic(
        unit="USD", words="present value that failures, setting up and debugging add, each alone"
    ),
    "supplies.*.goodput": Topic(unit="share", words="useful time ÷ wall time of a job at the best checkpoint interval"),
    "supplies.*.chance_cheapest": Topic(unit="share", words="share of draws in which no other supply is cheaper"),
    "supplies.*.crossover_utilisation": Topic(unit="share", words=_CROSSING),
    "supplies.*.crossover_horizon_years": Topic(unit="", words=_CROSSING),
    "supplies.*.payback_years": Topic(unit="", words="years until what is not spent on renting has paid for the chips"),
    "supplies.*.revenue.share": Topic(unit="share", words="cost of an average year ÷ revenue of a year"),
    "owners_cost_usd_per_chip_hour": Topic(
        unit=PRICE, words="cost of a chip-hour to an owner who rents space and is as busy as owners are"
    ),
    "markup_over_owners_cost": Topic(unit="", words="price on demand today ÷ a marginal owner's cost, both at P50"),
    "prices": Topic(
        unit=PRICE, words="today's price, pulled to its long-run level, pushed by scarcity and shaken, by quarter"
    ),
    "pool.gain": Topic(unit="share", words="chips saved by sharing ÷ chips needed apart"),
}


def verdict(answer: RentOrOwnAnswer) -> str:
    """Answer in one sentence."""
    chips = f"{answer.work.chips:,} × {answer.question.demand.chip}"
    work = f"{chips}, {share(answer.utilisation)} busy, {answer.horizon_years:g} years"
    if (found := _best(answer)) is None:
        return f"{work}: no supply asked for has a price"
    _, best = found
    cost = f"{number(best.present_value_usd.p50, 'USD')} today ({number_between(best.present_value_usd, 'USD')})"
    chances = {each.supply: each.chance_cheapest for each in answer.supplies}
    if answer.tied:
        return f"{work}: {tie(answer.tied, chances)}; {best.supply} costs least at P50, {cost}"
    sure = often(best.supply, next_best(best.supply, chances), chances)
    return f"{work}: {best.supply} costs least, {cost}, {sure}"


def _best(answer: RentOrOwnAnswer) -> tuple[int, SupplyAnswer] | None:
    """Place of the cheapest supply, and the supply; None where none has a price."""
    return next((pair for pair in enumerate(answer.supplies) if pair[1].supply == answer.cheapest), None)


def report(answer: RentOrOwnAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold rent or own",
        question=f"Rent or own {answer.work.chips:,} × {answer.question.demand.chip}?",
        verdict=verdict(answer),
        good=answer.fits and not answer.alerts,
        made=answer.made,
        cards=tuple(_cards(answer)),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=(*answer.figures, *answer.stated),
    )


def _sections(answer: RentOrOwnAnswer) -> Iterator[Section]:
    yield _asked(answer)
    if answer.supplies:
        yield from (_costs(answer), _crossings(answer), _terms(answer), _cash(answer))
    yield _prices(answer)
    if answer.pool is not None:
        yield _pool(answer.pool)


def _price(value: float) -> str:
    return number(value, PRICE)


def _priced(answer: RentOrOwnAnswer) -> str:
    """Say when the price on demand held."""
    ends = ("/on-demand", ".on_demand_usd_per_chip_hour")
    days = [
        named.figure.as_of for named in (*answer.figures, *answer.stated) if named.name.partition("@")[0].endswith(ends)
    ]
    return f"The price on demand is of {max(days):%Y-%m}." if days else ""


def _cards(answer: RentOrOwnAnswer) -> Iterator[Card]:
    if (best := _best(answer)) is not None:
        place, each = best
        path = f"supplies.{place}.present_value_usd"
        yield spread_card(f"Cost of {each.supply} today", each.present_value_usd, usd, path)
    owner = answer.owners_cost_usd_per_chip_hour
    if owner is not None:
        yield spread_card("A marginal owner's cost", owner, _price, "owners_cost_usd_per_chip_hour")
    fan = answer.prices
    last = Percentiles(p10=fan.p10[-1], p50=fan.p50[-1], p90=fan.p90[-1])
    name = f"Price on demand in {fan.years[-1]:g} years"
    yield spread_card(name, last, _price, f"prices.p50.{len(fan.years) - 1}")
    if answer.markup_over_owners_cost is not None:
        markup = f"{answer.markup_over_owners_cost:.2f}×"
        yield Card(name="Price over owner's cost", value=markup, path="markup_over_owners_cost")
    if answer.pool is not None:
        yield Card(name="Saved by sharing", value=share(answer.pool.gain), path="pool.gain")


def _asked(answer: RentOrOwnAnswer) -> Section:
    work, question = answer.work, answer.question
    pairs = [
        ("Chips", f"{work.chips:,} × {question.demand.chip}"),
        ("Busy", share(answer.utilisation)),
        ("Horizon", f"{answer.horizon_years:g} years"),
        ("Job", f"{number(work.parameters, 'parameters')} on {work.job_chips:,} chips"),
        ("Site", question.site),
    ]
    pairs += [(f"Had {name}", offer_words(terms)) for name, terms in answer.availability.items()]
    if question.revenue is not None:
        pairs.append(("Revenue", f"{usd(question.revenue.usd_per_year)} a year"))
    missing = tuple((name, why.short, why.nearest) for name, why in answer.unavailable)
    left_out = Table(title="Not compared", headers=("supply", "why", "what would help"), rows=missing)
    return Section(
        title="What is asked",
        lead=f"Amounts in {answer.currency}.",
        pairs=tuple(pairs),
        tables=(left_out,) if missing else (),
        notes=tuple(f"ALERT: {text}" for text in _alerts(answer)),
    )


def _alerts(answer: RentOrOwnAnswer) -> Iterator[str]:
    """Supplies that take more of revenue than they may."""
    revenue = answer.question.revenue
    for each in answer.supplies:
        if revenue is not None and each.revenue is not None and each.revenue.alert:
            taken = share(each.revenue.share.p50)
            yield f"{each.supply} takes {taken} of revenue, above {share(revenue.alert_share)}"


def _costs(answer: RentOrOwnAnswer) -> Section:
    headers = ("supply", "today", "P10–P90", "per hour", "cheapest", "goodput", "of revenue")
    return Section(
        title="What each supply costs",
        lead="Present value, in all and per useful chip-hour, discounted at the cost of capital to the start; chance "
        f"to be cheapest. {_priced(answer)}",
        charts=cost_charts(answer),
        tables=(Table(headers=headers, rows=tuple(map(_cost_row, answer.supplies)), numeric=" rrrrrr"),),
    )


def _cost_row(each: SupplyAnswer) -> tuple[str, ...]:
    return (
        each.supply,
        usd(each.present_value_usd.p50),
        number_between(each.present_value_usd, "USD"),
        f"${each.usd_per_useful_chip_hour.p50:.2f}",
        share(each.chance_cheapest),
        share(each.goodput.p50),
        "" if each.revenue is None else share(each.revenue.share.p50),
    )


def _terms(answer: RentOrOwnAnswer) -> Section:
    best = _best(answer)
    terms = () if best is None else (_cash_terms(*best),)
    headers = ("", *(each.supply for each in answer.supplies))
    table = Table(headers=headers, rows=tuple(_term_rows(answer)), numeric=" " + "r" * len(answer.supplies))
    lead = (
        "Every input at its P50, not discounted; what is left at the end stands below zero. What is added is in "
        "present value."
    )
    return Section(title="Where the money goes", lead=lead, terms=terms, charts=(terms_chart(answer),), tables=(table,))


def _cash_terms(place: int, best: SupplyAnswer) -> Terms:
    headline = f"supplies.{place}.cash_usd"
    return Terms(title=f"Cash of {best.supply}", values=best.terms_usd, unit="USD", headline=headline)


def _term_rows(answer: RentOrOwnAnswer) -> Iterator[tuple[str, ...]]:
    """Terms of the cash of every supply, their sums, and what failures, setting up and debugging add."""
    for name in dict.fromkeys(name for each in answer.supplies for name in each.terms_usd):
        yield (wording.label(name), *(_money(each.terms_usd.get(name, 0.0)) for each in answer.supplies))
    yield ("in all", *(_money(each.cash_usd) for each in answer.supplies))
    for effect in answer.supplies[0].effects_usd:
        yield (f"added by {effect}", *(_money(each.effects_usd[effect]) for each in answer.supplies))


def _money(value: float) -> str:
    return "" if value == 0.0 else f"−{usd(-value)}" if value < 0.0 else usd(value)


def _crossings(answer: RentOrOwnAnswer) -> Section:
    others = [each for each in answer.supplies if each.crossover_utilisation is not None]
    headers = ("supply", "from utilisation", "from horizon", "pays back in")
    rows = tuple(
        (
            each.supply,
            _crossing(each.crossover_utilisation, _shares),
            _crossing(each.crossover_horizon_years, _years),
            _crossing(each.payback_years, _years),
        )
        for each in others
    )
    return Section(
        title="Where it becomes cheaper than renting on demand",
        lead="P50 (P10–P90) of all draws; those that are always cheaper count as 0, those that never are as never.",
        charts=tuple(crossing_charts(answer)),
        tables=(Table(headers=headers, rows=rows, numeric=" rrr"),),
    )


def _crossing(found: Crossing | None, write: Callable[[Percentiles], str]) -> str:
    if found is None:
        return ""
    if found.at is None:
        return "always" if found.share_always >= WIDELY else "never"
    if found.at.p90 == 0.0:
        return "at once"
    if math.isinf(found.at.p10):
        return "never"
    return write(found.at)


def _shares(spread: Percentiles) -> str:
    low, middle, high = (_or_never(value, f"{value:.0%}") for value in (spread.p10, spread.p50, spread.p90))
    return f"{middle} ({low}–{high})"


def _years(spread: Percentiles) -> str:
    low, middle, high = (_or_never(value, f"{value:.1f}") for value in (spread.p10, spread.p50, spread.p90))
    return f"{middle}{' y' if math.isfinite(spread.p50) else ''} ({low}–{high})"


def _or_never(value: float, written: str) -> str:
    return "never" if math.isinf(value) else written


def _cash(answer: RentOrOwnAnswer) -> Section:
    rows = tuple((each.supply, usd(each.upfront_usd)) for each in answer.supplies)
    start = Table(title="Paid at the start", headers=("supply", "nominal USD"), rows=rows, numeric=" r")
    return Section(title="Cash by quarter", charts=(cash_chart(answer),), tables=(start,), full=True)


def _prices(answer: RentOrOwnAnswer) -> Section:
    fan = answer.prices
    whole = [place for place, year in enumerate(fan.years) if year == int(year)]
    rows = tuple(
        (f"{fan.years[place]:.0f}", *(f"${ends[place]:.2f}" for ends in (fan.p10, fan.p50, fan.p90))) for place in whole
    )
    table = Table(headers=("year", "P10", "P50", "P90"), rows=rows, numeric="rrrr")
    lead = (
        "Price on demand, nominal USD per chip-hour: it is pulled to its long-run level, which moves with what owning "
        f"costs. {_priced(answer)}"
    )
    return Section(title="Where prices may go", lead=lead, charts=(prices_chart(answer),), tables=(table,))


def _pool(pool: PoolAnswer) -> Section:
    terms = {**pool.separate_chips, "saved by sharing": -pool.chips_saved}
    chart = waterfall("pool", "Chips needed apart and together", terms, "1", total_name="together")
    rows = [(name, f"{chips:,.0f}") for name, chips in pool.separate_chips.items()]
    rows += [("together", f"{pool.pooled_chips:,.0f}"), ("saved", f"{pool.chips_saved:,.0f}, {share(pool.gain)}")]
    lead = (
        f"Chips that meet demand {share(pool.service_level)} of the time, at a correlation of "
        f"{pool.correlation:g} between the firms; sharing saves {share(pool.gain)}."
    )
    table = Table(headers=("", "chips"), rows=tuple(rows), numeric=" r")
    return Section(title="Sharing with others", lead=lead, charts=(chart,), tables=(table,))
