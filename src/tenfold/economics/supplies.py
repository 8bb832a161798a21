"""What each way to get chips costs quarter by quarter, and what that is worth today.

All arrays are (draws, quarters), nominal USD of the quarter they fall in; chips and rates are numbers or columns
(draws,). Rent is billed at the mean price of the quarter. A reservation is billed for its whole term at the price of
the day it was signed, used or not, and signed again at its end. Owned chips are paid for at the start, sold at the end.

    present value = cash at the start + Σ_q cash_q/(1 + r)^((q + ½)/4) − sale/(1 + r)^(Q/4) [discounting of flows in the
    middle of their period: Brealey, Myers, Allen, Principles of Corporate Finance, chapter 2]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.economics.ownership import OwnershipInputs, capex_per_chip, energy_usd_per_chip_hour
from tenfold.quantities import HOURS_PER_QUARTER, MONTHS_PER_YEAR, QUARTERS_PER_YEAR, Column, Floats


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
    inputs: OwnershipInputs,
    extras_share: Column,
) -> SupplyCash:
    """Chips bought at the start; work is rented at ``path`` for the share of each quarter before they run.

    ``bridge_share`` has shape (draws, quarters). Where ``inputs`` has a datacentre it is built too, where it has a rate
    of colocation, space is rented. Running costs begin with the chips. At the end machines are sold at a value that
    falls in a straight line from their price to the residual share at the end of their life, and no further; the
    building likewise to nothing. Raises nothing.
    """
    capex = capex_per_chip(inputs)
    running = 1.0 - bridge_share
    bridge = busy_hours * bridge_share * mean_prices(path) * (1.0 + _down(extras_share))
    per_quarter = _down(np.multiply(chips, 1.0 / QUARTERS_PER_YEAR)) * running
    upkeep = (
        np.asarray(inputs.maintenance_share_per_year) + inputs.staff_share_per_year + inputs.insurance_share_per_year
    )
    space = np.multiply(inputs.colocation_usd_per_kw_month, inputs.power_w_per_chip) / 1000.0 * MONTHS_PER_YEAR
    quarters = busy_hours.shape[1]
    years = quarters / QUARTERS_PER_YEAR - np.mean(bridge_share, axis=1) * quarters / QUARTERS_PER_YEAR
    sold = np.multiply(capex.machines_usd, _kept(years, inputs.useful_life_years, inputs.residual_share))
    sold = sold + np.multiply(capex.datacentre_usd, _kept(years, inputs.datacentre_life_years, 0.0))
    return SupplyCash(
        at_start_usd=np.broadcast_to(np.multiply(chips, capex.total_usd), len(busy_hours)).astype(np.float64),
        by_quarter_usd={
            "bridge": bridge,
            "energy": busy_hours * running * _down(energy_usd_per_chip_hour(inputs)),
            "space": per_quarter * _down(space),
            "upkeep": per_quarter * _down(np.multiply(capex.machines_usd, upkeep)),
        },
        at_end_usd=np.asarray(-np.multiply(chips, sold)),
    )


def present_value_usd(cash: SupplyCash, rate_per_year: Column) -> Floats:
    """Present value of all that is paid, (draws,), by the formula above."""
    quarters = cash.quarterly_usd.shape[1]
    factor = quarter_factors(rate_per_year, quarters)
    end = (1.0 + np.asarray(rate_per_year)) ** (-quarters / QUARTERS_PER_YEAR)
    return np.asarray(cash.at_start_usd + np.sum(cash.quarterly_usd * factor, axis=1) + cash.at_end_usd * end)


def quarter_factors(rate_per_year: Column, quarters: int) -> Floats:
    """Discount factors of the middles of quarters, (draws, quarters), or (quarters,) at one rate."""
    return np.asarray((1.0 + _down(rate_per_year)) ** (-(np.arange(quarters) + 0.5) / QUARTERS_PER_YEAR))


def _kept(years: Floats, life_years: Column, residual_share: Column) -> Floats:
    """Share of a price that is left after some years, straight line to the residual share."""
    age = np.minimum(years / np.asarray(life_years), 1.0)
    return np.asarray(1.0 - (1.0 - np.asarray(residual_share)) * age)


def _rented(terms: Mapping[str, Floats], unused: Floats) -> SupplyCash:
    return SupplyCash(at_start_usd=np.zeros(len(unused)), by_quarter_usd=terms, at_end_usd=unused)


def _down(column: Column) -> Floats:
    """A number or a column (draws,) as (…, 1), to stand against quarters."""
    return np.asarray(column, dtype=np.float64)[..., None]
