"""Tables and bars of prices over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from tenfold.catalog.prices import STORE, FileImport, PriceMonth, PriceSeries
from tenfold.reports.tables.grid import bar, grid_table, lines

BAR_CELLS = 40
MONTH_HEADERS = ("month", "from", "term", "kind", "low", "median", "high", "prices", "providers")


def import_tables(done: Sequence[FileImport]) -> Iterator[RenderableType]:
    """What was added of each file, and the names no chip has."""
    headers = ("file", "format", "rows", "added", "known", "left out", "chips")
    rows = [
        (each.file, each.format, f"{each.rows:,}", f"{each.added:,}", f"{each.known:,}", f"{each.left_out:,}",
         f"{len(each.chips):,}")
        for each in done
    ]  # fmt: skip
    yield grid_table(f"{sum(each.added for each in done):,} prices added", headers, rows, "  rrrrr")
    unmatched = sorted({name for each in done for name in each.unmatched})
    if unmatched:
        yield Text("")
        yield lines("Kept under their listed names, which no chip of the catalog has", unmatched)


def price_tables(series: PriceSeries) -> Iterator[RenderableType]:
    """The verdict and one table of months."""
    yield from _opening(series)
    rows = month_rows(series.months)
    if rows:
        yield grid_table("USD per chip-hour, nominal", MONTH_HEADERS, rows, "    rrrrr")
    yield from _closing(series)


def month_rows(months: Sequence[PriceMonth]) -> list[tuple[str, ...]]:
    """Each month with its range, under ``MONTH_HEADERS``."""
    return [
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
        for month in months
    ]


def price_chart(series: PriceSeries) -> Iterator[RenderableType]:
    """The verdict and a bar a month: the median, with the range beside it."""
    yield from _opening(series)
    largest = max((month.median_usd_per_chip_hour for month in series.months), default=0.0)
    for (origin, term, kind), found in groupby(series.months, key=lambda month: (month.origin, month.term, month.kind)):
        rows = [
            (
                f"{month.month:%Y-%m}",
                f"${month.median_usd_per_chip_hour:.2f}",
                Text(bar(month.median_usd_per_chip_hour, largest, BAR_CELLS), style="cyan"),
                f"${month.low_usd_per_chip_hour:.2f}–{month.high_usd_per_chip_hour:.2f}",
                f"{month.prices:,}",
            )
            for month in found
        ]
        title = f"{term}, {kind}, from the {origin}: median USD per chip-hour, nominal"
        yield grid_table(title, ("month", "median", "", "range", "prices"), rows, "rr rr")
        yield Text("")
    yield from _closing(series)


def _opening(series: PriceSeries) -> Iterator[RenderableType]:
    yield Text(verdict(series), style="bold")
    yield Text("")


def verdict(series: PriceSeries) -> str:
    """Say the last price."""
    latest = latest_month(series.months)
    if latest is None:
        return f"{series.chip}: no price is known. Import one with: tenfold prices import FILE"
    price = f"${latest.median_usd_per_chip_hour:.2f} per chip-hour {latest.term} in {latest.month:%Y-%m}"
    return f"{series.chip}: {price} (median of {latest.prices:,}, {latest.kind}, from the {latest.origin})"


def latest_month(months: Sequence[PriceMonth]) -> PriceMonth | None:
    """The last month on demand, or of any term where there is none."""
    asked = [month for month in months if month.term == "on-demand"] or list(months)
    return max(asked, key=lambda month: (month.month, month.prices), default=None)


def _closing(series: PriceSeries) -> Iterator[RenderableType]:
    yield Text(footer(series), style="dim")


def footer(series: PriceSeries) -> str:
    """Say how many prices were imported, and where they are."""
    stored = sum(month.prices for month in series.months if month.origin == STORE)
    return f"{stored:,} imported prices in {series.store}. Listings are asked, not paid."
