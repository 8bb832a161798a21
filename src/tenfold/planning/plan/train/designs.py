"""Winners as ``Design`` records: every number with its terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tenfold.performance.layout import Layout, in_terms
from tenfold.performance.training import FOOTPRINT_PARTS, STEP_TERMS, TrainingEstimate, estimate_layout
from tenfold.planning.plan.answer import Design
from tenfold.planning.plan.train.evaluated import Evaluated, rows_at
from tenfold.planning.plan.train.graded import evidence_of
from tenfold.planning.plan.train.runs import Runs, at_batch
from tenfold.planning.plan.verdicts import Probability
from tenfold.planning.setups import UNSTATED_TERM, over_step
from tenfold.planning.supply.bound import words_of
from tenfold.planning.supply.choose import RANKINGS
from tenfold.planning.supply.describe import at_site, cost_terms_usd, energy_of, finish_terms_days, goodput_terms
from tenfold.planning.supply.durations import each_alone
from tenfold.planning.supply.evaluate import left_usd, paid_ahead_usd, rent_usd_per_chip_hour
from tenfold.planning.supply.held import Duration, Outcome
from tenfold.planning.supply.offer import availability_of
from tenfold.planning.supply.outcome import priced
from tenfold.planning.supply.rows import Designs, Rows
from tenfold.quantities import Column, Indices, Percentiles, Points, with_spread

J_PER_MWH = 3.6e9


def describe(evaluated: Evaluated, places: Indices) -> tuple[Design, ...]:
    """Make the designs at these places, in their order; what the sites of a row share is worked out once."""
    rows, made = evaluated.designs.row[places], dict[int, Design]()
    each = np.unique(rows)
    several, interval_s = evaluated.rows.take(each), evaluated.interval_s[each]
    for at, took in each_alone(several, evaluated.work, evaluated.draws, interval_s):
        at_sites = places[rows == each[at]]
        designs = _at_sites(evaluated, at_sites, _estimate(evaluated.runs, int(several.run[at])), took)
        made |= zip(at_sites.tolist(), designs, strict=True)
    return tuple(made[place] for place in places.tolist())


def judged_again(design: Design, evaluated: Evaluated, place: int) -> Design:
    """The design of a place under other limits: what is said of it but for its chances stays."""
    return replace(design, probability=_probability(evaluated.designs, place), holds=_holds(evaluated, place))


def _probability(designs: Designs, place: int) -> Probability:
    """Chances of a design to keep the limits."""
    assessed = designs.assessed
    in_time, in_budget, both = (
        float(column[place]) for column in (assessed.in_time, assessed.in_budget, assessed.in_both)
    )
    return Probability(in_time=in_time, in_budget=in_budget, both=both)


def _holds(evaluated: Evaluated, place: int) -> float:
    """What holds of a design at the confidence asked for."""
    return float(RANKINGS[evaluated.objective](evaluated.designs)[0][place])


def layout_of(runs: Runs, run: int) -> Layout:
    """Layout of one run, as numbers."""
    return runs.layout.at(run)


def _estimate(runs: Runs, run: int) -> TrainingEstimate:
    setup, batch = runs.setups[runs.chip[run]], float(runs.batch[run])
    which = (setup.chip.key, float(runs.chips[run]), batch)
    if which not in runs.estimates:
        runs.estimates[which] = estimate_layout(at_batch(setup.setup, batch), layout_of(runs, run))
    return runs.estimates[which]


def _at_sites(evaluated: Evaluated, places: Indices, estimate: TrainingEstimate, took: Duration) -> Iterator[Design]:
    """Make the designs of one row at several sites."""
    designs, draws, sites = evaluated.designs, evaluated.draws, evaluated.sites
    row = replace(rows_at(evaluated, places[:1]), site=designs.site[places])
    interval_s = evaluated.interval_s[designs.row[places[:1]]]
    drawn = priced(row, draws, took)
    anywhere = _anywhere(evaluated, row, drawn, estimate) | {
        "checkpoint_interval_s": float(interval_s[0]),
        "probability": _probability(designs, int(places[0])),
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
            recovered_usd=_recovered(row, draws, drawn, number),
            holds=_holds(evaluated, place),
            power_mw=float(designs.power_w[place]) / 1e6,
            energy_mwh=_median(at_site(use.energy_j, number)) / J_PER_MWH,
            water_m3=_median(at_site(use.water_l, number)) / 1e3,
            carbon_t=_median(at_site(use.carbon_kg, number)) / 1e3,
        )


def _recovered(row: Rows, draws: Points, drawn: Outcome, site: int) -> Percentiles | None:
    """What is left of what was bought."""
    if not row.owned[0]:
        return None
    left = left_usd(row, draws, drawn.duration.finish_days, drawn.committed_usd, drawn.cost_usd)
    return Percentiles.of(at_site(left, site))


def _anywhere(evaluated: Evaluated, row: Rows, drawn: Outcome, estimate: TrainingEstimate) -> dict[str, Any]:
    """Fields of a design that are the same at every site."""
    runs, chips = evaluated.runs, float(row.chips[0])
    step_s, alone_s = runs.paces.of(int(row.run[0])), float(estimate.step.step_s)
    setup = runs.setups[row.chip[0]]
    tier = evaluated.tiers[row.offer[0]]
    low, high = tier.price.figure.range
    sure, shares = setup.spread(chips), goodput_terms(drawn.duration)
    return {
        "chip": setup.chip.key,
        "chips": int(chips),
        "chips_there": int(row.beside[0]),
        "chips_ordered": int(row.ordered[0]),
        "system": setup.system.key,
        "layout": in_terms(layout_of(runs, int(row.run[0]))),
        "global_batch": int(runs.batch[row.run[0]]),
        "supply": evaluated.supplies[row.supply[0]],
        "software": setup.software.key,
        "step_time_s": step_s,
        "tokens_per_s_per_chip": over_step(float(estimate.tokens_per_s_per_chip) * alone_s, step_s),
        "mfu": over_step(float(estimate.mfu) * alone_s, step_s),
        "step_terms_s": _step_terms(estimate, step_s.p50),
        "memory_bytes_per_chip": _memory(estimate, float(setup.setup.hardware.hbm_bytes)),
        "goodput": Percentiles.of(drawn.duration.working.productive),
        "goodput_terms": shares,
        "lost_share": 1.0 - shares["productive"],
        "finish_days": Percentiles.of(drawn.duration.finish_days),
        "ready_days": Percentiles.of(drawn.duration.lead_days + drawn.duration.setup_days),
        "days_on_chips": Percentiles.of(drawn.duration.billed_days),
        "finish_terms_days": finish_terms_days(drawn.duration),
        "cash_usd": Percentiles.of(drawn.committed_usd),
        "paid_ahead_usd": Percentiles.of(paid_ahead_usd(row, evaluated.draws)) if row.prepaid.any() else None,
        "evidence": evidence_of(sure, evaluated.providers[row.offer[0]], priced=low == high),
        "availability": availability_of(tier),
        "price_usd_per_chip_hour": _price(evaluated, row),
        "bound": words_of(evaluated.bound, setup.chip.key),
        "calibration": sure.words,
        "outside_calibration": sure.outside,
    }


def _price(evaluated: Evaluated, row: Rows) -> Percentiles | None:
    """Rent of a chip-hour, with what the count adds to it."""
    return None if row.owned[0] else Percentiles.of(rent_usd_per_chip_hour(row, evaluated.draws))


def _step_terms(estimate: TrainingEstimate, step_s: float) -> Mapping[str, float]:
    return with_spread({name: float(getattr(estimate.step, name)) for name in STEP_TERMS}, step_s, UNSTATED_TERM)


def _memory(estimate: TrainingEstimate, capacity: float) -> Mapping[str, float]:
    parts = {name: float(getattr(estimate.memory, name)) for name in FOOTPRINT_PARTS}
    return parts | {"total": float(estimate.memory.total), "capacity": capacity}


def _median(values: Column) -> float:
    return Percentiles.of(values).p50
