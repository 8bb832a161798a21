"""Names of prices, and the prices they name: "prices/gb200/on-demand+neocloud>10000@nordics"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.catalog.prices.deep import deep_figure
from tenfold.catalog.prices.pooled import OWN, purchase_figure, rental_figure
from tenfold.quantities import Figure, MissingFigureError, Problem, Shortfall

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog

AT = "@"
"""Stands before the site in the name of a price at a place: "on-demand@nordics"."""
OF = "+"
"""Stands before the market in the name of a price that is not of the buyer's own: "on-demand+hyperscaler"."""
FROM = ">"
"""Stands before the chips that a seller can hand over: "on-demand+neocloud>10000" is a price of those who can."""


def price_figure(catalog: Catalog, chip: str, supply: str, place: str | None = None) -> Figure:
    """Price of a chip under a way of supply at a site, or anywhere.

    ``supply`` may hold the site ("on-demand@nordics"), the market ("on-demand+hyperscaler") and the chips that its
    sellers can hand over ("on-demand+neocloud>10000"). Raises ``MissingFigureError`` where there is none.
    """
    term, _, named = supply.partition(AT)
    term, _, market = term.partition(OF)
    market, _, deep = market.partition(FROM)
    place = named or place
    found = _found(catalog, chip, term, place, market, deep)
    if isinstance(found, Shortfall):
        raise MissingFigureError(Problem(file="", key="", wrong=found.short, remedy=found.nearest.capitalize()))
    return found


def _found(catalog: Catalog, chip: str, term: str, place: str | None, market: str, deep: str) -> Figure | Shortfall:
    if term == OWN:
        return purchase_figure(catalog, chip)
    if deep.isdecimal():
        return deep_figure(catalog, chip, term, place, market, int(deep)).price
    return rental_figure(catalog, chip, term, place, market or None)


def price_name(
    chip: str, supply: str, place: str | None = None, market: str | None = None, deep: int | None = None
) -> str:
    """Name of a price as ``figure_of`` knows it; ``deep`` are the chips that its sellers can hand over."""
    if supply == OWN:
        return f"prices/{chip}/{supply}"
    whose = f"{OF}{market}" if market else ""
    whose += "" if deep is None else f"{FROM}{deep}"
    return f"prices/{chip}/{supply}{whose}" + (f"{AT}{place}" if place else "")
