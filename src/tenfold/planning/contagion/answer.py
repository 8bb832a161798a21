"""What contagion returns: frozen results that keep their terms and the figures under them. US dollars, nominal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.economics.network import Circularity, LeftOut
from tenfold.planning.contagion.question import ContagionQuestion
from tenfold.quantities import Made, NamedFigure, Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerBooks:
    """A player in the year, without a shock."""

    key: str
    name: str
    kind: str
    revenue_usd: float | None
    """Per year, from outside; None where nobody published it."""
    cash_usd: float
    income_usd: float
    """From outside, after costs outside."""
    funding_usd: float
    """New money that the answer assumes to be raised in the year."""
    due_usd: float
    receipts_usd: float
    """From other players."""
    worth_usd: float
    """Means and receipts less what is due."""
    leverage: float | None
    """Debt over book equity; None where one of them is not on record."""
    revenue_coverage: float | None
    """Revenue over what is due; None without revenue or dues."""


THIN = 0.5
"""Of what is due in the fullest year: one with less says little of who is safe in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What the deals make due in the year, beside the year in which they make most due."""

    usd: float
    fullest_year: int
    fullest_usd: float

    @property
    def thin(self) -> bool:
        """Whether deals are missing that will be signed until then: few failures are no sign of safety."""
        return self.usd < THIN * self.fullest_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A deal in clearing, with what it makes due in the year."""

    key: str
    payer: str
    payee: str
    kind: str
    status: str
    cancelable: str
    amount_usd: float | None
    """Of the whole contract."""
    supply_usd: float
    interest_usd: float
    maturing_usd: float
    gpu_backed_usd: float
    """Outstanding debt that is called when chips lose value."""
    contingent_usd: float
    """Backstop: paid only when buyers fail."""
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A player that does not pay in full."""

    player: str
    round: int
    """Round of default: 1 fails though all others pay."""
    unpaid_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """One way of clearing one scenario."""

    method: str
    """``eisenberg-noe`` or ``rogers-veraart``."""
    failures: tuple[Failure, ...]
    """In the order of failing."""
    credit_loss_usd: Mapping[str, float]
    """What a player does not receive, after backstops; players without a loss are left out."""
    drawn_usd: Mapping[str, float]
    """From backstops, by guarantor."""
    unpaid_usd: float
    """In all."""
    borne_usd: Mapping[str, float]
    """Who bears it: losses by player, and what backstops pay; they add up to ``unpaid_usd``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioAnswer:
    """One scenario."""

    name: str
    shocks: Mapping[str, float]
    """By name, such as ``revenue_miss.openai``; shares."""
    means_lost_usd: Mapping[str, float]
    """Means that the shock itself takes; players without a loss are left out."""
    cleared: tuple[Cleared, ...]
    distress: Mapping[str, float]
    """DebtRank: share of a player's worth that is lost, 0 to 1; players without distress are left out."""
    debtrank: float
    """Share of all claims that is distressed beyond the shock itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnAnswer:
    """Many random scenarios, cleared with costs of default."""

    count: int
    failures: Percentiles
    """How many players fail."""
    unpaid_usd: Percentiles
    default_probability: Mapping[str, float]
    """By player; who never fails is left out."""
    credit_loss_usd: Mapping[str, Percentiles]
    """By player; who never loses is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakingPoint:
    """Reverse stress: the smallest shock of one kind that breaks a second firm."""

    shock: str
    """``revenue_miss``, ``supplier_halt``, ``chip_price_fall`` or ``refinancing_stop``."""
    player: str
    """Empty where the shock hits everybody at once."""
    first: float | None
    """Share at which the first player fails, 0 where any shock or none breaks it; None where even all breaks none."""
    second: float | None
    """Share at which a second one fails; None where even all of it does not."""
    broken: tuple[str, ...]
    """Who has failed at ``second``, in the order of failing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContagionAnswer:
    """Who cannot pay whom in the year."""

    question: ContagionQuestion
    """With the network and the shocks that are meant where it does not say."""
    made: Made
    title: str
    year: int
    due: Due
    """How much of what is signed falls into the year."""
    currency: str
    players: tuple[PlayerBooks, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[LeftOut, ...]
    """Deals that clearing leaves out, with the reason."""
    circularity: tuple[Circularity, ...]
    circular_over_revenue: Mapping[str, float]
    """Circular amount, over whole contracts, against one year of revenue, by supplier with revenue on record."""
    warrant_stakes: Mapping[str, float]
    """Share of the issuer that a warrant buys, by deal; only where the shares outstanding are on record."""
    fails_without_shock: tuple[Failure, ...]
    """Who does not pay in full though nothing happens, cleared with costs of default, in the order of failing."""
    scenarios: tuple[ScenarioAnswer, ...]
    drawn: DrawnAnswer | None
    breaking_points: tuple[BreakingPoint, ...]
    """The smallest second break first."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    """Of the catalog, under the answer."""
    stated: tuple[NamedFigure, ...]
    """What the question states in place of the catalog, or beside it."""
