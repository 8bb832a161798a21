"""Training over several sites: from a ``MultisiteRun`` to the best algorithm, sync period and shares of the batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog
from tenfold.planning.explain import assumptions_of
from tenfold.planning.multisite_columns import Subset, columns_of, scene_of, subsets_of
from tenfold.planning.multisite_describe import Described, design_at
from tenfold.planning.multisite_evaluate import Columns, Result, Scene, evaluate, scaled
from tenfold.planning.multisite_goal import Campus, MultisiteRun
from tenfold.planning.multisite_inputs import multisite_inputs
from tenfold.planning.multisite_plan import (
    Edge,
    MultisiteAnswer,
    MultisiteDesign,
    Node,
    OneCampus,
    PowerShort,
    Sensitivity,
)
from tenfold.planning.multisite_power import available_mw, power_short, usable_campuses
from tenfold.planning.multisite_speed import Paces, paces_of
from tenfold.planning.uncertainty import Indices, Points, Uncertain, median_point, sobol_points
from tenfold.sites import latency_s, round_trip_s

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
"""Of every distance, and of every bandwidth, in the sensitivities."""
MOST_DESCRIBED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    run: MultisiteRun
    catalog: Catalog
    paces: Paces
    scene: Scene
    inputs: tuple[Uncertain, ...]
    middle: Points
    shorts: tuple[PowerShort | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evaluated:
    subsets: tuple[Subset, ...]
    columns: Columns
    result: Result
    """With every input at P50."""
    order: Indices
    """Best first, what never ends left out."""


def plan_multisite(
    run: MultisiteRun, catalog: Catalog, *, progress: Callable[[float], None] | None = None
) -> MultisiteAnswer:
    """Plan a run over several sites.

    The same run and catalog give the same answer. ``progress`` is told the share of the subsets searched. Raises
    ``MissingFigureError`` for a chip, site or price that is not recorded. No site with power is an answer without
    a ``best``.
    """
    asked = _ask(run, catalog)
    found = _evaluate(asked, progress)
    designs = () if found is None else _designs(asked, found)
    return MultisiteAnswer(
        model=run.model,
        tokens=run.tokens,
        sequence_length=run.sequence_length,
        global_batch=run.global_batch,
        precision=run.precision,
        start=run.start,
        objective=run.objective,
        best=designs[0] if designs else None,
        alternatives=designs[1:],
        infeasible=tuple(short for short in asked.shorts if short is not None),
        distance=() if found is None else _sensitivity(asked, found, "distance"),
        bandwidth=() if found is None else _sensitivity(asked, found, "bandwidth"),
        one_campus=tuple(_one_campus(asked, place, designs[0]) for place in _hosts(run, designs)),
        nodes=_nodes(asked),
        edges=_edges(asked),
        assumptions=assumptions_of({each.name: each for known in asked.inputs for each in known.figures}.values()),
        notes=run.notes,
        designs_considered=0 if found is None else len(found.columns),
        layouts_considered=asked.paces.layouts_considered,
        catalog_version=catalog.version,
        catalog_overrides=tuple(str(override) for override in catalog.overrides),
        tenfold_version=_version(),
        seed=run.seed,
    )


def _version() -> str:
    from importlib.metadata import version

    return version("tenfold")


def _ask(run: MultisiteRun, catalog: Catalog) -> _Question:
    """Look everything up and see which campuses have the power."""
    paces = paces_of(catalog, run)
    most = float(sum(campus.chips for campus in run.campuses))
    inputs = multisite_inputs(catalog, run, paces.setups, most)
    middle = median_point(inputs)
    shorts = tuple(_short(run, paces, middle, place, campus.chips) for place, campus in enumerate(run.campuses))
    return _Question(
        run=run,
        catalog=catalog,
        paces=paces,
        scene=scene_of(catalog, run, paces),
        inputs=inputs,
        middle=middle,
        shorts=shorts,
    )


def _need_w(middle: Points, place: int, chips: int) -> float:
    """Rated power at the meter with every input at P50."""
    return chips * float(middle.values["power_w"][place, 0]) * float(middle.values["pue"][place, 0])


def _short(run: MultisiteRun, paces: Paces, middle: Points, place: int, chips: int) -> PowerShort | None:
    node = paces.setups[place].system.chips_per_node
    return power_short(run.campuses[place], _need_w(middle, place, chips), chips, node, run.start)


def _evaluate(asked: _Question, progress: Callable[[float], None] | None) -> _Evaluated | None:
    """Evaluate every design with every input at P50; None when there is none."""
    subsets = subsets_of(asked.run, asked.paces, usable_campuses(asked.shorts), progress)
    if not subsets:
        return None
    columns = columns_of(asked.run, subsets)
    result = evaluate(columns, asked.scene, asked.middle)
    return _Evaluated(subsets=subsets, columns=columns, result=result, order=_ranked(asked.run, result))


def _ranked(run: MultisiteRun, result: Result) -> Indices:
    finish, cost = result.finish_days[:, 0], result.cost_usd[:, 0]
    first, second = (cost, finish) if run.objective == "cheapest" else (finish, cost)
    order = np.lexsort([second, first])
    return order[np.isfinite(finish[order])]


def _designs(asked: _Question, found: _Evaluated) -> tuple[MultisiteDesign, ...]:
    """Describe the best period of every algorithm on every subset, the best first."""
    columns = found.columns
    kinds = columns.algorithm[found.order] + len(columns.names) * columns.subset[found.order]
    _, first = np.unique(kinds, return_index=True)
    kept = found.order[np.sort(first)][:MOST_DESCRIBED]
    if not len(kept):
        return ()
    rows = columns.take(kept)
    described = Described(
        run=asked.run,
        scene=asked.scene,
        sites=[asked.catalog.site(campus.site) for campus in asked.run.campuses],
        subsets=found.subsets,
        columns=rows,
        drawn=evaluate(rows, asked.scene, sobol_points(asked.inputs, asked.run.seed)),
        middle=evaluate(rows, asked.scene, asked.middle),
    )
    made = [design_at(described, place) for place in range(len(rows))]
    return tuple(sorted(made, key=lambda design: _rank(asked.run, design)))


def _rank(run: MultisiteRun, design: MultisiteDesign) -> tuple[float, float]:
    finish, cost = design.finish_days.p50, design.cost_usd.p50
    return (cost, finish) if run.objective == "cheapest" else (finish, cost)


def _sensitivity(asked: _Question, found: _Evaluated, what: str) -> tuple[Sensitivity, ...]:
    """Choose again with every link longer or wider."""
    base = float(found.result.finish_days[found.order[0], 0]) if len(found.order) else np.inf
    return tuple(_at_factor(asked, found, what, factor, base) for factor in FACTORS if len(found.order))


def _at_factor(asked: _Question, found: _Evaluated, what: str, factor: float, base: float) -> Sensitivity:
    result = evaluate(scaled(found.columns, **{what: factor}), asked.scene, asked.middle)
    place = int(_ranked(asked.run, result)[0])
    columns, members = found.columns, found.subsets[int(found.columns.subset[place])].members
    return Sensitivity(
        factor=factor,
        algorithm=columns.names[columns.algorithm[place]] if len(members) > 1 else "one site",
        sync_steps=int(columns.sync_steps[place]),
        sites=tuple(asked.run.campuses[site].name for site in members),
        finish_days=float(result.finish_days[place, 0]),
        cost_usd=float(result.cost_usd[place, 0]),
        slowdown=float(result.finish_days[place, 0]) / base,
    )


def _hosts(run: MultisiteRun, designs: Sequence[MultisiteDesign]) -> list[int]:
    """Campuses of the best design when it has several."""
    if not designs or len(designs[0].sites) < 2:
        return []
    used = {site.name for site in designs[0].sites}
    return [place for place, campus in enumerate(run.campuses) if campus.name in used]


def _one_campus(asked: _Question, place: int, best: MultisiteDesign) -> OneCampus:
    """Put as many chips as the best design has on one of its campuses."""
    campus = asked.run.campuses[place]
    node = asked.paces.setups[place].system.chips_per_node
    chips = sum(site.chips for site in best.sites) // node * node
    alone = replace(campus, chips=chips, stages=())
    finish, cost = _alone(asked, place, alone)
    short = _short(asked.run, asked.paces, asked.middle, place, chips)
    terms = sum(best.finish_terms_days.values()), best.cost_usd.p50
    mine, other = (cost, terms[1]) if asked.run.objective == "cheapest" else (finish, terms[0])
    return OneCampus(
        site=campus.name,
        chip=campus.chip,
        chips=chips,
        finish_days=finish,
        cost_usd=cost,
        power_mw=_need_w(asked.middle, place, chips) / 1e6,
        short=short,
        wins=mine < other and short is None,
        why=_why(mine < other, short),
    )


def _why(better: bool, short: PowerShort | None) -> str:
    if short is None:
        return "better, and there is the power for it" if better else "no better than the sites together"
    when = "never in the stages known" if short.fits_on is None else f"from {short.fits_on.isoformat()}"
    return f"{'better' if better else 'no better'}, but {short.short_mw:,.1f} MW are missing; they are there {when}"


def _alone(asked: _Question, place: int, campus: Campus) -> tuple[float, float]:
    """Finish and cost of one campus with other chips in number, every input at P50."""
    run = replace(asked.run, campuses=(campus,), fibres=())
    paces = Paces(setups=(asked.paces.setups[place],), campuses=run.campuses)
    subsets = subsets_of(run, paces, [0])
    asked.paces.layouts_considered += paces.layouts_considered
    if not subsets:
        return np.inf, np.inf
    inputs = multisite_inputs(asked.catalog, run, paces.setups, float(campus.chips))
    scene = scene_of(asked.catalog, run, paces)
    result = evaluate(columns_of(run, subsets), scene, median_point(inputs))
    return float(result.finish_days[0, 0]), float(result.cost_usd[0, 0])


def _nodes(asked: _Question) -> tuple[Node, ...]:
    return tuple(
        Node(
            name=campus.name,
            site=campus.site,
            latitude=campus.latitude,
            longitude=campus.longitude,
            chip=campus.chip,
            chips=campus.chips,
            power_mw=_need_w(asked.middle, place, campus.chips) / 1e6,
            available_mw=available_mw(campus, asked.run.start),
        )
        for place, campus in enumerate(asked.run.campuses)
    )


def _edges(asked: _Question) -> tuple[Edge, ...]:
    names = [campus.name for campus in asked.run.campuses]
    return tuple(
        Edge(
            first=names[fibre.first],
            second=names[fibre.second],
            kind=fibre.kind,
            distance_km=fibre.distance_km,
            latency_s=float(np.asarray(latency_s(fibre.distance_km, asked.scene.s_per_km))),
            round_trip_s=float(np.asarray(round_trip_s(fibre.distance_km, asked.scene.s_per_km))),
            bandwidth_bytes_per_s=fibre.bytes_per_s,
        )
        for fibre in asked.run.fibres
    )
