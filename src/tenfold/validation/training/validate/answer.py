"""The answer about predictions and measured training runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.quantities import Made, NamedFigure
from tenfold.validation.logs.folder import FileVerdict
from tenfold.validation.scoring import Score
from tenfold.validation.training.scored import RunScore
from tenfold.validation.training.validate.question import ValidateTrainingQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateTrainingAnswer:
    """Predictions against measurements; ``overall`` is None when no run could be scored."""

    question: ValidateTrainingQuestion
    made: Made
    rows: int
    scored: int
    skipped_rows: int
    skipped: Mapping[str, int]
    """Reason to number of rows; they add up to ``skipped_rows``."""
    overall: Score | None
    coverage_range: tuple[float, float] | None
    """P10 and P90 of the coverage, drawing whole sources with replacement."""
    average_over_sources: Score | None
    """Mean of the scores of sources, each of which counts once; ``n`` is how many sources there are."""
    by: Mapping[str, Mapping[str, Score]]
    """By chip, source, kind of model, mode, slice, and what is new to the calibration (``novelty``)."""
    runs: tuple[RunScore, ...]
    files: tuple[FileVerdict, ...]
    """What came of each file: read, or refused and why."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """Constants of the calibrations behind the predictions."""
