"""Prices the market pays for each fleet, by quarter, over the draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.economics.cloud import CloudInputs
from tenfold.planning.rental.case import RentalCase
from tenfold.planning.rental.dates import quarter_name
from tenfold.quantities import Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPrices:
    """What the market pays for an hour of one chip of a fleet, from the quarter it enters service to the last."""

    fleet: str
    quarters: tuple[str, ...]
    usd_per_chip_hour: tuple[Percentiles, ...]


def market_prices(case: RentalCase, inputs: CloudInputs) -> tuple[MarketPrices, ...]:
    """Range of the price path of every fleet. Raises nothing."""
    out = []
    for asked, fleet in zip(case.fleets, inputs.fleets, strict=True):
        path = np.atleast_2d(fleet.market_price_usd_per_chip_hour)
        quarters = range(asked.first_quarter, case.first_quarter + path.shape[-1])
        columns = path[:, asked.first_quarter - case.first_quarter :].T
        out.append(
            MarketPrices(
                fleet=asked.name,
                quarters=tuple(quarter_name(quarter) for quarter in quarters),
                usd_per_chip_hour=tuple(Percentiles.of(column) for column in columns),
            )
        )
    return tuple(out)
