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
from tenfold.quantities import Shortfall, format_enough, format_quantity
from tenfold.sites import chips_within_power, date_it_fits


def shortfalls(designs: Designs, place: int, limits: Limits, node_chips: int, site: Site) -> tuple[Shortfall, ...]:
    """List what the design at ``place`` is short of; ``node_chips`` is the size of a node of its chip.

    A deadline and a budget that are named hold together with the confidence asked for.
    """
    needs, fitting = needs_of(designs.take(np.array([place])), limits), _fitting_count(designs, place, limits)
    return (
        *_power(designs, place, limits, node_chips, site),
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
    nearest = fitting or (_no_limit(finish) if needs.hopeless[0] else _longer(finish, limits))
    yield Shortfall(kind="deadline", short=f"{over}: {done}", nearest=nearest, times_over=finish / limit)


def _budget(needs: Needs, assessed: Assessment, place: int, limits: Limits, fitting: str) -> Iterator[Shortfall]:
    if not needs.dear[0]:
        return
    alone, limit = float(assessed.sure_committed_usd[place]), limits.budget_usd
    need = alone if needs.hopeless[0] else float(needs.usd[0])
    committed = f"{_usd(need)} committed at {limits.confidence:.0%} confidence{_with(_time(limits), need > alone)}"
    nearest = fitting or (_no_limit(need) if needs.hopeless[0] else _more(need))
    short = f"budget short by {_usd(need - limit)}: {committed}"
    yield Shortfall(kind="budget", short=short, nearest=nearest, times_over=need / limit)


def _apart(needs: Needs, assessed: Assessment, place: int, limits: Limits, fitting: str) -> Iterator[Shortfall]:
    """Each limit holds often enough, and both at once do not."""
    if not needs.apart[0]:
        return
    both, days, usd = float(assessed.in_both[place]), float(needs.days[0]), float(needs.usd[0])
    changes = [
        *([f"confidence = {math.floor(both * 100) / 100:.2f}"] if both >= 0.01 else []),
        *([_longer(days, limits)] if limits.time_is_set and days <= limits.longest_days else []),
        _more(usd),
    ]
    short = (
        f"{_time(limits)} and the budget hold together in {both:.0%} of outcomes, {limits.confidence:.0%} are wanted"
    )
    over = usd / limits.budget_usd
    yield Shortfall(kind="deadline", short=short, nearest=fitting or ", or ".join(changes), times_over=over)


def _time(limits: Limits) -> str:
    """What is kept beside the budget."""
    if limits.time_is_set:
        return "the deadline"
    return "the longest that a run may last" if math.isfinite(limits.deadline_days) else "the latency"


def _with(other: str, more: bool) -> str:
    return f", together with {other}" if more else ""


def _beyond_life(finish: float, limits: Limits) -> str:
    longest = limits.longest_days
    return f"{_days(finish - longest)} beyond the longest that a run may last, {_days(longest)}"


def _no_limit(need: float) -> str:
    """What is left to change where no deadline and no budget is enough."""
    return "more or faster chips" if np.isfinite(need) else "more reliable chips"


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


def _power(designs: Designs, place: int, limits: Limits, node_chips: int, site: Site) -> Iterator[Shortfall]:
    need, limit = float(designs.power_w[place]), float(designs.power_limit_w[place])
    if has_power(designs)[place]:
        return
    each = need / float(designs.chips[place])
    most = float(chips_within_power(limit, each, 1.0, float(node_chips)))
    short = f"power short by {format_quantity(need - limit, 'W')}: {format_quantity(need, 'W')} at the meter"
    chips = int(designs.chips[place])
    nearest = f"at most {most:,.0f} chips" if most else f"{format_enough(need, 'W')} for the {chips:,} chips"
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
