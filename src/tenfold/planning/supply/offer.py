"""An offer: a chip under one way of supply where it is had alike; who buys, what is refused, what is said of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from tenfold.planning.supply.availability import Availability
from tenfold.planning.supply.tiers import Tier
from tenfold.quantities import Shortfall

ANY_SUPPLY, ANY_SITE = "any supply", "any site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A chip under one way of supply at the sites where it is had alike, USD/h rented, USD bought."""

    chip: str
    supply: str
    sites: tuple[str, ...]
    tiers: tuple[Tier, ...]
    providers: int
    """Sellers whose prices make the price."""
    beside_chips: int = 0
    """Chips that are there already, and that those of the offer join."""
    beside_usd_per_chip_hour: float = 0.0
    """What an hour of one of those costs."""
    stored_chips: int = 0
    """Chips whose storage for saves is there and paid for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A chip that cannot be had so at a site."""

    chip: str
    supply: str
    site: str
    """``ANY_SITE`` where it is the same at all of them."""
    shortfall: Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who buys, and when, as far as rules ask."""

    day: datetime.date
    country: str | None = None
    """Of the owner of the chips; None where only the site counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """Chips that can be had."""

    tier: Tier
    premium: float
    """Power of ``big_and_soon`` in the price."""


def beyond(offer: Offer, chips: int) -> Shortfall:
    """Say that nobody is known to offer so many chips."""
    deepest = offer.tiers[-1]
    who = f" ({deepest.provider})" if deepest.provider else ""
    short = f"nobody is known to offer more than {deepest.most:,.0f} {offer.supply}{who}"
    if deepest.name in ("holding", "short-contract"):
        share = f"more than half of the {deepest.known_max_chips:,} that {deepest.provider} holds"
        short = f"{chips:,} chips are {share}, and nobody is known to hold more"
    nearest = f"at most {deepest.most:,.0f} chips, or another supply"
    return Shortfall(kind="supply", short=short, nearest=nearest, times_over=chips / deepest.most)


def availability_of(tier: Tier) -> Availability:
    """What is said of a tier."""
    return Availability(
        known_max_chips=tier.known_max_chips,
        tier=tier.name,
        minimum_term_days=tier.term_days,
        lead_time_days=tier.lead.figure.value,
        lead_time_most_days=tier.lead.figure.range[1],
        provider=tier.provider,
        source=tier.source,
        unit_chips=tier.unit_chips,
    )
