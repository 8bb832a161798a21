"""What can be asked about a GPU cloud: what it bought, sold, owes and pays. Any amount may be a range."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from tenfold.planning.rental.dates import contract_problems, is_whole_quarters
from tenfold.planning.rental.fleet import (
    CHANGE,
    CHIPS,
    DATE,
    FIRST_YEAR,
    LAST_YEAR,
    PRICE,
    SHARE,
    USD,
    Fleet,
    Name,
)
from tenfold.quantities import YEAR_S, Amount, Day, Key, Problem, Ranged, RangedAmount, Whole

if TYPE_CHECKING:
    pass

TERM = Amount("s", least=0.25 * YEAR_S, most=40.0 * YEAR_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What every amount of the file is in."""

    currency: Literal["USD"]
    """Of every amount."""
    year: Annotated[int, Whole(FIRST_YEAR, LAST_YEAR)]
    """Year whose prices the amounts are in."""
    terms: Literal["nominal", "real"]
    """Whether later amounts hold inflation or leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """The firm."""

    name: Name
    """What it is called."""
    overhead_usd_per_year: Annotated[Ranged | None, USD, Key("overhead_per_year")] = None
    """Costs of the firm, not of the chips, such as '$20M'."""
    opex_change_per_year: Annotated[Ranged | None, CHANGE] = None
    """Growth of every cost, such as '3 %'."""
    tax_rate: Annotated[Ranged | None, RangedAmount(Amount("1", most=0.9))] = None
    """On income, such as '21 %'."""
    cash_at_start_usd: Annotated[Ranged | None, USD] = None
    """Paid in by the owners beside their share of fleets."""
    cost_of_equity: Annotated[Ranged | None, SHARE] = None
    """Rate at which the owners' flows are discounted; no NPV without it."""
    tax_depreciation: Literal["books", "macrs-5"] = "books"
    """Schedule for taxes: that of the books, or the US table for five-year property."""
    bonus_depreciation: Annotated[Ranged | None, SHARE] = None
    """Share of machines written off for taxes when they enter service, such as '100 %' (US §168(k)); the rest by the
    schedule."""
    interest_limit: Annotated[Ranged | None, SHARE] = None
    """Interest that taxes deduct at most, of earnings before interest and depreciation, such as '30 %' (US §163(j));
    the rest is carried forward."""
    loss_limit: Annotated[Ranged | None, SHARE] = None
    """Share of income that losses carried forward may take, such as '80 %' (US §172); all of it when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Chips promised to a customer."""

    name: Name
    """What it is called."""
    fleet: Name
    """Fleet that serves it."""
    chips: Annotated[Ranged, CHIPS]
    """How many."""
    price_usd_per_chip_hour: Annotated[Ranged, PRICE, Key("price")]
    """Such as '$2.60/h'."""
    start: Annotated[datetime.date, DATE]
    """First day, month or quarter."""
    end: Annotated[datetime.date | None, Day(end=True, first_year=FIRST_YEAR, last_year=LAST_YEAR)] = None
    """Last day, month or quarter; or give a term."""
    term_s: Annotated[float | None, TERM] = None
    """Such as '3 years'; or give an end."""
    take_or_pay: Annotated[Ranged | None, SHARE] = None
    """Share billed whether used or not; all of it when left out."""
    utilisation: Annotated[Ranged | None, SHARE] = None
    """Share of the rest that is used."""
    default_per_year: Annotated[Ranged | None, RangedAmount(Amount("1", most=10.0))] = None
    """Chance a year that the customer stops paying, such as '3 %': its chips then go to the market."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when it has no end or two, and when it ends before it starts."""
        return contract_problems(said.get("start"), said.get("end"), said.get("term_s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """Debt that pays a share of fleets."""

    name: Name
    """What it is called."""
    kind: Literal["equal-principal", "level-payment", "bullet", "cash-sweep"]
    """How it is repaid."""
    fleets: tuple[Name, ...] = ()
    """Fleets it pays for; all when left out."""
    share: Annotated[Ranged | None, SHARE] = None
    """Of their price that it pays; or give sized_to_dscr."""
    sized_to_dscr: Annotated[float | None, Amount("1", above=0.0, most=100.0)] = None
    """Debt-service cover to lend up to, such as 1.3: the largest share that keeps it in every quarter at P50."""
    rate: Annotated[Ranged, SHARE]
    """Interest a year; of a floating rate that of the first quarter."""
    rate_change_per_year: Annotated[Ranged | None, RangedAmount(Amount("1", least=-0.2, most=0.2))] = None
    """Of a floating rate: points a year, such as '-0.5 %'."""
    rate_volatility: Annotated[Ranged | None, RangedAmount(Amount("1", most=0.2))] = None
    """Of a floating rate: standard deviation of what chance adds in a year, such as '1 %'; never below zero."""
    term_s: Annotated[float, TERM]
    """Whole quarters, such as '3.25 years'."""
    interest_only_s: Annotated[float | None, TERM] = None
    """First quarters of each sum drawn in which only interest is paid, such as '1 year'."""
    reserve_s: Annotated[float | None, TERM] = None
    """Debt service held in a reserve account, such as '6 months': the owners fund it when the loan is drawn."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when its times are no quarters, and when its size is given twice or not at all."""
        for key in ("term", "interest_only", "reserve"):
            time_s = said.get(f"{key}_s")
            if isinstance(time_s, float) and not is_whole_quarters(time_s):
                wrong = f"{time_s / YEAR_S:.4g} years is not a whole number of quarters"
                yield _problem(key, wrong, "Write quarters of years: '3.25 years'")
        term_s, only_s = said.get("term_s"), said.get("interest_only_s")
        if isinstance(term_s, float) and isinstance(only_s, float) and only_s >= term_s:
            yield _problem("interest_only", "is as long as the term", "Write a shorter time, or kind = 'bullet'")
        if (said.get("share") is None) == (said.get("sized_to_dscr") is None):
            wrong = "has no size" if said.get("share") is None else "stands beside sized_to_dscr"
            yield _problem("share", wrong, "Give one of share and sized_to_dscr")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioCovenant:
    """A ratio that lenders test each quarter."""

    kind: Literal["dscr", "llcr", "ltv", "debt-to-ebitda", "debt-to-assets"]
    """Which ratio."""
    limit: float
    """Least cover, or most debt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashCovenant:
    """Cash that lenders ask for each quarter."""

    kind: Literal["cash"]
    """Cash."""
    limit: Annotated[float, Amount("USD")]
    """Least cash, such as '$5M'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A better chip, which lowers what older ones fetch."""

    date: Annotated[datetime.date, DATE]
    """When it can be had."""
    performance_per_dollar: Annotated[Ranged, RangedAmount(Amount("1", least=1.0, most=1e4))]
    """Over that of the chips before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalQuestion:
    """A GPU cloud whose books are kept: what it bought, sold, owes and pays, any amount with its range."""

    money: Money
    """What every amount is in."""
    cloud: Cloud
    """The firm."""
    fleets: tuple[Fleet, ...]
    """Chips by vintage."""
    contracts: tuple[Contract, ...] = ()
    """Chips promised to customers."""
    loans: tuple[Loan, ...] = ()
    """Debt that pays for fleets."""
    arrivals: tuple[Arrival, ...] = ()
    """Better chips, which lower what older ones fetch."""
    covenants: tuple[RatioCovenant | CashCovenant, ...] = ()
    """What lenders test each quarter."""

    @staticmethod
    def contradictions(said: Mapping[str, Any]) -> Iterator[Problem]:
        """Say when there is no fleet."""
        if said.get("fleets") == ():
            yield _problem("fleets", "is empty", "Write [[fleets]] at least once")


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)
