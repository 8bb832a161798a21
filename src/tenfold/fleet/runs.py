"""What engines give: each time that a job held chips, and how much room there was in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenfold.fleet.capacity.nodes import Nodes
from tenfold.fleet.jobs import Jobs
from tenfold.quantities import Floats, Indices, Integers


@dataclass(slots=True)
class Room:
    """Largest gangs that could have started, after each pass: kept where chips have a shape."""

    shaped: bool
    time_s: list[float] = field(default_factory=list)
    gang: list[int] = field(default_factory=list)
    part: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, capacity: object) -> Room:
        """Room of a capacity."""
        return cls(shaped=isinstance(capacity, Nodes))

    def note(self, now_s: float, capacity: Any) -> None:  # noqa: ANN401
        """Remember how it is now."""
        if self.shaped:
            gang, part = capacity.largest()
            self.time_s.append(now_s)
            self.gang.append(gang)
            self.part.append(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """Chips that were broken, one entry each time."""

    start_s: Floats
    end_s: Floats
    chips: Integers


NOTHING = np.zeros(0)
NO_OUTAGES = Outages(start_s=NOTHING, end_s=NOTHING, chips=NOTHING.astype(np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Each time that a job held chips, one entry each."""

    job: Indices
    start_s: Floats
    end_s: Floats
    held: Integers
    """Chips held, which may be more than were asked for."""
    finished_s: Floats
    """When each job was done, one entry a job."""
    preemptions: int
    room: Room | None
    outages: Outages = NO_OUTAGES

    @classmethod
    def whole(cls, started_s: Floats, jobs: Jobs, held: Integers, room: Room | None) -> Runs:
        """Runs of jobs that nothing stopped."""
        ended_s = started_s + jobs.work_s
        return cls(
            job=np.arange(len(jobs)),
            start_s=started_s,
            end_s=ended_s,
            held=held,
            finished_s=ended_s,
            preemptions=0,
            room=room,
        )
