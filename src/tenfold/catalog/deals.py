"""Deals between players, who owes or pays whom, and the players themselves.

``from`` is who pays: the investor of equity, the borrower of a debt, the buyer of capacity, the tenant of a lease, the
issuer of a warrant, the guarantor of a backstop. Amounts are nominal US dollars of the years in which they fall due.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args

from tenfold.catalog.countries import Country
from tenfold.catalog.figure_files import FigureIn
from tenfold.catalog.figured import Figured, Own
from tenfold.catalog.records import Name
from tenfold.quantities import DAYS_PER_YEAR, Figure, FigureKind, Key, Text

PlayerKind = Literal[
    "chip-supplier",
    "hyperscaler",
    "cloud",
    "ai-lab",
    "lender",
    "investor",
    "vehicle",
    "sovereign",
    "long-tail",
    "other",
]
DealKind = Literal[
    "equity",
    "debt",
    "gpu-backed-debt",
    "take-or-pay",
    "lease",
    "warrant",
    "backstop",
    "letter-of-intent",
    "purchase",
]
DealStatus = Literal["completed", "in-force", "committed", "announced", "reported", "lapsed"]
Cancelable = Literal["no", "yes", "unknown"]
DEAL_KINDS: tuple[str, ...] = get_args(DealKind)
DEAL_STATUSES: tuple[str, ...] = get_args(DealStatus)
CANCELABLE: tuple[str, ...] = get_args(Cancelable)
SCHEDULES = ("level", "bullet")
"""Beside a list of amounts by year: the same every day from start to end, and all at the end."""
TERM_TOLERANCE_YEARS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Player(Figured):
    """A firm, or a group, in the financing network and in the race. Figures that nobody published are absent."""

    key: Own = ""
    name: Name
    kind: PlayerKind
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    revenue: Annotated[Figure | None, FigureIn("USD")] = None
    """Of the year that ends at its date."""
    operating_cash_flow: Annotated[Figure | None, FigureIn("USD")] = None
    """Of the year that ends at its date."""
    cash: Annotated[Figure | None, FigureIn("USD")] = None
    """With securities that can be sold at once."""
    equity: Annotated[Figure | None, FigureIn("USD")] = None
    """Book value."""
    debt: Annotated[Figure | None, FigureIn("USD")] = None
    shares_outstanding: Annotated[Figure | None, FigureIn("1")] = None
    country: Annotated[str, Country()] = ""
    """Whose export rules and policy it is under, ISO 3166-1 alpha-2; empty where it plays no part."""
    race_group: Annotated[str, Text(longest=200), Key("race.group")] = ""
    """Owner whose observed chips it has a share of, where it is not observed itself."""
    share_of_group: Annotated[Figure | None, FigureIn("1"), Key("race.share_of_group")] = None
    race_cash_flow: Annotated[Figure | None, FigureIn("USD"), Key("race.cash_flow")] = None
    """Of a year, where no operating cash flow is published."""
    race_regions: Annotated[Mapping[Name, Annotated[Figure, FigureIn("1")]], Key("race.regions")] = field(
        default_factory=dict
    )
    """Shares of its fleet by region; who has some owns chips in the race."""
    training_share: Annotated[Figure | None, FigureIn("1"), Key("race.training_share")] = None
    """Of its compute, that its largest run takes; who has it trains models in the race."""
    race_uses: Annotated[Mapping[Name, Annotated[Figure, FigureIn("1")]], Key("race.uses")] = field(
        default_factory=dict
    )
    """Shares of the fleets of owners that it uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One contract, one investment, one promise."""

    key: str
    payer: str
    payee: str
    kind: str
    amount_usd: float | None
    """Over the whole contract; None where it was not disclosed."""
    signed: datetime.date
    status: str
    source: str
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    term_years: float | None = None
    cancelable: str = "unknown"
    cancelable_from: datetime.date | None = None
    """From when either side can leave; amounts due before are firm."""
    schedule: str = ""
    """``level`` or ``bullet``; empty where ``due_by_year_usd`` holds it, or nobody published one."""
    due_by_year_usd: Mapping[int, float] = field(default_factory=dict)
    rate_per_year: float | None = None
    """Interest on what is outstanding."""
    shares: float | None = None
    price_usd_per_share: float | None = None
    part_of: str = ""
    """Key of the deal that already counts this amount."""
    figure_kind: FigureKind = "quote"
    note: str = ""
    file: str = ""

    @property
    def last_day(self) -> datetime.date | None:
        """End of the contract, from its term where no date is given."""
        if self.ends is not None or self.starts is None or self.term_years is None:
            return self.ends
        return self.starts + datetime.timedelta(days=round(self.term_years * DAYS_PER_YEAR) - 1)

    @property
    def figure(self) -> Figure | None:
        """The amount as a figure, USD; None where it was not disclosed."""
        if self.amount_usd is None:
            return None
        return Figure(
            value=self.amount_usd,
            unit="USD",
            kind=self.figure_kind,
            source=self.source,
            as_of=self.signed,
            note=self.note,
        )


def contract_problems(deal: Deal) -> Iterator[tuple[str, str, str]]:
    """What is inconsistent in a contract: key, what is wrong, what to type."""
    for key, value, known in (
        ("kind", deal.kind, DEAL_KINDS),
        ("status", deal.status, DEAL_STATUSES),
        ("cancelable", deal.cancelable, CANCELABLE),
    ):
        if value not in known:
            yield key, f"'{value}' is no {key} of a deal", f"Use one of {', '.join(known)}"
    if deal.payer == deal.payee:
        yield "to", f"'{deal.payer}' owes itself", "Name another player"
    yield from _time_problems(deal)
    yield from _schedule_problems(deal)
    if deal.cancelable_from is not None and deal.cancelable != "yes":
        yield "cancelable_from", "the contract is not cancelable", "Write cancelable = yes, or leave the date out"
    if deal.kind == "warrant" and deal.shares is None:
        yield "shares", "is missing", "Give the shares that the warrant buys"


def _time_problems(deal: Deal) -> Iterator[tuple[str, str, str]]:
    if deal.term_years is not None and deal.term_years <= 0.0:
        yield "term_years", f"the term of {deal.term_years:g} years is not above zero", "Write years such as 5"
    if deal.starts is None or deal.ends is None:
        return
    if deal.ends <= deal.starts:
        wrong = f"the contract ends {deal.ends.isoformat()}, before it starts {deal.starts.isoformat()}"
        yield "ends", wrong, "Write a later date"
        return
    years = (deal.ends - deal.starts).days / DAYS_PER_YEAR
    if deal.term_years is not None and deal.term_years > 0 and abs(years - deal.term_years) > TERM_TOLERANCE_YEARS:
        wrong = f"a term of {deal.term_years:g} years does not fit the {years:.2g} years from start to end"
        yield "term_years", wrong, "Give the term or the end"


def _schedule_problems(deal: Deal) -> Iterator[tuple[str, str, str]]:
    if deal.schedule and deal.schedule not in SCHEDULES:
        remedy = "Write level, bullet, or amounts by year such as 2026:6.7e9 2027:4e9"
        yield "schedule", f"'{deal.schedule}' is no schedule", remedy
    elif deal.schedule and deal.last_day is None:
        yield "schedule", "the contract has no end", "Give ends, or starts and term_years"
    elif deal.schedule == "level" and deal.starts is None:
        yield "schedule", "the contract has no start", "Give starts"
    total, amount = sum(deal.due_by_year_usd.values()), deal.amount_usd
    if amount is not None and total > amount * (1.0 + 1e-9):
        wrong = f"the years add up to {total:g}, more than the amount of {amount:g}"
        yield "schedule", wrong, "Correct the years or the amount"
