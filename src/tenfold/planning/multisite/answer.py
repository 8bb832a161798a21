"""The answer about a run over several sites: frozen results that keep their terms and the figures under them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.performance.layout import ParallelLayout
from tenfold.planning.multisite.question import MultisiteQuestion
from tenfold.planning.supply.availability import Availability
from tenfold.quantities import Made, NamedFigure, Percentiles, Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteShare:
    """What one campus does in a design."""

    name: str
    chip: str
    chips: int
    chips_ordered: int
    """That are paid for: whole units of what is handed out together."""
    sequences: int
    """Of the global batch."""
    share: float
    step_time_s: float
    """Of the campus alone, at P50."""
    layout: ParallelLayout | None
    power_mw: float
    """Rated power at the meter."""
    energy_mwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUse:
    """What a design sends over a link, one way in the busier direction."""

    first: str
    second: str
    bandwidth_bytes_per_s: float
    mean_bytes_per_s: float
    peak_bytes_per_s: float
    """What would hide a synchronisation completely."""
    mean_use: float
    """Mean over bandwidth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultisiteDesign:
    """One way to train over some of the campuses."""

    algorithm: str
    sync_steps: int
    """Steps between synchronisations."""
    sites: tuple[SiteShare, ...]
    links: tuple[LinkUse, ...]
    step_time_s: Percentiles
    """Of the slowest site, before anything is waited for."""
    exposed_s_per_step: Percentiles
    compute_use: float
    """Share of the time that is not waited for other sites, every input at P50."""
    compute_use_range: Percentiles
    """The same over the draws: what links lose beyond the model is known from few runs."""
    bytes_per_sync: float
    goodput: Percentiles
    isolates_failures: bool
    loss_ratio: float
    """Over data-parallel training, at P50."""
    loss_known: bool
    """True where the scaling law covers model, sites and period."""
    extra_tokens_share: Percentiles
    """Tokens at equal loss over those asked for, less one, by the data term."""
    extra_compute_share: float
    """The rival: compute at equal loss where model and tokens grow together."""
    finish_days: Percentiles
    finish_date: datetime.date | None
    """At P50; None for a run that never ends."""
    cost_usd: Percentiles
    link_cost_usd: float
    finish_terms_days: Mapping[str, float]
    """Every input at P50: waiting for chips, setup, training, waiting for other sites, failures, extra tokens; and what
    the spread adds to the P50 of the draws, to which they add up."""
    power_mw: float
    energy_mwh: float
    carbon_t: float
    """Location-based: of the grids that the sites draw from, over the life cycle of their plants."""
    market_carbon_t: float
    """Market-based: the same less the share that contracts cover with carbon-free power."""
    embodied_carbon_t: float
    """Of making the chips and their hosts, by the share of their life that the run takes."""
    water_m3: float
    """Evaporated on site."""
    off_site_water_m3: float
    """Consumed by the plants that make the power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerShort:
    """A campus that its connection does not carry on the first day."""

    site: str
    need_mw: float
    available_mw: float
    short_mw: float
    fits_on: datetime.date | None
    """Day from which the stages carry it; None when no stage does."""
    nearest: str = ""
    """What would do; empty of a campus that all chips are put on to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHad:
    """A campus whose chips nobody is known to offer, that may not have them, or on which nothing can be laid out."""

    site: str
    reason: Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The best answer when every link is so much longer or wider."""

    factor: float
    algorithm: str
    sync_steps: int
    sites: tuple[str, ...]
    finish_days: float
    """At P50."""
    cost_usd: float
    slowdown: float
    """Finish over that at the factor 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCampus:
    """All chips of the best design at one place instead."""

    site: str
    chip: str
    chips: int
    finish_days: float
    """At P50; infinite where no layout fits."""
    cost_usd: float
    power_mw: float
    short: PowerShort | None
    wins: bool
    """True where it is better by the objective and has the power."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A campus on the map."""

    name: str
    site: str
    latitude: float | None
    longitude: float | None
    chip: str
    chips: int
    power_mw: float
    available_mw: float | None
    """On the first day; None where nothing limits it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A link on the map."""

    first: str
    second: str
    kind: str
    distance_km: float
    latency_s: float
    """One way."""
    round_trip_s: float
    bandwidth_bytes_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSites:
    """Designs over the campuses, without what longer or wider links would change."""

    designs: tuple[MultisiteDesign, ...]
    """Best first; empty where no campus has the power."""
    one_campus: tuple[OneCampus, ...]
    edges: tuple[Edge, ...]
    assumptions: tuple[NamedFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MultisiteAnswer:
    """The best way to train over the sites, its rivals, and what distance, bandwidth and one campus would change."""

    question: MultisiteQuestion
    made: Made
    model: str
    tokens: float
    sequence_length: int
    global_batch: int
    precision: str
    start: datetime.date
    objective: str
    best: MultisiteDesign | None
    alternatives: tuple[MultisiteDesign, ...]
    """Ranked, without ``best``: the best period of every algorithm on every subset of the sites."""
    infeasible: tuple[PowerShort, ...]
    refused: tuple[NotHad, ...]
    """Sites whose chips cannot be had; they are left out of every design."""
    availability: Mapping[str, Availability]
    """Who is known to offer the chips of each site, on what terms; sites with a price of their own are not in it."""
    distance: tuple[Sensitivity, ...]
    bandwidth: tuple[Sensitivity, ...]
    one_campus: tuple[OneCampus, ...]
    """For every campus that could take them all."""
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """Every figure under the answer, the assumptions among them."""
    notes: tuple[str, ...]
    stated: tuple[NamedFigure, ...]
    """Figures that the question states, by their place in it."""
    designs_considered: int
    layouts_considered: int

    @property
    def fits(self) -> bool:
        """Whether some site has the power, and can have the chips."""
        return self.best is not None
