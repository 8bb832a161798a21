"""Candidates whose prompts run on the chips that give tokens: of each chip the layouts of the fewest chips."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tenfold.planning.plan.serve.space import Space
from tenfold.planning.plan.serve.table import Spreads, Table, best_rows, capacity_per_s
from tenfold.quantities import Indices

LAYOUTS_KEPT = 2
"""Layouts of a chip that are simulated at most: the one that needs the fewest chips, and the one after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Replicas of one layout."""

    setting: int
    rate_per_s: float
    """Requests that one replica carries within the latency, at the z sized for."""
    batch: float
    """Sequences that decode at once on a rank, on average; of prompts the share of time they take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """How one replica is laid out and loaded."""

    machine: int
    z: float
    """What it was sized for."""
    answers: Part
    prompts: Part | None = None
    """Replicas of their own for prompts."""
    limits_s: tuple[float, float] = (math.inf, math.inf)
    """TTFT and TPOT that the sides of such a service were sized to."""
    kept: float = 1.0
    """What the simulation left of what the closed form allows a replica."""
    verified: bool = False
    """Whether it was simulated."""


def together(space: Space, spreads: Spreads, table: Table, z: float, rate_per_s: float) -> list[Candidate]:
    """The layouts of each chip that need the fewest chips for the rate, the fewest first."""
    capacity = capacity_per_s(table, spreads, z)
    row = best_rows(table, capacity, len(space.settings))
    found = []
    for machine in range(len(space.machines)):
        own = [each for each in np.flatnonzero(space.machine == machine).tolist() if row[each] >= 0]
        own.sort(key=lambda each: (chips_for(space, each, float(capacity[row[each]]), rate_per_s), each))
        found += [_candidate(machine, z, each, row, capacity, table) for each in own[:LAYOUTS_KEPT]]
    return found


def chips_for(space: Space, setting: int, capacity_per_s: float, rate_per_s: float) -> int:
    """Chips that carry a rate."""
    return math.ceil(rate_per_s / capacity_per_s) * space.chips(setting)


def _candidate(machine: int, z: float, setting: int, row: Indices, capacity: np.ndarray, table: Table) -> Candidate:
    at = int(row[setting])
    part = Part(setting=setting, rate_per_s=float(capacity[at]), batch=float(table.batch[at]))
    return Candidate(machine=machine, z=z, answers=part)
