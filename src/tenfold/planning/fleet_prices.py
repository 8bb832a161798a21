"""What a chip-hour of a fleet costs: as stated, or by the catalog."""

from __future__ import annotations

from tenfold.catalog import Catalog, price_figure, price_name
from tenfold.fleet import FleetAsked, drawn_note
from tenfold.quantities import MissingFigureError, NamedFigure

TERM = "on-demand"


def price_of(asked: FleetAsked, catalog: Catalog) -> tuple[float | None, tuple[NamedFigure, ...]]:
    """Price of a chip-hour, USD, and the figure it is from; None where neither is named, or nobody lists the chip."""
    if asked.usd_per_chip_hour is not None or asked.chip is None:
        return asked.usd_per_chip_hour, ()
    try:
        figure = price_figure(catalog, asked.chip, TERM)
    except MissingFigureError:
        return None, ()
    return figure.value, (NamedFigure(name=price_name(asked.chip, TERM), figure=figure),)


def price_notes(asked: FleetAsked, price: float | None) -> tuple[str, ...]:
    """What is said where nothing is priced."""
    if price is not None:
        return ()
    if asked.chip is None:
        return ("--chip or --usd-per-chip-hour says what it costs",)
    return (f"Nobody lists {asked.chip} {TERM}: nothing is priced. Give --usd-per-chip-hour",)


def asked_notes(asked: FleetAsked, price: float | None) -> tuple[str, ...]:
    """What is said of jobs that are drawn, and of what nothing is priced by."""
    return (*drawn_note(asked), *price_notes(asked, price))
