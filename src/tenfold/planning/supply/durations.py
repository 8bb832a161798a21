"""How long designs take at points of the uncertain inputs. Axes (row, point).

finish = wait + setup + tokens ÷ (throughput · goodput); goodput is the exact renewal formula at a checkpoint interval
that is chosen once, for the inputs at P50, because nobody knows the failure rate in advance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.planning.at_work import job_working, taken_back_per_s
from tenfold.planning.supply.held import DAYS_PER_WEEK, Duration, Held
from tenfold.planning.supply.rows import Rows, Work
from tenfold.quantities import DAY_S, Column, Floats, Indices, Points
from tenfold.reliability import Working, failure_rate_per_s

LONGEST_DAYS = 1e12
"""Days that a run which all but never ends is counted for: its money stays a number."""


def counted_days(days: Floats) -> Floats:
    """Days as they are counted: ``LONGEST_DAYS`` at most, but for what never ends, which is infinite."""
    return np.where(np.isfinite(days), np.minimum(days, LONGEST_DAYS), days)


def checkpoint_interval_s(rows: Rows, work: Work, middle: Points) -> Floats:
    """Interval to checkpoint at, s, shape (rows,): the optimum at the median of the inputs.

    No shorter than a step, nor than a save takes to reach storage.
    """
    step = step_s(rows, middle)
    found = _working(rows, work, middle, step, None)
    return np.broadcast_to(found.interval_s, found.productive.shape)[:, 0]


def durations(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Duration:
    """Time the rows at the points; ``interval_s`` has shape (rows,)."""
    index = rows.index
    step = step_s(rows, points)
    found = _working(rows, work, points, step, interval_s[:, None])
    run_days = rows.steps[:, None] * step * found.wall_per_useful / DAY_S
    return Duration(
        step_s=step,
        lead_days=lead_days(rows, points),
        setup_days=points.of("setup", index),
        run_days=counted_days(run_days),
        working=found,
    )


def by_chip(rows: Rows) -> Iterator[Indices]:
    """Rows of each chip, those that a provider takes back apart: what is timed together, and stays in cache."""
    for chip, spot in sorted(set(zip(rows.chip.tolist(), rows.spot.tolist(), strict=True))):
        yield np.flatnonzero((rows.chip == chip) & (rows.spot == spot))


def of_runs(rows: Rows, index: Indices, work: Work, points: Points, interval_s: Floats) -> tuple[Duration, Indices]:
    """Time rows of a chip, each run once for all the offers it is had from; and which run each row is.

    What an offer decides is that of the first.
    """
    _, first, run = np.unique(rows.run[index], return_index=True, return_inverse=True)
    return durations(rows.of_one_offer(index[first]), work, points, interval_s[index[first]]), run


def held(rows: Rows, points: Points, run_days: Floats) -> Held:
    """How long rows of one offer hold their chips, which work so many days."""
    return Held(lead_days=lead_days(rows, points), setup_days=points.of("setup", rows.index), run_days=run_days)


def at_work(held: Held, took: Duration, run: Indices) -> Duration:
    """How long rows take, whose runs were timed and whose chips are held so."""
    return Duration(
        lead_days=held.lead_days,
        setup_days=held.setup_days,
        run_days=held.run_days,
        step_s=took.step_s[run],
        working=took.working.rows(run),
    )


def each_alone(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Iterator[tuple[int, Duration]]:
    """Place of each row, and how long it takes; rows of a chip are timed together."""
    for index in by_chip(rows):
        took, run = of_runs(rows, index, work, points, interval_s)
        for place, at in zip(index.tolist(), run[:, None], strict=True):
            yield place, at_work(held(rows.of_one_offer(np.array([place])), points, took.run_days[at]), took, at)


def step_s(rows: Rows, points: Points) -> Floats:
    """Time of a step, s: predicted · ratio."""
    return np.asarray(rows.step_s[:, None] * points.of("step", rows.index))


def lead_days(rows: Rows, points: Points) -> Floats:
    """Days from the order until the chips are set up: waiting for them, while software that has to be is ported."""
    waited = rows.waits[:, None] * points.of("lead", rows.index)
    if not rows.ported.any():
        return np.asarray(waited)
    delayed = rows.ported[:, None] * points.of("porting_weeks", rows.index) * DAYS_PER_WEEK
    return np.asarray(np.maximum(waited, delayed))


def _working(rows: Rows, work: Work, points: Points, step_s: Floats, interval_s: Floats | None) -> Working:
    """Share of time that the rows work; the provider taking nodes of a spot cluster back stops them too."""
    index, chips = rows.index, rows.chips[:, None]
    taken: Column = 0.0
    away: Column = 0.0
    if rows.spot.any():
        taken = rows.spot[:, None] * taken_back_per_s(lambda key: points.of(key, index), chips)
        away = points.of("spot_wait", index)
    return job_working(
        lambda key: points.of(key, index),
        chips,
        work.parameters,
        work.practice.of(rows.chip),
        rate_per_s=failure_rate_per_s(points.of("failures", index), chips),
        taken_back_per_s=taken,
        away_s=away,
        interval_s=interval_s,
        shortest_interval_s=step_s,
        drain_share=points.of("drain_share", index),
    )
