"""Every design against the limits: medians, quantiles and chances over all draws, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tenfold.planning.supply.evaluate import Duration, durations, owned_usd_by_site, purchase_usd, rent_usd
from tenfold.planning.supply.rows import Assessment, Limits, Rows, Work
from tenfold.quantities import Flags, Floats, Points

MEDIAN = 0.5


def assess(rows: Rows, work: Work, points: Points, interval_s: Floats, limits: Limits, sites: int) -> Assessment:
    """Evaluate the rows at all points, each at all of so many sites, and keep what choosing needs.

    A chip at a time, which stays in cache. Sites differ in the energy of what is owned, and in nothing else.
    """
    found = Assessment(**{name: np.empty((len(rows), sites)) for name in Assessment.__slots__})
    for chip in np.unique(rows.chip):
        took: dict[bool, Duration] = {}
        for offer in np.unique(rows.offer[rows.chip == chip]):
            index = np.flatnonzero(rows.offer == offer)
            alike = rows.of_one_offer(index)
            spot = bool(alike.spot[0])
            if spot not in took:
                took[spot] = durations(alike, work, points, interval_s[index])
            duration = replace(took[spot], setup_days=points.of("setup", alike.index))
            for name, column in _assessed(alike, points, duration, limits, sites).items():
                getattr(found, name)[index] = column
    return found


def within(values: Floats, limit: float) -> Flags:
    """Which outcomes keep a limit; what never ends keeps none, not even an infinite one."""
    return (values <= limit) & np.isfinite(values)


def _assessed(rows: Rows, points: Points, took: Duration, limits: Limits, sites: int) -> Mapping[str, Floats]:
    """Assess rows of one offer; columns of shape (rows, sites), or (rows, 1) where all sites are alike."""
    finish = took.finish_days
    finish_days, sure_finish_days = _quantiles(finish, MEDIAN, limits.confidence)
    if rows.owned[0]:
        committed = purchase_usd(rows, points)
        (sure_committed_usd,) = _quantiles(committed, limits.confidence)
        by_site = owned_usd_by_site(rows, points, took, sites)
        cost_usd = np.hstack([_quantiles(charged, MEDIAN)[0] for charged in by_site]).T
    else:
        committed = rent_usd(rows, points, took)
        cost_usd, sure_committed_usd = _quantiles(committed, MEDIAN, limits.confidence)
    in_time, in_budget = within(finish, limits.deadline_days), within(committed, limits.budget_usd)
    return {
        "finish_days": finish_days,
        "cost_usd": cost_usd,
        "sure_finish_days": sure_finish_days,
        "sure_committed_usd": sure_committed_usd,
        "in_time": in_time.mean(axis=1, keepdims=True),
        "in_budget": in_budget.mean(axis=1, keepdims=True),
        "in_both": (in_time & in_budget).mean(axis=1, keepdims=True),
    }


def _quantiles(values: Floats, *shares: float) -> tuple[Floats, ...]:
    """Smallest values that the shares of outcomes do not exceed, shape (rows, 1).

    "At least this probable" and this agree exactly.
    """
    places = [max(int(np.ceil(share * values.shape[1] - 1e-9)) - 1, 0) for share in shares]
    ordered = np.partition(values, places, axis=1)
    return tuple(ordered[:, [place]] for place in places)
