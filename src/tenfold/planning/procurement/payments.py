"""Payments: present values of an order, and how far its capacity has come, in each scenario.

Discount factor of quarter t: d(t) = (1 + r)^(−t/4), payments at the start of a quarter, r a year.
Axes (s, o, t): scenario, option, quarter of the order; T is the number of quarters. Source of the equations:
present value as in Brealey, Myers, Allen, Principles of Corporate Finance, chapter 2; straight-line value as in
``tenfold.economics.depreciation``. They hold for orders whose nominal delivery lies within the programme.
"""

from __future__ import annotations

import numpy as np

from tenfold.planning.procurement.programme import NEVER
from tenfold.quantities import QUARTERS_PER_YEAR, Flags, Floats, Indices


def discount_factors(quarters: int, rate_per_year: float) -> Floats:
    """Give d(0) … d(T), T + 1 of them."""
    return np.power(1.0 + rate_per_year, -np.arange(quarters + 1) / QUARTERS_PER_YEAR)


def value_left_share(age_quarters: Floats, life_quarters: float, residual_share: float) -> Floats:
    """Straight-line value left after ``age``: 1 − (1 − residual)·min(age/life, 1), share of the price."""
    return 1.0 - (1.0 - residual_share) * np.minimum(np.divide(age_quarters, life_quarters), 1.0)


def paid_present_value(
    price: Floats, delivered: Indices, *, deposit_share: Floats, lead_quarters: Indices, discount: Floats
) -> Floats:
    """Present value of what is paid for an order at a base price of 1, (s, o, t).

    price·(deposit·d(t) + (1 − deposit)·d(delivery)). What is delivered after the programme is paid at T. An order
    never delivered is refunded without interest when delivery was due.
    """
    last = len(discount) - 1
    ordered = discount[:last]
    due = discount[np.minimum(np.arange(last) + lead_quarters[:, None], last)]
    deposit = deposit_share[:, None]
    paid = deposit * ordered + (1.0 - deposit) * discount[np.minimum(delivered, last)]
    return np.asarray(price * np.where(delivered >= NEVER, deposit * (ordered - due), paid))


def left_present_value(
    price: Floats,
    delivered: Indices,
    *,
    value_kept: Floats,
    discount: Floats,
    life_quarters: float,
    residual_share: float,
) -> Floats:
    """Present value of what an order at a base price of 1 is worth after the last quarter, (s, o, t).

    price·kept·(value left at its age)·d(T); nothing when it is never delivered, its price when delivered after T.
    """
    last = len(discount) - 1
    age = (last - np.minimum(delivered, last)).astype(np.float64)
    value = price * value_kept[:, :, None] * value_left_share(age, life_quarters, residual_share) * discount[last]
    return np.where(delivered >= NEVER, 0.0, value)


def running_present_value(
    price: Floats, delivered: Indices, *, term_quarters: Indices, owned: Flags, discount: Floats
) -> Floats:
    """Present value of 1 a quarter from delivery to the end of the term or of the programme, (s, o, t).

    Σ d(u) over delivery ≤ u < min(T, delivery + term), times the price factor of the order where chips are reserved.
    """
    last = len(discount) - 1
    total = np.concatenate([[0.0], np.cumsum(discount[:last])])
    begin = np.minimum(delivered, last)
    end = np.minimum(delivered + term_quarters[:, None], last)
    return np.asarray(np.where(owned[:, None], 1.0, price) * (total[end] - total[begin]))


def orders_by(delivered: Indices) -> Indices:
    """Count the order quarters delivered by the start of each quarter, (s, o, u); deliveries come in order."""
    quarters = delivered.shape[-1]
    return np.asarray((delivered[..., None] <= np.arange(quarters)).sum(axis=-2))
