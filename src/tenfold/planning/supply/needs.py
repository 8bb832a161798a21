"""What deadline and budget would have to be for a design to fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Flags, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What designs need, as columns.

    Who is late needs the days, who is dear the money, who is both needs both; who misses the two together needs either.
    """

    late: Flags
    """Too seldom in time, whatever the budget."""
    dear: Flags
    """Too seldom within the budget, whatever the time."""
    apart: Flags
    """Often enough in time and within the budget, and too seldom both at once."""
    days: Floats
    """Deadline that holds with the confidence asked for, together with the money; infinite where none does."""
    usd: Floats
    """Budget that holds with the confidence asked for, together with the days."""
    hopeless: Flags
    """Neither deadline nor budget is enough, since no run may last so long, or it never ends."""


def needs_of(designs: Designs, limits: Limits) -> Needs:
    """Work out what each design needs.

    One limit alone is moved to where it holds together with the other as it stands. Two that are both short are moved
    by the same factor beyond what each of them needs alone.
    """
    assessed, confidence = designs.assessed, limits.confidence
    late, dear = assessed.in_time < confidence, assessed.in_budget < confidence
    both = late & dear
    with np.errstate(invalid="ignore"):  # of what never ends
        days = np.where(both, assessed.sure_finish_days * assessed.both_over, assessed.joint_finish_days)
        usd = np.where(both, assessed.sure_committed_usd * assessed.both_over, assessed.joint_committed_usd)
    never = late & ~(days <= limits.longest_days) | dear & ~np.isfinite(usd)
    return Needs(
        late=late,
        dear=dear,
        apart=~late & ~dear & (assessed.in_both < confidence),
        days=days,
        usd=usd,
        hopeless=never,
    )
