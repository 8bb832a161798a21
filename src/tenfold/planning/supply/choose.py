"""Choosing: which designs are feasible, the best of each kind, the front of finish and cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tenfold.performance.training import pareto_front
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Flags, Floats, Indices

Ranking = Callable[[Designs], tuple[Floats, ...]]
RANKINGS: Mapping[str, Ranking] = {
    "cheapest": lambda designs: (designs.assessed.cost_usd, designs.assessed.finish_days, designs.energy_j),
    "fastest": lambda designs: (designs.assessed.finish_days, designs.assessed.cost_usd, designs.energy_j),
    "least-energy": lambda designs: (designs.energy_j, designs.assessed.cost_usd, designs.assessed.finish_days),
}
"""What each objective sorts by: first column first, later ones where the earlier are equal."""


def feasible(designs: Designs, limits: Limits) -> Flags:
    """Which designs can be chosen: those that keep every limit and need no more chips than there may be."""
    return designs.allowed & keeps_limits(designs, limits)


def keeps_limits(designs: Designs, limits: Limits) -> Flags:
    """Which designs fit the power and keep deadline and budget together with the confidence asked for."""
    return has_power(designs) & (designs.assessed.in_both >= limits.confidence)


def has_power(designs: Designs) -> Flags:
    """Which designs the site's connection carries."""
    return designs.power_w <= designs.power_limit_w * (1.0 + 1e-9)


def ranked(designs: Designs, among: Indices, objective: str) -> Indices:
    """Order designs by the objective, best first; equals keep their order."""
    columns = [column[among] for column in RANKINGS[objective](designs)]
    return among[np.lexsort(columns[::-1])]


def best_of_each_kind(designs: Designs, order: Indices) -> Indices:
    """Keep the first design of each chip, supply and site."""
    _, first = np.unique(designs.kind[order], return_index=True)
    return order[np.sort(first)]


def finish_cost_front(designs: Designs, order: Indices) -> Indices:
    """Designs that no other of ``order`` beats in finish and cost; of equals the first in order."""
    assessed = designs.assessed
    return order[pareto_front(assessed.finish_days[order], assessed.cost_usd[order])]


def nearest_of_each_kind(designs: Designs, limits: Limits) -> Indices:
    """For each chip, supply and site without a feasible design the one that misses its limits by the least factor."""
    fits = feasible(designs, limits)
    kind = designs.kind
    missing = np.flatnonzero(designs.allowed & ~np.isin(kind, kind[fits]))
    order = missing[np.lexsort([missing, -designs.assessed.in_both[missing], excess(designs, limits)[missing]])]
    _, first = np.unique(kind[order], return_index=True)
    return order[np.sort(first)]


def excess(designs: Designs, limits: Limits) -> Floats:
    """Largest factor by which a design exceeds a limit (deadline, budget, power); 1 where it exceeds none."""
    bounds = (
        (designs.assessed.sure_finish_days, limits.deadline_days),
        (designs.assessed.sure_committed_usd, limits.budget_usd),
        (designs.power_w, designs.power_limit_w),
    )
    with np.errstate(invalid="ignore"):  # what never ends under no limit exceeds it all the same
        factors = [np.where(np.isfinite(need), need / limit, np.inf) for need, limit in bounds]
    return np.asarray(np.maximum(np.max(factors, axis=0), 1.0), dtype=np.float64)
