"""What other rooms decide, as surfaces worked out once at the start: an owner's hour, and what a fleet trains.

The kernel asks for neither room in a quarter; each surface says how far it is from what the room gives.
"""

from __future__ import annotations

import numpy as np

from tenfold.catalog import Catalog
from tenfold.economics import Owned, usd_per_chip_hour
from tenfold.quantities import DAY_S, Floats, NamedFigure
from tenfold.race.arrays import Draws
from tenfold.race.equations.training import run_flop, run_h100e
from tenfold.race.reader import Reader
from tenfold.race.world import H100_FLOP_PER_S, HourCost, Surface
from tenfold.reliability import best_renewal, failure_rate_per_s, mttf_s

REFERENCE_CHIPS = 16_384.0
GRID: Floats = np.geomspace(1e3, 1e6, 13)
"""Sizes that the surface is fitted to, chips."""
FAILURES = "reliability.failures_per_1000_node_days_hopper"
SHORTEST_S = 60.0
"""Useful work between saves at least: as long as a save takes to reach storage."""
SITE = "us-texas"


def hour_cost(reader: Reader, price_usd: float) -> HourCost:
    """Owner's cost of an hour by the price of an H100e: a line through what ``economics.owning`` gives."""
    prices = price_usd * np.linspace(0.05, 1.0, 20)
    owned = _owned(reader, prices)
    hours = np.asarray(usd_per_chip_hour(owned), dtype=np.float64)
    slope, fixed = np.polyfit(prices, hours, 1)
    error = float(np.max(np.abs(fixed + slope * prices - hours) / hours))
    return HourCost(fixed_usd=float(fixed), per_price=float(slope), largest_error=error)


def rental_at(reader: Reader, hour: HourCost, price_usd: float) -> float:
    """Rent at the start: the owner's cost at the price of chips bought now, times a margin."""
    return reader.assumed("start.rent_over_cost") * (hour.fixed_usd + hour.per_price * price_usd)


def _owned(reader: Reader, price_usd: object) -> Owned:
    catalog = reader.catalog
    site = catalog.site(SITE)

    def value(key: str) -> float:
        return reader.keep(NamedFigure(name=f"assumptions/{key}", figure=catalog.assumption(key))).figure.value

    def of_site(key: str) -> float:
        return reader.keep(NamedFigure(name=f"sites/{site.key}/{key}", figure=site.figure(key))).figure.value

    return Owned(
        chip_usd=np.asarray(price_usd),
        rated_w=reader.assumed("deployment.w_per_h100e"),
        drawn_share=value("planning.power_share_of_tdp"),
        pue=of_site("power.pue"),
        power_usd_per_kwh=of_site("power.price"),
        colocation_usd_per_kw_month=value("economics.colocation_usd_per_kw_month"),
        life_years=value("economics.useful_life_years"),
        utilisation=reader.assumed("demand.utilisation_norm"),
        cost_of_capital=value("economics.cost_of_capital"),
    )


def training_surface(reader: Reader) -> Surface:
    """MFU × goodput by size: MFU's power law from the catalog, goodput's decay by size fitted here."""
    mfu, slope, error = (reader.fitted(f"training.{key}") for key in ("mfu", "mfu_slope", "mfu_error"))
    goodput = goodput_of(reader.catalog, GRID)
    decay = float(-(GRID @ GRID) / (GRID @ np.log(goodput)))
    largest = float(np.max(np.abs(np.exp(-GRID / decay) / goodput - 1.0)))
    return Surface(
        at_reference=mfu,
        slope=slope,
        reference_chips=REFERENCE_CHIPS,
        decay_chips=decay,
        largest_error=(1.0 + largest) * (1.0 + error) - 1.0,
    )


def allowed_flop(surface: Surface, h100e: Draws, months: float) -> Draws:
    """FLOP of a run of so many months on so much compute, as the kernel counts it at the start."""
    each = run_h100e(h100e, np.float32(1.0), np.float32(1.0), surface.decay_chips)
    return np.asarray(run_flop(each, surface.efficiency(each), np.float32(months), H100_FLOP_PER_S))


def fitted(sizes: Floats, shares: Floats) -> tuple[float, float, float]:
    """Power law through shares by size, least squares in logs: at the reference, the power, the largest error."""
    slope, start = np.polyfit(np.log(sizes / REFERENCE_CHIPS), np.log(shares), 1)
    told = np.exp(start) * (sizes / REFERENCE_CHIPS) ** slope
    return float(np.exp(start)), float(-slope), float(np.max(np.abs(told / shares - 1.0)))


def goodput_of(catalog: Catalog, chips: Floats) -> Floats:
    """Goodput of a run by size, the better of two: all restart on hot standbys, or all wait until a replica is dropped.

    Hopper's failures, asynchronous saves at the best interval.
    """

    def value(key: str) -> float:
        return catalog.assumption(f"reliability.{key}").value

    mttf = mttf_s(failure_rate_per_s(catalog.assumption(FAILURES).value, chips))
    standby = value("hot_standby_restart_s") + value("telemetry_detection_s")
    whole = best_renewal(value("checkpoint_stall_s"), standby, mttf, SHORTEST_S).goodput
    dropped = 1.0 / (1.0 + value("elastic_stall_s") / mttf)
    return np.asarray(np.maximum(whole, dropped), dtype=np.float64)


def failures_per_day(catalog: Catalog, chips: int) -> float:
    """Failures that stop a run on so many Hopper chips in a day."""
    rate = catalog.assumption(FAILURES).value
    return float(np.asarray(failure_rate_per_s(rate, float(chips)))) * DAY_S
