"""Which campuses have the power for their chips on the first day, what is short and when it would fit."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.multisite.goal import Campus, Stage
from tenfold.planning.multisite.plan import PowerShort
from tenfold.quantities import format_quantity
from tenfold.sites import chips_within_power, day_it_fits, energised_w, power_short_w, ready_day

MW = 1e6
DAY_S = 86_400.0


def stated_stages(site: Site, start: datetime.date) -> tuple[Stage, ...]:
    """Power by date as a catalog site states it; what it has available counts from ``start``. Empty without a limit."""
    if site.stages:
        return tuple(Stage(date=stage.date, power_w=stage.power.value) for stage in site.stages)
    return () if site.available_power is None else (Stage(date=start, power_w=site.available_power.value),)


def ready_date(start: datetime.date, queue_s: float, build_s: float) -> datetime.date:
    """Day a campus is connected and built; the grid queue and building run side by side from the start."""
    days = float(np.ceil(ready_day(0.0, queue_s / DAY_S, build_s / DAY_S)))
    return start + datetime.timedelta(days=days)


def from_ready(stages: Sequence[Stage], start: datetime.date, ready: datetime.date) -> tuple[Stage, ...]:
    """Power by date at a campus that is not there before ``ready``: none until then, no limit where none is known."""
    if ready <= start:
        return tuple(stages)
    begun = [stage.power_w for stage in stages if stage.date <= ready]
    first = begun[-1] if begun else np.inf if not stages else 0.0
    later = [stage for stage in stages if stage.date > ready]
    return (Stage(date=start, power_w=0.0), Stage(date=ready, power_w=first), *later)


def power_short(campus: Campus, need_w: float, chips: int, node_chips: int, start: datetime.date) -> PowerShort | None:
    """Say what a campus is short of for ``chips`` that need so much; None where its power suffices."""
    if not campus.stages:
        return None
    day = np.array([float((stage.date - start).days) for stage in campus.stages])
    power = np.array([stage.power_w for stage in campus.stages])
    available = float(np.asarray(energised_w(0.0, day, power)))
    short = float(np.asarray(power_short_w(need_w, available)))
    if short <= 1e-9 * need_w:
        return None
    fits = float(np.asarray(day_it_fits(need_w, day, power)))
    date = start + datetime.timedelta(days=fits) if np.isfinite(fits) else None
    most = float(np.asarray(chips_within_power(available, need_w / chips, 1.0, float(node_chips))))
    fewer = (
        f"at most {most:,.0f} chips" if most else f"{format_quantity(need_w / chips * node_chips, 'W')} for one node"
    )
    return PowerShort(
        site=campus.name,
        need_mw=need_w / MW,
        available_mw=available / MW,
        short_mw=short / MW,
        fits_on=date,
        nearest=f"start on {date.isoformat()}, or {fewer}" if date is not None else fewer,
    )


def available_mw(campus: Campus, start: datetime.date) -> float | None:
    """Power on the first day, MW; None where nothing limits it."""
    if not campus.stages:
        return None
    day = np.array([float((stage.date - start).days) for stage in campus.stages])
    return float(np.asarray(energised_w(0.0, day, np.array([stage.power_w for stage in campus.stages])))) / MW


def usable_campuses(shorts: Sequence[PowerShort | None]) -> list[int]:
    """Places of the campuses that are short of nothing."""
    return [place for place, short in enumerate(shorts) if short is None]
