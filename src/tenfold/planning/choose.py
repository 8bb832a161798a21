"""Choosing: which designs are feasible, the best of each kind, the front of finish and cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.performance.training.front import pareto_front
from tenfold.planning.assess import Assessment, budget_usd, deadline_days
from tenfold.planning.goal import Goal, Means
from tenfold.quantities import Flags, Floats, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Designs:
    """Every design considered, as columns of equal length: a row of the evaluation at a site."""

    row: Indices
    chip: Indices
    supply: Indices
    site: Indices
    chips: Floats
    allowed: Flags
    """False beyond the most chips there may be."""
    power_w: Floats
    """Rated power at the meter."""
    power_limit_w: Floats
    energy_j: Floats
    """Energy at the meter with every input at P50."""
    assessed: Assessment
    """Columns of the designs, not of the rows."""

    def __len__(self) -> int:
        return len(self.row)

    @property
    def kind(self) -> Indices:
        """One number for each chip, supply and site."""
        supplies, sites = self.supply.max(initial=0) + 1, self.site.max(initial=0) + 1
        number: Indices = (self.chip * supplies + self.supply) * sites + self.site
        return number


Ranking = Callable[[Designs], tuple[Floats, ...]]
RANKINGS: Mapping[str, Ranking] = {
    "cheapest": lambda designs: (designs.assessed.cost_usd, designs.assessed.finish_days, designs.energy_j),
    "fastest": lambda designs: (designs.assessed.finish_days, designs.assessed.cost_usd, designs.energy_j),
    "least-energy": lambda designs: (designs.energy_j, designs.assessed.cost_usd, designs.assessed.finish_days),
}
"""What each objective sorts by: first column first, later ones where the earlier are equal."""


def feasible(designs: Designs, goal: Goal) -> Flags:
    """Which designs can be chosen: those that keep every limit and need no more chips than there may be."""
    return designs.allowed & keeps_limits(designs, goal)


def keeps_limits(designs: Designs, goal: Goal) -> Flags:
    """Which designs fit the power and keep deadline and budget together with the goal's confidence."""
    return has_power(designs) & (designs.assessed.in_both >= goal.confidence)


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


def nearest_of_each_kind(designs: Designs, goal: Goal, means: Means) -> Indices:
    """For each chip, supply and site without a feasible design the one that misses its limits by the least factor."""
    fits = feasible(designs, goal)
    kind = designs.kind
    missing = np.flatnonzero(designs.allowed & ~np.isin(kind, kind[fits]))
    order = missing[np.lexsort([missing, -designs.assessed.in_both[missing], excess(designs, goal, means)[missing]])]
    _, first = np.unique(kind[order], return_index=True)
    return order[np.sort(first)]


def excess(designs: Designs, goal: Goal, means: Means) -> Floats:
    """Largest factor by which a design exceeds a limit (deadline, budget, power); 1 where it exceeds none."""
    limited = (
        (designs.assessed.sure_finish_days, deadline_days(goal)),
        (designs.assessed.sure_committed_usd, budget_usd(means)),
        (designs.power_w, designs.power_limit_w),
    )
    with np.errstate(invalid="ignore"):  # what never ends under no limit exceeds it all the same
        factors = [np.where(np.isfinite(need), need / limit, np.inf) for need, limit in limited]
    return np.asarray(np.maximum(np.max(factors, axis=0), 1.0), dtype=np.float64)
