"""The answer about predictions and measured serving runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure
from tenfold.validation.scoring import Score
from tenfold.validation.serving.one_point import AfterOnePoint
from tenfold.validation.serving.scored import Medians, ServingScore
from tenfold.validation.serving.validate.question import ValidateServingQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateServingAnswer:
    """Predictions against measurements; ``overall`` is None when no row could be scored."""

    question: ValidateServingQuestion
    made: Made
    rows: int
    scored: int
    skipped_rows: int
    skipped: Mapping[str, int]
    """Reason to number of rows; they add up to ``skipped_rows``."""
    overall: Score | None
    by: Mapping[str, Mapping[str, Score]]
    """By metric (group of scores), chip, engine, scenario and source."""
    by_combination: Mapping[str, Medians]
    """By metric, over (model, chip, engine)."""
    after_one_point: Mapping[str, AfterOnePoint]
    """By quantity: errors of the other rows of (model, engine, chip) once one of them is known."""
    runs: tuple[ServingScore, ...]
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """Constants of the calibrations behind the predictions."""
