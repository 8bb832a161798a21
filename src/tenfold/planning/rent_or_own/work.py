"""The work that chips are needed for, by quarter, from either way of saying it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenfold.planning.rent_or_own.hours import hours_by_quarter, least_chips, quarters_in
from tenfold.planning.rent_or_own.question import Demand
from tenfold.quantities import HOURS_PER_QUARTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done."""

    chips: int
    """Needed at the busiest."""
    job_chips: int
    """Chips of one job."""
    parameters: float
    """Of the model whose checkpoints are saved."""
    hours: tuple[float, ...]
    """Chip-hours of each quarter."""

    @property
    def utilisation(self) -> float:
        """Mean share of the chips' hours with work."""
        return sum(self.hours) / (len(self.hours) * self.chips * HOURS_PER_QUARTER)


def work_of(demand: Demand) -> Work:
    """Give the work of a demand, which says one of utilisation and chip-hours."""
    if demand.chip_hours is not None:
        hours = hours_by_quarter(demand.chip_hours, demand.horizon_s)
        chips = demand.chips if demand.chips is not None else math.ceil(least_chips(hours))
    else:
        chips, busy = demand.chips or 1, demand.utilisation or 0.0
        hours = (chips * HOURS_PER_QUARTER * busy,) * quarters_in(demand.horizon_s)
    return Work(chips=chips, job_chips=demand.job_chips or chips, parameters=demand.parameters, hours=hours)
