"""What becomes of designs at points of the uncertain inputs: how long they take, what they cost. Axes (row, point)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenfold.planning.supply.durations import durations
from tenfold.planning.supply.evaluate import charged_terms_usd, porting_usd, purchase_usd, rent_usd
from tenfold.planning.supply.held import Outcome
from tenfold.planning.supply.rows import Rows, Work
from tenfold.quantities import Floats, Percentiles, Points, Uncertain


def outcomes(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Outcome:
    """Time and price rows of one offer at the points."""
    took = durations(rows, work, points, interval_s)
    if not rows.owned[0]:
        rent = rent_usd(rows, points, took)
        return Outcome(duration=took, cost_usd=rent, committed_usd=rent)
    cost = np.asarray(sum(charged_terms_usd(rows, points, took).values()))
    committed = purchase_usd(rows, points) + porting_usd(rows, points)
    return Outcome(duration=took, cost_usd=cost, committed_usd=committed)


def p50s_with(
    row: Rows, work: Work, draws: Points, interval_s: Floats, known: Uncertain, end: float
) -> tuple[float, float]:
    """P50 of finish and cost with an input known to be at a value."""
    points = replace(draws, values={**draws.values, known.key: np.full_like(draws.values[known.key], end)})
    found = outcomes(row, work, points, interval_s)
    return Percentiles.of(found.duration.finish_days).p50, Percentiles.of(found.cost_usd).p50
