"""Plans beside the plan: other weights of risk, one scenario known beforehand, and nothing ordered now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tenfold.planning.procurement.answer import FrontierPoint
from tenfold.planning.procurement.model import Model, build_model, objective_of
from tenfold.planning.procurement.outcome import cvar
from tenfold.planning.procurement.programme import USD_PER_MUSD, Floats, Programme, Scenarios
from tenfold.planning.procurement.solve import Linear, linear_of, solve_relaxed

WEIGHTS = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
"""λ of the frontier, beside the file's own."""


def frontier(
    linear: Linear, model: Model, *, seed: int = 0, progress: Callable[[float], None] | None = None
) -> tuple[FrontierPoint, ...]:
    """Least λ-weighted cost at each of ``WEIGHTS`` and at the programme's own λ, rising in λ."""
    weights = sorted({*WEIGHTS, model.programme.risk_aversion})
    found = []
    for done, weight in enumerate(weights):
        solved = solve_relaxed(
            replace(linear, objective=objective_of(model.programme, model.layout, weight)), seed=seed
        )
        if solved.status == "optimal":
            found.append(frontier_point(model, solved.columns, weight))
        if progress is not None:
            progress((done + 1) / len(weights))
    return tuple(found)


def frontier_point(model: Model, columns: Floats, weight: float) -> FrontierPoint:
    """Expected cost and CVaR of a solution."""
    chance, cost = model.programme.scenarios.probability, columns[model.layout.cost]
    return FrontierPoint(
        risk_aversion=weight,
        expected_cost_usd=float(chance @ cost) * USD_PER_MUSD,
        cvar_usd=cvar(cost, chance, model.programme.cvar_level) * USD_PER_MUSD,
        ordered_usd=float(columns[model.layout.upfront].sum()) * USD_PER_MUSD,
    )


def best_costs(programme: Programme, *, seed: int = 0, progress: Callable[[float], None] | None = None) -> Floats:
    """Least cost of each scenario when it is known beforehand, lots divisible, (s,) millions; NaN without a plan."""
    found = np.full(len(programme.scenarios.names), np.nan)
    for scenario in range(len(found)):
        linear = linear_of(build_model(alone(programme, scenario)))
        solved = solve_relaxed(linear, seed=seed)
        if solved.status == "optimal":
            found[scenario] = solved.objective
        if progress is not None:
            progress((scenario + 1) / len(found))
    return found


def alone(programme: Programme, scenario: int) -> Programme:
    """The programme when one scenario is certain, without weight on risk."""
    what = programme.scenarios
    kept = slice(scenario, scenario + 1)
    certain = Scenarios(
        names=what.names[kept],
        probability=np.ones(1),
        demand=what.demand[kept],
        price=what.price[kept],
        delivered=what.delivered[kept],
        value_kept=what.value_kept[kept],
        rental_price=what.rental_price[kept],
        rental_open=what.rental_open[kept],
    )
    return replace(programme, scenarios=certain, risk_aversion=0.0)


def cost_of_waiting(linear: Linear, model: Model, objective: float, *, seed: int = 0) -> float | None:
    """What ordering nothing in the first quarter costs, lots divisible: certain millions, None without a plan.

    The rise of the objective over 1 + λ, which is what a certain dollar adds to it.
    """
    high = linear.high.copy()
    high[model.layout.orders[:, 0]] = 0.0
    solved = solve_relaxed(replace(linear, high=high), seed=seed)
    rise = max(solved.objective - objective, 0.0) / (1.0 + model.programme.risk_aversion)
    return rise if solved.status == "optimal" else None
