"""Quarters of a programme: counted from the one it starts in, named as calendars do, and values by quarter."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.planning.procurement.programme import NEVER
from tenfold.quantities import MONTHS_PER_QUARTER, QUARTERS_PER_YEAR, Floats


@dataclass(frozen=True, slots=True)
class Calendar:
    """The quarters that are planned."""

    start: datetime.date
    count: int

    def quarter(self, day: datetime.date) -> int:
        """Number of the quarter that a day is in, 0 the first; below zero before it."""
        years = day.year - self.start.year
        return years * QUARTERS_PER_YEAR + _of_year(day) - _of_year(self.start)

    def first(self, day: datetime.date | None) -> int:
        """Quarter of a day; the first without one."""
        return 0 if day is None else self.quarter(day)

    def last(self, day: datetime.date | None) -> int:
        """Quarter of a day; the last that is planned without one."""
        return self.count - 1 if day is None else self.quarter(day)

    def end(self, day: datetime.date | None) -> int:
        """Quarter of a day; never without one."""
        return NEVER if day is None else self.quarter(day)

    def name(self, quarter: int) -> str:
        """Name of a quarter: "2027Q2"."""
        place = self.start.year * QUARTERS_PER_YEAR + _of_year(self.start) + quarter
        return f"{place // QUARTERS_PER_YEAR}Q{place % QUARTERS_PER_YEAR + 1}"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all that are planned."""
        return tuple(self.name(quarter) for quarter in range(self.count))

    def by_quarter(self, stated: Sequence[float] | None, unstated: float) -> Floats:
        """Values of all quarters, (t,), from one for all or one a quarter."""
        values = np.array([unstated] if stated is None else stated, dtype=np.float64)
        return np.broadcast_to(values, (self.count,)).copy()


def _of_year(day: datetime.date) -> int:
    return (day.month - 1) // MONTHS_PER_QUARTER
