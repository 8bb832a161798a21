"""What so many chips are had for at one site: the same offers as everywhere, the tier deep enough, or why not.

A plan gathers offers for many counts at once; who asks about one count asks here, and gets the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.catalog import Catalog, Site
from tenfold.planning.supply.offers import Buyer, Offer, find_offers
from tenfold.planning.supply.tiers import Tier, big_chips, premium_of, tier_for
from tenfold.quantities import Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Who is known to offer so many chips, and on what terms."""

    known_max_chips: int | None
    """Most chips of any known offer of the tier, or all that an owner holds; None where nobody is known."""
    tier: str
    """``self-serve``, ``contract``, ``short-contract``, ``holding``, ``announced``, ``unknown`` or ``purchase``."""
    minimum_term_days: float
    """Days that are paid for at least."""
    lead_time_days: float
    """Days that the chips are waited for, P50; setting up comes on top."""
    provider: str
    source: str
    """Of what is known of it; empty where nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """Chips that can be had."""

    tier: Tier
    premium: float
    """Power of ``big_and_soon`` in the price."""


def had_at(catalog: Catalog, chip: str, chips: float, supply: str, site: Site, buyer: Buyer) -> Had | Shortfall:
    """Give the tier that so many chips are had from at a site, or why they cannot be had."""
    offers, refused = find_offers(catalog, (chip,), (supply,), (site,), buyer)
    if not offers:
        return refused[0].shortfall
    tier = tier_for(offers[0].tiers, chips)
    if tier is None:
        return beyond(offers[0], round(chips))
    return Had(tier=tier, premium=premium_of(tier, chips, big_chips(catalog)))


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
        provider=tier.provider,
        source=tier.source,
    )
