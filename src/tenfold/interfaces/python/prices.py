"""Prices of a chip over time: what the catalog ships and what the user imported, told apart."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from os import PathLike
from pathlib import Path
from statistics import median

from tenfold.catalog import RENTAL_TERMS, Catalog
from tenfold.catalog.price_files import Stated
from tenfold.catalog.price_store import FileImport, StoredMonth, store_path, stored_months
from tenfold.catalog.price_store import import_prices as add_to_store
from tenfold.quantities import InputError, Problem, parse_date, shown

CATALOG, STORE = "catalog", "store"


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


def import_prices(
    files: Sequence[str | PathLike[str]],
    *,
    date: str = "",
    provider: str = "",
    source: str = "",
    catalog: Catalog | None = None,
) -> tuple[FileImport, ...]:
    """Add price lists to the store: all files or none. ``date`` and ``provider`` stand in for what a file does not say.

    Raises ``InputError`` with everything that is wrong with the files.
    """
    from tenfold.catalog import load_catalog

    day = parse_date(date, key="date") if date else None
    stated = Stated(date=day, provider=provider, source=source)
    return add_to_store([Path(file) for file in files], stated, catalog or load_catalog())


def show_prices(chip: str, *, term: str = "", since: str = "", catalog: Catalog | None = None) -> PriceSeries:
    """Prices of a chip by month. Raises ``InputError`` for an unknown chip, term or date."""
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    if term and term not in RENTAL_TERMS:
        remedy = f"Use one of {', '.join(RENTAL_TERMS)}"
        raise InputError(Problem(file="", key="term", wrong=f"{shown(term)} is no term of a price", remedy=remedy))
    start = parse_date(since, key="since") if since else datetime.date.min
    key = known.chip(chip).key
    shipped = (row for row in _shipped(known, key) if row.month >= start.replace(day=1) and term in ("", row.term))
    stored = (_stored(month) for month in stored_months(key, term, start))
    return PriceSeries(
        chip=key,
        currency="USD, nominal",
        months=(*_by_month(shipped), *stored),
        store=str(store_path()),
    )


def _shipped(catalog: Catalog, chip: str) -> Iterable[_Row]:
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
