"""What can be asked about predictions and measured training runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateTrainingQuestion:
    """How far are predictions from measured training runs: overall, by chip, source, kind of model and mode?"""

    runs: Annotated[str, DataFile("a CSV of measured runs")]
    """Measured runs as CSV; `tenfold schema runs` lists the columns."""
