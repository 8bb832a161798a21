"""Scoring a hindcast of one origin: every block, every series with enough rows, against the rivals on the same rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Observation
from tenfold.quantities import Floats
from tenfold.race.backtest.blocks import Block, actual_series, scaled
from tenfold.race.backtest.rivals import foretold_by_rivals
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
    cases, fitted = list[_Case](), 0
    for series, dated in known.items():
        if len(dated) < LEAST_ROWS:
            continue
        levels = tuple(scaled(value, block.scale) for _, value in dated)
        after = [each for each in later.get(series, ()) if origin < each[0]]
        fitted += len(dated) if after else 0
        for steps, (date, value) in enumerate(after[:LONGEST_STEPS], start=1):
            if (date - origin).days <= HORIZON_DAYS:
                draws = foretell(block.name, series, date)
                cases.append(_Case(series, date, steps, draws, levels, value))
    return _scored(cases, block.scale), fitted


@dataclass(frozen=True, slots=True)
class _Case:
    """One observation after the origin, before it is scored."""

    series: str
    date: datetime.date
    steps: int
    draws: Floats
    levels: tuple[float, ...]
    """Of the series at the origin, on the scored scale."""
    value: float


def _scored(cases: Sequence[_Case], scale: str) -> tuple[Outcome, ...]:
    """Scores of all cases of a block; the draws of all are put in order at once."""
    if not cases:
        return ()
    draws = np.stack([case.draws for case in cases])
    actual = [scaled(case.value, scale) for case in cases]
    told = _scaled_draws(draws, scale)
    covered, medians = is_covered(told, np.array(actual)), np.median(told, axis=1)
    ranges = np.quantile(draws, (0.1, 0.5, 0.9), axis=1).T
    return tuple(
        _outcome(cases[place], actual[place], told[place], ranges[place], bool(covered[place]), float(medians[place]))
        for place in range(len(cases))
    )


def _outcome(case: _Case, actual: float, told: Floats, range_: Floats, covered: bool, median: float) -> Outcome:
    low, middle, high = range_.tolist()
    rivals = foretold_by_rivals(case.levels, case.steps)
    return Outcome(
        series=case.series,
        date=case.date,
        steps=case.steps,
        crps=crps_of_draws(told, actual),
        rivals={name: crps_of_normal(*foretold, actual) for name, foretold in rivals.items()},
        covered=covered,
        pit=pit(told, actual),
        log_error=abs(median - actual),
        p10=low,
        p50=middle,
        p90=high,
        actual=case.value,
    )


def _scaled_draws(draws: Floats, scale: str) -> Floats:
    if scale == "log":
        return np.asarray(np.log(np.maximum(draws, 1e-300)))
    share = np.clip(draws, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(share / (1.0 - share)))
