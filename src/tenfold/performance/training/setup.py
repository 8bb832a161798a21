"""From catalog keys to a setup ready to estimate and search, with the calibration that applies to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tenfold.catalog import Calibration, Catalog, Chip, ModelRecord, Software, System
from tenfold.performance.hardware_of import figures_of, hardware_of
from tenfold.performance.setup import calibrations_of, choose_software, constants_of, kernels_on, require_precision
from tenfold.performance.spread import Regime, Spread, log_spread_of, spread_of
from tenfold.performance.training.estimate import TrainingSetup
from tenfold.quantities import Figure
from tenfold.workloads import PRECISIONS, TrainingJob

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
    return calibrations_of(catalog, TOPIC, PRIORS)


def training_constants(catalog: Catalog) -> dict[str, float]:
    """Values of all training calibrations, later ones winning."""
    return constants_of(training_calibrations(catalog))


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
    constants = training_constants(catalog)
    production = catalog.assumption(PRODUCTION)
    kernels = kernels_on(constants, record, stack, precision)
    job = TrainingJob(
        sequence_length=float(sequence_length),
        global_batch=float(global_batch),
        weight_bytes=PRECISIONS[precision].weight_bytes,
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
