"""The answer about one training step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.performance.layout import ParallelLayout
from tenfold.planning.estimate.question import EstimateTrainingQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Step time with everything overlapped at the peaks, and with nothing overlapped."""

    lower_step_s: float
    upper_step_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Memory that the smallest layout lacks, and the nearest change that would fit."""

    short: str
    nearest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateTrainingAnswer:
    """One training step on one cluster, with what it rests on."""

    question: EstimateTrainingQuestion
    made: Made
    model: str
    chip: str
    chips: int
    system: str
    software: str
    precision: str
    sequence_length: int
    global_batch: int
    layout: ParallelLayout
    chosen: tuple[str, ...]
    """Names of the layout's settings that were not given."""
    feasible: bool
    shortage: Shortage | None
    """What was short when it is not feasible; the numbers are those of the layout that needs the least memory."""
    step_time_s: Percentiles
    tokens_per_s_per_chip: Percentiles
    mfu: Percentiles
    hfu: Percentiles
    memory_bytes_per_chip: Mapping[str, float]
    """By part, their ``total``, and the chip's ``capacity``."""
    terms: Mapping[str, float]
    """Seconds by term at P50; they add up to the step."""
    bounds: Bounds
    calibration: str
    outside_calibration: tuple[str, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]

    @property
    def fits(self) -> bool:
        """Whether the layout fits the memory."""
        return self.feasible
