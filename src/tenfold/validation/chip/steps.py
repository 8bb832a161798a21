"""A measured training step of a small model against what is predicted of it, with some constants or others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.catalog import Catalog, Chip, Software, System, TransformerShape, age_years
from tenfold.performance import (
    Regime,
    hardware_of,
    kernels_for,
    spread_of,
    stacks_of,
    watts_per_flop_per_s,
)
from tenfold.performance.layout import Layout
from tenfold.performance.training import TrainingSetup, estimate_layout, measured_stack
from tenfold.quantities import Z90, Percentiles
from tenfold.validation.chip.answer import Step
from tenfold.validation.chip.measured import Measurement
from tenfold.workloads import PRECISIONS, TrainingJob, total_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class OneChip:
    """What a step is predicted on."""

    catalog: Catalog
    chip: Chip
    system: System
    software: Software


def shape_of(measurement: Measurement) -> TransformerShape:
    """Shape of the decoder that is measured: gated feed-forward, full attention, head and table apart."""
    size = measurement.sizes
    width = size["hidden"] / size["heads"]
    return TransformerShape(
        hidden=size["hidden"],
        vocab=size["vocab"],
        attention_layers=size["layers"],
        dense_mlp_layers=size["layers"],
        heads=size["heads"],
        kv_heads=size["heads"],
        head_dim=width,
        value_head_dim=width,
        ffn=size["ffn"],
    )


def step_of(measurement: Measurement, on: OneChip, before: Mapping[str, float], after: Mapping[str, float]) -> Step:
    """Compare a measured step with what the constants before and after say of it."""
    return Step(
        parameters=float(total_parameters(shape_of(measurement))),
        tokens=measurement.sizes["tokens"] * measurement.sizes["batch"],
        measured_s=measurement.median_s,
        before=predicted(measurement, on, before),
        after=predicted(measurement, on, after),
    )


def predicted(measurement: Measurement, on: OneChip, constants: Mapping[str, float]) -> Percentiles:
    """Step time of the measured model on one chip, s; its range is that of a benchmark nobody has seen."""
    precision = PRECISIONS[measurement.format]
    kernels = kernels_for(
        constants,
        family=on.chip.family,
        weight_bytes=precision.weight_bytes,
        software=on.software,
        age_years=age_years(on.software, on.chip.year),
        watts_per_flop_per_s=watts_per_flop_per_s(on.chip),
        precision=measurement.format,
    )
    job = TrainingJob(
        sequence_length=measurement.sizes["tokens"],
        global_batch=measurement.sizes["batch"],
        weight_bytes=precision.weight_bytes,
    )
    hardware = hardware_of(on.catalog, on.chip, on.system, measurement.format)
    setup = TrainingSetup(shape=shape_of(measurement), job=job, hardware=hardware, kernels=kernels)
    step_s = float(estimate_layout(setup, Layout(micro_batch=measurement.sizes["batch"])).step.step_s)
    regime = Regime(
        family=on.chip.family,
        weight_bytes=precision.weight_bytes,
        chips=1.0,
        moe=False,
        stacks=stacks_of(on.software),
        known_software=measured_stack(constants, on.software),
    )
    reach = math.exp(Z90 * spread_of(constants, regime).log_spread)
    return Percentiles(p10=step_s / reach, p50=step_s, p90=step_s * reach)
