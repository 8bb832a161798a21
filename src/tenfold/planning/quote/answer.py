"""The answer about an offer that one holds."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.planning.quote.question import QuoteQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAnswer:
    """Where an offer stands among the prices that are known."""

    question: QuoteQuestion
    made: Made
    known_usd_per_chip_hour: Percentiles
    """What sellers ask for so many chips, that term and that place."""
    price_usd_per_chip_hour: float
    """The offer, with what paying ahead costs."""
    prepaid_usd_per_chip_hour: float
    """What paying ahead costs: of the share, over half of the term, at the cost of capital."""
    cheaper_share: float
    """Share of draws of the price, spread as sellers are, in which another asks less."""
    over_middle: float
    """The offer over the P50 of what is known, less one."""
    providers: int
    tier: str
    """How so many chips are known to be had: see the tiers of a plan."""
    known_max_chips: int | None
    minimum_term_days: float
    lead_time_days: float
    put_in_a_plan: str
    """Lines for the goal file, which put the offer into a plan's ranking."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
