"""The answer about a job before it is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.fleet import OpeningNow, Victim
from tenfold.planning.fleet_submit.question import FleetSubmitQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles, Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change to the job or the rules, and what it would do."""

    what: str
    wait_s: Percentiles
    done_s: Percentiles
    """From submission to the end."""
    mean_wait_s: float
    """Mean wait of the job as it is, less what the change saves."""
    mean_done_s: float
    """That and the time it runs then."""
    sooner_s: float
    """Mean wait that it saves, on draws that both have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSubmitAnswer:
    """What would become of a job."""

    question: FleetSubmitQuestion
    made: Made
    fits: bool
    """Whether it can ever start."""
    at_s: float
    running_jobs: int
    waiting_jobs: int
    chips: int
    free_chips: int
    openings: tuple[OpeningNow, ...]
    """Largest gangs that start now, by level and kind."""
    stranded_chips: int
    """Free beyond the largest gang that starts now."""
    mean_wait_s: float
    wait_s: Percentiles | None
    """From submission to the start."""
    done_s: Percentiles | None
    """From submission to the end."""
    wait_reasons: Mapping[str, float]
    """Mean wait by reason, s; they add up to ``mean_wait_s``."""
    binding: str
    """Reason of most of the wait; nothing where it starts at once."""
    changes: tuple[Change, ...]
    """What would start it sooner after it is submitted, the most first; last, how much later it could be submitted and
    start at the same time."""
    victims: tuple[Victim, ...]
    """Running jobs of later tiers that make room at once, or would if they had to; none where it starts anyway."""
    chip_hours: float
    usd: float | None
    infeasible: tuple[Shortfall, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
