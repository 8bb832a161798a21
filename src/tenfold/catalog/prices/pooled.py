"""The price of a chip under one way of supply, of all the rows that there are: one figure with a range.

Renting: of each provider the cheapest region that holds at the place, of its latest list, no older than a year before
the newest list of the chip, term and market. Two markets are kept apart: a buyer chooses among neoclouds and
marketplaces, and pays hyperscalers' lists only for chips that nobody else offers there. Rows of every term count,
carried to the term asked for by the law of ``law``; the range is the spread between providers and what is not known of
the level, so fewer rows never give a narrower one. Rows of an overlay for a chip and term are all that counts for it,
and a contract among them is signed: it holds as it is.
"""

from __future__ import annotations

import datetime
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tenfold.catalog.prices.law import Evidence, pooled_price, term_log_ratio, term_spread, times_ratio
from tenfold.catalog.prices.places import holding_at
from tenfold.catalog.prices.records import HYPERSCALER, RentalPrice
from tenfold.catalog.prices.terms import SPOT, term_years
from tenfold.quantities import Figure, MissingFigureError, Shortfall

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog

NAMED_SOURCES = 3
OWN = "own"
"""The way of supply that is bought; every other is a term of rent."""
SIGNED = "contract"
FRESH = datetime.timedelta(days=365)
NOT_SOLD = "not sold"
"""How the note of a purchase price begins when the chip is only rented out."""
OPEN_MARKET = "neocloud"
"""The market a buyer chooses in: neoclouds, marketplaces, and indices over them."""
MARKETS = (OPEN_MARKET, HYPERSCALER)
MARKET_RATIO, MARKET_SPREAD = "any.hyperscaler_ratio", "any.hyperscaler_ratio_spread"


def rental_figure(
    catalog: Catalog, chip: str, term: str, place: str | None = None, market: str | None = None
) -> Figure | Shortfall:
    """Price of renting a chip for a term, USD/h, at a site or anywhere, in a market of ``MARKETS`` or the buyer's.

    A market in which nobody lists a chip that owners there hold asks what the other one does, carried across.
    """
    record = catalog.chip(chip)
    catalog.rental_prices(record.key, term)
    held = holding_at(catalog.rental_prices(record.key), None if place is None else catalog.site(place))
    stated = [row for row in held if row.term == term and (row.chip, term) in catalog.price_rows.stated]
    if stated:
        return _stated_price(stated, catalog)
    market = market or market_of(held)
    rows = fresh_rows(held, market)
    if rows:
        return _pooled(rows, term, market, catalog)
    (listed,) = (each for each in MARKETS if each != market)
    others = fresh_rows(held, listed)
    return _across(others, term, listed, catalog) if others else no_price(catalog, record.key, term, place)


def market_of(rows: Iterable[RentalPrice]) -> str:
    """Market a buyer of a chip is in: hyperscalers' where nobody else offers it."""
    return OPEN_MARKET if any(market_of_row(row) == OPEN_MARKET for row in rows) else HYPERSCALER


def fresh_rows(rows: Sequence[RentalPrice], market: str) -> list[RentalPrice]:
    """Pick the rows of a market that make prices: fresh for their term, one for each provider and term."""
    of_market = [row for row in rows if market_of_row(row) == market]
    newest: dict[str, datetime.date] = {}
    for row in of_market:
        newest[row.term] = max(row.as_of, newest.get(row.term, row.as_of))
    picked: dict[tuple[str, str], RentalPrice] = {}
    for row in of_market:
        if newest[row.term] - row.as_of <= FRESH:
            best = picked.get((row.provider, row.term))
            if best is None or (row.as_of, -row.usd_per_chip_hour) > (best.as_of, -best.usd_per_chip_hour):
                picked[row.provider, row.term] = row
    return [picked[key] for key in sorted(picked)]


def purchase_figure(catalog: Catalog, chip: str) -> Figure | Shortfall:
    """Price of buying a chip, USD."""
    try:
        price = catalog.purchase_price(chip)
    except MissingFigureError:
        return Shortfall(
            kind="price",
            short=f"no purchase price for {chip}",
            nearest="add it to prices/purchase.csv of an overlay",
        )
    if price.note.startswith(NOT_SOLD):
        return Shortfall(kind="supply", short=f"{chip} is not sold", nearest="rent it")
    figure = price.figure
    if figure.low is not None:
        return figure
    low, high = catalog.assumption("planning.single_price_ratio").range
    return replace(figure, low=figure.value * low, high=figure.value * high)


@dataclass(frozen=True, slots=True)
class Law:
    """Fitted constants of a market."""

    provider_spread: float
    exponent: float
    term_spread: float
    spot_log_ratio: float
    spot_spread: float
    region_spread: float
    name: str

    @classmethod
    def of(cls, catalog: Catalog, market: str) -> Law:
        """Constants of a market."""
        fitted = catalog.calibration("supply")
        return cls(
            provider_spread=fitted.constant(f"{market}.provider_spread"),
            exponent=fitted.constant(f"{market}.term_exponent"),
            term_spread=fitted.constant(f"{market}.term_spread"),
            spot_log_ratio=math.log(fitted.constant("any.spot_ratio")),
            spot_spread=fitted.constant("any.spot_spread"),
            region_spread=fitted.constant("any.region_spread"),
            name=f"calibrations/supply, {market}",
        )

    def moved(self, start: str, end: str) -> float:
        """Log of a price at the term ``end`` over that at ``start``."""
        spot = self.spot_log_ratio * ((end == SPOT) - (start == SPOT))
        return spot + term_log_ratio(term_years(end), self.exponent) - term_log_ratio(term_years(start), self.exponent)

    def carried(self, start: str, end: str) -> float:
        """Standard deviation in logs of what ``moved`` gives."""
        spot = self.spot_spread if (start == SPOT) != (end == SPOT) else 0.0
        return math.hypot(spot, term_spread(term_years(start), term_years(end), self.term_spread))


def _pooled(rows: Sequence[RentalPrice], term: str, market: str, catalog: Catalog) -> Figure:
    law = Law.of(catalog, market)
    groups = [_evidence(found, start, term, law) for start, found in by_term(rows).items()]
    value, low, high = pooled_price(groups, law.provider_spread)
    direct = [row for row in rows if row.term == term]
    others = ", ".join(f"{name} ({len(found)})" for name, found in by_term(rows).items() if name != term)
    said = ", ".join(f"{row.provider} ${row.usd_per_chip_hour:.2f}" for row in direct) or f"nobody lists {term}"
    carried = f"; carried from {others}" if others else ""
    return Figure(
        value=value,
        unit="USD/h",
        kind="quote" if direct else "estimate",
        source=sources_of(direct or rows),
        as_of=max(row.as_of for row in direct or rows),
        low=low,
        high=high,
        note=f"{market} price of {len(direct)} providers: {said}{carried}; range by {law.name}",
    )


def _across(rows: Sequence[RentalPrice], term: str, listed: str, catalog: Catalog) -> Figure:
    """Price in the market that lists nothing, of the rows of the other one."""
    fitted, price = catalog.calibration("supply"), _pooled(rows, term, listed, catalog)
    ratio = math.log(fitted.constant(MARKET_RATIO)) * (1.0 if listed == OPEN_MARKET else -1.0)
    spread = fitted.constant(MARKET_SPREAD)
    value, low, high = times_ratio((price.value, *price.range), ratio, spread)
    note = f"carried to the other market, which lists none, by {MARKET_RATIO}: {price.note}"
    return replace(price, value=value, low=low, high=high, kind="estimate", note=note)


def _evidence(rows: Sequence[RentalPrice], start: str, end: str, law: Law) -> Evidence:
    middle = math.log(statistics.median(row.usd_per_chip_hour for row in rows))
    return Evidence(
        log_price=middle + law.moved(start, end), providers=len(rows), carried_spread=law.carried(start, end)
    )


def _stated_price(rows: Sequence[RentalPrice], catalog: Catalog) -> Figure:
    """Price that an overlay states: a signed one as it is, listings with the spread between providers."""
    signed = [row for row in rows if row.kind == SIGNED]
    if signed:
        cheapest = min(signed, key=lambda row: row.usd_per_chip_hour)
        return replace(cheapest.figure, low=cheapest.usd_per_chip_hour, high=cheapest.usd_per_chip_hour)
    market = market_of(rows)
    return _pooled(fresh_rows(rows, market), rows[0].term, market, catalog)


def by_term(rows: Iterable[RentalPrice]) -> Mapping[str, list[RentalPrice]]:
    """Rows by the term that they are for."""
    found: dict[str, list[RentalPrice]] = {}
    for row in rows:
        found.setdefault(row.term, []).append(row)
    return found


def market_named(provider_class: str) -> str:
    """Market that a class of providers sells in."""
    return HYPERSCALER if provider_class == HYPERSCALER else OPEN_MARKET


def market_of_row(row: RentalPrice) -> str:
    """Market that a row is of."""
    return market_named(row.provider_class)


def sources_of(rows: Iterable[RentalPrice]) -> str:
    """Sources of rows, the first few by name: a line of a report has room for no more."""
    found = list(dict.fromkeys(row.source for row in rows))
    more = f"; {len(found) - NAMED_SOURCES} more in prices/rental.csv" if len(found) > NAMED_SOURCES else ""
    return "; ".join(found[:NAMED_SOURCES]) + more


def no_price(catalog: Catalog, chip: str, term: str, place: str | None) -> Shortfall:
    """Say that nobody asks a price, and where a chip is offered."""
    where = sorted({name for row in catalog.rental_prices(chip) for name in row.regions})
    at = f" at {place}" if place else ""
    offered = f"it is offered in {', '.join(where)}; " if place and where else ""
    return Shortfall(
        kind="supply" if offered else "price",
        short=f"no {term} price for {chip}{at}",
        nearest=f"{offered}add it to prices/rental.csv of an overlay",
    )
