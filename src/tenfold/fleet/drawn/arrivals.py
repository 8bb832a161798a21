"""When jobs come: alone or in bursts, by the time of day; and when replicas are needed. Time 0 is midnight."""

from __future__ import annotations

import math

import numpy as np

from tenfold.quantities import DAY_S, Floats


def of_the_day(time_s: Floats, peak_to_mean: float, peak_at_s: float) -> Floats:
    """Rate over its mean: 1 + (p − 1) cos(2π (t − peak)/day). Broadcasts; mean 1 over whole days, for 1 ≤ p ≤ 2."""
    return np.asarray(1.0 + (peak_to_mean - 1.0) * np.cos(2.0 * np.pi * (time_s - peak_at_s) / DAY_S))


def arrivals_s(
    rng: np.random.Generator, rate_per_s: float, span_s: float, peak_to_mean: float, peak_at_s: float
) -> Floats:
    """Moments of a Poisson process whose rate follows the day, sorted, s.

    Drawn at the highest rate and thinned (Lewis and Shedler, Naval Research Logistics Quarterly 26(3), 1979).
    """
    count = rng.poisson(rate_per_s * peak_to_mean * span_s)
    times_s = np.sort(rng.uniform(0.0, span_s, count))
    kept = rng.random(count) * peak_to_mean < of_the_day(times_s, peak_to_mean, peak_at_s)
    return np.asarray(times_s[kept])


def in_bursts(rng: np.random.Generator, times_s: Floats, mean_jobs: float) -> Floats:
    """Moments, each as often as jobs come then: N geometric from 1 with mean m, so Var N = m (m − 1)."""
    return np.repeat(times_s, rng.geometric(1.0 / mean_jobs, len(times_s)))


def needed_spans_s(replicas: float, peak_to_mean: float, peak_at_s: float, span_s: float) -> tuple[Floats, Floats]:
    """Begin and end of each time that a replica is needed, s, sorted by begin.

    Needed are r (1 + (p − 1) cos(2π (t − peak)/day)), to the nearest whole number: the k-th while that is above k − ½,
    which is for day/π · arccos((k − ½ − r)/(r (p − 1))) around each peak.
    """
    swing = replicas * (peak_to_mean - 1.0)
    begins, ends = [], []
    days = np.arange(-1, math.ceil(span_s / DAY_S) + 1) * DAY_S + peak_at_s
    for replica in range(1, math.floor(replicas + swing + 0.5) + 1):
        above = replica - 0.5 - replicas
        if above <= -swing:
            begins.append(np.zeros(1))
            ends.append(np.full(1, span_s))
        elif above < swing:
            half_s = math.acos(above / swing) * DAY_S / (2.0 * math.pi)
            begins.append(np.clip(days - half_s, 0.0, span_s))
            ends.append(np.clip(days + half_s, 0.0, span_s))
    begin_s, end_s = (np.concatenate(each) if each else np.zeros(0) for each in (begins, ends))
    some = end_s > begin_s
    order = np.argsort(begin_s[some], kind="stable")
    return begin_s[some][order], end_s[some][order]
