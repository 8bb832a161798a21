"""Training over several sites: from a question to the best algorithm, sync period and shares of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.multisite.answer import (
    ComparedSites,
    MultisiteAnswer,
    MultisiteDesign,
    OneCampus,
    PowerShort,
    Sensitivity,
)
from tenfold.planning.multisite.columns import Subset, columns_of, scene_of, subsets_of
from tenfold.planning.multisite.describe import Described, design_at
from tenfold.planning.multisite.evaluate import evaluate, scaled
from tenfold.planning.multisite.had import campus_offers
from tenfold.planning.multisite.inputs import multisite_inputs
from tenfold.planning.multisite.looked_up import LookedUp, edges_of, footprint_of, look_up, need_w, nodes_of, short_of
from tenfold.planning.multisite.nearest import Places, by_itself, with_changes, with_fewer, without_layout
from tenfold.planning.multisite.question import MultisiteQuestion
from tenfold.planning.multisite.resolve import run_of
from tenfold.planning.multisite.run import Campus, MultisiteRun
from tenfold.planning.multisite.scene import Columns, Result
from tenfold.quantities import (
    Floats,
    Indices,
    Points,
    Progress,
    assumptions_of,
    sobol_points,
)

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
"""Of every distance, and of every bandwidth, in the sensitivities."""
MOST_DESCRIBED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evaluated:
    subsets: tuple[Subset, ...]
    columns: Columns
    """Those that may be best."""
    considered: int
    draws: Points
    result: Result
    """At the draws."""
    order: Indices
    """Best first, what never ends left out."""


def compare_sites(run: MultisiteRun, catalog: Catalog) -> ComparedSites:
    """Compare designs over the campuses alone: what ``plan`` asks. Errors as of ``answer``."""
    asked, found = _look_up(run, catalog, None)
    designs = () if found is None else _designs(asked, found)
    return ComparedSites(
        designs=designs,
        one_campus=_one_campuses(asked, designs),
        edges=edges_of(asked),
        assumptions=assumptions_of(asked.figures),
    )


def answer(
    question: MultisiteQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> MultisiteAnswer:
    """Plan a run over several sites: algorithm, sync period, shares of the batch, finish, cost, power of each site.

    ``progress`` is told the share of the subsets searched. Raises ``MissingFigureError`` for a chip, site or price that
    is not recorded. No site with power and chips is an answer without a ``best``.
    """
    asked, found = _look_up(run_of(question, catalog, seed=seed), catalog, progress)
    run = with_fewer(_places(asked), _subsets(found))
    if run is not asked.run:
        asked, found = _look_up(run, catalog, None)
    designs = () if found is None else _designs(asked, found)
    return MultisiteAnswer(
        question=question,
        made=catalog.made(seed),
        model=run.model,
        tokens=run.tokens,
        sequence_length=run.sequence_length,
        global_batch=run.global_batch,
        precision=run.precision,
        start=run.start,
        objective=run.objective,
        best=designs[0] if designs else None,
        alternatives=designs[1:],
        infeasible=with_changes(_places(asked)),
        refused=(*asked.refused, *without_layout(_places(asked), _subsets(found))),
        availability=asked.terms,
        distance=() if found is None else _sensitivity(asked, found, "distance"),
        bandwidth=() if found is None else _sensitivity(asked, found, "bandwidth"),
        one_campus=_one_campuses(asked, designs),
        nodes=nodes_of(asked),
        edges=edges_of(asked),
        assumptions=assumptions_of(asked.figures),
        figures=asked.figures,
        notes=run.notes,
        stated=asked.stated,
        designs_considered=0 if found is None else found.considered,
        layouts_considered=asked.paces.layouts_considered,
    )


def _subsets(found: _Evaluated | None) -> tuple[Subset, ...]:
    """Subsets of the campuses that have a design."""
    return () if found is None else found.subsets


def _look_up(run: MultisiteRun, catalog: Catalog, progress: Progress | None) -> tuple[LookedUp, _Evaluated | None]:
    """Look everything up and evaluate it on the terms that are the cheapest for as long as the best design takes.

    How long that is shows once; where other terms are the cheaper then, the better of both is kept.
    """
    asked = look_up(run, catalog, campus_offers(catalog, run, 0.0))
    found = _evaluate(asked, progress)
    if found is None or not len(found.order):
        return asked, found
    offers = campus_offers(catalog, run, float(np.median(found.result.finish_days[found.order[0]])))
    if offers == asked.offers:
        return asked, found
    longer = look_up(run, catalog, offers)
    other = _evaluate(longer, None)
    if other is None or not len(other.order) or _wanted(run, found) <= _wanted(run, other):
        return asked, found
    return longer, other


def _places(asked: LookedUp) -> Places:
    """The campuses, for what would let them be part of the run."""
    return Places(
        run=asked.run,
        paces=asked.paces,
        shorts=asked.shorts,
        usable=asked.usable,
        need_w=partial(need_w, asked.middle),
        short_of=partial(short_of, asked.run, asked.middle),
    )


def _wanted(run: MultisiteRun, found: _Evaluated) -> tuple[float, float]:
    """P50 of what is wanted of the best design, and of what is not."""
    best = found.order[0]
    finish, cost = float(np.median(found.result.finish_days[best])), float(np.median(found.result.cost_usd[best]))
    return (cost, finish) if run.objective == "cheapest" else (finish, cost)


def _evaluate(asked: LookedUp, progress: Progress | None) -> _Evaluated | None:
    """Evaluate every design with every input at P50, and those that may be best at the draws; None without a design."""
    subsets = subsets_of(asked.run, asked.paces, asked.usable, progress)
    if not subsets:
        return None
    everything = columns_of(asked.run, asked.paces, subsets)
    columns = everything.take(_shortlist(asked, everything))
    draws = sobol_points(asked.inputs, asked.run.seed)
    result = evaluate(columns, asked.scene, draws)
    return _Evaluated(
        subsets=subsets,
        columns=columns,
        considered=len(everything),
        draws=draws,
        result=result,
        order=_ranked(asked.run, result),
    )


def _shortlist(asked: LookedUp, columns: Columns) -> Indices:
    """Every period of the algorithms on subsets that are best with every input at P50."""
    order = _ranked(asked.run, evaluate(columns, asked.scene, asked.middle))
    kinds = _kinds(columns)
    _, first = np.unique(kinds[order], return_index=True)
    return np.flatnonzero(np.isin(kinds, kinds[order[np.sort(first)[:MOST_DESCRIBED]]]))


def _kinds(columns: Columns) -> Indices:
    """One number for each algorithm on each subset."""
    return columns.algorithm + len(columns.names) * columns.subset


def _ranked(run: MultisiteRun, result: Result) -> Indices:
    """Order designs by the P50 of what is wanted; of equals, what sends less."""
    finish, cost = np.median(result.finish_days, axis=1), np.median(result.cost_usd, axis=1)
    first, second = (cost, finish) if run.objective == "cheapest" else (finish, cost)
    sent = np.median(np.asarray(result.sync.mean_bytes_per_s), axis=1)
    order = np.lexsort([sent, _rounded(second), _rounded(first)])
    return order[np.isfinite(finish[order])]


def _rounded(values: Floats) -> Floats:
    """Drop the last digits, so that what differs by rounding alone is equal."""
    return np.asarray(np.float64(np.float32(values)))


def _designs(asked: LookedUp, found: _Evaluated) -> tuple[MultisiteDesign, ...]:
    """Describe the best period of every algorithm on every subset, the best first."""
    _, first = np.unique(_kinds(found.columns)[found.order], return_index=True)
    kept = found.order[np.sort(first)]
    rows = found.columns.take(kept)
    described = Described(
        run=asked.run,
        scene=asked.scene,
        sites=[asked.catalog.site(campus.site) for campus in asked.run.campuses],
        subsets=found.subsets,
        columns=rows,
        drawn=evaluate(rows, asked.scene, found.draws),
        middle=evaluate(rows, asked.scene, asked.middle),
        footprint=footprint_of(asked),
    )
    return tuple(design_at(described, place) for place in range(len(rows)))


def _sensitivity(asked: LookedUp, found: _Evaluated, what: str) -> tuple[Sensitivity, ...]:
    """Choose again with every link longer or wider."""
    base = float(np.median(found.result.finish_days[found.order[0]])) if len(found.order) else np.inf
    return tuple(_at_factor(asked, found, what, factor, base) for factor in FACTORS if len(found.order))


def _at_factor(asked: LookedUp, found: _Evaluated, what: str, factor: float, base: float) -> Sensitivity:
    result = evaluate(scaled(found.columns, **{what: factor}), asked.scene, found.draws)
    place = int(_ranked(asked.run, result)[0])
    columns, members = found.columns, found.subsets[int(found.columns.subset[place])].members
    finish = float(np.median(result.finish_days[place]))
    return Sensitivity(
        factor=factor,
        algorithm=columns.names[columns.algorithm[place]] if len(members) > 1 else "one site",
        sync_steps=int(columns.sync_steps[place]),
        sites=tuple(asked.run.campuses[site].name for site in members),
        finish_days=finish,
        cost_usd=float(np.median(result.cost_usd[place])),
        slowdown=finish / base,
    )


def _hosts(run: MultisiteRun, designs: Sequence[MultisiteDesign]) -> list[int]:
    """Campuses of the best design when it has several."""
    if not designs or len(designs[0].sites) < 2:
        return []
    used = {site.name for site in designs[0].sites}
    return [place for place, campus in enumerate(run.campuses) if campus.name in used]


def _one_campuses(asked: LookedUp, designs: Sequence[MultisiteDesign]) -> tuple[OneCampus, ...]:
    return tuple(_one_campus(asked, place, designs[0]) for place in _hosts(asked.run, designs))


def _one_campus(asked: LookedUp, place: int, best: MultisiteDesign) -> OneCampus:
    """Put as many chips as the best design has on one of its campuses."""
    campus = asked.run.campuses[place]
    node = asked.paces.setups[place].system.chips_per_node
    chips = sum(site.chips for site in best.sites) // node * node
    alone = replace(campus, chips=chips, stages=())
    finish, cost = _alone(asked, place, alone, best.finish_days.p50)
    short = short_of(asked.run, asked.middle, place, chips)
    cheapest = asked.run.objective == "cheapest"
    better = cost < best.cost_usd.p50 if cheapest else finish < best.finish_days.p50
    return OneCampus(
        site=campus.name,
        chip=campus.chip,
        chips=chips,
        finish_days=finish,
        cost_usd=cost,
        power_mw=need_w(asked.middle, place, chips) / 1e6,
        short=short,
        wins=better and short is None,
        why=_why(better, short),
    )


def _why(better: bool, short: PowerShort | None) -> str:
    if short is None:
        return "better, and there is the power for it" if better else "no better than the sites together"
    when = "no known stage brings them" if short.fits_on is None else f"there from {short.fits_on.isoformat()}"
    return f"{'better' if better else 'no better'}, but {short.short_mw:,.1f} MW are missing: {when}"


def _alone(asked: LookedUp, place: int, campus: Campus, days: float) -> tuple[float, float]:
    """Finish and cost, at P50, of one campus with another number of chips, on terms for about so many days."""
    run, paces, subsets = by_itself(asked.run, asked.paces, place, campus)
    if not subsets:
        return np.inf, np.inf
    offers = campus_offers(asked.catalog, run, days)
    chips, soon = float(campus.chips), any(offers.premium)
    inputs = multisite_inputs(asked.catalog, run, paces.setups, chips, offers.prices, offers.leads, soon=soon)
    scene = scene_of(asked.catalog, run, paces, **offers.of_scene)
    result = evaluate(columns_of(run, paces, subsets), scene, sobol_points(inputs, run.seed))
    return float(np.median(result.finish_days)), float(np.median(result.cost_usd))
