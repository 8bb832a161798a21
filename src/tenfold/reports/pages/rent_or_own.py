"""The page of ``tenfold rent-or-own``: present values, crossovers, cash by quarter, the price fan, pooling."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.planning.rent_or_own.answer import Crossing, PoolAnswer, RentOrOwnAnswer
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Chart, Line, lines, ranges, stacked, waterfall
from tenfold.reports.page import Page, PageTable, Section
from tenfold.reports.tables.rent_or_own import (
    COST_HEADERS,
    CROSSING_HEADERS,
    TAKEN,
    alerts,
    cost_rows,
    crossing_rows,
    footer,
    term_rows,
    verdict,
)

PRICE = "USD/h"
QUARTERS = 4


def rent_or_own_page(answer: RentOrOwnAnswer) -> Page:
    """Turn the answer into a page."""
    compared = (_costs(answer), _terms(answer), _crossings(answer), _cash(answer)) if answer.supplies else ()
    return Page(
        title="Tenfold rent or own",
        question=f"Rent or own {answer.asked.chips:,} × {answer.asked.chip}?",
        verdict=verdict(answer),
        good=bool(answer.supplies) and not alerts(answer),
        cards=_cards(answer),
        sections=(
            _asked(answer),
            *compared,
            _prices(answer),
            *([_pool(answer.pool)] if answer.pool is not None else []),
        ),
        figures=answer.figures,
        footer=footer(answer),
    )


def _usd(value: float) -> str:
    return wording.number(value, "USD")


def _price(value: float) -> str:
    return wording.number(value, PRICE)


def _priced(answer: RentOrOwnAnswer) -> str:
    """Say when the price on demand held."""
    days = [
        named.figure.as_of
        for named in answer.figures
        if named.name.startswith("prices/") and named.name.endswith("/on-demand")
    ]
    return f"The price on demand is of {max(days):%Y-%m}." if days else ""


def _cards(answer: RentOrOwnAnswer) -> tuple[Card, ...]:
    cards = [spread_card(f"Cost of {each.supply} today", each.present_value_usd, _usd)
             for each in answer.supplies if each.supply == answer.cheapest]  # fmt: skip
    if answer.owners_cost_usd_per_chip_hour is not None:
        cards.append(spread_card("A marginal owner's cost", answer.owners_cost_usd_per_chip_hour, _price))
    fan = answer.prices
    last = Percentiles(p10=fan.p10[-1], p50=fan.p50[-1], p90=fan.p90[-1])
    cards.append(spread_card(f"Price on demand in {fan.years[-1]:g} years", last, _price))
    if answer.markup_over_owners_cost is not None:
        cards.append(Card(name="Price over owner's cost", value=f"{answer.markup_over_owners_cost:.2f}×"))
    if answer.pool is not None:
        cards.append(Card(name="Saved by sharing", value=wording.share(answer.pool.gain)))
    return tuple(cards)


def _asked(answer: RentOrOwnAnswer) -> Section:
    asked = answer.asked
    pairs = [
        ("Chips", f"{asked.chips:,} × {asked.chip}"),
        ("Busy", wording.share(answer.utilisation)),
        ("Horizon", f"{answer.horizon_years:g} years"),
        ("Job", f"{wording.number(asked.parameters, 'parameters')} on {asked.job_chips:,} chips"),
        ("Site", asked.site),
    ]
    if asked.revenue_usd_per_year is not None:
        pairs.append(("Revenue", f"{_usd(asked.revenue_usd_per_year)} a year"))
    missing = tuple((name, why.short, why.nearest) for name, why in answer.unavailable)
    left_out = PageTable(title="Not compared", headers=("supply", "why", "what would help"), rows=missing)
    said = [*alerts(answer), f"Amounts in {answer.currency}", f"Taken so: {'; '.join(TAKEN)}"]
    lead = " ".join(f"{text}." for text in said)
    return Section(title="What is asked", lead=lead, pairs=tuple(pairs), tables=(left_out,) if missing else ())


def _costs(answer: RentOrOwnAnswer) -> Section:
    whole = {each.supply: each.present_value_usd for each in answer.supplies}
    hourly = {each.supply: each.usd_per_useful_chip_hour for each in answer.supplies}
    charts = (
        _ranges(answer, "cost", "Present value of the whole horizon, nominal USD", whole, "USD"),
        _ranges(answer, "hourly", "Present value of a useful chip-hour, nominal USD", hourly, PRICE),
    )
    return Section(
        title="What each supply costs",
        lead=f"Discounted at the cost of capital to the start. {_priced(answer)}",
        charts=charts,
        tables=(PageTable(headers=COST_HEADERS, rows=tuple(cost_rows(answer)), numeric=" rrrrrr"),),
    )


def _ranges(answer: RentOrOwnAnswer, key: str, title: str, spreads: Mapping[str, Percentiles], unit: str) -> Chart:
    return ranges(key, title, spreads, unit, marked=(answer.cheapest,), legend=("others", "costs least at P50"))


def _terms(answer: RentOrOwnAnswer) -> Section:
    columns = {each.supply: each.terms_usd for each in answer.supplies}
    chart = stacked("terms", "Cash over the horizon, nominal USD, not discounted", columns, "USD", "supply")
    headers = ("", *(each.supply for each in answer.supplies))
    table = PageTable(headers=headers, rows=tuple(term_rows(answer)), numeric=" " + "r" * len(answer.supplies))
    lead = "Every input at its P50; what is left at the end stands below zero. What is added is in present value."
    return Section(title="Where the money goes", lead=lead, charts=(chart,), tables=(table,))


def _crossings(answer: RentOrOwnAnswer) -> Section:
    others = [each for each in answer.supplies if each.crossover_utilisation is not None]
    busy = Percentiles(p10=answer.utilisation, p50=answer.utilisation, p90=answer.utilisation)
    asked = Percentiles(p10=answer.horizon_years, p50=answer.horizon_years, p90=answer.horizon_years)
    drawn = (
        _crossing_chart(
            "crossover-utilisation",
            "Cheaper from this utilisation",
            {each.supply: each.crossover_utilisation for each in others},
            ("as asked", busy),
            "share",
        ),
        _crossing_chart(
            "crossover-horizon",
            "Cheaper from this horizon",
            {each.supply: each.crossover_horizon_years for each in others},
            ("as asked", asked),
            "years",
        ),
        _crossing_chart(
            "payback",
            "Pays back after",
            {each.supply: each.payback_years for each in others},
            ("horizon asked", asked),
            "years",
        ),
    )
    return Section(
        title="Where it becomes cheaper than renting on demand",
        lead="Charts show the draws that have a crossing; the table says how many of all have one.",
        charts=tuple(chart for chart in drawn if chart is not None),
        tables=(PageTable(headers=CROSSING_HEADERS, rows=tuple(crossing_rows(answer)), numeric=" rrr"),),
    )


def _crossing_chart(
    key: str, title: str, found: Mapping[str, Crossing | None], asked: tuple[str, Percentiles], unit: str
) -> Chart | None:
    """Where supplies cross, beside what was asked; nothing where none does."""
    spreads = {
        f"{supply} ({wording.share(crossing.share_of_draws)} of draws)": crossing.at
        for supply, crossing in found.items()
        if crossing is not None and crossing.at is not None
    }
    if not spreads:
        return None
    name, value = asked
    return ranges(key, title, {**spreads, name: value}, unit, marked=(name,), legend=("cheaper from", name))


def _cash(answer: RentOrOwnAnswer) -> Section:
    count = max(len(each.cash_usd_by_quarter) for each in answer.supplies)
    steps = tuple(f"year {1 + place // QUARTERS} Q{1 + place % QUARTERS}" for place in range(count))
    curves = [
        Line(name=each.supply, x=range(len(each.cash_usd_by_quarter)), y=each.cash_usd_by_quarter)
        for each in answer.supplies
    ]
    chart = lines(
        "cash",
        "Paid in each quarter, median over the draws, nominal USD",
        curves,
        x=Axis(name="quarter", steps=steps),
        y=Axis(name="USD", unit="USD"),
    )
    rows = tuple((each.supply, _usd(each.upfront_usd)) for each in answer.supplies)
    start = PageTable(title="Paid at the start", headers=("supply", "nominal USD"), rows=rows, numeric=" r")
    lead = "Without what is paid at the start and what the chips are sold for at the end."
    return Section(title="Cash by quarter", lead=lead, charts=(chart,), tables=(start,))


def _prices(answer: RentOrOwnAnswer) -> Section:
    fan = answer.prices
    curves = [Line(name="on demand", x=fan.years, y=fan.p50, low=fan.p10, high=fan.p90)]
    owner = answer.owners_cost_usd_per_chip_hour
    if owner is not None:
        ends = (fan.years[0], fan.years[-1])
        curves.append(Line(name="a marginal owner's cost today, P50", x=ends, y=(owner.p50,) * 2, dashed=True))
    chart = lines(
        "prices",
        "Price of a chip-hour on demand, nominal USD",
        curves,
        x=Axis(name="years from the start"),
        y=Axis(name="per chip-hour", unit=PRICE, from_zero=True),
        note="Line at P50, band from P10 to P90 of the draws.",
    )
    lead = f"The price is pulled to its long-run level, which moves with what owning costs. {_priced(answer)}"
    return Section(title="Where prices may go", lead=lead, charts=(chart,))


def _pool(pool: PoolAnswer) -> Section:
    terms = {**pool.separate_chips, "saved by sharing": -pool.chips_saved}
    chart = waterfall("pool", "Chips needed apart and together", terms, "1", total_name="together")
    lead = (
        f"Chips that meet demand {wording.share(pool.service_level)} of the time, at a correlation of "
        f"{pool.correlation:g} between the firms; sharing saves {wording.share(pool.gain)}."
    )
    return Section(title="Sharing with others", lead=lead, charts=(chart,))
