"""Prices of chips, rented and bought: dated rows of ``prices/rental.csv`` and ``prices/purchase.csv``.

An overlay's rows replace the shipped rows of the same chip and term (rental) or of the same chip (purchase).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tenfold.catalog.prices.rows import PriceRow, price_rows
from tenfold.catalog.reading import Layer
from tenfold.quantities import Figure, FigureKind, InputError, Problem, parse_date

RentalTerm = Literal["on-demand", "reserved-1y", "reserved-3y", "spot"]
PriceKind = Literal["listing", "contract", "transaction", "estimate"]
RENTAL_TERMS: tuple[str, ...] = get_args(RentalTerm)
PRICE_KINDS: tuple[str, ...] = get_args(PriceKind)

FIGURE_KIND_OF: Mapping[str, FigureKind] = {
    "listing": "quote",
    "contract": "quote",
    "transaction": "measured",
    "estimate": "estimate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalPrice:
    """What a provider asks or takes for one chip for one hour."""

    chip: str
    provider: str
    region: str
    term: str
    usd_per_chip_hour: float
    as_of: datetime.date
    kind: str
    source: str
    note: str = ""
    file: str = ""

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


RENTAL_COLUMNS = ("chip", "provider", "region", "term", "usd_per_chip_hour", "as_of", "kind", "source", "note")
PURCHASE_COLUMNS = ("chip", "usd_per_chip", "low", "high", "as_of", "kind", "source", "note")


def read_rental_prices(layers: Sequence[Layer], problems: list[Problem]) -> tuple[tuple[RentalPrice, ...], ...]:
    """Read ``prices/rental.csv`` of each layer, in the order of the layers."""
    return tuple(
        tuple(
            price for row in price_rows(layer, "rental", RENTAL_COLUMNS, problems) if (price := _rental(row, problems))
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
    price, as_of = row.money("usd_per_chip_hour", "USD/h", problems), _date(row, problems)
    row.one_of("term", RENTAL_TERMS, problems)
    row.one_of("kind", PRICE_KINDS, problems)
    row.filled(("chip", "provider", "source"), problems)
    if len(problems) > before or price is None or as_of is None:
        return None
    text = {name: cells[name] for name in ("chip", "provider", "region", "term", "kind", "source", "note")}
    return RentalPrice(**text, usd_per_chip_hour=price, as_of=as_of, file=row.file)


def _purchase(row: PriceRow, problems: list[Problem]) -> PurchasePrice | None:
    before = len(problems)
    price, as_of = row.money("usd_per_chip", "USD", problems), _date(row, problems)
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


def _date(row: PriceRow, problems: list[Problem]) -> datetime.date | None:
    try:
        return parse_date(row.cells["as_of"], file=row.file, key=row.key("as_of"))
    except InputError as error:
        problems.extend(error.problems)
    return None
