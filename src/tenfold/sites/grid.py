"""Power over time: what is energised when, when a demand fits, and price and carbon by hour of the day.

A site's power is a staircase: stage i adds nothing before its date and makes ``power_w[i]`` available from then on (the
stages are totals, not additions). Source of the form: connection agreements of grids, which energise in stages.
All times are days from the start of the plan; a stage before it has a negative day.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tenfold.catalog.models import Column

Floats = npt.NDArray[np.float64]
HOURS = 24


def energised_w(day: Column, stage_day: Floats, stage_w: Floats) -> Column:
    """Power available on a day, W: of the last stage that has begun, 0 before the first.

    ``stage_day`` rises, shape (stages,), as has ``stage_w``; broadcasts over ``day``. Raises nothing.
    """
    place = np.searchsorted(stage_day, np.asarray(day, dtype=np.float64), side="right")
    return np.asarray(np.concatenate([np.zeros(1), np.asarray(stage_w, dtype=np.float64)])[place])


def day_it_fits(demand_w: Column, stage_day: Floats, stage_w: Floats) -> Column:
    """First day from which the demand is met for good; infinite when no stage reaches it.

    A stage may fall back (power that is lent); every later one has to meet the demand. Broadcasts over ``demand_w``.
    """
    later = np.minimum.accumulate(np.asarray(stage_w, dtype=np.float64)[::-1])[::-1]
    meets = later >= np.asarray(demand_w, dtype=np.float64)[..., None] * (1.0 - 1e-9)
    first = np.argmax(meets, axis=-1)
    return np.where(meets.any(axis=-1), np.asarray(stage_day, dtype=np.float64)[first], np.inf)


def ready_day(order_day: Column, queue_days: Column, build_days: Column) -> Column:
    """Day a site that still has to be connected and built is ready: order + the longer of grid queue and building.

    Both run side by side, which holds where the land is permitted. Broadcasts; raises nothing.
    """
    return np.add(order_day, np.maximum(queue_days, build_days))


def hourly(mean: Column, shape_of_day: Floats) -> Column:
    """Value in each hour of the day: mean × shape ÷ mean of the shape; a last axis of 24 hours. Broadcasts."""
    relative = np.asarray(shape_of_day, dtype=np.float64)
    return np.asarray(np.asarray(mean, dtype=np.float64)[..., None] * (relative / relative.mean()))


def mean_over_hours(mean: Column, shape_of_day: Floats, runs_in: Floats) -> Column:
    """Average of an hourly value over the hours of the day in which a run draws power.

    ``runs_in`` weighs the 24 hours; equal weights give ``mean`` back: a run that never pauses pays the average.
    Broadcasts.
    """
    weights = np.asarray(runs_in, dtype=np.float64)
    return np.asarray(hourly(mean, shape_of_day) @ (weights / weights.sum()))


def share_of_capacity(power_w: Column, capacity_w: Column) -> Column:
    """Power over the capacity of a grid. Broadcasts."""
    return np.divide(power_w, capacity_w)
