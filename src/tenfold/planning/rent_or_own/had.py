"""On what terms the chips of a demand are had: the offers that a plan counts with, at the prices compared here.

Prices that the question states are its own offers: nothing but the law stands against them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.catalog import OWN, Catalog, price_name
from tenfold.planning.drawn import MARKET, TABLE, inputs_of
from tenfold.planning.rent_or_own.inputs import ON_DEMAND, TERMS, Market, of_market
from tenfold.planning.rent_or_own.question import RentOrOwnQuestion
from tenfold.planning.rent_or_own.work import Work
from tenfold.planning.supply.offer import Buyer, Had
from tenfold.planning.supply.offers import had_at, newest, unlawful
from tenfold.planning.supply.tiers import big_and_soon, unit_bought
from tenfold.quantities import DAYS_PER_QUARTER, MONTHS_PER_QUARTER, NamedFigure, Shortfall, Uncertain

OWNED = ("own", "colocation")
SETUP_OWNED = next(row.figure for row in TABLE[MARKET] if row.key == "setup_owned_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the chips are had, by supply, or why they cannot be."""

    had: Mapping[str, Had]
    missing: Mapping[str, Shortfall]
    other_prices: Mapping[str, NamedFigure]
    """USD/h of terms that are had from another market than the one compared: what only hyperscalers have that many of
    costs what they ask."""

    bought_unit: int
    """Chips that are sold together."""

    def unit(self, supply: str) -> float:
        """Chips that are had together under a supply; one at a price of one's own for rent."""
        if supply in OWNED:
            return float(self.bought_unit)
        return float(self.had[supply].tier.unit_chips) if supply in self.had else 1.0

    @property
    def premium(self) -> Mapping[str, float]:
        """Power of ``big_and_soon`` in the price of a term."""
        return {term: each.premium for term, each in self.had.items() if each.premium}

    def inputs(self, catalog: Catalog) -> tuple[Uncertain, ...]:
        """Uncertain inputs that these terms add to those of the market."""
        soon = [inputs_of("big_and_soon", "all", [big_and_soon(catalog)])] if self.premium else []
        return (*(of_market(f"had/{term}", price) for term, price in sorted(self.other_prices.items())), *soon)

    @property
    def notes(self) -> tuple[str, ...]:
        """What renting by the hour means for so many chips."""
        if not self.quarters(ON_DEMAND):
            return ()
        days = self.had[ON_DEMAND].tier.term_days
        return (f"So many chips on demand are had for {days:,.0f} days at least, so paid for while they are idle",)

    def quarters(self, term: str) -> int:
        """Quarters that are signed for at once; none where chips are rented by the hour."""
        return 0 if term not in self.had else round(self.had[term].tier.term_days / DAYS_PER_QUARTER)


def find_terms(question: RentOrOwnQuestion, catalog: Catalog, market: Market, work: Work) -> Terms:
    """Find how the chips of the work are had under every supply that has a price."""
    had, missing, other = dict[str, Had](), dict[str, Shortfall](), dict[str, NamedFigure]()
    for supply in (*market.prices, OWN):
        found = _of_supply(question, catalog, market, work, supply)
        if isinstance(found, Shortfall):
            missing |= dict.fromkeys(OWNED if supply == OWN else (supply,), found)
        elif found is not None:
            had[supply] = found
            usual = price_name(question.demand.chip, supply, question.site)
            if supply in TERMS and found.tier.price.name != usual:
                other[supply] = found.tier.price
    unit = unit_bought(catalog, question.demand.chip)
    return Terms(had=had, missing=missing, other_prices=other, bought_unit=unit)


def _of_supply(
    question: RentOrOwnQuestion, catalog: Catalog, market: Market, work: Work, supply: str
) -> Had | Shortfall | None:
    """How a supply is had; None where the question has an offer of its own, or nobody sells."""
    price = market.purchase if supply == OWN else market.prices[supply]
    if price is None:
        return None
    chip, site = catalog.chip(question.demand.chip), catalog.site(question.site)
    buyer = Buyer(day=question.prices.as_of or newest(catalog))
    if supply == OWN and (late := _late(catalog, work)) is not None:
        return late
    if price.stated:
        return unlawful(catalog, chip, site, buyer)
    days = len(work.hours) * DAYS_PER_QUARTER
    return had_at(catalog, chip.key, work.chips, supply, site, buyer, days=days)


def _late(catalog: Catalog, work: Work) -> Shortfall | None:
    """Chips that are bought and work, more likely than not, only when the horizon is over."""
    days, needed = len(work.hours) * DAYS_PER_QUARTER, catalog.assumption(SETUP_OWNED).value
    if needed < days:
        return None
    quarters = math.floor(needed / DAYS_PER_QUARTER) + 1
    return Shortfall(
        kind="deadline",
        short=f"chips that are bought work after {needed:,.0f} days, the horizon is {days:,.0f}",
        nearest=f"a horizon of {quarters * MONTHS_PER_QUARTER} months or more",
        times_over=needed / days,
    )
