"""The uncertain inputs of a run over several sites, and the figures that are known."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.catalog import Catalog
from tenfold.performance.training import CalibratedSetup
from tenfold.planning.drawn import (
    POWER,
    RENT,
    SITES,
    WORK,
    common_inputs,
    inputs_of,
    of_sites,
)
from tenfold.planning.hardware_inputs import hardware_inputs
from tenfold.planning.multisite.run import Campus, MultisiteRun
from tenfold.planning.supply.tiers import big_and_soon
from tenfold.quantities import NamedFigure, Uncertain


def multisite_inputs(
    catalog: Catalog,
    run: MultisiteRun,
    setups: Sequence[CalibratedSetup],
    most_chips: float,
    prices: Sequence[NamedFigure],
    *,
    soon: bool,
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input; axis ``site`` has one figure for each campus, ``link`` one for each fibre.

    ``prices`` are of the chips of each campus, ``soon`` whether many of them soon cost more. Raises
    ``MissingFigureError`` for a figure not recorded.
    """
    sites, many = [catalog.site(campus.site) for campus in run.campuses], [most_chips] * len(setups)
    overhead = [
        NamedFigure(name=f"sites/{site.key}/{key}", figure=site.figure(key))
        for site, key in zip(sites, map(_pue_key, run.campuses), strict=True)
    ]
    links = [
        NamedFigure(name=f"links/{fibre.kind}/availability", figure=catalog.link(fibre.kind).figure("availability"))
        for fibre in run.fibres
    ]
    return (
        *hardware_inputs(catalog, setups, many, "site"),
        inputs_of("price", "site", prices),
        of_sites("power_usd_per_kwh", "site", sites, "power.price"),
        inputs_of("pue", "site", overhead),
        inputs_of("availability", "link", links),
        *common_inputs(catalog, WORK, POWER, RENT, SITES),
        *([inputs_of("big_and_soon", "all", [big_and_soon(catalog)])] if soon else []),
    )


def _pue_key(campus: Campus) -> str:
    """Key of the PUE that counts: of the cooling named, or the site's own."""
    return f"cooling.pue.{campus.cooling}" if campus.cooling else "power.pue"
