"""The answer to a serving goal: fleets that keep their terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenfold.planning.plan.serve.question import PlanServeQuestion
from tenfold.planning.plan.verdicts import Evidence, Flip, Infeasible, Probability
from tenfold.planning.supply.availability import Availability, OfChips
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaPlan:
    """Replicas of one layout, and how their engine is set."""

    tp: int
    """Chips that split each layer."""
    pp: int
    dp: int
    """Attention ranks that share one set of experts."""
    ep: int
    """Chips over which whole experts are dealt."""
    chips: int
    """Of one replica."""
    replicas: int
    """With spares."""
    spares: int
    requests_per_s: float
    """That one replica carries within the latency, as surely as asked."""
    max_sequences: int
    """Sequences that a replica may run at once: the engine's batch limit."""
    token_budget: int
    """Tokens that one step takes at most."""
    kv_tokens: int
    """Tokens whose cache a replica holds, as its log says at the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slo:
    """The latency asked for, and how much of the traffic keeps it."""

    asked: Mapping[str, float]
    """Seconds by limit, and the ``percentile`` of requests that must keep all of them."""
    met_share: float
    """Share of simulated requests at the peak, with the pace predicted."""
    met_share_sure: float
    """The same with a pace as bad as the confidence asked for leaves open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetDesign(OfChips):
    """One way to carry the traffic."""

    chip: str
    chips: int
    chips_there: int = 0
    """Of the chips, those of a fleet that is there already, which the others join."""
    chips_ordered: int
    """Beside those that are there, in whole units of what is handed out together; idle ones are paid for."""
    system: str
    """Empty for cards that stand alone."""
    engine: str
    precision: str
    kv_precision: str
    disaggregated: bool
    """Whether prompts run on replicas of their own."""
    caches_held: Mapping[str, float]
    """Share of the caches of conversations between turns by where they wait: ``chip``, ``host``, ``disk``; what is left
    is worked out again. Empty where nobody says how long turns wait."""
    layout: ReplicaPlan
    prefill_layout: ReplicaPlan | None
    replicas: int
    """Of both sides, spares among them."""
    spare_replicas: int
    supply: str
    site: str
    ttft_s: Percentiles
    """As the percentile of requests asked for sees it at the peak."""
    tpot_s: Percentiles
    e2e_s: Percentiles
    token_s: float
    """Mean time of a token at the peak, with the pace predicted."""
    token_terms_s: Mapping[str, float]
    """What it goes to; they add up to it."""
    tokens_per_s_per_chip: Percentiles
    """Output tokens over all chips, at the peak that the fleet carries."""
    utilisation: float
    """Traffic on average over what the fleet carries within the latency."""
    prefill_utilisation: float
    """Share of a replica's time that prompts take at the peak."""
    cost_usd: Percentiles
    """Of the whole period."""
    cost_terms_usd: Mapping[str, float]
    """By line in the outcomes around the P50; the lines add up to it."""
    cash_usd: Percentiles
    """Cash that has to be available: a bill, the whole term of a reservation, or the purchase of what is owned."""
    paid_ahead_usd: Percentiles | None
    """Of it what is paid before the chips are there; None where nothing is."""
    recovered_usd: Percentiles | None
    """Of what was bought, what the period does not use up: sold, or left for other work. None for what is rented."""
    bound: str
    """Law or place that binds the chip, in words; empty where nothing does."""
    usd_per_mtoken_input: Percentiles
    """Of a million tokens of prompts, those in the cache among them: the share of the chips' time that prompts take."""
    usd_per_mtoken_output: Percentiles
    energy_j_per_output_token: float
    """At the meter, prompts included."""
    power_mw: float
    """Rated power at the meter, cooling included."""
    energy_mwh: float
    water_m3: float
    carbon_t: float
    ready_days: Percentiles
    """From the order to the first request."""
    holds_usd: float
    """Cost that is not exceeded with the confidence asked for: what designs that keep the limits are ranked by."""
    least_budget_usd: float
    """Smallest budget with which it keeps latency and budget together as surely as asked; infinite where none does."""
    probability: Probability
    """``in_time``: the latency is kept; ``in_budget``; ``both``."""
    slo: Slo
    evidence: Evidence
    availability: Availability
    price_usd_per_chip_hour: Percentiles | None
    """Of rent; None for what is bought."""
    calibration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFleet:
    """What the chip of the best takes with an engine, had as the best is."""

    engine: str
    chips: int
    replicas: int
    ttft_s: Percentiles
    tpot_s: Percentiles
    cost_usd: Percentiles
    holds_usd: float
    calibration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearFleet:
    """A fleet that keeps the limits, but not as surely as was asked for."""

    design: FleetDesign
    less_usd: float
    """By which its P50 costs less than that of the best; 0 where it does not, or there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedFleet:
    """A trace through the best fleet under one router and one way to stand."""

    router: str
    """Who gets a request: ``round-robin``, ``least-load`` or ``prefix-aware``."""
    scaler: str
    """What starts and stops replicas, set to what a replica carries; ``none`` where all stand all the time."""
    replicas: float
    """On average over the trace, of those that give tokens."""
    met_share: float
    """Share of requests that keep every limit, with the pace predicted; one that no replica can hold keeps none."""
    ttft_s: Mapping[str, float]
    """``p50``, ``p90`` and ``p99`` of requests that a replica can hold."""
    tpot_s: Mapping[str, float]
    e2e_s: Mapping[str, float]
    cached_share: float
    """Share of prompt tokens that a replica held already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceReplay:
    """What a trace says of traffic, and what its requests see on the best fleet at the peak planned for."""

    file: str
    format: str
    requests: int
    unanswered: int
    """Rows without an answer, left out."""
    span_s: float
    trace_rate_per_s: float
    arrival_spread: float
    """Standard deviation over mean of the time between requests; 1 where they come independently."""
    prompt_tokens: float
    output_tokens: float
    prompt_spread: float
    output_spread: float
    endless_cache_share: float | None
    """Share of prompt tokens that a cache which forgets nothing would hold; None where the trace does not say."""
    pace: float
    """Of the replay over that of the trace, so that its busiest hour is the peak planned for."""
    replicas: int
    """That give tokens and are replayed with their part of the traffic: as many as keep its pace, all if few."""
    prompt_replicas: int
    """That are replayed beside them, where prompts run apart."""
    too_large: int
    """Requests that no replica can hold, or the model takes."""
    met_share_sure: float | None
    """Share that keeps every limit by least load, at a pace as bad as the confidence allows; None without a fleet."""
    replicas_if_independent: int
    """Replicas of this layout, spares aside, that would do if requests came independently; 0 without a fleet."""
    runs: tuple[ReplayedFleet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """The fleets of one model."""

    model: str
    peak_requests_per_s: float
    mean_requests_per_s: float
    prompt_tokens: float
    """Mean, as planned for."""
    output_tokens: float
    best: FleetDesign | None
    alternatives: tuple[FleetDesign, ...]
    """The next by cost, one for each chip and supply."""
    engines: tuple[EngineFleet, ...]
    """The chip of the best with every engine that was measured on its family, the best's first; one if it was named."""
    near_misses: tuple[NearFleet, ...]
    infeasible: tuple[Infeasible, ...]
    """What is short, by how much, and the nearest change; nothing here is for lack of data."""
    missing_data: tuple[Infeasible, ...]
    """What could not be judged since a figure or a price is recorded nowhere."""
    flips: tuple[Flip, ...]
    """What would change the choice, the smallest change first."""
    traced: TraceReplay | None
    """Where a trace was named."""
    configurations_considered: int
    designs_considered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All fleets together."""

    chips: int
    """That work."""
    chips_held: int
    """That are there or ordered, idle ones among them."""
    replicas: int
    cost_usd: float
    """Sum of the P50s."""
    cash_usd: float
    power_mw: float
    energy_mwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanServeAnswer(ServicePlan):
    """The answer to a serving goal; what stands beside ``more`` is about the model of the goal."""

    question: PlanServeQuestion
    made: Made
    more: tuple[ServicePlan, ...]
    """The further models, in their order."""
    total: Total | None
    """Of all models; None where one has no fleet."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]

    @property
    def fits(self) -> bool:
        """Whether every model has a fleet."""
        return self.total is not None


def total_of(plans: Sequence[ServicePlan]) -> Total | None:
    """All fleets together; None where a model has none."""
    best = [each.best for each in plans if each.best is not None]
    if len(best) < len(plans):
        return None
    return Total(
        chips=sum(each.chips for each in best),
        chips_held=sum(each.chips_held for each in best),
        replicas=sum(each.replicas for each in best),
        cost_usd=sum(each.cost_usd.p50 for each in best),
        cash_usd=sum(each.cash_usd.p50 for each in best),
        power_mw=sum(each.power_mw for each in best),
        energy_mwh=sum(each.energy_mwh for each in best),
    )
