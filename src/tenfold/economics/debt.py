"""Debt: how a loan is drawn, borne and repaid, quarter by quarter.

Every kind has one signature: ``(drawn_usd, rate_per_year, term_quarters, cash_usd, interest_only_quarters) ->
DebtFlows``, the last axis the quarters. A sum drawn in quarter s is drawn at its start and repaid by the end of quarter
s + N − 1, N the term. Interest accrues in arrears, i·(what is owed at the start of the quarter), i = rate/4, and is
paid at its end with the principal, so a loan yields its rate. For the first quarters of each sum only interest is paid,
where that is agreed. The rate is a number, a column of draws, or one for each quarter (a floating rate): level
payments are then reset each quarter. Source: annuities as in Brealey, Myers, Allen, chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np

from tenfold.quantities import QUARTERS_PER_YEAR, Column, Floats

ALL_OF_IT = 1.0 - 1e-9
"""Share of what is owed from which rounding alone leaves a rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtFlows:
    """A loan by quarter, USD; closing = closing before + drawn − principal."""

    drawn_usd: Floats
    interest_usd: Floats
    principal_usd: Floats
    closing_usd: Floats


class Debt(Protocol):
    """A way to repay."""

    def __call__(
        self,
        drawn_usd: Floats,
        rate_per_year: Column,
        term_quarters: int,
        cash_usd: Floats,
        interest_only_quarters: int = 0,
    ) -> DebtFlows:
        """Flows of a loan; broadcasts over draws, raises nothing."""
        ...


Due = Callable[[int, Floats], Floats]
"""Share of what is owed that is repaid with so many quarters left, at the quarter's rate."""


def equal_principal(
    drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats, interest_only_quarters: int = 0
) -> DebtFlows:
    """Repay the same part of each sum every quarter, whatever the cash. Broadcasts over draws; raises nothing."""
    return _scheduled(drawn_usd, rate_per_year, term_quarters, cash_usd, interest_only_quarters, _equal_share)


def level_payment(
    drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats, interest_only_quarters: int = 0
) -> DebtFlows:
    """Pay the same sum of interest and principal every quarter, whatever the cash. Broadcasts; raises nothing.

    With n quarters left i/((1 + i)^n − 1) of what is owed is repaid, 1/n without interest.
    """
    return _scheduled(drawn_usd, rate_per_year, term_quarters, cash_usd, interest_only_quarters, _level_share)


def bullet(
    drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats, interest_only_quarters: int = 0
) -> DebtFlows:
    """Pay interest every quarter and all of the principal on the last day. Broadcasts; raises nothing."""
    return _scheduled(drawn_usd, rate_per_year, term_quarters, cash_usd, interest_only_quarters, _last_share)


def cash_sweep(
    drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats, interest_only_quarters: int = 0
) -> DebtFlows:
    """Repay with all the cash of the quarter that interest leaves; what is left at the end of the term is paid then.

    principal = cash − i·B, between 0 and the opening balance B; nothing of a sum that still bears interest only. A sum
    still owed N quarters after it was drawn is repaid whatever the cash. Broadcasts; raises nothing.
    """
    drawn, rate = _broadcast(drawn_usd, rate_per_year, cash_usd)
    cash = np.broadcast_to(cash_usd, drawn.shape)
    interest, principal, closing = np.zeros(drawn.shape), np.zeros(drawn.shape), np.zeros(drawn.shape)
    owed, paid = np.zeros(drawn.shape[:-1]), np.zeros(drawn.shape[:-1])
    for quarter in range(drawn.shape[-1]):
        opening = owed + drawn[..., quarter]
        due, open_to_sweep = (
            drawn[..., : max(quarter - wait + 1, 0)].sum(axis=-1) - paid
            for wait in (term_quarters - 1, interest_only_quarters)
        )
        interest[..., quarter] = rate[..., quarter] * opening
        swept = np.minimum(cash[..., quarter] - interest[..., quarter], open_to_sweep)
        repaid = np.minimum(np.maximum(np.maximum(swept, due), 0.0), opening)
        principal[..., quarter] = np.where(repaid >= ALL_OF_IT * opening, opening, repaid)
        paid = paid + principal[..., quarter]
        owed = opening - principal[..., quarter]
        closing[..., quarter] = owed
    return DebtFlows(drawn_usd=drawn, interest_usd=interest, principal_usd=principal, closing_usd=closing)


DEBTS: Mapping[str, Debt] = MappingProxyType(
    {
        "equal-principal": equal_principal,
        "level-payment": level_payment,
        "bullet": bullet,
        "cash-sweep": cash_sweep,
    }
)


def reserve_usd(service_usd: Floats, quarters: int) -> Floats:
    """What a debt-service reserve account holds at the end of each quarter, USD: the service of the next ``quarters``.

    ``service_usd`` is interest and principal by quarter, on the last axis. Broadcasts; raises nothing.
    """
    total = np.cumsum(service_usd, axis=-1)
    last = total.shape[-1] - 1
    ahead = np.minimum(np.arange(last + 1) + quarters, last)
    return np.asarray(total[..., ahead] - total)


def _broadcast(drawn_usd: Floats, rate_per_year: Column, cash_usd: Floats) -> tuple[Floats, Floats]:
    """Sums drawn and the rate of a quarter, of one shape."""
    shape = np.broadcast_shapes(np.shape(drawn_usd), np.shape(rate_per_year), np.shape(cash_usd))
    rate = np.asarray(rate_per_year, dtype=np.float64) / QUARTERS_PER_YEAR
    return np.broadcast_to(np.asarray(drawn_usd, dtype=np.float64), shape), np.broadcast_to(rate, shape)


def _scheduled(
    drawn_usd: Floats, rate_per_year: Column, term: int, cash_usd: Floats, interest_only: int, due: Due
) -> DebtFlows:
    """Follow each sum through its term; in the last quarter all of it is repaid."""
    drawn, rate = _broadcast(drawn_usd, rate_per_year, cash_usd)
    opening, principal = np.zeros(drawn.shape), np.zeros(drawn.shape)
    for start in np.flatnonzero(drawn.reshape(-1, drawn.shape[-1]).any(axis=0)).tolist():
        owed = drawn[..., start]
        for quarter in range(start, min(start + term, drawn.shape[-1])):
            left = term - (quarter - start)
            share = due(left, rate[..., quarter]) if quarter - start >= interest_only or left == 1 else 0.0
            opening[..., quarter] += owed
            repaid = owed * share
            principal[..., quarter] += repaid
            owed = owed - repaid
    return DebtFlows(
        drawn_usd=drawn, interest_usd=opening * rate, principal_usd=principal, closing_usd=opening - principal
    )


def _equal_share(left: int, rate: Floats) -> Floats:
    del rate
    return np.asarray(1.0 / left)


def _level_share(left: int, rate: Floats) -> Floats:
    safe = np.where(rate == 0.0, 1.0, rate)
    annuity = safe / np.expm1(left * np.log1p(safe))
    return np.where((rate == 0.0) | (left == 1), 1.0 / left, annuity)


def _last_share(left: int, rate: Floats) -> Floats:
    del rate
    return np.asarray(float(left == 1))
