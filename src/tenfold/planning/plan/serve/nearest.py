"""The fleets that are the least short, where none fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenfold.planning.plan.serve.chosen import kind_of
from tenfold.planning.plan.serve.layouts import Machine
from tenfold.planning.supply.nearest import nearest_of_each_kind
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Indices


def nearest_fleets(machines: Sequence[Machine], designs: Designs, limits: Limits) -> Indices:
    """Of each chip and supply without a fleet that fits the one that is the least short, the latency aside."""
    sure = replace(designs, allowed=designs.allowed & (designs.assessed.in_time >= limits.confidence))
    return nearest_of_each_kind(sure, limits, kind_of(machines, designs))
