"""What a chip-hour of a fleet costs: as stated, or by the catalog."""

from __future__ import annotations

from tenfold.catalog import Catalog, price_figure, price_name
from tenfold.fleet import FleetAsked
from tenfold.quantities import NamedFigure

TERM = "on-demand"


def price_of(asked: FleetAsked, catalog: Catalog) -> tuple[float | None, tuple[NamedFigure, ...]]:
    """Price of a chip-hour, USD, and the figure it is from; None where neither price nor chip is named."""
    if asked.usd_per_chip_hour is not None or asked.chip is None:
        return asked.usd_per_chip_hour, ()
    figure = price_figure(catalog, asked.chip, TERM)
    return figure.value, (NamedFigure(name=price_name(asked.chip, TERM), figure=figure),)
