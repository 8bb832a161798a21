"""What a contest writes down: who ran where, what was lost, what was broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tenfold.fleet.pace import CROSSING, Speed

LOST = (
    *("checkpoint", "lost_to_failure", "lost_to_crash", "lost_to_corruption"),
    *("lost_to_preemption", "lost_after_failure", "lost_to_spot", "restart", CROSSING),
)
"""What chips held by jobs did beside lasting work."""
HAPPENED = (
    *("failures", "drains", "crashes", "corruptions", "corrupted_results", "spot_stops"),
    *("started_small", "grew"),
)


@dataclass(slots=True)
class Run:
    """A job that runs."""

    start_s: float
    first_s: float
    """Restart before work."""
    place: Any
    chips: int
    """How many it runs on."""
    rate: float
    """Useful work a second."""
    speed: Speed | None
    """Where that is not as recorded."""
    unsaved_s: float = 0.0
    """Work of its runs before that goes on in this one, and that no save holds."""


def worked_s(run: Run, now_s: float, left_s: float) -> float:
    """Useful work since a run started, whether kept or not: at its rate after its restart, at most what was left."""
    ran_s = now_s - run.start_s - run.first_s
    worked = run.unsaved_s + ran_s * run.rate if ran_s > 0.0 else run.unsaved_s
    return worked if worked < left_s else left_s


@dataclass(slots=True)
class Log:
    """What happened, as columns and sums."""

    job: list[int] = field(default_factory=list)
    start_s: list[float] = field(default_factory=list)
    end_s: list[float] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    chips: list[int] = field(default_factory=list)
    """What it ran on, which may be fewer than it asked for."""
    reserved: list[tuple[int, float, float]] = field(default_factory=list)
    """Jobs that would have fitted, but for what is reserved for others: from when, until when."""
    shift_chip_s: float = 0.0
    lost: dict[str, float] = field(default_factory=lambda: dict.fromkeys(LOST, 0.0))
    outages: list[tuple[float, float, int]] = field(default_factory=list)
    preemptions: int = 0
    happened: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HAPPENED, 0))
    """How often machines, software and sellers struck, and jobs ran on fewer chips."""

    def ran(self, job: int, run: Run, end_s: float, held: int) -> None:
        """Write down that a job ran until now."""
        self.job.append(job)
        self.start_s.append(run.start_s)
        self.end_s.append(end_s)
        self.held.append(held)
        self.chips.append(run.chips)

    def count(self, what: str) -> None:
        """Count one of ``HAPPENED``."""
        self.happened[what] += 1
