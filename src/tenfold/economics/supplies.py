"""What each way to get chips costs quarter by quarter, and what that is worth today.

All arrays are (draws, quarters), nominal USD of the quarter they fall in; chips and rates are numbers or columns
(draws,). Rent is billed at the mean price of the quarter. A reservation is billed for its whole term at the price of
the day it was signed, used or not, and signed again at its end. Owned chips are paid for at the start, sold at the end.

    present value = cash at the start + Σ_q cash_q/(1 + r)^((q + ½)/4) − sale/(1 + r)^(Q/4) [discounting of flows in the
    middle of their period: Brealey, Myers, Allen, Principles of Corporate Finance, chapter 2]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.economics.owning import Owned, lines_usd, resale_usd, upfront_usd
from tenfold.quantities import HOURS_PER_QUARTER, HOURS_PER_YEAR, QUARTERS_PER_YEAR, Column, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyCash:
    """Cash of one way to get chips; positive is paid."""

    at_start_usd: Floats
    """(draws,): capital laid out before the first quarter."""
    by_quarter_usd: Mapping[str, Floats]
    """(draws, quarters), by what it pays for."""
    at_end_usd: Floats
    """(draws,): what is still to be paid after the last quarter, less what chips are sold for."""

    @property
    def quarterly_usd(self) -> Floats:
        """Sum of the terms, (draws, quarters)."""
        return np.asarray(sum(self.by_quarter_usd.values()))


def mean_prices(path: Floats) -> Floats:
    """Mean price of each quarter of a path with its ends, (draws, quarters + 1) to (draws, quarters)."""
    return np.asarray((path[:, 1:] + path[:, :-1]) / 2.0)


def rented_cash(billed_hours: Floats, path: Floats, setup_hours: Column, extras_share: Column) -> SupplyCash:
    """Rent by the hour: hours of work and, in the first quarter, of setting up. Raises nothing."""
    prices = mean_prices(path)
    setup = np.zeros_like(prices)
    setup[:, 0] = np.multiply(setup_hours, prices[:, 0])
    rent = billed_hours * prices
    extras = (rent + setup) * _down(extras_share)
    return _rented({"rent": rent, "setup": setup, "extras": extras}, np.zeros(len(prices)))


def reserved_cash(
    chips: Column, path: Floats, term_quarters: int, setup_hours: Column, extras_share: Column
) -> SupplyCash:
    """Rent of all chips for whole terms, each at the price of its first day. Raises nothing.

    Setting up takes hours that are paid for anyway; they are rent without work, shown as ``setup``.
    """
    quarters = path.shape[1] - 1
    signed = (np.arange(quarters) // term_quarters) * term_quarters
    rent = _down(chips) * HOURS_PER_QUARTER * path[:, signed]
    setup = np.zeros_like(rent)
    first = np.unique(signed)
    setup[:, first] = np.minimum(_down(setup_hours) * path[:, first], rent[:, first])
    left_over = (signed[-1] + term_quarters - quarters) if quarters else 0
    unused = rent[:, -1] * left_over
    return _rented({"rent": rent - setup, "setup": setup, "extras": rent * _down(extras_share)}, unused)


def owned_cash(
    chips: Column,
    busy_hours: Floats,
    bridge_share: Floats,
    path: Floats,
    owner: Owned,
    over_book: Column,
    extras_share: Column,
) -> SupplyCash:
    """Chips bought at the start; work is rented at ``path`` for the share of each quarter before they run.

    ``bridge_share`` has shape (draws, quarters). What ``owner`` pays by the year or by the hour begins with the chips,
    line by line, energy of hours without work at what idle chips draw; ``owner`` is one of full use, so that no hour is
    counted twice. Chips are sold at the end for ``over_book`` of their value then (``owning.resale_usd``), a hall
    likewise, less what falls due at the end. Raises nothing.
    """
    running, quarters = 1.0 - bridge_share, busy_hours.shape[1]
    bridge = busy_hours * bridge_share * mean_prices(path) * (1.0 + _down(extras_share))
    per_quarter = _down(np.multiply(chips, 1.0 / QUARTERS_PER_YEAR)) * running
    used = busy_hours * running / HOURS_PER_YEAR
    idle = np.maximum(per_quarter - used, 0.0)
    yearly = {name: per_quarter * _down(usd) for name, usd in lines_usd(owner, "yearly").items()}
    idling = lines_usd(replace(owner, drawn_share=owner.idle_share), "running")
    hourly = {name: used * _down(usd) + idle * _down(idling[name]) for name, usd in lines_usd(owner, "running").items()}
    years = (1.0 - np.mean(bridge_share, axis=1)) * quarters / QUARTERS_PER_YEAR
    left = over_book * resale_usd(owner, years) - sum(lines_usd(owner, "end").values())
    return SupplyCash(
        at_start_usd=np.broadcast_to(np.multiply(chips, upfront_usd(owner)), len(busy_hours)).astype(np.float64),
        by_quarter_usd={"bridge": bridge, **yearly, **hourly},
        at_end_usd=np.asarray(-np.multiply(chips, left)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """What a dollar of later is worth today, at some rates and over some quarters."""

    by_quarter: Floats
    """(draws, quarters), or (quarters,) at one rate: of the middles of quarters."""
    at_end: Floats
    """(draws,), or a number at one rate."""


def discount_of(rate_per_year: Column, quarters: int) -> Discount:
    """Factors of the formula above. Raises nothing."""
    return Discount(
        by_quarter=quarter_factors(rate_per_year, quarters),
        at_end=(1.0 + np.asarray(rate_per_year)) ** (-quarters / QUARTERS_PER_YEAR),
    )


def discounted_usd(cash: SupplyCash, discount: Discount) -> Floats:
    """Present value of all that is paid, (draws,), by the formula above. Raises nothing."""
    paid = np.sum(cash.quarterly_usd * discount.by_quarter, axis=1)
    return np.asarray(cash.at_start_usd + paid + cash.at_end_usd * discount.at_end)


def present_value_usd(cash: SupplyCash, rate_per_year: Column) -> Floats:
    """The same at rates that are asked for once."""
    return discounted_usd(cash, discount_of(rate_per_year, cash.quarterly_usd.shape[1]))


def quarter_factors(rate_per_year: Column, quarters: int) -> Floats:
    """Discount factors of the middles of quarters, (draws, quarters), or (quarters,) at one rate."""
    return np.asarray((1.0 + _down(rate_per_year)) ** (-(np.arange(quarters) + 0.5) / QUARTERS_PER_YEAR))


def _rented(terms: Mapping[str, Floats], unused: Floats) -> SupplyCash:
    return SupplyCash(at_start_usd=np.zeros(len(unused)), by_quarter_usd=terms, at_end_usd=unused)


def _down(column: Column) -> Floats:
    """A number or a column (draws,) as (…, 1), to stand against quarters."""
    return np.asarray(column, dtype=np.float64)[..., None]
