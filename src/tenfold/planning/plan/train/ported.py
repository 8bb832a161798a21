"""Which rows have to port the software first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.performance.training import CalibratedSetup
from tenfold.planning.supply.rows import Rows


def with_porting(rows: Rows, code_for: str | None, setups: Sequence[CalibratedSetup]) -> Rows:
    """The rows, those marked whose chips are of another vendor than the software runs on."""
    own = (code_for or "").lower()
    foreign = np.array([float(own not in ("", setup.chip.vendor.lower())) for setup in setups])
    return replace(rows, ported=foreign[rows.chip])
