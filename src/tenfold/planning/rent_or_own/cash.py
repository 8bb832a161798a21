"""Cash of every supply at points of the uncertain inputs: goodput, hours, price paths, then ``economics.supplies``.

Work is chip-hours that would be needed if nothing failed. Billed hours = work·(1 + debug share)/goodput; goodput is the
exact renewal formula at its best interval, with the provider's interruptions on top of failures for spot. Owned and
reserved chips are enough for the busiest quarter. The price on demand follows ``economics.price_paths``: the level it
is pulled to is the cost of a marginal owner times today's markup over it (of P50 over P50, or of the long-run price
that is stated), so what makes owning dearer makes renting dearer in the end; the cost falls by the fitted factor a
year. Every term starts at its own price, as a plan has it, and keeps its ratio to the price on demand from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from tenfold.economics import (
    PriceDynamics,
    SupplyCash,
    owned_cash,
    price_paths,
    rented_cash,
    reserved_cash,
    usd_per_chip_hour,
)
from tenfold.planning.at_work import job_working, taken_back_per_s
from tenfold.planning.drawn import BUILT_HALL, RENTED_HALL, one_kind, owned
from tenfold.planning.rent_or_own.work import Work
from tenfold.quantities import (
    DAYS_PER_QUARTER,
    HOURS_PER_DAY,
    HOURS_PER_QUARTER,
    QUARTERS_PER_YEAR,
    Column,
    Floats,
    Indices,
    Points,
)
from tenfold.reliability import Practice, Working, failure_rate_per_s

OWNED = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything a supply's cash depends on, at some points."""

    work: Work
    points: Points
    work_hours: Floats
    """(quarters,), or (draws, quarters) where draws differ: chip-hours of work."""
    path: Floats
    """(draws, quarters + 1): price on demand, USD per chip-hour."""
    goodput: Floats
    """Useful time over wall time of a job, (draws,)."""
    spot_goodput: Floats
    """The same where the provider takes chips back."""
    spot_billed_share: Floats
    """Share of that wall time that is paid for: what was taken back is not, until it is there again."""
    network: float
    """Cost of the network of owned chips over the known one."""
    premium: Mapping[str, float]
    """Power of ``big_and_soon`` in the price of a term, where there is one."""
    unit: Callable[[str], float]
    """Chips that are had together under a supply."""
    signed_quarters: Mapping[str, int]
    """Quarters that a term is signed for at once."""

    def at(self, key: str) -> Floats:
        """Values of an input, (draws,)."""
        return one_kind(self.points, key)

    def some(self, rows: Indices) -> Scene:
        """The scene at some of its points; hours of work have to be alike for all of them."""
        values = {key: each[:, rows] for key, each in self.points.values.items()}
        return replace(
            self,
            points=replace(self.points, values=values, count=len(rows)),
            path=self.path[rows],
            goodput=self.goodput[rows],
            spot_goodput=self.spot_goodput[rows],
            spot_billed_share=self.spot_billed_share[rows],
        )

    def ratio(self, term: str) -> Floats:
        """Price that a term is had for over the price on demand today, (draws, 1)."""
        power = self.premium.get(term, 0.0)
        return self._listed(term) * (self.at("big_and_soon")[:, None] ** power if power else 1.0)

    def _listed(self, term: str) -> Floats:
        if f"had/{term}" in self.points.values:
            return np.asarray((self.at(f"had/{term}") / self.at("price/on-demand"))[:, None])
        return (self.at(f"price/{term}") / self.at("price/on-demand"))[:, None]


def price_path(points: Points, level: Floats, shocks: Floats) -> Floats:
    """Price on demand at the ends of quarters, (draws, quarters + 1), USD per chip-hour.

    ``level`` is what today's price is pulled to, (draws,).
    """
    quarters = shocks.shape[1]
    times = np.arange(quarters + 1) / QUARTERS_PER_YEAR
    cost = level[:, None] * one_kind(points, "cost_factor")[:, None] ** times
    gap = (one_kind(points, "market_utilisation") - one_kind(points, "balanced_utilisation"))[:, None]
    dynamics = PriceDynamics(
        reversion_per_year=one_kind(points, "reversion"),
        volatility_per_sqrt_year=one_kind(points, "volatility"),
        scarcity_per_year=one_kind(points, "scarcity"),
    )
    start = one_kind(points, "price/on-demand")
    return price_paths(start, cost, np.repeat(gap, quarters, axis=1), 1.0 / QUARTERS_PER_YEAR, dynamics, shocks)


def owners_cost(points: Points, network: float) -> Floats:
    """Cost of a chip-hour to a marginal owner, who rents space and is as busy as owners are, USD, (draws,)."""
    return usd_per_chip_hour(owned(partial(one_kind, points), network=network))


def job_at_work(work: Work, practice: Practice, points: Points, *, interrupted: bool) -> Working:
    """How much of the time a job works, (draws,); ``interrupted`` where the provider takes chips back."""
    chips = float(work.job_chips)
    of = partial(one_kind, points)
    return job_working(
        of,
        chips,
        work.parameters,
        practice.of(0),
        rate_per_s=failure_rate_per_s(one_kind(points, "failures"), chips),
        taken_back_per_s=taken_back_per_s(of, chips) if interrupted else 0.0,
        away_s=of("spot_wait") if interrupted else 0.0,
    )


def billed_hours(scene: Scene, useful_share: Floats) -> Floats:
    """Chip-hours that are paid for at a goodput, (draws, quarters)."""
    return np.asarray(((1.0 + scene.at("debug_share")) / useful_share)[:, None] * scene.work_hours)


def held_chips(scene: Scene, supply: str) -> Floats:
    """Whole units of chips for the busiest quarter, and never fewer than asked for, (draws,)."""
    busiest = np.max(billed_hours(scene, scene.goodput), axis=1) / HOURS_PER_QUARTER
    return whole(np.maximum(busiest, float(scene.work.chips)), scene.unit(supply))


def whole(chips: Column, unit: float) -> Floats:
    """Chips in whole units of those that are had together. Broadcasts."""
    return np.asarray(np.ceil(np.divide(chips, unit)) * unit, dtype=np.float64)


def _rented(scene: Scene, useful_share: Floats, term: str) -> SupplyCash:
    chips = whole(scene.work.chips, scene.unit(term))
    setup = scene.at("setup_rented_days") * HOURS_PER_DAY * chips
    hours = billed_hours(scene, useful_share) * (chips / scene.work.chips)
    return rented_cash(hours, scene.path * scene.ratio(term), setup, scene.at("extras"))


def _on_demand(scene: Scene) -> SupplyCash:
    """By the hour; so many chips that they are had under a short contract alone are paid for all of it."""
    if scene.signed_quarters.get("on-demand", 0):
        return _reserved(scene, "on-demand", 1)
    return _rented(scene, scene.goodput, "on-demand")


def _spot(scene: Scene) -> SupplyCash:
    return _rented(scene, scene.spot_goodput / scene.spot_billed_share, "spot")


def _reserved(scene: Scene, term: str, least_quarters: int) -> SupplyCash:
    """Chips signed for, for the term or for the least that sellers of so many sign."""
    quarters = max(scene.signed_quarters.get(term, 0), least_quarters)
    chips = held_chips(scene, term)
    setup = scene.at("setup_rented_days") * HOURS_PER_DAY * chips
    return reserved_cash(chips, scene.path * scene.ratio(term), quarters, setup, scene.at("extras"))


def _owned(scene: Scene, hall: str) -> SupplyCash:
    start = scene.at("setup_owned_days")[:, None] / DAYS_PER_QUARTER
    bridge = np.clip(start - np.arange(scene.path.shape[1] - 1), 0.0, 1.0)
    needed = held_chips(scene, OWNED) * (1.0 + scene.at("spares"))
    chips = whole(needed, scene.unit(OWNED))
    owner = owned(scene.at, hall=hall, network=scene.network, utilisation=1.0)
    hours = billed_hours(scene, scene.goodput)
    rent = scene.path * scene.ratio("on-demand")
    return owned_cash(chips, hours, bridge, rent, owner, scene.at("over_book"), scene.at("extras"))


SUPPLIES: Mapping[str, Callable[[Scene], SupplyCash]] = MappingProxyType(
    {
        "on-demand": _on_demand,
        "reserved-1y": lambda scene: _reserved(
            scene, "reserved-1y", max(scene.signed_quarters.get("reserved-1y", 0), 4)
        ),
        "reserved-3y": lambda scene: _reserved(
            scene, "reserved-3y", max(scene.signed_quarters.get("reserved-3y", 0), 12)
        ),
        "spot": _spot,
        "colocation": lambda scene: _owned(scene, RENTED_HALL),
        "own": lambda scene: _owned(scene, BUILT_HALL),
    }
)
"""Ways to get chips by name."""
