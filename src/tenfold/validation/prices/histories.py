"""Monthly price histories of chips: what a buyer who may choose would have been offered.

Of every month that has a new listing: each provider's latest list no older than a year, of it the cheapest, and of
three providers or more the median. That is the rule plans are priced by. Prices of one provider hardly ever move (most
listings stand unchanged for years); the market moves because dearer providers are joined by cheaper ones, which this
keeps. It also keeps what only looks like a change: who was written down that month. Listings only: nominal USD per
chip-hour.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from tenfold.catalog import Catalog, PastPrice
from tenfold.economics import PriceHistory

ORIGIN_YEAR = 2020
"""Times are years since its beginning."""
KIND = "listing"
LISTINGS = "Listings move less than prices paid, so paths are too narrow for contracts"
"""What to know of everything that is fitted to them."""
MARKET = "market"
"""Provider of rows that sum up many; an offer of nobody."""
FRESH = datetime.timedelta(days=365)
ENOUGH_PROVIDERS = 3
FEWEST_MONTHS = 4


def price_histories(catalog: Catalog, term: str) -> tuple[PriceHistory, ...]:
    """History of every chip with enough months and providers under a term, in the order of their keys."""
    by_chip: dict[str, list[PastPrice]] = {}
    for past in rows_of(catalog, term):
        by_chip.setdefault(past.chip, []).append(past)
    found = (_history(chip, rows) for chip, rows in sorted(by_chip.items()))
    return tuple(history for history in found if len(history.years) >= FEWEST_MONTHS)


def rows_of(catalog: Catalog, term: str) -> Iterator[PastPrice]:
    """Rows of the catalog's history that the histories of a term are made of."""
    for past in catalog.price_history:
        if past.term == term and past.kind == KIND and past.provider != MARKET:
            yield past


def _history(chip: str, rows: Sequence[PastPrice]) -> PriceHistory:
    months = sorted({row.month for row in rows})
    offered = [(month, offers) for month in months if len(offers := _offers(rows, month)) >= ENOUGH_PROVIDERS]
    return PriceHistory(
        name=chip,
        years=np.array([month.year - ORIGIN_YEAR + (month.month - 1) / 12.0 for month, _ in offered]),
        log_price=np.log([median(offers) for _, offers in offered]),
    )


def _offers(rows: Sequence[PastPrice], month: datetime.date) -> list[float]:
    """The cheapest of each provider's latest list that is still fresh in a month."""
    latest: dict[str, tuple[datetime.date, float]] = {}
    for row in rows:
        if datetime.timedelta(0) <= month - row.month <= FRESH:
            day, price = latest.get(row.provider, (datetime.date.min, 0.0))
            if row.month > day or (row.month == day and row.usd_per_chip_hour < price):
                latest[row.provider] = row.month, row.usd_per_chip_hour
    return [price for _, price in latest.values()]
