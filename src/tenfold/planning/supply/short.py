"""Why a design cannot be, by how much it is short, and the nearest change that would fit."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.supply.choose import has_power, keeps_limits
from tenfold.planning.supply.needs import Needs, needs_of
from tenfold.planning.supply.rows import Assessment, Designs, Limits
from tenfold.quantities import DAY_S, Shortfall, format_enough, format_quantity
from tenfold.sites import date_it_fits, site_power_w


def shortfalls(designs: Designs, place: int, limits: Limits, site: Site) -> tuple[Shortfall, ...]:
    """List what the design at ``place`` is short of; changes that are named let it fit if all of them are made.

    A deadline and a budget that are named hold together with the confidence asked for.
    """
    needs, fitting = needs_of(designs.take(np.array([place])), limits), _fitting_count(designs, place, limits)
    return (
        *_power(designs, place, limits, site),
        *_deadline(needs, designs.assessed, place, limits, fitting),
        *_budget(needs, designs.assessed, place, limits, fitting),
        *_apart(needs, designs.assessed, place, limits, fitting),
    )


def _deadline(needs: Needs, assessed: Assessment, place: int, limits: Limits, fitting: str) -> Iterator[Shortfall]:
    if not needs.late[0]:
        return
    alone, limit = float(assessed.sure_finish_days[place]), limits.deadline_days
    finish = alone if needs.hopeless[0] else float(needs.days[0])
    done = f"done in {_days(finish)} at {limits.confidence:.0%} confidence{_with('the budget', finish > alone)}"
    over = f"deadline short by {_days(finish - limit)}" if limits.time_is_set else _beyond_life(finish, limits)
    longer = () if fitting or needs.hopeless[0] else (("deadline_s", math.ceil(finish) * DAY_S),)
    nearest = fitting or (_longer(finish, limits) if longer else "")
    yield Shortfall(kind="deadline", short=f"{over}: {done}", nearest=nearest, times_over=finish / limit, moves=longer)


def _budget(needs: Needs, assessed: Assessment, place: int, limits: Limits, fitting: str) -> Iterator[Shortfall]:
    if not needs.dear[0]:
        return
    alone, limit = float(assessed.sure_committed_usd[place]), limits.budget_usd
    need = alone if needs.hopeless[0] else float(needs.usd[0])
    committed = f"{_usd(need)} committed at {limits.confidence:.0%} confidence{_with(_time(limits), need > alone)}"
    nearest = fitting or ("" if needs.hopeless[0] else _more(need))
    short = f"budget short by {_usd(need - limit)}: {committed}"
    yield Shortfall(kind="budget", short=short, nearest=nearest, times_over=need / limit)


def _apart(needs: Needs, assessed: Assessment, place: int, limits: Limits, fitting: str) -> Iterator[Shortfall]:
    """Each limit holds often enough, and both at once do not."""
    if not needs.apart[0]:
        return
    both, days, usd = float(assessed.in_both[place]), float(needs.days[0]), float(needs.usd[0])
    changes = [
        *([f"confidence = {math.floor(both * 100) / 100:.2f}"] if both >= 0.01 and limits.has_deadline else []),
        *([_longer(days, limits)] if limits.time_is_set and days <= limits.longest_days else []),
        _more(usd),
    ]
    share = f"{both:.0%}" if round(both, 2) < limits.confidence else f"{both:.1%}"
    short = f"{_time(limits)} and the budget hold together in {share} of outcomes, {limits.confidence:.0%} are wanted"
    over = usd / limits.budget_usd
    yield Shortfall(kind="deadline", short=short, nearest=fitting or ", or ".join(changes), times_over=over)


def _time(limits: Limits) -> str:
    """What is kept beside the budget."""
    if limits.time_is_set:
        return "the deadline"
    return "the longest that a run may last" if limits.has_deadline else "the latency"


def _with(other: str, more: bool) -> str:
    return f", together with {other}" if more else ""


def _beyond_life(finish: float, limits: Limits) -> str:
    longest = limits.longest_days
    return f"{_days(finish - longest)} beyond the longest that a run may last, {_days(longest)}"


def _longer(days: float, limits: Limits) -> str:
    """A deadline that is long enough, and its day where the day of the order is known; the day itself counts."""
    whole = math.ceil(days)
    on = "" if limits.start is None else f" ({limits.start + datetime.timedelta(days=whole - 1)})"
    return f"a deadline of {whole:,} {'day' if whole == 1 else 'days'}{on}"


def _more(usd: float) -> str:
    return f"a budget of {format_enough(usd, 'USD')}"


def _fitting_count(designs: Designs, place: int, limits: Limits) -> str:
    """The limit on chips within which the same kind of design would fit, idle ones counted; empty where none does."""
    siblings = designs.kind == designs.kind[place]
    fits = designs.held[siblings & keeps_limits(designs, limits)]
    return f"max_chips = {fits.min():.0f}" if len(fits) else ""


def _power(designs: Designs, place: int, limits: Limits, site: Site) -> Iterator[Shortfall]:
    """What the limit that is asked for lacks, and what the site's own connection does.

    Fewer chips are no change: whoever asks may have them already, and they are short of something else.
    """
    if has_power(designs)[place]:
        return
    need, own = float(designs.power_w[place]), site_power_w(site, limits.start)
    enough = format_enough(need, "W")
    date = date_it_fits(site, need, limits.start)
    at_site = f"{enough} for the {designs.chips[place]:,.0f} chips"
    at_site = at_site if date is None else f"{site.key} has it from {date.isoformat()}, or {at_site}"
    for limit, nearest in ((limits.power_w, f"power = '{enough}'"), (own, at_site)):
        if limit < need:
            short = f"power short by {format_quantity(need - limit, 'W')}: {format_quantity(need, 'W')} at the meter"
            yield Shortfall(kind="power", short=short, nearest=nearest, times_over=need / limit if limit else np.inf)


def _days(value: float) -> str:
    if not np.isfinite(value):
        return "no time"
    if value < 1:
        return f"{value * 24:.2g} hours"
    number = f"{value:,.0f}" if value >= 100 else f"{value:.2g}"
    return f"{number} {'day' if number == '1' else 'days'}"


def _usd(value: float) -> str:
    return format_quantity(value, "USD", 3) if np.isfinite(value) else "without limit"
