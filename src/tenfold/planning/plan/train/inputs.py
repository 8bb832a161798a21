"""The uncertain inputs of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.catalog import Catalog, Site
from tenfold.performance.training import CalibratedSetup
from tenfold.planning.drawn import (
    OWN,
    POWER,
    RENT,
    SPARES,
    SPOT,
    WORK,
    assumption_named,
    common_inputs,
    inputs_of,
    of_sites,
)
from tenfold.planning.hardware_inputs import hardware_inputs
from tenfold.quantities import NamedFigure, Uncertain


def uncertain_inputs(
    catalog: Catalog,
    setups: Sequence[CalibratedSetup],
    most_chips: Sequence[float],
    prices: Sequence[NamedFigure],
    supplies: Sequence[str],
    sites: Sequence[Site],
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input of a plan, in an order that does not depend on the catalog.

    ``most_chips`` holds the chips of the largest run of each setup: its step time is as sure as that.
    Raises ``MissingFigureError`` when a chip or a site lacks a figure.
    """
    return (
        *hardware_inputs(catalog, setups, most_chips, "chip"),
        inputs_of("price", "offer", prices),
        inputs_of("setup", "supply", [assumption_named(catalog, setup_name(supply)) for supply in supplies]),
        of_sites("power_usd_per_kwh", "site", sites, "power.price"),
        of_sites("pue", "site", sites, "power.pue"),
        *common_inputs(catalog, WORK, POWER, RENT, SPOT, OWN, SPARES),
    )


def setup_name(supply: str) -> str:
    """Name of the days until training starts."""
    return "planning.setup_days_owned" if supply == "own" else "planning.setup_days_rented"
