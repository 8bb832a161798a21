"""The page of ``tenfold rental``: what an hour costs, profit, cash, market prices, covenants, drivers, the books."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tenfold.planning.rental.breaks import CovenantAnswer
from tenfold.planning.rental.rental import RentalAnswer, RentalDriver
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import Axis, Chart, Line, Swing, lines, ranges, swing_bars, waterfall
from tenfold.reports.page import Page, PageTable, Section
from tenfold.reports.tables.rental import (
    BOOKS_HEADERS,
    COVENANT_HEADERS,
    DRIVER_HEADERS,
    books_rows,
    covenant_name,
    covenant_rows,
    driver_rows,
    footer,
    is_good,
    rental_pairs,
    rental_verdict,
    signed_share,
)

DRIVERS_DRAWN = 12
PRICE = "USD/h"


def rental_page(answer: RentalAnswer) -> Page:
    """Turn the answer into a page."""
    return Page(
        title="Tenfold rental",
        question=f"Does {answer.name} pay as a GPU cloud?",
        verdict=rental_verdict(answer),
        good=is_good(answer),
        cards=_cards(answer),
        sections=(
            _summary(answer),
            _hour(answer),
            _profit(answer),
            _cash(answer),
            _prices(answer),
            *([_covenants(answer)] if answer.covenants else []),
            _drivers(answer),
            _books(answer),
        ),
        figures=answer.figures,
        footer=footer(answer),
    )


def _dollars(answer: RentalAnswer) -> str:
    return f"{answer.terms} {answer.currency} of {answer.year}"


def _cards(answer: RentalAnswer) -> tuple[Card, ...]:
    price = answer.break_even_usd_per_chip_hour
    return (
        _card("Break-even price", price, answer.ranges["break_even_usd_per_chip_hour"], _price),
        _card("IRR, yearly flows", answer.irr, answer.ranges["irr"], signed_share),
        _card("ROE", answer.roe, answer.ranges["roe"], signed_share),
        _card("Gross margin", answer.gross_margin, answer.ranges["gross_margin"], signed_share),
        _card("Lowest cash", answer.lowest_cash_usd, answer.ranges["lowest_cash_usd"], _usd),
        Card(name="Capex", value=_usd(answer.totals_usd["purchases"])),
        Card(name="Revenue over the life", value=_usd(answer.totals_usd["revenue"])),
        Card(name="Net income over the life", value=_usd(answer.totals_usd["net_income"])),
        Card(name="Cash runs out", value=f"{wording.likely(answer.chance_cash_runs_out)} likely"),
    )


def _card(name: str, value: float, spread: Percentiles, show: Callable[[float], str]) -> Card:
    """The number with every input at its P50, between P10 and P90 of the draws."""
    if spread.p10 == spread.p90:
        return Card(name=name, value=show(value))
    place = 100 * (value - spread.p10) / (spread.p90 - spread.p10)
    shown = place if 0 <= place <= 100 else None
    return Card(name=name, value=show(value), low=show(spread.p10), high=show(spread.p90), middle_percent=shown)


def _usd(value: float) -> str:
    return wording.number(value, "USD")


def _price(value: float) -> str:
    return wording.number(value, PRICE)


def _summary(answer: RentalAnswer) -> Section:
    drawn = f" P10–P90 are over {answer.draws:,} draws of them." if answer.draws > 1 else ""
    notes = f" Taken so: {'; '.join(answer.notes)}." if answer.notes else ""
    lead = f"In {_dollars(answer)}, with every input at its P50.{drawn}{notes}"
    return Section(title="The cloud", lead=lead, pairs=tuple(rental_pairs(answer)))


def _hour(answer: RentalAnswer) -> Section:
    chart = waterfall(
        "hour",
        f"Cost of an hour sold, {_dollars(answer)}",
        answer.break_even_terms_usd_per_chip_hour,
        PRICE,
        total_name="break-even price",
    )
    lead = "At this flat price of every hour sold, income before taxes over the life is zero."
    return Section(title="What an hour sold costs", lead=lead, charts=(chart,))


def _profit(answer: RentalAnswer) -> Section:
    title = f"Over the life, {_dollars(answer)}"
    chart = waterfall("profit", title, answer.profit_terms_usd, "USD", total_name="net income")
    lead = "What contracts and the market pay, less every cost."
    return Section(title="From revenue to net income", lead=lead, charts=(chart,))


def _cash(answer: RentalAnswer) -> Section:
    y = Axis(name=answer.currency, unit="USD")
    names = {"revenue": "revenue_usd", "EBITDA": "ebitda_usd", "net income": "net_income_usd"}
    earned = [_at_p50(name, answer.income[line]) for name, line in names.items()]
    charts = (
        _cash_chart(answer, y),
        lines(
            "earned",
            f"Earned in each quarter, {_dollars(answer)}",
            earned,
            x=Axis(name="quarter", steps=answer.quarters),
            y=y,
            note="Every input at its P50.",
        ),
    )
    lead = f"Cash runs out in {wording.likely(answer.chance_cash_runs_out)} of the draws." if answer.draws > 1 else ""
    return Section(title="Cash by quarter", lead=lead, charts=charts)


def _cash_chart(answer: RentalAnswer, y: Axis) -> Chart:
    """Cash over the draws, and cash and debt with every input at its P50."""
    curves = [
        _at_p50("cash, inputs at P50", answer.balance_sheet["cash_usd"], dashed=answer.draws > 1),
        _at_p50("debt, inputs at P50", answer.balance_sheet["debt_usd"]),
    ]
    if answer.draws > 1:
        curves.insert(0, _fan("cash over the draws", answer.cash_curve_usd, 0))
    return lines(
        "cash",
        f"Cash and debt at the end of the quarter, {_dollars(answer)}",
        curves,
        x=Axis(name="quarter", steps=answer.drawn_quarters),
        y=y,
        note="Band from P10 to P90 of the draws, line at their P50." if answer.draws > 1 else "",
    )


def _at_p50(name: str, values: Sequence[float], dashed: bool = False) -> Line:
    return Line(name=name, x=range(len(values)), y=values, dashed=dashed)


def _fan(name: str, spreads: Sequence[Percentiles], start: int) -> Line:
    """A band where anything varies, from the quarter ``start`` on."""
    varies = any(spread.p10 < spread.p90 for spread in spreads)
    return Line(
        name=name,
        x=range(start, start + len(spreads)),
        y=[spread.p50 for spread in spreads],
        low=[spread.p10 for spread in spreads] if varies else (),
        high=[spread.p90 for spread in spreads] if varies else (),
    )


def _prices(answer: RentalAnswer) -> Section:
    steps = answer.drawn_quarters
    fans = [
        _fan(market.fleet, market.usd_per_chip_hour, steps.index(market.quarters[0])) for market in answer.market_prices
    ]
    even = [answer.break_even_usd_per_chip_hour] * 2
    flat = Line(name="break-even price of every hour sold", x=(0, len(steps) - 1), y=even, dashed=True)
    chart = lines(
        "prices",
        f"Market price of a chip-hour by fleet, {_dollars(answer)}",
        [*fans, flat],
        x=Axis(name="quarter", steps=steps),
        y=Axis(name="per chip-hour", unit=PRICE, from_zero=True),
        note="Bands from P10 to P90 of the draws." if answer.draws > 1 else "",
    )
    return Section(title="What the market pays", lead="From the quarter each fleet enters service.", charts=(chart,))


def _covenants(answer: RentalAnswer) -> Section:
    table = PageTable(headers=COVENANT_HEADERS, rows=tuple(covenant_rows(answer)), numeric=" rrrrr")
    charts = (
        *_breaks_chart(answer, "price", PRICE, f"Market price at which it breaks, {_dollars(answer)}"),
        *_breaks_chart(answer, "utilisation", "share", "Market utilisation at which it breaks"),
    )
    lead = (
        "Below these prices and utilisations of the market, in the mean over fleets, a covenant breaks; "
        "contracts stay as they are. Prices are those of the quarter in which a fleet enters service."
    )
    return Section(title="Covenants and where they break", lead=lead, charts=charts, tables=(table,))


def _breaks_chart(answer: RentalAnswer, what: str, unit: str, title: str) -> tuple[Chart, ...]:
    """Break points of covenants above what the file assumes of each fleet; none where nothing of it breaks any."""
    found = {covenant_name(covenant): _break(covenant, what) for covenant in answer.covenants}
    breaks = {name: spread for name, spread in found.items() if 0 < spread.p50 < math.inf}
    if not breaks:
        return ()
    assumed = {
        driver.name: _assumed(answer, driver) for driver in answer.drivers if driver.key.endswith(f".market.{what}")
    }
    chart = ranges(
        f"breaks-{what}",
        title,
        {**breaks, **assumed},
        unit,
        marked=tuple(assumed),
        legend=("breaks below", "as assumed"),
        note="Points at P50 of every input, lines from P10 to P90.",
    )
    return (chart,)


def _break(covenant: CovenantAnswer, what: str) -> Percentiles:
    """The break point with every input at its P50, between P10 and P90 of the draws."""
    if what == "price":
        return replace(covenant.break_price_range, p50=covenant.break_price_usd_per_chip_hour)
    return replace(covenant.break_utilisation_range, p50=covenant.break_utilisation)


def _assumed(answer: RentalAnswer, driver: RentalDriver) -> Percentiles:
    value = next(named.figure.value for named in answer.figures if named.name == driver.key)
    if not driver.ranged:
        return Percentiles(p10=value, p50=value, p90=value)
    return Percentiles(p10=driver.low, p50=value, p90=driver.high)


def _drivers(answer: RentalAnswer) -> Section:
    rows = tuple(driver_rows(answer.drivers))
    charts = (
        _driver_chart("drivers-irr", "What moves IRR", answer, lambda driver: driver.irr, "share"),
        _driver_chart(
            "drivers-price",
            f"What moves the break-even price, {_dollars(answer)}",
            answer,
            lambda driver: driver.break_even_usd_per_chip_hour,
            PRICE,
        ),
    )
    lead = "One input at a time, from its P10 to its P90; by 10 % either way where the file gives no range."
    return Section(
        title="What moves the answer",
        lead=lead,
        charts=charts,
        tables=(PageTable(title="All inputs", headers=DRIVER_HEADERS, rows=rows, numeric=" r rr"),),
    )


def _driver_chart(
    key: str, title: str, answer: RentalAnswer, results: Callable[[RentalDriver], tuple[float, float]], unit: str
) -> Chart:
    """The inputs that move a result most."""
    base = answer.irr if unit == "share" else answer.break_even_usd_per_chip_hour
    largest = sorted(answer.drivers, key=lambda driver: _reach(results(driver)), reverse=True)[:DRIVERS_DRAWN]
    swings = [
        Swing(
            name=driver.name,
            low=wording.number(driver.low, driver.unit),
            high=wording.number(driver.high, driver.unit),
            results=results(driver),
        )
        for driver in largest
        if _reach(results(driver)) > 0
    ]
    return swing_bars(key, title, swings, base, unit, ("low end", "high end"))


def _reach(ends: tuple[float, float]) -> float:
    return 0.0 if ends[0] == ends[1] else abs(ends[1] - ends[0])


def _books(answer: RentalAnswer) -> Section:
    yearly = PageTable(
        title="Main lines", headers=("period", *BOOKS_HEADERS[1:]), rows=tuple(books_rows(answer)), numeric=" rrrrrrrr"
    )
    statements = {
        "Income statement": answer.income,
        "Cash flow": answer.cash_flow,
        "Balance sheet": answer.balance_sheet,
    }
    tables = [_statement(answer.quarters, title, rows) for title, rows in statements.items()]
    lead = f"Every input at its P50, {_dollars(answer)}. Lines that are zero throughout are left out."
    return Section(title="Books by quarter", lead=lead, tables=(yearly, *tables))


def _statement(quarters: tuple[str, ...], title: str, books: Mapping[str, Sequence[float]]) -> PageTable:
    """One row for each line, one column for each quarter."""
    rows = tuple(
        (_line_name(line), *(_usd(value) for value in values)) for line, values in books.items() if any(values)
    )
    return PageTable(title=title, headers=("", *quarters), rows=rows, numeric=" " + "r" * len(quarters))


def _line_name(line: str) -> str:
    """Name a line: ``opex_usd.power`` is "opex, power"."""
    return wording.label(line.replace("_usd.", ", "))
