"""The nearest: which designs are the least short, where none fits."""

from __future__ import annotations

import numpy as np

from tenfold.planning.supply.choose import best_of_each_kind, feasible, has_power, keeps_limits
from tenfold.planning.supply.needs import Needs, needs_of
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Indices


def nearest_of_each_kind(designs: Designs, limits: Limits, kind: Indices) -> Indices:
    """For each kind without a feasible design the one that is the least short, and of those the least short first.

    Of a kind that no deadline and budget let fit with as many chips as there may be, one with more of them.
    """
    fits, needs = feasible(designs, limits), needs_of(designs, limits)
    possible = designs.allowed & ~needs.hopeless
    missing = ~np.isin(kind, kind[fits]) & np.isin(kind, kind[designs.allowed])
    among = np.flatnonzero(missing & (designs.allowed | ~np.isin(kind, kind[possible])))
    return best_of_each_kind(designs, least_short(designs, limits, needs, among), kind)


def nearest_beyond(designs: Designs, limits: Limits, kind: Indices) -> Indices:
    """For each kind of which every design has more chips than there may be, that of the fewest which keeps the limits.

    Where none does, the one that is the least short of them.
    """
    among = np.flatnonzero(~np.isin(kind, kind[designs.allowed]))
    order = least_short(designs, limits, needs_of(designs, limits), among)
    keeps = keeps_limits(designs, limits)[order]
    fitting = order[keeps]
    fewest = fitting[np.argsort(designs.held[fitting], kind="stable")]
    return best_of_each_kind(designs, np.concatenate([fewest, order[~keeps]]), kind)


def least_short(designs: Designs, limits: Limits, needs: Needs, among: Indices) -> Indices:
    """Order designs by how short they are, the least first.

    Those that some deadline and budget let fit, then those that are short of fewer limits, then by the largest factor
    that a limit is moved by, then by how often they hold.
    """
    powerless = ~has_power(designs)
    count = needs.late.astype(np.intp) + (needs.dear | needs.apart) + powerless
    moved = (
        (needs.late, needs.days, limits.deadline_days),
        (needs.dear | needs.apart, needs.usd, limits.budget_usd),
        (powerless, designs.power_w, designs.power_limit_w),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = [
            np.where(short, np.where(np.isfinite(need), need / limit, np.inf), 1.0) for short, need, limit in moved
        ]
    over = np.max(factors, axis=0)
    keys = (among, -designs.assessed.in_both[among], over[among], count[among], needs.hopeless[among])
    return among[np.lexsort(keys)]
