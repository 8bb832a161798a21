"""What can be asked about renting and owning: how much work, how long, where, at which prices, from what revenue."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from tenfold.planning.rent_or_own.hours import hours_by_quarter, least_chips
from tenfold.quantities import YEAR_S, Amount, Flat, Key, Named, OneOf, Problem, Text, Whole, known
from tenfold.reliability import USUAL, Policy

SUPPLY_NAMES = ("on-demand", "reserved-1y", "reserved-3y", "spot", "colocation", "own")
CHIPS = Whole(most=10**7)
HOURLY = Amount("USD/h", least=0.001, most=1000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How many chips and how busy, or the chip-hours of each quarter."""

    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int | None, CHIPS] = None
    """Chips needed at the busiest; with utilisation."""
    utilisation: Annotated[float | None, Amount("1", least=1e-6, most=1.0)] = None
    """Share of their hours with work, such as 0.6."""
    chip_hours: tuple[Annotated[float, Amount("chip-h", most=1e12)], ...] | None = None
    """Chip-hours of work of each quarter, the last repeated; instead of utilisation."""
    horizon_s: Annotated[float, Amount("s", least=YEAR_S / 4.001, most=10.001 * YEAR_S)]
    """How long, such as '4 years'."""
    parameters: Annotated[float, Amount("parameters", least=1e6, most=1e14)]
    """Parameters of the model whose checkpoints are saved, such as '70B'."""
    job_chips: Annotated[int | None, CHIPS] = None
    """Chips of one job; all when left out."""
    policy: Annotated[Policy, Flat()] = USUAL
    """What is done about failures of a job."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when there is no work or two kinds of it, and when the chips cannot do it."""
        share, hours, chips = (said.get(name) for name in ("utilisation", "chip_hours", "chips"))
        if (share is None) == (hours is None):
            wrong = (
                "both utilisation and chip_hours are given" if share is not None else "the amount of work is missing"
            )
            yield _problem("", wrong, 'Write chips and utilisation, or chip_hours = ["200K chip-hours"] by quarter')
        elif hours is None and chips is None:
            yield _problem("chips", "is missing", "Add it: utilisation is a share of the hours of these chips")
        elif isinstance(hours, tuple) and known(hours):
            yield from _of_hours(hours, said.get("horizon_s"), chips)


def _of_hours(hours: tuple[float, ...], horizon_s: object, chips: object) -> Iterator[Problem]:
    if not hours:
        yield _problem("chip_hours", "is empty", "Write hours such as '200K chip-hours'")
    elif isinstance(horizon_s, float):
        work = hours_by_quarter(hours, horizon_s)
        least = least_chips(work)
        if isinstance(chips, int) and chips < least - 0.5:
            wrong = f"{chips:,} chips cannot do the busiest quarter"
            yield _problem("chips", wrong, f"Write {least:,.0f} or more")
        if max(work) <= 0.0:
            yield _problem("chip_hours", "there is no work in any quarter", "Write hours such as '200K chip-hours'")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPrices:
    """What is known better than the catalog knows it; nominal dollars, taken as they are, without a range."""

    as_of: datetime.date | None = None
    """When the prices below hold, such as '2026-11'."""
    on_demand_usd_per_chip_hour: Annotated[float | None, HOURLY, Key("on_demand")] = None
    """Price on demand today, such as '$2.50/h'."""
    spot_usd_per_chip_hour: Annotated[float | None, HOURLY, Key("spot")] = None
    """Price of spot today."""
    reserved_1y_usd_per_chip_hour: Annotated[float | None, HOURLY, Key("reserved_1y")] = None
    """Price of a reservation of one year today."""
    reserved_3y_usd_per_chip_hour: Annotated[float | None, HOURLY, Key("reserved_3y")] = None
    """Price of a reservation of three years today."""
    long_run_usd_per_chip_hour: Annotated[float | None, HOURLY, Key("long_run")] = None
    """Price on demand that today's returns to; else today's."""
    purchase_usd: Annotated[float | None, Amount("USD", least=10.0, most=1e7)] = None
    """Price of a chip, such as '$25K'."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when prices have no day."""
        if said and "as_of" not in said:
            remedy = "Say when these prices hold, such as '2026-11': they are nominal dollars"
            yield _problem("as_of", "is missing", remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """What the compute has to be paid from."""

    usd_per_year: Annotated[float, Amount("USD", least=1.0, most=1e14), Key("per_year")]
    """Revenue of a year, such as '$20M'."""
    alert_share: Annotated[float, Amount("1", least=0.001, most=1.0)] = 0.3
    """Share of revenue above which compute is an alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm that could share chips."""

    name: Annotated[str, Text(longest=200)]
    """What it is called."""
    chips: Annotated[float, Amount("1", least=1.0, most=1e7)]
    """Chips busy on average."""
    spread: Annotated[float, Amount("1", most=5.0)]
    """Standard deviation of its demand over the average, such as 0.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Firms that could share chips, and how well their demand must be met."""

    firms: tuple[Firm, ...]
    """At least two."""
    correlation: Annotated[float, Amount("1", least=-1.0, above=-1.0, most=1.0)] = 0.0
    """Of the demands of any two firms."""
    service_level: Annotated[float, Amount("1", least=0.5, most=0.999)] = 0.95
    """Share of the time in which demand must be met."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when there is nobody to share with, and when demands cannot be so opposed."""
        firms, correlation = said.get("firms"), said.get("correlation")
        if not isinstance(firms, tuple):
            return
        count = len(firms)
        if count < 2:
            yield _problem("firms", f"holds {count}", "Write [[pool.firms]] at least twice")
        elif isinstance(correlation, float) and correlation <= -1.0 / (count - 1):
            wrong = f"{correlation:g} between any two of {count} firms cannot be"
            yield _problem("correlation", wrong, f"Write more than {-1.0 / (count - 1):.3g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RentOrOwnQuestion:
    """Ways to get chips for some work, side by side: rent by the hour, reserve, take spot, rent space, own."""

    demand: Demand
    """What work there is."""
    site: Annotated[str, Named("sites")] = "us-texas"
    """Site of owned chips, by key or alias."""
    supplies: tuple[Annotated[str, OneOf(SUPPLY_NAMES, "supply")], ...] = SUPPLY_NAMES
    """Ways to get chips that are compared."""
    prices: MarketPrices = MarketPrices()
    """What is known better than the catalog knows it."""
    revenue: Revenue | None = None
    """What the compute has to be paid from."""
    pool: Pool | None = None
    """Firms that could share chips."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when nothing is to be compared."""
        if said.get("supplies") == ():
            yield _problem("supplies", "is empty", f"Write some of {', '.join(SUPPLY_NAMES)}")


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)
