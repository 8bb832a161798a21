"""Who is served first: rivals with one signature, by name in ``ORDERS``.

    order(Jobs) → keys, lower first; ties by order of submission

fifo      by submission
sjf       by the time a job takes: the time itself, as if everybody knew it
estimate  by the time its user said it would take
edf       by deadline
priority  by tier, then by submission
largest   by chips, the most first
value     by worth ÷ (chips × the time its user said it would take), the most first
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from tenfold.fleet.jobs import Jobs
from tenfold.quantities import Floats

SHORTEST_S = 1.0
"""No job counts as shorter than this where its worth is taken by its time."""
Order = Callable[[Jobs], Floats]


def fifo(jobs: Jobs) -> Floats:
    """First come, first served."""
    return jobs.submit_s


def sjf(jobs: Jobs) -> Floats:
    """Shortest first."""
    return jobs.work_s


def by_estimate(jobs: Jobs) -> Floats:
    """Shortest by what was said."""
    return jobs.estimate_s


def edf(jobs: Jobs) -> Floats:
    """Earliest deadline first; jobs without one come last."""
    return jobs.deadline_s


def priority(jobs: Jobs) -> Floats:
    """Tier by tier."""
    return jobs.tier.astype(np.float64)


def largest(jobs: Jobs) -> Floats:
    """Largest gang first."""
    return -jobs.chips.astype(np.float64)


def by_value(jobs: Jobs) -> Floats:
    """The most worth for its chips and its time first."""
    return np.asarray(-jobs.value_usd / (jobs.chips * np.maximum(jobs.estimate_s, SHORTEST_S)))


ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "fifo": fifo,
        "sjf": sjf,
        "estimate": by_estimate,
        "edf": edf,
        "priority": priority,
        "largest": largest,
        "value": by_value,
    }
)
"""Orders that do not change while a job waits, by name."""
