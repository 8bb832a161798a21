"""The answer about calling, tuning, serving and training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A model that may be called."""

    service: str
    provider: str
    usd_first_month: float
    """At list price, for the tokens of the first month."""
    usd_per_mtoken: float
    """Of prompts and answers together, as they are mixed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossover:
    """Tokens a month, prompts and answers together, from which a way costs no more than calling."""

    share_of_draws: float
    """Draws in which there is such a volume."""
    tokens_per_month: Percentiles | None
    """Over those draws; None where no draw has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to answer the traffic."""

    way: str
    """api, tune, serve or pretrain."""
    what: str
    """The model, and what it is called from or runs on."""
    usd_by_month: tuple[Percentiles, ...]
    total_usd: Percentiles
    """Over the months compared, not discounted."""
    terms_usd: Mapping[str, float]
    """By what is paid for, every input at P50, and what the spread adds; they add up to the total at P50."""
    usd_per_mtoken: Percentiles
    """The total over all tokens."""
    setup_usd: Percentiles
    """What is paid until it answers, beside calling in the meantime: runs and people."""
    ready_months: Percentiles
    """Until it answers; a model is called in the meantime."""
    chips_first: float
    """Chips that serve the first month's traffic, every input at P50; 0 for what is called."""
    chips_last: float
    chance_cheapest: float
    """Share of draws in which no other way costs less."""
    crossover: Crossover | None
    """Once it is set up; None for what is called."""
    revenue_share: Percentiles | None
    """Of all months together; None where no revenue is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsicCase:
    """A chip of one's own that stands for those that serve."""

    stands_for: str
    """Chip, whose hour it replaces."""
    replaced_usd_per_hour: Percentiles
    """Rent of the work of an hour of it, in the mean of the years, while chips get better for their price."""
    chips: Percentiles
    """That repay the design; infinite in draws in which none do."""
    tokens_per_month: Percentiles
    """Answers that so many serve."""
    chance: float
    """Share of draws in which a chip saves anything over its life."""
    needed: float
    """Chips of one's own that the last month's traffic keeps busy, every input at P50."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixCase:
    """A part of the work moved to another kind of chip."""

    what: str
    beside: str
    """Chip that does the rest."""
    no_figures: str
    """What is not known of it; empty where it was scored."""
    cost_over_alone: Percentiles | None
    price_at_break_even: Percentiles | None
    """Of its hour, below which the mix is cheaper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCase:
    """A build in two parts, priced with the right to stop."""

    way: str
    committed_usd: float
    """What building at once saves against calling, on average; below zero where it costs more."""
    staged_usd: float
    """What the same build saves in two parts, stopped where the traffic says so."""
    option_usd: float
    """What the right to stop is worth: the same build in two parts without it is worth that much less."""
    from_tokens_per_month: float | None
    """Traffic at the decision from which going on pays; None where it always or never does."""
    chance: float
    """Share of draws that go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An input that changes the choice at one of its ends."""

    name: str
    value: str
    """The end, P10 or P90, printed."""
    way: str
    """What is cheapest then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """A kind of chip, how many of the catalog were scored, and why others were not."""

    kind: str
    scored: int
    no_figures: int
    why: str
    """What is not known of those that were not; "no figures" where the catalog has none of the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrBuyAnswer:
    """What each way costs."""

    question: BuildOrBuyQuestion
    made: Made
    best: str
    """The way that costs least at P50."""
    ways: Mapping[str, Way]
    """The cheapest first."""
    refused: Mapping[str, str]
    """Ways that could not be priced, and why."""
    called: tuple[Called, ...]
    """The cheapest first."""
    kinds: tuple[Unscored, ...]
    turns: tuple[Turn, ...]
    """What would change the choice, one input at a time."""
    tied: tuple[str, ...]
    """Ways that are cheapest in about as many draws as each other, the most often first; empty where one leads."""
    volumes: tuple[tuple[float, str], ...]
    """Traffic of the first month in tokens, which grows as is asked, and which of all ways is cheapest from there on,
    every input at P50."""
    asic: AsicCase | None
    mix: MixCase | None
    staged: StagedCase | None
    alerts: Mapping[str, str]
    """Ways that take too much of the revenue, and how much."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    stated: tuple[NamedFigure, ...]
    """Figures that the question states."""

    @property
    def fits(self) -> bool:
        """Whether any way was priced."""
        return bool(self.ways)
