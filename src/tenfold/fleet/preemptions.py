"""How running jobs make room for one that waits: rivals by name in ``PREEMPTIONS``.

    make_room(Contest, job)      → whether there may be room now; None where nobody makes room for anybody
    kept_s(done_s, interval_s)   → useful work that is kept by who is stopped, s, of ``done_s`` done so far; without a
                                   notice that is long enough it is the latest save, as after failures

none     nobody stops for anybody
requeue  later tiers go back to their latest checkpoint, and wait again
save     later tiers save before they stop: all is kept, and the save is paid for
migrate  who stands in the way moves to other chips, a save and a restart later; nobody stops
shrink   later tiers go on with as few chips as they can run on, and grow back when nobody waits; nobody stops
elastic  nobody makes room: who waits starts on as few chips as it can run on where all are not free, and grows as above
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenfold.fleet.engine.making_room import move_others, shrink_later, stop_later

if TYPE_CHECKING:
    from tenfold.fleet.engine.contest import Contest


Kept = Callable[[float, float], float]


def latest_save_s(done_s: float, interval_s: float) -> float:
    """Work in the latest of saves that are ``interval_s`` of work apart: floor(done ÷ interval) × interval."""
    return math.floor(done_s / interval_s + 1e-9) * interval_s if 0 < interval_s < math.inf else 0.0


def all_of_it(done_s: float, interval_s: float) -> float:
    """Everything."""
    del interval_s
    return done_s


@dataclass(frozen=True, slots=True)
class Preemption:
    """How jobs make room."""

    make_room: Callable[[Contest, int], bool] | None
    kept_s: Kept = latest_save_s
    saves: bool = False
    """Whether a save is paid for."""
    fewer: bool = False
    """Whether jobs run on fewer chips than they ask for."""
    starts_small: bool = False
    """Whether they start so."""


PREEMPTIONS: Mapping[str, Preemption] = MappingProxyType(
    {
        "none": Preemption(None),
        "requeue": Preemption(stop_later),
        "save": Preemption(stop_later, all_of_it, saves=True),
        "migrate": Preemption(move_others, all_of_it, saves=True),
        "shrink": Preemption(shrink_later, all_of_it, saves=True, fewer=True),
        "elastic": Preemption(None, all_of_it, saves=True, fewer=True, starts_small=True),
    }
)
"""Preemptions by name."""
STOPPING = tuple(name for name, each in PREEMPTIONS.items() if each.make_room is stop_later)
"""Names of those under which later tiers stop."""
