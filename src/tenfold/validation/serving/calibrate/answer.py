"""The answer about a fit to measured serving."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure, Percentiles
from tenfold.validation.scoring import Score
from tenfold.validation.serving.calibrate.question import CalibrateServingQuestion
from tenfold.validation.serving.one_point import AfterOnePoint
from tenfold.validation.serving.scored import ScoredServing


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateServingAnswer:
    """A fit, its errors before and after, and its cross-validated errors where there is enough to leave some out."""

    question: CalibrateServingQuestion
    made: Made
    rows: int
    used: int
    skipped_rows: int
    skipped: Mapping[str, int]
    """Reason to number of rows; they add up to ``skipped_rows``."""
    before: Score | None
    """Errors with the constants as they were."""
    after: Score | None
    """Errors of the fit on the rows it has seen."""
    cross_validated: ScoredServing | None
    """Every row predicted by a fit that had not seen its source (or model); None for a few rows."""
    after_one_point: Mapping[str, AfterOnePoint]
    """The same once one row of its model, chip and engine is known: errors of their other rows, by quantity."""
    constants: Mapping[str, float]
    """Fitted values and factors by key of the calibration, those that moved."""
    constant_ranges: Mapping[str, Percentiles]
    """The same with the P10 and P90 of their posterior."""
    log_spread: Mapping[str, float]
    """Standard deviation of ln(measured ÷ predicted) by group of scores, on rows predicted without having been seen."""
    evidence: Mapping[str, float]
    """Rows by chip family and engine."""
    ids: tuple[str, ...]
    """Of the rows that the fit has seen."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """Constants before, which the fit was drawn towards."""


def file(answer: CalibrateServingAnswer) -> str:
    """Text of a ``calibrations/*.toml`` with the constants."""
    from tenfold.validation.serving.calibrate.overlay import calibration_toml

    today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
    return calibration_toml(answer, answer.question.as_of or today)
