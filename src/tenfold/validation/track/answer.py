"""The answer about a running job."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure, Percentiles
from tenfold.validation.track.question import TrackQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAnswer:
    """How far the job is, when it ends now, and what moved the end from where the plan had it."""

    question: TrackQuestion
    made: Made
    steps_done: int
    steps_total: int
    elapsed_days: float
    """From the first line of the log to its last, stops included; reckoned where lines have no time."""
    before_log_days: float
    """The plan's setup, and what was done before the first line of the log."""
    step_time_s: Percentiles
    """Of the steps to come, by the log."""
    planned_step_time_s: Percentiles
    goodput: Percentiles
    """Share of the time to come that trains."""
    planned_goodput: Percentiles
    remaining_days: Percentiles
    finish_days: Percentiles
    """From the plan's start, its setup included."""
    planned_finish_days: Percentiles
    finish_day: datetime.date | None
    """Day of the P50; None where the lines of the log have no time."""
    late_days: float
    """Days between the P50 now and the plan's; below zero where it ends earlier."""
    late_by_days: Mapping[str, float]
    """The same by cause; they add up to it."""
    in_time: bool | None
    """Whether the P50 is within the plan's deadline; None where it has none."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
