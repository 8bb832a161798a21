"""What becomes of designs at points of the uncertain inputs: how long they take, what they cost. Axes (row, point)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tenfold.planning.supply.durations import durations
from tenfold.planning.supply.evaluate import charged_terms_usd, porting_usd, purchase_usd, rent_usd
from tenfold.planning.supply.held import Duration, Outcome
from tenfold.planning.supply.rows import Rows, Work
from tenfold.quantities import Floats, Percentiles, Points, Variant


def outcomes(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Outcome:
    """Time and price rows of one offer at the points."""
    return priced(rows, points, durations(rows, work, points, interval_s))


def priced(rows: Rows, points: Points, took: Duration) -> Outcome:
    """Price rows of one offer that take so long."""
    if not rows.owned[0]:
        rent = rent_usd(rows, points, took)
        return Outcome(duration=took, cost_usd=rent, committed_usd=rent)
    cost = np.asarray(sum(charged_terms_usd(rows, points, took).values()))
    committed = purchase_usd(rows, points) + porting_usd(rows, points)
    return Outcome(duration=took, cost_usd=cost, committed_usd=committed)


AT_ONCE = 16
"""Variants of a row that are worked on at once: a column of their points stays in cache."""


def p50s_of(
    row: Rows, work: Work, points: Points, interval_s: Floats, variants: Sequence[Variant]
) -> Iterator[tuple[float, float]]:
    """P50 of finish and cost of one row under every variant of its inputs."""
    for start in range(0, len(variants), AT_ONCE):
        part = variants[start : start + AT_ONCE]
        found = outcomes(row, work, points.side_by_side(row.index, part), interval_s)
        columns = (found.duration.finish_days, found.cost_usd)
        for finish, cost in zip(*(column.reshape(len(part), -1) for column in columns), strict=True):
            yield Percentiles.of(finish).p50, Percentiles.of(cost).p50
