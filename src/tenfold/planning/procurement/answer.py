"""The answer about procurement: frozen results in US dollars of the year that the question states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.catalog import ExportStatus
from tenfold.planning.procurement.fit import Fit
from tenfold.planning.procurement.question import ProcureQuestion
from tenfold.quantities import Made, NamedFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Chips to order in a quarter."""

    option: str
    chip: str
    vendor: str
    supplier: str
    site: str
    supply: str
    quarter: str
    due: str
    """Quarter of delivery when nothing goes wrong."""
    chips: float
    lots: float
    price_usd: float
    """Of owned chips with hosts and network, at base prices; 0 for reserved ones."""
    running_usd_per_quarter: float
    """Running costs of owned chips, rent of reserved ones, at base prices."""
    when: str
    """``now`` in the first quarter, else ``can wait``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostTerms:
    """Expected present value by term; the terms add up to ``total_usd``."""

    chips_usd: float
    """Paid for owned chips, hosts and network."""
    value_left_usd: float
    """Of owned chips after the last quarter; below zero, because it is taken off."""
    running_usd: float
    """Energy, space, maintenance, staff and insurance of owned chips."""
    reserved_usd: float
    on_demand_usd: float
    spot_usd: float
    unserved_usd: float
    """Penalties."""
    total_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioOutcome:
    """What the plan comes to in a scenario, against the plan that would be best for it alone."""

    name: str
    probability: float
    cost_usd: float
    best_cost_usd: float | None
    """Least cost when the scenario is known beforehand, lots divisible: no plan costs less. None when not asked for."""
    regret_usd: float | None
    unserved_share: float
    """Of all H100e-hours needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """The least expected cost at a λ, with lots divisible."""

    risk_aversion: float
    expected_cost_usd: float
    cvar_usd: float
    ordered_usd: float
    """Price of all owned chips ordered, at base prices, undiscounted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowPrice:
    """What one more unit of a limit is worth paying for, whatever happens."""

    limit: str
    """``power``, ``capital``, ``allocation``, ``vendor share``, ``revenue share``."""
    name: str
    quarter: str
    unit: str
    usd_per_unit: float
    """In dollars of that quarter: the present value divided by its discount factor."""
    present_usd_per_unit: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePower:
    """Power of owned chips at a site in a quarter."""

    site: str
    quarter: str
    used_mw: float
    limit_mw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a workload gets in a quarter, expected over the scenarios, H100e; of training the pace."""

    workload: str
    quarter: str
    needed_h100e: float
    served_h100e: float
    unserved_h100e: float
    """Of a training run in its last quarter: H100e-quarters it lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """Expected capacity by supply in a quarter, H100e for the workload each chip suits best."""

    quarter: str
    own_h100e: float
    reserved_h100e: float
    on_demand_h100e: float
    spot_h100e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A limit that no plan can keep."""

    limit: str
    short: str
    nearest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcureAnswer:
    """The plan, or why there is none."""

    question: ProcureQuestion
    made: Made
    status: str
    """``optimal`` (relaxation rounded or integer programme to its gap), ``infeasible``, ``unbounded``."""
    method: str
    money: str
    """``nominal`` or ``real`` US dollars."""
    money_year: int
    quarters: tuple[str, ...]
    discount_rate_per_year: float
    risk_aversion: float
    cvar_level: float
    expected_cost_usd: float
    cvar_usd: float
    objective_usd: float
    bound_usd: float
    """No plan has a lower objective."""
    gap: float
    orders: tuple[Order, ...]
    waiting_costs_usd: float | None
    """Certain dollars that ordering nothing in the first quarter costs; None without such a plan, or when not asked."""
    terms: CostTerms | None
    scenarios: tuple[ScenarioOutcome, ...]
    frontier: tuple[FrontierPoint, ...]
    shadow_prices: tuple[ShadowPrice, ...]
    power: tuple[SitePower, ...]
    service: tuple[Service, ...]
    supplied: tuple[Supplied, ...]
    shortages: tuple[Shortage, ...]
    export: tuple[ExportStatus, ...]
    excluded: tuple[str, ...]
    workload_fits: tuple[Fit, ...]
    """How each kind of chip fits each workload."""
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    notes: tuple[str, ...]
    size: Mapping[str, int]

    @property
    def fits(self) -> bool:
        """Whether there is a plan."""
        return self.terms is not None
