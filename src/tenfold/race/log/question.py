"""What can be asked of the log of forecasts: make one, keep it, score those whose quarter has come."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import Day, SideFile, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceLogQuestion:
    """What does the race foretell from a day on, and how did forecasts do that were kept before?

    With --keep, the forecast is kept in the store of the user, once for each origin and catalog.
    """

    origin: Annotated[datetime.date | None, Day(end=True, first_year=2023, last_year=2060)] = None
    """Day to foretell from; the last that chips are counted to, when left out."""
    keep: bool = False
    """Whether to keep the forecast."""
    actuals: Annotated[str | None, SideFile("a CSV of later observations")] = None
    """Later observations, as for the backtest: known to the forecast as far as its origin, they score it after."""
    draws: Annotated[int, Whole(least=100, most=100_000)] = 2048
    """Draws of the forecast."""
