"""Why a design cannot be, by how much it is short, and the nearest change that would fit."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.supply.choose import has_power, keeps_limits
from tenfold.planning.supply.rows import Designs, Limits
from tenfold.quantities import Shortfall, format_enough, format_quantity
from tenfold.sites import chips_within_power, date_it_fits


def shortfalls(designs: Designs, place: int, limits: Limits, node_chips: int, site: Site) -> tuple[Shortfall, ...]:
    """List what the design at ``place`` is short of; ``node_chips`` is the size of a node of its chip."""
    fitting = _fitting_count(designs, place, limits)
    found = [
        *_power(designs, place, limits, node_chips, site),
        *_deadline(designs, place, limits, fitting),
        *_budget(designs, place, limits, fitting),
    ]
    if not found:
        both = float(designs.assessed.in_both[place])
        short = f"deadline and budget hold together in {both:.0%} of outcomes, {limits.confidence:.0%} are wanted"
        nearest = f"confidence = {math.floor(both * 100) / 100:.2f}, or more budget" if both >= 0.01 else "more budget"
        found = [Shortfall(kind="deadline", short=short, nearest=nearest, times_over=1.0)]
    return tuple(found)


def _deadline(designs: Designs, place: int, limits: Limits, fitting: str) -> Iterator[Shortfall]:
    assessed, limit = designs.assessed, limits.deadline_days
    if assessed.in_time[place] >= limits.confidence:
        return
    finish = float(assessed.sure_finish_days[place])
    short = f"deadline short by {_days(finish - limit)}: done in {_days(finish)} at {limits.confidence:.0%} confidence"
    longer = f"a deadline of {math.ceil(finish):,} days" if np.isfinite(finish) else "more reliable chips"
    yield Shortfall(kind="deadline", short=short, nearest=fitting or longer, times_over=finish / limit)


def _budget(designs: Designs, place: int, limits: Limits, fitting: str) -> Iterator[Shortfall]:
    assessed, limit = designs.assessed, limits.budget_usd
    if assessed.in_budget[place] >= limits.confidence:
        return
    need = float(assessed.sure_committed_usd[place])
    short = f"budget short by {_usd(need - limit)}: {_usd(need)} committed at {limits.confidence:.0%} confidence"
    more = f"a budget of {format_enough(need, 'USD')}" if np.isfinite(need) else "more reliable chips"
    yield Shortfall(kind="budget", short=short, nearest=fitting or more, times_over=need / limit)


def _fitting_count(designs: Designs, place: int, limits: Limits) -> str:
    """Name the count of chips, allowed or beyond the limit, on which the same kind of design would fit, if any."""
    siblings = designs.kind == designs.kind[place]
    fits = designs.chips[siblings & keeps_limits(designs, limits)]
    return f"{fits[np.argmin(np.abs(np.log(fits / designs.chips[place])))]:,.0f} chips would fit" if len(fits) else ""


def _power(designs: Designs, place: int, limits: Limits, node_chips: int, site: Site) -> Iterator[Shortfall]:
    need, limit = float(designs.power_w[place]), float(designs.power_limit_w[place])
    if has_power(designs)[place]:
        return
    each = need / float(designs.chips[place])
    most = float(chips_within_power(limit, each, 1.0, float(node_chips)))
    short = f"power short by {format_quantity(need - limit, 'W')}: {format_quantity(need, 'W')} at the meter"
    nearest = f"at most {most:,.0f} chips" if most else f"{format_quantity(each * node_chips, 'W')} for one node"
    date = date_it_fits(site, need, limits.start) if need <= limits.power_w else None
    when = f"{site.key} has it from {date.isoformat()}, or " if date is not None else ""
    yield Shortfall(kind="power", short=short, nearest=when + nearest, times_over=need / limit if limit else np.inf)


def _days(value: float) -> str:
    if not np.isfinite(value):
        return "no time"
    if value < 1:
        return f"{value * 24:.2g} hours"
    number = f"{value:,.0f}" if value >= 100 else f"{value:.2g}"
    return f"{number} {'day' if number == '1' else 'days'}"


def _usd(value: float) -> str:
    return format_quantity(value, "USD", 3) if np.isfinite(value) else "without limit"
