"""The answer about the layouts of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.performance.layout import ParallelLayout
from tenfold.planning.search.question import SearchTrainingQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLayout:
    """A layout that fits, with its time and memory."""

    layout: ParallelLayout
    step_time_s: Percentiles
    tokens_per_s_per_chip: Percentiles
    mfu: Percentiles
    memory_bytes_per_chip: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTrainingAnswer:
    """What a search over every layout found."""

    question: SearchTrainingQuestion
    made: Made
    model: str
    chip: str
    chips: int
    system: str
    software: str
    precision: str
    sequence_length: int
    global_batch: int
    layouts_considered: int
    rejected: Mapping[str, int]
    """Layouts by the first reason they were rejected for."""
    timed: int
    best: tuple[FoundLayout, ...]
    """Fastest first."""
    pareto: tuple[FoundLayout, ...]
    """No other layout is both faster and smaller; fastest first."""
    short: str
    nearest: str
    """What was short and what would fit, when nothing does; empty otherwise."""
    memory_capacity_bytes_per_chip: float
    calibration: str
    outside_calibration: tuple[str, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]

    @property
    def fits(self) -> bool:
        """Whether any layout fits."""
        return bool(self.best)
