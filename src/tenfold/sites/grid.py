"""Power over time: what is energised when, and when a demand fits.

A site's power is a staircase: stage i adds nothing before its date and makes ``power_w[i]`` available from then on (the
stages are totals, not additions). Source of the form: connection agreements of grids, which energise in stages.
All times are days from the start of the plan; a stage before it has a negative day.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column, Floats


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
