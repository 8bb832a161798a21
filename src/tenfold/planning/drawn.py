"""The table of uncertain inputs, from the catalog: for every chip, price, supply and site that is planned with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tenfold.catalog import Catalog, Chip, Site, System
from tenfold.performance.training.setup import CalibratedSetup, training_calibrations
from tenfold.quantities import SHARE, Figure, NamedFigure, Uncertain, ratio_figure

FAILURES = "reliability.failures_per_1000_node_days"
POWER_RATIO = "planning.node_power_per_tdp"
RATE = " per 1,000 node-days"
CHIPS_PER_STORAGE_NODE = 8.0
"""The catalog states storage bandwidth for nodes of eight."""
_COMMON: tuple[tuple[str, str, str, str], ...] = (
    ("detection", "failure detection time", "reliability.detection_s", ""),
    ("restart", "restart time", "reliability.restart_s", ""),
    ("stall", "checkpoint stall", "reliability.checkpoint_stall_s", ""),
    ("write_rate", "checkpoint storage bandwidth", "reliability.checkpoint_write_bytes_per_s_per_node", ""),
    ("checkpoint_size", "checkpoint bytes per parameter", "reliability.checkpoint_bytes_per_parameter", " B"),
    ("drawn_share", "power drawn over rated power", "planning.power_share_of_tdp", SHARE),
    ("extras", "rental extras over rent", "economics.rental_extras_share", SHARE),
    ("interruptions", "spot interruptions", "planning.spot_interruptions_per_1000_node_days", RATE),
    ("hosts", "price of hosts over chips", "economics.hosts_per_chip_price", SHARE),
    ("network", "price of the network over chips", "economics.network_per_chip_price", SHARE),
    ("colocation", "price of colocation", "economics.colocation_usd_per_kw_month", " $/kW-month"),
    ("life", "useful life of chips", "economics.useful_life_years", " years"),
    ("capital", "cost of capital", "economics.cost_of_capital", SHARE),
    ("residual", "resale value over price", "economics.residual_share", SHARE),
    ("maintenance", "maintenance over price a year", "economics.maintenance_share_per_year", SHARE),
    ("staff", "staff over price a year", "economics.staff_share_per_year", SHARE),
    ("insurance", "insurance over price a year", "economics.insurance_share_per_year", SHARE),
    ("utilisation", "use of owned chips", "economics.owned_utilisation", SHARE),
    ("spares", "spare chips", "reliability.spare_share", SHARE),
)
"""Inputs that hold for everything: key, label, assumption, and how its values are written."""

AT_MOST_ONE = ("drawn_share", "residual", "utilisation")
OWNED_ONLY = frozenset(key for key, _, name, _ in _COMMON if name.startswith("economics.") and key != "extras") | {
    "spares",
    "power_price",
}
RENTED_ONLY = frozenset(("extras",))
SPOT_ONLY = frozenset(("interruptions",))


def failure_name(catalog: Catalog, family: str) -> str:
    """Name of the failure rate of a chip family: its own, that of its stem ("tpu" of "tpu-v5p"), or the general one."""
    names = (f"{FAILURES}_{family}", f"{FAILURES}_{family.partition('-')[0]}", FAILURES)
    return next((name for name in names if name in catalog.assumptions), FAILURES)


def node_power(catalog: Catalog, chip: Chip, system: System) -> NamedFigure:
    """Rated node power per chip: the system's figure, or the chip's own power times what hosts and fans add.

    Raises ``MissingFigureError`` when neither the system nor the chip has a figure.
    """
    if system.power_per_chip is not None:
        return NamedFigure(name=f"systems/{system.key}/power.per_chip", figure=system.power_per_chip)
    tdp, ratio = chip.figure("power.tdp"), catalog.assumption(POWER_RATIO, "1")
    low, high = ratio.range
    made = Figure(
        value=tdp.value * ratio.value,
        unit="W",
        kind="estimate",
        source=tdp.source,
        as_of=tdp.as_of,
        low=tdp.value * low,
        high=tdp.value * high,
        note=f"{chip.key} power.tdp × {POWER_RATIO}; {system.key} states no node power",
    )
    return NamedFigure(name=f"systems/{system.key}/power.per_chip", figure=made)


def node_power_rests_on(catalog: Catalog, chip: Chip, system: System) -> tuple[NamedFigure, ...]:
    """Recorded figures under ``node_power``."""
    if system.power_per_chip is not None:
        return (node_power(catalog, chip, system),)
    tdp = NamedFigure(name=f"chips/{chip.key}/power.tdp", figure=chip.figure("power.tdp"))
    return (tdp, assumption_named(catalog, POWER_RATIO))


def uncertain_inputs(
    catalog: Catalog,
    setups: Sequence[CalibratedSetup],
    most_chips: Sequence[float],
    prices: Sequence[NamedFigure],
    supplies: Sequence[str],
    sites: Sequence[Site],
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input, in an order that does not depend on the catalog.

    ``most_chips`` holds the chips of the largest run of each setup: its step time is as sure as that.
    Raises ``MissingFigureError`` when a chip or a site lacks a figure.
    """
    return (
        *hardware_inputs(catalog, setups, most_chips, "chip"),
        Uncertain(key="price", label="price of the chip", axis="offer", figures=tuple(prices)),
        Uncertain(
            key="setup",
            label="time until training starts",
            axis="supply",
            written=" days",
            figures=tuple(assumption_named(catalog, setup_name(supply)) for supply in supplies),
        ),
        Uncertain(key="power_price", label="price of power", axis="site", figures=_of_sites(sites, "power.price")),
        Uncertain(key="pue", label="PUE", axis="site", figures=_of_sites(sites, "power.pue"), least=1.0),
        *_common(lambda name: assumption_named(catalog, name)),
    )


def hardware_inputs(
    catalog: Catalog, setups: Sequence[CalibratedSetup], most_chips: Sequence[float], axis: str
) -> tuple[Uncertain, ...]:
    """Step time, failure rate and rated power of each setup, on the axis that says which one is meant.

    Raises ``MissingFigureError`` when a chip lacks a figure.
    """
    return (
        Uncertain(
            key="step",
            label="step time",
            axis=axis,
            figures=tuple(step_ratio(catalog, *each) for each in zip(setups, most_chips, strict=True)),
            rests_on=tuple((step_spread(catalog, setup),) for setup in setups),
        ),
        Uncertain(
            key="failures",
            label="failure rate",
            axis=axis,
            written=RATE,
            figures=tuple(assumption_named(catalog, failure_name(catalog, setup.chip.family)) for setup in setups),
        ),
        Uncertain(
            key="power_w",
            label="rated power",
            axis=axis,
            figures=tuple(node_power(catalog, setup.chip, setup.system) for setup in setups),
            rests_on=tuple(node_power_rests_on(catalog, setup.chip, setup.system) for setup in setups),
        ),
    )


def setup_name(supply: str) -> str:
    """Name of the days until training starts."""
    return "planning.setup_days_owned" if supply == "own" else "planning.setup_days_rented"


def counts_for(key: str, supply: str) -> bool:
    """Tell whether an input plays a part under a way of supply."""
    if key in OWNED_ONLY:
        return supply == "own"
    if key in SPOT_ONLY:
        return supply == "spot"
    return key not in RENTED_ONLY or supply != "own"


def _common(find: Callable[[str], NamedFigure]) -> tuple[Uncertain, ...]:
    return tuple(
        Uncertain(
            key=key,
            label=label,
            axis="all",
            figures=(find(name),),
            written=written,
            most=1.0 if key in AT_MOST_ONE else np.inf,
        )
        for key, label, name, written in _COMMON
    )


def assumption_named(catalog: Catalog, name: str) -> NamedFigure:
    """Give an assumption with its place."""
    return NamedFigure(name=f"assumptions/{name}", figure=catalog.assumption(name))


def step_ratio(catalog: Catalog, setup: CalibratedSetup, chips: float) -> NamedFigure:
    """Measured over predicted step time of a chip, from the spread its calibration states."""
    sure, spread = setup.spread(chips), step_spread(catalog, setup)
    key = spread.name.rpartition("/")[2]
    figure = ratio_figure(sure.log_spread, spread.figure, f"{sure.words}; from {key}")
    return NamedFigure(name=f"calibrations/{setup.chip.family}/step_time_ratio", figure=figure)


def step_spread(catalog: Catalog, setup: CalibratedSetup) -> NamedFigure:
    """Spread of measured over predicted step times that ``step_ratio`` is from, as its calibration states it."""
    arch = "moe" if float(setup.setup.shape.moe_layers) > 0 else "dense"
    known = any(key.startswith(f"rows.{setup.chip.family}.") for key in setup.constants)
    key = f"spread.{arch}.{'measured' if known else 'unmeasured'}"
    record = next(each for each in reversed(training_calibrations(catalog)) if key in each.constants)
    return NamedFigure(name=f"calibrations/{record.key}/constants.{key}", figure=record.constants[key])


def _of_sites(sites: Sequence[Site], key: str) -> tuple[NamedFigure, ...]:
    return tuple(NamedFigure(name=f"sites/{site.key}/{key}", figure=site.figure(key)) for site in sites)
