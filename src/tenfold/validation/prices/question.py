"""What can be asked of a fit to the price history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from tenfold.catalog import RENTAL_TERMS
from tenfold.quantities import Day, OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratePricesQuestion:
    """Which constants of price paths does the price history teach, and how well do they foretell months left out?

    With --out, the constants become DIR/calibrations/prices.toml of an overlay.
    """

    term: Annotated[str, OneOf(RENTAL_TERMS, "term")] = "on-demand"
    """Term of rent whose listings are fitted; on-demand is the one whose listings moved in enough months."""
    as_of: Annotated[datetime.date | None, Day()] = None
    """Day the constants are dated in the file of --out; today when left out."""
