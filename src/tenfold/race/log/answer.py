"""The answer about the log: the forecast of the origin, and what came of those that were kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure
from tenfold.race.log.question import RaceLogQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is foretold of one series at one date."""

    block: str
    series: str
    date: datetime.date
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A kept forecast whose quarter has come."""

    origin: datetime.date
    block: str
    series: str
    date: datetime.date
    p10: float
    p50: float
    p90: float
    actual: float
    covered: bool
    crps: float
    """Of the logarithm or logit, from the kept quantiles."""
    crps_drift: float | None
    """Of a random walk with drift from the same origin; None where the series was too short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceLogAnswer:
    """The log of forecasts."""

    question: RaceLogQuestion
    made: Made
    origin: datetime.date
    forecast: tuple[Forecast, ...]
    kept_origins: tuple[datetime.date, ...]
    """Origins whose forecasts are in the store."""
    waiting: int
    """Kept forecasts whose quarter has not come."""
    settled: tuple[Settled, ...]
    coverage_80: float | None
    """Share of settled forecasts inside P10–P90; None before the first."""
    ratio_drift: float | None
    """CRPS of settled forecasts over the drift's, geometric mean over blocks of an origin."""
    by_block: Mapping[str, float]
    """The same by block."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
