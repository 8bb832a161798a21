"""Chips that a law or a place binds: what whoever signs has to be told before the price.

A chip is bound where its maker's country makes it presumed to breach a rule, and where all that is known of its prices
and offers is in one country that a rule keeps chips from.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Availability, Catalog, RentalPrice, Site, presumed_breach
from tenfold.quantities import Flags, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What binds a chip."""

    country: str
    """Whose buyers and places know it."""
    words: str


def bound_by(catalog: Catalog, chip: str, day: datetime.date) -> Bound | None:
    """What binds a chip on a day; None where it is free to go wherever export rules let it."""
    record = catalog.chip(chip)
    rule = presumed_breach(catalog.export_rules.values(), record, day)
    if rule is not None:
        breach = f"{chip} is presumed to be made in breach of {rule.name}"
        words = f"{breach}: whoever keeps rules of {rule.made_in} needs a licence to use or pay for it anywhere"
        return Bound(country=record.made_in, words=words)
    places = _only_in(catalog, chip)
    if len(places) != 1 or not any(places <= set(each.countries) for each in catalog.export_rules.values()):
        return None
    (country,) = places
    return Bound(
        country=country, words=f"{chip} is only known to be had in {country}, where its seller and place bind it"
    )


def bound_chips(catalog: Catalog, chips: Iterable[str], day: datetime.date) -> Mapping[str, Bound]:
    """What binds those of the chips that anything does, by chip."""
    found = {chip: bound_by(catalog, chip, day) for chip in chips}
    return {chip: bound for chip, bound in found.items() if bound is not None}


def words_of(bound: Mapping[str, Bound], chip: str) -> str:
    """What binds a chip, in words; empty where nothing does."""
    return bound[chip].words if chip in bound else ""


def unasked(bound: Mapping[str, Bound], owner_country: str | None, sites: Sequence[Site]) -> frozenset[str]:
    """Bound chips whose place or owner a buyer of these has not named."""
    named = {owner_country, *(site.country for site in sites)}
    return frozenset(chip for chip, each in bound.items() if each.country not in named)


def rows_of_chips(chips: Collection[str], known: Sequence[str], chip: Indices) -> Flags:
    """Rows of some chips, (rows,); ``chip`` is the place of each row among the ``known``."""
    held = np.array([each in chips for each in known], dtype=np.bool_)
    return np.asarray(held[chip], dtype=np.bool_)


def _only_in(catalog: Catalog, chip: str) -> set[str]:
    """Countries that all rows about a chip are of; empty where one holds anywhere, or is of no known place."""
    rows: tuple[RentalPrice | Availability, ...] = (*catalog.rental_prices(chip), *catalog.availability_of(chip))
    if not rows or not all(row.regions for row in rows):
        return set()
    return {country for row in rows for name in row.regions for country in _countries(catalog, name)}


def _countries(catalog: Catalog, region: str) -> Iterator[str]:
    for site in catalog.sites.values():
        if region in (site.key, site.country, *site.regions):
            yield site.country
