"""Taxes on income, with losses carried forward and deferred tax.

Taxable income T = pre-tax income + book depreciation and write-offs − those of the tax schedule. A loss is carried
forward without limit of time or share and used first. Deferred tax = rate·(book value − tax value − losses carried
forward), so current + change of deferred tax = rate·pre-tax income. Source: International Accounting Standard 12;
Internal Revenue Code §172 limits the use of losses to 80 % of income, which is left out here. One jurisdiction, one
rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Column, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxes:
    """Taxes by quarter, USD, shape (draw, quarter)."""

    current_usd: Floats
    deferred_usd: Floats
    """Part of the expense that is not paid yet; negative where more is paid than is expensed."""
    liability_usd: Floats
    """Deferred tax at the end of the quarter."""


def income_taxes(taxable_usd: Floats, book_over_tax_value_usd: Floats, rate: Column) -> Taxes:
    """Tax each quarter's taxable income. Broadcasts over draws; raises nothing.

    ``book_over_tax_value_usd`` is the book value of assets less their tax value at the end of each quarter.
    """
    losses = losses_carried_usd(taxable_usd)
    before = np.concatenate([np.zeros((*losses.shape[:-1], 1)), losses[..., :-1]], axis=-1)
    current = np.multiply(rate, np.maximum(taxable_usd - before, 0.0))
    liability = np.multiply(rate, book_over_tax_value_usd - losses)
    return Taxes(current_usd=current, deferred_usd=np.diff(liability, axis=-1, prepend=0.0), liability_usd=liability)


def losses_carried_usd(taxable_usd: Floats) -> Floats:
    """Losses not yet used at the end of each quarter: N_q = max(N_{q−1} − T_q, 0), USD."""
    total = np.cumsum(taxable_usd, axis=-1)
    return np.asarray(np.maximum(np.maximum.accumulate(total, axis=-1), 0.0) - total)
