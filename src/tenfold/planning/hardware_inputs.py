"""Uncertain inputs of chips that train: step time, failure rate, rated power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenfold.catalog import Catalog, assumption_named
from tenfold.performance.training import CalibratedSetup, training_calibrations
from tenfold.planning.drawn import failure_name, inputs_of, rated_power
from tenfold.quantities import NamedFigure, Percentiles, Uncertain, ratio_figure


def step_input(
    catalog: Catalog, setups: Sequence[CalibratedSetup], most_chips: Sequence[float], axis: str
) -> Uncertain:
    """Measured over predicted step time of each setup, on the axis that says which one is meant.

    ``most_chips`` is of the largest run of each: its step time is as sure as that.
    """
    steps = [step_ratio(catalog, *each) for each in zip(setups, most_chips, strict=True)]
    return inputs_of("step", axis, steps, [(step_spread(catalog, setup),) for setup in setups])


def machine_inputs(catalog: Catalog, setups: Sequence[CalibratedSetup], axis: str) -> tuple[Uncertain, ...]:
    """Failure rate and rated power of each setup. Raises ``MissingFigureError`` when a chip lacks a figure."""
    rates = [assumption_named(catalog, failure_name(catalog, setup.chip.family)) for setup in setups]
    return (
        inputs_of("failures", axis, rates),
        rated_power(catalog, axis, [(setup.chip, setup.system) for setup in setups]),
    )


def step_ratio(catalog: Catalog, setup: CalibratedSetup, chips: float) -> NamedFigure:
    """Measured over predicted step time of a chip, from the spread its calibration states."""
    sure, spread = setup.spread(chips), step_spread(catalog, setup)
    key = spread.name.rpartition("/")[2]
    figure = ratio_figure(sure.log_spread, spread.figure, f"{sure.words}; from {key}")
    return NamedFigure(name=f"calibrations/{setup.chip.family}/step_time_ratio", figure=figure)


def mixed_step_ratios(
    catalog: Catalog, setup: CalibratedSetup, chips: float, ratios: Sequence[Percentiles]
) -> tuple[NamedFigure, ...]:
    """Measured over predicted step times where what is not stated is drawn too: ``ratios`` over the likeliest case.

    Those of one setup rest on the same, ``chips`` or more of it.
    """
    alone = step_ratio(catalog, setup, chips)
    mixed = (replace(alone.figure, value=each.p50, low=each.p10, high=each.p90) for each in ratios)
    return tuple(NamedFigure(name=alone.name, figure=figure) for figure in mixed)


def step_spread(catalog: Catalog, setup: CalibratedSetup) -> NamedFigure:
    """Spread of measured over predicted step times that ``step_ratio`` is from, as its calibration states it."""
    moe, frozen = float(setup.setup.shape.moe_layers) > 0, float(setup.setup.job.frozen_weights) > 0
    arch = "adapter" if frozen else "moe" if moe else "dense"
    known = any(key.startswith(f"rows.{setup.chip.family}.") for key in setup.constants)
    key = f"spread.{arch}.{'measured' if known else 'unmeasured'}"
    record = next(each for each in reversed(training_calibrations(catalog)) if key in each.constants)
    return NamedFigure(name=f"calibrations/{record.key}/constants.{key}", figure=record.constants[key])
