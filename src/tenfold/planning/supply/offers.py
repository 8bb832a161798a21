"""What chips can be had for, where, and how many of them: a price, tiers and sites for each chip and way of supply.

Sites at which the same rows hold share an offer. A chip that a rule keeps from a place or from its owner's country,
that nobody offers there, or that has no price, is refused and says so. A plan gathers offers for many counts at
once; who asks about one count asks ``had_at``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from tenfold.catalog import (
    MARKETS,
    ON_DEMAND,
    OWN,
    SELF_SERVE_TERMS,
    Catalog,
    Chip,
    RentalPrice,
    Site,
    export_licence,
    fresh_rows,
    holding_at,
    market_of,
    price_name,
    purchase_figure,
    rental_figure,
    term_years,
)
from tenfold.catalog import Availability as AvailabilityRow
from tenfold.planning.supply.deep import priced_by_depth
from tenfold.planning.supply.offer import ANY_SITE, ANY_SUPPLY, Buyer, Had, Offer, Refused, beyond
from tenfold.planning.supply.soon import soon_alike
from tenfold.planning.supply.spot import spot_tiers
from tenfold.planning.supply.tiers import SPOT, Tier, big_and_soon, big_chips, bought, premium_of, rented, tiers_for
from tenfold.quantities import MissingFigureError, NamedFigure, Shortfall


def newest(catalog: Catalog) -> datetime.date:
    """Day of the youngest document of the catalog, for questions without one: the same answer tomorrow."""
    return max(source.date for source in catalog.sources.values())


def find_offers(
    catalog: Catalog, chips: Sequence[str], supplies: Sequence[str], sites: Sequence[Site], buyer: Buyer
) -> tuple[tuple[Offer, ...], tuple[Refused, ...]]:
    """Price every chip under every supply at every site; what cannot be had is refused with the reason."""
    offers: list[Offer] = []
    refused: list[Refused] = []
    for chip in (catalog.chip(name) for name in chips):
        allowed, by_law = _by_law(catalog, chip, sites, buyer)
        refused += _refused(chip.key, ANY_SUPPLY, by_law, len(sites))
        held = _held_at(catalog, chip.key, allowed)
        for supply in supplies if allowed else ():
            found, short = _at_sites(catalog, chip.key, supply, held)
            offers += found
            refused += _refused(chip.key, supply, short, len(allowed))
    return tuple(offers), tuple(refused)


def _by_law(
    catalog: Catalog, chip: Chip, sites: Sequence[Site], buyer: Buyer
) -> tuple[list[Site], Mapping[str, Shortfall]]:
    """Sites that may host a chip, and why the others may not."""
    allowed, refused = list[Site](), dict[str, Shortfall]()
    judged: dict[str, Shortfall | None] = {}
    for site in sites:
        if site.country not in judged:
            judged[site.country] = _licence(catalog, chip, site.country, buyer)
        short = judged[site.country]
        if short is None:
            allowed.append(site)
        else:
            refused[site.key] = short
    return allowed, refused


def unlawful(catalog: Catalog, chip: Chip, site: Site, buyer: Buyer) -> Shortfall | None:
    """Why a chip may not be at a site, or not be its owner's; None where no rule is against it."""
    return _licence(catalog, chip, site.country, buyer)


def _licence(catalog: Catalog, chip: Chip, country: str, buyer: Buyer) -> Shortfall | None:
    """Why a chip may not go to a country, or to a buyer of another one."""
    bound: dict[str, str] = {}
    for place in dict.fromkeys(filter(None, (country, buyer.country))):
        try:
            status = export_licence(catalog.export_rules.values(), chip, place, buyer.day)
        except MissingFigureError as trouble:
            problem = trouble.problems[0]
            return Shortfall(kind="figure", short=problem.wrong.rstrip("."), nearest=problem.remedy)
        if status is not None:
            rule = catalog.export_rules[status.rule].name
            bound[place] = f"{chip.key} needs an export licence to {place}: {rule}, {status.reason}"
    if not bound:
        return None
    ends = (("a site", country), ("an owner", buyer.country))
    elsewhere = [words for words, place in ends if place is not None and place in bound]
    nearest = f"a chip that needs none, or {' and '.join(elsewhere)} in another country"
    return Shortfall(kind="law", short=next(iter(bound.values())), nearest=nearest)


Kept = Sequence[tuple[Site, tuple[int, ...]]]
"""Sites, each with the numbers of the rows of a chip that hold there."""


def _at_sites(catalog: Catalog, chip: str, supply: str, held: Kept) -> tuple[list[Offer], Mapping[str, Shortfall]]:
    """Offers at sites where the same rows hold, and why there is none at the others."""
    found, short = list[Offer](), dict[str, Shortfall]()
    for alike in _alike(supply, held):
        offer = _bought(catalog, chip, alike) if supply == OWN else _rented(catalog, chip, supply, alike)
        if isinstance(offer, Offer):
            found.append(offer)
        else:
            short |= dict.fromkeys((site.key for site in alike), offer)
    return found, short


def _held_at(catalog: Catalog, chip: str, sites: Sequence[Site]) -> Kept:
    """Which rows of a chip hold at each of the sites."""
    rows = _rows(catalog, chip)
    number = {id(row): place for place, row in enumerate(rows)}
    return [(site, tuple(number[id(row)] for row in holding_at(rows, site))) for site in sites]


def _alike(supply: str, held: Kept) -> Iterator[tuple[Site, ...]]:
    """Sites gathered by the rows that hold there; where chips are bought, by whether any does."""
    groups: dict[object, list[Site]] = {}
    for site, rows in held:
        groups.setdefault(bool(rows) if supply == OWN else rows, []).append(site)
    return (tuple(group) for group in groups.values())


def _rows(catalog: Catalog, chip: str) -> Sequence[RentalPrice | AvailabilityRow]:
    """All that names places where a chip is had."""
    return (*catalog.rental_prices(chip), *catalog.availability_of(chip))


def _bought(catalog: Catalog, chip: str, sites: Sequence[Site]) -> Offer | Shortfall:
    price = purchase_figure(catalog, chip)
    if isinstance(price, Shortfall):
        return price
    rows = _rows(catalog, chip)
    if rows and not holding_at(rows, sites[0]):
        where = ", ".join(sorted({name for row in rows for name in row.regions}))
        return Shortfall(kind="supply", short=f"{chip} is only known to be had in {where}", nearest="a site there")
    named = NamedFigure(name=price_name(chip, OWN), figure=price)
    return _offer(chip, OWN, sites, bought(catalog, chip, named), 1)


def _rented(catalog: Catalog, chip: str, term: str, sites: Sequence[Site]) -> Offer | Shortfall:
    place, rows = sites[0].key, holding_at(catalog.rental_prices(chip), sites[0])
    usual = rental_figure(catalog, chip, term, place)
    if isinstance(usual, Shortfall):
        return usual
    prices, listed = (
        {market_of(rows): NamedFigure(name=price_name(chip, term, place), figure=usual)},
        dict[str, frozenset[str]](),
    )
    stated = (catalog.chip(chip).key, term) in catalog.price_rows.stated
    for market in MARKETS:
        of_market = fresh_rows(rows, market)
        listed[market] = frozenset(row.provider for row in of_market if row.term == term)
        if market not in prices and not stated:
            figure = rental_figure(catalog, chip, term, place, market)
            if not isinstance(figure, Shortfall):
                prices[market] = NamedFigure(name=price_name(chip, term, place, market), figure=figure)
    unit = unit_rented(catalog, chip, rows)
    if term == SPOT:
        tiers = spot_tiers(catalog, rows, prices, unit)
    else:
        tiers = rented(catalog, chip, term, place, prices, listed, unit)
        tiers = tiers if stated else tuple(priced_by_depth(catalog, chip, term, place, tiers))
        tiers = tiers if stated else soon_alike(tiers, term, _soon(catalog, chip, term, sites))
    if not tiers:
        return Shortfall(kind="supply", short=f"nobody is known to offer {chip} {term}", nearest="another supply")
    return _offer(chip, term, sites, tiers, len({row.provider for row in fresh_rows(rows, market_of(rows))}))


def _soon(catalog: Catalog, chip: str, term: str, sites: Sequence[Site]) -> tuple[Tier, ...]:
    """Tiers on demand, which a term under a year shares where no list goes that far; none for other terms."""
    if term in SELF_SERVE_TERMS or term_years(term) >= 1.0:
        return ()
    found = _rented(catalog, chip, ON_DEMAND, sites)
    return () if isinstance(found, Shortfall) else found.tiers


def unit_rented(catalog: Catalog, chip: str, rows: Sequence[RentalPrice]) -> int:
    """Chips that sellers hand out together: the fewest that a price is stated for, a node where none says.

    Never more than a node: what is sold by the rack only is said of the offer.
    """
    node = catalog.system_of(chip).chips_per_node if catalog.chip(chip).system else 1
    return min(node, min((row.min_chips for row in rows if row.min_chips), default=node))


def _offer(chip: str, supply: str, sites: Sequence[Site], tiers: tuple[Tier, ...], providers: int) -> Offer:
    return Offer(chip=chip, supply=supply, sites=tuple(site.key for site in sites), tiers=tiers, providers=providers)


def _refused(chip: str, supply: str, short: Mapping[str, Shortfall], sites: int) -> Iterator[Refused]:
    """Say once what is the same at every site."""
    if len(short) == sites and len(set(short.values())) == 1:
        yield Refused(chip=chip, supply=supply, site=ANY_SITE, shortfall=next(iter(short.values())))
        return
    for site, why in short.items():
        yield Refused(chip=chip, supply=supply, site=site, shortfall=why)


def had_at(
    catalog: Catalog, chip: str, chips: float, supply: str, site: Site, buyer: Buyer, *, days: float
) -> Had | Shortfall:
    """Give the tier that so many chips are had from at a site for ``days`` of use, or why they cannot be had.

    Of the tiers that a plan tries the one whose bill is the least at P50, price · max(days, term); of equals the first.
    """
    offers, refused = find_offers(catalog, (chip,), (supply,), (site,), buyer)
    if not offers:
        return refused[0].shortfall
    return had_from(catalog, offers[0], chips, days=days) or beyond(offers[0], round(chips))


def had_from(catalog: Catalog, offer: Offer, chips: float, *, days: float) -> Had | None:
    """Give the tier of an offer with the least bill; None where the offer has not so many."""
    big, soon = big_chips(catalog), big_and_soon(catalog).figure.value
    found = (Had(tier=tier, premium=premium_of(tier, chips, big)) for tier in tiers_for(offer.tiers, chips))
    return min(
        found,
        key=lambda had: had.tier.price.figure.value * soon**had.premium * max(days, had.tier.term_days),
        default=None,
    )
