"""Revenue by quarter: contracts first, the market for the rest.

A contract bills chips·2190·(t + (1 − t)·u) hours a quarter, t the take-or-pay share; where fewer chips are in service
than are promised, every contract of the fleet is served in proportion. Chips under no contract sell 2190·u hours at
the market price. Source: CoreWeave Form S-1, 2025, which describes both (committed contracts and on demand).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.economics.cloud.inputs import Contract, Fleet
from tenfold.quantities import HOURS_PER_QUARTER, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRevenue:
    """What a fleet earns, shape (draw, quarter)."""

    contracts_usd: Floats
    market_usd: Floats
    sold_chip_hours: Floats
    """Billed, under contract or not."""


def fleet_revenue(fleet: Fleet, in_service_chips: Floats, contracts: Sequence[Contract]) -> FleetRevenue:
    """Sell the hours of a fleet; contracts of other fleets are passed over. Raises nothing."""
    own = [contract for contract in contracts if contract.fleet == fleet.name]
    promised = sum((contract.active * np.asarray(contract.chips) for contract in own), np.zeros(1))
    kept = np.minimum(in_service_chips, promised)
    served = np.divide(kept, promised, out=np.zeros(kept.shape), where=np.broadcast_to(promised > 0.0, kept.shape))
    billed, earned = np.zeros(in_service_chips.shape), np.zeros(in_service_chips.shape)
    for contract in own:
        share = np.asarray(contract.take_or_pay_share)
        hours = contract.active * np.asarray(contract.chips) * served * HOURS_PER_QUARTER
        hours = hours * (share + (1.0 - share) * contract.utilisation)
        billed, earned = billed + hours, earned + hours * contract.price_usd_per_chip_hour
    free = np.maximum(in_service_chips - promised * served, 0.0)
    sold = free * HOURS_PER_QUARTER * fleet.market_utilisation
    market = sold * fleet.market_price_usd_per_chip_hour
    return FleetRevenue(contracts_usd=earned, market_usd=market, sold_chip_hours=billed + sold)
