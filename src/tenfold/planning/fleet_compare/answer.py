"""The answer about several fleets."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.planning.fleet_compare.question import FleetCompareQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One fleet, and how it differs from the first on the same jobs."""

    name: str
    chips: int
    order: str
    admission: str
    mean_wait_s: float
    mean_jct_s: float
    productive: float
    preemptions: int
    usd: float | None
    jobs: int
    """Jobs that could start in both."""
    less_wait_s: Percentiles
    """Mean wait of the first less that of this one, over days of submissions drawn again."""
    better_share: float
    """Share of jobs that wait less than in the first."""
    worse_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCompareAnswer:
    """Fleets side by side."""

    question: FleetCompareQuestion
    made: Made
    best: str
    """Name of the fleet with the shortest mean wait."""
    best_mean_wait_s: float
    fleets: tuple[Compared, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
