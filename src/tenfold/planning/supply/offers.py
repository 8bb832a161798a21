"""What chips can be had for: one price with a range for each chip and way of supply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.catalog import Catalog, purchase_figure, rental_figure
from tenfold.quantities import NamedFigure, Shortfall


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
