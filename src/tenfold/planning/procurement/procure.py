"""From a programme to its answer: relaxation, whole lots, and everything that is told beside the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tenfold.planning.procurement.answer import FrontierPoint, ProcurementAnswer, ScenarioOutcome, Shortage
from tenfold.planning.procurement.elastic import shortages, unbounded_orders
from tenfold.planning.procurement.file import ProcurementFile
from tenfold.planning.procurement.frontier import Beside, beside, best_costs
from tenfold.planning.procurement.model import Model, build_model
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
from tenfold.planning.procurement.programme import USD_PER_MUSD
from tenfold.planning.procurement.rounding import relative_gap, round_orders
from tenfold.planning.procurement.shadow import shadow_prices
from tenfold.planning.procurement.solve import GAP, Linear, Solution, linear_of, solve_relaxed, solve_whole

if TYPE_CHECKING:
    from tenfold.quantities import Floats

RELAXED, ROUNDED, EXACT = "relaxation", "relaxation, orders made whole", "integer programme"
_SHARES = {"plan": 0.4, "frontier": 0.3, "regret": 0.3}
"""Shares of the progress bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a programme is to be solved."""

    exact: bool = False
    gap: float = GAP
    time_limit_s: float = float("inf")
    seed: int = 0
    plan_only: bool = False
    """Leave out frontier, cost of waiting and regret, which take most of the time of a large programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What an answer was made with."""

    catalog: str
    overrides: tuple[str, ...]
    tenfold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A model with its relaxation and its plan; the plan is None where there is none."""

    model: Model
    linear: Linear
    relaxed: Solution
    plan: Solution | None
    seconds: Mapping[str, float]


def solve_programme(read: ProcurementFile, wish: Wish, *, progress: Callable[[float], None] | None = None) -> Solved:
    """Build the model and solve it as wished."""
    started = perf_counter()
    model = build_model(read.programme)
    linear = linear_of(model)
    built = perf_counter()
    relaxed = solve_relaxed(linear, seed=wish.seed)
    plan = round_orders(linear, model, relaxed, seed=wish.seed) if relaxed.status == "optimal" else None
    rounded = perf_counter()
    if wish.exact and relaxed.status == "optimal":
        plan = solve_whole(
            linear,
            model,
            seed=wish.seed,
            gap=wish.gap,
            time_limit_s=wish.time_limit_s,
            start=None if plan is None else plan.columns,
            progress=progress,
        )
        plan = plan if plan.status in ("optimal", "stopped") else None
    seconds = {
        "build": built - started,
        "relaxation": relaxed.seconds,
        "rounding": rounded - built - relaxed.seconds,
        "integer": perf_counter() - rounded,
    }
    return Solved(model=model, linear=linear, relaxed=relaxed, plan=plan, seconds=seconds)


def procure(
    read: ProcurementFile, wish: Wish, versions: Versions, *, progress: Callable[[float], None] | None = None
) -> ProcurementAnswer:
    """Answer a programme. Infeasible and unbounded are answers; raises ``SolverError`` when the solver gives none."""
    told = progress or (lambda _: None)
    solved = solve_programme(read, wish, progress=lambda share: told(_SHARES["plan"] * share))
    told(_SHARES["plan"])
    if solved.relaxed.status == "infeasible":
        return _without(read, wish, versions, solved, shortages(solved.linear, solved.model, seed=wish.seed))
    if solved.relaxed.status == "unbounded":
        found = unbounded_orders(solved.linear, solved.model, seed=wish.seed)
        return _without(read, wish, versions, solved, found)
    if solved.plan is None:
        return _without(read, wish, versions, solved, (_no_whole(),))
    return _with_plan(read, wish, versions, solved, solved.plan, told)


def _with_plan(
    read: ProcurementFile,
    wish: Wish,
    versions: Versions,
    solved: Solved,
    plan: Solution,
    told: Callable[[float], None],
) -> ProcurementAnswer:
    model, linear, started = solved.model, solved.linear, perf_counter()
    others = _beside(linear, model, wish, told)
    drawn = perf_counter()
    best = _known_beforehand(read, wish, told)
    seconds = {**solved.seconds, "frontier": drawn - started, "regret": perf_counter() - drawn}
    chance, cost = read.programme.scenarios.probability, scenario_costs(model, plan.columns)
    return replace(
        _common(read, wish, versions, solved, seconds),
        status="optimal" if plan.status == "optimal" else "stopped",
        method=EXACT if wish.exact else ROUNDED,
        expected_cost_usd=float(chance @ cost) * USD_PER_MUSD,
        cvar_usd=cvar(cost, chance, read.programme.cvar_level) * USD_PER_MUSD,
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


def _beside(linear: Linear, model: Model, wish: Wish, told: Callable[[float], None]) -> Beside:
    """Frontier and cost of waiting, where they are wished."""
    if wish.plan_only:
        return Beside(points=(), waiting_musd=None)
    start, width = _SHARES["plan"], _SHARES["frontier"]
    return beside(linear, model, seed=wish.seed, progress=lambda share: told(start + width * share))


def _known_beforehand(read: ProcurementFile, wish: Wish, told: Callable[[float], None]) -> Floats | None:
    """Cost of each scenario known beforehand, where regret is wished."""
    if wish.plan_only:
        return None
    start, width = 1.0 - _SHARES["regret"], _SHARES["regret"]
    return best_costs(read.programme, seed=wish.seed, progress=lambda share: told(start + width * share))


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


def _without(
    read: ProcurementFile,
    wish: Wish,
    versions: Versions,
    solved: Solved,
    found: tuple[Shortage, ...],
) -> ProcurementAnswer:
    return replace(_common(read, wish, versions, solved, solved.seconds), shortages=found)


def _common(
    read: ProcurementFile, wish: Wish, versions: Versions, solved: Solved, seconds: Mapping[str, float]
) -> ProcurementAnswer:
    """What every answer holds, with or without a plan."""
    programme, matrix = read.programme, solved.linear.matrix
    inf: Any = float("inf")
    return ProcurementAnswer(
        status="infeasible" if solved.relaxed.status == "optimal" else solved.relaxed.status,
        method=RELAXED,
        money=read.money,
        money_year=read.money_year,
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
        export=read.export,
        excluded=read.excluded,
        fits=read.fits,
        figures=read.figures,
        notes=read.notes,
        size={**programme.shape, "columns": matrix.shape[1], "rows": matrix.shape[0], "entries": matrix.nnz},
        seconds=seconds,
        seed=wish.seed,
        catalog_version=versions.catalog,
        catalog_overrides=versions.overrides,
        tenfold_version=versions.tenfold,
    )
