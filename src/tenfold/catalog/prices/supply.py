"""How many chips anyone is known to offer at a place and on a term: what a plan may count on before it asks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tenfold.catalog.prices.places import holding_at
from tenfold.catalog.prices.pooled import market_named
from tenfold.catalog.prices.terms import ON_DEMAND, SPOT
from tenfold.quantities import Figure, MissingFigureError, Problem

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog
    from tenfold.catalog.prices.availability import Availability

Tier = Literal["self-serve", "contract", "announced", "holding", "unknown"]
TIERS: tuple[Tier, ...] = ("self-serve", "contract", "announced", "holding")
"""From what anyone can take today to what is only an upper bound."""
LISTED, OFFERED = "listing", ("listing", "contract")
"""Kinds of prices that say how many chips they are for: what a list says, and what was signed."""
SELF_SERVE_TERMS = (ON_DEMAND, SPOT)
"""Terms that bind nobody, so are had without a contract."""
AT_ONCE, STANDING, NEW_SITE = (
    f"planning.{name}_lead_days" for name in ("self_serve", "standing", "new_site")
)  # fmt: skip
"""Assumptions of how long chips are waited for that are on a list, in a cluster that stands, or have to be built."""
SELF_SERVE_CHIPS = "planning.self_serve_chips"
"""Assumption of how many chips are taken off a list whose seller states no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSupply:
    """The largest known offer of a tier."""

    chip: str
    tier: Tier
    """``self-serve``, ``contract``, ``announced`` (a cluster for a named tenant or an announced ceiling), ``holding``
    (all an owner has, so an upper bound), or ``unknown``: nobody is known to offer it there."""
    known_max_chips: int | None
    """None where nothing is known."""
    provider: str = ""
    market: str = ""
    """One of ``MARKETS``: whose prices hold for it."""
    minimum_term_days: int | None = None
    lead_time_days: tuple[int, int, int | None] | None = None
    """Low, typical, high; no high where only what is typical is stated."""
    source: str = ""
    as_of: datetime.date | None = None
    note: str = ""
    unit_chips: int | None = None
    """Chips that are handed out together; None where it is not said."""


def known_supply(
    catalog: Catalog, chip: str, term: str, chips: int | None = None, place: str | None = None
) -> KnownSupply:
    """Give the first tier that offers ``chips``, or without a count (or where none does) the largest one there is.

    Terms without a contract (on demand, spot) end at what is self-serve; others go on through contracts and announced
    clusters. What owners hold is never offered: see ``held_chips``.
    """
    tiers = supply_tiers(catalog, chip, place)
    offered = [each for each in tiers if each.tier != "holding"]
    if term in SELF_SERVE_TERMS:
        offered = [each for each in offered if each.tier == "self-serve"]
    enough = [each for each in offered if chips is not None and (each.known_max_chips or 0) >= chips]
    if enough:
        return enough[0]
    if not offered:
        return KnownSupply(chip=catalog.chip(chip).key, tier="unknown", known_max_chips=None)
    return max(offered, key=lambda each: each.known_max_chips or 0)


def known_offers(catalog: Catalog, chip: str, place: str | None = None) -> tuple[KnownSupply, ...]:
    """Every offer that is known at the place, tier by tier in the order of ``TIERS``, the smallest first."""
    site = None if place is None else catalog.site(place)
    offers = holding_at(catalog.availability_of(chip), site)
    found = [*_of_offers(offers), *_of_listings(catalog, chip, place)]
    return tuple(sorted(found, key=lambda each: (TIERS.index(each.tier), each.known_max_chips or 0, each.provider)))


def lead_time_name(offer: KnownSupply) -> str:
    """Name of the days that an offer's chips are waited for, as ``figure_of`` knows it."""
    return f"availability/{offer.chip}/{offer.tier}/{offer.provider}/{offer.known_max_chips}"


def lead_time_figure(catalog: Catalog, path: str) -> Figure:
    """Days that an offer's chips are waited for, by its name. Raises ``MissingFigureError`` where none are stated."""
    for offer in known_offers(catalog, path.split("/")[1]):
        if offer.lead_time_days is not None and lead_time_name(offer) == path:
            return lead_time(catalog, offer)
    wrong, remedy = f"no lead time at {path}", "Add it to prices/availability.csv of an overlay"
    raise MissingFigureError(Problem(file="", key="", wrong=wrong, remedy=remedy))


def usual_lead(tier: Tier) -> str:
    """Name of the assumption of how long chips of a tier are waited for, where the seller does not say."""
    return {"self-serve": AT_ONCE, "announced": NEW_SITE}.get(tier, STANDING)


def lead_time(catalog: Catalog, offer: KnownSupply) -> Figure:
    """Days that an offer's chips are waited for; where no high end is stated, up to that of the tier's usual wait.

    Raises ``ValueError`` for an offer that does not say.
    """
    if offer.lead_time_days is None or offer.as_of is None:
        raise ValueError(f"{offer.provider} states no lead time")
    low, typical, stated = offer.lead_time_days
    high = max(typical, catalog.assumption(usual_lead(offer.tier)).range[1]) if stated is None else stated
    return Figure(
        value=typical,
        unit="1",
        kind="quote",
        source=offer.source,
        as_of=offer.as_of,
        low=low,
        high=high,
        note=f"days until {offer.provider} delivers; {offer.note}",
    )


def supply_tiers(catalog: Catalog, chip: str, place: str | None = None) -> tuple[KnownSupply, ...]:
    """Give the largest known offer of every tier that has one at the place, in the order of ``TIERS``."""
    found = known_offers(catalog, chip, place)
    tiers = ([each for each in found if each.tier == tier] for tier in TIERS)
    return tuple(max(of_tier, key=lambda each: each.known_max_chips or 0) for of_tier in tiers if of_tier)


def held_chips(catalog: Catalog, chip: str, place: str | None = None) -> KnownSupply | None:
    """Give the largest holding of the chip by one owner that rents out, an upper bound; None where none is known."""
    return next((each for each in supply_tiers(catalog, chip, place) if each.tier == "holding"), None)


def _of_offers(offers: Sequence[Availability]) -> Iterator[KnownSupply]:
    for offer in offers:
        if offer.max_chips_self_serve:
            yield _known(offer, "self-serve", offer.max_chips_self_serve)
        if offer.max_chips_contract:
            tier: Tier = (
                "contract" if offer.kind == "offer" else "announced" if offer.kind == "announced" else "holding"
            )
            yield _known(offer, tier, offer.max_chips_contract)


def _of_listings(catalog: Catalog, chip: str, place: str | None) -> Iterator[KnownSupply]:
    """What price lists say of quantity: the most chips a price is stated for."""
    site = None if place is None else catalog.site(place)
    for row in holding_at(catalog.rental_prices(chip), site):
        if row.max_chips and row.kind in OFFERED:
            yield KnownSupply(
                chip=row.chip,
                tier="self-serve" if row.kind == LISTED and row.term in SELF_SERVE_TERMS else "contract",
                known_max_chips=row.max_chips,
                provider=row.provider,
                market=market_named(row.provider_class),
                source=row.source,
                as_of=row.as_of,
                note=row.note,
            )


def _known(offer: Availability, tier: Tier, chips: int) -> KnownSupply:
    low, typical, high = offer.lead_time_days_low, offer.lead_time_days_typical, offer.lead_time_days_high
    days = None if typical is None else (typical if low is None else low, typical, high)
    return KnownSupply(
        chip=offer.chip,
        tier=tier,
        known_max_chips=chips,
        provider=offer.provider,
        market=market_named(offer.provider_class),
        minimum_term_days=offer.minimum_term_days,
        lead_time_days=days,
        source=offer.source,
        as_of=offer.as_of,
        note=offer.note,
        unit_chips=offer.unit_chips,
    )
