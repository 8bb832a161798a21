"""Every design against the limits: medians, quantiles and chances over all draws, as columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.planning.supply.evaluate import (
    Duration,
    durations,
    lead_days,
    owned_usd_by_site,
    porting_usd,
    purchase_usd,
    rent_usd,
)
from tenfold.planning.supply.rows import Assessment, Limits, Rows, Work
from tenfold.quantities import Flags, Floats, Indices, Points

MEDIAN = 0.5


def assess(rows: Rows, work: Work, points: Points, interval_s: Floats, limits: Limits, sites: int) -> Assessment:
    """Evaluate the rows at all points, each at all of so many sites, and keep what choosing needs.

    A chip at a time, which stays in cache, and a run once for all the offers it is had from. Sites differ in the energy
    of what is owned, and in nothing else.
    """
    found = Assessment(**{name: np.empty((len(rows), sites)) for name in Assessment.__slots__})
    for chip, spot in sorted(set(zip(rows.chip.tolist(), rows.spot.tolist(), strict=True))):
        index = np.flatnonzero((rows.chip == chip) & (rows.spot == spot))
        _, first, run = np.unique(rows.run[index], return_index=True, return_inverse=True)
        took = durations(rows.of_one_offer(index[first]), work, points, interval_s[index[first]])
        for offer in np.unique(rows.offer[index]):
            here = np.flatnonzero(rows.offer[index] == offer)
            alike = rows.of_one_offer(index[here])
            for name, column in _assessed(alike, points, _of(took, run[here], alike, points), limits, sites).items():
                getattr(found, name)[index[here]] = column
    return found


def within(values: Floats, limit: float) -> Flags:
    """Which outcomes keep a limit; what never ends keeps none, not even an infinite one."""
    return (values <= limit) & np.isfinite(values)


def _of(took: Duration, run: Indices, rows: Rows, points: Points) -> Duration:
    """Durations of rows of one offer: of their runs, after the waits of the offer."""
    return Duration(
        step_s=took.step_s[run],
        run_days=took.run_days[run],
        lead_days=lead_days(rows, points),
        setup_days=points.of("setup", rows.index),
        working=took.working,
    )


def _assessed(rows: Rows, points: Points, took: Duration, limits: Limits, sites: int) -> Mapping[str, Floats]:
    """Assess rows of one offer; columns of shape (rows, sites), or (rows, 1) where all sites are alike."""
    finish = took.finish_days
    finish_days, sure_finish_days = quantiles(finish, MEDIAN, limits.confidence)
    in_time = within(finish, limits.deadline_days)
    if rows.owned[0]:
        committed = purchase_usd(rows, points) + porting_usd(rows, points)
        (sure_committed_usd,) = quantiles(committed, limits.confidence)
        cost_usd, joint_cost_usd = _owned_cost(rows, points, took, limits, in_time, sites)
    else:
        committed = rent_usd(rows, points, took)
        cost_usd, sure_committed_usd = quantiles(committed, MEDIAN, limits.confidence)
        joint_cost_usd = together(committed, in_time, limits.confidence)
    in_budget = within(committed, limits.budget_usd)
    return {
        "finish_days": finish_days,
        "cost_usd": cost_usd,
        "joint_cost_usd": joint_cost_usd,
        "joint_finish_days": together(finish, in_budget, limits.confidence),
        "sure_finish_days": sure_finish_days,
        "sure_committed_usd": sure_committed_usd,
        "in_time": in_time.mean(axis=1, keepdims=True),
        "in_budget": in_budget.mean(axis=1, keepdims=True),
        "in_both": (in_time & in_budget).mean(axis=1, keepdims=True),
    }


def _owned_cost(
    rows: Rows, points: Points, took: Duration, limits: Limits, in_time: Flags, sites: int
) -> tuple[Floats, Floats]:
    """Median cost of owned rows, and the one that holds together with the deadline, shape (rows, sites)."""
    medians, joint = list[Floats](), list[Floats]()
    for charged, timely in zip(owned_usd_by_site(rows, points, took, sites), in_time, strict=True):
        medians.append(quantiles(charged, MEDIAN)[0])
        joint.append(together(charged, timely, limits.confidence))
    return np.hstack(medians).T, np.hstack(joint).T


def together(values: Floats, holds: Flags, confidence: float) -> Floats:
    """Smallest value that is not exceeded, while something else holds, in the share of outcomes; infinite if none."""
    return quantiles(np.where(holds, values, np.inf), confidence)[0]


def quantiles(values: Floats, *shares: float) -> tuple[Floats, ...]:
    """Smallest values that the shares of outcomes do not exceed, shape (rows, 1).

    "At least this probable" and this agree exactly.
    """
    places = [max(int(np.ceil(share * values.shape[1] - 1e-9)) - 1, 0) for share in shares]
    ordered = np.partition(values, places, axis=1)
    return tuple(ordered[:, [place]] for place in places)
