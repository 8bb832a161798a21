"""What was short: infeasible is a result, and a result says what would make it feasible."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One reason a design cannot be: what was short, by how much, and the nearest change that would fit."""

    kind: str
    """``memory``, ``deadline``, ``budget``, ``power``, ``layout``; ``supply``: nobody offers it so; ``law``: forbidden;
    ``price`` and ``figure``: nobody recorded one."""
    short: str
    nearest: str
    times_over: float = math.inf
    """What is needed over what there is; infinite where no amount would do, or none is known."""
    moves: tuple[tuple[str, float], ...] = ()
    """Fields of the work that ``nearest`` moves, and to what, where it is one change of time or latency."""
