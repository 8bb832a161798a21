"""Designs as rows of columns, evaluated at points of the uncertain inputs: finish, cost, energy. Axes (row, point).

finish = setup + tokens ÷ (throughput · goodput); goodput is the exact renewal formula at a checkpoint interval that
is chosen once, for the inputs at P50, because nobody knows the failure rate in advance. Rent is paid while the chips
are set up, and the provider replaces failed nodes; an owner buys spares, and is charged for chips once they train.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.economics import TERM_DAYS, Owned, hour_usd, rental_cost, upfront_usd, usd_per_chip_hour
from tenfold.planning.at_work import job_working
from tenfold.planning.drawn import owned
from tenfold.planning.supply.rows import Rows, Work
from tenfold.quantities import DAY_S, HOURS_PER_DAY, Column, Floats, Points
from tenfold.reliability import Working, failure_rate_per_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long designs take, shape (rows, points)."""

    step_s: Floats
    setup_days: Floats
    run_days: Floats
    working: Working

    @property
    def finish_days(self) -> Floats:
        """Days from the start to the last step."""
        return self.setup_days + self.run_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What designs take and cost, shape (rows, points)."""

    duration: Duration
    cost_usd: Floats
    committed_usd: Floats


def term_days(supply: str) -> float:
    """Days of a supply that have to be paid for at least; 0 for what is bought."""
    return TERM_DAYS.get(supply, 0.0)


def checkpoint_interval_s(rows: Rows, work: Work, middle: Points) -> Floats:
    """Interval to checkpoint at, s, shape (rows,): the optimum at the median of the inputs.

    No shorter than a step, nor than a save takes to reach storage.
    """
    index = rows.index
    step = rows.step_s[:, None] * middle.of("step", index)
    found = _working(rows, work, middle, step, None)
    return np.broadcast_to(found.interval_s, found.productive.shape)[:, 0]


def durations(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Duration:
    """Time the rows at the points; ``interval_s`` has shape (rows,)."""
    index = rows.index
    step = rows.step_s[:, None] * points.of("step", index)
    found = _working(rows, work, points, step, interval_s[:, None])
    return Duration(
        step_s=step,
        setup_days=points.of("setup", index),
        run_days=work.steps * step * found.wall_per_useful / DAY_S,
        working=found,
    )


def outcomes(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Outcome:
    """Time and price rows of one offer at the points."""
    took = durations(rows, work, points, interval_s)
    if not rows.owned[0]:
        rent = rent_usd(rows, points, took)
        return Outcome(duration=took, cost_usd=rent, committed_usd=rent)
    charged = _owned_chip_hours(rows, points, took) * owned_usd_per_chip_hour(rows, points)
    return Outcome(duration=took, cost_usd=charged, committed_usd=purchase_usd(rows, points))


def rent_usd(rows: Rows, points: Points, took: Duration) -> Floats:
    """Bill of rented rows, USD: what they cost, and what has to be committed."""
    chips, extras, unused_term = rent_terms_usd(rows, points, took).values()
    return chips + extras + unused_term


def rent_terms_usd(rows: Rows, points: Points, took: Duration) -> Mapping[str, Floats]:
    """Bill of rented rows by line, USD."""
    bill = rental_cost(
        chips=rows.chips[:, None],
        days=took.finish_days,
        price_usd_per_chip_hour=points.of("price", rows.index),
        term_days=rows.term_days[:, None],
        extras_share=points.of("extras", rows.index),
    )
    lines = {"chips": bill.chips_usd, "extras": bill.extras_usd, "unused_term": bill.unused_term_usd}
    return {name: np.asarray(line) for name, line in lines.items()}


def owned_terms_usd(rows: Rows, points: Points, took: Duration) -> Mapping[str, Floats]:
    """Charge of owned rows by line, USD: the run's share of the life of the chips, and its running costs."""
    chip_hours = _owned_chip_hours(rows, points, took)
    return {name: usd * chip_hours for name, usd in hour_usd(owner_of(rows, points)).items() if np.any(usd)}


def owner_of(rows: Rows, points: Points) -> Owned:
    """Owner of the rows, in a hall that is rented."""
    index, network = rows.index, rows.network[:, None]
    return owned(lambda key: points.of("price" if key == "chip_usd" else key, index), network=network)


def owned_usd_per_chip_hour(rows: Rows, points: Points) -> Floats:
    """Charge of an hour of an owned chip, USD; it depends on the offer, the site and the network."""
    return usd_per_chip_hour(owner_of(rows, points))


def owned_usd_by_site(rows: Rows, points: Points, took: Duration, sites: int) -> Iterator[Floats]:
    """Charge of every owned row at each of so many sites, USD, shape (sites, points), row by row to stay in cache.

    Rows whose network costs alike share an hour.
    """
    at_sites = replace(rows, site=np.arange(sites))
    hour = {
        network: owned_usd_per_chip_hour(replace(at_sites, network=np.array([network])), points)
        for network in np.unique(rows.network).tolist()
    }
    chip_hours = _owned_chip_hours(rows, points, took)
    return (used * hour[network] for used, network in zip(chip_hours, rows.network.tolist(), strict=True))


def purchase_usd(rows: Rows, points: Points) -> Floats:
    """Price of everything that owned rows buy, USD: what has to be committed."""
    return _bought(rows, points) * upfront_usd(owner_of(rows, points))


def _owned_chip_hours(rows: Rows, points: Points, took: Duration) -> Floats:
    return _bought(rows, points) * took.run_days * HOURS_PER_DAY


def _bought(rows: Rows, points: Points) -> Floats:
    """Chips with the spares beside them."""
    return rows.chips[:, None] * (1.0 + points.of("spares", rows.index))


def _working(rows: Rows, work: Work, points: Points, step_s: Floats, interval_s: Floats | None) -> Working:
    """Share of time that the rows work; the provider taking nodes of a spot cluster back stops them too."""
    index, chips = rows.index, rows.chips[:, None]
    taken: Column = 0.0
    if rows.spot.any():
        taken = rows.spot[:, None] * np.asarray(failure_rate_per_s(points.of("interruptions", index), chips))
    return job_working(
        lambda key: points.of(key, index),
        chips,
        work.parameters,
        rate_per_s=failure_rate_per_s(points.of("failures", index), chips),
        taken_back_per_s=taken,
        interval_s=interval_s,
        shortest_interval_s=step_s,
    )
