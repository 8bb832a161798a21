"""What can be asked about calling, tuning, serving and training: traffic, quality, models, people, money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from tenfold.catalog import SERVICE_TIERS
from tenfold.quantities import (
    DAY_S,
    UNREAD,
    Amount,
    Key,
    Named,
    OneOf,
    Problem,
    Ranged,
    RangedAmount,
    Whole,
    known,
)
from tenfold.workloads import GlobalBatch, ModelName
from tenfold.workloads.serving import SERVED_FORMATS

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

TERMS = ("on-demand", "reserved-1y", "spot")
METHODS = ("lora", "full")
TOKENS = Amount("tokens", least=1e3, most=1e18)
LENGTH = Whole(most=2**24, unit="tokens")
SHARE = Amount("1", least=0.001, most=1.0)
FACTOR = Amount("1", least=1e-3, most=1e4)
FORMAT = OneOf(tuple(SERVED_FORMATS), "precision")
HOURLY = Amount("USD/h", least=0.0, most=1e4)
PEOPLE = RangedAmount(Amount("1", most=1e4))
WEEKS = RangedAmount(Amount("1", most=520.0))
RUN = Amount("s", least=3600.0, most=3660.0 * DAY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyTraffic:
    """Tokens that come and go in the first month, and how that grows."""

    input_tokens: Annotated[float, TOKENS]
    """Tokens of prompts in the first month, such as '2B tokens'."""
    output_tokens: Annotated[float, TOKENS]
    """Tokens of answers in the first month."""
    isl: Annotated[int, LENGTH]
    """Tokens of a prompt, on average."""
    growth_per_month: Annotated[Ranged | None, RangedAmount(Amount("1", least=-0.5, most=1.0))] = None
    """Growth of both a month, such as 0.05, or a table with low and high; a wide range when left out."""
    peak_over_mean: Annotated[Ranged | None, RangedAmount(Amount("1", least=1.0, most=100.0))] = None
    """Busiest hour over the mean, which chips of one's own are sized for; a range when left out."""

    @property
    def osl(self) -> int:
        """Tokens of an answer, on average: as many answers as prompts."""
        return max(round(self.isl * self.output_tokens / self.input_tokens), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A model that is served on chips of one's own."""

    model: Annotated[str, ModelName()]
    """Model whose weights anybody may run, which is good enough: of the catalog, or a config.json."""
    precision: Annotated[str, FORMAT] = "fp8"
    """Number format of the weights."""
    people: Annotated[Ranged | None, PEOPLE] = None
    """Engineers who keep it running; a range when left out."""
    weeks: Annotated[Ranged | None, WEEKS] = None
    """Weeks until it answers; a range when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """A small model that is tuned until it is good enough for the task, and served."""

    model: Annotated[str, ModelName()]
    """Model that is tuned."""
    tokens: Annotated[float, Amount("tokens", least=1e6, most=1e18)]
    """Tokens of one tuning run, all epochs, such as '100M tokens'."""
    sequence_length: Annotated[int, LENGTH] = 4096
    """Tokens per sequence of the run."""
    global_batch: Annotated[int | str, GlobalBatch()] = 64
    """Batch of an optimizer step of the run."""
    method: Annotated[str, OneOf(METHODS, "method")] = "lora"
    """'lora' trains low-rank adapters, 'full' every weight."""
    deadline_s: Annotated[float, RUN] = 14.0 * DAY_S
    """Time that one run may take."""
    precision: Annotated[str, FORMAT] = "fp8"
    """Number format of the weights when served."""
    people: Annotated[Ranged | None, PEOPLE] = None
    """Engineers who keep it good, beside those who keep it running; a range when left out."""
    weeks: Annotated[Ranged | None, WEEKS] = None
    """Weeks until it answers; a range when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretrained:
    """A model that is trained from nothing, and served."""

    model: Annotated[str, ModelName()]
    """Model whose shape is trained."""
    tokens: Annotated[float, Amount("tokens", least=1e6, most=1e18)]
    """Training tokens, such as '2T tokens'."""
    sequence_length: Annotated[int, LENGTH] = 4096
    """Tokens per sequence of the run."""
    global_batch: Annotated[int | str, GlobalBatch()] = "4M tokens"
    """Batch of an optimizer step of the run."""
    max_chips: Annotated[int, Whole()] = 4096
    """Most chips of the run."""
    deadline_s: Annotated[float, RUN] = 180.0 * DAY_S
    """Time that the run may take."""
    precision: Annotated[str, FORMAT] = "fp8"
    """Number format of the weights when served."""
    people: Annotated[Ranged | None, PEOPLE] = None
    """People who train it and keep it current, beside those who keep it running; a range when left out."""
    weeks: Annotated[Ranged | None, WEEKS] = None
    """Weeks until it answers, beside the run itself; a range when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asic:
    """A chip of one's own in place of those that serve: from which number on does it pay?"""

    unit_usd: Annotated[float, Amount("USD", least=1.0, most=1e7), Key("unit_price")]
    """What one costs to make, in its machine."""
    speed: Annotated[float, FACTOR]
    """Tokens of one over those of the chip it stands for."""
    running_usd_per_hour: Annotated[float, HOURLY, Key("running")]
    """Power, space and staff of one, such as '$0.30/h'."""
    years: Annotated[float, Amount("1", least=0.1, most=20.0)]
    """Years that one works."""
    design_usd: Annotated[Ranged | None, RangedAmount(Amount("USD", least=1e3, most=1e11)), Key("design")] = None
    """Design, masks and first silicon, paid once; a range when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """A part of the work moved to another kind of chip, such as an FPGA in front of GPUs."""

    what: str = "fpga"
    """What takes it."""
    share: Annotated[float, SHARE]
    """Share of the time of a request that moves."""
    speed: Annotated[float | None, FACTOR] = None
    """Work of that part an hour of it does over an hour of the chip that serves; no figures when left out."""
    price_usd_per_hour: Annotated[float | None, HOURLY, Key("price")] = None
    """Price of an hour of it; no figures when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A build in two parts, the second of which may be left undone."""

    first_share: Annotated[float, SHARE] = 0.25
    """Share of what setting up costs that is spent first."""
    decide_month: Annotated[int, Whole(most=60)] = 6
    """Month at whose traffic it is decided whether to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrBuyQuestion:
    """Call a model, tune a small one, serve an open one, or train one: which costs least for this traffic?"""

    traffic: MonthlyTraffic
    """What comes and goes."""
    quality: Annotated[str, OneOf(SERVICE_TIERS, "tier")] = "balanced"
    """Tier of models that are good enough when called."""
    services: tuple[Annotated[str, Named("services")], ...] | None = None
    """Models that may be called; all of the tier when left out."""
    serve: Served | None = None
    """An open model served on chips of one's own; not compared when left out."""
    tune: Tuned | None = None
    """A small model tuned and served; not compared when left out."""
    pretrain: Pretrained | None = None
    """A model of one's own; not compared when left out."""
    months: Annotated[int, Whole(most=120)] = 24
    """Months that are compared."""
    site: Annotated[str, Named("sites")] = "us-texas"
    """Where chips are rented."""
    supply: Annotated[str, OneOf(TERMS, "supply")] = "on-demand"
    """How they are rented."""
    chips: tuple[Annotated[str, Named("chips")], ...] | None = None
    """Chips that may serve and train; every chip of the catalog when left out."""
    slo_ttft_s: Annotated[float | None, Amount("s", above=0.0, most=86_400.0)] = None
    """Time to the first token that is allowed on average."""
    slo_tpot_s: Annotated[float | None, Amount("s", above=0.0, most=86_400.0)] = None
    """Time per token that is allowed on average."""
    engineer_usd_per_week: Annotated[Ranged | None, RangedAmount(Amount("USD", most=1e6)), Key("engineer")] = None
    """What a week of an engineer costs; a range when left out."""
    revenue_usd_per_month: Annotated[float | None, Amount("USD", least=1.0, most=1e13), Key("revenue")] = None
    """Revenue of the first month, which grows with traffic."""
    alert_share: Annotated[float, SHARE] = 0.3
    """Share of revenue above which cost is an alert."""
    asic: Asic | None = None
    """A chip of one's own, as a case."""
    mix: Mix | None = None
    """A mix of chips, as a case."""
    staged: Staged | None = None
    """A build that may be stopped, as a case."""


def contradictions(question: BuildOrBuyQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Say where nothing may be called, a case has nothing to stand on, a decision comes after the end."""
    if known(question.services) and question.services == ():
        yield _problem("services", "is empty", "Name at least one, or leave the key out")
    if known(question.chips) and question.chips == ():
        yield _problem("chips", "is empty", "Name at least one, or leave the key out")
    if question.traffic is not UNREAD and known(
        question.traffic.isl, question.traffic.input_tokens, question.traffic.output_tokens
    ):
        yield from _long(question.traffic)
    own = (question.serve, question.tune, question.pretrain)
    for name in ("asic", "mix", "staged"):
        case = getattr(question, name)
        if case is not None and case is not UNREAD and all(each is None for each in own):
            yield _problem(name, "has nothing of one's own to stand on", "Add [serve], [tune] or [pretrain]")
    yield from _late(question.staged, question.months)
    del catalog


def _long(traffic: MonthlyTraffic) -> Iterator[Problem]:
    """There are as many answers as prompts, so tokens say how long an answer is."""
    if traffic.osl > LENGTH.most:
        remedy = f"Write fewer, or a shorter isl: an answer has at most {LENGTH.most:,} tokens"
        yield _problem("traffic.output_tokens", f"an answer would have {traffic.osl:,} tokens", remedy)


def _late(staged: Staged | None, months: int) -> Iterator[Problem]:
    """A decision comes before the end."""
    if staged is None or not known(staged, months) or not known(staged.decide_month):
        return
    if staged.decide_month >= months:
        remedy = f"Write a month below {months}, or more months"
        yield _problem("staged.decide_month", f"{staged.decide_month} is not before the end", remedy)


contradictions_in_part = contradictions
"""It passes over what could not be read."""


def _problem(key: str, wrong: str, remedy: str) -> Problem:
    return Problem(file="", key=key, wrong=wrong, remedy=remedy)
