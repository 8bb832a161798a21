"""From a goal and the means to a plan: candidates, evaluated under uncertainty, chosen, described."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, ModelRecord, Site
from tenfold.planning.multisite.multisite import compare_sites
from tenfold.planning.owner import network_over_known
from tenfold.planning.plan.answer import CampusOutlook, Design, FailureOutlook, Infeasible, PlanAnswer
from tenfold.planning.plan.question import (
    PlanQuestion,
    TrainGoal,
    dated,
    notes_on,
    sequences_per_step,
    time_allowed_s,
)
from tenfold.planning.plan.train.campuses import campus_outlook, run_over_sites
from tenfold.planning.plan.train.candidates import Runs, find_runs, trainable_chips
from tenfold.planning.plan.train.designs import Evaluated, describe, rows_at
from tenfold.planning.plan.train.drivers import drivers, figures_of, general_figures
from tenfold.planning.plan.train.inputs import uncertain_inputs
from tenfold.planning.plan.train.notes import notes_of
from tenfold.planning.plan.train.outlook import failure_outlook
from tenfold.planning.plan.train.rejected import too_short, unpriced
from tenfold.planning.supply.assess import assess
from tenfold.planning.supply.choose import (
    best_of_each_kind,
    feasible,
    finish_cost_front,
    nearest_of_each_kind,
    ranked,
)
from tenfold.planning.supply.describe import energy_of
from tenfold.planning.supply.evaluate import checkpoint_interval_s, durations, term_days
from tenfold.planning.supply.offers import Offer, find_offers
from tenfold.planning.supply.rows import Designs, Limits, Rows, Work, over_sites
from tenfold.quantities import (
    DAY_S,
    Floats,
    Indices,
    NamedFigure,
    Progress,
    Shortfall,
    Uncertain,
    assumptions_of,
    median_point,
    sobol_points,
)
from tenfold.sites import site_power_w
from tenfold.workloads import find_model, total_parameters

Offers = Mapping[tuple[str, str], Offer]
Missing = Mapping[tuple[str, str], Shortfall]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question with everything looked up."""

    question: PlanQuestion
    catalog: Catalog
    seed: int
    model: ModelRecord
    supplies: tuple[str, ...]
    sites: tuple[Site, ...]
    limits: Limits
    work: Work
    runs: Runs
    offers: Offers
    missing: Missing

    @property
    def goal(self) -> TrainGoal:
        """What to reach."""
        return self.question.goal


def answer(question: PlanQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None) -> PlanAnswer:
    """Plan a goal: ranked designs with finish, cost and energy; what was rejected and why.

    ``progress`` is told the share of the layouts searched. Raises ``InputError`` for a model that cannot be read,
    ``MissingFigureError`` for a site without its figures; a chip without its figures is a rejected design.
    """
    asked = _ask(dated(question), catalog, seed, progress)
    inputs = _inputs(asked)
    evaluated = _evaluate(asked, inputs)
    return _plan(asked, _nothing(asked, inputs) if evaluated is None else _choose(asked, evaluated, inputs))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    ranked: tuple[Design, ...]
    pareto: tuple[Design, ...]
    infeasible: tuple[Infeasible, ...]
    considered: int
    figures: tuple[NamedFigure, ...]
    """Under the best design; where there is none, those that hold for all."""


def _ask(question: PlanQuestion, catalog: Catalog, seed: int, progress: Progress | None) -> _Asked:
    """Look everything up and search the layouts of chips that can be had."""
    goal, means = question.goal, question.means
    model = find_model(catalog, goal.model)
    supplies = tuple(dict.fromkeys(means.supply))
    chips = tuple(dict.fromkeys(means.chips or trainable_chips(catalog)))
    offers, missing = find_offers(catalog, chips, supplies)
    to_be_had = [chip for chip in chips if any((chip, supply) in offers for supply in supplies)]
    steps = goal.tokens / (goal.sequence_length * sequences_per_step(goal))
    return _Asked(
        question=question,
        catalog=catalog,
        seed=seed,
        model=model,
        supplies=supplies,
        sites=tuple(catalog.site(name) for name in dict.fromkeys(means.sites or sorted(catalog.sites))),
        limits=_limits(question),
        work=Work(steps=float(np.ceil(steps)), parameters=float(total_parameters(model.shape))),
        runs=find_runs(catalog, goal, model, to_be_had, means.max_chips, progress),
        offers=offers,
        missing=missing,
    )


def _limits(question: PlanQuestion) -> Limits:
    goal, means = question.goal, question.means
    return Limits(
        deadline_days=time_allowed_s(goal) / DAY_S,
        budget_usd=np.inf if means.budget_usd is None else means.budget_usd,
        power_w=np.inf if means.power_w is None else means.power_w,
        confidence=goal.confidence,
        start=goal.start,
    )


def _inputs(asked: _Asked) -> tuple[Uncertain, ...]:
    runs, prices = asked.runs, [offer.price for offer in asked.offers.values()]
    most = [float(np.max(runs.chips[runs.chip == number], initial=1.0)) for number in range(len(runs.setups))]
    return uncertain_inputs(asked.catalog, runs.setups, most, prices, asked.supplies, asked.sites)


def _rows(asked: _Asked) -> Rows:
    """Every run under every supply it has a price for, at the first site."""
    runs, supplies = asked.runs, asked.supplies
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
        network=_networks(asked)[run_of],
    )


def _networks(asked: _Asked) -> Floats:
    """Cost of the network of every run over the known one, (runs,)."""
    runs, found = asked.runs, np.ones(len(asked.runs.chip))
    for chip, setup in enumerate(runs.setups):
        index = np.flatnonzero(runs.chip == chip)
        found[index] = network_over_known(asked.catalog, setup.system, runs.chips[index])
    return found


def _evaluate(asked: _Asked, inputs: Sequence[Uncertain]) -> Evaluated | None:
    """Assess every design; None when there is none."""
    rows = _rows(asked)
    if not len(rows):
        return None
    draws, middle = sobol_points(inputs, asked.seed), median_point(inputs)
    interval = checkpoint_interval_s(rows, asked.work, middle)
    assessed = assess(rows, asked.work, draws, interval, asked.limits, len(asked.sites))
    evaluated = Evaluated(
        runs=asked.runs,
        designs=over_sites(rows, assessed, asked.runs.allowed[rows.run], len(asked.sites)),
        rows=rows,
        interval_s=interval,
        work=asked.work,
        tokens_per_step=float(asked.goal.sequence_length * sequences_per_step(asked.goal)),
        supplies=asked.supplies,
        sites=asked.sites,
        draws=draws,
        middle=middle,
    )
    return replace(evaluated, designs=_with_power(asked, evaluated))


def _with_power(asked: _Asked, evaluated: Evaluated) -> Designs:
    """Work out the power and energy of every design, with every input at P50; limits count rated power."""
    designs, middle = evaluated.designs, evaluated.middle
    days = durations(evaluated.rows, evaluated.work, middle, evaluated.interval_s).run_days
    rows = rows_at(evaluated, np.arange(len(designs)))
    use = energy_of(rows, middle, days[designs.row], asked.sites)
    drawn = middle.of("drawn_share", rows.index)
    limits = np.array([min(site_power_w(site, asked.limits.start), asked.limits.power_w) for site in asked.sites])
    return replace(
        designs,
        power_w=(np.asarray(use.facility_power_w) / drawn)[:, 0],
        power_limit_w=limits[designs.site],
        energy_j=np.asarray(use.energy_j)[:, 0],
    )


def _nothing(asked: _Asked, inputs: Sequence[Uncertain]) -> _Chosen:
    """There is no design to choose from."""
    rejected = unpriced(asked.runs, asked.missing, asked.question.means.max_chips)
    figures = general_figures(inputs, asked.supplies)
    return _Chosen(ranked=(), pareto=(), infeasible=rejected, considered=0, figures=figures)


def _choose(asked: _Asked, evaluated: Evaluated, inputs: Sequence[Uncertain]) -> _Chosen:
    designs, limits = evaluated.designs, asked.limits
    order = ranked(designs, np.flatnonzero(feasible(designs, limits)), asked.goal.objective)
    first = best_of_each_kind(designs, order)
    front = finish_cost_front(designs, order)
    made = dict(zip((places := _once(first, front)).tolist(), describe(evaluated, places), strict=True))
    nothing = _nothing(asked, inputs)
    figures = nothing.figures
    if len(first):
        best = int(first[0])
        made[best] = replace(made[best], drivers=drivers(evaluated, inputs, best))
        figures = figures_of(evaluated, inputs, best)
    return _Chosen(
        ranked=tuple(made[int(place)] for place in first),
        pareto=tuple(made[int(place)] for place in front),
        infeasible=(*too_short(evaluated, limits, nearest_of_each_kind(designs, limits)), *nothing.infeasible),
        considered=int(designs.allowed.sum()),
        figures=figures,
    )


def _once(*places: Indices) -> Indices:
    return np.unique(np.concatenate(places))


def _plan(asked: _Asked, chosen: _Chosen) -> PlanAnswer:
    best = chosen.ranked[0] if chosen.ranked else None
    campuses, beside = _campuses(asked, best)
    figures = tuple({named.name: named for named in (*beside, *chosen.figures)}.values())
    return PlanAnswer(
        question=asked.question,
        made=asked.catalog.made(asked.seed),
        global_batch=sequences_per_step(asked.goal),
        best=best,
        alternatives=chosen.ranked[1:],
        pareto=chosen.pareto,
        infeasible=chosen.infeasible,
        assumptions=assumptions_of(figures),
        figures=figures,
        notes=(*notes_on(asked.goal, int(asked.model.max_sequence)), *notes_of(asked.catalog, asked.supplies)),
        designs_considered=chosen.considered,
        layouts_considered=asked.runs.layouts_considered,
        failures=None if best is None else _failures(asked, best),
        campuses=campuses,
    )


def _campuses(asked: _Asked, best: Design | None) -> tuple[CampusOutlook | None, tuple[NamedFigure, ...]]:
    """The best design over all the sites, and what is assumed for that."""
    run = None if best is None else run_over_sites(asked.catalog, asked.question, best, _newest(asked.catalog))
    if best is None or run is None:
        return None, ()
    compared = compare_sites(run, asked.catalog)
    outlook = campus_outlook(run, compared, best)
    return outlook, () if outlook is None else compared.assumptions


def _newest(catalog: Catalog) -> datetime.date:
    """Day of the youngest document of the catalog, for plans without a start: the same plan tomorrow."""
    return max(source.date for source in catalog.sources.values())


def _failures(asked: _Asked, best: Design) -> FailureOutlook | None:
    """Simulate the best design, unless it never ends."""
    if not np.isfinite(best.finish_days.p50):
        return None
    return failure_outlook(asked.catalog, asked.goal, best, asked.seed)
