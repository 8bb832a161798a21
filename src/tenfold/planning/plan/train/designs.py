"""Winners as ``Design`` records: every number with its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """Make the designs at these places, in their order."""
    runs = evaluated.rows.run[evaluated.designs.row[places]]
    estimates = {
        int(run): estimate_layout(evaluated.runs.setups[evaluated.runs.chip[run]].setup, layout_of(evaluated.runs, run))
        for run in np.unique(runs)
    }
    return tuple(_design(evaluated, int(place), estimates[int(run)]) for place, run in zip(places, runs, strict=True))


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
    """Rows of designs with the sites of the designs: rented rows are priced once for all sites."""
    designs, taken = evaluated.designs, evaluated.rows.take(evaluated.designs.row[places])
    columns = {name: getattr(taken, name) for name in Rows.__slots__} | {"site": designs.site[places]}
    return Rows(**columns)


def layout_of(runs: Runs, run: int) -> Layout:
    """Layout of one run, as numbers."""
    return Layout(**{name: float(getattr(runs.layout, name)[run]) for name in Layout.__slots__})


def _design(evaluated: Evaluated, place: int, estimate: TrainingEstimate) -> Design:
    designs, runs = evaluated.designs, evaluated.runs
    row = rows_at(evaluated, np.array([place]))
    interval = evaluated.interval_s[designs.row[[place]]]
    drawn = outcomes(row, evaluated.work, evaluated.draws, interval)
    setup = runs.setups[row.chip[0]]
    use = energy_of(row, evaluated.draws, drawn.duration.run_days, evaluated.sites)
    assessed, step = designs.assessed, drawn.duration.step_s
    chips = float(row.chips[0])
    sure = setup.spread(chips)
    return Design(
        chip=setup.chip.key,
        chips=int(chips),
        system=setup.system.key,
        layout=layout_choice(layout_of(runs, row.run[0])),
        supply=evaluated.supplies[designs.supply[place]],
        site=evaluated.sites[designs.site[place]].key,
        software=setup.software.key,
        step_time_s=Percentiles.of(step),
        tokens_per_s_per_chip=Percentiles.of(evaluated.tokens_per_step / step / chips),
        mfu=Percentiles.of(float(estimate.mfu) * float(estimate.step.step_s) / step),
        step_terms_s={name: float(getattr(estimate.step, name)) for name in STEP_TERMS},
        memory_bytes_per_chip=_memory(estimate, float(setup.setup.hardware.hbm_bytes)),
        goodput=Percentiles.of(drawn.duration.renewal.goodput),
        goodput_terms=_goodput_terms(drawn.duration),
        checkpoint_interval_s=float(interval[0]),
        finish_days=Percentiles.of(drawn.duration.finish_days),
        cost_usd=Percentiles.of(drawn.cost_usd),
        cost_terms_usd=_cost_terms(row, evaluated.draws, drawn),
        committed_usd=Percentiles.of(drawn.committed_usd).p50,
        power_mw=float(designs.power_w[place]) / 1e6,
        energy_mwh=_median(use.energy_j) / J_PER_MWH,
        water_m3=_median(use.water_l) / 1e3,
        carbon_t=_median(use.carbon_kg) / 1e3,
        probability_in_time=float(assessed.in_time[place]),
        probability_in_budget=float(assessed.in_budget[place]),
        calibration=sure.words,
        outside_calibration=sure.outside,
        finish_terms_days=_finish_terms(drawn.duration),
    )


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


def _cost_terms(row: Rows, draws: Points, drawn: Outcome) -> Mapping[str, float]:
    lines = owned_terms_usd if bool(row.owned[0]) else rent_terms_usd
    return split_at_median(lines(row, draws, drawn.duration), drawn.cost_usd)


def split_at_median(lines: Mapping[str, Column], total: Floats) -> dict[str, float]:
    """Split the median of a total into its lines: their means over the tenth of the draws around the median.

    The mean of that tenth differs a little from the median, so the lines are scaled to add up to it. An infinite
    median has no lines.
    """
    middle = Percentiles.of(total).p50
    if not np.isfinite(middle):
        return dict.fromkeys(lines, 0.0)
    flat = total.ravel()
    order = np.argsort(flat, kind="stable")
    around = order[int(0.45 * len(flat)) : int(0.55 * len(flat)) + 1]
    means = {name: float(np.broadcast_to(line, total.shape).ravel()[around].mean()) for name, line in lines.items()}
    whole = sum(means.values())
    return {name: mean * middle / whole if whole else 0.0 for name, mean in means.items()}


def _median(values: Column) -> float:
    return Percentiles.of(values).p50
