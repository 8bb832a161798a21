"""What the connection of a catalog site allows a plan, and when it would allow more.

A site that waits for the grid or is still to be built has nothing before it is ready: the start of the plan plus the
longer of the two, which run side by side.
"""

from __future__ import annotations

import datetime

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.multisite.goal import Stage
from tenfold.planning.multisite.power import from_ready, ready_date, stated_stages
from tenfold.sites import day_it_fits, energised_w


def site_power_w(site: Site, start: datetime.date | None) -> float:
    """Power a site states for a day, W; without a day what it has in the end; infinite where it states none."""
    stages = _stages(site, start)
    if not stages:
        return np.inf
    if start is None:
        return stages[-1].power_w
    return float(np.asarray(energised_w(float(start.toordinal()), *_stairs(stages))))


def date_it_fits(site: Site, need_w: float, start: datetime.date | None) -> datetime.date | None:
    """Day from which a site carries a demand; None where it never does or no day is known."""
    stages = _stages(site, start)
    if not stages or (start is None and not site.stages):
        return None
    day = float(np.asarray(day_it_fits(need_w, *_stairs(stages))))
    return datetime.date.fromordinal(int(day)) if np.isfinite(day) else None


def _stages(site: Site, start: datetime.date | None) -> tuple[Stage, ...]:
    """Power by date, as the site states it and from when it is ready."""
    if start is None:
        return stated_stages(site, datetime.date.min)
    waits = (0.0 if known is None else known.value for known in (site.queue, site.build_time))
    return from_ready(stated_stages(site, start), start, ready_date(start, *waits))


def _stairs(stages: tuple[Stage, ...]) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]:
    days = [float(stage.date.toordinal()) for stage in stages]
    return np.array(days), np.array([stage.power_w for stage in stages])
