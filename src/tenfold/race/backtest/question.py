"""What can be asked of a hindcast: from which days, on which later observations."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import Day, Listed, SideFile, Whole

ORIGIN = Day(end=True, first_year=2023, last_year=2060)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceBacktestQuestion:
    """How well does the race foretell what came after a past day, against simple extrapolations of the same rows?

    It is a hindcast: only rows dated at or before an origin are used, but owners' chips were estimated in 2026.
    """

    origins: Annotated[tuple[datetime.date, ...], Listed(ORIGIN)] = ()
    """Days to foretell from, with commas between; every half year that has rows after it, when left out."""
    actuals: Annotated[str | None, SideFile("a CSV of later observations")] = None
    """Later observations: series,entity,date,value,unit,source, rows after the last one shipped of the same series."""
    draws: Annotated[int, Whole(least=100, most=100_000)] = 2048
    """Draws of each hindcast."""
    ablations: bool = True
    """Whether to run again without coupling, money, power and policy."""
