"""Resale: what a chip fetches when a better one has arrived.

V(a) = C·e^(−w·a)·Π 1/x_k over the chips that arrived by age a. A buyer pays no more for work than the newest chip
asks for it, so a chip of x times the performance per dollar divides the value of those before it by x; w is wear and
the end of warranty. Source: geometric decline with age, Hulten and Wykoff, Journal of Econometrics 15 (1981),
doi:10.1016/0304-4076(81)90101-9; prices per unit of quality, Griliches, Price Indexes and Quality Change, 1971. Holds
where buyers are indifferent between chips but for performance per dollar; power and software are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.quantities import Column


def resale_share(age_years: Column, wear_per_year: Column, arrivals: Sequence[tuple[Column, Column]] = ()) -> Column:
    """Share of the price a chip fetches at an age; ``arrivals`` are (age in years, x). Broadcasts; raises nothing."""
    share = np.exp(-np.multiply(wear_per_year, age_years))
    for arrival_years, performance_per_usd in arrivals:
        share = share / np.where(np.asarray(age_years) >= np.asarray(arrival_years), performance_per_usd, 1.0)
    return share
