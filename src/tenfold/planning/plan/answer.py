"""The answer to a goal: frozen results that keep their terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenfold.performance.layout import ParallelLayout
from tenfold.planning.plan.question import PlanQuestion
from tenfold.planning.plan.verdicts import Evidence, Flip, Infeasible, Probability
from tenfold.planning.supply.availability import Availability, OfChips
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """An uncertain input and what it does to the best design when it alone moves from its P10 to its P90."""

    name: str
    low: str
    """The input at its P10, printed."""
    high: str
    finish_days: tuple[float, float]
    """P50 of the finish with the input at its P10 and at its P90, everything else as uncertain as it is."""
    cost_usd: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressed:
    """An input at its worst."""

    name: str
    value: str
    """Printed."""
    source: str
    """Who published it, by its key among the sources; empty for the end of the range, where nothing worse is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stress:
    """The best design with everything that was assumed or estimated at the worst that is published, all at once."""

    inputs: tuple[Stressed, ...]
    finish_days: float
    """P50 of what is left uncertain."""
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Design(OfChips):
    """One way to reach the goal."""

    chip: str
    chips: int
    chips_there: int = 0
    """Of the chips, those of a fleet that is there already, which the others join."""
    chips_ordered: int
    """Chips that are asked for or bought: whole units of what is handed out together, beside those that are there. The
    spares of an owner come on top, as far as idle ones do not stand in."""
    system: str
    layout: ParallelLayout
    global_batch: int
    """Sequences per optimizer step; a few per cent from what was asked where only that divides over the chips."""
    supply: str
    site: str
    software: str
    step_time_s: Percentiles
    tokens_per_s_per_chip: Percentiles
    mfu: Percentiles
    step_terms_s: Mapping[str, float]
    """Seconds of one step by term with every input at P50, and what the spread adds; they add up to the step at P50."""
    memory_bytes_per_chip: Mapping[str, float]
    """By part; they add up to ``total``, which is one of the keys, beside ``capacity``."""
    goodput: Percentiles
    goodput_terms: Mapping[str, float]
    """Share of wall time by use around the P50: productive, checkpoint, lost_work, restart; they add up to 1."""
    lost_share: float
    """Share of wall time that is not productive, around the P50."""
    checkpoint_interval_s: float
    finish_days: Percentiles
    """From the order of the chips, however they are had: the wait for them, setting them up, and the run."""
    days_on_chips: Percentiles
    """From when the chips are there to the last step; what rent is paid for at least."""
    ready_days: Percentiles
    """Of the finish, what comes before the run: waiting for the chips, as far as it counts, and setting them up."""
    cost_usd: Percentiles
    cost_terms_usd: Mapping[str, float]
    """Cost by line in the outcomes around the P50; the lines add up to it."""
    cash_usd: Percentiles
    """Cash that has to be available: the whole term of a reservation, the purchase of what is owned, a rent's bill."""
    paid_ahead_usd: Percentiles | None = None
    """Of the cash, what is paid of a term before the chips are there; None where nothing is."""
    recovered_usd: Percentiles | None
    """Of what was bought, what the run does not use up: left for other work, or to sell. None for what is rented."""
    power_mw: float
    """Rated power at the meter, cooling included: what the site has to connect."""
    energy_mwh: float
    water_m3: float
    carbon_t: float
    holds: float
    """What it is ranked by: USD, days or J that hold with the confidence asked for, together with the other limit."""
    probability: Probability
    evidence: Evidence
    availability: Availability
    price_usd_per_chip_hour: Percentiles | None
    """Of rent, what many chips soon cost over the list included; None for what is bought."""
    calibration: str
    """How the step time was calibrated, e.g. ``hopper, 214 measured runs`` or ``priors only``."""
    outside_calibration: tuple[str, ...]
    """Regimes without measurements that this design is in."""
    bound: str = ""
    """Law or place that binds the chip, in words; empty where nothing does."""
    drivers: tuple[Driver, ...] = ()
    """Largest first; only worked out for the best design."""
    finish_terms_days: Mapping[str, float] = field(default_factory=dict)
    """Days by use in the outcomes around the P50 of the finish: waiting for the chips, setup, productive, checkpoint,
    lost_work, restart. They add up to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A design that keeps the limits, but not as surely as was asked for."""

    design: Design
    less_usd: float
    """By which its P50 costs less than that of the best design; 0 where it does not, or there is none."""
    sooner_days: float
    """By which it is done before the best design, P50."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureOutlook:
    """What failures do to a design, simulated over many runs of it, each with its own luck.

    ``goodput`` and ``finish_days`` are those of the design; the simulation says what luck alone adds, where the lost
    time goes, and what another policy would change.
    """

    goodput: Percentiles
    """Of the design: luck, failure rates, restart times and step times as uncertain as they are."""
    luck_days: Percentiles
    """By which luck with failures, their rate and restarts alone move the finish from its P50."""
    mttf_h: float
    failures: float
    """In one run, on average."""
    loss: Mapping[str, float]
    """Share of what is lost of wall time, by cause; they add up to ``lost_share``."""
    lost_share: float
    """Of wall time, of the design."""
    spare_nodes_p99: int
    spare_racks_p99: int
    policy: str
    """Checkpointing, recovery and detection that the designs are priced with."""
    best_policy: str
    best_policy_saves_days: float
    """By which the policy that loses least would bring the finish forward."""
    best_policy_interval_s: float
    why_not: str
    """Why the designs are not priced with it; empty where they are."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampusOutlook:
    """The chips of a design spread over the goal's sites instead of one."""

    design: str
    """Whose chips are spread: the best one's, or where none fits those that only the power of one site is short of."""
    sites: tuple[str, ...]
    chips_per_site: int
    algorithm: str
    sync_steps: int
    finish_days: Percentiles
    cost_usd: Percentiles
    compute_use: float
    """Share of the time that is not waited for other sites."""
    longest_link_km: float
    bandwidth_bytes_per_s: float
    """Of each link, one way."""
    mean_use: float
    """Of the busiest link."""
    power_mw_per_site: float
    wins: bool
    """True where no site has the power for all of the chips, or it finishes well before the best design."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallerModel:
    """A model smaller than the optimal one, which costs less to serve."""

    parameters: float
    tokens: float
    """On the same compute."""
    loss_more_nats: Percentiles
    """By which its loss is above that of the optimal one, on the same compute."""
    compute_for_same_loss: Percentiles
    """Compute over that of the optimal one with which it reaches the same loss; infinite where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """The model and the tokens that spend compute best, by a scaling law."""

    model: str
    flops: float
    parameters: float
    """Of the model planned with: the law's middle, in whole layers and heads."""
    parameters_range: Percentiles
    """What the doubt of the law makes of it."""
    tokens: float
    tokens_range: Percentiles
    loss_nats: Percentiles
    smaller: tuple[SmallerModel, ...]
    beyond_fit: tuple[str, ...]
    """Where the law is carried on beyond the runs it was fitted to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """The answer to a goal."""

    question: PlanQuestion
    made: Made
    global_batch: int
    """Sequences per optimizer step that were asked for; a design may move it by a few per cent."""
    tokens: float
    """Of the whole run."""
    objective: str
    """What decided between designs that fit."""
    best: Design | None
    alternatives: tuple[Design, ...]
    """Ranked by the objective, best first, without ``best``; one per chip, supply and site."""
    pareto: tuple[Design, ...]
    """Designs that no other beats in both finish and cost."""
    near_misses: tuple[NearMiss, ...]
    """Designs that keep the limits less surely than asked, the surest first."""
    flips: tuple[Flip, ...]
    """What would change the choice, the smallest change first."""
    infeasible: tuple[Infeasible, ...]
    """What is short, by how much, and the nearest change; nothing here is for lack of data."""
    missing_data: tuple[Infeasible, ...]
    """What could not be judged since a figure or a price is recorded nowhere."""
    assumptions: tuple[NamedFigure, ...]
    """Inputs of kind assumption or estimate that the answer rests on, shown first."""
    figures: tuple[NamedFigure, ...]
    """Under the best design and its chips over several sites; where nothing fits, those that hold for all designs."""
    notes: tuple[str, ...]
    """What was decided for the user, e.g. how the global batch was rounded."""
    designs_considered: int
    layouts_considered: int
    optimum: Optimum | None = None
    """What was chosen to train, where the goal left that open; the question is then that of what was chosen."""
    stress: Stress | None = None
    """Of the best design; None where there is none."""
    failures: FailureOutlook | None = None
    """Of the best design; None where there is none, or it never ends."""
    campuses: CampusOutlook | None = None
    """None where it was not asked for and one site has the power, or nothing could be spread."""

    @property
    def fits(self) -> bool:
        """Whether a design reaches the goal."""
        return self.best is not None
