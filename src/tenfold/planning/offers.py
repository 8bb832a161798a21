"""What chips can be had for: one price with a range for each chip and way of supply.

Renting: of each provider the cheapest region of its latest list, no older than a year before the newest list of the
chip and term. Prices paid (contracts, transactions) count before prices asked. Of three providers or more the price
is the median and its range the middle half: a buyer chooses among offers, so neither the dearest quarter nor
the cheapest few chips set the price of thousands. Of fewer, the range is ``planning.single_price_ratio``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, RentalPrice
from tenfold.quantities import Figure, MissingFigureError, NamedFigure, Shortfall

MARKET = "market"
"""Provider of rows that sum up many providers; used where too few single ones are known."""
PAID = ("contract", "transaction")
FRESH = datetime.timedelta(days=365)
ENOUGH = 3
NOT_SOLD = "not sold"
"""How the note of a purchase price begins when the chip is only rented out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A chip under one way of supply, with its price: USD/h rented, USD bought."""

    chip: str
    supply: str
    price: NamedFigure


def find_offers(
    catalog: Catalog, chips: Sequence[str], supplies: Sequence[str]
) -> tuple[Mapping[tuple[str, str], Offer], Mapping[tuple[str, str], Shortfall]]:
    """Price every chip under every supply; what has no price is a shortfall that says where to add one."""
    offers: dict[tuple[str, str], Offer] = {}
    missing: dict[tuple[str, str], Shortfall] = {}
    for chip in chips:
        for supply in supplies:
            found = purchase_figure(catalog, chip) if supply == "own" else rental_figure(catalog, chip, supply)
            if isinstance(found, Shortfall):
                missing[chip, supply] = found
            else:
                named = NamedFigure(name=f"prices/{chip}/{supply}", figure=found)
                offers[chip, supply] = Offer(chip=chip, supply=supply, price=named)
    return offers, missing


def rental_figure(catalog: Catalog, chip: str, term: str) -> Figure | Shortfall:
    """Price of renting a chip for a term, USD/h."""
    rows = _comparable(catalog.rental_prices(chip, term))
    if not rows:
        return Shortfall(
            kind="price",
            short=f"no {term} price for {chip}",
            nearest="add it to prices/rental.csv of an overlay",
        )
    prices = np.array([row.usd_per_chip_hour for row in rows])
    middle = float(np.median(prices))
    newest = max(row.as_of for row in rows)
    said = ", ".join(f"{row.provider} ${row.usd_per_chip_hour:.2f}" for row in rows)
    if len(rows) >= ENOUGH:
        low, high = (float(end) for end in np.quantile(prices, [0.25, 0.75]))
        note = f"median and middle half of {len(rows)} providers: {said}"
        merged = "; ".join(dict.fromkeys(row.source for row in rows))
        return Figure(
            value=middle, unit="USD/h", kind="quote", source=merged, as_of=newest, low=low, high=high, note=note
        )
    ratio = catalog.assumption("planning.single_price_ratio")
    note = f"{said}; range by planning.single_price_ratio" + (f"; {rows[0].note}" if rows[0].note else "")
    source = "; ".join(dict.fromkeys(row.source for row in rows))
    return _ranged(replace(rows[0].figure, value=middle, source=source, as_of=newest, note=note), ratio)


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
        return Shortfall(kind="price", short=f"{chip} is not sold", nearest="rent it")
    figure = price.figure
    return figure if figure.low is not None else _ranged(figure, catalog.assumption("planning.single_price_ratio"))


def _comparable(rows: Sequence[RentalPrice]) -> list[RentalPrice]:
    """Pick the rows that make the price: fresh, paid before asked, one for each provider."""
    paid = [row for row in rows if row.kind in PAID]
    rows = paid or rows
    newest = max((row.as_of for row in rows), default=datetime.date.min)
    fresh = [row for row in rows if newest - row.as_of <= FRESH]
    latest = {row.provider: max(other.as_of for other in fresh if other.provider == row.provider) for row in fresh}
    cheapest: dict[str, RentalPrice] = {}
    for row in fresh:
        best = cheapest.get(row.provider)
        if row.as_of == latest[row.provider] and (best is None or row.usd_per_chip_hour < best.usd_per_chip_hour):
            cheapest[row.provider] = row
    single = [row for name, row in sorted(cheapest.items()) if name != MARKET]
    market = cheapest.get(MARKET)
    return single if len(single) >= ENOUGH or market is None else [market]


def _ranged(figure: Figure, ratio: Figure) -> Figure:
    """Give a price without a range that of the ratio."""
    low, high = ratio.range
    return replace(figure, low=figure.value * low, high=figure.value * high)
