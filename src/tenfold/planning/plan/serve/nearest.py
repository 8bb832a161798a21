"""The fleets that are the least short, where none fits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.planning.plan.serve.chosen import kind_of
from tenfold.planning.plan.serve.layouts import Machine
from tenfold.planning.supply.nearest import nearest_beyond, nearest_of_each_kind
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Indices


def nearest_fleets(machines: Sequence[Machine], designs: Designs, limits: Limits) -> Indices:
    """Of each chip and supply without a fleet that fits the one that is the least short, the latency aside.

    Of those without one that may be, which is too large or not there for as long as asked, one that may not.
    """
    sure = np.flatnonzero(designs.assessed.in_time >= limits.confidence)
    kept, kind = designs.take(sure), kind_of(machines, designs)[sure]
    within, beyond = (near(kept, limits, kind) for near in (nearest_of_each_kind, nearest_beyond))
    found: Indices = sure[np.concatenate([within, beyond])]
    return found
