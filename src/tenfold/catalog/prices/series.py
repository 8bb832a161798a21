"""Prices of a chip by month: what the catalog ships and what the user imported, told apart."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from tenfold.catalog.prices.history import PastPrice
from tenfold.catalog.prices.records import FIGURE_KIND_OF, RentalPrice
from tenfold.catalog.prices.store import IMPORTED, StoredMonth, store_path, stored_months
from tenfold.quantities import CatalogError, Figure, Problem, shown

CATALOG, STORE = "catalog", "store"


class KnownPrices(Protocol):
    """What a series needs of a catalog."""

    @property
    def price_history(self) -> tuple[PastPrice, ...]:
        """What chips were offered for in past months."""
        ...

    def rental_prices(self, chip: str) -> tuple[RentalPrice, ...]:
        """Rental prices of a chip."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMonth:
    """Prices of a chip in one month, of one origin, term and kind: nominal US dollars per chip-hour."""

    origin: str
    """``catalog`` for shipped prices (and overlays), ``store`` for imported ones."""
    term: str
    kind: str
    """``listing``, ``contract``, ``transaction``, or ``estimate``."""
    month: datetime.date
    prices: int
    providers: int
    low_usd_per_chip_hour: float
    median_usd_per_chip_hour: float
    high_usd_per_chip_hour: float
    sources: tuple[str, ...]

    @property
    def figure(self) -> Figure:
        """The median as a figure, USD/h per chip."""
        return Figure(
            value=self.median_usd_per_chip_hour,
            unit="USD/h",
            kind=FIGURE_KIND_OF[self.kind],
            source="; ".join(self.sources),
            as_of=self.month,
            note=f"{self.kind} from the {self.origin}; prices: {self.prices:,}, providers: {self.providers:,}",
        )


def month_name(chip: str, month: PriceMonth) -> str:
    """Name of a month of a chip's price as ``figure_of`` knows it."""
    return f"price_months/{chip}/{month.origin}/{month.term}/{month.kind}/{month.month:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeries:
    """All that is known of the price of renting a chip."""

    chip: str
    currency: str
    """US dollars, nominal: of the day each price held."""
    months: tuple[PriceMonth, ...]
    """By origin, term, kind and month."""
    store: str
    """File of the imported prices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    term: str
    kind: str
    month: datetime.date
    provider: str
    usd_per_chip_hour: float
    prices: int
    source: str


def price_series(catalog: KnownPrices, chip: str, term: str, start: datetime.date) -> PriceSeries:
    """Prices of a chip, given by key, from the month of ``start`` on; an empty ``term`` asks for all."""
    shipped = (row for row in _shipped(catalog, chip) if row.month >= start.replace(day=1) and term in ("", row.term))
    stored = (_stored(month) for month in stored_months(chip, term, start))
    return PriceSeries(
        chip=chip,
        currency="USD, nominal",
        months=(*_by_month(shipped), *stored),
        store=str(store_path()),
    )


def month_figure(catalog: KnownPrices, path: str) -> Figure:
    """Figure of a month of a chip's price by its name. Raises ``CatalogError`` where there is none."""
    chip = path.split("/")[1]
    months = price_series(catalog, chip, "", datetime.date.min).months
    for month in months:
        if month_name(chip, month) == path:
            return month.figure
    remedy = "Write price_months/chip/origin/term/kind/month, see tenfold prices show"
    raise CatalogError(Problem(file="", key="", wrong=f"no price at {shown(path)}", remedy=remedy))


def _shipped(catalog: KnownPrices, chip: str) -> Iterable[_Row]:
    """Rows of the history and of the price table; of one provider, month and term the latter counts."""
    now = [
        _Row(
            term=row.term,
            kind=row.kind,
            month=row.as_of.replace(day=1),
            provider=row.provider,
            usd_per_chip_hour=row.usd_per_chip_hour,
            prices=1,
            source=row.source,
        )
        for row in catalog.rental_prices(chip)
        if row.file != IMPORTED
    ]
    given = {(row.term, row.month, row.provider) for row in now}
    for past in catalog.price_history:
        if past.chip == chip and (past.term, past.month, past.provider) not in given:
            yield _Row(
                term=past.term,
                kind=past.kind,
                month=past.month,
                provider=past.provider,
                usd_per_chip_hour=past.usd_per_chip_hour,
                prices=past.prices,
                source=past.source,
            )
    yield from now


def _by_month(rows: Iterable[_Row]) -> Iterable[PriceMonth]:
    from statistics import median

    def place(row: _Row) -> tuple[str, str, datetime.date]:
        return row.term, row.kind, row.month

    for (term, kind, month), found in groupby(sorted(rows, key=place), key=place):
        group = list(found)
        prices = [row.usd_per_chip_hour for row in group]
        yield PriceMonth(
            origin=CATALOG,
            term=term,
            kind=kind,
            month=month,
            prices=sum(row.prices for row in group),
            providers=len({row.provider for row in group}),
            low_usd_per_chip_hour=min(prices),
            median_usd_per_chip_hour=median(prices),
            high_usd_per_chip_hour=max(prices),
            sources=tuple(dict.fromkeys(row.source for row in group)),
        )


def _stored(month: StoredMonth) -> PriceMonth:
    return PriceMonth(
        origin=STORE,
        term=month.term,
        kind=month.kind,
        month=month.month,
        prices=month.prices,
        providers=month.providers,
        low_usd_per_chip_hour=month.low,
        median_usd_per_chip_hour=month.median,
        high_usd_per_chip_hour=month.high,
        sources=tuple(month.sources.split("; ")),
    )
