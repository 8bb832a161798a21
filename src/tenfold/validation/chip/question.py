"""What can be asked of measurements of one's own chip."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile, Day, Named


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateChipQuestion:
    """Which constants do measurements of one's own chip teach, and how far off is a training step with them?

    `tenfold measure` takes the measurements and asks this. With --out, constants and fabrics become an overlay.
    """

    measurements: Annotated[str, DataFile("measurements of a chip")]
    """Measurements that `tenfold measure` kept."""
    chip: Annotated[str, Named("chips")]
    """Chip that was measured, by key or alias."""
    system: Annotated[str | None, Named("systems")] = None
    """How the chips are built together; the chip's usual system when left out."""
    software: Annotated[str | None, Named("software")] = None
    """Training stack that the measured step is predicted as; plain PyTorch when left out."""
    as_of: Annotated[datetime.date | None, Day()] = None
    """Day the constants are dated in the files of --out; the day of the measurements when left out."""
