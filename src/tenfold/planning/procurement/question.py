"""What can be asked about procurement: needs, sites, options, what limits them, what may happen, how to solve it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, get_args

from tenfold.catalog import ChipKind
from tenfold.planning.procurement.markers import Country, Penalty, Price
from tenfold.quantities import YEAR_S, Amount, Day, Flat, Key, Named, OneOf, Series, Text, Whole
from tenfold.reliability import USUAL, Policy
from tenfold.workloads import PRECISIONS, GlobalBatch, ModelName

SUPPLIES = ("own", "reserved-1y", "reserved-3y", "on-demand", "spot")
EFFECT_KINDS = ("demand", "price", "delay", "interruption", "ban", "faster-chip")
MOST_QUARTERS = 40
SHARE = Amount("1", most=1.0)
MONEY = Series(Amount("USD", most=1e15))
CHIPS = Series(Amount("1", most=1e9))
POWER = Series(Amount("W", most=1e12))
NAME = Text(longest=200)
DAY = Day(first_year=1990, last_year=2200)
LAST_DAY = Day(end=True, first_year=1990, last_year=2200)
SUPPLY = OneOf(SUPPLIES, "supply")
QUARTERS = Whole(least=0, most=MOST_QUARTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTable:
    """When, in which money, with how much care."""

    start: Annotated[datetime.date, DAY]
    """First quarter, such as '2027Q1'."""
    quarters: Annotated[int, Whole(most=MOST_QUARTERS)]
    """Quarters that are planned."""
    money: Annotated[str, OneOf(("nominal", "real"), "kind of money")]
    """Whether amounts hold inflation."""
    money_year: Annotated[int, Whole(least=2000, most=2100)]
    """Year of the dollars: of the first quarter when nominal."""
    discount_rate_per_year: Annotated[float, SHARE, Key("discount_rate")]
    """A year, such as '10 %'."""
    risk_aversion: Annotated[float, Amount("1", most=1000.0)] = 0.0
    """λ: what a dollar of CVaR counts against one expected."""
    cvar_level: Annotated[float, Amount("1", most=0.999)] = 0.9
    """α: CVaR is the mean of the worst 1 − α."""
    max_vendor_share: Annotated[float, Amount("1", least=0.01, most=1.0)] = 1.0
    """Most of the capacity ordered ahead that one vendor may have."""
    revenue_usd: Annotated[tuple[float, ...] | None, MONEY] = None
    """Revenue of a quarter: one for all, or one a quarter."""
    max_revenue_share: Annotated[float | None, Amount("1", most=1e6)] = None
    """Most that compute may cost over revenue, in every quarter."""
    capital_usd: Annotated[tuple[float, ...] | None, MONEY] = None
    """Most that is paid for chips in a quarter, such as '$40M'; no limit when left out."""
    useful_life_s: Annotated[float | None, Amount("s", least=YEAR_S, most=50 * YEAR_S)] = None
    """Of owned chips, such as '5 years'; the catalog's when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """Which export rule is applied, and to which countries."""

    rule: Annotated[str, Named("export_rules")]
    """Rule of the catalog."""
    controlled_countries: tuple[Annotated[str, Country()], ...]
    """Countries that need a licence, by two letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadTable:
    """Serving by quarter, or a training run by a deadline."""

    name: Annotated[str, NAME]
    """How it is called."""
    kind: Annotated[str, OneOf(("serve", "train"), "kind of workload")]
    """What it is."""
    demand_h100e: Annotated[tuple[float, ...] | None, CHIPS, Key("demand")] = None
    """Serving: H100e needed, one for all quarters, or one a quarter."""
    slo: str = ""
    """Serving: what the capacity stated serves within."""
    work_h100_hours: Annotated[float | None, Amount("chip-h", most=1e15), Key("work")] = None
    """Training: chip-hours of an H100."""
    model: Annotated[str | None, ModelName()] = None
    """Training, in place of its work: model of the catalog, or path of a HuggingFace config.json."""
    tokens: Annotated[float | None, Amount("tokens", least=1e6, most=1e18)] = None
    """Training tokens of the model, such as '8T'."""
    sequence_length: Annotated[int | None, Whole(most=2**24, unit="tokens")] = None
    """Tokens per sequence."""
    global_batch: Annotated[int | str | None, GlobalBatch()] = None
    """Batch of an optimizer step: '16M tokens', '2048 sequences', or a number of sequences."""
    precision: Annotated[str, OneOf(tuple(PRECISIONS), "precision")] = "bf16"
    """Number format of the weight products."""
    cluster_chips: Annotated[int | None, Whole(most=10**7)] = None
    """Chips at which speeds are predicted."""
    policy: Annotated[Policy, Flat()] = USUAL
    """Training: what is done about failures of a run whose speed is predicted."""
    start: Annotated[datetime.date | None, DAY] = None
    """First quarter it runs in; that of the programme when left out."""
    deadline: Annotated[datetime.date | None, LAST_DAY] = None
    """Training: last quarter it runs in; that of the programme when left out."""
    max_h100e: Annotated[float | None, Amount("1", least=1e-6, most=1e9)] = None
    """Training: most H100e it can use at once."""
    unserved_usd_per_h100e_hour: Annotated[float | str, Penalty(), Key("unserved")]
    """Penalty for each H100e-hour it lacks, such as '$6/h', or 'forbidden'."""
    chips: tuple[Annotated[str, Named("chips")], ...] = ()
    """Chips it runs on; any when left out."""
    kinds: tuple[Annotated[str, OneOf(get_args(ChipKind), "kind of chip")], ...] = ()
    """Kinds of chips it runs on; any when left out."""
    h100e_per_chip: Mapping[Annotated[str, Named("chips")], Annotated[float, Amount("1", most=1e4)]] = field(
        default_factory=dict
    )
    """Worth of single chips, where measured or known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """A site of the catalog and what it offers."""

    site: Annotated[str, Named("sites")]
    """Site by key or alias."""
    power_w: Annotated[tuple[float, ...] | None, POWER] = None
    """At the meter, cooling included, such as '20 MW', one for all quarters or one a quarter; no limit if left out."""
    colocation_usd_per_kw_month: Annotated[float | None, Amount("1", most=1e5), Key("colocation")] = None
    """USD for a kW of IT power and a month, as a number; the catalog's when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTable:
    """A chip at a site from a supplier, on one kind of supply."""

    name: str = ""
    """How it is called; by chip, supply, supplier and site when left out."""
    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    site: Annotated[str, Named("sites")]
    """One of the sites."""
    supplier: Annotated[str, NAME]
    """Who supplies it."""
    supply: Annotated[str, SUPPLY]
    """On which terms."""
    price: Annotated[tuple[float | str, ...] | None, Series(Price())] = None
    """USD a chip owned or a chip-hour rented, one for all quarters, or one a quarter; the catalog's when left out."""
    lead_quarters: Annotated[int, QUARTERS] = 0
    """Quarters from the order to the delivery."""
    allocation_chips: Annotated[tuple[float, ...] | None, CHIPS, Key("allocation")] = None
    """Most chips ordered in a quarter, one for all, or one a quarter; no limit when left out."""
    lot_chips: Annotated[int | None, Whole(), Key("lot")] = None
    """Chips come in lots of this many; left out, in the units that makers sell and sellers hand out, such as a rack,
    and one by one where a price for rent is stated."""
    minimum_order_chips: Annotated[int, Whole(least=0), Key("minimum_order")] = 0
    """An order is none or at least this many chips."""
    deposit_share: Annotated[float, SHARE, Key("deposit")] = 1.0
    """Share of the price paid with the order; the rest is paid on delivery."""
    usable_share: Annotated[float | None, SHARE, Key("usable")] = None
    """Share of rented hours that do work; needed for spot, all of them elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationTable:
    """What a supplier allocates over several options; names left out mean all."""

    name: Annotated[str, NAME]
    """How it is called."""
    max_chips: Annotated[tuple[float, ...], CHIPS]
    """Most chips ordered in a quarter, one for all, or one a quarter."""
    chips: tuple[Annotated[str, Named("chips")], ...] = ()
    """Chips it is about."""
    vendors: tuple[Annotated[str, NAME], ...] = ()
    """Vendors it is about."""
    suppliers: tuple[Annotated[str, NAME], ...] = ()
    """Suppliers it is about."""
    sites: tuple[Annotated[str, Named("sites")], ...] = ()
    """Sites it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectTable:
    """One thing that happens; names left out mean all."""

    kind: Annotated[str, OneOf(EFFECT_KINDS, "kind of effect")]
    """What happens."""
    since: Annotated[datetime.date | None, DAY] = None
    """First quarter of the effect; that of the programme when left out."""
    until: Annotated[datetime.date | None, DAY] = None
    """First quarter after the effect; it does not end when left out."""
    factor: Annotated[float, Amount("1", most=1e3)] = 1.0
    """What demand or price is multiplied by."""
    quarters: Annotated[int, QUARTERS] = 0
    """By how many quarters deliveries are late."""
    value_kept: Annotated[float, SHARE] = 1.0
    """Share of their value that owned chips keep."""
    workloads: tuple[Annotated[str, NAME], ...] = ()
    """Workloads it touches."""
    chips: tuple[Annotated[str, Named("chips")], ...] = ()
    """Chips it touches."""
    vendors: tuple[Annotated[str, NAME], ...] = ()
    """Vendors it touches."""
    suppliers: tuple[Annotated[str, NAME], ...] = ()
    """Suppliers it touches."""
    sites: tuple[Annotated[str, Named("sites")], ...] = ()
    """Sites it touches."""
    supplies: tuple[Annotated[str, SUPPLY], ...] = ()
    """Kinds of supply it touches."""
    licensed_chips: bool = False
    """Touches only chips that the export rule asks a licence for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioTable:
    """What may happen; what is left of the probability is the base case."""

    name: Annotated[str, NAME]
    """How it is called."""
    probability: Annotated[float, SHARE]
    """How likely it is."""
    effects: tuple[EffectTable, ...] = ()
    """What happens in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcureQuestion:
    """What is ordered now and what can wait, under risk: purchases, reservations and rent by quarter."""

    programme: ProgrammeTable
    """When, in which money, with how much care."""
    workloads: tuple[WorkloadTable, ...]
    """What is needed."""
    sites: tuple[SiteTable, ...]
    """Where chips may stand."""
    options: tuple[OptionTable, ...]
    """What can be had."""
    export: ExportTable | None = None
    """Export rule, where one is applied."""
    allocations: tuple[AllocationTable, ...] = ()
    """What suppliers allocate over several options."""
    scenarios: tuple[ScenarioTable, ...] = ()
    """What may happen."""
    exact: bool = False
    """Solve the integer programme instead of making the relaxation's orders whole."""
    gap: Annotated[float, Amount("1", most=0.99)] = 0.005
    """Relative gap the integer programme is solved to."""
    time_limit_s: Annotated[float | None, Amount("s", above=0.0)] = None
    """Time for the integer programme, such as 60 or 5min; none when left out."""
    plan_only: bool = False
    """Leave out frontier, regret and cost of waiting: faster."""
