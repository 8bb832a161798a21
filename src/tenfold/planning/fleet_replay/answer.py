"""The answer about a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from tenfold.fleet import Opening, Summary, parquet_of
from tenfold.planning.fleet_replay.question import FleetReplayQuestion
from tenfold.quantities import InputError, Made, NamedFigure, Percentiles, Problem, Shortfall

FILE_ASKS: Mapping[str, object] = MappingProxyType({"each_job": True})
"""What a file of the answer needs."""
FILE_SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """Share of shared chips that are held when a share of them is asked for."""

    asked: float
    mean: float
    """Of the draws."""
    held: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcome:
    """What became of a job."""

    line: int
    """Of the trace."""
    tenant: str
    tier: int
    chips: int
    submit_s: float
    """On the clock of the trace, as the end is."""
    finished_s: float
    wait_s: float
    held_s: float
    """Time that it held chips."""
    waited_for: str
    """Reason of most of its wait; nothing where it did not wait."""
    usd: float | None
    """Chips that it asked for × time that it held any × price; nothing where no price is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReplayAnswer(Summary):
    """What became of the jobs of a trace on a shared fleet: a replay in numbers, and what it rests on."""

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
    happened: Mapping[str, int]
    """How often machines failed and were drained, jobs failed by themselves, numbers came out wrong, results with
    them, jobs were stopped as spot chips were taken back, started on fewer chips than they ask for, and grew to all."""
    allocated: tuple[Allocated, ...]
    """Where tasks share chips: how full the cluster gets."""
    openings: tuple[Opening, ...]
    """Largest gangs that could start, over time, by level and kind of chip."""
    mean_stranded_chips: float | None
    """Free beyond the largest gang that could start, over time; nothing where tasks share chips."""
    chip_hours: float
    """Of the fleet, from the first submission to the last end."""
    usd: float | None
    """What those cost; nothing where no price is known."""
    usd_by_use: Mapping[str, float]
    """The same by what the chips did."""
    usd_by_tenant: Mapping[str, float]
    """What tenants' jobs used, idle chips left out."""
    rerun_mean_wait_s: Percentiles | None
    """Mean wait of replays with other tie orders, passes up to two minutes apart, other failures, and where jobs are
    drawn, other draws of them; if asked."""
    each_job: tuple[JobOutcome, ...]
    """In order of submission; none unless asked."""
    jobs_never: int
    """Jobs that can never start."""
    infeasible: tuple[Shortfall, ...]
    """Jobs that can never start, by what they ask for."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]


def file(answer: FleetReplayAnswer) -> bytes:
    """What became of each job, as Parquet. Raises ``InputError`` where no job has a time."""
    if not answer.each_job:
        wrong = "no job was kept: tasks that share chips have no times"
        raise InputError(Problem(file="--out", key="", wrong=wrong, remedy="Leave --out or nodes out"))
    names = [each.name for each in fields(JobOutcome)]
    return parquet_of({name: [getattr(each, name) for each in answer.each_job] for name in names})
