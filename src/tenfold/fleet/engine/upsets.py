"""What machines, software and sellers do to jobs, and what that costs: rates and times of one unit and one job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

NEVER = float("inf")
END, STOP, CRASH, FOUND, SPOT, REPAIR, ALARM = range(7)
"""Kinds of events, in the order in which those of one instant happen."""
Event = tuple[float, int, int, int, Any]
"""When, of which kind, of which job, its stamp, and what else there is to know."""
NOBODY = -1
"""In place of a job, for what is about the fleet."""
SOUND = 1.0
"""Hazard of a node that is no lemon."""
LEMONS, CRASHING = 19, 23
"""Streams of draws: who is a lemon, who crashes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsets:
    """What fails, and what that costs; rates and times of one unit and one job."""

    failures_per_chip_s: float = 0.0
    """Of sound machines."""
    unit_chips: int = 8
    """Chips that go down together, where chips have no shape; a node, where they have."""
    repair_s: float = 0.0
    restart_s: float = 0.0
    """From a stop to work again, loading included, once it has its chips."""
    interval_s: float = NEVER
    """Useful work between saves."""
    save_s: float = 0.0
    """Standing still for one."""
    goes_on: bool = False
    """Whether a job outlives a failure: it stalls, and goes on with its work on the nodes that are left, if any is."""
    stall_s: float = 0.0
    """Standing still while a node is dropped, or taken in again."""
    notice_s: float = 0.0
    """Between telling a job to make room and its stop."""
    lemon_share: float = 0.0
    """Share of nodes that fail more often."""
    lemon_factor: float = 1.0
    """How many times as often."""
    drain_after: int | None = None
    """Failures after which a node is drained and replaced by a sound one; it is repaired every time where None."""
    drain_s: float = 0.0
    """Until the replacement is there."""
    corruptions_per_chip_s: float = 0.0
    """Numbers that come out wrong without a sign."""
    unseen_s: float = 0.0
    """Until that is noticed."""
    crash_share: float = 0.0
    """Share of jobs that fail by themselves."""
    crashes: int = 0
    """Times that such a job does."""
    crash_after_s: float = 0.0
    """Time that it works until then."""

    @property
    def useful(self) -> float:
        """Share of each second of running that is useful work: interval ÷ (interval + save)."""
        return 1.0 if self.interval_s == NEVER else self.interval_s / (self.interval_s + self.save_s)


def hazards_of(upsets: Upsets, nodes: int, seed: int) -> list[float]:
    """How many times as often as a sound node each fails: the factor for lemons, each node being one by its share."""
    drawn = np.random.default_rng(np.random.SeedSequence((seed, LEMONS))).random(nodes)
    found: list[float] = np.where(drawn < upsets.lemon_share, upsets.lemon_factor, SOUND).tolist()
    return found


def crashes_of(upsets: Upsets, jobs: int, seed: int) -> list[int]:
    """How often each job will fail by itself before it runs through."""
    drawn = np.random.default_rng(np.random.SeedSequence((seed, CRASHING))).random(jobs)
    found: list[int] = np.where(drawn < upsets.crash_share, upsets.crashes, 0).tolist()
    return found
