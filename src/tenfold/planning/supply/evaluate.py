"""Designs as rows of columns, evaluated at points of the uncertain inputs: finish, cost, energy. Axes (row, point).

finish = wait + setup + tokens ÷ (throughput · goodput); goodput is the exact renewal formula at a checkpoint interval
that is chosen once, for the inputs at P50, because nobody knows the failure rate in advance. Waiting is not billed.
Rent is paid while they are set up, and the provider replaces failed nodes; an owner buys spares, is charged for chips
once they train, and for the money that lies in them until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.economics import (
    Owned,
    hour_usd,
    paying_ahead_usd,
    rent_cost_usd,
    rental_cost,
    upfront_usd,
    usd_per_chip_hour,
)
from tenfold.planning.at_work import CHIPS_PER_STORAGE_NODE, job_working, taken_back_per_s
from tenfold.planning.drawn import owned
from tenfold.planning.supply.rows import Rows, Work
from tenfold.quantities import DAY_S, HOURS_PER_DAY, HOURS_PER_YEAR, Column, Floats, Points
from tenfold.reliability import Working, failure_rate_per_s

DAYS_PER_YEAR = HOURS_PER_YEAR / HOURS_PER_DAY
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0
DAYS_PER_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How long chips are waited for, set up and used, shape (rows, points): what they cost follows from it."""

    lead_days: Floats
    setup_days: Floats
    run_days: Floats

    @property
    def finish_days(self) -> Floats:
        """Days from the start to the last step."""
        return self.lead_days + self.setup_days + self.run_days

    @property
    def billed_days(self) -> Floats:
        """Days from when the chips are there to the last step."""
        return self.setup_days + self.run_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(Held):
    """How long designs take, shape (rows, points)."""

    step_s: Floats
    working: Working

    @property
    def billed_days(self) -> Floats:
        """Days that chips are paid for; what a provider took back is not, until it is there again."""
        away = self.working.waiting_for_spares
        if not np.any(away):
            return self.setup_days + self.run_days
        return np.asarray(self.setup_days + self.run_days * (1.0 - away))


def checkpoint_interval_s(rows: Rows, work: Work, middle: Points) -> Floats:
    """Interval to checkpoint at, s, shape (rows,): the optimum at the median of the inputs.

    No shorter than a step, nor than a save takes to reach storage.
    """
    step = step_s(rows, middle)
    found = _working(rows, work, middle, step, None)
    return np.broadcast_to(found.interval_s, found.productive.shape)[:, 0]


def durations(rows: Rows, work: Work, points: Points, interval_s: Floats) -> Duration:
    """Time the rows at the points; ``interval_s`` has shape (rows,)."""
    index = rows.index
    step = step_s(rows, points)
    found = _working(rows, work, points, step, interval_s[:, None])
    return Duration(
        step_s=step,
        lead_days=lead_days(rows, points),
        setup_days=points.of("setup", index),
        run_days=rows.steps[:, None] * step * found.wall_per_useful / DAY_S,
        working=found,
    )


def step_s(rows: Rows, points: Points) -> Floats:
    """Time of a step, s: predicted · ratio."""
    return np.asarray(rows.step_s[:, None] * points.of("step", rows.index))


def lead_days(rows: Rows, points: Points) -> Floats:
    """Days from the order until the chips are set up: waiting for them, while software that has to be is ported."""
    waited = rows.waits[:, None] * points.of("lead", rows.index)
    if not rows.ported.any():
        return np.asarray(waited)
    delayed = rows.ported[:, None] * points.of("porting_weeks", rows.index) * DAYS_PER_WEEK
    return np.asarray(np.maximum(waited, delayed))


def porting_usd(rows: Rows, points: Points) -> Floats:
    """What porting the software to the chips costs, USD: weeks · people · cost of an engineer."""
    index = rows.index
    weeks, people = points.of("porting_weeks", index), points.of("porting_people", index)
    return np.asarray(rows.ported[:, None] * weeks * people * points.of("engineer_usd", index))


def rent_usd(rows: Rows, points: Points, took: Duration) -> Floats:
    """Bill of rented rows, USD: what they cost, and what has to be committed."""
    return np.asarray(sum(rent_terms_usd(rows, points, took).values()))


def rent_usd_per_chip_hour(rows: Rows, points: Points) -> Floats:
    """Price of a chip-hour: that of the tier, times what many chips soon cost over it."""
    price = points.of("price", rows.index)
    if not rows.premium.any():
        return price
    return np.asarray(price * points.of("big_and_soon", rows.index) ** rows.premium[:, None])


def rent_terms_usd(rows: Rows, points: Points, took: Duration) -> Mapping[str, Floats]:
    """Bill of rented rows by line, USD, with the storage that saves are written to taken out of the extras."""
    lines, storage = dict(bill_usd(rows, points, took)), storage_usd(rows, points, took)
    extras = lines.pop("extras")
    rest = np.subtract(extras, storage, out=np.zeros(storage.shape), where=np.isfinite(storage))
    extras = np.maximum(rest, 0.0)
    return {"chips": lines.pop("chips"), "storage": storage, "extras": extras, **lines}


def bill_usd(rows: Rows, points: Points, took: Held) -> Mapping[str, Floats]:
    """Bill of rented rows by line, USD, whatever they do."""
    there = rows.beside[:, None]
    bill = rental_cost(
        chips=rows.ordered[:, None],
        days=took.billed_days,
        price_usd_per_chip_hour=rent_usd_per_chip_hour(rows, points),
        term_days=rows.term_days[:, None],
        extras_share=points.of("extras", rows.index),
    )
    lines = {"chips": bill.chips_usd, "extras": bill.extras_usd, "unused_term": bill.unused_term_usd}
    if rows.ported.any():
        lines["porting"] = porting_usd(rows, points)
    if rows.prepaid.any():
        years = rows.term_days[:, None] / DAYS_PER_YEAR
        capital = points.of("cost_of_capital", rows.index)
        lines["paying_ahead"] = np.asarray(
            paying_ahead_usd(_term_usd(rows, points), rows.prepaid[:, None], capital, years)
        )
    if rows.beside.any():
        hour_usd_each = rows.beside_usd_per_chip_hour[:, None]
        lines["chips_there"] = np.asarray(rent_cost_usd(there, took.billed_days, hour_usd_each))
    return {name: np.asarray(line) for name, line in lines.items()}


def paid_ahead_usd(rows: Rows, points: Points) -> Floats:
    """What rented rows pay of their terms before the chips are there, USD."""
    return np.asarray(_term_usd(rows, points) * rows.prepaid[:, None])


def _term_usd(rows: Rows, points: Points) -> Floats:
    """Rent of a whole term, USD."""
    chips, days = rows.ordered[:, None], rows.term_days[:, None]
    return np.asarray(rent_cost_usd(chips, days, rent_usd_per_chip_hour(rows, points)))


def storage_usd(rows: Rows, points: Points, took: Held) -> Floats:
    """Rent of storage that writes saves as fast as they are timed at, USD: bandwidth · price · months.

    It is what clouds call an extra, and taken out of the extras as far as they reach.
    """
    index = rows.index
    nodes = np.maximum(rows.chips[:, None] / CHIPS_PER_STORAGE_NODE, 1.0)
    gbyte_per_s = nodes * points.of("write_rate", index) / 1e9
    return np.asarray(gbyte_per_s * points.of("storage_price", index) * took.billed_days / DAYS_PER_MONTH)


def owned_terms_usd(rows: Rows, points: Points, took: Held) -> Mapping[str, Floats]:
    """Charge of owned rows by line, USD: the run's share of the life of the chips, and its running costs."""
    chip_hours = owned_chip_hours(rows, points, took)
    lines = {name: usd * chip_hours for name, usd in hour_usd(owner_of(rows, points)).items() if np.any(usd)}
    return lines | {"carry": carry_usd(rows, points, took), "porting": porting_usd(rows, points)}


def owner_of(rows: Rows, points: Points) -> Owned:
    """Owner of the rows, in a hall that is rented."""
    index, network = rows.index, rows.network[:, None]
    return owned(lambda key: points.of("price" if key == "chip_usd" else key, index), network=network)


def owned_usd_per_chip_hour(rows: Rows, points: Points) -> Floats:
    """Charge of an hour of an owned chip, USD; it depends on the offer, the site and the network."""
    return usd_per_chip_hour(owner_of(rows, points))


def owned_usd_by_site(rows: Rows, points: Points, took: Held, sites: int) -> Iterator[Floats]:
    """Charge of every owned row at each of so many sites, USD, shape (sites, points), row by row to stay in cache.

    Rows whose network costs alike share an hour.
    """
    at_sites = replace(rows, site=np.arange(sites))
    hour = {
        network: owned_usd_per_chip_hour(replace(at_sites, network=np.array([network])), points)
        for network in np.unique(rows.network).tolist()
    }
    chip_hours = owned_chip_hours(rows, points, took)
    carry = carry_usd(rows, points, took) + porting_usd(rows, points)
    return (
        used * hour[network] + idle
        for used, idle, network in zip(chip_hours, carry, rows.network.tolist(), strict=True)
    )


def carry_usd(rows: Rows, points: Points, took: Held) -> Floats:
    """The run's share of what the money in owned chips costs while they do not work yet, USD.

    purchase · cost of capital · (wait + setup) · run ÷ (life · use): an owner pays on the order, and every hour that
    the chips ever work carries its part of the wait.
    """
    index = rows.index
    waited = (took.lead_days + took.setup_days) / DAYS_PER_YEAR
    worked = took.run_days / (DAYS_PER_YEAR * points.of("life_years", index) * points.of("utilisation", index))
    return np.asarray(purchase_usd(rows, points) * points.of("cost_of_capital", index) * waited * worked)


def purchase_usd(rows: Rows, points: Points) -> Floats:
    """Price of everything that owned rows buy, USD: what has to be committed."""
    return bought_chips(rows, points) * upfront_usd(owner_of(rows, points))


def owned_chip_hours(rows: Rows, points: Points, took: Held) -> Floats:
    """Hours that owned chips and their spares run."""
    return bought_chips(rows, points) * took.run_days * HOURS_PER_DAY


def bought_chips(rows: Rows, points: Points) -> Floats:
    """Chips with the spares beside them, for which those stand in that whole units leave idle."""
    return np.asarray(np.maximum(rows.chips[:, None] * (1.0 + points.of("spares", rows.index)), rows.ordered[:, None]))


def _working(rows: Rows, work: Work, points: Points, step_s: Floats, interval_s: Floats | None) -> Working:
    """Share of time that the rows work; the provider taking nodes of a spot cluster back stops them too."""
    index, chips = rows.index, rows.chips[:, None]
    taken: Column = 0.0
    away: Column = 0.0
    if rows.spot.any():
        taken = rows.spot[:, None] * taken_back_per_s(lambda key: points.of(key, index), chips)
        away = points.of("spot_wait", index)
    return job_working(
        lambda key: points.of(key, index),
        chips,
        work.parameters,
        work.practice.of(rows.chip),
        rate_per_s=failure_rate_per_s(points.of("failures", index), chips),
        taken_back_per_s=taken,
        away_s=away,
        interval_s=interval_s,
        shortest_interval_s=step_s,
        drain_share=points.of("drain_share", index),
    )
