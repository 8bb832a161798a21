"""The uncertain inputs of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tenfold.catalog import Catalog, Site, assumption_named
from tenfold.performance.training import CalibratedSetup
from tenfold.planning.drawn import (
    OWN,
    PORTING,
    POWER,
    RENT,
    RESALE,
    SPARES,
    SPOT,
    STORAGE,
    WORK,
    common_inputs,
    inputs_of,
    of_sites,
)
from tenfold.planning.hardware_inputs import machine_inputs, mixed_step_ratios, step_spread
from tenfold.planning.plan.offered import STARTS
from tenfold.planning.plan.train.runs import Runs
from tenfold.planning.supply.tiers import Tier, big_and_soon
from tenfold.quantities import NamedFigure, Percentiles, Uncertain


def uncertain_inputs(
    catalog: Catalog,
    setups: Sequence[CalibratedSetup],
    step: Uncertain,
    tiers: Sequence[Tier],
    supplies: Sequence[str],
    sites: Sequence[Site],
    *further: str,
    setup: NamedFigure | None = None,
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input of a plan, in an order that does not depend on the catalog.

    ``step`` is that of the runs, ``setup`` the days until training starts where they are stated. ``further`` are parts
    of the table beside those of every plan. Raises ``MissingFigureError`` when a chip or a site lacks a figure.
    """
    return (
        step,
        *machine_inputs(catalog, setups, "chip"),
        inputs_of("price", "offer", [tier.price for tier in tiers]),
        inputs_of("setup", "start", [setup or assumption_named(catalog, each) for each in start_names(supplies)]),
        of_sites("power_usd_per_kwh", "site", sites, "power.price"),
        of_sites("pue", "site", sites, "power.pue"),
        *common_inputs(catalog, WORK, POWER, RENT, SPOT, OWN, SPARES),
        inputs_of("lead", "offer", [tier.lead for tier in tiers]),
        inputs_of("big_and_soon", "all", [big_and_soon(catalog)]),
        *common_inputs(catalog, STORAGE, PORTING, RESALE, *further),
    )


def steps_of_runs(catalog: Catalog, runs: Runs) -> Uncertain:
    """Step time of each run over that in the likeliest case, with what is not stated drawn."""
    if not runs.drawn:
        runs.drawn.append(_steps_of_runs(catalog, runs))
    return runs.drawn[0]


def _steps_of_runs(catalog: Catalog, runs: Runs) -> Uncertain:
    of_chips = zip(runs.setups, runs.paces.weights, strict=True)
    beneath = [(step_spread(catalog, setup), *weights) for setup, weights in of_chips]
    ratios: dict[int, NamedFigure] = {}
    for chip, setup in enumerate(runs.setups):
        own = np.flatnonzero(runs.chip == chip).tolist()
        found = [_ratio(runs.paces.of(run), float(runs.step_s[run])) for run in own]
        most = max(runs.chips[own], default=1.0)
        ratios.update(zip(own, mixed_step_ratios(catalog, setup, float(most), found), strict=True))
    places = range(len(runs))
    return inputs_of("step", "run", [ratios[run] for run in places], [beneath[chip] for chip in runs.chip.tolist()])


def _ratio(step_s: Percentiles, likeliest_s: float) -> Percentiles:
    """A step time over the likeliest."""
    return Percentiles(p10=step_s.p10 / likeliest_s, p50=step_s.p50 / likeliest_s, p90=step_s.p90 / likeliest_s)


def start_names(supplies: Sequence[str]) -> Iterator[str]:
    """Names of the days until training starts, for each supply in the order of ``STARTS``."""
    for supply in supplies:
        yield from (setup_name(supply) if supply == "own" else f"planning.setup_days_{each}" for each in STARTS)


def setup_name(supply: str) -> str:
    """Name of the days until training starts."""
    return "planning.setup_days_owned" if supply == "own" else f"planning.setup_days_{STARTS[0]}"
