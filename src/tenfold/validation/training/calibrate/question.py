"""What can be asked of a fit to measured training runs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile, Day, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateTrainingQuestion:
    """Which constants of the training model do measured runs teach, and how wrong are they on runs they have not seen?

    With --out, the constants become DIR/calibrations/NAME.toml of an overlay.
    """

    runs: Annotated[str, DataFile("measured runs")]
    """Measured runs: a CSV (`tenfold schema runs` lists the columns), a log of a run, or a folder of logs."""
    stated: Annotated[tuple[str, ...], Key("set")] = ()
    """What logs do not say, COLUMN=VALUE: chip=h100-sxm, n_chips=64, model=llama-3.1-8b, seq=8192."""
    as_of: Annotated[datetime.date | None, Day()] = None
    """Day the constants are dated in the file of --out; today when left out."""
