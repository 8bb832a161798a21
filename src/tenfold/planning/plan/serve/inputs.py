"""The uncertain inputs of a serving plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.catalog import Catalog, Site, assumption_named
from tenfold.performance.serving import TOPIC, serving_spread
from tenfold.planning.drawn import (
    OWN,
    PORTING,
    POWER,
    POWER_RATIO,
    RENT,
    RESALE,
    common_inputs,
    inputs_of,
    node_power,
    node_power_rests_on,
    of_sites,
    power_with_hosts,
)
from tenfold.planning.plan.serve.layouts import Machine, Space
from tenfold.planning.plan.train.inputs import setup_name
from tenfold.planning.supply.tiers import Tier, big_and_soon
from tenfold.quantities import HIGH, LOW, NamedFigure, Points, Uncertain, log_spread_of, ratio_figure

SPREAD = "spread.tpot.measured"


def uncertain_inputs(
    catalog: Catalog, space: Space, tiers: Sequence[Tier], supplies: Sequence[str], sites: Sequence[Site]
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input, in an order that does not depend on the catalog.

    Raises ``MissingFigureError`` when a site lacks a figure.
    """
    spread = spread_figure(catalog)
    paces = [_pace(space, machine, spread) for machine in space.machines]
    powers = [power_of(catalog, machine) for machine in space.machines]
    return (
        inputs_of("step", "chip", paces, [(spread,)] * len(paces)),
        inputs_of("rated_w", "chip", [own for own, _ in powers], [under for _, under in powers]),
        inputs_of("price", "offer", [tier.price for tier in tiers]),
        inputs_of("setup", "supply", [assumption_named(catalog, setup_name(supply)) for supply in supplies]),
        of_sites("power_usd_per_kwh", "site", sites, "power.price"),
        of_sites("pue", "site", sites, "power.pue"),
        *common_inputs(catalog, POWER, RENT, OWN),
        inputs_of("lead", "offer", [tier.lead for tier in tiers]),
        inputs_of("big_and_soon", "all", [big_and_soon(catalog)]),
        *common_inputs(catalog, PORTING, RESALE),
    )


def spread_figure(catalog: Catalog) -> NamedFigure:
    """Spread of a token's time that was measured, the latest calibration's."""
    found = [
        NamedFigure(name=f"calibrations/{record.key}/constants.{SPREAD}", figure=record.constants[SPREAD])
        for record in catalog.calibrations.values()
        if record.topic == TOPIC and SPREAD in record.constants
    ]
    return found[-1]


def _pace(space: Space, machine: Machine, spread: NamedFigure) -> NamedFigure:
    """Measured over predicted time of a token, as surely as it is known on this chip."""
    sure = serving_spread(space.factors, machine.labels, "tpot")
    figure = ratio_figure(sure.log_spread, spread.figure, sure.words)
    return NamedFigure(name=f"calibrations/{machine.chip.family}/token_time_ratio", figure=figure)


def power_of(catalog: Catalog, machine: Machine) -> tuple[NamedFigure, tuple[NamedFigure, ...]]:
    """Rated power of a chip with its part of the node, and the recorded figures under it."""
    if machine.system is not None:
        return node_power(catalog, machine.chip, machine.system), node_power_rests_on(
            catalog, machine.chip, machine.system
        )
    name = f"chips/{machine.chip.key}/power.tdp"
    under = NamedFigure(name=name, figure=machine.chip.figure("power.tdp")), assumption_named(catalog, POWER_RATIO)
    made = power_with_hosts(catalog, machine.chip, "no system is recorded")
    return NamedFigure(name=f"{name}_of_node", figure=made), under


def without_spares(points: Points) -> Points:
    """Points at which an owner buys no further share of spare chips: a fleet has its spare replicas already."""
    none = np.zeros((1, points.count))
    return replace(points, values={**points.values, "spares": none}, axes={**points.axes, "spares": "all"})


def used(points: Points, use: float) -> Points:
    """Points at which chips draw between idle and full in proportion to the load: idle + (full − idle)·use."""
    full, idle = points.values["drawn_share"], points.values["idle_share"]
    drawn = np.minimum(idle, full) + np.maximum(full - idle, 0.0) * use
    return replace(points, values={**points.values, "drawn_share": drawn})


def pace_z(inputs: Sequence[Uncertain], points: Points) -> np.ndarray:
    """Standard normal behind the pace of every draw: that of the first chip, whose coordinate all chips share."""
    pace = next(each for each in inputs if each.key == "step")
    drawn = np.log(points.values["step"][0])
    return np.asarray(drawn / log_spread_of(*pace.at(np.array([LOW, HIGH]))[0]))
