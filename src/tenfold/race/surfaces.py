"""What other rooms decide, as surfaces worked out once at the start: an owner's hour, and what a fleet trains.

The kernel asks for neither room in a quarter; each surface says how far it is from what the room gives.
"""

from __future__ import annotations

import numpy as np

from tenfold.catalog import Catalog
from tenfold.economics import Owned, usd_per_chip_hour
from tenfold.quantities import DAY_S
from tenfold.race.reader import Reader
from tenfold.race.world import HourCost, Surface
from tenfold.reliability import failure_rate_per_s

REFERENCE_H100E = 16_384.0
SITE = "us-texas"
MARGIN = 1.35
"""Rent over the owner's cost at the start: between what contracts and what on-demand listings ask."""


def hour_cost(reader: Reader, price_usd: float) -> HourCost:
    """Owner's cost of an hour by the price of an H100e: a line through what ``economics.owning`` gives."""
    prices = price_usd * np.linspace(0.05, 1.0, 20)
    owned = _owned(reader, prices)
    hours = np.asarray(usd_per_chip_hour(owned), dtype=np.float64)
    slope, fixed = np.polyfit(prices, hours, 1)
    error = float(np.max(np.abs(fixed + slope * prices - hours) / hours))
    return HourCost(fixed_usd=float(fixed), per_price=float(slope), largest_error=error)


def rental_at(hour: HourCost, price_usd: float) -> float:
    """Rent at the start: the owner's cost at the price of chips bought now, times a margin."""
    return MARGIN * (hour.fixed_usd + hour.per_price * price_usd)


def _owned(reader: Reader, price_usd: object) -> Owned:
    catalog = reader.catalog
    site = catalog.site(SITE)

    def value(key: str) -> float:
        return catalog.assumption(f"economics.{key}").value

    return Owned(
        chip_usd=np.asarray(price_usd),
        hosts_usd=0.0,
        rated_w=reader.assumed("deployment.w_per_h100e"),
        drawn_share=0.8,
        idle_share=0.3,
        pue=site.figure("power.pue").value,
        power_usd_per_kwh=site.figure("power.price").value,
        colocation_usd_per_kw_month=value("colocation_usd_per_kw_month"),
        life_years=value("useful_life_years"),
        utilisation=reader.assumed("demand.utilisation_norm"),
        cost_of_capital=0.1,
    )


def training_surface(reader: Reader) -> Surface:
    """MFU × goodput by size."""
    mfu, slope = reader.assumed("training.mfu"), reader.assumed("training.mfu_slope")
    return Surface(at_reference=mfu * 0.9, slope=slope, reference_h100e=REFERENCE_H100E, largest_error=0.0)


def failures_per_day(catalog: Catalog, chips: int) -> float:
    """Failures that stop a run on so many Hopper chips in a day."""
    rate = catalog.assumption("reliability.failures_per_1000_node_days_hopper").value
    return float(np.asarray(failure_rate_per_s(rate, float(chips)))) * DAY_S
