"""Designs of any work as columns: what they have to do, what limits them, what became of them."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenfold.quantities import Flags, Floats, Indices
from tenfold.reliability import Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What every design has to do."""

    parameters: float
    practice: Practice
    """Of each chip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a design must keep; infinite where nothing limits it."""

    deadline_days: float
    """The user's, or the longest that a run may last; infinite of a service, which keeps its latency in place of it."""
    longest_days: float
    """That a run may last, whatever its deadline: the life of its chips."""
    budget_usd: float
    power_w: float
    """At each site, cooling included."""
    confidence: float
    """Share of outcomes in which deadline and budget must hold together."""
    start: datetime.date | None
    """Day the chips are ordered; None counts what a site is to have one day in full."""

    @property
    def has_deadline(self) -> bool:
        """Whether a day ends the work; a service is sized for the confidence asked for in place of it."""
        return math.isfinite(self.deadline_days)

    @property
    def time_is_set(self) -> bool:
        """Whether the user's own deadline limits the time."""
        return self.deadline_days < self.longest_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Designs as columns of equal length; indices say which figures hold for each."""

    run: Indices
    """Index into the runs that can do the work."""
    chip: Indices
    offer: Indices
    """Index into the tiers of all offers: which price and which wait for the chips hold."""
    supply: Indices
    start: Indices
    """Index into the ways that training starts, for each supply on many nodes, on a few and on one."""
    site: Indices
    chips: Floats
    step_s: Floats
    steps: Floats
    """Optimizer steps of the whole work, at the batch of the run."""
    owned: Flags
    spot: Flags
    term_days: Floats
    """Days that are paid for at least."""
    waits: Floats
    """1 where waiting for the chips counts, 0 where it does not: what is owned waits while it is set up."""
    ported: Floats
    """1 where the software has to be ported to the chips, 0 where it runs on them."""
    sold: Floats
    """1 where owned chips are sold when the work is done, 0 where other work takes them at their cost."""
    premium: Floats
    """Power of ``big_and_soon`` in the price."""
    prepaid: Floats
    """Share of the term that is paid ahead."""
    beside: Floats
    """Chips that are there already beside those of the offer."""
    beside_usd_per_chip_hour: Floats
    stored: Floats
    """Chips whose storage for saves is there and paid for."""
    network: Floats
    """Cost of the network of the chips over the known one, where they are owned."""
    unit: Floats
    """Chips that are handed out together."""

    def __len__(self) -> int:
        return len(self.chips)

    @property
    def ordered(self) -> Floats:
        """Chips that are asked of the offer: whole units, beside those that are there already."""
        return np.asarray(np.ceil((self.chips - self.beside) / self.unit) * self.unit)

    @property
    def chips_held(self) -> Floats:
        """Chips that are there or ordered, idle ones among them."""
        return self.ordered + self.beside

    @property
    def index(self) -> Mapping[str, Indices]:
        """Column of each axis of the inputs."""
        return {name: getattr(self, name) for name in ("run", "chip", "offer", "supply", "start", "site")}

    def take(self, index: Indices) -> Rows:
        """The rows at ``index``."""
        return Rows(**{name: getattr(self, name)[index] for name in Rows.__slots__})

    def of_one_offer(self, index: Indices) -> Rows:
        """The rows at ``index``, all of one offer: what the offer decides is a column of length 1, which broadcasts."""
        taken = self.take(index)
        return replace(taken, **{name: getattr(taken, name)[:1] for name in OF_AN_OFFER})


OF_AN_OFFER = (
    "chip",
    "offer",
    "supply",
    "site",
    "owned",
    "spot",
    "term_days",
    "waits",
    "ported",
    "sold",
    "prepaid",
    "beside",
    "beside_usd_per_chip_hour",
    "stored",
    "unit",
)
"""Columns that are the same for all rows of an offer at a site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What became of rows over all draws, shape (rows, sites), or that of designs."""

    finish_days: Floats
    """P50."""
    cost_usd: Floats
    """P50."""
    joint_cost_usd: Floats
    """Cost that holds with the confidence asked for, together with the deadline; infinite where that does not."""
    joint_finish_days: Floats
    """Finish that holds with the confidence asked for, together with the budget."""
    sure_finish_days: Floats
    """Finish that is kept with the confidence asked for."""
    sure_committed_usd: Floats
    joint_committed_usd: Floats
    """What is committed at most with the confidence asked for, together with the deadline."""
    both_over: Floats
    """Factor on ``sure_finish_days`` and ``sure_committed_usd`` at which both hold together with the confidence asked
    for; infinite for who is in time as it is."""
    in_time: Floats
    """Probability."""
    in_budget: Floats
    in_both: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Designs:
    """Every design considered, as columns of equal length: a row of the evaluation at a site."""

    row: Indices
    chip: Indices
    supply: Indices
    site: Indices
    chips: Floats
    held: Floats
    """Chips that are there or ordered, idle ones among them."""
    allowed: Flags
    """False beyond the most chips there may be."""
    power_w: Floats
    """Rated power at the meter."""
    power_limit_w: Floats
    energy_j: Floats
    """Energy at the meter with every input at P50."""
    assessed: Assessment
    """Columns of the designs, not of the rows."""

    def __len__(self) -> int:
        return len(self.row)

    def take(self, index: Indices) -> Designs:
        """The designs at ``index``."""
        columns = {name: getattr(self, name)[index] for name in Designs.__slots__ if name != "assessed"}
        assessed = {name: getattr(self.assessed, name)[index] for name in Assessment.__slots__}
        return Designs(**columns, assessed=Assessment(**assessed))

    @property
    def kind(self) -> Indices:
        """One number for each chip, supply and site."""
        supplies, sites = self.supply.max(initial=0) + 1, self.site.max(initial=0) + 1
        number: Indices = (self.chip * supplies + self.supply) * sites + self.site
        return number


def over_sites(rows: Rows, assessed: Assessment, allowed: Flags, held: Flags) -> Designs:
    """Every row at every site where its offer holds; power and energy are still to come.

    ``assessed`` and ``held`` have shape (rows, sites), ``allowed`` (rows,).
    """
    row, site = np.nonzero(held)
    nothing = np.zeros(len(row))
    return Designs(
        row=row,
        chip=rows.chip[row],
        supply=rows.supply[row],
        site=site,
        chips=rows.chips[row],
        held=rows.chips_held[row],
        allowed=allowed[row],
        power_w=nothing,
        power_limit_w=nothing,
        energy_j=nothing,
        assessed=Assessment(**{name: getattr(assessed, name)[row, site] for name in Assessment.__slots__}),
    )
