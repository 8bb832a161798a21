"""What comes before the chips of a run, as far as it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.performance.training import CalibratedSetup
from tenfold.planning.plan.goal import TrainGoal, counts_from_order
from tenfold.planning.supply.rows import Rows


def counted(rows: Rows, goal: TrainGoal, code_for: str | None, setups: Sequence[CalibratedSetup]) -> Rows:
    """What comes before the chips, as far as it counts: waiting for them, and porting software that runs on others."""
    from_order = np.full(len(rows), float(counts_from_order(goal)))
    own = (code_for or "").lower()
    foreign = np.array([float(own not in ("", setup.chip.vendor.lower())) for setup in setups])
    return replace(rows, waits=rows.waits * from_order, from_order=from_order, ported=foreign[rows.chip])
