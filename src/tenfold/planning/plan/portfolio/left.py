"""What a service leaves of its fleet by week and hour, and what a run gets done there. Pure functions over a grid."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from tenfold.planning.plan.portfolio.day import HOURS, WEEK_DAYS, rates_per_s
from tenfold.planning.plan.serve.answer import FleetDesign, ReplicaPlan, ServicePlan
from tenfold.planning.plan.serve.demand import grown, mean_growth
from tenfold.quantities import Floats, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Chips of a fleet that its service does not need."""

    ready_day: float
    """Since the order, from which on they are there."""
    chips: Floats
    """By week and hour, (weeks, 24), in whole nodes."""

    @property
    def end_day(self) -> float:
        """Last day of the grid."""
        return self.ready_day + WEEK_DAYS * len(self.chips)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of a day that a gang of chips works, by week."""

    left: Left
    a_day: Floats
    """(weeks,), what stopping and starting takes already gone."""

    def done_by(self, day: float) -> float:
        """Days of work that are done on the gang until a day since the order."""
        edges = np.arange(len(self.a_day) + 1) * WEEK_DAYS
        done = np.concatenate([[0.0], np.cumsum(self.a_day / HOURS * WEEK_DAYS)])
        return float(np.interp(day - self.left.ready_day, edges, done))

    def day_of(self, work_days: float) -> float:
        """Day since the order on which so many days of work are done; infinite where they never are."""
        edges = np.arange(len(self.a_day) + 1) * WEEK_DAYS
        done = np.concatenate([[0.0], np.cumsum(self.a_day / HOURS * WEEK_DAYS)])
        if not work_days <= done[-1]:
            return math.inf
        week = int(np.searchsorted(done, work_days, side="left"))
        if week == 0:
            return self.left.ready_day
        share = (work_days - done[week - 1]) / (done[week] - done[week - 1])
        return float(self.left.ready_day + edges[week - 1] + share * WEEK_DAYS)

    def days_of(self, work_days: Percentiles) -> Percentiles:
        """The same of a range."""
        return Percentiles(**{name: self.day_of(getattr(work_days, name)) for name in ("p10", "p50", "p90")})


def left_by(plan: ServicePlan, design: FleetDesign, growth: float, period_s: float, flattest: float, node: int) -> Left:
    """Chips that a fleet has beyond those its service needs at that hour, spares among them.

    The peak over the mean is the one that the fleet was sized for, and ``flattest`` beside it, whichever leaves less: a
    day that is flatter than was sized for has busier nights.
    """
    first = plan.mean_requests_per_s / mean_growth(growth, period_s)
    sized = plan.peak_requests_per_s / (first * grown(growth, period_s))
    taken = [
        chips_taken(design, rates_per_s(plan.mean_requests_per_s, growth, period_s, each)) for each in (sized, flattest)
    ]
    free = np.maximum(design.chips - np.maximum(*taken), 0.0)
    return Left(ready_day=design.ready_days.p90, chips=np.floor(free / node) * node)


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
