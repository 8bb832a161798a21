"""From a goal and the means to a plan: candidates, evaluated under uncertainty, chosen, described."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, Site, overrides_in_words
from tenfold.planning.assess import Assessment, assess
from tenfold.planning.campuses import campus_outlook
from tenfold.planning.candidates import ANY_SITE, Runs, find_runs, trainable_chips
from tenfold.planning.choose import (
    Designs,
    best_of_each_kind,
    feasible,
    finish_cost_front,
    nearest_of_each_kind,
    ranked,
)
from tenfold.planning.designs import Evaluated, describe, energy_of, rows_at
from tenfold.planning.evaluate import Rows, Work, checkpoint_interval_s, durations, term_days
from tenfold.planning.explain import drivers, figures_of, general_figures
from tenfold.planning.goal import Goal, Means
from tenfold.planning.inputs import uncertain_inputs
from tenfold.planning.model_choice import find_model
from tenfold.planning.nearest import shortfalls
from tenfold.planning.offers import Offer, find_offers
from tenfold.planning.outlook import failure_outlook
from tenfold.planning.plan import Design, FailureOutlook, Infeasible, Plan
from tenfold.quantities import (
    Indices,
    Shortfall,
    Uncertain,
    assumptions_of,
    format_share,
    median_point,
    sobol_points,
    tenfold_version,
)
from tenfold.sites import site_power_w
from tenfold.workloads.parameters import total_parameters

Offers = Mapping[tuple[str, str], Offer]
Missing = Mapping[tuple[str, str], Shortfall]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    goal: Goal
    means: Means
    catalog: Catalog
    seed: int
    sites: tuple[Site, ...]
    work: Work
    runs: Runs
    offers: Offers
    missing: Missing


def make_plan(
    goal: Goal,
    means: Means,
    catalog: Catalog,
    *,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    notes: Sequence[str] = (),
) -> Plan:
    """Plan a training run.

    The same goal, means, catalog and seed give the same plan. ``progress`` is told the share of the layouts
    searched; ``notes`` are carried into the plan. Raises ``InputError`` for a model, chip or site that is unknown
    and for a site without its figures; a chip without its figures is a rejected design.
    """
    asked = _ask(goal, means, catalog, seed, progress)
    inputs = _inputs(asked)
    evaluated = _evaluate(asked, inputs)
    if evaluated is None:
        return _plan(asked, notes, _Chosen((), (), _unpriced(asked), 0), inputs)
    return _plan(asked, notes, _choose(asked, evaluated, inputs), inputs)


@dataclass(frozen=True, slots=True)
class _Chosen:
    ranked: tuple[Design, ...]
    pareto: tuple[Design, ...]
    infeasible: tuple[Infeasible, ...]
    considered: int


def _ask(goal: Goal, means: Means, catalog: Catalog, seed: int, progress: Callable[[float], None] | None) -> _Question:
    """Look everything up and search the layouts of chips that can be had."""
    model = find_model(catalog, goal.model)
    chips = tuple(dict.fromkeys(catalog.chip(name).key for name in means.chips)) or trainable_chips(catalog)
    offers, missing = find_offers(catalog, chips, means.supply)
    to_be_had = [chip for chip in chips if any((chip, supply) in offers for supply in means.supply)]
    steps = goal.tokens / (goal.sequence_length * goal.global_batch)
    return _Question(
        goal=goal,
        means=means,
        catalog=catalog,
        seed=seed,
        sites=tuple(catalog.site(name) for name in means.sites or sorted(catalog.sites)),
        work=Work(steps=float(np.ceil(steps)), parameters=float(total_parameters(model.shape))),
        runs=find_runs(catalog, goal, model, to_be_had, means.max_chips, progress),
        offers=offers,
        missing=missing,
    )


def _inputs(asked: _Question) -> tuple[Uncertain, ...]:
    runs, offers = asked.runs, tuple(asked.offers.values())
    most = [float(np.max(runs.chips[runs.chip == number], initial=1.0)) for number in range(len(runs.setups))]
    return uncertain_inputs(asked.catalog, runs.setups, most, offers, asked.means.supply, asked.sites)


def _rows(asked: _Question) -> Rows:
    """Every run under every supply it has a price for, at the first site."""
    runs, supplies = asked.runs, asked.means.supply
    numbers = {key: number for number, key in enumerate(asked.offers)}
    table = []
    for run, chip in enumerate(runs.chip):
        for place, way in enumerate(supplies):
            number = numbers.get((runs.setups[chip].chip.key, way))
            if number is not None:
                table.append((run, number, place))
    run_of, offer, supply = np.array(table, dtype=np.intp).reshape(-1, 3).T
    return Rows(
        run=run_of,
        chip=runs.chip[run_of],
        offer=offer,
        supply=supply,
        site=np.zeros_like(run_of),
        chips=runs.chips[run_of],
        step_s=runs.step_s[run_of],
        owned=np.array([name == "own" for name in supplies])[supply],
        spot=np.array([name == "spot" for name in supplies])[supply],
        term_days=np.array([term_days(name) for name in supplies])[supply],
    )


def _evaluate(asked: _Question, inputs: Sequence[Uncertain]) -> Evaluated | None:
    """Assess every design; None when there is none."""
    rows = _rows(asked)
    if not len(rows):
        return None
    draws, middle = sobol_points(inputs, asked.seed), median_point(inputs)
    interval = checkpoint_interval_s(rows, asked.work, middle)
    assessed = assess(rows, asked.work, draws, interval, asked.goal, asked.means, len(asked.sites))
    evaluated = Evaluated(
        runs=asked.runs,
        designs=_designs(asked, rows, assessed),
        rows=rows,
        interval_s=interval,
        work=asked.work,
        tokens_per_step=float(asked.goal.sequence_length * asked.goal.global_batch),
        supplies=asked.means.supply,
        sites=asked.sites,
        draws=draws,
        middle=middle,
    )
    return replace(evaluated, designs=_with_power(asked, evaluated))


def _designs(asked: _Question, rows: Rows, assessed: Assessment) -> Designs:
    """Every row at every site; power and energy are still to come."""
    row, site = (place.ravel() for place in np.indices((len(rows), len(asked.sites))))
    nothing = np.zeros(len(row))
    return Designs(
        row=row,
        chip=rows.chip[row],
        supply=rows.supply[row],
        site=site,
        chips=rows.chips[row],
        allowed=asked.runs.allowed[rows.run[row]],
        power_w=nothing,
        power_limit_w=nothing,
        energy_j=nothing,
        assessed=Assessment(**{name: getattr(assessed, name).ravel() for name in Assessment.__slots__}),
    )


def _with_power(asked: _Question, evaluated: Evaluated) -> Designs:
    """Work out the power and energy of every design, with every input at P50; limits count rated power."""
    designs, middle = evaluated.designs, evaluated.middle
    days = durations(evaluated.rows, evaluated.work, middle, evaluated.interval_s).run_days
    rows = rows_at(evaluated, np.arange(len(designs)))
    use = energy_of(rows, middle, days[designs.row], asked.sites)
    drawn = middle.of("drawn_share", rows.index)
    limits = np.array([_power_limit_w(asked.goal, asked.means, site) for site in asked.sites])
    return replace(
        designs,
        power_w=(np.asarray(use.facility_power_w) / drawn)[:, 0],
        power_limit_w=limits[designs.site],
        energy_j=np.asarray(use.energy_j)[:, 0],
    )


def _power_limit_w(goal: Goal, means: Means, site: Site) -> float:
    return min(site_power_w(site, goal.start), np.inf if means.power_w is None else means.power_w)


def _choose(asked: _Question, evaluated: Evaluated, inputs: Sequence[Uncertain]) -> _Chosen:
    designs, goal = evaluated.designs, asked.goal
    order = ranked(designs, np.flatnonzero(feasible(designs, goal)), goal.objective)
    first = best_of_each_kind(designs, order)
    front = finish_cost_front(designs, order)
    made = dict(zip((places := _once(first, front)).tolist(), describe(evaluated, places), strict=True))
    if len(first):
        best = int(first[0])
        made[best] = replace(
            made[best], drivers=drivers(evaluated, inputs, best), figures=figures_of(evaluated, inputs, best)
        )
    short = nearest_of_each_kind(designs, goal, asked.means)
    return _Chosen(
        ranked=tuple(made[int(place)] for place in first),
        pareto=tuple(made[int(place)] for place in front),
        infeasible=(*_infeasible(asked, evaluated, short), *_unpriced(asked)),
        considered=int(designs.allowed.sum()),
    )


def _once(*places: Indices) -> Indices:
    return np.unique(np.concatenate(places))


def _infeasible(asked: _Question, evaluated: Evaluated, places: Indices) -> list[Infeasible]:
    designs, setups = evaluated.designs, asked.runs.setups
    found = [
        Infeasible(
            chip=setups[designs.chip[place]].chip.key,
            chips=int(designs.chips[place]),
            supply=asked.means.supply[designs.supply[place]],
            site=asked.sites[designs.site[place]].key,
            reasons=shortfalls(
                designs,
                int(place),
                asked.goal,
                asked.means,
                setups[designs.chip[place]].system.chips_per_node,
                asked.sites[designs.site[place]],
            ),
        )
        for place in places
    ]
    return _once_for_all_sites(found, len(asked.sites))


def _once_for_all_sites(found: Sequence[Infeasible], sites: int) -> list[Infeasible]:
    """Say once what is the same at every site."""
    same: dict[Infeasible, list[Infeasible]] = {}
    for design in found:
        same.setdefault(replace(design, site=ANY_SITE), []).append(design)
    return [kept for anywhere, each in same.items() for kept in ([anywhere] if len(each) == sites > 1 else each)]


def _unpriced(asked: _Question) -> tuple[Infeasible, ...]:
    """What was rejected before it was timed: no figures, no memory, no price."""
    most = asked.means.max_chips
    unpriced = (
        Infeasible(chip=chip, chips=most, supply=supply, site=ANY_SITE, reasons=(shortfall,))
        for (chip, supply), shortfall in asked.missing.items()
    )
    return (*asked.runs.rejected, *unpriced)


def _reserve_note(catalog: Catalog) -> str:
    """Say what the plan leaves out."""
    low, high = (format_share(end) for end in catalog.assumption("planning.schedule_reserve_share").range)
    return (
        f"The plan is for the final run alone; steps repeated after loss spikes, evaluation and trial runs commonly "
        f"add {low} to {high} (assumptions/planning.schedule_reserve_share)"
    )


def _plan(asked: _Question, notes: Sequence[str], chosen: _Chosen, inputs: Sequence[Uncertain]) -> Plan:
    best = chosen.ranked[0] if chosen.ranked else None
    figures = best.figures if best is not None else general_figures(inputs, asked.means.supply)
    return Plan(
        goal=asked.goal,
        means=asked.means,
        best=best,
        alternatives=chosen.ranked[1:],
        pareto=chosen.pareto,
        infeasible=chosen.infeasible,
        assumptions=assumptions_of(figures),
        notes=(*notes, _reserve_note(asked.catalog)),
        designs_considered=chosen.considered,
        layouts_considered=asked.runs.layouts_considered,
        catalog_version=asked.catalog.version,
        catalog_overrides=overrides_in_words(asked.catalog.overrides),
        tenfold_version=tenfold_version(),
        seed=asked.seed,
        failures=None if best is None else _failures(asked, best),
        campuses=None if best is None else campus_outlook(asked.catalog, asked.goal, asked.means, best, _today(asked)),
    )


def _today(asked: _Question) -> datetime.date:
    """Day of the youngest document of the catalog, for plans without a start: the same plan tomorrow."""
    return max(source.date for source in asked.catalog.sources.values())


def _failures(asked: _Question, best: Design) -> FailureOutlook | None:
    """Simulate the best design, unless it never ends."""
    if not np.isfinite(best.finish_days.p50):
        return None
    return failure_outlook(asked.catalog, asked.goal, best, asked.seed)
