"""How deep an offer goes: what a number of chips is had for under a way of supply at a place, tier by tier.

On demand ends at what is self-serve. More than that is a short contract out of what one owner holds, at least
``planning.short_contract_days`` long, and dearer: sellers took ``big_and_soon`` times the short-term price for 10,000
chips and more; between the largest known offer and 10,000 the logarithm of that factor rises with the logarithm of the
count, from none. Reserved terms go on through contracts, holdings and announced clusters, with their least terms and
lead times; a cluster of 10,000 chips and more is one that has still to be built, unless somebody states otherwise.
Each tier has the price of its own market: what only hyperscalers hold costs what hyperscalers ask (``deep`` says what
holdings cost, ``spot`` how deep spot is).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from tenfold.catalog import (
    AT_ONCE,
    MARKETS,
    NEW_SITE,
    SELF_SERVE_CHIPS,
    SELF_SERVE_TERMS,
    STANDING,
    Catalog,
    KnownSupply,
    assumption_named,
    known_offers,
    lead_time,
    lead_time_name,
    term_years,
    usual_lead,
)
from tenfold.quantities import DAYS_PER_BOOK_YEAR, Flags, Floats, NamedFigure

Count = TypeVar("Count", float, Floats)  # one, or a column of them
SPOT = "spot"
BIG_CHIPS, BIG_AND_SOON = "any.big_and_soon_chips", "any.big_and_soon"
PURCHASE, UNKNOWN, SHORT, SELF_SERVE, CONTRACT = "purchase", "unknown", "short-contract", "self-serve", "contract"
HOLDING, ANNOUNCED = "holding", "announced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Up to how many chips are had so, and on what terms."""

    name: str
    """``self-serve``, ``contract``, ``short-contract`` (out of what an owner holds), ``holding`` (the same for a whole
    term), ``announced``, ``unknown`` (nobody is known to offer it) or ``purchase``."""
    most: float
    """Chips; infinite where nothing is known."""
    term_days: float
    """Days that are paid for at least."""
    price: NamedFigure
    lead: NamedFigure
    """Days that the chips are waited for."""
    prepaid_share: float = 0.0
    """Of the term, what is paid ahead."""
    premium_from: float = math.inf
    """Chips at which a short contract begins to be dearer than the list."""
    known_max_chips: int | None = None
    """Largest known offer of the tier."""
    provider: str = ""
    source: str = ""
    unit_chips: int = 1
    """Chips that are handed out together."""
    market: str = MARKETS[0]
    """Whose prices hold for it."""
    sellers: int | None = None
    """Sellers that have so many and state a price; None where every list of the market makes the price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A chip under a way of renting it at a place, with what is known of it."""

    catalog: Catalog
    term: str
    prices: Mapping[str, NamedFigure]
    """By market; a market without a price is left out."""
    listed: Mapping[str, frozenset[str]]
    """Providers that list the term, by market."""
    unit_chips: int = 1
    """Chips that are handed out together by those who do not say otherwise."""
    offers: Sequence[KnownSupply] = field(default=())

    @property
    def term_days(self) -> float:
        """Days that the term binds for."""
        return term_years(self.term) * DAYS_PER_BOOK_YEAR

    def price(self, market: str) -> NamedFigure:
        """Price in a market, or where there is none there in the other."""
        return self.prices.get(market) or next(iter(self.prices.values()))

    def of(self, *tiers: str) -> list[KnownSupply]:
        """Offers of these tiers, the shallow ones and of equals the open market's first."""
        found = [each for each in self.offers if each.tier in tiers]
        return sorted(found, key=lambda each: (each.known_max_chips or 0, MARKETS.index(each.market), each.provider))


def bought(catalog: Catalog, chip: str, price: NamedFigure) -> tuple[Tier, ...]:
    """What is bought, in the units that its system is sold in: nobody says how many can be."""
    lead, unit = assumption_named(catalog, AT_ONCE), unit_bought(catalog, chip)
    return (Tier(name=PURCHASE, most=math.inf, term_days=0.0, price=price, lead=lead, unit_chips=unit),)


def unit_bought(catalog: Catalog, chip: str) -> int:
    """Chips that a buyer gets together; one where no system of the chip is recorded."""
    return catalog.system_of(chip).sold_in_chips if catalog.chip(chip).system else 1


def rented(
    catalog: Catalog,
    chip: str,
    term: str,
    place: str,
    prices: Mapping[str, NamedFigure],
    listed: Mapping[str, frozenset[str]],
    unit_chips: int,
) -> tuple[Tier, ...]:
    """Tiers of a chip for a term at a site, each deeper than the one before; none where nobody offers it at all."""
    offers = known_offers(catalog, chip, place)
    asked = Asked(catalog=catalog, term=term, prices=prices, listed=listed, unit_chips=unit_chips, offers=offers)
    if term in SELF_SERVE_TERMS:
        return deepening([*_self_serve(asked), *_contracts(asked, CONTRACT), *_short_contracts(asked)])
    deep = [*_held(asked), *_announced(asked)] or [_unknown(asked)]
    return deepening([*_contracts(asked, SELF_SERVE, CONTRACT), *deep])


def tier_for(tiers: Sequence[Tier], chips: float) -> Tier | None:
    """First tier that is deep enough; None beyond all of them."""
    return next(tiers_for(tiers, chips), None)


def tiers_for(tiers: Sequence[Tier], chips: float) -> Iterator[Tier]:
    """Tiers that so many chips are had under, in their order."""
    return (tier for tier, is_taken in zip(tiers, taken(tiers, np.array([chips]))[:, 0], strict=True) if is_taken)


def taken(tiers: Sequence[Tier], chips: Floats) -> Flags:
    """Tiers of some counts, (tiers, counts): the first deep enough, and all at a lower price than before: they bind."""
    least, found = np.full(len(chips), np.inf), np.zeros((len(tiers), len(chips)), dtype=np.bool_)
    for place, tier in enumerate(tiers):
        price = tier.price.figure.value
        found[place] = (tier.most >= ordered_chips(tier, chips)) & (price < least)
        least[found[place]] = price
    return found


def ordered_chips(tier: Tier, chips: Count) -> Count:
    """Chips that are ordered for so many that work: whole units of what is handed out together."""
    return -(-chips // tier.unit_chips) * float(tier.unit_chips)


def premium_of(tier: Tier, chips: float, big: float) -> float:
    """Power of ``big_and_soon`` in the price of so many chips: 0 at the largest known offer, 1 from ``big`` on."""
    asked = ordered_chips(tier, chips)
    if not math.isfinite(tier.premium_from) or asked <= tier.premium_from:
        return 0.0
    if asked >= big or tier.premium_from >= big:
        return 1.0
    return math.log(asked / tier.premium_from) / math.log(big / tier.premium_from)


def big_and_soon(catalog: Catalog) -> NamedFigure:
    """What many chips soon cost over the short-term price."""
    figure = catalog.calibration("supply").constants[BIG_AND_SOON]
    return NamedFigure(name=f"calibrations/supply/constants.{BIG_AND_SOON}", figure=figure)


def big_chips(catalog: Catalog) -> float:
    """Chips from which a short contract costs all of ``big_and_soon``."""
    return catalog.calibration("supply").constant(BIG_CHIPS)


def deepening(tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    """Keep the tiers that reach beyond all before them."""
    kept: list[Tier] = []
    for tier in tiers:
        if tier.most > (kept[-1].most if kept else 0.0):
            kept.append(tier)
    return tuple(kept)


def _unknown(asked: Asked) -> Tier:
    """Nobody is known to offer it: priced for its term, waited for as long as a new site."""
    price = next(iter(asked.prices.values()))
    lead = assumption_named(asked.catalog, NEW_SITE)
    unit = asked.unit_chips
    return Tier(name=UNKNOWN, most=math.inf, term_days=asked.term_days, price=price, lead=lead, unit_chips=unit)


def _self_serve(asked: Asked) -> Iterator[Tier]:
    """What is had without a contract, the open market's first: off lists that state no limit, then what is stated."""
    stated = [each for each in asked.of(SELF_SERVE) if each.lead_time_days is not None]
    for market in MARKETS:
        of_market = [each for each in stated if each.market == market]
        if len(asked.listed.get(market, ())) > len({each.provider for each in of_market}):
            yield _off_lists(asked, market)
        for each in of_market:
            yield _tier(asked, each, stated, asked.term_days, each.tier)


def _off_lists(asked: Asked, market: str) -> Tier:
    limit = assumption_named(asked.catalog, SELF_SERVE_CHIPS)
    return Tier(
        name=SELF_SERVE,
        most=limit.figure.value,
        term_days=0.0,
        price=asked.price(market),
        market=market,
        lead=assumption_named(asked.catalog, AT_ONCE),
        known_max_chips=int(limit.figure.value),
        source=limit.name,
        unit_chips=asked.unit_chips,
    )


def _contracts(asked: Asked, *tiers: str) -> Iterator[Tier]:
    """Offers that are signed, for a term at least; self-serve ones too where the term is longer than none."""
    found = asked.of(*tiers)
    return (_tier(asked, each, found, asked.term_days, CONTRACT) for each in found)


def _held(asked: Asked) -> Iterator[Tier]:
    """Clusters that stand, out of what one owner holds, while they are not big; then ones that have to be built."""
    big = big_chips(asked.catalog)
    for held in _largest(asked):
        most = min(_part(asked, held), big - 1.0)
        yield replace(_of_holding(asked, held, HOLDING, asked.term_days), most=most)
    for held in _largest(asked):
        later = assumption_named(asked.catalog, NEW_SITE)
        yield replace(_of_holding(asked, held, HOLDING, asked.term_days), lead=later)


def _short_contracts(asked: Asked) -> Iterator[Tier]:
    """More than anyone lists, soon and not for long, out of what one owner holds."""
    least = asked.catalog.assumption("planning.short_contract_days").value
    usual = int(asked.catalog.assumption(SELF_SERVE_CHIPS).value)
    for held in _largest(asked):
        listed = [each.known_max_chips or 0 for each in asked.of(SELF_SERVE, CONTRACT) if each.market == held.market]
        yield replace(_of_holding(asked, held, SHORT, least), premium_from=float(max(listed, default=usual)))


def _largest(asked: Asked) -> Iterator[KnownSupply]:
    """Largest holding of each market, the open one's first."""
    for market in MARKETS:
        of_market = [each for each in asked.of(HOLDING) if each.market == market]
        yield from of_market[-1:]


def _of_holding(asked: Asked, held: KnownSupply, name: str, term_days: float) -> Tier:
    return Tier(
        name=name,
        most=_part(asked, held),
        term_days=term_days,
        price=asked.price(held.market),
        market=held.market,
        lead=assumption_named(asked.catalog, STANDING),
        known_max_chips=held.known_max_chips,
        provider=held.provider,
        source=held.source,
        unit_chips=held.unit_chips or asked.unit_chips,
    )


def _announced(asked: Asked) -> Iterator[Tier]:
    found = asked.of(ANNOUNCED)
    return (_tier(asked, each, found, asked.term_days, each.tier) for each in found)


def _tier(asked: Asked, offer: KnownSupply, alike: Sequence[KnownSupply], term_days: float, name: str) -> Tier:
    return Tier(
        name=name,
        most=float(offer.known_max_chips or 0),
        term_days=max(term_days, float(offer.minimum_term_days or 0)),
        price=asked.price(offer.market),
        market=offer.market,
        lead=_lead(asked.catalog, offer),
        known_max_chips=max(each.known_max_chips or 0 for each in alike),
        provider=offer.provider,
        source=offer.source,
        unit_chips=offer.unit_chips or asked.unit_chips,
    )


def _part(asked: Asked, held: KnownSupply) -> float:
    """Chips out of a holding that a new buyer can ask for."""
    return asked.catalog.assumption("planning.holding_share").value * float(held.known_max_chips or 0)


def _lead(catalog: Catalog, offer: KnownSupply) -> NamedFigure:
    if offer.lead_time_days is not None:
        return NamedFigure(name=lead_time_name(offer), figure=lead_time(catalog, offer))
    return assumption_named(catalog, usual_lead(offer.tier))
