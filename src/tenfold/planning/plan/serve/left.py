"""What one model leaves of the chips that the question itself offers, for the models after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from tenfold.catalog import Catalog
from tenfold.planning.plan.answer import Design
from tenfold.planning.plan.means import EXISTING, QUOTE, Existing, Means, Quoted, joining
from tenfold.planning.plan.serve.answer import FleetDesign

Stated = TypeVar("Stated", Existing, Quoted)


def left_of(means: Means, taken: FleetDesign | Design | None, catalog: Catalog) -> Means:
    """Means without the chips that a fleet takes of those that are there, and of the offers that the asker holds."""
    if taken is None or not (means.existing or means.quotes):
        return means
    return replace(
        means,
        existing=tuple(_rest(means.existing, taken, taken_there(taken), catalog)),
        quotes=tuple(_rest(means.quotes, taken, _of_quotes(taken), catalog)),
    )


def taken_there(fleet: FleetDesign | Design) -> int:
    """Chips of a fleet that were there already."""
    return fleet.chips if fleet.supply == EXISTING else fleet.chips_there


def _of_quotes(fleet: FleetDesign | Design) -> int:
    return fleet.chips - fleet.chips_there if fleet.supply in (QUOTE, joining(QUOTE)) else 0


def _rest(stated: tuple[Stated, ...], fleet: FleetDesign | Design, chips: int, catalog: Catalog) -> Iterator[Stated]:
    """What is left of each, taken in their order from those of the fleet's chip, site and seller."""
    for each in stated:
        away = min(chips, each.chips) if _is_of(each, fleet, catalog) else 0
        chips -= away
        if away < each.chips:
            yield replace(each, chips=each.chips - away)


def _is_of(stated: Existing | Quoted, fleet: FleetDesign | Design, catalog: Catalog) -> bool:
    if isinstance(stated, Quoted) and stated.seller != fleet.availability.provider:
        return False
    at = stated.site is None or catalog.site(stated.site).key == fleet.site
    return at and catalog.chip(stated.chip).key == fleet.chip
