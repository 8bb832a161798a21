"""The answer about measurements of one's own chip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure, Percentiles
from tenfold.validation.chip.measured import Machine
from tenfold.validation.chip.question import CalibrateChipQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One constant as measured, and as the catalog has it."""

    measured: Percentiles
    before: float
    """What the catalog held for the chip."""
    measurements: int
    """Behind it."""
    error: float
    """Root mean square of ln(measured ÷ fitted time) over those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFabric:
    """One fabric as measured: shares of its bandwidth, and the latency of a step."""

    efficiency: Percentiles
    efficiency_before: float | None
    latency_s: Percentiles | None
    """None where the sizes do not show it."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A short training run of a small model on one chip, against what is predicted of it."""

    parameters: float
    tokens: float
    measured_s: float
    before: Percentiles
    """Predicted with the constants of the catalog."""
    after: Percentiles
    """Predicted with the measured ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What is shown and changes nothing: a speed or a time, over its measurements."""

    value: float
    unit: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateChipAnswer:
    """Constants of a chip, of its fabrics, and how a measured step compares."""

    question: CalibrateChipQuestion
    made: Made
    machine: Machine
    family: str
    """Chip family that the constants belong to."""
    used: int
    """Measurements that the device did."""
    refused: Mapping[str, str]
    """What it would not do, and why."""
    noise: float
    """Median over measurements of the width of their P10–P90 over their median."""
    constants: Mapping[str, Constant]
    """By key of the calibration."""
    fabrics: Mapping[str, MeasuredFabric]
    """By key of the fabric."""
    steps: tuple[Step, ...]
    rates: Mapping[str, Rate]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]


def files(answer: CalibrateChipAnswer) -> Mapping[str, str]:
    """Files of an overlay with the constants and the fabrics."""
    from tenfold.validation.chip.overlay import overlay_files

    return overlay_files(answer)


def joined(name: str, text: str, there: str) -> str:
    """Text of one of the files where one is there: figures of a fabric that were not measured again are kept.

    Raises ``InputError`` where something else would be lost.
    """
    from tenfold.validation.chip.overlay import joined_fabric

    return joined_fabric(name, text, there)
