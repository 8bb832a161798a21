"""From rows that were drawn and judged to the designs of a plan: chosen, described, told with what is beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.planning.plan.answer import Design, Driver, NearMiss, PlanAnswer, Stress
from tenfold.planning.plan.asked import Asked
from tenfold.planning.plan.goal import notes_on, sequences_per_step, tokens_of
from tenfold.planning.plan.means import most_chips
from tenfold.planning.plan.offered import too_many
from tenfold.planning.plan.stress import stress
from tenfold.planning.plan.train.designs import describe
from tenfold.planning.plan.train.drivers import drivers, figures_of, general_figures
from tenfold.planning.plan.train.evaluated import Evaluated
from tenfold.planning.plan.train.flips import flips
from tenfold.planning.plan.train.near import near_misses
from tenfold.planning.plan.train.notes import notes_of, notes_of_best, notes_of_idle_terms, notes_of_unstated
from tenfold.planning.plan.train.rejected import lacks_data, too_short, unpriced, with_enough
from tenfold.planning.plan.verdicts import Flip, Infeasible
from tenfold.planning.supply.choose import (
    COST,
    OBJECTIVES,
    best_of_each_kind,
    feasible,
    finish_cost_front,
    free_first,
    has_power,
    idle_terms,
    ranked,
)
from tenfold.planning.supply.nearest import nearest_beyond, nearest_of_each_kind
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.planning.supply.succeeded import undercuts
from tenfold.quantities import (
    Indices,
    NamedFigure,
    Uncertain,
    assumptions_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is told beside the designs."""

    drivers: tuple[Driver, ...] = ()
    """Of the best design."""
    near_misses: tuple[NearMiss, ...] = ()
    flips: tuple[Flip, ...] = ()
    stress: Stress | None = None


def beside(
    asked: Asked, evaluated: Evaluated, inputs: Sequence[Uncertain], first: Indices, made: Mapping[int, Design]
) -> Beside:
    """What is told beside the designs ``first``, best first, as they are ``made``."""
    limits = asked.limits
    if not len(first):
        return Beside(near_misses=near_misses(evaluated, limits, None, describe))
    best, others = int(first[0]), np.array([place for place in made if place not in first], dtype=np.intp)
    shown = np.concatenate([first, others])
    rivals, names = shown[evaluated.alike_in_law(best)[shown]], _names(made)
    return Beside(
        drivers=drivers(evaluated, inputs, best),
        near_misses=near_misses(evaluated, limits, made[best], describe, evaluated.alike_in_law(best)),
        flips=flips(evaluated, inputs, limits, asked.objective, rivals, names),
        stress=stress(evaluated, inputs, best),
    )


def _names(made: Mapping[int, Design]) -> dict[int, str]:
    """Names of designs, with the site where several are the same but for that."""
    known = Counter(each.name for each in made.values())
    return {place: f"{each.name}, {each.site}" if known[each.name] > 1 else each.name for place, each in made.items()}


def untold(*_: object) -> Beside:
    """Nothing beside the designs."""
    return Beside()


Tell = Callable[[Asked, Evaluated, Sequence[Uncertain], Indices, Mapping[int, Design]], Beside]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Designs worth telling, in their order, and what is told beside them."""

    ranked: tuple[Design, ...]
    pareto: tuple[Design, ...]
    infeasible: tuple[Infeasible, ...]
    """Shortfalls and lack of data alike."""
    considered: int
    notes: tuple[str, ...] = ()
    figures: tuple[NamedFigure, ...]
    """Under the best design; where there is none, those that hold for all."""
    beside: Beside
    powerless: Design | None = None
    """Where nothing fits, the best of those that would if a site had the power for them."""


def nothing_of(asked: Asked, inputs: Sequence[Uncertain]) -> Chosen:
    """There is no design to choose from."""
    named = asked.question.means.sites is not None
    rejected = (
        *too_many(asked.runs, asked.offered),
        *unpriced(asked.runs, asked.offered.offers, asked.offered.refused, most_chips(asked.question.means), named),
    )
    figures = general_figures(inputs, asked.supplies)
    return Chosen(ranked=(), pareto=(), infeasible=rejected, considered=0, figures=figures, beside=Beside())


Describe = Callable[[Evaluated, Indices], tuple[Design, ...]]
"""What ``describe`` does."""


def choose(
    asked: Asked,
    evaluated: Evaluated,
    inputs: Sequence[Uncertain],
    tell: Tell,
    nothing: Chosen,
    description: Describe = describe,
) -> Chosen:
    """Choose among designs; ``nothing`` is what is told where there are none."""
    designs, limits = evaluated.designs, asked.limits
    order = free_first(
        ranked(designs, np.flatnonzero(feasible(designs, limits)), asked.objective), evaluated.bound_last
    )
    order, idle = _without_idle_terms(asked, evaluated, order)
    kind = _kinds(asked, designs)
    first = best_of_each_kind(designs, order, kind)
    front = finish_cost_front(designs, order)
    spread = _powerless(evaluated, limits, asked.objective) if not len(first) else order[:0]
    places = _once(first, front, spread, idle)
    made = dict(zip(places.tolist(), description(evaluated, places), strict=True))
    told = tell(asked, evaluated, inputs, first, made)
    nearest = np.concatenate([near(designs, limits, kind) for near in (nearest_of_each_kind, nearest_beyond)])
    nearest = free_first(nearest, evaluated.bound_last)
    figures = nothing.figures
    if len(first):
        best = int(first[0])
        made[best] = replace(made[best], drivers=told.drivers)
        figures = figures_of(evaluated, inputs, best)
    return Chosen(
        powerless=made[int(spread[0])] if len(spread) else None,
        ranked=tuple(made[int(place)] for place in first),
        pareto=tuple(made[int(place)] for place in front),
        infeasible=_rejected(asked, evaluated, nearest, first, nothing),
        considered=int(designs.allowed.sum()),
        notes=tuple(
            notes_of_idle_terms([made[int(place)] for place in first[:1]], [made[int(place)] for place in idle])
        ),
        figures=figures,
        beside=told,
    )


def _rejected(
    asked: Asked, evaluated: Evaluated, nearest: Indices, first: Indices, nothing: Chosen
) -> tuple[Infeasible, ...]:
    """What the nearest designs lack, and what never was a design; ``first`` are those that fit."""
    timed = too_short(evaluated, asked.limits, nearest, most_chips(asked.question.means))
    fit = {evaluated.runs.setups[evaluated.designs.chip[place]].chip.key for place in first}
    return (*timed, *with_enough(nothing.infeasible, timed, fit))


def _without_idle_terms(asked: Asked, evaluated: Evaluated, order: Indices) -> tuple[Indices, Indices]:
    """Designs in their order without those that sign for much longer than they work, and the first of the latter."""
    if OBJECTIVES.get(asked.objective) == COST:
        return order, order[:0]
    idle = idle_terms(evaluated.designs, order, evaluated.rows.term_days[evaluated.designs.row])
    return order[~idle], order[idle][:1]


def _kinds(asked: Asked, designs: Designs) -> Indices:
    """What is told apart: chip, supply and site where sites are named, else chip and supply, the best site of each."""
    if asked.question.means.sites is not None:
        return designs.kind
    return np.asarray(designs.chip * (designs.supply.max(initial=0) + 1) + designs.supply, dtype=np.intp)


def _powerless(evaluated: Evaluated, limits: Limits, objective: str) -> Indices:
    """The best design that keeps every limit but the power of its site; empty where there is none."""
    designs = evaluated.designs
    keeps = designs.allowed & ~has_power(designs) & (designs.assessed.in_both >= limits.confidence)
    return ranked(designs, np.flatnonzero(keeps), objective)[:1]


def _once(*places: Indices) -> Indices:
    return np.unique(np.concatenate(places))


def plan_with(asked: Asked, chosen: Chosen) -> PlanAnswer:
    """The answer of a question, with the designs that were chosen."""
    best = chosen.ranked[0] if chosen.ranked else None
    return PlanAnswer(
        question=asked.question,
        made=asked.catalog.made(asked.seed),
        global_batch=sequences_per_step(asked.goal),
        tokens=tokens_of(asked.goal),
        objective=asked.objective,
        best=best,
        alternatives=chosen.ranked[1:],
        pareto=chosen.pareto,
        near_misses=chosen.beside.near_misses,
        flips=chosen.beside.flips,
        infeasible=tuple(each for each in chosen.infeasible if not lacks_data(each)),
        missing_data=tuple(each for each in chosen.infeasible if lacks_data(each)),
        assumptions=assumptions_of(chosen.figures),
        figures=chosen.figures,
        notes=(
            *chosen.notes,
            *notes_on(asked.goal, int(asked.model.max_sequence)),
            *notes_of_best(asked.question, asked.goal, best),
            *undercuts(
                asked.catalog,
                [(each, each.days_on_chips.p50) for each in chosen.ranked],
                asked.buyer,
                asked.offered.offers,
            ),
            *notes_of_unstated(asked.runs.weights_of(None if best is None else best.chip)),
            *notes_of(asked.catalog, asked.supplies, asked.question),
        ),
        designs_considered=chosen.considered,
        layouts_considered=asked.runs.layouts_considered,
        stress=chosen.beside.stress,
        failures=None,
        campuses=None,
    )
