"""What a running job loses when it has to make room: rivals with one signature, by name in ``PREEMPTIONS``.

    preempt(done_s, interval_s) → useful work that is kept, s, of ``done_s`` done so far; None where nobody is stopped

none     nobody stops for anybody
requeue  back to the latest checkpoint
save     a save before it stops: all is kept, and the save is paid for
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Preemption:
    """How jobs make room."""

    kept_s: Callable[[float, float], float] | None
    """Work done, interval of saves → work kept."""
    saves: bool = False
    """Whether a save is paid for."""


def latest_save_s(done_s: float, interval_s: float) -> float:
    """Work in the latest of saves that are ``interval_s`` of work apart: floor(done ÷ interval) × interval."""
    return math.floor(done_s / interval_s + 1e-9) * interval_s if 0 < interval_s < math.inf else 0.0


def all_of_it(done_s: float, interval_s: float) -> float:
    """Everything."""
    del interval_s
    return done_s


PREEMPTIONS: Mapping[str, Preemption] = MappingProxyType(
    {"none": Preemption(None), "requeue": Preemption(latest_save_s), "save": Preemption(all_of_it, saves=True)}
)
"""Preemptions by name."""
