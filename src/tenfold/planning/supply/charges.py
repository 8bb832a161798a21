"""What designs are charged: rent; of owned chips their share of a life, or all that a purchase loses until it is sold.

Chips that are bought for one work are sold after it unless other work takes them: their cost is what they lose in
value from the order on, the money in them, space, upkeep and energy. Where other work takes them, it is the hours used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.economics import resale_usd, running_usd_per_hour, sold_after_usd, upfront_usd, yearly_usd
from tenfold.planning.supply.evaluate import (
    DAYS_PER_YEAR,
    Duration,
    Held,
    bought_chips,
    durations,
    owned_chip_hours,
    owned_terms_usd,
    owned_usd_by_site,
    owner_of,
    porting_usd,
    purchase_usd,
    rent_usd,
)
from tenfold.planning.supply.rows import Rows, Work
from tenfold.quantities import HOURS_PER_YEAR, Floats, Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What designs take and cost, shape (rows, points)."""

    duration: Duration
    cost_usd: Floats
    committed_usd: Floats


def outcomes(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Outcome:
    """Time and price rows of one offer at the points."""
    took = durations(rows, work, points, interval_s)
    if not rows.owned[0]:
        rent = rent_usd(rows, points, took)
        return Outcome(duration=took, cost_usd=rent, committed_usd=rent)
    cost = np.asarray(sum(charged_terms_usd(rows, points, took).values()))
    committed = purchase_usd(rows, points) + porting_usd(rows, points)
    return Outcome(duration=took, cost_usd=cost, committed_usd=committed)


def charged_terms_usd(rows: Rows, points: Points, took: Held) -> Mapping[str, Floats]:
    """Charge of owned rows of one offer by line, USD."""
    if not rows.sold[0]:
        return owned_terms_usd(rows, points, took)
    over_book = points.of("over_book", rows.index)
    each = sold_after_usd(owner_of(rows, points), _years(took.run_days), _years(took.finish_days), over_book)
    chips = bought_chips(rows, points)
    lines = {name: chips * usd for name, usd in each.items() if np.any(usd)}
    return lines | {"porting": porting_usd(rows, points)}


def charged_usd_by_site(rows: Rows, points: Points, took: Held, sites: int) -> Iterator[Floats]:
    """Charge of every owned row of one offer at each of so many sites, USD, shape (sites, points), row by row."""
    if not rows.sold[0]:
        return owned_usd_by_site(rows, points, took, sites)
    return _sold_by_site(rows, points, took, sites)


def _sold_by_site(rows: Rows, points: Points, took: Held, sites: int) -> Iterator[Floats]:
    """The same of chips that are sold after the work; what does not depend on the site is worked out once."""
    at_sites = replace(rows, site=np.arange(sites))
    hour = {
        network: _hour_usd(replace(at_sites, network=np.array([network])), points)
        for network in np.unique(rows.network).tolist()
    }
    owner, held = owner_of(rows, points), _years(took.finish_days)
    capital = 1.0 + points.of("cost_of_capital", rows.index) * held
    lost = upfront_usd(owner) * capital - points.of("over_book", rows.index) * resale_usd(owner, held)
    fixed = bought_chips(rows, points) * lost + porting_usd(rows, points)
    chip_hours = owned_chip_hours(rows, points, took)
    return (
        used * hour[network] + idle
        for used, idle, network in zip(chip_hours, fixed, rows.network.tolist(), strict=True)
    )


def _hour_usd(rows: Rows, points: Points) -> Floats:
    """Space, upkeep and energy of an hour of a chip that is used throughout, USD."""
    owner = replace(owner_of(rows, points), utilisation=1.0)
    return np.asarray(yearly_usd(owner) / HOURS_PER_YEAR + running_usd_per_hour(owner))


def sale_usd(rows: Rows, points: Points, outcome: Outcome) -> Floats:
    """What is left of a purchase after the work, USD: what a buyer pays for it, or its worth to other work."""
    if not rows.sold[0]:
        return np.maximum(outcome.committed_usd - outcome.cost_usd, 0.0)
    value = resale_usd(owner_of(rows, points), _years(outcome.duration.finish_days))
    return np.asarray(bought_chips(rows, points) * points.of("over_book", rows.index) * value)


def _years(days: Floats) -> Floats:
    return days / DAYS_PER_YEAR
