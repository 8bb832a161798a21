"""The price of a chip from those who can hand over many: who lists one box says little of what ten thousand cost.

Rows are of sellers known to have so many (``prices/availability.csv``), or stated for so many; those of others are
carried to them by what sellers with depth ask over the rest. What is not known is added up as in ``pooled``: the
fewer such sellers list a price, the wider it is.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tenfold.catalog.prices.law import Evidence, depth_log_ratio, pooled_price, times_ratio
from tenfold.catalog.prices.places import holding_at
from tenfold.catalog.prices.pooled import OPEN_MARKET, Law, by_term, fresh_rows, rental_figure, sources_of
from tenfold.catalog.prices.terms import term_years
from tenfold.quantities import Figure, Shortfall

if TYPE_CHECKING:
    from tenfold.catalog.catalog import Catalog
    from tenfold.catalog.places import Site
    from tenfold.catalog.prices.records import RentalPrice

RATIO, SPREAD = "neocloud.deep_ratio", "neocloud.deep_spread"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepPrice:
    """A price of sellers with depth."""

    price: Figure | Shortfall
    sellers: int
    """Of those, how many state a price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Rows of one term that say as much as each other."""

    rows: Sequence[RentalPrice]
    term: str
    deep: bool
    elsewhere: bool
    """Of a seller who has the chips here, and states a price for other places only."""


def sellers_of(catalog: Catalog, chip: str, chips: int, site: Site | None) -> frozenset[str]:
    """Sellers known to have so many of a chip at a site, or anywhere; a tenant in brackets is no part of the name."""
    offers = holding_at(catalog.availability_of(chip), site)
    deep = (each for each in offers if max(each.max_chips_self_serve or 0, each.max_chips_contract or 0) >= chips)
    return frozenset(each.provider.partition(" (")[0] for each in deep)


def deep_figure(catalog: Catalog, chip: str, term: str, place: str | None, market: str, chips: int) -> DeepPrice:
    """Price of a chip-hour for a term, USD, of sellers in a market who can hand over so many chips at a site."""
    key, site = catalog.chip(chip).key, None if place is None else catalog.site(place)
    law = Law.of(catalog, market)
    groups = list(_groups(catalog, key, site, market, chips))
    if not groups:
        return DeepPrice(price=_over_lists(catalog, key, term, place, market), sellers=0)
    value, low, high = pooled_price(
        list(_evidence(groups, term, law, _Excess.of(catalog, market))), law.provider_spread
    )
    deep = [row for each in groups if each.deep for row in each.rows]
    rows = deep or [row for each in groups for row in each.rows]
    price = Figure(
        value=value,
        unit="USD/h",
        kind="estimate",
        source=sources_of(rows),
        as_of=max(row.as_of for row in rows),
        low=low,
        high=high,
        note=_note(deep, market, chips),
    )
    return DeepPrice(price=price, sellers=len({row.provider for row in deep}))


def _over_lists(catalog: Catalog, chip: str, term: str, place: str | None, market: str) -> Figure | Shortfall:
    """What sellers with depth ask where nobody in the market lists the chip: over what lists there would say."""
    listed = rental_figure(catalog, chip, term, place, market)
    if isinstance(listed, Shortfall):
        return listed
    excess, share = _Excess.of(catalog, market), depth_log_ratio(term_years(term), 1.0)
    price = (listed.value, *listed.range)
    value, low, high = times_ratio(price, excess.log_ratio * share, excess.spread * share)
    return replace(listed, value=value, low=low, high=high)


def _note(deep: Sequence[RentalPrice], market: str, chips: int) -> str:
    told = ", ".join(f"{row.provider} ${row.usd_per_chip_hour:.2f} {row.term}" for row in deep) or "none states a price"
    return f"{market} price of sellers who have {chips:,} chips: {told}; others' lists carried by {RATIO}"


def _groups(catalog: Catalog, chip: str, site: Site | None, market: str, chips: int) -> Iterator[_Group]:
    every = catalog.rental_prices(chip)
    sellers = sellers_of(catalog, chip, chips, site)
    here = fresh_rows(holding_at(every, site), market)
    told = {row.provider for row in here}
    there = fresh_rows([row for row in every if row.provider in sellers - told], market)
    deep = [row for row in here if row.provider in sellers or (row.min_chips or 0) >= chips]
    others = [row for row in here if row not in deep]
    for rows, is_deep, elsewhere in ((deep, True, False), (there, True, True), (others, False, False)):
        for term, of_term in by_term(rows).items():
            yield _Group(rows=of_term, term=term, deep=is_deep, elsewhere=elsewhere)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Excess:
    """What sellers with depth ask over others, in logs, by the hour."""

    log_ratio: float
    spread: float

    @classmethod
    def of(cls, catalog: Catalog, market: str) -> _Excess:
        """Of a market; hyperscalers all have depth, so there are no others."""
        if market != OPEN_MARKET:
            return cls(log_ratio=0.0, spread=0.0)
        fitted = catalog.calibration("supply")
        return cls(log_ratio=math.log(fitted.constant(RATIO)), spread=fitted.constant(SPREAD))

    def said(self, group: _Group, term: str, law: Law) -> tuple[float, float]:
        """What a group says of sellers with depth at its own term: the log of a price, and its variance."""
        middle = math.log(statistics.median(row.usd_per_chip_hour for row in group.rows))
        share = depth_log_ratio(term_years(term), 1.0)
        share -= depth_log_ratio(term_years(group.term), 1.0) if group.deep else 0.0
        region = law.region_spread if group.elsewhere else 0.0
        variance = law.provider_spread**2 / len(group.rows) + (self.spread * share) ** 2 + region**2
        return middle + self.log_ratio * share, variance


def _evidence(groups: Sequence[_Group], term: str, law: Law, excess: _Excess) -> Iterator[Evidence]:
    """What groups of each term say together, carried to the term asked for: one carrying, one error of it."""
    for start in dict.fromkeys(group.term for group in groups):
        said = [excess.said(group, term, law) for group in groups if group.term == start]
        weight = sum(1.0 / variance for _, variance in said)
        middle = sum(log / variance for log, variance in said) / weight
        yield Evidence(
            log_price=middle + law.moved(start, term),
            providers=law.provider_spread**2 * weight,
            carried_spread=law.carried(start, term),
        )
