"""The report of prices over time: a chart for each term, months as bars, shipped prices beside imported ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import groupby

from tenfold.catalog.prices import CATALOG, STORE, PriceMonth
from tenfold.planning.prices import PricesShowAnswer
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import Axis, Chart, Line, lines
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table

BAR_CELLS = 40
MONTHS = 12
MONTH_HEADERS = ("month", "from", "term", "kind", "low", "median", "high", "prices", "providers")
BAR_HEADERS = ("month", "median", "", "range", "prices")
TOPICS: Topics = {
    "latest": Topic(unit="USD/h", words="prices of the last month on demand, or of any term where there is none"),
    "months.*": Topic(unit="USD/h", words="prices of the month of one origin, term and kind"),
    "shipped_prices": Topic(unit="", words="prices of the catalog that the months are made of"),
    "imported_prices": Topic(unit="", words="prices of the store that the months are made of"),
}


def verdict(answer: PricesShowAnswer) -> str:
    """Say the last price."""
    latest = answer.latest
    if latest is None:
        return f"{answer.chip}: no price is known. Import one with: tenfold prices import FILE"
    price = f"${latest.median_usd_per_chip_hour:.2f} per chip-hour {latest.term} in {latest.month:%Y-%m}"
    return f"{answer.chip}: {price} (median of {latest.prices:,}, {latest.kind}, from the {latest.origin})"


def report(answer: PricesShowAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold prices",
        question=f"What does renting {answer.chip} cost?",
        verdict=verdict(answer),
        good=bool(answer.months),
        made=answer.made,
        cards=_cards(answer),
        sections=(*_terms(answer), _both(answer), *([_months(answer)] if answer.months else [])),
        notes=(f"{answer.imported_prices:,} imported prices in {answer.store}", *answer.notes),
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _price(value: float) -> str:
    return wording.number(value, "USD/h")


def _cards(answer: PricesShowAnswer) -> tuple[Card, ...]:
    counts = (
        Card(name="Shipped prices", value=f"{answer.shipped_prices:,}", path="shipped_prices"),
        Card(name="Imported prices", value=f"{answer.imported_prices:,}", path="imported_prices"),
    )
    latest = answer.latest
    if latest is None:
        return counts
    ends = f"{latest.term}, {latest.month:%Y-%m}"
    shown = {"Median": "median", "Lowest": "low", "Highest": "high"}
    prices = (
        Card(
            name=f"{name} {ends}",
            value=_price(getattr(latest, f"{field}_usd_per_chip_hour")),
            path=f"latest.{field}_usd_per_chip_hour",
        )
        for name, field in shown.items()
    )
    return (*prices, *counts)


def _terms(answer: PricesShowAnswer) -> Iterator[Section]:
    """Prices of each term: a line for each kind and origin on a page, bars everywhere."""
    terms = sorted({month.term for month in answer.months}, key=lambda term: (term != "on-demand", term))
    largest = max((month.median_usd_per_chip_hour for month in answer.months), default=0.0)
    for term in terms:
        months = [month for month in answer.months if month.term == term]
        tables = tuple(
            _bars(f"{kind}, from the {origin}", list(found), largest)
            for (origin, kind), found in groupby(months, key=lambda month: (month.origin, month.kind))
        )
        lead = f"median of each month, per chip-hour in {answer.currency}"
        yield Section(title=term.capitalize(), lead=lead, charts=(_chart(term, months),), tables=tables)


def _bars(title: str, months: Sequence[PriceMonth], largest: float) -> Table:
    rows = tuple(
        (
            f"{month.month:%Y-%m}",
            f"${month.median_usd_per_chip_hour:.2f}",
            wording.bar(month.median_usd_per_chip_hour, largest, BAR_CELLS),
            f"${month.low_usd_per_chip_hour:.2f}–{month.high_usd_per_chip_hour:.2f}",
            f"{month.prices:,}",
        )
        for month in months
    )
    return Table(title=title, headers=BAR_HEADERS, rows=rows, numeric="rr rr")


def _chart(term: str, months: Sequence[PriceMonth]) -> Chart:
    first, last = min(month.month for month in months), max(month.month for month in months)
    curves = [
        _line(f"{kind}, {origin}", list(found), first)
        for (origin, kind), found in groupby(months, key=lambda month: (month.origin, month.kind))
    ]
    return lines(
        f"term-{term}",
        f"{term.capitalize()}, nominal USD per chip-hour by month",
        curves,
        x=Axis(name="month", steps=_steps(first, last)),
        y=Axis(name="per chip-hour", unit="USD/h", from_zero=True),
        note="Lines at the median of a month, "
        "bands from its lowest to its highest price; nothing is known between points.",
        band="lowest–highest",
    )


def _line(name: str, months: Sequence[PriceMonth], first: datetime.date) -> Line:
    return Line(
        name=name,
        x=[_after(first, month.month) for month in months],
        y=[month.median_usd_per_chip_hour for month in months],
        low=[month.low_usd_per_chip_hour for month in months],
        high=[month.high_usd_per_chip_hour for month in months],
        dashed=name.endswith(STORE),
    )


def _after(first: datetime.date, month: datetime.date) -> int:
    """Months from one to another."""
    return MONTHS * (month.year - first.year) + month.month - first.month


def _steps(first: datetime.date, last: datetime.date) -> tuple[str, ...]:
    """Every month from the first to the last, so that gaps stay gaps."""
    places = (first.year * MONTHS + first.month - 1 + step for step in range(_after(first, last) + 1))
    return tuple(f"{place // MONTHS}-{place % MONTHS + 1:02d}" for place in places)


def _both(answer: PricesShowAnswer) -> Section:
    """Months that the catalog and the store both have, side by side."""
    imported = {(month.term, month.kind, month.month): month for month in answer.months if month.origin == STORE}
    rows = tuple(
        (
            f"{shipped.month:%Y-%m}",
            shipped.term,
            shipped.kind,
            f"{_price(shipped.median_usd_per_chip_hour)} of {shipped.prices:,}",
            f"{_price(own.median_usd_per_chip_hour)} of {own.prices:,}",
        )
        for shipped in answer.months
        if shipped.origin == CATALOG and (own := imported.get((shipped.term, shipped.kind, shipped.month)))
    )
    headers = ("month", "term", "kind", "catalog, median", "store, median")
    tables = (Table(headers=headers, rows=rows, numeric="   rr"),) if rows else ()
    return Section(title="Catalog beside store", lead=_both_lead(answer, len(rows)), tables=tables)


def _both_lead(answer: PricesShowAnswer, shared: int) -> str:
    if not answer.imported_prices:
        return "No price of this chip was imported; add some with: tenfold prices import FILE"
    if not shared:
        return "Imported prices have no month, term and kind in common with shipped ones; both are in the charts."
    return f"{wording.counted(shared, 'month')} with prices of the same term and kind in both, nominal USD."


def _months(answer: PricesShowAnswer) -> Section:
    rows = tuple(
        (
            f"{month.month:%Y-%m}",
            month.origin,
            month.term,
            month.kind,
            f"${month.low_usd_per_chip_hour:.2f}",
            f"${month.median_usd_per_chip_hour:.2f}",
            f"${month.high_usd_per_chip_hour:.2f}",
            f"{month.prices:,}",
            f"{month.providers:,}",
        )
        for month in answer.months
    )
    table = Table(headers=MONTH_HEADERS, rows=rows, numeric="    rrrrr")
    return Section(title="Every month", lead=f"Per chip-hour in {answer.currency}.", tables=(table,), full=True)
