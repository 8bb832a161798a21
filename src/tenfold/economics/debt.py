"""Debt: how a loan is drawn, borne and repaid, quarter by quarter.

Every kind has one signature: ``(drawn_usd, rate_per_year, term_quarters, cash_usd) -> DebtFlows``, the last axis the
quarters. A sum drawn in quarter s is drawn at its start and repaid by the end of quarter s + N − 1, N the term.
i = rate/4. Kinds that repay as they go do so evenly through the quarter, so interest is i·(opening + closing)/2; over
the life of a loan repaid in equal parts that is the average interest of ``capital``. A bullet is repaid on the last
day, so its interest is i·opening. Source: annuities as in Brealey, Myers, Allen, chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

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


Debt = Callable[[Floats, Column, int, Floats], DebtFlows]


def equal_principal(drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats) -> DebtFlows:
    """Repay 1/N of each sum every quarter, whatever the cash. Broadcasts over draws; raises nothing."""
    left = 1.0 - np.arange(term_quarters + 1) / term_quarters
    return _paid_evenly(_broadcast(drawn_usd, rate_per_year, cash_usd), left, rate_per_year)


def level_payment(drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats) -> DebtFlows:
    """Pay the same sum of interest and principal every quarter, whatever the cash. Broadcasts; raises nothing.

    What is left after k quarters is (g^N − g^k)/(g^N − 1), g = (1 + i/2)/(1 − i/2); 1 − k/N without interest.
    """
    half = np.asarray(rate_per_year, dtype=np.float64) / QUARTERS_PER_YEAR / 2.0
    log_growth = np.log1p(half) - np.log1p(-half)
    safe = np.where(log_growth == 0.0, 1.0, log_growth)
    quarter = np.arange(term_quarters + 1)
    grown = -np.expm1(-(term_quarters - quarter) * safe) / -np.expm1(-term_quarters * safe)
    left = np.where(log_growth == 0.0, 1.0 - quarter / term_quarters, grown)
    return _paid_evenly(_broadcast(drawn_usd, rate_per_year, cash_usd), left, rate_per_year)


def bullet(drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats) -> DebtFlows:
    """Pay interest every quarter and all of the principal on the last day. Broadcasts; raises nothing."""
    drawn = _broadcast(drawn_usd, rate_per_year, cash_usd)
    left = np.append(np.ones(term_quarters), 0.0)
    opening, closing = _balances(drawn, left)
    interest = opening * np.asarray(rate_per_year) / QUARTERS_PER_YEAR
    return DebtFlows(drawn_usd=drawn, interest_usd=interest, principal_usd=opening - closing, closing_usd=closing)


def cash_sweep(drawn_usd: Floats, rate_per_year: Column, term_quarters: int, cash_usd: Floats) -> DebtFlows:
    """Repay with all the cash of the quarter that interest leaves; what is left at the end of the term is paid then.

    principal = (cash − i·B)/(1 − i/2), between 0 and the opening balance B: the interest is that on the mean balance.
    A sum still owed N quarters after it was drawn is repaid whatever the cash. Broadcasts; raises nothing.
    """
    drawn = _broadcast(drawn_usd, rate_per_year, cash_usd)
    rate = np.broadcast_to(np.asarray(rate_per_year, dtype=np.float64) / QUARTERS_PER_YEAR, drawn.shape)
    cash = np.broadcast_to(cash_usd, drawn.shape)
    interest, principal, closing = np.zeros(drawn.shape), np.zeros(drawn.shape), np.zeros(drawn.shape)
    owed, paid = np.zeros(drawn.shape[:-1]), np.zeros(drawn.shape[:-1])
    for quarter in range(drawn.shape[-1]):
        opening = owed + drawn[..., quarter]
        first = quarter - term_quarters + 1
        due = drawn[..., : max(first + 1, 0)].sum(axis=-1) - paid
        swept = (cash[..., quarter] - rate[..., quarter] * opening) / (1.0 - rate[..., quarter] / 2.0)
        repaid = np.minimum(np.maximum(np.maximum(swept, due), 0.0), opening)
        principal[..., quarter] = np.where(repaid >= ALL_OF_IT * opening, opening, repaid)
        paid = paid + principal[..., quarter]
        owed = opening - principal[..., quarter]
        closing[..., quarter] = owed
        interest[..., quarter] = rate[..., quarter] * (opening + owed) / 2.0
    return DebtFlows(drawn_usd=drawn, interest_usd=interest, principal_usd=principal, closing_usd=closing)


DEBTS: Mapping[str, Debt] = MappingProxyType(
    {
        "equal-principal": equal_principal,
        "level-payment": level_payment,
        "bullet": bullet,
        "cash-sweep": cash_sweep,
    }
)


def _broadcast(drawn_usd: Floats, rate_per_year: Column, cash_usd: Floats) -> Floats:
    shape = np.broadcast_shapes(np.shape(drawn_usd), np.shape(rate_per_year), np.shape(cash_usd))
    return np.broadcast_to(np.asarray(drawn_usd, dtype=np.float64), shape)


def _paid_evenly(drawn: Floats, left: Floats, rate_per_year: Column) -> DebtFlows:
    opening, closing = _balances(drawn, left)
    interest = (opening + closing) / 2.0 * np.asarray(rate_per_year) / QUARTERS_PER_YEAR
    return DebtFlows(drawn_usd=drawn, interest_usd=interest, principal_usd=opening - closing, closing_usd=closing)


def _balances(drawn: Floats, left: Floats) -> tuple[Floats, Floats]:
    """Opening (with what is drawn then) and closing balance, from what is left of 1 after k quarters."""
    opening, closing = np.zeros(drawn.shape), np.zeros(drawn.shape)
    for start in np.flatnonzero(drawn.reshape(-1, drawn.shape[-1]).any(axis=0)):
        stop = min(start + left.shape[-1] - 1, drawn.shape[-1])
        opening[..., start:stop] += drawn[..., start : start + 1] * left[..., : stop - start]
        closing[..., start:stop] += drawn[..., start : start + 1] * left[..., 1 : stop - start + 1]
    return opening, closing
