"""What tiers out of an owner's holding cost: the price of sellers who have so many, not of whoever lists a box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tenfold.catalog import SELF_SERVE_CHIPS, Catalog, DeepPrice, deep_figure, price_name
from tenfold.planning.supply.tiers import ANNOUNCED, HOLDING, SHORT, Tier, big_chips
from tenfold.quantities import NamedFigure, Shortfall

HELD = (SHORT, HOLDING, ANNOUNCED)


def priced_by_depth(catalog: Catalog, chip: str, term: str, place: str, tiers: Iterable[Tier]) -> Iterator[Tier]:
    """The same tiers; what is held by owners costs what lists say up to ``planning.self_serve_chips`` alone."""
    usual = catalog.assumption(SELF_SERVE_CHIPS).value
    before, deep = 0.0, dict[tuple[str, int], DeepPrice]()
    for tier in tiers:
        held = tier.name in HELD and tier.most > usual
        if not held or before < usual:
            yield replace(tier, most=min(tier.most, usual) if held else tier.most)
        if held:
            chips = int(min(tier.most, big_chips(catalog)))
            if (tier.market, chips) not in deep:
                deep[tier.market, chips] = deep_figure(catalog, chip, term, place, tier.market, chips)
            name = price_name(chip, term, place, tier.market, chips)
            yield _deep(tier, deep[tier.market, chips], name)
        before = tier.most


def _deep(tier: Tier, found: DeepPrice, name: str) -> Tier:
    """The tier at the price of sellers who have as many as it goes to, or many where it goes beyond."""
    if isinstance(found.price, Shortfall):
        return tier
    return replace(tier, price=NamedFigure(name=name, figure=found.price), sellers=found.sellers)
