"""The answer about a trace."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.planning.fleet_read.question import FleetReadQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Jobs that ask for the same number of chips."""

    chips: int
    jobs: int
    chip_hours: float
    duration_s: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """A row that means nothing."""

    line: str
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReadAnswer:
    """What a trace holds."""

    question: FleetReadQuestion
    made: Made
    format: str
    rows: int
    jobs: int
    rows_without_chips: int
    damaged: tuple[Damaged, ...]
    """Every one of them."""
    span_s: float
    """From the first submission to the last."""
    chip_hours: float
    duration_s: Percentiles
    largest_gang: int
    tenants: int
    mean_chips_asked: float
    """Chips that would be busy if nobody waited: chip-hours over the span, the longest job's end included."""
    sizes: tuple[Sizes, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
