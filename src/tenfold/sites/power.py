"""Power of a site by date: what it states, when it is connected and built, what it carries on a day.

A site that waits for the grid or is still to be built has nothing before it is ready: the start plus the longer of the
two, which run side by side.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Site
from tenfold.quantities import DAY_S, Floats
from tenfold.sites.grid import day_it_fits, energised_w, ready_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Power in all from a day on."""

    date: datetime.date
    power_w: float


def stated_stages(site: Site, start: datetime.date) -> tuple[Stage, ...]:
    """Power by date as a catalog site states it; what it has available counts from ``start``. Empty without a limit."""
    if site.stages:
        return tuple(Stage(date=stage.date, power_w=stage.power.value) for stage in site.stages)
    return () if site.available_power is None else (Stage(date=start, power_w=site.available_power.value),)


def ready_date(start: datetime.date, queue_s: float, build_s: float) -> datetime.date:
    """Day a site is connected and built; the grid queue and building run side by side from the start."""
    days = float(np.ceil(ready_day(0.0, queue_s / DAY_S, build_s / DAY_S)))
    return start + datetime.timedelta(days=days)


def from_ready(stages: Sequence[Stage], start: datetime.date, ready: datetime.date) -> tuple[Stage, ...]:
    """Power by date at a site that is not there before ``ready``: none until then, no limit where none is known."""
    if ready <= start:
        return tuple(stages)
    begun = [stage.power_w for stage in stages if stage.date <= ready]
    first = begun[-1] if begun else np.inf if not stages else 0.0
    later = [stage for stage in stages if stage.date > ready]
    return (Stage(date=start, power_w=0.0), Stage(date=ready, power_w=first), *later)


def power_on_w(stages: Sequence[Stage], day: datetime.date) -> float:
    """Power energised on a day, W; infinite where no stages limit it."""
    return float(np.asarray(energised_w(float(day.toordinal()), *_stairs(stages)))) if stages else np.inf


def date_stages_fit(stages: Sequence[Stage], need_w: float) -> datetime.date | None:
    """Day from which the stages carry a demand for good; None where they never do."""
    day = float(np.asarray(day_it_fits(need_w, *_stairs(stages))))
    return datetime.date.fromordinal(int(day)) if np.isfinite(day) else None


def site_power_w(site: Site, start: datetime.date | None) -> float:
    """Power a site states for a day, W; without a day what it has in the end; infinite where it states none."""
    stages = _stages_of(site, start)
    if start is None:
        return stages[-1].power_w if stages else np.inf
    return power_on_w(stages, start)


def date_it_fits(site: Site, need_w: float, start: datetime.date | None) -> datetime.date | None:
    """Day from which a site carries a demand; None where it never does or no day is known."""
    stages = _stages_of(site, start)
    if not stages or (start is None and not site.stages):
        return None
    return date_stages_fit(stages, need_w)


def _stages_of(site: Site, start: datetime.date | None) -> tuple[Stage, ...]:
    """Power by date, as the site states it and from when it is ready."""
    if start is None:
        return stated_stages(site, datetime.date.min)
    waits = (0.0 if known is None else known.value for known in (site.queue, site.build_time))
    return from_ready(stated_stages(site, start), start, ready_date(start, *waits))


def _stairs(stages: Sequence[Stage]) -> tuple[Floats, Floats]:
    """Days and powers of stages, each of shape (stages,)."""
    days = [float(stage.date.toordinal()) for stage in stages]
    return np.array(days), np.array([stage.power_w for stage in stages])
