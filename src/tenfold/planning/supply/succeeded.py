"""Chips that are priced below one that they are better than: a price that somebody has to ask about before signing.

A chip that has no less compute, memory and bandwidth than another of its maker is worth no less an hour. Prices say
otherwise where old chips are scarce, or where few sellers make the price of the better one: the latter is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tenfold.catalog import Catalog, Chip, Site, fresh_rows, holding_at, is_term
from tenfold.planning.supply.offer import Buyer, Had, Offer
from tenfold.planning.supply.offers import had_at, had_from
from tenfold.planning.supply.tiers import big_and_soon
from tenfold.quantities import NamedFigure, Shortfall, format_quantity

COMPUTE = "bf16"
PARTS = ("memory_capacity", "memory_bandwidth", "scaleup_bandwidth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undercut:
    """A chip, and the dearest of those that it is better than and costs less than, in one number and at one place."""

    chip: str
    chips: int
    supply: str
    site: str
    price: NamedFigure
    """Of its tier."""
    usd_per_chip_hour: float
    worse: str
    worse_usd_per_chip_hour: float

    @property
    def words(self) -> str:
        """What to say of it."""
        ask, other = _said(self.usd_per_chip_hour), _said(self.worse_usd_per_chip_hour)
        here = f"{self.chips:,} × {self.chip}, {self.supply}, {self.site} is priced at {ask} a chip"
        below = f"below {self.worse} ({other}), which has more of nothing"
        return f"{here}, {below}: {self.price.figure.note}; ask before signing"


def better(chip: Chip, other: Chip) -> bool:
    """Whether a chip has more than another of its maker of compute, memory or bandwidth, and of none of them less.

    Links to other chips count; a chip whose links are not recorded has none.
    """
    pairs = list(zip(_parts(chip), _parts(other), strict=True))
    return (
        chip.vendor == other.vendor
        and all(mine >= its for mine, its in pairs)
        and any(mine > its for mine, its in pairs)
    )


def _parts(chip: Chip) -> tuple[float, ...]:
    figures = (chip.peaks.get(COMPUTE), *(getattr(chip, name) for name in PARTS))
    return tuple(0.0 if figure is None else figure.value for figure in figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What a chip costs where it is had."""

    chip: str
    price: NamedFigure
    usd_per_chip_hour: float
    sellers: int
    """Whose prices make the price."""


def undercut(
    catalog: Catalog,
    chip: str,
    chips: int,
    supply: str,
    site: Site,
    buyer: Buyer,
    *,
    days: float,
    offers: Iterable[Offer] = (),
) -> Undercut | None:
    """Find the dearest chip that another is better than, where no more sellers make the price of the better one.

    ``offers`` are those that are looked up already.
    None where nothing is dearer as far as it is printed, the chip is not had, or its price is one that the user states.
    """
    known = {each.chip: each for each in offers if each.supply == supply and site.key in each.sites}

    def asked(name: str) -> _Ask | None:
        if name in known:
            had: Had | Shortfall | None = had_from(catalog, known[name], float(chips), days=days)
        else:
            had = had_at(catalog, name, float(chips), supply, site, buyer, days=days)
        return _ask(catalog, name, had, site) if isinstance(had, Had) else None

    own, record = asked(chip), catalog.chip(chip)
    if own is None or (record.key, supply) in catalog.price_rows.stated:
        return None
    worse = (name for name in catalog.price_rows.rented if better(record, catalog.chip(name)))
    dearer = [
        ask
        for ask in map(asked, worse)
        if ask is not None and ask.usd_per_chip_hour > own.usd_per_chip_hour and ask.sellers >= own.sellers
        if _said(ask.usd_per_chip_hour) != _said(own.usd_per_chip_hour)
    ]
    dearest = max(dearer, key=lambda ask: (ask.usd_per_chip_hour, ask.chip), default=None)
    return None if dearest is None else _of(own, dearest, chips, supply, site)


def _of(own: _Ask, dearest: _Ask, chips: int, supply: str, site: Site) -> Undercut:
    return Undercut(
        chip=own.chip,
        chips=chips,
        supply=supply,
        site=site.key,
        price=own.price,
        usd_per_chip_hour=own.usd_per_chip_hour,
        worse=dearest.chip,
        worse_usd_per_chip_hour=dearest.usd_per_chip_hour,
    )


class Shown(Protocol):
    """A design that a plan shows."""

    @property
    def chip(self) -> str:
        """Chip by key."""
        ...

    @property
    def chips(self) -> int:
        """Chips that work."""
        ...

    @property
    def supply(self) -> str:
        """How they are had."""
        ...

    @property
    def site(self) -> str:
        """Where they are."""
        ...


def undercuts(
    catalog: Catalog, shown: Iterable[tuple[Shown, float]], buyer: Buyer, offers: Iterable[Offer]
) -> Iterator[str]:
    """Say of designs that rent for so many days each where a chip is priced below one that it is better than."""
    known = tuple(offers)
    for each, days in shown:
        if is_term(each.supply):
            site = catalog.site(each.site)
            found = undercut(catalog, each.chip, each.chips, each.supply, site, buyer, days=days, offers=known)
            if found is not None:
                yield found.words


def _said(usd_per_chip_hour: float) -> str:
    return format_quantity(usd_per_chip_hour, "USD/h")


def _ask(catalog: Catalog, chip: str, had: Had, site: Site) -> _Ask:
    tier, soon = had.tier, big_and_soon(catalog).figure.value
    rows = fresh_rows(holding_at(catalog.rental_prices(chip), site), tier.market)
    return _Ask(
        chip=chip,
        price=tier.price,
        usd_per_chip_hour=float(tier.price.figure.value * soon**had.premium),
        sellers=len({row.provider for row in rows}) if tier.sellers is None else tier.sellers,
    )
