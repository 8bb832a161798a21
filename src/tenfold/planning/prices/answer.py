"""The answer about prices over time."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalog.prices import PriceMonth
from tenfold.planning.prices.question import PricesShowQuestion
from tenfold.quantities import Made, NamedFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesShowAnswer:
    """All that is known of the price of renting a chip."""

    question: PricesShowQuestion
    made: Made
    chip: str
    currency: str
    """US dollars, nominal: of the day each price held."""
    months: tuple[PriceMonth, ...]
    """By origin, term, kind and month."""
    latest: PriceMonth | None
    """The last month on demand, or of any term where there is none; None where no price is known."""
    shipped_prices: int
    imported_prices: int
    store: str
    """File of the imported prices."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """The median of each month."""
