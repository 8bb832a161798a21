"""What machines do to jobs, and what that and making room cost: rates and times of one unit and one job."""

from __future__ import annotations

from dataclasses import dataclass

NEVER = float("inf")
END, STOP, REPAIR, ALARM = 0, 1, 2, 3
"""Kinds of events, in the order in which those of one instant happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsets:
    """What fails, and what that costs; rates and times of one unit and one job."""

    failures_per_chip_s: float = 0.0
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
    """Whether a job outlives a failure: it stalls for ``restart_s`` and keeps its work and the rest of its chips."""
    notice_s: float = 0.0
    """Between telling a job to make room and its stop."""
