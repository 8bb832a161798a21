"""What deadline and budget would have to be for a design to fit, and how far that is from what they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.planning.supply.choose import best_of_each_kind, feasible, has_power
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Flags, Floats, Indices


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


def nearest_of_each_kind(designs: Designs, limits: Limits, kind: Indices) -> Indices:
    """For each kind without a feasible design the one that is the least short, and of those the least short first."""
    fits = feasible(designs, limits)
    missing = np.flatnonzero(designs.allowed & ~np.isin(kind, kind[fits]))
    return best_of_each_kind(designs, least_short(designs, limits, missing), kind)


def least_short(designs: Designs, limits: Limits, among: Indices) -> Indices:
    """Order designs by how short they are, the least first.

    Those that some deadline and budget let fit, then those that are short of fewer limits, then by the largest factor
    that a limit is moved by, then by how often they hold.
    """
    needs = needs_of(designs, limits)
    powerless = ~has_power(designs)
    count = needs.late.astype(np.intp) + (needs.dear | needs.apart) + powerless
    moved = (
        (needs.late, needs.days, limits.deadline_days),
        (needs.dear | needs.apart, needs.usd, limits.budget_usd),
        (powerless, designs.power_w, designs.power_limit_w),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = [
            np.where(short, np.where(np.isfinite(need), need / limit, np.inf), 1.0) for short, need, limit in moved
        ]
    over = np.max(factors, axis=0)
    keys = (among, -designs.assessed.in_both[among], over[among], count[among], needs.hopeless[among])
    return among[np.lexsort(keys)]
