"""Returns: what cash flows are worth, and when they have paid back.

Cash flows stand on the last axis, one a period, the first now; other axes are draws or candidates and broadcast.
Source: Brealey, Myers, Allen, Principles of Corporate Finance, chapters 2, 5 and 28. Signs: outlays are negative.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tenfold.quantities import Column, Flags, Floats

WIDEST_LOG_RATE = 6.0
"""Rates are looked for between e^−6 − 1 (−99.8 %) and e^6 − 1 (40,200 %) a period."""
GRID = 241
HALVINGS = 52


def npv(cash_flows: npt.ArrayLike, rate: Column) -> Floats:
    """Net present value, Σ c_t/(1 + r)^t, t = 0 …; the last axis is summed. ``rate`` per period, above −1."""
    flows = np.asarray(cash_flows, dtype=np.float64)
    discount = np.exp(-np.arange(flows.shape[-1]) * np.log1p(np.asarray(rate, dtype=np.float64))[..., None])
    return np.asarray((flows * discount).sum(axis=-1))


def irr(cash_flows: npt.ArrayLike) -> Floats:
    """Internal rate of return per period: the rate at which the NPV is zero. The last axis is used up.

    NaN where the flows never change sign, or where no rate between −99.8 % and 40,200 % makes the NPV zero. Flows that
    change sign once have one such rate; where there are several, it is the one nearest to zero. The sign changes of
    the NPV are bracketed on a grid of ln(1 + r), and the bracket halved 52 times.
    """
    flows = np.asarray(cash_flows, dtype=np.float64)
    rows = flows.reshape(-1, flows.shape[-1])
    low, high, found = _bracket(rows)
    sign = np.sign(_npv_at(rows, low))
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        same = np.sign(_npv_at(rows, middle)) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.where(found, np.expm1((low + high) / 2.0), np.nan).reshape(flows.shape[:-1])


def per_year(rate_per_period: Column, periods_per_year: float) -> Column:
    """Effective yearly rate, (1 + r)^m − 1. Broadcasts; raises nothing."""
    return np.expm1(periods_per_year * np.log1p(np.asarray(rate_per_period, dtype=np.float64)))


def payback_periods(cash_flows: npt.ArrayLike) -> Floats:
    """Periods until the flows add up to zero for good, evenly within a period; infinite where they never do.

    A flow at period t is taken to arrive evenly between t − 1 and t.
    """
    total = np.cumsum(np.asarray(cash_flows, dtype=np.float64), axis=-1)
    short = total < 0.0
    last = short.shape[-1] - 1 - np.argmax(short[..., ::-1], axis=-1)
    never = short[..., -1]
    after = np.minimum(last + 1, total.shape[-1] - 1)
    before_usd, after_usd = (np.take_along_axis(total, place[..., None], -1)[..., 0] for place in (last, after))
    gained = np.where(never, 1.0, after_usd - before_usd)
    part = -before_usd / np.where(gained == 0.0, 1.0, gained)
    return np.asarray(np.where(short.any(axis=-1), np.where(never, np.inf, last + part), 0.0))


def roe(net_income_usd_per_year: Column, equity_usd: Column) -> Column:
    """Return on equity, net income of a year over equity paid in. Broadcasts; infinite or NaN without equity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(net_income_usd_per_year, equity_usd)


def dscr(cash_available_usd: Column, interest_usd: Column, principal_usd: Column) -> Column:
    """Debt-service cover ratio, cash available over interest and principal; infinite where no debt is served."""
    service = np.add(interest_usd, principal_usd)
    shape = np.broadcast_shapes(np.shape(cash_available_usd), np.shape(service))
    cash = np.broadcast_to(np.asarray(cash_available_usd, dtype=np.float64), shape)
    return np.asarray(np.divide(cash, service, out=np.full(shape, np.inf), where=np.asarray(service) > 0.0))


def gross_margin(revenue_usd: Column, cost_of_revenue_usd: Column) -> Column:
    """Share of revenue left after what it cost to earn, depreciation included: (R − K)/R. Broadcasts."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(np.subtract(revenue_usd, cost_of_revenue_usd), revenue_usd)


def _npv_at(rows: Floats, log_rate: Floats) -> Floats:
    """NPV at ln(1 + r), scaled by a positive factor, which leaves its sign: no power overflows."""
    times = np.arange(rows.shape[-1])
    exponent = -times * log_rate[..., None]
    return np.asarray((rows * np.exp(exponent - exponent.max(axis=-1, keepdims=True))).sum(axis=-1))


def _bracket(rows: Floats) -> tuple[Floats, Floats, Flags]:
    """Ends of the grid cell nearest to a rate of zero in which the NPV changes sign, and whether there is one."""
    grid = np.linspace(-WIDEST_LOG_RATE, WIDEST_LOG_RATE, GRID)
    signs = np.sign(np.stack([_npv_at(rows, np.full(len(rows), rate)) for rate in grid], axis=-1))
    changes = (signs[:, :-1] * signs[:, 1:] < 0.0) | ((signs[:, :-1] != 0.0) & (signs[:, 1:] == 0.0))
    distance = np.abs(grid[:-1] + grid[1:])
    place = np.argmin(np.where(changes, distance, np.inf), axis=-1)
    return grid[place], grid[place + 1], changes.any(axis=-1)
