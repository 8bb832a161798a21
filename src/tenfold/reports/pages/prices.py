"""The page of ``tenfold prices show``: a chart for each term, shipped beside imported prices, every month."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import groupby

from tenfold.catalog.prices import CATALOG, STORE, PriceMonth, PriceSeries
from tenfold.quantities import NamedFigure
from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.charts import Axis, Chart, Line, lines
from tenfold.reports.page import Page, PageTable, Section
from tenfold.reports.tables.prices import MONTH_HEADERS, footer, latest_month, month_rows, verdict

KINDS = "Listings are asked, contracts agreed, transactions paid; estimates are none of these."
MONTHS = 12


def prices_page(series: PriceSeries) -> Page:
    """Turn the series into a page."""
    terms = tuple(dict.fromkeys(month.term for month in series.months))
    return Page(
        title="Tenfold prices",
        question=f"What does renting {series.chip} cost?",
        verdict=verdict(series),
        good=bool(series.months),
        cards=_cards(series),
        sections=(
            *(_term(series, term) for term in sorted(terms, key=lambda term: (term != "on-demand", term))),
            _both(series),
            *([_months(series)] if series.months else []),
        ),
        figures=tuple(
            NamedFigure(name=_name(series.chip, month), figure=month.figure) for month in series.months if month.sources
        ),
        footer=footer(series),
    )


def _name(chip: str, month: PriceMonth) -> str:
    return f"{month.origin}: {chip}, {month.term}, {month.kind}, {month.month:%Y-%m}"


def _price(value: float) -> str:
    return wording.number(value, "USD/h")


def _cards(series: PriceSeries) -> tuple[Card, ...]:
    latest = latest_month(series.months)
    if latest is None:
        return ()
    ends = f"{latest.term}, {latest.month:%Y-%m}"
    counts = {origin: sum(month.prices for month in series.months if month.origin == origin)
              for origin in (CATALOG, STORE)}  # fmt: skip
    return (
        Card(name=f"Median {ends}", value=_price(latest.median_usd_per_chip_hour)),
        Card(name=f"Lowest {ends}", value=_price(latest.low_usd_per_chip_hour)),
        Card(name=f"Highest {ends}", value=_price(latest.high_usd_per_chip_hour)),
        Card(name="Shipped prices", value=f"{counts[CATALOG]:,}"),
        Card(name="Imported prices", value=f"{counts[STORE]:,}"),
    )


def _term(series: PriceSeries, term: str) -> Section:
    """Prices of one term, a line for each kind and origin."""
    months = [month for month in series.months if month.term == term]
    return Section(title=term.capitalize(), lead=KINDS, charts=(_chart(term, months),))


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


def _both(series: PriceSeries) -> Section:
    """Months that the catalog and the store both have, side by side."""
    imported = {(month.term, month.kind, month.month): month for month in series.months if month.origin == STORE}
    rows = tuple(
        (
            f"{shipped.month:%Y-%m}",
            shipped.term,
            shipped.kind,
            f"{_price(shipped.median_usd_per_chip_hour)} of {shipped.prices:,}",
            f"{_price(own.median_usd_per_chip_hour)} of {own.prices:,}",
        )
        for shipped in series.months
        if shipped.origin == CATALOG and (own := imported.get((shipped.term, shipped.kind, shipped.month)))
    )
    headers = ("month", "term", "kind", "catalog, median", "store, median")
    tables = (PageTable(headers=headers, rows=rows, numeric="   rr"),) if rows else ()
    return Section(title="Catalog beside store", lead=_both_lead(series, len(rows)), tables=tables)


def _both_lead(series: PriceSeries, shared: int) -> str:
    if not any(month.origin == STORE for month in series.months):
        return "No price of this chip was imported; add some with: tenfold prices import FILE"
    if not shared:
        return "Imported prices have no month, term and kind in common with shipped ones; both are in the charts."
    return f"{wording.counted(shared, 'month')} with prices of the same term and kind in both, nominal USD."


def _months(series: PriceSeries) -> Section:
    table = PageTable(headers=MONTH_HEADERS, rows=tuple(month_rows(series.months)), numeric="    rrrrr")
    return Section(title="Every month", lead=f"Per chip-hour in {series.currency}.", tables=(table,))
