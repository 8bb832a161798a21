"""The uncertain inputs of a plan, each gathered from the catalog for every chip, offer, supply and site planned with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tenfold.catalog import Catalog, Chip, Site, System
from tenfold.performance.training.setup import CalibratedSetup
from tenfold.planning.offers import Offer
from tenfold.planning.plan import NamedFigure
from tenfold.planning.uncertainty import Uncertain, ratio_figure
from tenfold.quantities import Figure

FAILURES = "reliability.failures_per_1000_node_days"
_COMMON: tuple[tuple[str, str, str, float], ...] = (
    ("detection", "failure detection time", "reliability.detection_s", float("inf")),
    ("restart", "restart time", "reliability.restart_s", float("inf")),
    ("stall", "checkpoint stall", "reliability.checkpoint_stall_s", float("inf")),
    ("write_rate", "checkpoint storage bandwidth", "reliability.checkpoint_write_bytes_per_s_per_node", float("inf")),
    ("checkpoint_size", "checkpoint bytes per parameter", "reliability.checkpoint_bytes_per_parameter", float("inf")),
    ("drawn_share", "power drawn over rated power", "planning.power_share_of_tdp", 1.0),
    ("extras", "rental extras", "economics.rental_extras_share", float("inf")),
    ("interruptions", "spot interruptions", "planning.spot_interruptions_per_1000_node_days", float("inf")),
    ("hosts", "price of hosts", "economics.hosts_per_chip_price", float("inf")),
    ("network", "price of the network", "economics.network_per_chip_price", float("inf")),
    ("colocation", "price of colocation", "economics.colocation_usd_per_kw_month", float("inf")),
    ("life", "useful life of chips", "economics.useful_life_years", float("inf")),
    ("capital", "cost of capital", "economics.cost_of_capital", float("inf")),
    ("residual", "resale value", "economics.residual_share", 1.0),
    ("maintenance", "maintenance", "economics.maintenance_share_per_year", float("inf")),
    ("staff", "staff", "economics.staff_share_per_year", float("inf")),
    ("insurance", "insurance", "economics.insurance_share_per_year", float("inf")),
    ("utilisation", "use of owned chips", "economics.owned_utilisation", 1.0),
    ("spares", "spare chips", "reliability.spare_share", float("inf")),
)
"""Inputs that hold for everything: key, label, assumption, and the value above which they make no sense."""

OWNED_ONLY = frozenset(
    "hosts network colocation life capital residual maintenance staff insurance utilisation spares".split()
)
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
        return NamedFigure(name=f"systems.{system.key}.power.per_chip", figure=system.power_per_chip)
    tdp, ratio = chip.figure("power.tdp"), catalog.assumption("planning.node_power_per_tdp", "1")
    low, high = ratio.range
    made = Figure(
        value=tdp.value * ratio.value,
        unit="W",
        kind="estimate",
        source=tdp.source,
        as_of=tdp.as_of,
        low=tdp.value * low,
        high=tdp.value * high,
        note=f"{chip.key} power.tdp × planning.node_power_per_tdp; {system.key} states no node power",
    )
    return NamedFigure(name=f"systems.{system.key}.power.per_chip", figure=made)


def uncertain_inputs(
    catalog: Catalog,
    setups: Sequence[CalibratedSetup],
    offers: Sequence[Offer],
    supplies: Sequence[str],
    sites: Sequence[Site],
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input, in an order that does not depend on the catalog.

    Raises ``MissingFigureError`` when a chip or a site lacks a figure.
    """
    return (
        Uncertain(key="step", label="step time", axis="chip", figures=tuple(_step(setup) for setup in setups)),
        Uncertain(
            key="failures",
            label="failure rate",
            axis="chip",
            figures=tuple(_assumption(catalog, failure_name(catalog, setup.chip.family)) for setup in setups),
        ),
        Uncertain(
            key="power_w",
            label="rated power",
            axis="chip",
            figures=tuple(node_power(catalog, setup.chip, setup.system) for setup in setups),
        ),
        Uncertain(key="price", label="price of the chip", axis="offer", figures=tuple(offer.price for offer in offers)),
        Uncertain(
            key="setup",
            label="time until training starts",
            axis="supply",
            figures=tuple(_assumption(catalog, setup_name(supply)) for supply in supplies),
        ),
        Uncertain(key="power_price", label="price of power", axis="site", figures=_of_sites(sites, "power.price")),
        Uncertain(key="pue", label="PUE", axis="site", figures=_of_sites(sites, "power.pue"), least=1.0),
        *_common(lambda name: _assumption(catalog, name)),
    )


def setup_name(supply: str) -> str:
    """Name of the days until training starts."""
    return "planning.setup_days_owned" if supply == "own" else "planning.setup_days_rented"


def counts_for(key: str, supply: str) -> bool:
    """Tell whether an input plays a part under a way of supply."""
    if key in OWNED_ONLY or key == "power_price":
        return supply == "own"
    if key in SPOT_ONLY:
        return supply == "spot"
    return key not in RENTED_ONLY or supply != "own"


def _common(find: Callable[[str], NamedFigure]) -> tuple[Uncertain, ...]:
    return tuple(
        Uncertain(key=key, label=label, axis="all", figures=(find(name),), most=most)
        for key, label, name, most in _COMMON
    )


def _assumption(catalog: Catalog, name: str) -> NamedFigure:
    return NamedFigure(name=name, figure=catalog.assumption(name))


def _step(setup: CalibratedSetup) -> NamedFigure:
    figure = ratio_figure(setup.log_spread, setup.calibration, next(figure for _, figure in setup.figures))
    return NamedFigure(name=f"calibrations.{setup.chip.family}.step_time_ratio", figure=figure)


def _of_sites(sites: Sequence[Site], key: str) -> tuple[NamedFigure, ...]:
    return tuple(NamedFigure(name=f"sites.{site.key}.{key}", figure=site.figure(key)) for site in sites)
