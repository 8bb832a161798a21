"""Plans beside the plan: other weights of risk, one scenario known beforehand, and nothing ordered now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tenfold.planning.procurement.answer import FrontierPoint
from tenfold.planning.procurement.assemble import build_model, objective_of
from tenfold.planning.procurement.model import Model
from tenfold.planning.procurement.outcome import cvar
from tenfold.planning.procurement.programme import USD_PER_MUSD, Programme, Scenarios
from tenfold.planning.procurement.solve import Linear, linear_of, solve_relaxed, solve_variants
from tenfold.quantities import Floats, SolverError

WEIGHTS = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
"""λ of the frontier, beside the file's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The frontier, and what waiting costs."""

    points: tuple[FrontierPoint, ...]
    waiting_musd: float | None
    """Certain millions that ordering nothing in the first quarter costs, lots divisible; None when no plan then fits.

    The rise of the objective over 1 + λ, which is what a certain dollar adds to it.
    """


def beside(linear: Linear, model: Model, *, seed: int = 0, progress: Callable[[float], None] | None = None) -> Beside:
    """Find the least λ-weighted cost at each of ``WEIGHTS`` and the programme's own λ, rising, and what waiting costs.

    One after another from the basis before, the plan without orders in the first quarter right after its own λ.
    """
    own = model.programme.risk_aversion
    weights = sorted({*WEIGHTS, own})
    idle = linear.high.copy()
    idle[model.layout.orders[:, 0]] = 0.0
    runs = [(weight, waits) for weight in weights for waits in ((False, True) if weight == own else (False,))]
    variants = [
        (objective_of(model.programme, model.layout, weight), idle if waits else linear.high) for weight, waits in runs
    ]
    points, objective = dict[float, FrontierPoint](), dict[bool, float]()
    for done, ((weight, waits), solved) in enumerate(
        zip(runs, solve_variants(linear, variants, seed=seed), strict=True), start=1
    ):
        if solved.status == "optimal" and not waits:
            points[weight] = frontier_point(model, solved.columns, weight)
        if solved.status == "optimal" and weight == own:
            objective[waits] = solved.objective
        if progress is not None:
            progress(done / len(runs))
    rise = max(objective[True] - objective[False], 0.0) / (1.0 + own) if len(objective) == 2 else None
    return Beside(points=tuple(points.values()), waiting_musd=rise)


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
    """Least cost of each scenario when it is known beforehand, lots divisible, (s,) millions.

    A programme that has a plan has one for each of its scenarios alone. Raises ``SolverError`` if the solver denies it.
    """
    found = np.zeros(len(programme.scenarios.names))
    for scenario in range(len(found)):
        linear = linear_of(build_model(alone(programme, scenario)))
        solved = solve_relaxed(linear, seed=seed, presolve=False)
        if solved.status != "optimal":
            raise SolverError(f"scenario {programme.scenarios.names[scenario]} alone is {solved.status}")
        found[scenario] = solved.objective
        if progress is not None:
            progress((scenario + 1) / len(found))
    return found


def alone(programme: Programme, scenario: int) -> Programme:
    """The programme when one scenario is certain, without weight on risk.

    The share of revenue is left out: it holds for the expectation over all scenarios, not in each of them.
    """
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
    limits = replace(programme.limits, most_revenue_share=float("inf"))
    return replace(programme, scenarios=certain, limits=limits, risk_aversion=0.0)
