"""The answer about the size of a fleet."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.planning.fleet_size.question import FleetSizeQuestion
from tenfold.quantities import Made, NamedFigure, Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A size that was replayed."""

    chips: int
    mean_wait_s: float
    p90_wait_s: float
    productive: float
    """Share of chip-hours that are work."""
    usd_per_h: float | None
    """What it costs to hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """The smallest size that meets a target, of those that were tried."""

    target_s: float
    chips: int
    wait_s: float
    usd_per_h: float | None
    usd_per_h_more: float | None
    """Than the target before, which is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSizeAnswer:
    """The smallest fleet."""

    question: FleetSizeQuestion
    made: Made
    jobs: int
    largest_gang: int
    fits: bool
    """Whether each target is met by some size."""
    chips: int | None
    """For the shortest of the targets that are met; None where none is."""
    sized: tuple[Sized, ...]
    """By target that is met, the longest first."""
    tried: tuple[Tried, ...]
    infeasible: tuple[Shortfall, ...]
    """Targets that no size meets."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
