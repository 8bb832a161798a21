"""Candidates whose prompts run on the chips that give tokens: of each chip the layouts of the fewest chips."""

from __future__ import annotations

import numpy as np

from tenfold.planning.plan.serve.counted import chips_for
from tenfold.planning.plan.serve.fleets import Candidate, Part
from tenfold.planning.plan.serve.layouts import Space, Spreads, Table
from tenfold.planning.plan.serve.pace import best_rows, capacity_per_s
from tenfold.planning.plan.serve.tiers import kept_at
from tenfold.quantities import Indices

LAYOUTS_KEPT = 2
"""Layouts of a chip that are simulated at most: the one that needs the fewest chips, and the one after."""


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


def _candidate(machine: int, z: float, setting: int, row: Indices, capacity: np.ndarray, table: Table) -> Candidate:
    at = int(row[setting])
    part = Part(
        setting=setting,
        rate_per_s=float(capacity[at]),
        batch=float(table.batch[at]),
        least_per_s=float(table.least_per_s[at]),
        **kept_at(table.kept, at),
    )
    return Candidate(machine=machine, z=z, answers=part)
