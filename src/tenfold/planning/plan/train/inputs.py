"""The uncertain inputs of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.catalog import Catalog, Site, assumption_named
from tenfold.performance.training import CalibratedSetup
from tenfold.planning.drawn import (
    OWN,
    PORTING,
    POWER,
    RENT,
    SPARES,
    SPOT,
    STORAGE,
    WORK,
    common_inputs,
    inputs_of,
    of_sites,
)
from tenfold.planning.hardware_inputs import hardware_inputs
from tenfold.planning.supply.tiers import Tier, big_and_soon
from tenfold.quantities import Uncertain


def uncertain_inputs(
    catalog: Catalog,
    setups: Sequence[CalibratedSetup],
    chips: Sequence[float],
    tiers: Sequence[Tier],
    supplies: Sequence[str],
    sites: Sequence[Site],
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input of a plan, in an order that does not depend on the catalog.

    ``chips`` are those that the step time of each setup is drawn for.
    Raises ``MissingFigureError`` when a chip or a site lacks a figure.
    """
    return (
        *hardware_inputs(catalog, setups, chips, "chip"),
        inputs_of("price", "offer", [tier.price for tier in tiers]),
        inputs_of("setup", "supply", [assumption_named(catalog, setup_name(supply)) for supply in supplies]),
        of_sites("power_usd_per_kwh", "site", sites, "power.price"),
        of_sites("pue", "site", sites, "power.pue"),
        *common_inputs(catalog, WORK, POWER, RENT, SPOT, OWN, SPARES),
        inputs_of("lead", "offer", [tier.lead for tier in tiers]),
        inputs_of("big_and_soon", "all", [big_and_soon(catalog)]),
        *common_inputs(catalog, STORAGE, PORTING),
    )


def setup_name(supply: str) -> str:
    """Name of the days until training starts."""
    return "planning.setup_days_owned" if supply == "own" else "planning.setup_days_rented"
