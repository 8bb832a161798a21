"""From catalog keys to a setup ready to estimate and search, with the calibration that applies to it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tenfold.catalog import Calibration, Catalog, Chip, ModelRecord, Software, System
from tenfold.performance.calibrated import stacks_of
from tenfold.performance.hardware import Hardware
from tenfold.performance.hardware_of import figures_of, hardware_of
from tenfold.performance.production import BETWEEN, DOUBLING, RATIO, ProductionRuns, production_runs
from tenfold.performance.setup import calibrations_of, choose_software, constants_of, kernels_on, require_precision
from tenfold.performance.spread import Regime, Spread, log_spread_at, spread_of
from tenfold.performance.training.estimate import TrainingSetup
from tenfold.quantities import DAYS_PER_YEAR, Column, Figure, Floats, InputError, Problem
from tenfold.workloads import FULL, PRECISIONS, TUNINGS, TrainingJob, unmeasured_in

TOPIC = "training"
PRODUCTION = "production"
"""Calibration of production runs against benchmarks."""
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
    production: ProductionRuns
    """What production runs keep of a benchmark's speed."""
    figures: tuple[tuple[str, Figure], ...]
    years_ahead: float = 0.0
    """From the last measurement to the run."""
    spreads: dict[tuple[float, bool], Spread] = field(default_factory=dict, init=False, compare=False, repr=False)
    """By chips and whether the layout is free: worked out once."""

    def with_network_share(self, share: float) -> CalibratedSetup:
        """The same where only a share of the bandwidth between domains is there."""
        if share == 1.0:
            return self
        part = self.setup
        return replace(self, setup=replace(part, hardware=with_network(part.hardware, None, share)))

    def spread(self, chips: float, *, free_layout: bool = False) -> Spread:
        """How sure a prediction on that many chips is: spread of unseen runs, and of production over benchmark."""
        if (chips, free_layout) not in self.spreads:
            found = spread_of(self.constants, self._regime(chips, free_layout=free_layout))
            log_spread = self._with_production(found.log_spread, chips).item()
            self.spreads[chips, free_layout] = replace(found, log_spread=log_spread)
        return self.spreads[chips, free_layout]

    def log_spread_at(self, chips: Column) -> Floats:
        """The same of runs on so many chips each, as numbers alone. Broadcasts."""
        regime = self._regime(0.0, free_layout=False)
        return self._with_production(log_spread_at(self.constants, regime, chips), chips)

    def _with_production(self, log_spread: Column, chips: Column) -> Floats:
        return np.hypot(log_spread, self.production.log_spread_at(chips))

    def _regime(self, chips: float, *, free_layout: bool) -> Regime:
        return Regime(
            family=self.chip.family,
            weight_bytes=float(self.setup.job.weight_bytes),
            frozen_bytes=float(self.setup.job.frozen_bytes),
            chips=chips,
            moe=float(self.setup.shape.moe_layers) > 0,
            adapter=float(self.setup.job.frozen_weights) > 0,
            stacks=stacks_of(self.software),
            known_software=measured_stack(self.constants, self.software),
            years_ahead=self.years_ahead,
            free_layout=free_layout,
            unmeasured_parts=tuple(unmeasured_in(self.setup.shape)),
        )


def measured_stack(constants: Mapping[str, float], software: Software) -> bool:
    """Whether constants were fitted to runs of a stack, or of the one whose kernels it was built from."""
    return any(f"software.{key}.matmul_factor" in constants for key in stacks_of(software))


def system_for(catalog: Catalog, chip: Chip, system: str) -> System:
    """The system named, which has to hold that chip; the chip's usual one when the name is empty.

    Raises ``InputError`` for a system of another chip, ``MissingFigureError`` where a chip has no usual one.
    """
    if not system:
        return catalog.system_of(chip)
    found = catalog.system(system)
    if found.chip != chip.key:
        fitting = ", ".join(sorted(each.key for each in catalog.systems.values() if each.chip == chip.key))
        wrong = f"system '{found.key}' holds {found.chip}, not {chip.key}"
        raise InputError(Problem(file="", key="system", wrong=wrong, remedy=f"Use one of {fitting}"))
    return found


def with_network(hardware: Hardware, network_bytes_per_s: float | None, share: float = 1.0) -> Hardware:
    """Hardware with another nominal bandwidth between domains, and a share of it; what is reached of it stays."""
    there = hardware.scaleout_bytes_per_s
    if network_bytes_per_s is not None:
        there = network_bytes_per_s * hardware.scaleout_share
    return replace(hardware, scaleout_bytes_per_s=there * share)


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
    system: str = "",
    network_bytes_per_s: float | None = None,
    tuning: str = FULL,
    adapter_rank: int = 0,
    start: datetime.date | None = None,
) -> CalibratedSetup:
    """Everything but the layout.

    ``system`` is the chip's usual one when empty; ``network_bytes_per_s`` is nominal, and the system's where None;
    ``tuning`` says what is trained of the model, ``adapter_rank`` is 0 where it is not known. A run that starts after
    the last measurement is less sure.

    Raises ``InputError`` for unknown names and ``MissingFigureError`` for figures nobody has recorded.
    """
    require_precision(precision)
    record = catalog.chip(chip)
    built = system_for(catalog, record, system)
    stack = choose_software(catalog, record, software).on_chip(record.key).in_precision(precision)
    constants = training_constants(catalog)
    production = production_runs(production_constants(catalog))
    kernels = kernels_on(constants, record, stack, precision)
    job = TrainingJob(
        sequence_length=float(sequence_length),
        global_batch=float(global_batch),
        weight_bytes=PRECISIONS[precision].weight_bytes,
        frozen_weights=TUNINGS[tuning].frozen_weights,
        frozen_bytes=TUNINGS[tuning].frozen_bytes,
        adapter_rank=float(adapter_rank),
        fused_attention=float(stack.fused_attention),
        fused_experts=float(stack.fused_experts),
    )
    return CalibratedSetup(
        setup=TrainingSetup(
            shape=model.shape,
            job=job,
            hardware=with_network(hardware_of(catalog, record, built, precision), network_bytes_per_s),
            kernels=replace(kernels, production_loss=math.exp(-production.log_share) - 1.0),
        ),
        chip=record,
        system=built,
        software=stack,
        constants=constants,
        production=production,
        figures=(
            *((f"calibrations/{PRODUCTION}/constants.{key}", each) for key, each in _of_production(catalog).items()),
            *figures_of(catalog, record, built, precision),
        ),
        years_ahead=0.0 if start is None else max((start - measured_until(catalog)).days / DAYS_PER_YEAR, 0.0),
    )


def production_constants(catalog: Catalog) -> dict[str, float]:
    """Values of the calibration of production runs."""
    return constants_of((catalog.calibration(PRODUCTION),))


def _of_production(catalog: Catalog) -> dict[str, Figure]:
    """Figures of production runs that a page lists: what each source lost, and how far operators differ."""
    found = catalog.calibration(PRODUCTION).constants
    return {key: figure for key, figure in found.items() if key.endswith(RATIO) or key in (BETWEEN, DOUBLING)}


def measured_until(catalog: Catalog) -> datetime.date:
    """Newest day of constants that were fitted to runs: what is measured ends there; kernels alone are no run."""
    fitted = (each for each in training_calibrations(catalog) if each.rows)
    constants = (figure for each in fitted for figure in each.constants.values())
    return max((figure.as_of for figure in constants if figure.kind == "measured"), default=datetime.date.min)
