"""The price of a chip under one way of supply, of all the rows that there are: one figure with a range.

Renting: of each provider the cheapest region of its latest list, no older than a year before the newest list of the
chip and term. Prices paid (contracts, transactions) count before prices asked. Of three providers or more the price
is the median and its range the middle half: a buyer chooses among offers, so neither the dearest quarter nor
the cheapest few chips set the price of thousands. Of fewer, the range is ``planning.single_price_ratio``.
"""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tenfold.catalog.prices.records import RentalPrice
from tenfold.quantities import Figure, MissingFigureError, Problem, Shortfall

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog

ON_DEMAND = "on-demand"
OWN = "own"
"""The way of supply that is bought; every other is a term of rent."""
MARKET = "market"
"""Provider of rows that sum up many providers; used where too few single ones are known."""
PAID = ("contract", "transaction")
FRESH = datetime.timedelta(days=365)
ENOUGH = 3
OVER_ON_DEMAND = "over-on-demand"
"""Last part of the name of a price that is known only over the price on demand."""
NOT_SOLD = "not sold"
"""How the note of a purchase price begins when the chip is only rented out."""


def price_figure(catalog: Catalog, chip: str, supply: str) -> Figure:
    """Price of a chip under a way of supply, or of a term over the price on demand ("spot/over-on-demand").

    Raises ``MissingFigureError`` where there is none.
    """
    term, _, over = supply.partition("/")
    relative = relative_rental_figure(catalog, chip, term) if over == OVER_ON_DEMAND else None
    if relative is not None:
        return relative
    found = purchase_figure(catalog, chip) if supply == OWN else rental_figure(catalog, chip, supply)
    if isinstance(found, Shortfall):
        raise MissingFigureError(Problem(file="", key="", wrong=found.short, remedy=found.nearest.capitalize()))
    return found


def rental_figure(catalog: Catalog, chip: str, term: str) -> Figure | Shortfall:
    """Price of renting a chip for a term, USD/h."""
    rows = _comparable(catalog.rental_prices(chip, term))
    if not rows:
        return Shortfall(
            kind="price",
            short=f"no {term} price for {chip}",
            nearest="add it to prices/rental.csv of an overlay",
        )
    prices = [row.usd_per_chip_hour for row in rows]
    middle = statistics.median(prices)
    newest = max(row.as_of for row in rows)
    said = ", ".join(f"{row.provider} ${row.usd_per_chip_hour:.2f}" for row in rows)
    if len(rows) >= ENOUGH:
        low, _, high = statistics.quantiles(prices, n=4, method="inclusive")
        note = f"median and middle half of {len(rows)} providers: {said}"
        merged = "; ".join(dict.fromkeys(row.source for row in rows))
        return Figure(
            value=middle, unit="USD/h", kind="quote", source=merged, as_of=newest, low=low, high=high, note=note
        )
    ratio = catalog.assumption("planning.single_price_ratio")
    note = f"{said}; range by planning.single_price_ratio" + (f"; {rows[0].note}" if rows[0].note else "")
    source = "; ".join(dict.fromkeys(row.source for row in rows))
    return _ranged(replace(rows[0].figure, value=middle, source=source, as_of=newest, note=note), ratio)


def relative_rental_figure(catalog: Catalog, chip: str, term: str) -> Figure | None:
    """Price of a term over the price on demand, at the median of the providers and regions that ask both.

    None where a price was paid, which counts as it is, and where nobody asks both.
    """
    rows = catalog.rental_prices(chip, term)
    asks = {(row.provider, row.region): row.usd_per_chip_hour for row in catalog.rental_prices(chip, ON_DEMAND)}
    paired = [(row, asks[row.provider, row.region]) for row in rows if (row.provider, row.region) in asks]
    if not paired or any(row.kind in PAID for row in rows):
        return None
    ratio = statistics.median(row.usd_per_chip_hour / beside for row, beside in paired)
    low, high = catalog.assumption("planning.single_price_ratio").range
    who = ", ".join(dict.fromkeys(row.provider for row, _ in paired))
    return Figure(
        value=ratio,
        unit="1",
        low=ratio * low,
        high=ratio * high,
        kind="estimate",
        source="; ".join(dict.fromkeys(row.source for row, _ in paired)),
        as_of=max(row.as_of for row, _ in paired),
        note=f"price over the price on demand, as {who} asks; range by planning.single_price_ratio",
    )


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
