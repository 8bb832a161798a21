"""The answer about a fit to measured training runs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure, Percentiles
from tenfold.validation.scoring import Score
from tenfold.validation.training.calibrate.question import CalibrateTrainingQuestion
from tenfold.validation.training.scored import ScoredRuns


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateTrainingAnswer:
    """A fit and its cross-validated errors: every run predicted by a fit that had not seen its source (or model)."""

    question: CalibrateTrainingQuestion
    made: Made
    rows: int
    used: int
    skipped_rows: int
    skipped: Mapping[str, int]
    """Reason to number of rows; they add up to ``skipped_rows``."""
    cross_validated: ScoredRuns
    baselines: Mapping[str, Mapping[str, Score]]
    """Scores by slice of rivals that know less, on the same folds: a constant MFU, and boosted trees."""
    log_spread: Mapping[str, float]
    """Standard deviation of ln(measured ÷ predicted) by regime, on runs predicted without their source."""
    spread_runs: Mapping[str, int]
    """Runs behind each spread."""
    doubling_spread: float
    """Standard deviation of the loss per doubling of the chips; 0 where it was not fitted."""
    constants: Mapping[str, float]
    """Fitted constants by key of the calibration."""
    constant_ranges: Mapping[str, Percentiles]
    """The same with the P10 and P90 of their posterior."""
    evidence: Mapping[str, float]
    """Runs, and chips of the largest run, by chip family and kind of model."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """Priors that the constants were drawn towards."""


def file(answer: CalibrateTrainingAnswer) -> str:
    """Text of a ``calibrations/*.toml`` with the constants."""
    from tenfold.validation.training.calibrate.overlay import calibration_toml

    today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
    return calibration_toml(answer, answer.question.as_of or today)
