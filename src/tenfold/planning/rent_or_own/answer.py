"""The answer about renting and owning. Amounts are nominal US dollars; present values at the cost of capital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.rent_or_own.question import RentOrOwnQuestion
from tenfold.planning.rent_or_own.work import Work
from tenfold.planning.supply.availability import Availability
from tenfold.quantities import Made, NamedFigure, Percentiles, Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where a supply becomes cheaper than renting on demand."""

    at: Percentiles | None
    """Over all draws: zero where it is cheaper throughout, infinite where it never is; None where none crosses."""
    share_of_draws: float
    """That cross."""
    share_always: float
    """Share of draws in which it is cheaper throughout; in the rest it never is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueShare:
    """Compute cost of an average year over the revenue of a year."""

    share: Percentiles
    alert: bool
    """True when the P50 is above the share that is stated."""
    chance_of_alert: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyAnswer:
    """One way to get the chips."""

    supply: str
    present_value_usd: Percentiles
    usd_per_useful_chip_hour: Percentiles
    """Present value over chip-hours of work."""
    chance_cheapest: float
    """Share of draws in which no other supply asked for is cheaper."""
    upfront_usd: float
    cash_usd: float
    """Over the horizon with every input at its P50, not discounted."""
    terms_usd: Mapping[str, float]
    """The same by what it pays for; a sale is negative."""
    goodput: Percentiles
    chips_held: float
    effects_usd: Mapping[str, float]
    """Present value that failures, setting up and debugging add, each alone, every input at its P50."""
    crossover_utilisation: Crossing | None
    """Share of the held chips' hours from which it is cheaper than on demand; None for that itself."""
    crossover_horizon_years: Crossing | None
    payback_years: Crossing | None
    """None where nothing is laid out."""
    revenue: RevenueShare | None
    cash_usd_by_quarter: tuple[float, ...]
    """Median cash of each quarter, without what is paid at the start and the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFan:
    """Price on demand at the ends of quarters, USD per chip-hour, nominal."""

    years: tuple[float, ...]
    p10: tuple[float, ...]
    p50: tuple[float, ...]
    p90: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAnswer:
    """What sharing chips saves."""

    separate_chips: Mapping[str, float]
    pooled_chips: float
    gain: float
    """Share of the chips saved."""
    chips_saved: float
    correlation: float
    service_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RentOrOwnAnswer:
    """All supplies side by side, with the prices they were compared at and the figures behind them."""

    question: RentOrOwnQuestion
    made: Made
    work: Work
    """What is asked for, by quarter."""
    utilisation: float
    horizon_years: float
    currency: str
    cheapest: str
    """Supply with the least median present value."""
    tied: tuple[str, ...]
    """Supplies that are cheapest in about as many draws as each other, the most often first; empty where one leads."""
    supplies: tuple[SupplyAnswer, ...]
    unavailable: tuple[tuple[str, Shortfall], ...]
    """Supplies without a price, that nobody offers for so many chips, or that the law forbids."""
    availability: Mapping[str, Availability]
    """Who is known to offer so many chips, by supply; supplies at a price that the question states are not in it."""
    owners_cost_usd_per_chip_hour: Percentiles | None
    """Of a marginal owner; None where the chip is not sold."""
    markup_over_owners_cost: float | None
    """Price on demand today over that cost, both at P50."""
    prices: PriceFan
    pool: PoolAnswer | None
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    stated: tuple[NamedFigure, ...]
    """Prices of the question."""
    figures: tuple[NamedFigure, ...]

    @property
    def fits(self) -> bool:
        """Whether any supply that was asked for has a price."""
        return bool(self.supplies)

    @property
    def alerts(self) -> tuple[str, ...]:
        """Supplies that take more of revenue than they may."""
        return tuple(each.supply for each in self.supplies if each.revenue is not None and each.revenue.alert)
