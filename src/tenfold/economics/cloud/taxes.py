"""Taxes on income: interest that may be deducted, losses carried forward, deferred tax.

Taxable income T = income before interest by the tax schedule − interest deducted. Interest above a share of earnings
before interest and depreciation is not deducted in its quarter and carried forward without end [Internal Revenue Code
§163(j): 30 %, and §163(j)(8) as of 2025: before depreciation]. A loss is carried forward without end and used first,
against a share of the income at most [§172(a)(2): 80 %]. Shares are of the year in law and of the quarter here, which
defers a little more where quarters differ. Deferred tax = rate·(book value − tax value − losses and interest carried
forward), so current + change of deferred tax = rate·pre-tax income. Source: International Accounting Standard 12. One
jurisdiction, one rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRules:
    """What taxable income is and what is taken of it."""

    rate: Column = 0.0
    interest_limit_share: Column | None = None
    """Of earnings before interest and depreciation; None where all interest is deducted."""
    loss_limit_share: Column = 1.0
    """Of a quarter's income that losses carried forward may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxes:
    """Taxes by quarter, USD, shape (draw, quarter)."""

    current_usd: Floats
    deferred_usd: Floats
    """Part of the expense that is not paid yet; negative where more is paid than is expensed."""
    liability_usd: Floats
    """Deferred tax at the end of the quarter."""


def income_taxes(
    before_interest_usd: Floats,
    interest_usd: Floats,
    depreciation_usd: Floats,
    book_over_tax_value_usd: Floats,
    rules: TaxRules,
) -> Taxes:
    """Tax each quarter's taxable income. Broadcasts over draws; raises nothing.

    ``before_interest_usd`` and ``depreciation_usd`` are by the tax schedule; ``book_over_tax_value_usd`` is the book
    value of assets less their tax value at the end of each quarter.
    """
    interest, before = np.broadcast_arrays(interest_usd, before_interest_usd)
    carried = interest_carried_usd(interest, np.add(before, depreciation_usd), rules.interest_limit_share)
    deducted = interest - np.diff(carried, axis=-1, prepend=0.0)
    taxed, losses = _after_losses(before - deducted, rules.loss_limit_share)
    liability = np.multiply(rules.rate, book_over_tax_value_usd - losses - carried)
    return Taxes(
        current_usd=np.multiply(rules.rate, taxed),
        deferred_usd=np.diff(liability, axis=-1, prepend=0.0),
        liability_usd=liability,
    )


def interest_carried_usd(interest_usd: Floats, earnings_usd: Floats, limit_share: Column | None) -> Floats:
    """Interest not yet deducted at the end of each quarter: D_q = max(D_{q−1} + i_q − s·max(E_q, 0), 0), USD."""
    out = np.zeros(interest_usd.shape)
    if limit_share is None:
        return out
    most = np.multiply(limit_share, np.maximum(earnings_usd, 0.0))
    carried = np.zeros(interest_usd.shape[:-1])
    for quarter in range(interest_usd.shape[-1]):
        carried = np.maximum(carried + interest_usd[..., quarter] - most[..., quarter], 0.0)
        out[..., quarter] = carried
    return out


def _after_losses(taxable_usd: Floats, limit_share: Column) -> tuple[Floats, Floats]:
    """Income that is taxed in each quarter and losses not yet used at its end, USD.

    Used are min(N_{q−1}, s·T_q); N grows by losses.
    """
    gains, most = np.maximum(taxable_usd, 0.0), np.multiply(limit_share, np.maximum(taxable_usd, 0.0))
    taxed, losses = np.zeros(taxable_usd.shape), np.zeros(taxable_usd.shape)
    kept = np.zeros(taxable_usd.shape[:-1])
    for quarter in range(taxable_usd.shape[-1]):
        used = np.minimum(kept, most[..., quarter])
        taxed[..., quarter] = gains[..., quarter] - used
        kept = kept - used + np.maximum(-taxable_usd[..., quarter], 0.0)
        losses[..., quarter] = kept
    return taxed, losses
