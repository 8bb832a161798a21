"""The answer about hindcasts: scores by origin and block, a summary, what terms earn, what was foretold."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure
from tenfold.race.backtest.question import RaceBacktestQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockScore:
    """One block from one origin. CRPS of the logarithm (of shares: the logit), lower is better."""

    n_fit: int
    """Rows at the origin of the series that are scored."""
    n_test: int
    crps: float
    crps_drift: float
    crps_trend: float
    crps_last: float
    crps_holt: float
    coverage_80: float
    """Share of outcomes inside P10–P90."""
    abs_log_error: float
    """Of the median, mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginScore:
    """All blocks that have outcomes after an origin."""

    date: datetime.date
    blocks: Mapping[str, BlockScore]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Geometric means over blocks and origins of CRPS over a rival's; None without an outcome."""

    ratio_drift: float | None
    ratio_drift_p10: float | None
    ratio_drift_p90: float | None
    """Bootstrap over blocks of an origin."""
    ratio_trend: float | None
    ratio_last: float | None
    ratio_holt: float | None
    coverage_80: float | None
    """Mean over blocks."""
    last_three_ratio_drift: float | None
    """Over the last three origins that have outcomes."""
    worst_block: str
    worst_block_ratio_drift: float | None
    """Geometric mean over origins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation:
    """The same without a term."""

    ratio_drift: float | None
    over_whole: float | None
    """CRPS without the term over that with it, geometric mean: above 1 where the term earns its place."""
    earned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """One outcome with what was foretold of it."""

    origin: datetime.date
    block: str
    series: str
    date: datetime.date
    p10: float
    p50: float
    p90: float
    actual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceBacktestAnswer:
    """How the race would have done."""

    question: RaceBacktestQuestion
    made: Made
    origins: tuple[OriginScore, ...]
    summary: Summary
    blocks: Mapping[str, float]
    """CRPS over that of the drift, geometric mean over origins, by block."""
    ablations: Mapping[str, Ablation]
    pit: tuple[float, ...]
    """Share of outcomes in each tenth of the foretold distribution: a tenth each where it is calibrated."""
    outcomes: tuple[Foretold, ...]
    observed_until: datetime.date
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
