"""Prices of chips, rented and bought: dated rows of ``prices/rental.csv`` and ``prices/purchase.csv``.

An overlay's rows replace the shipped rows of the same chip and term (rental) or of the same chip (purchase).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from tenfold.catalog.prices.rows import PriceRow, price_rows
from tenfold.catalog.prices.terms import RENTAL_TERMS
from tenfold.catalog.reading import Layer
from tenfold.quantities import Figure, FigureKind, InputError, Problem

PriceKind = Literal["listing", "contract", "transaction", "index", "implied", "estimate"]
PRICE_KINDS: tuple[str, ...] = get_args(PriceKind)
HYPERSCALER, MARKET = "hyperscaler", "market"
CLASSES = (HYPERSCALER, "neocloud", "marketplace", MARKET)
"""Who offers: a cloud of everything, a cloud of accelerators, many hosts on one site, or a sum over many offers."""
QUALITIES = ("A", "B")
"""A: dated copy of the seller's page, interface or filing. B: dated secondary source, or arithmetic on two such."""

FIGURE_KIND_OF: Mapping[str, FigureKind] = {
    "listing": "quote",
    "contract": "quote",
    "transaction": "measured",
    "index": "estimate",
    "implied": "estimate",
    "estimate": "estimate",
}


@cache  # every site asks every row
def split_regions(cell: str) -> tuple[str, ...]:
    """Names of places in a cell, between semicolons."""
    return tuple(name.strip() for name in cell.split(";") if name.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalPrice:
    """What a provider asks or takes for one chip for one hour."""

    chip: str
    provider: str
    region: str
    """Where it holds: names of regions, sites or countries between semicolons; empty for anywhere."""
    term: str
    usd_per_chip_hour: float
    as_of: datetime.date
    kind: str
    source: str
    note: str = ""
    file: str = ""
    provider_class: str = ""
    """One of ``CLASSES``; empty where an overlay does not say."""
    min_chips: int | None = None
    max_chips: int | None = None
    """Most chips the price is stated for; None where it is not said."""
    quality: str = ""

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the places the price holds at; none for anywhere."""
        return split_regions(self.region)

    @property
    def figure(self) -> Figure:
        """The price as a figure, USD/h per chip."""
        return Figure(
            value=self.usd_per_chip_hour,
            unit="USD/h",
            kind=FIGURE_KIND_OF[self.kind],
            source=self.source,
            as_of=self.as_of,
            note=self.note,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePrice:
    """What one chip costs to buy."""

    chip: str
    usd_per_chip: float
    low: float | None
    high: float | None
    as_of: datetime.date
    kind: str
    source: str
    note: str = ""
    file: str = ""

    @property
    def figure(self) -> Figure:
        """The price as a figure, USD per chip, its range as P10 and P90."""
        return Figure(
            value=self.usd_per_chip,
            unit="USD",
            kind=FIGURE_KIND_OF[self.kind],
            source=self.source,
            as_of=self.as_of,
            low=self.low,
            high=self.high,
            note=self.note,
        )


RENTAL_COLUMNS = (
    *("chip", "provider", "class", "region", "term", "min_chips", "max_chips", "usd_per_chip_hour"),
    *("as_of", "kind", "quality", "source", "note"),
)
RENTAL_OPTIONAL = ("class", "min_chips", "max_chips", "quality")
"""Columns that a file may leave out."""
PURCHASE_COLUMNS = ("chip", "usd_per_chip", "low", "high", "as_of", "kind", "source", "note")


def read_rental_prices(layers: Sequence[Layer], problems: list[Problem]) -> tuple[tuple[RentalPrice, ...], ...]:
    """Read ``prices/rental.csv`` of each layer, in the order of the layers."""
    return tuple(
        tuple(
            price
            for row in price_rows(layer, "rental", RENTAL_COLUMNS, problems, optional=RENTAL_OPTIONAL)
            if (price := _rental(row, problems))
        )
        for layer in layers
    )


def read_purchase_prices(layers: Sequence[Layer], problems: list[Problem]) -> tuple[tuple[PurchasePrice, ...], ...]:
    """Read ``prices/purchase.csv`` of each layer, in the order of the layers."""
    return tuple(
        tuple(
            price
            for row in price_rows(layer, "purchase", PURCHASE_COLUMNS, problems)
            if (price := _purchase(row, problems))
        )
        for layer in layers
    )


def _rental(row: PriceRow, problems: list[Problem]) -> RentalPrice | None:
    before = len(problems)
    cells = row.cells
    price, as_of = row.money("usd_per_chip_hour", "USD/h", problems), row.day("as_of", problems)
    least, most = row.count("min_chips", problems), row.count("max_chips", problems)
    row.one_of("term", RENTAL_TERMS, problems)
    row.one_of("kind", PRICE_KINDS, problems)
    row.one_of("class", ("", *CLASSES), problems)
    row.one_of("quality", ("", *QUALITIES), problems)
    row.filled(("chip", "provider", "source"), problems)
    if len(problems) > before or price is None or as_of is None:
        return None
    text = {name: cells[name] for name in ("chip", "provider", "region", "term", "kind", "source", "note")}
    return RentalPrice(
        **text,
        usd_per_chip_hour=price,
        as_of=as_of,
        file=row.file,
        provider_class=cells["class"],
        min_chips=least,
        max_chips=most,
        quality=cells["quality"],
    )


def _purchase(row: PriceRow, problems: list[Problem]) -> PurchasePrice | None:
    before = len(problems)
    price, as_of = row.money("usd_per_chip", "USD", problems), row.day("as_of", problems)
    low, high = (row.money(end, "USD", problems) if row.cells[end] else None for end in ("low", "high"))
    row.one_of("kind", PRICE_KINDS, problems)
    row.filled(("chip", "source"), problems)
    if len(problems) > before or price is None or as_of is None:
        return None
    text = {name: row.cells[name] for name in ("chip", "kind", "source", "note")}
    found = PurchasePrice(**text, usd_per_chip=price, low=low, high=high, as_of=as_of, file=row.file)
    try:
        _ = found.figure
    except InputError as error:
        first = error.problems[0]
        problems.append(Problem(file=row.file, key=row.key(first.key), wrong=first.wrong, remedy=first.remedy))
        return None
    return found
