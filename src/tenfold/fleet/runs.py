"""What engines give: each time that a job held chips, and how much room there was in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenfold.fleet.capacity.pool import Pool
from tenfold.fleet.capacity.powered import bare
from tenfold.quantities import Floats, Indices, Integers


@dataclass(slots=True)
class Room:
    """Largest gangs that could have started, after each pass: kept where chips have a shape."""

    shaped: bool
    time_s: list[float] = field(default_factory=list)
    gang: list[Any] = field(default_factory=list)
    part: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, capacity: object) -> Room:
        """Room of a capacity."""
        return cls(shaped=not isinstance(bare(capacity), Pool))

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
    chips: Integers | None = None
    """Chips it ran on, one entry each time; what it asked for where nothing is said."""
    held_s: Floats | None = None
    """Time that each job held chips, one entry a job; that of its runs together where nothing is said."""
    lost_chip_s: Mapping[str, float] = field(default_factory=dict)
    """Chip-seconds held that did no lasting work, by what they did instead."""
    shift_chip_s: float = 0.0
    """Chip-seconds of work beyond what was asked for: work takes more on a slower kind, fewer on a quicker one."""
    failures: int = 0
    reserved: tuple[tuple[int, float, float], ...] = ()
    """Jobs that would have fitted, but for what is reserved for others: from when, until when."""
    outages: Outages = NO_OUTAGES

    @classmethod
    def whole(cls, started_s: Floats, lasts_s: Floats, held: Integers, room: Room | None) -> Runs:
        """Runs of jobs that nothing stopped."""
        ended_s = started_s + lasts_s
        return cls(
            job=np.arange(len(started_s)),
            start_s=started_s,
            end_s=ended_s,
            held=held,
            finished_s=ended_s,
            preemptions=0,
            room=room,
            held_s=lasts_s,
        )
