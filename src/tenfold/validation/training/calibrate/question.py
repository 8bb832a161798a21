"""What can be asked of a fit to measured training runs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile, Day


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateTrainingQuestion:
    """Which constants of the training model do measured runs teach, and how wrong are they on runs they have not seen?

    With --out, the constants become DIR/calibrations/NAME.toml of an overlay.
    """

    runs: Annotated[str, DataFile("a CSV of measured runs")]
    """Measured runs as CSV; `tenfold schema runs` lists the columns."""
    as_of: Annotated[datetime.date | None, Day()] = None
    """Day the constants are dated in the file of --out; today when left out."""
