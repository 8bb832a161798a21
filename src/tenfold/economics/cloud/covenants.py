"""Covenants: what lenders ask of the books, quarter by quarter, and how much room is left.

Every kind has one signature, ``(books) -> ratio by quarter``; a covenant says which side of a limit the ratio must
stay on. Trailing sums cover four quarters, or as many as a chip has served. Quarters without debt, and those before
the first full year of service, are not tested: ratios there are the ones a covenant is silent on. Source: CoreWeave
delayed-draw loan facilities (Form 10-Q, 2025), which test debt-service cover and leverage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from tenfold.economics.cloud.statements import Books
from tenfold.economics.returns import dscr
from tenfold.quantities import Flags, Floats, Indices

Side = Literal["minimum", "maximum"]
TRAILING_QUARTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Covenant:
    """A ratio and the limit it must keep."""

    kind: str
    """Key of ``COVENANTS``."""
    limit: float


def dscr_by_quarter(books: Books) -> Floats:
    """Debt-service cover of the trailing year: (EBITDA − current tax)/(interest + principal)."""
    income, cash = books.income, books.cash
    available = _trailing(income.ebitda_usd - income.tax_current_usd)
    return np.asarray(dscr(available, _trailing(income.interest_usd), _trailing(-cash.debt_repaid_usd)))


def debt_to_ebitda_by_quarter(books: Books) -> Floats:
    """Debt at the end of the quarter over EBITDA of the trailing year; infinite where that is not positive."""
    ebitda = _trailing(books.income.ebitda_usd)
    debt = np.broadcast_to(books.balance.debt_usd, ebitda.shape)
    ratio = np.divide(debt, ebitda, out=np.full(ebitda.shape, np.inf), where=ebitda > 0.0)
    return np.where(debt > 0.0, ratio, 0.0)


def debt_to_assets_by_quarter(books: Books) -> Floats:
    """Debt over the book value of machines, shell and deposits at the end of the quarter."""
    assets = books.balance.deposits_usd + books.balance.machines_usd + books.balance.shell_usd
    debt = np.broadcast_to(books.balance.debt_usd, assets.shape)
    ratio = np.divide(debt, assets, out=np.full(assets.shape, np.inf), where=assets > 0.0)
    return np.where(debt > 0.0, ratio, 0.0)


def ltv_by_quarter(books: Books) -> Floats:
    """Loan to value: debt over what the machines would fetch and the shell's book value, at the end of the quarter."""
    debt, value = np.broadcast_arrays(books.balance.debt_usd, books.market_value_usd)
    ratio = np.divide(debt, value, out=np.full(debt.shape, np.inf), where=value > 0.0)
    return np.where(debt > 0.0, ratio, 0.0)


def llcr_by_quarter(books: Books) -> Floats:
    """Loan-life cover: value at the loans' own rate of what can serve debt while any is owed, over the debt.

    V_q = (EBITDA_q − current tax_q + V_{q+1})/(1 + i_q), i_q the interest of the quarter over what is owed at its
    start; infinite where nothing is owed. Source: Yescombe, Principles of Project Finance, chapter 12.
    """
    income = books.income
    opening = np.asarray(books.balance.debt_usd - books.cash.debt_repaid_usd)
    available, owed, interest = np.broadcast_arrays(
        income.ebitda_usd - income.tax_current_usd, opening, income.interest_usd
    )
    rate = np.divide(interest, owed, out=np.zeros(owed.shape), where=owed > 0.0)
    value, worth = np.zeros(owed.shape), np.zeros(owed.shape[:-1])
    for quarter in reversed(range(owed.shape[-1])):
        ahead = available[..., quarter] + worth
        worth = np.where(owed[..., quarter] > 0.0, ahead / (1.0 + rate[..., quarter]), 0.0)
        value[..., quarter] = worth
    return np.asarray(np.divide(value, owed, out=np.full(owed.shape, np.inf), where=owed > 0.0))


def cash_by_quarter(books: Books) -> Floats:
    """Cash at the end of the quarter, USD."""
    return books.balance.cash_usd


COVENANTS: Mapping[str, tuple[Callable[[Books], Floats], Side]] = MappingProxyType(
    {
        "dscr": (dscr_by_quarter, "minimum"),
        "debt-to-ebitda": (debt_to_ebitda_by_quarter, "maximum"),
        "debt-to-assets": (debt_to_assets_by_quarter, "maximum"),
        "ltv": (ltv_by_quarter, "maximum"),
        "llcr": (llcr_by_quarter, "minimum"),
        "cash": (cash_by_quarter, "minimum"),
    }
)
"""Kinds of covenant: the ratio, and the side its limit stands on."""


def covenant_quarters(books: Books) -> Flags:
    """Quarters in which covenants are tested: debt was owed, and chips have served for four quarters."""
    owed = np.asarray(books.balance.debt_usd - books.cash.debt_repaid_usd) > 0.0
    served = np.cumsum(books.in_service_chips > 0.0, axis=-1) >= TRAILING_QUARTERS
    return np.asarray(owed & served)


def headroom(books: Books, covenant: Covenant) -> Floats:
    """Least distance to the limit over the tested quarters, shape (draw,); negative where broken, infinite untested."""
    ratio_of, side = COVENANTS[covenant.kind]
    ratio = ratio_of(books)
    distance = ratio - covenant.limit if side == "minimum" else covenant.limit - ratio
    return np.asarray(np.where(covenant_quarters(books), distance, np.inf).min(axis=-1))


def first_break(books: Books, covenant: Covenant) -> Indices:
    """First quarter in which the covenant breaks, −1 where none does. Shape (draw,)."""
    ratio_of, side = COVENANTS[covenant.kind]
    ratio = ratio_of(books)
    broken = (ratio < covenant.limit if side == "minimum" else ratio > covenant.limit) & covenant_quarters(books)
    return np.asarray(np.where(broken.any(axis=-1), broken.argmax(axis=-1), -1))


def _trailing(by_quarter: Floats) -> Floats:
    """Sum over the quarter and the three before it."""
    total = np.cumsum(by_quarter, axis=-1)
    before = np.concatenate([np.zeros((*total.shape[:-1], TRAILING_QUARTERS)), total], axis=-1)[..., : total.shape[-1]]
    return np.asarray(total - before)
