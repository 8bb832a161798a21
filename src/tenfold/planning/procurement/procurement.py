"""What to order now and what can wait: a question's programme, relaxation, whole lots, what is told beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tenfold.catalog import Catalog
from tenfold.planning.procurement.answer import FrontierPoint, ProcureAnswer, ScenarioOutcome, Shortage
from tenfold.planning.procurement.assemble import build_model
from tenfold.planning.procurement.build import Built, build_programme
from tenfold.planning.procurement.elastic import shortages, unbounded_orders
from tenfold.planning.procurement.frontier import Beside, beside, best_costs
from tenfold.planning.procurement.model import Model
from tenfold.planning.procurement.outcome import (
    cost_terms,
    cvar,
    orders_of,
    scenario_costs,
    service_of,
    site_power,
    supplied,
    unserved_shares,
)
from tenfold.planning.procurement.programme import USD_PER_MUSD, Programme
from tenfold.planning.procurement.question import ProcureQuestion
from tenfold.planning.procurement.rounding import relative_gap, round_orders
from tenfold.planning.procurement.shadow import shadow_prices
from tenfold.planning.procurement.solve import Linear, Solution, linear_of, solve_relaxed, solve_whole
from tenfold.quantities import Progress, assumptions_of

if TYPE_CHECKING:
    from tenfold.quantities import Floats

RELAXED, ROUNDED, EXACT = "relaxation", "relaxation, orders made whole", "integer programme"
_SHARES = {"plan": 0.4, "frontier": 0.3, "regret": 0.3}
"""Shares of the progress bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A programme that is solved as asked; the plan is None where there is none."""

    question: ProcureQuestion
    seed: int
    built: Built
    model: Model
    linear: Linear
    relaxed: Solution
    plan: Solution | None

    @property
    def programme(self) -> Programme:
        """The programme."""
        return self.built.programme


def answer(
    question: ProcureQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ProcureAnswer:
    """Plan orders by quarter: cost and CVaR, frontier, shadow prices, regret.

    Orders are made whole from the linear relaxation, with the gap to it, or found by the integer programme. Raises one
    ``InputError`` with every price and figure that is missing, and ``SolverError`` when the solver gives no answer. No
    plan that fits is an answer with ``shortages``.
    """
    told = progress or (lambda _: None)
    solved = _solve(question, build_programme(question, catalog), seed, lambda share: told(_SHARES["plan"] * share))
    told(_SHARES["plan"])
    common = _common(solved, catalog)
    if solved.plan is None:
        return replace(common, shortages=_shortages(solved))
    return _with_plan(common, solved, solved.plan, told)


def _solve(question: ProcureQuestion, built: Built, seed: int, progress: Progress) -> Solved:
    """Build the model and solve it as asked."""
    model = build_model(built.programme)
    linear = linear_of(model)
    relaxed, plan = solve_relaxed(linear, seed=seed), None
    if relaxed.status == "optimal":
        plan = round_orders(linear, model, relaxed, seed=seed)
        plan = _exact(question, linear, model, plan, seed, progress) if question.exact else plan
    return Solved(question=question, seed=seed, built=built, model=model, linear=linear, relaxed=relaxed, plan=plan)


def _exact(
    question: ProcureQuestion, linear: Linear, model: Model, rounded: Solution | None, seed: int, progress: Progress
) -> Solution | None:
    """Solve the integer programme from the rounded plan; None where nothing was found."""
    limit = question.time_limit_s
    found = solve_whole(
        linear,
        model,
        seed=seed,
        gap=question.gap,
        time_limit_s=float("inf") if limit is None else limit,
        start=None if rounded is None else rounded.columns,
        progress=progress,
    )
    return found if found.status in ("optimal", "stopped") else None


def _shortages(solved: Solved) -> tuple[Shortage, ...]:
    if solved.relaxed.status == "infeasible":
        return shortages(solved.linear, solved.model, seed=solved.seed)
    if solved.relaxed.status == "unbounded":
        return unbounded_orders(solved.linear, solved.model, seed=solved.seed)
    return (_no_whole(),)


def _with_plan(common: ProcureAnswer, solved: Solved, plan: Solution, told: Callable[[float], None]) -> ProcureAnswer:
    model, programme = solved.model, solved.programme
    others = _beside(solved, told)
    best = _known_beforehand(solved, told)
    chance, cost = programme.scenarios.probability, scenario_costs(model, plan.columns)
    return replace(
        common,
        status="optimal" if plan.status == "optimal" else "stopped",
        method=EXACT if solved.question.exact else ROUNDED,
        expected_cost_usd=float(chance @ cost) * USD_PER_MUSD,
        cvar_usd=cvar(cost, chance, programme.cvar_level) * USD_PER_MUSD,
        objective_usd=plan.objective * USD_PER_MUSD,
        bound_usd=plan.bound * USD_PER_MUSD,
        gap=relative_gap(plan.objective, plan.bound),
        orders=tuple(orders_of(model, plan.columns)),
        waiting_costs_usd=None if others.waiting_musd is None else others.waiting_musd * USD_PER_MUSD,
        terms=cost_terms(model, plan.columns),
        scenarios=_outcomes(model, plan.columns, best),
        frontier=others.points,
        shadow_prices=shadow_prices(model, solved.relaxed),
        power=tuple(site_power(model, plan.columns)),
        service=tuple(service_of(model, plan.columns)),
        supplied=tuple(supplied(model, plan.columns)),
    )


def _beside(solved: Solved, told: Callable[[float], None]) -> Beside:
    """Frontier and cost of waiting, where they are asked for."""
    if solved.question.plan_only:
        return Beside(points=(), waiting_musd=None)
    start, width = _SHARES["plan"], _SHARES["frontier"]
    return beside(solved.linear, solved.model, seed=solved.seed, progress=lambda share: told(start + width * share))


def _known_beforehand(solved: Solved, told: Callable[[float], None]) -> Floats | None:
    """Cost of each scenario known beforehand, where regret is asked for."""
    if solved.question.plan_only:
        return None
    start, width = 1.0 - _SHARES["regret"], _SHARES["regret"]
    return best_costs(solved.programme, seed=solved.seed, progress=lambda share: told(start + width * share))


def _outcomes(model: Model, columns: Floats, best: Floats | None) -> tuple[ScenarioOutcome, ...]:
    what, cost, short = model.programme.scenarios, scenario_costs(model, columns), unserved_shares(model, columns)
    return tuple(
        ScenarioOutcome(
            name=name,
            probability=float(what.probability[row]),
            cost_usd=float(cost[row]) * USD_PER_MUSD,
            best_cost_usd=None if best is None else float(best[row]) * USD_PER_MUSD,
            regret_usd=None if best is None else max(float(cost[row] - best[row]), 0.0) * USD_PER_MUSD,
            unserved_share=float(short[row]),
        )
        for row, name in enumerate(what.names)
    )


def _no_whole() -> Shortage:
    return Shortage(
        limit="whole orders",
        short="no plan of whole lots and minimum orders was found near the relaxation",
        nearest="--exact, smaller lots or smaller minimum orders",
    )


def _common(solved: Solved, catalog: Catalog) -> ProcureAnswer:
    """What every answer holds, with or without a plan."""
    question, programme, matrix = solved.question, solved.programme, solved.linear.matrix
    inf: Any = float("inf")
    return ProcureAnswer(
        question=question,
        made=catalog.made(solved.seed),
        status="infeasible" if solved.relaxed.status == "optimal" else solved.relaxed.status,
        method=RELAXED,
        money=question.programme.money,
        money_year=question.programme.money_year,
        quarters=programme.quarters,
        discount_rate_per_year=programme.discount_rate_per_year,
        risk_aversion=programme.risk_aversion,
        cvar_level=programme.cvar_level,
        expected_cost_usd=inf,
        cvar_usd=inf,
        objective_usd=inf,
        bound_usd=inf,
        gap=0.0,
        orders=(),
        waiting_costs_usd=None,
        terms=None,
        scenarios=(),
        frontier=tuple[FrontierPoint, ...](),
        shadow_prices=(),
        power=(),
        service=(),
        supplied=(),
        shortages=(),
        export=solved.built.export,
        excluded=solved.built.excluded,
        workload_fits=solved.built.fits,
        assumptions=assumptions_of(solved.built.figures),
        figures=solved.built.figures,
        notes=solved.built.notes,
        size={**programme.shape, "columns": matrix.shape[1], "rows": matrix.shape[0], "entries": matrix.nnz},
    )
