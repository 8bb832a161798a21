"""The one table of uncertain inputs: what each is called, where its figure is, how it is written, where it is cut.

A question takes the parts it needs; whatever it asks, an input has the same figure, the same ends and the same words.
Keys of the part ``own`` are fields of ``economics.owning.Owned``, which ``owned`` makes of them: a cost of owning is
one row there and one here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from tenfold.catalog import Catalog, Chip, Site, System, assumption_named
from tenfold.economics import Owned
from tenfold.quantities import SHARE, Column, Figure, Floats, NamedFigure, Points, Uncertain
from tenfold.reliability import USUAL, Policy

FAILURES = "reliability.failures_per_1000_node_days"
POWER_RATIO = "planning.node_power_per_tdp"
RATE = " per 1,000 node-days"
YEARS = " years"
LEAST_BYTES = 0.1
"""Of a parameter on the wire."""


@dataclass(frozen=True, slots=True)
class Row:
    """An uncertain input: of everything, or of the chip, the offer, the supply, the site or the link it is about."""

    key: str
    label: str
    figure: str
    """Assumption of the catalog; empty where each thing has its own figure."""
    written: str = ""
    """How a value without a unit is written: what follows the number, or ``SHARE``."""
    least: float = 0.0
    most: float = np.inf


THINGS, WORK, POLICY, POWER, RENT, SPOT = "things", "work", "policy", "power", "rent", "spot"
OWN, SPARES, BUILT, RESALE, SITES, MARKET, STORAGE, PORTING = (
    *("own", "spares", "built", "resale", "sites", "market", "storage", "porting"),
)
TABLE: dict[str, tuple[Row, ...]] = {
    THINGS: (
        Row("step", "step time", ""),
        Row("failures", "failure rate", "", RATE),
        Row("rated_w", "rated power", ""),
        Row("price", "price of the chip", ""),
        Row("chip_usd", "price of the chip", ""),
        Row("lead", "wait for the chips", "", " days"),
        Row("big_and_soon", "price of many chips soon over the list", "", " times"),
        Row("setup", "time until training starts", "", " days"),
        Row("power_usd_per_kwh", "price of power", ""),
        Row("pue", "PUE", "", least=1.0),
        Row("wue_l_per_kwh", "WUE", ""),
        Row("availability", "availability of a link", "", SHARE, most=1.0),
    ),
    WORK: (
        Row("detection", "failure detection time", "reliability.detection_s"),
        Row("restart", "restart time", "reliability.restart_s"),
        Row("stall", "checkpoint stall", "reliability.checkpoint_stall_s"),
        Row("write_rate", "checkpoint storage bandwidth", "reliability.checkpoint_write_bytes_per_s_per_node"),
        Row("checkpoint_size", "checkpoint bytes per parameter", "reliability.checkpoint_bytes_per_parameter", " B"),
    ),
    POLICY: (
        Row("durable_interval", "time between copies to storage", "reliability.durable_interval_s"),
        Row("telemetry", "detection time of sensors", "reliability.telemetry_detection_s"),
        Row("pre_empted_share", "failures that sensors announce", "reliability.telemetry_pre_empted_share", SHARE,
            most=1.0),
        Row("standby_restart", "restart time on a warm node", "reliability.hot_standby_restart_s"),
        Row("reschedule_wait", "wait for another node", "reliability.reschedule_wait_s"),
        Row("elastic_stall", "stall when a replica is dropped", "reliability.elastic_stall_s"),
        Row("chips_per_replica", "chips of a replica", "reliability.chips_per_replica", least=1.0),
    ),
    POWER: (
        Row("drawn_share", "power drawn over rated power", "planning.power_share_of_tdp", SHARE, most=1.0),
        Row("idle_share", "power of idle chips over rated power", "economics.idle_power_share", SHARE, most=1.0),
    ),
    RENT: (Row("extras", "rental extras over rent", "economics.rental_extras_share", SHARE),),
    STORAGE: (
        Row("drain_share", "share of the time storage writes saves", "reliability.checkpoint_drain_share", SHARE,
            0.01, 1.0),
        Row("storage_price", "price of checkpoint storage", "economics.checkpoint_storage_usd_per_gbyte_per_s_month",
            " $ for 1 GB/s a month"),
    ),
    PORTING: (
        Row("porting_weeks", "time to port the software", "planning.porting_weeks", " weeks"),
        Row("porting_people", "engineers who port it", "planning.porting_people", " people"),
        Row("engineer_usd", "cost of an engineer", "planning.engineer_usd_per_week", " $ a week"),
    ),
    SPOT: (
        Row("interruptions", "spot interruptions", "planning.spot_interruptions_per_1000_node_days", RATE,
            most=24_000.0),
        Row("taken_together", "spot interruptions of all nodes at once", "planning.spot_taken_together_share", SHARE,
            most=1.0),
        Row("spot_wait", "wait until spot chips are back", "planning.spot_wait"),
    ),
    OWN: (
        Row("hosts_usd", "price of hosts", "economics.hosts_usd_per_chip"),
        Row("network_usd", "price of the network", "economics.network_usd_per_chip"),
        Row("storage_usd", "price of storage", "economics.storage_usd_per_chip"),
        Row("colocation_usd_per_kw_month", "price of colocation", "economics.colocation_usd_per_kw_month",
            " $/kW-month"),
        Row("life_years", "useful life of chips", "economics.useful_life_years", YEARS),
        Row("cost_of_capital", "cost of capital", "economics.cost_of_capital", SHARE),
        Row("residual_share", "resale value over price", "economics.residual_share", SHARE, most=1.0),
        Row("maintenance_share_per_year", "maintenance over price a year", "economics.maintenance_share_per_year",
            SHARE),
        Row("staff_share_per_year", "staff over price a year", "economics.staff_share_per_year", SHARE),
        Row("insurance_share_per_year", "insurance over price a year", "economics.insurance_share_per_year", SHARE),
        Row("utilisation", "use of owned chips", "economics.owned_utilisation", SHARE, most=1.0),
    ),
    SPARES: (Row("spares", "spare chips", "reliability.spare_share", SHARE),),
    RESALE: (Row("over_book", "price of a used cluster over its book value", "economics.used_over_book_share", SHARE),),
    BUILT: (
        Row("shell_usd_per_w", "building, power and cooling", "economics.datacentre_usd_per_w", " $/W"),
        Row("shell_life_years", "life of the building", "economics.datacentre_life_years", YEARS),
    ),
    SITES: (
        Row("setup", "time until training starts", "planning.setup_days_rented", " days"),
        Row("gradient_bytes", "bytes per gradient between sites", "sites.gradient_bytes_per_parameter", " B",
            LEAST_BYTES),
        Row("outer_bytes", "bytes per parameter of DiLoCo", "sites.outer_bytes_per_parameter", " B", LEAST_BYTES),
        Row("streamed_bytes", "bytes per parameter of fragments", "sites.streamed_bytes_per_parameter", " B",
            LEAST_BYTES),
        Row("overlap_steps", "steps a fragment travels behind", "sites.overlap_steps", " steps"),
        Row("loss_per_doubling", "loss per doubling of the sync period", "sites.loss_per_doubling", SHARE),
        Row("loss_error", "loss ratio, measured over fitted", "sites.loss_ratio_measured_over_fitted"),
        Row("wan_loss", "time lost between sites beyond the model", "sites.wan_loss_share", SHARE),
    ),
    MARKET: (
        Row("setup_rented_days", "time until rented chips work", "planning.setup_days_rented", " days"),
        Row("setup_owned_days", "time until owned chips work", "planning.setup_days_owned", " days"),
        Row("debug_share", "work beside the final run", "planning.schedule_reserve_share", SHARE),
        Row("scarcity", "pull of scarcity on prices", "prices.scarcity_per_year", " a year"),
        Row("market_utilisation", "use of the market's chips", "prices.market_utilisation", SHARE, most=1.0),
        Row("balanced_utilisation", "use at which prices rest", "prices.balanced_utilisation", SHARE, most=1.0),
    ),
}  # fmt: skip
"""Every uncertain input by the part of a question that it plays in."""
_THINGS = {row.key: row for row in TABLE[THINGS]}
RENTED_HALL, BUILT_HALL = "rented", "built"
HALLS = (RENTED_HALL, BUILT_HALL)
NOT_PAID: Mapping[str, frozenset[str]] = {
    RENTED_HALL: frozenset(("shell_usd_per_w", "shell_life_years")),
    BUILT_HALL: frozenset(("colocation_usd_per_kw_month",)),
}
"""Fields of the other way to house chips."""
_OF_THINGS = frozenset(("chip_usd", "rated_w", "power_usd_per_kwh", "pue"))
OWNED_ONLY = frozenset(row.key for part in (OWN, SPARES, BUILT, RESALE) for row in TABLE[part]) | {
    "power_usd_per_kwh",
    "idle_share",
}
RENTED_ONLY = frozenset(row.key for row in TABLE[RENT]) | {"lead", "big_and_soon", "storage_price"}
SPOT_ONLY = frozenset(row.key for row in TABLE[SPOT])


def common_inputs(catalog: Catalog, *parts: str) -> tuple[Uncertain, ...]:
    """Inputs of these parts of the table that hold for everything. Raises ``MissingFigureError`` for one not known."""
    return tuple(_of_row(row, "all", (assumption_named(catalog, row.figure),)) for part in parts for row in TABLE[part])


def parts_of(policy: Policy) -> tuple[str, ...]:
    """Parts of the table that a policy needs beside those of the usual one."""
    return () if policy == USUAL else (POLICY,)


def inputs_of(
    key: str, axis: str, figures: Sequence[NamedFigure], rests_on: Sequence[tuple[NamedFigure, ...]] = ()
) -> Uncertain:
    """An input that each chip, offer, supply, site or link has its own figure of; ``rests_on`` as in ``Uncertain``."""
    return _of_row(_THINGS[key], axis, figures, rests_on)


def _of_row(
    row: Row, axis: str, figures: Sequence[NamedFigure], rests_on: Sequence[tuple[NamedFigure, ...]] = ()
) -> Uncertain:
    return Uncertain(
        key=row.key,
        label=row.label,
        axis=axis,
        figures=tuple(figures),
        written=row.written,
        least=row.least,
        most=row.most,
        rests_on=tuple(rests_on),
    )


def of_sites(key: str, axis: str, sites: Sequence[Site], figure: str) -> Uncertain:
    """An input that sites have their own figure of. Raises ``MissingFigureError`` when one lacks it."""
    named = [NamedFigure(name=f"sites/{site.key}/{figure}", figure=site.figure(figure)) for site in sites]
    return inputs_of(key, axis, named)


def rated_power(catalog: Catalog, axis: str, machines: Sequence[tuple[Chip, System]]) -> Uncertain:
    """Rated power of chips in their systems. Raises ``MissingFigureError`` when one has no figure."""
    return inputs_of(
        "rated_w",
        axis,
        [node_power(catalog, *machine) for machine in machines],
        [node_power_rests_on(catalog, *machine) for machine in machines],
    )


def node_power(catalog: Catalog, chip: Chip, system: System) -> NamedFigure:
    """Rated node power per chip: the system's figure, or the chip's own power times what hosts and fans add.

    Raises ``MissingFigureError`` when neither the system nor the chip has a figure.
    """
    if system.power_per_chip is not None:
        return NamedFigure(name=f"systems/{system.key}/power.per_chip", figure=system.power_per_chip)
    made = power_with_hosts(catalog, chip, f"{system.key} states no node power")
    return NamedFigure(name=f"systems/{system.key}/power.per_chip", figure=made)


def power_with_hosts(catalog: Catalog, chip: Chip, why: str) -> Figure:
    """Rated power of a chip times what hosts and fans add; ``why`` is that there is no figure of its node."""
    tdp, ratio = chip.figure("power.tdp"), catalog.assumption(POWER_RATIO, "1")
    low, high = ratio.range
    return Figure(
        value=tdp.value * ratio.value,
        unit="W",
        kind="estimate",
        source=tdp.source,
        as_of=tdp.as_of,
        low=tdp.value * low,
        high=tdp.value * high,
        note=f"{chip.key} power.tdp × {POWER_RATIO}; {why}",
    )


def node_power_rests_on(catalog: Catalog, chip: Chip, system: System) -> tuple[NamedFigure, ...]:
    """Recorded figures under ``node_power``."""
    if system.power_per_chip is not None:
        return (node_power(catalog, chip, system),)
    tdp = NamedFigure(name=f"chips/{chip.key}/power.tdp", figure=chip.figure("power.tdp"))
    return (tdp, assumption_named(catalog, POWER_RATIO))


def failure_name(catalog: Catalog, family: str) -> str:
    """Name of the failure rate of a chip family: its own, that of its stem ("tpu" of "tpu-v5p"), or the general one."""
    names = (f"{FAILURES}_{family}", f"{FAILURES}_{family.partition('-')[0]}", FAILURES)
    return next((name for name in names if name in catalog.assumptions), FAILURES)


def counts_for(key: str, supply: str) -> bool:
    """Tell whether an input plays a part under a way of supply."""
    if key in OWNED_ONLY:
        return supply == "own"
    if key in SPOT_ONLY:
        return supply == "spot"
    return key not in RENTED_ONLY or supply != "own"


def owned(at: Callable[[str], Column], *, hall: str = RENTED_HALL, network: Column = 1.0, **given: Column) -> Owned:
    """Owner of a chip from drawn inputs; ``at`` gives them by key, ``network`` is its cost over the known one.

    ``given`` are fields that are known without the table. Raises nothing.
    """
    found = {name: at(name) for name in drawn_fields() if name not in given and name not in NOT_PAID[hall]}
    found["network_usd"] = np.multiply(found["network_usd"], network)
    return Owned(**found, **given)


def drawn_fields() -> tuple[str, ...]:
    """Fields of an owner that are drawn: those with a row in the table."""
    rows = {row.key for part in (POWER, OWN, BUILT) for row in TABLE[part]}
    return tuple(field.name for field in fields(Owned) if field.name in _OF_THINGS | rows)


def one_kind(points: Points, key: str) -> Floats:
    """Values of an input that is the same for all, (points,): ``at`` where one kind of chip is asked about."""
    return np.asarray(points.values[key][0])
