"""What a contract makes due in a year: deliveries, interest, principal.

level     amount · (days of the year in force) / (days in force), the same every day
bullet    the amount in the year of the end
by year   as listed
interest  rate · (amount − what fell due before the year) · (share of the year in force)

Amounts are nominal US dollars; days count as the calendar has them. Contracts that ramp up are flattened by ``level``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from tenfold.catalog import Deal

SUPPLY_KINDS = ("take-or-pay", "lease")
DEBT_KINDS = ("debt", "gpu-backed-debt")
BINDING = ("in-force", "committed")
"""Statuses of contracts that somebody still owes on."""
_NEVER_DUE = {
    "letter-of-intent": "a letter of intent binds nobody",
    "equity": "equity is owed to nobody",
    "warrant": "a warrant is a right to shares, not to money",
    "purchase": "purchases can be stopped; they count as sales only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeDue:
    """What one contract makes due in the year, US dollars; fields that do not apply are zero."""

    deal: Deal
    supply_usd: float = 0.0
    """For capacity under take-or-pay or lease."""
    interest_usd: float = 0.0
    maturing_usd: float = 0.0
    """Principal."""
    gpu_backed_usd: float = 0.0
    """Outstanding debt backed by chips that does not mature in the year."""
    backstop_usd: float = 0.0
    """Most that a guarantor pays, and only when buyers of the beneficiary fail."""

    @property
    def due_usd(self) -> float:
        """What is due in any case."""
        return self.supply_usd + self.interest_usd + self.maturing_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A deal that clearing leaves out, and why."""

    key: str
    reason: str


def due_in(deal: Deal, year: int) -> float:
    """Amount due in a calendar year by the schedule of the contract, USD; 0 without an amount or a schedule."""
    if deal.due_by_year_usd:
        return deal.due_by_year_usd.get(year, 0.0)
    last, amount = deal.last_day, deal.amount_usd
    if last is None or amount is None or not deal.schedule:
        return 0.0
    if deal.schedule == "bullet":
        return amount if last.year == year else 0.0
    first = deal.starts or last
    days = (last - first).days + 1
    return amount * _days_in(year, first, last) / days


def edges_due(deals: Iterable[Deal], year: int) -> tuple[tuple[EdgeDue, ...], tuple[LeftOut, ...]]:
    """What every deal makes due in a year, and the deals that clearing leaves out. Raises nothing."""
    edges, left_out = [], []
    for deal in deals:
        edge = EdgeDue(deal=deal) if (reason := _not_binding(deal, year)) else _edge(deal, year)
        if edge.due_usd or edge.gpu_backed_usd or edge.backstop_usd:
            edges.append(edge)
        else:
            left_out.append(LeftOut(key=deal.key, reason=reason or f"nothing is due in {year}"))
    return tuple(edges), tuple(left_out)


def _not_binding(deal: Deal, year: int) -> str:
    """Why nothing of the deal can be due; empty where something can."""
    if deal.part_of:
        return f"counted in {deal.part_of}"
    if deal.kind in _NEVER_DUE:
        return _NEVER_DUE[deal.kind]
    if deal.status not in BINDING:
        return f"status: {deal.status}"
    if deal.amount_usd is None:
        return "the amount is not disclosed"
    if deal.cancelable_from is not None and deal.cancelable_from <= datetime.date(year, 1, 1):
        return f"can be cancelled from {deal.cancelable_from.isoformat()}"
    if not deal.schedule and not deal.due_by_year_usd and deal.rate_per_year is None:
        return "no schedule is published"
    return ""


def _edge(deal: Deal, year: int) -> EdgeDue:
    firm = due_in(deal, year) * _firm_share(deal, year)
    if deal.kind == "backstop":
        return EdgeDue(deal=deal, backstop_usd=firm)
    if deal.kind in SUPPLY_KINDS:
        return EdgeDue(deal=deal, supply_usd=firm)
    first, last = deal.starts or deal.signed, deal.last_day or datetime.date.max
    if not first.year <= year <= last.year:
        return EdgeDue(deal=deal)
    repaid = sum(due_in(deal, before) for before in range(first.year, year))
    outstanding = max((deal.amount_usd or 0.0) - repaid, 0.0)
    share = _days_in(year, first, last) / _days_in(year, datetime.date.min, datetime.date.max)
    return EdgeDue(
        deal=deal,
        interest_usd=(deal.rate_per_year or 0.0) * outstanding * share,
        maturing_usd=firm,
        gpu_backed_usd=max(outstanding - firm, 0.0) if deal.kind == "gpu-backed-debt" else 0.0,
    )


def _firm_share(deal: Deal, year: int) -> float:
    """Share of the year's amount that falls due before the contract can be cancelled."""
    if deal.cancelable_from is None or deal.starts is None or deal.last_day is None:
        return 1.0
    before = min(deal.cancelable_from - datetime.timedelta(days=1), deal.last_day)
    days = _days_in(year, deal.starts, deal.last_day)
    return _days_in(year, deal.starts, before) / days if days else 1.0


def _days_in(year: int, first: datetime.date, last: datetime.date) -> int:
    """Days of a year from ``first`` to ``last``, both counted."""
    begin, end = max(first, datetime.date(year, 1, 1)), min(last, datetime.date(year, 12, 31))
    return max((end - begin).days + 1, 0)
