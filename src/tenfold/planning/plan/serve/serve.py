"""A serving plan: every layout that keeps the latency, sized for the peak, priced, the winners simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.plan.means import Means, is_limited, most_chips, part_of, without_limits
from tenfold.planning.plan.offered import refused_offers
from tenfold.planning.plan.serve.answer import (
    EngineFleet,
    FleetDesign,
    PlanServeAnswer,
    ServicePlan,
    TraceReplay,
    total_of,
)
from tenfold.planning.plan.serve.bursts import if_independent, replicas_that_hold
from tenfold.planning.plan.serve.candidates import candidates_of, sized_of
from tenfold.planning.plan.serve.chosen import Chosen, Counts
from tenfold.planning.plan.serve.demand import demand_of
from tenfold.planning.plan.serve.described import Case, describe
from tenfold.planning.plan.serve.fleets import Candidate, Demand, Fleet
from tenfold.planning.plan.serve.flips import flips
from tenfold.planning.plan.serve.inputs import pace_z, uncertain_inputs, used, without_spares
from tenfold.planning.plan.serve.layouts import Space
from tenfold.planning.plan.serve.left import left_of
from tenfold.planning.plan.serve.looser import with_looser
from tenfold.planning.plan.serve.near import near_fleets, near_places, not_offered, too_short
from tenfold.planning.plan.serve.notes import notes_of
from tenfold.planning.plan.serve.pace import sure_z
from tenfold.planning.plan.serve.planned import ROUNDS, Pool
from tenfold.planning.plan.serve.priced import Market
from tenfold.planning.plan.serve.question import REPLAYED, PlanServeQuestion, Service, services_of, tokens_of
from tenfold.planning.plan.serve.replayed import figures_of_replay, replay_of
from tenfold.planning.plan.serve.scenario import Scenario, scenario_of
from tenfold.planning.plan.serve.short import lacking, on_fewer, without_layout
from tenfold.planning.plan.serve.space import find_space
from tenfold.planning.plan.serve.supplied import Supplied, figures_of, supply_for
from tenfold.planning.plan.serve.traced import Traced, traced_of
from tenfold.planning.plan.serve.verified import Verifier, at_rate
from tenfold.planning.plan.train.rejected import lacks_data
from tenfold.planning.plan.verdicts import Infeasible
from tenfold.planning.supply.rows import Limits
from tenfold.quantities import (
    DAY_S,
    NamedFigure,
    Problem,
    Progress,
    Uncertain,
    assumptions_of,
    median_point,
    sobol_points,
)
from tenfold.workloads import find_model

ALL = REPLAYED[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan of a service, with the figures under it."""

    plan: ServicePlan
    figures: tuple[NamedFigure, ...]
    notes: tuple[str, ...]


def answer(
    question: PlanServeQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> PlanServeAnswer:
    """Plan a fleet for every model asked. That nothing carries the traffic is an answer without a ``best``.

    Several models share what is limited in proportion to what the cheapest fleet of each commits without a limit; chips
    that are there, and offers that the asker holds, go to them in their order.
    ``progress`` is told the share of the models planned.
    """
    supplied = supply_for(question, catalog, seed)
    services = [traced_of(each, question.goal.confidence) for each in services_of(question)]
    shared = len(services) > 1 and is_limited(question.means)
    shares = _shares(supplied, services) if shared else [1.0] * len(services)
    found, left = list[Planned](), question.means
    for place, (service, share) in enumerate(zip(services, shares, strict=True)):
        here = supplied if left == question.means else supply_for(replace(question, means=left), catalog, seed)
        part = part_of(left, share)
        planned = plan_service(here, service, part)
        plan = with_looser(planned.plan, here, service, partial(_plan_within, part))
        found.append(replace(planned, plan=plan))
        left = left_of(left, found[-1].plan.best, catalog)
        if progress is not None:
            progress((place + 1) / len(services))
    return _answer(supplied, found, shares)


def _plan_within(means: Means, supplied: Supplied, traced: Traced) -> ServicePlan:
    """Plan the fleet of one model, without the figures under it."""
    return plan_service(supplied, traced, means).plan


def plan_service(supplied: Supplied, traced: Traced, means: Means) -> Planned:
    """Plan the fleet of one model, within its part of the means."""
    catalog, goal, service = supplied.catalog, supplied.question.goal, traced.service
    demand = demand_of(service, goal.period_s, goal.confidence, catalog)
    space, refused = find_space(catalog, service, find_model(catalog, service.model), supplied.chips, demand)
    notes = (*traced.notes, *demand.notes)
    if space is None:
        return Planned(plan=_nothing(service, demand, supplied, refused), figures=demand.figures, notes=notes)
    inputs = uncertain_inputs(catalog, space, supplied.offered.tiers, supplied.supplies, supplied.sites)
    sized = sized_of(service, demand, space)
    pool = Pool(
        sized=sized,
        verifier=Verifier(sized=sized),
        market=_market(supplied, space, inputs, demand, means),
        counts=Counts(
            most=most_chips(means),
            least=means.chips_exactly or means.chips_at_least or 0,
            most_held=means.max_chips,
        ),
        availability=goal.availability,
    )
    pool.add(list(candidates_of(sized, goal.confidence)))
    plan = _plan(supplied, pool, _settle_with_trace(pool, pool.settle(), traced), refused, traced)
    figures = (*demand.figures, *figures_of(supplied, space, inputs, plan.best))
    replayed = figures_of_replay(catalog) if plan.traced and plan.traced.runs else ()
    return Planned(plan=plan, figures=(*figures, *replayed), notes=notes)


def _settle_with_trace(pool: Pool, chosen: Chosen, traced: Traced) -> Chosen:
    """Replay the best, or all that lead, and give them the replicas that the trace takes, until they hold.

    Each only ever costs more.
    """
    held = set[Candidate]()
    for _ in range(ROUNDS * ROUNDS):
        leading = [chosen.fleet_at(place) for place in chosen.settled][: None if traced.service.replayed == ALL else 1]
        fleet = next((each for each in leading if each.candidate not in held), None)
        if fleet is None or traced.trace is None:
            break
        needed = replicas_that_hold(_scenario(pool, fleet, traced))
        if needed == fleet.needed:
            held.add(fleet.candidate)
            continue
        pool.gone.add(fleet.candidate)
        if needed is None:
            pool.failed.append(fleet.candidate)
        else:
            pool.add([at_rate(fleet.candidate, pool.sized.demand.peak_rate_per_s / needed)])
        chosen = pool.settle()
    return chosen


def _best_of(chosen: Chosen) -> Fleet | None:
    """Fleet of the first design that was simulated."""
    return chosen.fleet_at(chosen.settled[0]) if chosen.settled else None


def _scenario(pool: Pool, fleet: Fleet, traced: Traced) -> Scenario:
    """The trace through a part of a fleet."""
    market = pool.market
    return scenario_of(market.catalog, pool.sized, pool.verifier, market.limits.confidence, fleet, traced)


def _replay(pool: Pool, fleet: Fleet | None, traced: Traced) -> TraceReplay | None:
    if fleet is None or traced.trace is None:
        return replay_of(traced, None, 0)
    independent = if_independent(pool.verifier.found.values(), pool.sized.demand.peak_rate_per_s, fleet)
    return replay_of(traced, _scenario(pool, fleet, traced), independent)


def _market(supplied: Supplied, space: Space, inputs: Sequence[Uncertain], demand: Demand, means: Means) -> Market:
    goal = supplied.question.goal
    use = demand.mean_rate_per_s / demand.peak_rate_per_s
    points, middle = sobol_points(inputs, supplied.seed), median_point(inputs)
    return Market(
        catalog=supplied.catalog,
        machines=space.machines,
        offered=supplied.offered,
        supplies=supplied.supplies,
        sites=supplied.sites,
        limits=Limits(
            deadline_days=np.inf,
            longest_days=np.inf,
            budget_usd=np.inf if means.budget_usd is None else means.budget_usd,
            power_w=np.inf if means.power_w is None else means.power_w,
            confidence=goal.confidence,
            start=goal.start,
        ),
        means=means,
        bound=supplied.bound,
        unasked=supplied.unasked,
        period_days=goal.period_s / DAY_S,
        points=without_spares(used(points, use)),
        middle=without_spares(used(middle, use)),
        z=pace_z(inputs, points),
    )


def _shares(supplied: Supplied, services: Sequence[Traced]) -> list[float]:
    """Part of what is limited that each model may have: what its cheapest fleet commits where nothing is limited."""
    free = without_limits(supplied.question.means)
    found = [plan_service(supplied, service, free).plan.best for service in services]
    cash = [0.0 if best is None else best.cash_usd.p90 for best in found]
    return [each / sum(cash) if sum(cash) else 1.0 / len(cash) for each in cash]


def _plan(
    supplied: Supplied, pool: Pool, chosen: Chosen, refused: Mapping[str, Problem], traced: Traced
) -> ServicePlan:
    sized, market, confidence = pool.sized, pool.market, supplied.question.goal.confidence
    z = sure_z(confidence)
    case = Case(sized=sized, verifier=pool.verifier, market=market, chosen=chosen)
    designs = tuple(describe(case, place) for place in chosen.settled)
    best = designs[0] if designs else None
    (prompt, output), fleet = tokens_of(traced.service), _best_of(chosen)
    short = tuple(too_short(market, chosen, pool.counts, pool.availability))
    rejected = (
        *without_layout(sized, {each.candidate.machine for each in chosen.fleets if each.candidate.z >= z}, confidence),
        *short,
        *on_fewer(sized, short if best is None else (), pool.counts.most, confidence),
        *not_offered(market, chosen, pool.counts, pool.verifier),
        *_refused(supplied),
        *lacking(refused),
    )
    return ServicePlan(
        model=sized.service.model,
        peak_requests_per_s=sized.demand.peak_rate_per_s,
        mean_requests_per_s=sized.demand.mean_rate_per_s,
        prompt_tokens=prompt,
        output_tokens=output,
        best=best,
        alternatives=designs[1:],
        engines=tuple(
            _with_engine(each) for each in (*designs[:1], *(describe(case, at) for at in chosen.settled_rivals))
        ),
        near_misses=tuple(near_fleets((describe(case, place) for place in near_places(market, chosen)), best)),
        infeasible=tuple(each for each in rejected if not lacks_data(each)),
        missing_data=tuple(each for each in rejected if lacks_data(each)),
        flips=flips(designs, supplied.unasked) if designs else (),
        traced=_replay(pool, fleet, traced),
        configurations_considered=len(sized.table.setting) + len(sized.sides.setting),
        designs_considered=0 if chosen.designs is None else len(chosen.designs),
    )


def _with_engine(design: FleetDesign) -> EngineFleet:
    return EngineFleet(**{name: getattr(design, name) for name in EngineFleet.__dataclass_fields__})


def _nothing(service: Service, demand: Demand, supplied: Supplied, refused: Mapping[str, Problem]) -> ServicePlan:
    rejected = (*_refused(supplied), *lacking(refused))
    return ServicePlan(
        model=service.model,
        peak_requests_per_s=demand.peak_rate_per_s,
        mean_requests_per_s=demand.mean_rate_per_s,
        prompt_tokens=tokens_of(service)[0],
        output_tokens=tokens_of(service)[1],
        best=None,
        alternatives=(),
        engines=(),
        near_misses=(),
        infeasible=tuple(each for each in rejected if not lacks_data(each)),
        missing_data=tuple(each for each in rejected if lacks_data(each)),
        flips=(),
        traced=None,
        configurations_considered=0,
        designs_considered=0,
    )


def _refused(supplied: Supplied) -> Iterator[Infeasible]:
    """Chips that nobody offers so, that may not be there, or that have no price."""
    means, offered = supplied.question.means, supplied.offered
    named = means.sites is not None
    return refused_offers(offered.offers, offered.refused, most_chips(means), sites_named=named)


def _answer(supplied: Supplied, found: Sequence[Planned], shares: Sequence[float]) -> PlanServeAnswer:
    plans = [each.plan for each in found]
    first, names = plans[0], [each.name for each in ServicePlan.__dataclass_fields__.values()]
    figures = tuple({named.name: named for each in found for named in each.figures}.values())
    return PlanServeAnswer(
        question=supplied.question,
        made=supplied.catalog.made(supplied.seed),
        **{name: getattr(first, name) for name in names},
        more=tuple(plans[1:]),
        total=total_of(plans),
        notes=tuple(
            dict.fromkeys((*(note for each in found for note in each.notes), *notes_of(supplied, plans, shares)))
        ),
        assumptions=assumptions_of(figures),
        figures=figures,
    )
