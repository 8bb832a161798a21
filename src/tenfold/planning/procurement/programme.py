"""A procurement programme as columns: what may be ordered, what is needed, what limits it, what may happen.

Axes: o options that are ordered ahead (owned, reserved), j offers taken as needed (on demand, spot), w workloads,
t quarters, s scenarios, i sites. Money is millions of US dollars, capacity H100e, power MW.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Floats, Indices

NEVER = 10**6
"""Delivery quarter of an order that is never delivered."""
USD_PER_MUSD = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitments:
    """Options ordered ahead: chips bought for a site, or reserved for a term."""

    names: tuple[str, ...]
    chips: tuple[str, ...]
    vendors: tuple[str, ...]
    suppliers: tuple[str, ...]
    sites: tuple[str, ...]
    supplies: tuple[str, ...]
    h100e_per_chip: Floats
    """(o, w); 0 where the workload does not run on the chip."""
    lot_chips: Floats
    """(o,); orders are whole lots."""
    minimum_lots: Floats
    """(o,); an order is none or at least this many lots."""
    most_lots: Floats
    """(o, t) that can be ordered in a quarter; infinite without an allocation limit."""
    lead_quarters: Indices
    term_quarters: Indices
    """(o,) in service after delivery: the term of a reservation, the life of an owned chip."""
    upfront_musd_per_chip: Floats
    """(o, t) price of an owned chip with hosts and network when ordered in t; 0 when reserved."""
    running_musd_per_chip_quarter: Floats
    """(o, t) running costs of an owned chip, rent of a reserved one, when ordered in t."""
    deposit_share: Floats
    """(o,) of the price paid with the order; the rest is paid on delivery."""
    power_mw_per_chip: Floats
    """(o,) at the meter of the site, owned chips only; a rented chip draws on its supplier's connection."""
    owned: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Rentals:
    """Offers taken as needed, once the scenario is known."""

    names: tuple[str, ...]
    chips: tuple[str, ...]
    vendors: tuple[str, ...]
    suppliers: tuple[str, ...]
    sites: tuple[str, ...]
    supplies: tuple[str, ...]
    h100e_per_chip: Floats
    """(j, w) of a rented hour, interruptions taken off."""
    musd_per_chip_quarter: Floats
    """(j, t)."""
    most_chips: Floats
    """(j, t)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workloads:
    """What is needed: capacity by quarter (serving), or work by a deadline (training)."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    demand_h100e: Floats
    """(w, t) for serving; 0 for training."""
    work_h100e_quarters: Floats
    """(w,) for training; 0 for serving."""
    first_quarter: Indices
    last_quarter: Indices
    """(w,) quarters between which it runs, both included."""
    most_h100e: Floats
    """(w,) that a training run can use at once; infinite without a limit."""
    unserved_musd_per_h100e_quarter: Floats
    """(w,) penalty; infinite where unserved demand is forbidden."""
    slos: tuple[str, ...] = ()
    """What the stated capacity of each serves within; empty where none was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """What may happen, each with its probability."""

    names: tuple[str, ...]
    probability: Floats
    """(s,), summing to 1."""
    demand: Floats
    """(s, w, t) factor on the demand; that of the last quarter holds for a training run."""
    price: Floats
    """(s, o, t) factor on the price of an order placed in t."""
    delivered: Indices
    """(s, o, t) quarter an order placed in t is delivered; ``NEVER`` if it is not. Does not fall with t."""
    value_kept: Floats
    """(s, o) factor on the value owned chips have left after the last quarter."""
    rental_price: Floats
    """(s, j, t) factor."""
    rental_open: Flags
    """(s, j, t) whether the offer can be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Most chips of several options together in each quarter, as a supplier allocates them."""

    name: str
    members: Flags
    """(o,)."""
    most_chips: Floats
    """(t,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What there is; infinite where nothing limits."""

    sites: tuple[str, ...]
    power_mw: Floats
    """(i, t)."""
    capital_musd: Floats
    """(t,) that can be paid for chips in each quarter, at base prices."""
    allocations: tuple[Allocation, ...]
    most_vendor_share: float
    """Of the H100e-quarters committed over the programme."""
    revenue_musd: Floats
    """(t,)."""
    most_revenue_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Everything a procurement plan is made of."""

    quarters: tuple[str, ...]
    commitments: Commitments
    rentals: Rentals
    workloads: Workloads
    scenarios: Scenarios
    limits: Limits
    discount_rate_per_year: float
    life_quarters: float
    """Useful life of owned chips."""
    residual_share: float
    """Of the price, at the end of the useful life."""
    risk_aversion: float
    """λ: what a dollar of CVaR counts against a dollar expected."""
    cvar_level: float
    """α."""

    @property
    def shape(self) -> dict[str, int]:
        """Counts of quarters, options, offers, workloads, scenarios and sites."""
        return {
            "quarters": len(self.quarters),
            "options": len(self.commitments.names),
            "offers": len(self.rentals.names),
            "workloads": len(self.workloads.names),
            "scenarios": len(self.scenarios.names),
            "sites": len(self.limits.sites),
        }


def runs_in(programme: Programme) -> Flags:
    """Tell in which quarters each workload runs, (w, t)."""
    quarters, work = np.arange(len(programme.quarters)), programme.workloads
    return (quarters >= work.first_quarter[:, None]) & (quarters <= work.last_quarter[:, None])


def is_training(programme: Programme) -> Flags:
    """Tell which workloads are training runs, (w,)."""
    return np.array([kind == "train" for kind in programme.workloads.kinds], dtype=np.bool_)


def needed_h100e(programme: Programme) -> Floats:
    """Most a workload can use in a quarter, (s, w, t)."""
    work = programme.workloads
    quarters = np.arange(len(programme.quarters))
    runs = (quarters >= work.first_quarter[:, None]) & (quarters <= work.last_quarter[:, None])
    whole = programme.scenarios.demand * work.demand_h100e
    last = np.take_along_axis(programme.scenarios.demand, work.last_quarter[None, :, None], axis=2)
    run = np.minimum(last * work.work_h100e_quarters[:, None], work.most_h100e[:, None])
    return np.where(runs, whole + run, 0.0)
