"""How long chips are held and what comes of it: records of what designs take and cost. Axes (row, point)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import DAYS_PER_BOOK_YEAR, MONTHS_PER_YEAR, Floats
from tenfold.reliability import Working

DAYS_PER_MONTH = DAYS_PER_BOOK_YEAR / MONTHS_PER_YEAR
DAYS_PER_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How long chips are waited for, set up and used, shape (rows, points): what they cost follows from it."""

    lead_days: Floats
    setup_days: Floats
    run_days: Floats

    @property
    def finish_days(self) -> Floats:
        """Days from the start to the last step."""
        return self.lead_days + self.setup_days + self.run_days

    @property
    def billed_days(self) -> Floats:
        """Days from when the chips are there to the last step."""
        return self.setup_days + self.run_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(Held):
    """How long designs take, shape (rows, points)."""

    step_s: Floats
    working: Working

    @property
    def billed_days(self) -> Floats:
        """Days that chips are paid for; what a provider took back is not, until it is there again."""
        away = self.working.waiting_for_spares
        if not np.any(away):
            return self.setup_days + self.run_days
        return np.asarray(self.setup_days + self.run_days * (1.0 - away))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What designs take and cost, shape (rows, points)."""

    duration: Duration
    cost_usd: Floats
    committed_usd: Floats
