"""What can be asked about predictions and measured serving runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateServingQuestion:
    """How far are predictions from measured serving runs: overall, by metric, chip, engine, scenario and source?"""

    runs: Annotated[str, DataFile("a CSV of measured serving runs")]
    """Measured runs as CSV, one metric a row."""
