"""Chips that the question itself offers: a fleet that is there already, and offers that the asker holds.

Each is an offer like those of the catalog, at a price that is known as it is.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tenfold.catalog import OWN, Catalog, Site
from tenfold.planning.plan.means import EXISTING, QUOTE, THERE, Existing, Means, Quoted, joining
from tenfold.planning.supply.offer import Offer
from tenfold.planning.supply.tiers import SPOT, Tier
from tenfold.quantities import DAY_S, Figure, NamedFigure

STATED = (EXISTING, QUOTE)
"""Ways of supply that the question states itself."""
RESERVED = "reserved-"


def supplies_of(means: Means) -> tuple[str, ...]:
    """Ways of supply that are planned with: those named, and what the question itself offers."""
    own = [name for name, said in ((EXISTING, means.existing), (QUOTE, means.quotes)) if said]
    named = [name for name in means.supply if name not in STATED]
    joined = [joining(name) for name in (*named, *own) if means.existing and can_join(name)]
    return tuple(dict.fromkeys((*named, *own, *joined)))


def paid_ahead(offers: Sequence[Offer], share: float) -> Iterator[Offer]:
    """Offers with that share of their terms paid ahead, where they are for a term that the buyer names."""
    for offer in offers:
        tiers = tuple(replace(tier, prepaid_share=share) for tier in offer.tiers)
        yield replace(offer, tiers=tiers) if offer.supply.startswith(RESERVED) else offer


def can_join(supply: str) -> bool:
    """Whether chips had so can join a fleet that is there: rent that nobody takes back."""
    return supply not in (OWN, SPOT, EXISTING)


def joined_offers(catalog: Catalog, means: Means, offers: Sequence[Offer]) -> Iterator[Offer]:
    """Offers of the same chip at the site of a fleet that is there: with it they make one cluster."""
    for fleet, offer in itertools.product(means.existing, offers):
        chip, site = catalog.chip(fleet.chip).key, catalog.site(fleet.site).key
        if offer.chip == chip and site in offer.sites and can_join(offer.supply):
            cost = fleet.cost_usd_per_chip_hour
            there = replace(offer, beside_chips=fleet.chips, beside_usd_per_chip_hour=cost)
            yield replace(there, supply=joining(offer.supply), sites=(site,), stored_chips=_stored(fleet))


def stated_offers(catalog: Catalog, means: Means, sites: Sequence[Site], day: datetime.date) -> Iterator[Offer]:
    """Offers of the question at the sites planned with."""
    names = [site.key for site in sites]
    for place, fleet in enumerate(means.existing):
        if catalog.site(fleet.site).key in names:
            yield _existing(catalog, fleet, place, day)
    for place, quote in enumerate(means.quotes):
        where = tuple(names) if quote.site is None else tuple({catalog.site(quote.site).key}.intersection(names))
        if where:
            yield _quoted(catalog, quote, place, where, day)


def _existing(catalog: Catalog, fleet: Existing, place: int, day: datetime.date) -> Offer:
    price = in_question(f"means.existing.{place}.cost_usd_per_chip_hour", fleet.cost_usd_per_chip_hour, "USD/h", day)
    tier = Tier(
        name=EXISTING,
        most=float(fleet.chips),
        term_days=0.0,
        price=price,
        lead=in_question(f"means.existing.{place}.wait_s", 0.0, "1", day),
        known_max_chips=fleet.chips,
        provider="own fleet",
        source="stated in the question",
    )
    chip, site = catalog.chip(fleet.chip).key, catalog.site(fleet.site).key
    return Offer(chip=chip, supply=EXISTING, sites=(site,), tiers=(tier,), providers=1, stored_chips=_stored(fleet))


def _stored(fleet: Existing) -> int:
    """Chips of a fleet whose storage is there with them."""
    return fleet.chips if fleet.storage == THERE else 0


def _quoted(catalog: Catalog, quote: Quoted, place: int, sites: tuple[str, ...], day: datetime.date) -> Offer:
    at = f"means.quotes.{place}"
    tier = Tier(
        name=QUOTE,
        most=float(quote.chips),
        term_days=quote.term_s / DAY_S,
        prepaid_share=quote.prepaid_share,
        price=in_question(f"{at}.price_usd_per_chip_hour", quote.price_usd_per_chip_hour, "USD/h", day),
        lead=in_question(f"{at}.wait_s", quote.wait_s / DAY_S, "1", day),
        known_max_chips=quote.chips,
        provider=quote.seller,
        source="stated in the question",
    )
    return Offer(chip=catalog.chip(quote.chip).key, supply=QUOTE, sites=sites, tiers=(tier,), providers=1)


def in_question(path: str, value: float, unit: str, day: datetime.date) -> NamedFigure:
    """A figure that the question states, by its path there: it is known as it is."""
    figure = Figure(
        value=value, unit=unit, kind="quote", source="stated in the question", as_of=day, low=value, high=value
    )
    return NamedFigure(name=f"question/{path}", figure=figure)
