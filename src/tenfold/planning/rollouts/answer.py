"""The answer about reinforcement learning over sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.performance.layout import ParallelLayout
from tenfold.planning.rollouts.question import RolloutsQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRow:
    """The loop where rollouts may be so old, every input at P50."""

    steps_old: int
    step_s: float
    compute_use: float
    """Share of the time the trainer trains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BandwidthRow:
    """The loop where links are so much wider, every input at P50."""

    factor: float
    broadcast_s: float
    step_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutsAnswer:
    """One step round the loop, what sets its pace, and what older rollouts and other links would change."""

    question: RolloutsQuestion
    made: Made
    model: str
    chip: str
    rollout_chip: str
    tp: int
    """Chips of a replica that generates."""
    replicas: int
    """Over all sites."""
    layout: ParallelLayout
    """Of the trainer: the fastest that fits, or the smallest where none does."""
    fits: bool
    short: str
    """What lacks memory, and what would do; empty where all fits."""
    step_s: Percentiles
    terms: Mapping[str, float]
    """Seconds of the step at P50: what the trainer trains and waits, and what the spread adds."""
    train_s: Percentiles
    generate_s: Percentiles
    """All rollouts of a step."""
    broadcast_s: float
    """New weights to the last site."""
    return_s: float
    """Rollouts of a site back to the trainer."""
    weights_bytes: float
    paced_by: str
    """What sets the pace at P50: ``training``, ``generating``, ``sending weights`` or ``the loop``."""
    compute_use: Percentiles
    """Share of the time the trainer trains."""
    rollout_use: Percentiles
    """Share of the time the sites generate."""
    steps_old_needed: int | None
    """Least age of rollouts with which the trainer never waits for the loop; None where another stage takes longer."""
    finish_days: Percentiles
    """Of all steps, without failures."""
    ages: tuple[AgeRow, ...]
    bandwidths: tuple[BandwidthRow, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
