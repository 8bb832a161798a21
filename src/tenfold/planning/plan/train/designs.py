"""Winners as ``Design`` records: every number with its terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from tenfold.catalog import Site
from tenfold.performance.layout import Layout, in_terms
from tenfold.performance.training import FOOTPRINT_PARTS, STEP_TERMS, TrainingEstimate, estimate_layout
from tenfold.planning.plan.answer import Design
from tenfold.planning.plan.train.candidates import Runs
from tenfold.planning.supply.describe import at_site, cost_terms_usd, energy_of, finish_terms_days, goodput_terms
from tenfold.planning.supply.evaluate import Outcome, outcomes
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
    """Make the designs at these places, in their order; what the sites of a row share is worked out once."""
    rows, made = evaluated.designs.row[places], dict[int, Design]()
    estimate = cache(lambda run: _estimate(evaluated.runs, run))
    for row in np.unique(rows):
        at_sites = places[rows == row]
        designs = _at_sites(evaluated, at_sites, estimate(int(evaluated.rows.run[row])))
        made |= zip(at_sites.tolist(), designs, strict=True)
    return tuple(made[place] for place in places.tolist())


def rows_at(evaluated: Evaluated, places: Indices) -> Rows:
    """Rows of designs, one for each, at the sites of the designs."""
    designs = evaluated.designs
    return replace(evaluated.rows.take(designs.row[places]), site=designs.site[places])


def layout_of(runs: Runs, run: int) -> Layout:
    """Layout of one run, as numbers."""
    return runs.layout.at(run)


def _estimate(runs: Runs, run: int) -> TrainingEstimate:
    return estimate_layout(runs.setups[runs.chip[run]].setup, layout_of(runs, run))


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
    costs = list(cost_terms_usd(row, draws, drawn))
    for number, place in enumerate(places.tolist()):
        cost_usd, terms_usd = costs[number if len(costs) > 1 else 0]
        yield Design(
            **anywhere,
            site=sites[designs.site[place]].key,
            cost_usd=cost_usd,
            cost_terms_usd=terms_usd,
            power_mw=float(designs.power_w[place]) / 1e6,
            energy_mwh=_median(at_site(use.energy_j, number)) / J_PER_MWH,
            water_m3=_median(at_site(use.water_l, number)) / 1e3,
            carbon_t=_median(at_site(use.carbon_kg, number)) / 1e3,
        )


def _anywhere(evaluated: Evaluated, row: Rows, drawn: Outcome, estimate: TrainingEstimate) -> dict[str, Any]:
    """Fields of a design that are the same at every site."""
    runs, chips, step = evaluated.runs, float(row.chips[0]), drawn.duration.step_s
    setup = runs.setups[row.chip[0]]
    sure, shares = setup.spread(chips), goodput_terms(drawn.duration)
    return {
        "chip": setup.chip.key,
        "chips": int(chips),
        "system": setup.system.key,
        "layout": in_terms(layout_of(runs, int(row.run[0]))),
        "supply": evaluated.supplies[row.supply[0]],
        "software": setup.software.key,
        "step_time_s": Percentiles.of(step),
        "tokens_per_s_per_chip": Percentiles.of(evaluated.tokens_per_step / step / chips),
        "mfu": Percentiles.of(float(estimate.mfu) * float(estimate.step.step_s) / step),
        "step_terms_s": _step_terms(estimate, Percentiles.of(step).p50),
        "memory_bytes_per_chip": _memory(estimate, float(setup.setup.hardware.hbm_bytes)),
        "goodput": Percentiles.of(drawn.duration.working.productive),
        "goodput_terms": shares,
        "lost_share": 1.0 - shares["productive"],
        "finish_days": Percentiles.of(drawn.duration.finish_days),
        "finish_terms_days": finish_terms_days(drawn.duration),
        "committed_usd": _median(drawn.committed_usd),
        "calibration": sure.words,
        "outside_calibration": sure.outside,
    }


def _step_terms(estimate: TrainingEstimate, step_s: float) -> Mapping[str, float]:
    return with_spread({name: float(getattr(estimate.step, name)) for name in STEP_TERMS}, step_s)


def _memory(estimate: TrainingEstimate, capacity: float) -> Mapping[str, float]:
    parts = {name: float(getattr(estimate.memory, name)) for name in FOOTPRINT_PARTS}
    return parts | {"total": float(estimate.memory.total), "capacity": capacity}


def _median(values: Column) -> float:
    return Percentiles.of(values).p50
