"""Whether a campus has the power for its chips on the first day, what is short and when it would fit."""

from __future__ import annotations

import datetime

import numpy as np

from tenfold.planning.multisite.answer import PowerShort
from tenfold.planning.multisite.run import Campus
from tenfold.sites import date_stages_fit, power_on_w, power_short_w

MW = 1e6


def power_short(campus: Campus, need_w: float, start: datetime.date) -> PowerShort | None:
    """Say what a campus is short of for chips that need so much; None where its power suffices."""
    available = power_on_w(campus.stages, start)
    short = float(np.asarray(power_short_w(need_w, available)))
    if short <= 1e-9 * need_w:
        return None
    return PowerShort(
        site=campus.name,
        need_mw=need_w / MW,
        available_mw=available / MW,
        short_mw=short / MW,
        fits_on=date_stages_fit(campus.stages, need_w),
    )


def available_mw(campus: Campus, start: datetime.date) -> float | None:
    """Power on the first day, MW; None where nothing limits it."""
    return power_on_w(campus.stages, start) / MW if campus.stages else None
