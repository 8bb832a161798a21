"""The answer about a GPU cloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.rental.question import RentalQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class CovenantAnswer:
    """A covenant, whether it holds, and what breaks it.

    Break points are of fleets in the mean, weighted by chips: below them the covenant breaks. 0 where it holds
    without any market revenue; infinite where it is broken at full utilisation, or at 16 times the price.
    """

    kind: str
    limit: float
    side: str
    """Whether the limit is a minimum or a maximum."""
    headroom: float
    """Least distance to the limit over the tested quarters; negative where it breaks, infinite where never tested."""
    first_break: str
    """First quarter in which it breaks; empty where it holds."""
    probability_it_holds: float
    break_utilisation: float
    break_price_usd_per_chip_hour: float
    """When the fleet enters service."""
    break_utilisation_range: Percentiles
    break_price_range: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPrices:
    """What the market pays for an hour of one chip of a fleet, from the quarter it enters service to the last."""

    fleet: str
    quarters: tuple[str, ...]
    usd_per_chip_hour: tuple[Percentiles, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalDriver:
    """An input moved alone, from its P10 to its P90 or by 10 % either way, and what that does."""

    key: str
    """Dotted key in the file."""
    name: str
    unit: str
    value: float
    """At its P50, as the question or the site gives it."""
    low: float
    high: float
    ranged: bool
    """Whether the ends are P10 and P90 of a range that is given; 10 % either way otherwise."""
    irr: tuple[float, float]
    roe: tuple[float, float]
    break_even_usd_per_chip_hour: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalAnswer:
    """What the books of a GPU cloud say. Single numbers are at the P50 of every input, ``ranges`` over the draws."""

    question: RentalQuestion
    made: Made
    name: str
    currency: str
    year: int
    terms: str
    """Nominal or real."""
    break_even_usd_per_chip_hour: float
    """Flat price of every hour sold at which pre-tax income over the life is zero."""
    roe: float
    """Mean net income of a year of service over equity paid in."""
    irr: float
    """Of the owners' flows gathered by year: paid in at its start, taken at its end."""
    irr_of_quarterly_flows: float
    gross_margin: float
    payback_years: float
    lowest_cash_usd: float
    npv_usd: float | None
    """At the cost of equity, of the flows that ``irr`` is of; None where no cost is given."""
    npv_of_quarterly_flows_usd: float | None
    """The same of quarterly flows, as ``irr_of_quarterly_flows``."""
    ranges: Mapping[str, Percentiles]
    chance_cash_runs_out: float
    totals_usd: Mapping[str, float]
    """Over the life: purchases, equity, debt drawn, revenue, net income."""
    break_even_terms_usd_per_chip_hour: Mapping[str, float]
    """Costs per hour sold; they add up to the break-even price."""
    profit_terms_usd: Mapping[str, float]
    """Over the life, costs negative; they add up to net income."""
    market_prices: tuple[MarketPrices, ...]
    """Of each fleet over the draws."""
    loan_shares: Mapping[str, float]
    """Share of the price that each loan pays, as stated or as large as the cover asked for allows."""
    covenants: tuple[CovenantAnswer, ...]
    quarters: tuple[str, ...]
    income: Mapping[str, tuple[float, ...]]
    """Income statement by line, one number a quarter; cash flow and balance sheet likewise."""
    cash_flow: Mapping[str, tuple[float, ...]]
    balance_sheet: Mapping[str, tuple[float, ...]]
    in_service_chips: tuple[float, ...]
    sold_chip_hours: tuple[float, ...]
    cash_curve_usd: tuple[Percentiles, ...]
    """Cash at the end of each of the ``drawn_quarters`` over the draws."""
    drawn_quarters: tuple[str, ...]
    """As ``quarters``, and on until the last draw ends."""
    drivers: tuple[RentalDriver, ...]
    """Largest effect on IRR first."""
    draws: int
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    stated: tuple[NamedFigure, ...]
    """Amounts of the question, each with its range, kind and source as stated there."""
    figures: tuple[NamedFigure, ...]
    """Of the catalog: what a site gives where the question does not, and the tax table where it counts."""

    @property
    def holds(self) -> bool:
        """Whether owners gain and every covenant holds."""
        return self.irr > 0 and all(covenant.headroom >= 0 for covenant in self.covenants)
