"""The answer about a portfolio: which chips are had when and how, what runs where and when, what sharing saves."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.planning.plan.portfolio.handed import Handed, written
from tenfold.planning.plan.portfolio.question import PlanPortfolioQuestion
from tenfold.planning.plan.verdicts import Infeasible
from tenfold.planning.supply.availability import Availability, OfChips
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFleet(OfChips):
    """Chips that are had in one way, and what runs on them."""

    chip: str
    chips: int
    """That work."""
    chips_there: int
    """Of the chips, those of a fleet that is there already, which the others join."""
    chips_ordered: int
    """Beside those that are there, in whole units of what is handed out together; idle ones are paid for."""
    supply: str
    site: str
    availability: Availability
    carries: tuple[str, ...]
    """Names of the works that run on it."""
    ready_day: Percentiles
    """Since the order, on which it begins to work."""
    until_day: float
    """Day on which its last work ends, P50."""
    cost_usd: Percentiles
    cash_usd: Percentiles
    """Cash that has to be available: a bill, the whole term of a reservation, or the purchase of what is owned."""
    holds_usd: float
    """Money that holds, together with the latency or the deadline, with the confidence asked for."""
    power_mw: float
    energy_mwh: float
    busiest_chips: tuple[int, ...]
    """Chips that its service needs by hour in the last week, the busiest hour first; empty without a service."""
    quietest_chips: tuple[int, ...]
    """The same in the first week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioWork:
    """A service or a run, and when it has which chips."""

    name: str
    kind: str
    """``serve`` or ``train``."""
    fleet: int
    """Place of its fleet among those of the design."""
    chips: int
    """That it has at most."""
    shares: bool
    """Whether it trains on what a service leaves."""
    hours_a_day: float
    """In which it has them, on average until it ends."""
    begin_day: float
    """Since the order, P50: its chips are there and set up."""
    end_day: Percentiles
    """Since the order; of a run that shares, ends of when the fleet is there and of the work, added up."""
    beside_usd: Percentiles
    """What it costs beside its fleet: energy that it draws, storage and traffic of a run that shares."""
    probability: float
    """Share of outcomes that keep its latency, or its deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioDesign:
    """Fleets that carry all works."""

    name: str
    """``shared``: runs train on what services leave, where that is cheaper; ``apart``: every work has its own chips."""
    fleets: tuple[PortfolioFleet, ...]
    works: tuple[PortfolioWork, ...]
    chips: int
    """That work."""
    chips_held: int
    """That are there or ordered, idle ones among them."""
    cost_usd: Percentiles
    """Ends are sums of ends: prices are taken to move together."""
    cash_usd: Percentiles
    power_mw: float
    energy_mwh: float
    holds_usd: float
    """Cost that is not exceeded in the share of outcomes asked for: what designs are ranked by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPortfolioAnswer:
    """The answer to a portfolio."""

    question: PlanPortfolioQuestion
    made: Made
    best: PortfolioDesign | None
    alternatives: tuple[PortfolioDesign, ...]
    saved_usd: float | None
    """By which the P50 of the best is below that of works apart; None where one of the two is missing."""
    without: tuple[str, ...]
    """Works that have no chips of their own, even with all of the means."""
    infeasible: tuple[Infeasible, ...]
    """What is short, by how much, and the nearest change; nothing here is for lack of data."""
    missing_data: tuple[Infeasible, ...]
    """What could not be judged since a figure or a price is recorded nowhere."""
    handed: tuple[Handed, ...]
    """The works as a procurement plan takes them; empty without a best."""
    designs_considered: int
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]

    @property
    def fits(self) -> bool:
        """Whether every work has chips within the means."""
        return self.best is not None


def file(answer: PlanPortfolioAnswer) -> str:
    """Tables ``[[workloads]]`` of a procurement plan, in TOML."""
    return written(answer.handed)
