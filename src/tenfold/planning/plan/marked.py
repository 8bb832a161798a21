"""Rows marked with what the means say of them: software that has to be ported, chips that are sold after the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.planning.plan.means import SOLD, Means
from tenfold.planning.plan.offered import Machine
from tenfold.planning.supply.rows import Rows


def marked(rows: Rows, means: Means, setups: Sequence[Machine]) -> Rows:
    """The rows; chips of another vendor than the software runs on are ported to."""
    own = (means.code_for or "").lower()
    foreign = np.array([float(own not in ("", setup.chip.vendor.lower())) for setup in setups])
    return replace(rows, ported=foreign[rows.chip], sold=np.where(rows.owned & (means.owned_after == SOLD), 1.0, 0.0))
