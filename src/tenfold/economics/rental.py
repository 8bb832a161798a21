"""Renting chips by the hour, with and without a term.

rent = chips · hours · price;  commitment = chips · max(hours, term) · price.
Source: price lists, which bill a reservation for its whole term whether it is used or not. Prices are per chip
hour of one term and date; they neither fall during the run nor allow for reselling what is left of a term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tenfold.quantities import HOURS_PER_DAY, Column

TERM_DAYS: Mapping[str, float] = MappingProxyType(
    {"on-demand": 0.0, "spot": 0.0, "reserved-1y": 365.0, "reserved-3y": 3 * 365.0}
)
"""Days that must be paid for at least, by the terms of the price tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RentalCost:
    """Cost of a run on rented chips, USD."""

    chips_usd: Column
    """Rent for the days used."""
    extras_usd: Column
    """Storage, traffic and support beside the chips, for the days used."""
    unused_term_usd: Column
    """Rent for the days of the term that the run leaves over."""

    @property
    def run_usd(self) -> Column:
        """Cost of the days used: chips and extras."""
        return self.chips_usd + self.extras_usd

    @property
    def commitment_usd(self) -> Column:
        """What must be paid in the end: ``run_usd`` and ``unused_term_usd``; the figure a budget is checked against."""
        return self.run_usd + self.unused_term_usd


def rent_cost_usd(chips: Column, days: Column, price_usd_per_chip_hour: Column) -> Column:
    """Rent of ``chips`` for ``days``, USD. Broadcasts; raises nothing."""
    return np.multiply(chips, days) * HOURS_PER_DAY * price_usd_per_chip_hour


def paying_ahead_usd(paid_usd: Column, prepaid_share: Column, cost_of_capital: Column, years: Column) -> Column:
    """What paying a share of a term ahead costs, USD: paid · share · cost of capital · years / 2.

    The share is paid, on average, half of the term before what it pays for is used; simple interest, for terms of a few
    years. Broadcasts; raises nothing.
    """
    return np.multiply(paid_usd, prepaid_share) * cost_of_capital * years / 2.0


def rental_cost(
    *,
    chips: Column,
    days: Column,
    price_usd_per_chip_hour: Column,
    term_days: Column = 0.0,
    extras_share: Column = 0.0,
) -> RentalCost:
    """Price a run on rented chips. ``extras_share`` is a share of the rent for the days used.

    All arguments broadcast. Raises nothing.
    """
    rent = rent_cost_usd(chips, days, price_usd_per_chip_hour)
    extras = np.multiply(rent, extras_share)
    left_over_days = np.maximum(np.subtract(term_days, days), 0.0)
    unused = rent_cost_usd(chips, left_over_days, price_usd_per_chip_hour)
    return RentalCost(chips_usd=rent, extras_usd=extras, unused_term_usd=unused)
