"""On what terms an option is had: at a price of its own as stated, at the market's as deep as sellers are known to go.

An option without a price is the market: each tier of its offer is an option, up to where the tier before it ends, at
the tier's price, for its term and after its wait at least. A price that is stated is a quote in the buyer's hand,
against which only the law stands.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.procurement.parts import AHEAD, Part
from tenfold.planning.procurement.question import OptionTable, ProcureQuestion
from tenfold.planning.supply.offer import Buyer, Offer
from tenfold.planning.supply.offers import find_offers, unlawful
from tenfold.planning.supply.tiers import Tier, big_and_soon, big_chips, premium_of
from tenfold.quantities import DAYS_PER_QUARTER, Shortfall

NO_DATA = ("price", "figure")
"""Kinds of shortfall that are a problem of the file: nobody recorded something."""


def options_had(
    question: ProcureQuestion, catalog: Catalog
) -> tuple[Mapping[int, tuple[Part, ...]], Mapping[int, str]]:
    """Parts of every option without a price, by its place; and why options cannot be had at all."""
    parts, refused = dict[int, tuple[Part, ...]](), dict[int, str]()
    for row, table in enumerate(question.options):
        found = _had(table, catalog, question.programme.start)
        if isinstance(found, Shortfall):
            refused[row] = f"{table.chip} at {table.site}, {table.supply}: {found.short}"
        elif found is not None:
            parts[row] = tuple(_parts(catalog, found, max(table.allocation_chips or (np.inf,)), table.supply))
    return parts, refused


def _had(table: OptionTable, catalog: Catalog, day: datetime.date) -> Offer | Shortfall | None:
    """Offer of an option, or why there is none; None where its price is stated, or nobody recorded one."""
    site, buyer = catalog.site(table.site), Buyer(day=day)
    if table.price is not None:
        return unlawful(catalog, catalog.chip(table.chip), site, buyer)
    offers, refused = find_offers(catalog, (table.chip,), (table.supply,), (site,), buyer)
    if offers:
        return offers[0]
    short = refused[0].shortfall
    return None if short.kind in NO_DATA else short


def _parts(catalog: Catalog, offer: Offer, most: float, supply: str) -> Iterator[Part]:
    """Tiers of an offer as far as they are wanted; ordered ahead, a cheaper one need not wait for those before it."""
    reached, least, soon = 0.0, np.inf, big_and_soon(catalog).figure.value
    for tier in offer.tiers:
        end = min(tier.most, most)
        premium = premium_of(tier, end, big_chips(catalog))
        price = tier.price.figure.value * soon**premium
        before = 0.0 if supply in AHEAD and price < least else reached
        least = min(least, price)
        if end > before:
            yield Part(
                says="" if len(offer.tiers) == 1 else f" ({_words(tier, before)})",
                price=tier.price,
                soon=big_and_soon(catalog) if premium else None,
                premium=premium,
                most_chips=end - before,
                reaches_chips=end,
                lead_quarters=round(tier.lead.figure.value / DAYS_PER_QUARTER),
                term_quarters=round(tier.term_days / DAYS_PER_QUARTER),
                unit_chips=tier.unit_chips,
            )
            reached = max(reached, end)


def depth_notes(question: ProcureQuestion, parts: Mapping[int, tuple[Part, ...]]) -> Iterator[str]:
    """Say where an option may be ordered less of than its allocation, since nobody is known to offer more."""
    for row, each in parts.items():
        table, most = question.options[row], max(part.reaches_chips for part in each)
        if most < max(table.allocation_chips or (0.0,)):
            who = f"{table.chip} at {table.site}, {table.supply}"
            yield f"{who}: nobody is known to offer more than {most:,.0f}, so no more is ordered in a quarter"


def _words(tier: Tier, before: float) -> str:
    said = f"{tier.name}, {tier.provider}" if tier.provider else tier.name
    return f"{said}, beyond {before:,.0f}" if before else said
