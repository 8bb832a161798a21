"""Winners as ``Design`` records: every number with its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Site
from tenfold.performance.training.estimate import TrainingEstimate, estimate_layout
from tenfold.performance.training.footprint import FOOTPRINT_PARTS
from tenfold.performance.training.layout import Layout
from tenfold.performance.training.step import STEP_TERMS
from tenfold.planning.layouts import layout_choice
from tenfold.planning.plan.answer import Design
from tenfold.planning.plan.train.candidates import Runs
from tenfold.planning.supply.describe import cost_terms_usd, energy_of, finish_terms_days, goodput_terms
from tenfold.planning.supply.evaluate import outcomes
from tenfold.planning.supply.rows import Designs, Rows, Work
from tenfold.quantities import Column, Floats, Indices, Percentiles, Points, with_spread

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
    sure, shares = setup.spread(chips), goodput_terms(drawn.duration)
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
        step_terms_s=_step_terms(estimate, Percentiles.of(step).p50),
        memory_bytes_per_chip=_memory(estimate, float(setup.setup.hardware.hbm_bytes)),
        goodput=Percentiles.of(drawn.duration.renewal.goodput),
        goodput_terms=shares,
        lost_share=1.0 - shares["productive"],
        checkpoint_interval_s=float(interval[0]),
        finish_days=Percentiles.of(drawn.duration.finish_days),
        cost_usd=Percentiles.of(drawn.cost_usd),
        cost_terms_usd=cost_terms_usd(row, evaluated.draws, drawn),
        committed_usd=Percentiles.of(drawn.committed_usd).p50,
        power_mw=float(designs.power_w[place]) / 1e6,
        energy_mwh=_median(use.energy_j) / J_PER_MWH,
        water_m3=_median(use.water_l) / 1e3,
        carbon_t=_median(use.carbon_kg) / 1e3,
        probability_in_time=float(assessed.in_time[place]),
        probability_in_budget=float(assessed.in_budget[place]),
        calibration=sure.words,
        outside_calibration=sure.outside,
        finish_terms_days=finish_terms_days(drawn.duration),
    )


def _step_terms(estimate: TrainingEstimate, step_s: float) -> Mapping[str, float]:
    return with_spread({name: float(getattr(estimate.step, name)) for name in STEP_TERMS}, step_s)


def _memory(estimate: TrainingEstimate, capacity: float) -> Mapping[str, float]:
    parts = {name: float(getattr(estimate.memory, name)) for name in FOOTPRINT_PARTS}
    return parts | {"total": float(estimate.memory.total), "capacity": capacity}


def _median(values: Column) -> float:
    return Percentiles.of(values).p50
