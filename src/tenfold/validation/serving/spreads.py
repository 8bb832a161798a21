"""The log standard deviation of each measured row's prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tenfold.performance.serving import joined_spread, serving_spread
from tenfold.quantities import Floats
from tenfold.validation.serving.table import Case

UNSTATED_LAYOUT = 0.15
"""Added where a row states no layout, and the narrowest that fits is taken."""


def log_spreads(cases: Sequence[Case], factors: Mapping[str, float]) -> Floats:
    """Spread of every row by its group and what was measured near it; (rows,)."""
    return np.array([_log_spread(case, factors) for case in cases])


def _log_spread(case: Case, factors: Mapping[str, float]) -> float:
    found = serving_spread(factors, case.setting.labels, case.meaning.group).log_spread
    known = f"spread.{case.meaning.group}.measured" in factors
    return found if case.stated_layout or known else joined_spread(found, UNSTATED_LAYOUT)
