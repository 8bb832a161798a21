"""Prices the market pays for each fleet, by quarter, over the draws."""

from __future__ import annotations

import numpy as np

from tenfold.economics.cloud import CloudInputs
from tenfold.planning.rental.answer import MarketPrices
from tenfold.planning.rental.case import RentalCase
from tenfold.planning.rental.dates import quarter_name, quarter_of
from tenfold.quantities import Percentiles


def market_prices(case: RentalCase, inputs: CloudInputs) -> tuple[MarketPrices, ...]:
    """Range of the price path of every fleet. Raises nothing."""
    out = []
    for asked, fleet in zip(case.question.fleets, inputs.fleets, strict=True):
        path, first = np.atleast_2d(fleet.market_price_usd_per_chip_hour), quarter_of(asked.first_quarter)
        quarters = range(first, case.first_quarter + path.shape[-1])
        columns = path[:, first - case.first_quarter :].T
        out.append(
            MarketPrices(
                fleet=asked.name,
                quarters=tuple(quarter_name(quarter) for quarter in quarters),
                usd_per_chip_hour=tuple(Percentiles.of(column) for column in columns),
            )
        )
    return tuple(out)
