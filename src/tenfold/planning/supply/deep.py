"""What tiers out of an owner's holding cost: the price of sellers who have so many, not of whoever lists a box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tenfold.catalog import Catalog, deep_figure, price_name
from tenfold.planning.supply.tiers import ANNOUNCED, HOLDING, SHORT, Tier, big_chips
from tenfold.quantities import NamedFigure, Shortfall

HELD = (SHORT, HOLDING, ANNOUNCED)


def priced_by_depth(catalog: Catalog, chip: str, term: str, place: str, tiers: Iterable[Tier]) -> Iterator[Tier]:
    """The same tiers; what is held by owners costs what lists say up to ``planning.self_serve_chips`` alone."""
    usual = catalog.assumption("planning.self_serve_chips").value
    before = 0.0
    for tier in tiers:
        held = tier.name in HELD and tier.most > usual
        if not held or before < usual:
            yield replace(tier, most=min(tier.most, usual) if held else tier.most)
        if held:
            yield _deep(catalog, chip, term, place, tier)
        before = tier.most


def _deep(catalog: Catalog, chip: str, term: str, place: str, tier: Tier) -> Tier:
    """The tier at the price of sellers who have as many as it goes to, or many where it goes beyond."""
    chips = int(min(tier.most, big_chips(catalog)))
    found = deep_figure(catalog, chip, term, place, tier.market, chips)
    if isinstance(found.price, Shortfall):
        return tier
    name = price_name(chip, term, place, tier.market, chips)
    return replace(tier, price=NamedFigure(name=name, figure=found.price), sellers=found.sellers)
