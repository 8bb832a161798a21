"""What a service leaves of its fleet by week and hour. Pure functions over a grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenfold.planning.plan.portfolio.day import HOURS, WEEK_DAYS, Hours, Left, rates_per_s
from tenfold.planning.plan.serve.answer import FleetDesign, ReplicaPlan, ServicePlan
from tenfold.planning.plan.serve.growth import grown, mean_growth
from tenfold.quantities import Floats


def left_by(plan: ServicePlan, design: FleetDesign, growth: float, period_s: float, flattest: float, node: int) -> Left:
    """Chips that a fleet has beyond those its service needs at that hour, spares among them.

    The peak over the mean is the one that the fleet was sized for, and ``flattest`` beside it, whichever leaves less: a
    day that is flatter than was sized for has busier nights.
    """
    rates = rates_per_s(plan.mean_requests_per_s, growth, period_s, flattest)
    taken = np.maximum(taken_by(plan, design, growth, period_s), chips_taken(design, rates))
    free = np.maximum(design.chips - taken, 0.0)
    return Left(ready_day=design.ready_days.p90, chips=np.floor(free / node) * node)


def taken_by(plan: ServicePlan, design: FleetDesign, growth: float, period_s: float) -> Floats:
    """Chips that a service needs by week and hour at the peak it is sized for, (weeks, 24)."""
    first = plan.mean_requests_per_s / mean_growth(growth, period_s)
    peak_to_mean = plan.peak_requests_per_s / (first * grown(growth, period_s))
    return chips_taken(design, rates_per_s(plan.mean_requests_per_s, growth, period_s, peak_to_mean))


def chips_taken(design: FleetDesign, rate_per_s: Floats) -> Floats:
    """Chips of the replicas that a rate takes, with all spares of the fleet: ⌈rate ÷ what one carries⌉ + spares."""
    sides = [each for each in (design.layout, design.prefill_layout) if each is not None]
    return np.asarray(np.minimum(np.sum([_of_side(each, rate_per_s) for each in sides], axis=0), design.chips))


def _of_side(side: ReplicaPlan, rate_per_s: Floats) -> Floats:
    needed = np.minimum(np.ceil(rate_per_s / side.requests_per_s - 1e-9), side.replicas - side.spares)
    return np.asarray((needed + side.spares) * side.chips)


def hours_of(left: Left, chips: int, pause_h: float) -> Hours:
    """Hours of a day in which so many chips are left; one that is interrupted loses a pause at either end."""
    hours = (left.chips >= chips).sum(axis=1).astype(np.float64)
    whole = np.where(hours < HOURS, np.maximum(hours - 2.0 * pause_h, 0.0), hours)
    return Hours(left=left, a_day=whole)


def without(left: Left, chips: int, until_day: float) -> Left:
    """What is left beside a gang that takes its chips whenever there are enough, until a day."""
    weeks = left.ready_day + WEEK_DAYS * np.arange(len(left.chips)) < until_day
    taken = np.where(weeks[:, None] & (left.chips >= chips), chips, 0.0)
    return replace(left, chips=left.chips - taken)
