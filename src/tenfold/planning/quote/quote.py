"""An offer among the prices that are known: its percentile, what paying ahead adds to it, and the plan it belongs into.

    price with paying ahead = price · (1 + prepaid share · cost of capital · term / 2)

since the share is paid, on average, half of a term before it is used. Known prices are those a plan would take for so
many chips at the place (``planning.supply.tiers``), with what many chips soon cost over the list.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.catalog import Catalog, assumption_named, term_years
from tenfold.economics import paying_ahead_usd
from tenfold.planning.quote.answer import QuoteAnswer
from tenfold.planning.quote.question import QuoteQuestion
from tenfold.planning.supply.offer import Buyer, Offer
from tenfold.planning.supply.offers import find_offers, newest
from tenfold.planning.supply.succeeded import undercut
from tenfold.planning.supply.tiers import Tier, big_chips, premium_of, tier_for
from tenfold.quantities import (
    DAYS_PER_BOOK_YEAR,
    Floats,
    MissingFigureError,
    Percentiles,
    Problem,
    Progress,
    assumptions_of,
    distribution_of,
)

POINTS = 999
"""Quantiles at which known prices are laid out: thousandths."""
CAPITAL = "economics.cost_of_capital"


def answer(
    question: QuoteQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> QuoteAnswer:
    """Place an offer. Raises ``MissingFigureError`` where no price is known to place it among."""
    del progress  # answered in no time
    offer, tier = _known(question, catalog)
    capital = assumption_named(catalog, CAPITAL)
    prices = _prices(catalog, tier, question.chips)
    share, years = question.prepaid_share, _years(question, tier)
    ahead = float(paying_ahead_usd(question.price_usd_per_chip_hour, share, capital.figure.value, years))
    price = question.price_usd_per_chip_hour + ahead
    known = Percentiles.of(prices)
    figures = (tier.price, tier.lead, *((capital,) if question.prepaid_share else ()))
    return QuoteAnswer(
        question=question,
        made=catalog.made(seed),
        known_usd_per_chip_hour=known,
        price_usd_per_chip_hour=price,
        prepaid_usd_per_chip_hour=ahead,
        cheaper_share=float(np.mean(prices < price)),
        over_middle=price / known.p50 - 1.0,
        providers=offer.providers,
        tier=tier.name,
        known_max_chips=tier.known_max_chips,
        minimum_term_days=tier.term_days,
        lead_time_days=tier.lead.figure.value,
        put_in_a_plan=_lines(question),
        notes=tuple(_notes(question, catalog, tier)),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _notes(question: QuoteQuestion, catalog: Catalog, tier: Tier) -> Iterator[str]:
    """Whose prices are known, and whether they are below those of a worse chip."""
    yield tier.price.figure.note
    site, days = catalog.site(question.site), max(_years(question, tier) * DAYS_PER_BOOK_YEAR, 1.0)
    found = undercut(catalog, question.chip, question.chips, question.term, site, _buyer(catalog), days=days)
    if found is not None:
        yield found.words


def _buyer(catalog: Catalog) -> Buyer:
    return Buyer(day=newest(catalog))


def _known(question: QuoteQuestion, catalog: Catalog) -> tuple[Offer, Tier]:
    """The offer that a plan would take for so many chips there."""
    site = catalog.site(question.site)
    offers, refused = find_offers(catalog, (question.chip,), (question.term,), (site,), _buyer(catalog))
    if not offers:
        short = refused[0].shortfall
        raise MissingFigureError(Problem(file="", key="", wrong=short.short, remedy=short.nearest.capitalize()))
    tier = tier_for(offers[0].tiers, question.chips) or offers[0].tiers[-1]
    return offers[0], tier


def _prices(catalog: Catalog, tier: Tier, chips: int) -> Floats:
    """Quantiles of the known price, by thousandths."""
    u = (np.arange(POINTS) + 1.0) / (POINTS + 1.0)
    premium = premium_of(tier, chips, big_chips(catalog))
    soon = catalog.calibration("supply").constant("any.big_and_soon")
    return np.asarray(distribution_of(tier.price.figure).ppf(u) * soon**premium)


def _years(question: QuoteQuestion, tier: Tier) -> float:
    return max(term_years(question.term), tier.term_days / DAYS_PER_BOOK_YEAR)


def _lines(question: QuoteQuestion) -> str:
    """The offer as a goal file states it."""
    days = round(term_years(question.term) * DAYS_PER_BOOK_YEAR)
    said = {
        "chip": f'"{question.chip}"',
        "chips": f"{question.chips}",
        "price": f'"${question.price_usd_per_chip_hour:g}/h"',
        "term": f'"{days} days"',
        **({"prepaid_share": f"{question.prepaid_share:g}"} if question.prepaid_share else {}),
        "site": f'"{question.site}"',
        "seller": f'"{question.seller}"',
    }
    return "\n".join(("[[means.quotes]]", *(f"{key} = {value}" for key, value in said.items())))
