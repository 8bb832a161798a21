"""Capital: what a thing bought once costs each year of its life.

Straight line      (C − S)/L
Capital recovery   (C − S)·a + S·i, a = i/(1 − (1 + i)^−L)     [annuity; e.g. Brealey, Myers, Allen, chapter 2]
Their difference is the cost of capital. C price, S = s·C resale value after L years, i cost of capital a year.
Payments are equal and fall at the end of each year; no tax, no inflation.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column


def capital_recovery_factor(rate_per_year: Column, years: Column) -> Column:
    """Yearly payment that repays 1 with interest: i/(1 − (1 + i)^−L), 1/L at i = 0. Broadcasts; raises nothing."""
    rate, life = np.asarray(rate_per_year, dtype=np.float64), np.asarray(years, dtype=np.float64)
    interest = np.where(rate == 0.0, 1.0, rate)
    annuity = interest / -np.expm1(-life * np.log1p(interest))
    return np.where(rate == 0.0, 1.0 / life, annuity)


def straight_line_usd_per_year(price_usd: Column, years: Column, residual_share: Column = 0.0) -> Column:
    """Yearly straight-line depreciation, (C − sC)/L, USD. Broadcasts; raises nothing."""
    return np.multiply(price_usd, 1.0 - np.asarray(residual_share)) / years


def capital_recovery_usd_per_year(
    price_usd: Column, years: Column, rate_per_year: Column, residual_share: Column = 0.0
) -> Column:
    """Yearly charge that returns the price less resale, with interest, USD. Broadcasts; raises nothing."""
    resale = np.multiply(price_usd, residual_share)
    return (np.asarray(price_usd) - resale) * capital_recovery_factor(rate_per_year, years) + resale * rate_per_year


def average_interest_usd_per_year(price_usd: Column, debt_share: Column, rate_per_year: Column) -> Column:
    """Yearly interest on debt repaid in equal parts over the life, averaged: d·i·C/2, USD. Broadcasts."""
    return np.multiply(price_usd, debt_share) * rate_per_year / 2.0
