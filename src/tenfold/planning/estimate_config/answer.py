"""The answer about the configuration of another tool."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.planning.estimate import EstimateTrainingAnswer
from tenfold.planning.estimate_config.question import EstimateConfigQuestion
from tenfold.quantities import Made, NamedFigure
from tenfold.workloads import ParameterCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateConfigAnswer:
    """What a configuration says, and what it would do."""

    question: EstimateConfigQuestion
    made: Made
    file: str
    format: str
    parameters: ParameterCounts
    """Of the model, by part."""
    assumed: tuple[str, ...]
    """What was taken for granted where the file says nothing."""
    not_understood: tuple[str, ...]
    """Settings of the file that were left out of account."""
    estimate: EstimateTrainingAnswer
    """Of the step that the file describes, asked in Tenfold's own terms."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]

    @property
    def fits(self) -> bool:
        """Whether the layout fits the memory."""
        return self.estimate.fits
