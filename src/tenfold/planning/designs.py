"""Winners as ``Design`` records: every number with its terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from tenfold.catalog import Site
from tenfold.performance.training.estimate import TrainingEstimate, estimate_layout
from tenfold.performance.training.footprint import FOOTPRINT_PARTS
from tenfold.performance.training.layout import SCHEDULES, Layout, recompute_name
from tenfold.performance.training.step import STEP_TERMS
from tenfold.planning.candidates import Runs
from tenfold.planning.choose import Designs
from tenfold.planning.evaluate import Duration, Outcome, Rows, Work, outcomes, owned_terms_usd, rent_terms_usd
from tenfold.planning.plan import Design, LayoutChoice
from tenfold.quantities import DAY_S, Column, Floats, Indices, Percentiles, Points
from tenfold.sites import SiteUse, site_use

J_PER_MWH = 3.6e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Everything a design is described from."""

    runs: Runs
    designs: Designs
    rows: Rows
    interval_s: Floats
    """Checkpoint interval of each row."""
    work: Work
    tokens_per_step: float
    supplies: Sequence[str]
    sites: Sequence[Site]
    draws: Points
    middle: Points


def describe(evaluated: Evaluated, places: Indices) -> tuple[Design, ...]:
    """Make the designs at these places, in their order; what the sites of a row share is worked out once."""
    rows, made = evaluated.designs.row[places], dict[int, Design]()
    estimate = cache(lambda run: _estimate(evaluated.runs, run))
    for row in np.unique(rows):
        at_sites = places[rows == row]
        designs = _at_sites(evaluated, at_sites, estimate(int(evaluated.rows.run[row])))
        made |= zip(at_sites.tolist(), designs, strict=True)
    return tuple(made[place] for place in places.tolist())


def _estimate(runs: Runs, run: int) -> TrainingEstimate:
    return estimate_layout(runs.setups[runs.chip[run]].setup, layout_of(runs, run))


def energy_of(rows: Rows, points: Points, run_days: Floats, sites: Sequence[Site]) -> SiteUse:
    """Power, energy, water and carbon of rows at their sites; owned rows power their spares too."""
    index = rows.index
    spares = np.where(rows.owned[:, None], points.of("spares", index), 0.0)
    wue = np.array([site.wue_l_per_kwh for site in sites])[rows.site]
    carbon = np.array([site.carbon_kg_per_kwh for site in sites])[rows.site]
    return site_use(
        chips=rows.chips[:, None] * (1.0 + spares),
        power_w_per_chip=points.of("power_w", index),
        duration_s=run_days * DAY_S,
        pue=points.of("pue", index),
        wue_l_per_kwh=wue[:, None],
        carbon_kg_per_kwh=carbon[:, None],
        drawn_share=points.of("drawn_share", index),
    )


def rows_at(evaluated: Evaluated, places: Indices) -> Rows:
    """Rows of designs, one for each, at the sites of the designs."""
    designs = evaluated.designs
    return replace(evaluated.rows.take(designs.row[places]), site=designs.site[places])


def layout_of(runs: Runs, run: int) -> Layout:
    """Layout of one run, as numbers."""
    return runs.layout.at(run)


def _at_sites(evaluated: Evaluated, places: Indices, estimate: TrainingEstimate) -> Iterator[Design]:
    """Make the designs of one row at several sites."""
    designs, draws, sites = evaluated.designs, evaluated.draws, evaluated.sites
    row = replace(rows_at(evaluated, places[:1]), site=designs.site[places])
    interval_s = evaluated.interval_s[designs.row[places[:1]]]
    drawn = outcomes(row, evaluated.work, draws, interval_s)
    anywhere = _anywhere(evaluated, row, drawn, estimate) | {
        "checkpoint_interval_s": float(interval_s[0]),
        "probability_in_time": float(designs.assessed.in_time[places[0]]),
        "probability_in_budget": float(designs.assessed.in_budget[places[0]]),
    }
    use = energy_of(row, draws, drawn.duration.run_days, sites)
    lines = (owned_terms_usd if bool(row.owned[0]) else rent_terms_usd)(row, draws, drawn.duration)
    costs = [_cost(lines, drawn.cost_usd, number) for number in range(len(drawn.cost_usd))]
    for number, place in enumerate(places.tolist()):
        yield Design(
            **anywhere,
            **costs[number if len(costs) > 1 else 0],
            site=sites[designs.site[place]].key,
            power_mw=float(designs.power_w[place]) / 1e6,
            energy_mwh=_median(_row(use.energy_j, number)) / J_PER_MWH,
            water_m3=_median(_row(use.water_l, number)) / 1e3,
            carbon_t=_median(_row(use.carbon_kg, number)) / 1e3,
        )


def _anywhere(evaluated: Evaluated, row: Rows, drawn: Outcome, estimate: TrainingEstimate) -> dict[str, Any]:
    """Fields of a design that are the same at every site."""
    runs, chips, step = evaluated.runs, float(row.chips[0]), drawn.duration.step_s
    setup = runs.setups[row.chip[0]]
    sure = setup.spread(chips)
    return {
        "chip": setup.chip.key,
        "chips": int(chips),
        "system": setup.system.key,
        "layout": layout_choice(layout_of(runs, int(row.run[0]))),
        "supply": evaluated.supplies[row.supply[0]],
        "software": setup.software.key,
        "step_time_s": Percentiles.of(step),
        "tokens_per_s_per_chip": Percentiles.of(evaluated.tokens_per_step / step / chips),
        "mfu": Percentiles.of(float(estimate.mfu) * float(estimate.step.step_s) / step),
        "step_terms_s": {name: float(getattr(estimate.step, name)) for name in STEP_TERMS},
        "memory_bytes_per_chip": _memory(estimate, float(setup.setup.hardware.hbm_bytes)),
        "goodput": Percentiles.of(drawn.duration.renewal.goodput),
        "goodput_terms": _goodput_terms(drawn.duration),
        "finish_days": Percentiles.of(drawn.duration.finish_days),
        "finish_terms_days": _finish_terms(drawn.duration),
        "committed_usd": _median(drawn.committed_usd),
        "calibration": sure.words,
        "outside_calibration": sure.outside,
    }


def _cost(lines: Mapping[str, Floats], total: Floats, number: int) -> dict[str, Any]:
    """Fields of a design that say its cost at the site of this number."""
    of_site = {name: _row(line, number) for name, line in lines.items()}
    return {
        "cost_usd": Percentiles.of(total[number]),
        "cost_terms_usd": split_at_median(of_site, total[number]),
    }


def _row(values: Column, number: int) -> Floats:
    """Row of the site of this number, of values that may be the same at all sites."""
    rows = np.asarray(values)
    return np.asarray(rows[number if len(rows) > 1 else 0])


def layout_choice(layout: Layout) -> LayoutChoice:
    """Say a layout in the field's terms."""
    return LayoutChoice(
        tp=round(float(layout.tensor_parallel)),
        pp=round(float(layout.pipeline_parallel)),
        vpp=round(float(layout.virtual_stages)),
        cp=round(float(layout.context_parallel)),
        ep=round(float(layout.expert_parallel)),
        dp=round(float(layout.data_parallel)),
        zero_stage=round(float(layout.zero_stage)),
        sequence_parallel=bool(layout.sequence_parallel) and float(layout.tensor_parallel) > 1,
        recompute=recompute_name(float(layout.recompute)),
        micro_batch=round(float(layout.micro_batch)),
        schedule=_schedule(layout),
    )


def _schedule(layout: Layout) -> str:
    if float(layout.pipeline_parallel) == 1:
        return "no pipeline"
    name = SCHEDULES[round(float(layout.schedule))].replace("1f1b", "1F1B")
    return f"interleaved {name}" if float(layout.virtual_stages) > 1 else name


def _memory(estimate: TrainingEstimate, capacity: float) -> Mapping[str, float]:
    parts = {name: float(getattr(estimate.memory, name)) for name in FOOTPRINT_PARTS}
    return parts | {"total": float(estimate.memory.total), "capacity": capacity}


def _goodput_terms(drawn: Duration) -> Mapping[str, float]:
    """Shares of wall time around the median goodput; a run that never ends is all restarts."""
    renewal = drawn.renewal
    goodput = np.asarray(renewal.goodput)
    losses = {name: _share(getattr(renewal, name), goodput) for name in ("checkpoint", "lost_work", "restart")}
    terms = split_at_median(losses, 1.0 - goodput)
    return {"productive": 1.0 - sum(terms.values())} | terms


def _share(loss: Column, goodput: Floats) -> Floats:
    """Loss per useful second as a share of wall time; all of it where nothing gets done."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(goodput > 0.0, loss * goodput, 0.0))


def _finish_terms(drawn: Duration) -> Mapping[str, float]:
    renewal, run = drawn.renewal, drawn.run_days
    goodput = np.asarray(renewal.goodput)
    names = ("checkpoint", "lost_work", "restart")
    lines = {"setup": drawn.setup_days, "productive": run * goodput}
    lines |= {name: run * _share(getattr(renewal, name), goodput) for name in names}
    return split_at_median(lines, drawn.finish_days)


def split_at_median(lines: Mapping[str, Column], total: Floats) -> dict[str, float]:
    """Split the median of a total into its lines: their means over the tenth of the draws around the median.

    The mean of that tenth differs a little from the median, so the lines are scaled to add up to it. An infinite
    median has no lines.
    """
    middle = Percentiles.of(total).p50
    if not np.isfinite(middle):
        return dict.fromkeys(lines, 0.0)
    around = _around_median(total.ravel())
    means = {name: float(np.broadcast_to(line, total.shape).ravel()[around].mean()) for name, line in lines.items()}
    whole = sum(means.values())
    return {name: mean * middle / whole if whole else 0.0 for name, mean in means.items()}


def _around_median(values: Floats) -> Indices:
    """Places of the tenth of the values around the median, by rising value; equals keep their order."""
    first, last = int(0.45 * len(values)), int(0.55 * len(values))
    low, high = np.partition(values, (first, last))[[first, last]]
    inside = np.flatnonzero((values >= low) & (values <= high))
    ordered = inside[np.argsort(values[inside], kind="stable")]
    before = first - np.count_nonzero(values < low)
    return ordered[before : before + last - first + 1]


def _median(values: Column) -> float:
    return Percentiles.of(values).p50
