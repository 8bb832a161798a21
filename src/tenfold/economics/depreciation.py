"""Depreciation: what a thing bought once is still worth in the books, by age.

Every schedule has one signature, ``(cost_usd, life_years, age_years, residual_share) -> book value, USD``; what is
written off between two ages is the difference of two book values. C cost, S = s·C residual value, L life, a age, all
in years. Between whole years the value falls evenly. Source: International Accounting Standard 16, paragraphs 60 to
62 (methods); Brealey, Myers, Allen, chapter 6 (tax schedules). All hold for 0 ≤ a; beyond the life nothing more is
written off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Column

Schedule = Callable[[Column, Column, Column, Column], Column]


def straight_line_book_usd(
    cost_usd: Column, life_years: Column, age_years: Column, residual_share: Column = 0.0
) -> Column:
    """Equal parts: C − (C − S)·min(a/L, 1). Broadcasts; raises nothing."""
    written_off = np.clip(np.asarray(np.divide(age_years, life_years)), 0.0, 1.0)
    return np.asarray(np.multiply(cost_usd, 1.0 - (1.0 - np.asarray(residual_share)) * written_off))


def declining_balance_book_usd(
    cost_usd: Column, life_years: Column, age_years: Column, residual_share: Column = 0.0
) -> Column:
    """Double-declining balance: max(C·(1 − min(2/L, 1))^a, S). Broadcasts; raises nothing.

    It never reaches zero: what is left when the thing is retired is written off then.
    """
    kept = np.power(1.0 - np.minimum(2.0 / np.asarray(life_years, dtype=np.float64), 1.0), age_years)
    return np.asarray(np.multiply(cost_usd, np.maximum(kept, residual_share)))


def sum_of_years_book_usd(
    cost_usd: Column, life_years: Column, age_years: Column, residual_share: Column = 0.0
) -> Column:
    """Sum of the years' digits: C − (C − S)·n(2L − n + 1)/(L(L + 1)) after n whole years. Broadcasts."""
    life, age = np.asarray(life_years, dtype=np.float64), np.asarray(age_years, dtype=np.float64)
    whole = np.floor(age)
    before, after = (np.minimum(n * (2.0 * life - n + 1.0) / (life * (life + 1.0)), 1.0) for n in (whole, whole + 1.0))
    written_off = np.where(age >= life, 1.0, before + (age - whole) * (after - before))
    return np.multiply(cost_usd, 1.0 - (1.0 - np.asarray(residual_share)) * written_off)


def accelerated(recovery_shares: Sequence[float]) -> Schedule:
    """Make the schedule of a tax table: share of the cost recovered in each year, such as MACRS.

    The table fixes the life and recovers all of the cost, so the schedule looks at neither life nor residual share.
    Source of the five-year table: IRS Publication 946, table A-1, half-year convention.
    """
    recovered = np.concatenate([[0.0], np.cumsum(recovery_shares)])
    years = np.arange(len(recovered), dtype=np.float64)

    def accelerated_book_usd(
        cost_usd: Column,
        life_years: Column,
        age_years: Column,
        residual_share: Column = 0.0,
    ) -> Column:
        """Cost less what the table has recovered by this age. Broadcasts over cost and age; raises nothing."""
        return np.asarray(np.multiply(cost_usd, 1.0 - np.interp(age_years, years, recovered)))

    return accelerated_book_usd


def with_bonus(schedule: Schedule, bonus_share: Column) -> Schedule:
    """Make a schedule that writes off a share b of the cost at once and the rest by ``schedule``: (1 − b)·V for a > 0.

    Source: Internal Revenue Code §168(k), bonus depreciation of equipment in the year it is placed in service.
    """

    def bonus_book_usd(cost_usd: Column, life_years: Column, age_years: Column, residual_share: Column = 0.0) -> Column:
        """Cost at age zero, then what the bonus leaves of the schedule. Broadcasts; raises nothing."""
        kept = np.where(np.asarray(age_years) > 0.0, 1.0 - np.asarray(bonus_share), 1.0)
        return np.asarray(kept * schedule(cost_usd, life_years, age_years, residual_share))

    return bonus_book_usd


SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {
        "straight-line": straight_line_book_usd,
        "declining-balance": declining_balance_book_usd,
        "sum-of-years": sum_of_years_book_usd,
    }
)
"""Schedules that a life defines; ``accelerated`` makes those that a table defines."""
