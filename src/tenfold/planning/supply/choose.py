"""Choosing: which designs are feasible, the best of each kind, the front of finish and cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tenfold.performance.training import pareto_front
from tenfold.planning.supply.rows import Assessment, Designs, Limits
from tenfold.quantities import Flags, Floats, Indices

COST = "joint_cost_usd"
OBJECTIVES: Mapping[str, str] = {"cheapest": COST, "fastest": "joint_finish_days"}
"""Column that an objective sorts by; what is not here sorts by energy."""
Ranking = Callable[[Designs], tuple[Floats, ...]]
RANKINGS: Mapping[str, Ranking] = {
    "cheapest": lambda designs: (designs.assessed.joint_cost_usd, designs.assessed.finish_days, designs.energy_j),
    "fastest": lambda designs: (designs.assessed.joint_finish_days, designs.assessed.cost_usd, designs.energy_j),
    "least-energy": lambda designs: (designs.energy_j, designs.assessed.cost_usd, designs.assessed.finish_days),
}
"""What each objective sorts by: first column first, later ones where the earlier are equal.

What holds at the confidence asked for decides, not what half of the outcomes keep: doubt counts against a design. No
limit enters that its relaxing could raise, so the choice from more designs or wider limits is never a worse one.
"""


def objective_of(assessed: Assessment, objective: str, energy_j: Floats) -> Floats:
    """What an objective sorts rows at one site by, shape (rows,); ``assessed`` has the shape (rows, 1)."""
    column = OBJECTIVES.get(objective)
    found: Floats = energy_j if column is None else getattr(assessed, column)[:, 0]
    return found


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


def free_first(order: Indices, bound: Flags) -> Indices:
    """Designs whose chips a law or a place binds after all others; ``bound`` is a column of designs."""
    last = bound[order]
    return np.concatenate([order[~last], order[last]])


TERM_OVER_WORK = 10.0
"""Days signed for over days until the work is done beyond which a term is none for the work."""


def idle_terms(designs: Designs, order: Indices, term_days: Floats) -> Flags:
    """Which of ``order`` sign for many times as long as they work, where another of the same chip does not.

    Who sorts by time or energy would sign a year for hours to save some of them. ``term_days`` is a column of designs.
    """
    idle = np.asarray(term_days[order] > TERM_OVER_WORK * designs.assessed.finish_days[order])
    return np.asarray(idle & np.isin(designs.chip[order], designs.chip[order[~idle]]))


def best_of_each_kind(designs: Designs, order: Indices, kind: Indices) -> Indices:
    """Keep the first design of each kind, such as of each chip, supply and site."""
    _, first = np.unique(kind[order], return_index=True)
    return order[np.sort(first)]


def finish_cost_front(designs: Designs, order: Indices) -> Indices:
    """Designs that no other of ``order`` beats in finish and cost; of equals the first in order."""
    assessed = designs.assessed
    return order[pareto_front(assessed.finish_days[order], assessed.cost_usd[order])]
