"""The fleets that are the least short, where none fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.planning.plan.serve.chosen import kind_of
from tenfold.planning.plan.serve.layouts import Machine
from tenfold.planning.supply.choose import feasible
from tenfold.planning.supply.nearest import nearest_of_each_kind
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Indices


def nearest_fleets(machines: Sequence[Machine], designs: Designs, limits: Limits) -> Indices:
    """Of each chip and supply without a fleet that fits the one that is the least short, the latency aside."""
    kind = kind_of(machines, designs)
    sure = designs.assessed.in_time >= limits.confidence
    fits = feasible(designs, limits)
    kept = replace(designs, allowed=designs.allowed & sure & ~np.isin(kind, kind[fits]))
    return nearest_of_each_kind(kept, limits, kind)
