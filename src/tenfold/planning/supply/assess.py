"""Every design against the limits: medians, quantiles and chances over all draws, as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.planning.supply.evaluate import Outcome, outcomes
from tenfold.planning.supply.rows import Assessment, Limits, Rows, Work
from tenfold.quantities import Flags, Floats, Points

CHUNK_ROWS = 48
"""Rows worked on at once: a column of draws of them fits the second-level cache of a core."""


def assess(rows: Rows, work: Work, points: Points, interval_s: Floats, limits: Limits) -> Assessment:
    """Evaluate the rows at all points, in chunks, and keep what choosing needs."""
    parts = []
    for start in range(0, len(rows), CHUNK_ROWS):
        index = np.arange(start, min(start + CHUNK_ROWS, len(rows)))
        parts.append(_reduced(outcomes(rows.take(index), work, points, interval_s[index]), limits))
    return _joined(parts)


def within(values: Floats, limit: float) -> Flags:
    """Which outcomes keep a limit; what never ends keeps none, not even an infinite one."""
    return (values <= limit) & np.isfinite(values)


def _reduced(found: Outcome, limits: Limits) -> Assessment:
    finish = found.duration.finish_days
    in_time, in_budget = within(finish, limits.deadline_days), within(found.committed_usd, limits.budget_usd)
    return Assessment(
        finish_days=_quantile(finish, 0.5),
        cost_usd=_quantile(found.cost_usd, 0.5),
        sure_finish_days=_quantile(finish, limits.confidence),
        sure_committed_usd=_quantile(found.committed_usd, limits.confidence),
        in_time=in_time.mean(axis=1),
        in_budget=in_budget.mean(axis=1),
        in_both=(in_time & in_budget).mean(axis=1),
    )


def _quantile(values: Floats, share: float) -> Floats:
    """Smallest value that the share of outcomes does not exceed: "at least this probable" and this agree exactly."""
    place = max(int(np.ceil(share * values.shape[1] - 1e-9)) - 1, 0)
    return np.asarray(np.partition(values, place, axis=1)[:, place])


def _joined(parts: Sequence[Assessment]) -> Assessment:
    names = Assessment.__slots__
    return Assessment(
        **{name: np.concatenate([getattr(part, name) for part in parts]) if parts else np.zeros(0) for name in names}
    )
