"""The shape of a day and of growth: requests a second by week and hour; chips left then, and the work done on them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tenfold.planning.plan.serve.growth import grown, mean_growth
from tenfold.quantities import DAY_S, Floats, Percentiles

HOURS = 24
WEEK_DAYS = 7.0
ENDS = ("p10", "p50", "p90")
MOST_PEAKED = 1e6
"""Concentration beyond which a hump is narrower than an hour by far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Chips of a fleet that its service does not need."""

    ready_day: float
    """Since the order, by which they are there for sure, P90."""
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
        edges, done = self._done
        return float(np.interp(day - self.left.ready_day, edges, done))

    def day_of(self, work_days: float) -> float:
        """Day since the order on which so many days of work are done; infinite where they never are."""
        edges, done = self._done
        if not work_days <= done[-1]:
            return math.inf
        week = int(np.searchsorted(done, work_days, side="left"))
        if week == 0:
            return self.left.ready_day
        share = (work_days - done[week - 1]) / (done[week] - done[week - 1])
        return float(self.left.ready_day + edges[week - 1] + share * WEEK_DAYS)

    @property
    def _done(self) -> tuple[Floats, Floats]:
        """Ends of the weeks, days since the chips are there, and the days of work that are done by then."""
        edges = np.asarray(np.arange(len(self.a_day) + 1) * WEEK_DAYS, dtype=np.float64)
        return edges, np.concatenate([[0.0], np.cumsum(self.a_day / HOURS * WEEK_DAYS)])

    def days_of(self, ready_days: Percentiles, work_days: Percentiles) -> Percentiles:
        """Day since the order on which work is done: ends of when the chips are there and of the work, added up."""
        took = {name: self.day_of(getattr(work_days, name)) - self.left.ready_day for name in ENDS}
        return Percentiles(**{name: getattr(ready_days, name) + took[name] for name in ENDS})


def day_shape(peak_to_mean: float) -> Floats:
    """Rate over the day's mean in every hour, the busiest first, (24,): at most the peak, the mean below it elsewhere.

    One hump a day: exp(κ·cos θ)/I₀(κ), the von Mises density, whose mean is 1 and whose peak, exp(κ)/I₀(κ), is the one
    stated [Mardia & Jupp 2000, 3.5]. An hour has the value of its busiest moment. That a day has one hump is assumed;
    1 is a day without one.
    """
    away = np.abs((np.arange(HOURS) + HOURS / 2) % HOURS - HOURS / 2)
    theta = 2.0 * np.pi * np.maximum(away - 0.5, 0.0) / HOURS
    return np.asarray(peak_to_mean * np.exp(_concentration(peak_to_mean) * (np.cos(theta) - 1.0)))


def _concentration(peak_to_mean: float) -> float:
    """κ of a hump with that peak: exp(κ)/I₀(κ) = peak over mean, which rises from 1 without end."""
    from scipy.optimize import brentq
    from scipy.special import i0e

    if peak_to_mean <= 1.0:
        return 0.0
    return float(brentq(lambda kappa: 1.0 / i0e(kappa) - peak_to_mean, 0.0, MOST_PEAKED))


def weeks_in(period_s: float) -> int:
    """Weeks that a period begins."""
    return math.ceil(period_s / DAY_S / WEEK_DAYS - 1e-9)


def rates_per_s(mean_rate_per_s: float, growth_per_year: float, period_s: float, peak_to_mean: float) -> Floats:
    """Requests a second by week and hour, (weeks, 24), 1/s; a week has the growth of its last day.

    ``mean_rate_per_s`` is that over the whole period.
    """
    ends = np.minimum(np.arange(1, weeks_in(period_s) + 1) * WEEK_DAYS * DAY_S, period_s)
    growth = np.array([grown(growth_per_year, float(end)) for end in ends])
    first = mean_rate_per_s / mean_growth(growth_per_year, period_s)
    return np.asarray(first * growth[:, None] * day_shape(peak_to_mean)[None, :])
