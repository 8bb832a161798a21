"""What a cloud's books say of it: returns to the owners, margin, break-even price.

The owners pay in at the start of a period and take what is left at its end: cash from operation and sales less debt
repaid, and less what later quarters need. Source: field arithmetic of a rented chip; ROE and break-even as in
``ownership``, averaged over the life of the books.
"""

from __future__ import annotations

import numpy as np

from tenfold.economics.cloud.statements import Books
from tenfold.economics.returns import gross_margin, irr, payback_periods, per_year, roe
from tenfold.quantities import QUARTERS_PER_YEAR, Floats


def owners_cash_flows_usd(books: Books, quarters_per_period: int) -> Floats:
    """Cash flows of the owners by period, shape (draw, period + 1), USD: what they pay in stands one period earlier.

    They take what no later quarter needs: cash for a loan's last payment is kept, at no interest. Cash paid in at the
    start meets shortages first, and what is left of it comes back at the end: in the last quarter of the draw itself,
    however long other draws last. Quarters beyond the last whole period make a period of their own.
    """
    cash = books.cash
    funded = books.reserve_funded_usd
    free = np.asarray(cash.operating_usd + cash.disposals_usd + cash.debt_repaid_usd + cash.into_reserve_usd + funded)
    paid = np.broadcast_to(cash.equity_paid_in_usd, free.shape)
    taken = _taken_usd(free, (paid + cash.purchases_usd + cash.debt_drawn_usd - funded).sum(axis=-1))
    starts = np.arange(0, taken.shape[-1], quarters_per_period)
    flows = np.zeros((*taken.shape[:-1], len(starts) + 1))
    flows[..., :-1] -= np.add.reduceat(paid, starts, axis=-1)
    flows[..., 1:] += np.add.reduceat(taken, starts, axis=-1)
    return flows


def _taken_usd(free: Floats, at_start_usd: Floats) -> Floats:
    """What owners take in each quarter, negative where they step in: D_q = min(C_q, max(min_{k ≥ q} C_k, D_{q−1})).

    C is the sum of free cash so far and D of what was taken, so no more than C is taken and nothing a later quarter
    needs. What was paid in at the start and not used comes back in the last quarter in which anything flows.
    """
    total = np.cumsum(free, axis=-1)
    lasting = np.minimum.accumulate(total[..., ::-1], axis=-1)[..., ::-1]
    so_far = np.zeros(total.shape)
    before = np.zeros(total.shape[:-1])
    for quarter in range(total.shape[-1]):
        before = np.minimum(total[..., quarter], np.maximum(lasting[..., quarter], before))
        so_far[..., quarter] = before
    taken = np.diff(so_far, axis=-1, prepend=0.0)
    met = np.minimum(np.cumsum(np.maximum(-taken, 0.0), axis=-1), at_start_usd[..., None])
    taken = taken + np.diff(met, axis=-1, prepend=0.0)
    last = free.shape[-1] - 1 - np.argmax(free[..., ::-1] != 0.0, axis=-1)
    back = np.take_along_axis(taken, last[..., None], axis=-1) + (at_start_usd - met[..., -1])[..., None]
    np.put_along_axis(taken, last[..., None], back, axis=-1)
    return np.asarray(taken)


def irr_of_yearly_flows(books: Books) -> Floats:
    """IRR of the owners, flows gathered by year: paid in at its start, taken at its end. Shape (draw,)."""
    return irr(owners_cash_flows_usd(books, 4))


def irr_of_quarterly_flows(books: Books) -> Floats:
    """IRR of the owners a year, flows gathered by quarter and compounded. Shape (draw,)."""
    return np.asarray(per_year(irr(owners_cash_flows_usd(books, 1)), QUARTERS_PER_YEAR))


def payback_years(books: Books) -> Floats:
    """Years from the first payment until the owners have their money back for good. Shape (draw,)."""
    return payback_periods(owners_cash_flows_usd(books, 1)) / QUARTERS_PER_YEAR


def roe_over_life(books: Books) -> Floats:
    """Mean net income of a year over all equity paid in. Shape (draw,).

    Years are those in which chips serve, counted in chip-years over the most chips in service: a fleet that serves
    five years counts five, however its delivery is spread.
    """
    income, equity = books.income.net_income_usd.sum(axis=-1), books.cash.equity_paid_in_usd.sum(axis=-1)
    return np.asarray(roe(income / service_years(books), equity))


def service_years(books: Books) -> Floats:
    """Chip-years of service over the most chips in service at once. Shape (draw,)."""
    chips = books.in_service_chips
    return np.asarray(chips.sum(axis=-1) / QUARTERS_PER_YEAR / chips.max(axis=-1))


def gross_margin_over_life(books: Books) -> Floats:
    """Gross profit over revenue, summed over the books. Shape (draw,)."""
    revenue, cost = books.income.revenue_usd.sum(axis=-1), books.income.cost_of_revenue_usd.sum(axis=-1)
    return np.asarray(gross_margin(revenue, cost))


def break_even_usd_per_chip_hour(books: Books) -> Floats:
    """Flat price of every hour sold at which the books' pre-tax income sums to zero. Shape (draw,).

    (opex + overhead + decommissioning + depreciation − disposal gain + interest) / hours sold. Interest is that of the
    books: under a cash sweep it would itself move a little with the price.
    """
    income = books.income
    costs = income.revenue_usd - income.pretax_income_usd
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(costs.sum(axis=-1) / books.sold_chip_hours.sum(axis=-1))
