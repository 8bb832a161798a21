"""The report of a GPU cloud: what an hour costs, profit, cash, market prices, covenants, what moves it, the books."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from tenfold.planning.rental import CovenantAnswer, RentalAnswer, RentalDriver
from tenfold.quantities import Percentiles, assumptions_of
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import waterfall
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.rental_charts import breaks_charts, cash_charts, driver_charts, prices_chart
from tenfold.reports.report import Pairs, Report, Section, Table, Terms
from tenfold.reports.wording import between, likely, number, share, share_between, usd

PRICE = "USD/h"
TOPICS: Topics = {
    "break_even_usd_per_chip_hour": Topic(
        unit=PRICE,
        words="flat price of every hour sold at which income before taxes over the life is zero: costs ÷ hours sold",
        terms="break_even_terms_usd_per_chip_hour",
    ),
    "break_even_terms_usd_per_chip_hour": Topic(unit=PRICE, words="costs over the life ÷ hours sold, by line"),
    "totals_usd": Topic(unit="USD", words="over the life, every input at its P50"),
    "totals_usd.net_income": Topic(
        unit="USD", words="what contracts and the market pay, less every cost", terms="profit_terms_usd"
    ),
    "profit_terms_usd": Topic(unit="USD", words="over the life by line, costs below zero"),
    "irr": Topic(unit="share", words="rate at which the owners' flows, gathered by year, are worth nothing"),
    "irr_of_quarterly_flows": Topic(unit="share", words="the same with flows gathered by quarter, compounded"),
    "roe": Topic(unit="share", words="mean net income of a year of service ÷ equity paid in"),
    "gross_margin": Topic(unit="share", words="(revenue − costs of service) ÷ revenue, over the life"),
    "payback_years": Topic(unit="", words="years until the owners have back what they paid in"),
    "lowest_cash_usd": Topic(unit="USD", words="least cash at the end of a quarter"),
    "npv_usd": Topic(unit="USD", words="the owners' flows, gathered by year, at the cost of equity"),
    "npv_of_quarterly_flows_usd": Topic(unit="USD", words="the same with flows gathered by quarter"),
    "chance_cash_runs_out": Topic(unit="share", words="share of the draws in which cash falls below zero"),
    "ranges": Topic(unit="", words="P10, P50 and P90 over the draws of every uncertain input"),
    "covenants.*.break_price_usd_per_chip_hour": Topic(
        unit=PRICE, words="market price, in the mean over fleets, at which the tightest quarter just holds"
    ),
    "covenants.*.break_utilisation": Topic(
        unit="share", words="market utilisation, in the mean over fleets, at which the tightest quarter just holds"
    ),
}
DRIVERS_LISTED = 10
BOOKS_LINES: tuple[tuple[str, str, str], ...] = (
    ("revenue", "income", "revenue_usd"),
    ("EBITDA", "income", "ebitda_usd"),
    ("depreciation", "income", "depreciation_machines_usd"),
    ("interest", "income", "interest_usd"),
    ("net income", "income", "net_income_usd"),
    ("purchases", "cash_flow", "purchases_usd"),
    ("debt", "balance_sheet", "debt_usd"),
    ("cash", "balance_sheet", "cash_usd"),
)
STATEMENTS: Mapping[str, str] = {
    "Income statement": "income",
    "Cash flow": "cash_flow",
    "Balance sheet": "balance_sheet",
}
YEARLY_FROM = 13
"""Quarters from which the main lines are by year."""
QUARTERS_ACROSS = 8
"""Quarters of a statement side by side."""


def verdict(answer: RentalAnswer) -> str:
    """Answer in one sentence."""
    broken = [covenant.kind for covenant in answer.covenants if covenant.headroom < 0]
    tail = f"; breaks {', '.join(broken)}" if broken else ""
    price = number(answer.break_even_usd_per_chip_hour, PRICE, 4)
    return f"{answer.name}: breaks even at {price}, IRR {_return(answer.irr)}, ROE {_return(answer.roe)}{tail}"


def report(answer: RentalAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold rental",
        question=f"Does {answer.name} pay as a GPU cloud?",
        verdict=verdict(answer),
        good=answer.holds,
        made=answer.made,
        cards=tuple(_cards(answer)),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=(*answer.assumptions, *assumptions_of(answer.stated)),
        figures=(*answer.figures, *answer.stated),
    )


def _sections(answer: RentalAnswer) -> Iterator[Section]:
    yield _summary(answer)
    yield _hour(answer)
    yield _profit(answer)
    lead = f"Cash runs out in {likely(answer.chance_cash_runs_out)} of the draws." if answer.draws > 1 else ""
    yield Section(title="Cash by quarter", lead=lead, charts=cash_charts(answer))
    yield Section(title="What the market pays", charts=(prices_chart(answer),))
    if answer.covenants:
        yield _covenants(answer)
    yield from _drivers(answer)
    yield from _books(answer)


def _cards(answer: RentalAnswer) -> Iterator[Card]:
    measures: tuple[tuple[str, str, Callable[[float], str]], ...] = (
        ("Break-even price", "break_even_usd_per_chip_hour", _price),
        ("IRR, yearly flows", "irr", _return),
        ("IRR, quarterly flows", "irr_of_quarterly_flows", _return),
        ("ROE", "roe", _return),
        ("Gross margin", "gross_margin", _return),
        ("Lowest cash", "lowest_cash_usd", usd),
    )
    for name, path, show in measures:
        yield _card(name, path, getattr(answer, path), answer.ranges[path], show)
    totals = {
        "Capex": "purchases",
        "Revenue over the life": "revenue",
        "Net income over the life": "net_income",
    }
    for name, key in totals.items():
        yield Card(name=name, value=usd(answer.totals_usd[key]), path=f"totals_usd.{key}")
    yield Card(name="Cash runs out", value=f"{likely(answer.chance_cash_runs_out)} likely", path="chance_cash_runs_out")


def _card(name: str, path: str, value: float, spread: Percentiles, show: Callable[[float], str]) -> Card:
    """The number with every input at its P50, between P10 and P90 of the draws."""
    if spread.p10 == spread.p90:
        return Card(name=name, value=show(value), path=path)
    place = 100 * (value - spread.p10) / (spread.p90 - spread.p10)
    shown = place if 0 <= place <= 100 else None
    low, high = show(spread.p10), show(spread.p90)
    return Card(name=name, value=show(value), low=low, high=high, middle_percent=shown, path=path)


def _summary(answer: RentalAnswer) -> Section:
    drawn = f" P10–P90 are over {answer.draws:,} draws of them." if answer.draws > 1 else " No input has a range."
    pairs: Pairs = (("Payback", _years(answer.payback_years)), ("Debt drawn", usd(answer.totals_usd["debt_drawn"])))
    sized = {loan.name for loan in answer.question.loans if loan.sized_to_dscr is not None}
    pairs = (
        *pairs,
        *((f"{name} pays", share(answer.loan_shares[name])) for name in answer.loan_shares if name in sized),
    )
    if answer.npv_usd is not None:
        quarterly = answer.npv_of_quarterly_flows_usd
        pairs = (*pairs, ("NPV at the cost of equity, yearly flows", usd(answer.npv_usd)))
        pairs = (*pairs, *((("NPV, quarterly flows", usd(quarterly)),) if quarterly is not None else ()))
    lead = f"In {answer.terms} {answer.currency} of {answer.year}, with every input at its P50.{drawn}"
    return Section(title="The cloud", lead=lead, pairs=pairs)


def _hour(answer: RentalAnswer) -> Section:
    lead = "At this flat price of every hour sold, income before taxes over the life is zero."
    values = answer.break_even_terms_usd_per_chip_hour
    terms = Terms(title="", values=values, unit=PRICE, headline="break_even_usd_per_chip_hour")
    chart = waterfall("hour", "Cost of an hour sold", values, PRICE, total_name="break-even price")
    return Section(title="What an hour sold costs", lead=lead, terms=(terms,) if values else (), charts=(chart,))


def _profit(answer: RentalAnswer) -> Section:
    values = answer.profit_terms_usd
    return Section(
        title="From revenue to net income",
        lead="Over the life: what contracts and the market pay, less every cost.",
        terms=(Terms(title="", values=values, unit="USD", headline="totals_usd.net_income"),),
        charts=(waterfall("profit", "Over the life", values, "USD", total_name="net income"),),
        full=True,
    )


def _covenants(answer: RentalAnswer) -> Section:
    lead = (
        "Below these prices and utilisations of the market, in the mean over fleets, a covenant breaks; "
        "contracts stay as they are. Prices are those of the quarter in which a fleet enters service."
    )
    headers = ("covenant", "holds", "headroom", "breaks in", "at utilisation", "at price")
    table = Table(headers=headers, rows=tuple(_covenant_row(each) for each in answer.covenants), numeric=" rrrrr")
    return Section(
        title="Covenants, and the market at which they break",
        lead=lead,
        charts=breaks_charts(answer),
        tables=(table,),
    )


def _covenant_row(covenant: CovenantAnswer) -> tuple[str, ...]:
    return (
        wording.limit(covenant.kind, covenant.side, covenant.limit),
        likely(covenant.probability_it_holds),
        f"{covenant.headroom:.3g}",
        covenant.first_break or "–",
        _break(covenant.break_utilisation, covenant.break_utilisation_range, covenant, "1"),
        _break(covenant.break_price_usd_per_chip_hour, covenant.break_price_range, covenant, PRICE),
    )


def _break(value: float, spread: Percentiles, covenant: CovenantAnswer, unit: str) -> str:
    if math.isinf(covenant.headroom):
        return "not tested"
    if value == 0.0:
        return "never"
    if math.isinf(value):
        return "at any"
    text = _return(value) if unit == "1" else number(value, unit)
    if spread.p10 == spread.p90 or not (math.isfinite(spread.p10) and math.isfinite(spread.p90)):
        return text
    return f"{text} ({share_between(spread) if unit == '1' else wording.number_between(spread, unit)})"


def _drivers(answer: RentalAnswer) -> Iterator[Section]:
    listed, rest = answer.drivers[:DRIVERS_LISTED], answer.drivers[DRIVERS_LISTED:]
    lead = "One input at a time, from its P10 to its P90; by 10 % either way where no range is given."
    yield Section(
        title="What moves the answer most",
        lead=lead,
        charts=driver_charts(answer),
        tables=(_driver_table(listed),),
    )
    if rest:
        yield Section(title="What moves it less", tables=(_driver_table(rest),), full=True)


def _driver_table(drivers: Sequence[RentalDriver]) -> Table:
    rows = tuple(
        (
            driver.name,
            between(number(driver.low, driver.unit), number(driver.high, driver.unit)),
            "P10–P90" if driver.ranged else "±10 %",
            " → ".join(_return(value) for value in driver.irr),
            " → ".join(_price(value) for value in driver.break_even_usd_per_chip_hour),
        )
        for driver in drivers
    )
    return Table(headers=("input", "from, to", "", "IRR", "break-even"), rows=rows, numeric=" r rr")


def _books(answer: RentalAnswer) -> Iterator[Section]:
    periods = _periods(answer.quarters)
    columns = [
        _gathered(getattr(answer, statement)[line], list(periods.values()), statement != "balance_sheet")
        for _, statement, line in BOOKS_LINES
    ]
    rows = tuple((period, *(usd(column[place]) for column in columns)) for place, period in enumerate(periods))
    headers = ("", *(name for name, _, _ in BOOKS_LINES))
    title = f"Books by {'quarter' if len(answer.quarters) < YEARLY_FROM else 'year'}"
    yield Section(title=title, tables=(Table(headers=headers, rows=rows, numeric=" rrrrrrrr"),))
    tables = [
        _statement(answer, title, name, first)
        for title, name in STATEMENTS.items()
        for first in range(0, len(answer.quarters), QUARTERS_ACROSS)
    ]
    lead = "Every input at its P50. Lines that are zero throughout are left out."
    yield Section(title="Statements by quarter", lead=lead, tables=tuple(tables), full=True)


def _periods(quarters: tuple[str, ...]) -> dict[str, list[int]]:
    """Places of the quarters of each row: by quarter, by year where there are more than a screen holds."""
    out: dict[str, list[int]] = {}
    for place, name in enumerate(quarters):
        out.setdefault(name if len(quarters) < YEARLY_FROM else name[:4], []).append(place)
    return out


def _gathered(values: Sequence[float], places: list[list[int]], flow: bool) -> list[float]:
    """Flows of a period are summed, balances are those at its end."""
    return [math.fsum(values[place] for place in own) if flow else values[own[-1]] for own in places]


def _statement(answer: RentalAnswer, title: str, name: str, first: int) -> Table:
    """One row for each line that is not zero throughout, one column for each quarter."""
    lines: Mapping[str, Sequence[float]] = getattr(answer, name)
    quarters = answer.quarters[first : first + QUARTERS_ACROSS]
    rows = tuple(
        (wording.label(line.replace("usd.", ", ")), *map(usd, values[first : first + QUARTERS_ACROSS]))
        for line, values in lines.items()
        if any(values)
    )
    return Table(title=title, headers=("", *quarters), rows=rows, numeric=" " + "r" * len(quarters))


def _return(value: float) -> str:
    """Print a return, which may be negative or without limit."""
    return "without limit" if value == math.inf else f"{'-' if value < 0 else ''}{share(abs(value))}"


def _price(value: float) -> str:
    return number(value, PRICE)


def _years(value: float) -> str:
    return "never" if math.isinf(value) else f"{value:.2g} years"
