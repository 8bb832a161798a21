"""From catalog keys to a setup ready to estimate and search, with the calibration that applies to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tenfold.catalog import Calibration, Catalog, Chip, ModelRecord, Software, System, age_years, default_software
from tenfold.performance.calibrated import kernels_for
from tenfold.performance.hardware_of import figures_of, hardware_of, watts_per_flop_per_s
from tenfold.performance.spread import Regime, Spread, log_spread_of, spread_of
from tenfold.performance.training.estimate import TrainingSetup
from tenfold.quantities import Figure, InputError, Problem
from tenfold.workloads.job import TrainingJob
from tenfold.workloads.precision import PRECISIONS

TOPIC = "training"
PRODUCTION = "performance.production_share"
PRIORS = "training-priors"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedSetup:
    """A setup with where its constants are from and how sure they are."""

    setup: TrainingSetup
    chip: Chip
    system: System
    software: Software
    constants: Mapping[str, float]
    """Of the calibration."""
    production: Figure
    """Share of a benchmark's speed that a production run keeps."""
    figures: tuple[tuple[str, Figure], ...]

    def spread(self, chips: float) -> Spread:
        """How sure a prediction on that many chips is: spread of unseen runs, and of production over benchmark."""
        regime = Regime(
            family=self.chip.family,
            weight_bytes=float(self.setup.job.weight_bytes),
            chips=chips,
            moe=float(self.setup.shape.moe_layers) > 0,
        )
        found = spread_of(self.constants, regime)
        return replace(found, log_spread=math.hypot(found.log_spread, log_spread_of(self.production)))


def training_calibrations(catalog: Catalog) -> tuple[Calibration, ...]:
    """Calibrations of training, priors first, fitted ones over them."""
    found = [record for record in catalog.calibrations.values() if record.topic == TOPIC]
    return tuple(sorted(found, key=lambda record: (record.key != PRIORS, record.key)))


def training_figures(catalog: Catalog) -> Mapping[str, Figure]:
    """Constants of all training calibrations, later ones winning."""
    merged: dict[str, Figure] = {}
    for calibration in training_calibrations(catalog):
        merged |= calibration.constants
    return merged


def training_constants(catalog: Catalog) -> dict[str, float]:
    """Values of ``training_figures``."""
    return {key: figure.value for key, figure in training_figures(catalog).items()}


def choose_software(catalog: Catalog, chip: Chip, software: str) -> Software:
    """The stack of that key, or the latest one that chips of this vendor are planned with."""
    stacks = catalog.software
    if software and software not in stacks:
        known = ", ".join(sorted(stacks))
        raise InputError(
            Problem(file="", key="software", wrong=f"unknown software '{software}'", remedy=f"Use one of {known}")
        )
    return stacks[software] if software else default_software(chip.vendor, stacks)


def require_precision(precision: str) -> None:
    """Raise ``InputError`` for a precision no recipe is known for."""
    if precision not in PRECISIONS:
        raise InputError(
            Problem(
                file="",
                key="precision",
                wrong=f"unknown precision '{precision}'",
                remedy=f"Use one of {', '.join(PRECISIONS)}",
            )
        )


def setup_training(
    catalog: Catalog,
    *,
    chip: str,
    model: ModelRecord,
    precision: str,
    sequence_length: float,
    global_batch: float,
    software: str = "",
) -> CalibratedSetup:
    """Everything but the layout.

    Raises ``InputError`` for unknown names and ``MissingFigureError`` for figures nobody has recorded.
    """
    require_precision(precision)
    record = catalog.chip(chip)
    system = catalog.system_of(record)
    stack = choose_software(catalog, record, software).in_precision(precision)
    weight_bytes = PRECISIONS[precision].weight_bytes
    constants = training_constants(catalog)
    production = catalog.assumption(PRODUCTION)
    kernels = kernels_for(
        constants,
        family=record.family,
        weight_bytes=weight_bytes,
        software=stack,
        age_years=age_years(stack, record.year),
        watts_per_flop_per_s=watts_per_flop_per_s(record),
    )
    job = TrainingJob(
        sequence_length=float(sequence_length),
        global_batch=float(global_batch),
        weight_bytes=weight_bytes,
        fused_attention=float(stack.fused_attention),
    )
    return CalibratedSetup(
        setup=TrainingSetup(
            shape=model.shape,
            job=job,
            hardware=hardware_of(catalog, record, system, precision),
            kernels=replace(kernels, production_loss=1.0 / production.value - 1.0),
        ),
        chip=record,
        system=system,
        software=stack,
        constants=constants,
        production=production,
        figures=(
            (f"assumptions/{PRODUCTION}", production),
            *figures_of(catalog, record, system, precision),
        ),
    )
