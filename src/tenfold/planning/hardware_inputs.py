"""Uncertain inputs of chips that train: step time, failure rate, rated power."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.catalog import Catalog, assumption_named
from tenfold.performance.training import CalibratedSetup, training_calibrations
from tenfold.planning.drawn import failure_name, inputs_of, rated_power
from tenfold.quantities import NamedFigure, Uncertain, ratio_figure


def hardware_inputs(
    catalog: Catalog, setups: Sequence[CalibratedSetup], chips: Sequence[float], axis: str
) -> tuple[Uncertain, ...]:
    """Step time, failure rate and rated power of each setup, on the axis that says which one is meant.

    ``chips`` are those that the step time of each is as sure on. Raises ``MissingFigureError`` when a chip lacks a
    figure.
    """
    steps = [step_ratio(catalog, *each) for each in zip(setups, chips, strict=True)]
    rates = [assumption_named(catalog, failure_name(catalog, setup.chip.family)) for setup in setups]
    return (
        inputs_of("step", axis, steps, [(step_spread(catalog, setup),) for setup in setups]),
        inputs_of("failures", axis, rates),
        rated_power(catalog, axis, [(setup.chip, setup.system) for setup in setups]),
    )


def step_ratio(catalog: Catalog, setup: CalibratedSetup, chips: float) -> NamedFigure:
    """Measured over predicted step time of a chip, from the spread its calibration states."""
    sure, spread = setup.spread(chips), step_spread(catalog, setup)
    key = spread.name.rpartition("/")[2]
    figure = ratio_figure(sure.log_spread, spread.figure, f"{sure.words}; from {key}")
    return NamedFigure(name=f"calibrations/{setup.chip.family}/step_time_ratio", figure=figure)


def step_spread(catalog: Catalog, setup: CalibratedSetup) -> NamedFigure:
    """Spread of measured over predicted step times that ``step_ratio`` is from, as its calibration states it."""
    arch = "moe" if float(setup.setup.shape.moe_layers) > 0 else "dense"
    known = any(key.startswith(f"rows.{setup.chip.family}.") for key in setup.constants)
    key = f"spread.{arch}.{'measured' if known else 'unmeasured'}"
    record = next(each for each in reversed(training_calibrations(catalog)) if key in each.constants)
    return NamedFigure(name=f"calibrations/{record.key}/constants.{key}", figure=record.constants[key])
