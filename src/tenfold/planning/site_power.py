"""What the connection of a catalog site allows a plan, and when it would allow more."""

from __future__ import annotations

import datetime

import numpy as np

from tenfold.catalog import Site
from tenfold.sites import day_it_fits, energised_w


def site_power_w(site: Site, start: datetime.date | None) -> float:
    """Power a site states for a day, W; of stages without a day the last; infinite where it states none."""
    if site.stages:
        day, power = _stairs(site)
        return (
            float(power[-1]) if start is None else float(np.asarray(energised_w(float(start.toordinal()), day, power)))
        )
    return np.inf if site.available_power is None else site.available_power.value


def date_it_fits(site: Site, need_w: float) -> datetime.date | None:
    """Day from which the stages of a site carry a demand; None where none does or none is known."""
    if not site.stages:
        return None
    day = float(np.asarray(day_it_fits(need_w, *_stairs(site))))
    return datetime.date.fromordinal(int(day)) if np.isfinite(day) else None


def _stairs(site: Site) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]:
    days = [float(stage.date.toordinal()) for stage in site.stages]
    return np.array(days), np.array([stage.power.value for stage in site.stages])
