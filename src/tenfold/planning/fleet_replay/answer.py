"""The answer about a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.fleet import Group
from tenfold.planning.fleet_replay.question import FleetReplayQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles, Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """Share of shared chips that are held when a share of them is asked for."""

    asked: float
    mean: float
    """Of the draws."""
    held: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReplayAnswer:
    """What became of the jobs of a trace on a shared fleet."""

    question: FleetReplayQuestion
    made: Made
    format: str
    """How the trace was read."""
    rows: int
    damaged_rows: int
    rows_without_chips: int
    chips: int
    order: str
    admission: str
    fits: bool
    """Whether every job could start."""
    jobs: int
    mean_jct_s: float
    mean_wait_s: float
    wait_s: Percentiles
    jct_s: Percentiles
    slowdown: Percentiles
    """Time to completion over the time alone, a job counted as no shorter than 10 s."""
    mean_slowdown: float
    wait_by_chip_hours_s: float
    """Mean wait weighted by chip-hours."""
    longest_wait_s: float
    jobs_waited: int
    preemptions: int
    failures: int
    """Of machines."""
    makespan_s: float
    utilisation: Mapping[str, float]
    """Shares of chips × time from the first submission to the last end; they add up to 1."""
    wait_reasons: Mapping[str, float]
    """Mean wait of a job by reason, s; they add up to ``mean_wait_s``."""
    groups: tuple[Group, ...]
    """By chips asked for, by tenant, by tier."""
    allocated: tuple[Allocated, ...]
    """Where tasks share chips: how full the cluster gets."""
    chip_hours: float
    """Of the fleet, from the first submission to the last end."""
    usd: float | None
    """What those cost; nothing where no price is known."""
    usd_by_use: Mapping[str, float]
    """The same by what the chips did."""
    usd_by_tenant: Mapping[str, float]
    """What tenants' jobs used, idle chips left out."""
    rerun_mean_wait_s: Percentiles | None
    """Mean wait of replays with other tie orders, passes up to two minutes apart, other failures; if asked."""
    infeasible: tuple[Shortfall, ...]
    """Jobs that can never start, by what they ask for."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
