"""Scoring a hindcast of one origin: every block, every series with enough rows, against the rivals on the same rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Observation
from tenfold.quantities import Floats
from tenfold.race.backtest.blocks import Block, actual_series, scaled
from tenfold.race.backtest.rivals import RIVALS
from tenfold.race.backtest.scores import crps_of_draws, crps_of_normal, is_covered, pit

LEAST_ROWS = 4
"""Rows of a series at the origin without which nothing can be extrapolated from it."""
LONGEST_STEPS = 8
HORIZON_DAYS = 735
"""Eight quarters, and a few days for fiscal quarters."""
Foretell = Callable[[str, str, datetime.date], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One observation after the origin with the scores of what was foretold of it."""

    series: str
    date: datetime.date
    steps: int
    crps: float
    rivals: Mapping[str, float]
    covered: bool
    pit: float
    log_error: float
    """Of the median."""
    p10: float
    p50: float
    p90: float
    actual: float


def outcomes(
    block: Block, rows: Iterable[Observation], origin: datetime.date, until: datetime.date, foretell: Foretell
) -> tuple[tuple[Outcome, ...], int]:
    """Every scored observation of a block, and the rows that were there at the origin."""
    kept = tuple(rows)
    known, later = actual_series(kept, block, origin), actual_series(kept, block, until)
    found, fitted = [], 0
    for series, dated in known.items():
        if len(dated) < LEAST_ROWS:
            continue
        levels = np.array([scaled(value, block.scale) for _, value in dated])
        after = [each for each in later.get(series, ()) if origin < each[0]]
        fitted += len(dated) if after else 0
        for steps, (date, value) in enumerate(after[:LONGEST_STEPS], start=1):
            if (date - origin).days <= HORIZON_DAYS:
                draws = foretell(block.name, series, date)
                found.append(_outcome(series, date, steps, (draws, levels, value), block.scale))
    return tuple(found), fitted


def _outcome(series: str, date: datetime.date, steps: int, what: tuple[Floats, Floats, float], scale: str) -> Outcome:
    draws, levels, value = what
    actual = scaled(value, scale)
    told = _scaled_draws(draws, scale)
    low, middle, high = np.quantile(draws, (0.1, 0.5, 0.9))
    return Outcome(
        series=series,
        date=date,
        steps=steps,
        crps=crps_of_draws(told, actual),
        rivals={name: crps_of_normal(*rival(levels, steps), actual) for name, rival in RIVALS.items()},
        covered=is_covered(told, actual),
        pit=pit(told, actual),
        log_error=abs(float(np.median(told)) - actual),
        p10=float(low),
        p50=float(middle),
        p90=float(high),
        actual=value,
    )


def _scaled_draws(draws: Floats, scale: str) -> Floats:
    if scale == "log":
        return np.asarray(np.log(np.maximum(draws, 1e-300)))
    share = np.clip(draws, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(share / (1.0 - share)))
