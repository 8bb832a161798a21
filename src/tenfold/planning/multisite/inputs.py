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
    parts_of,
)
from tenfold.planning.hardware_inputs import machine_inputs, step_input
from tenfold.planning.multisite.run import Campus, MultisiteRun
from tenfold.planning.supply.tiers import big_and_soon
from tenfold.quantities import NamedFigure, Uncertain


def multisite_inputs(
    catalog: Catalog,
    run: MultisiteRun,
    setups: Sequence[CalibratedSetup],
    most_chips: float,
    prices: Sequence[NamedFigure],
    leads: Sequence[NamedFigure],
    *,
    soon: bool,
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input; axis ``site`` has one figure for each campus, ``link`` one for each fibre.

    ``prices`` and ``leads`` are of the chips of each campus, ``leads`` empty where none is waited for; ``soon`` says
    whether many of them soon cost more. Raises ``MissingFigureError`` for a figure not recorded.
    """
    sites = [catalog.site(campus.site) for campus in run.campuses]
    overhead = [
        NamedFigure(name=f"sites/{site.key}/{key}", figure=site.figure(key))
        for site, key in zip(sites, map(_pue_key, run.campuses), strict=True)
    ]
    links = [
        NamedFigure(name=f"links/{fibre.kind}/availability", figure=catalog.link(fibre.kind).figure("availability"))
        for fibre in run.fibres
    ]
    return (
        _steps(catalog, run, setups, most_chips),
        *machine_inputs(catalog, setups, "site"),
        inputs_of("price", "site", prices),
        of_sites("power_usd_per_kwh", "site", sites, "power.price"),
        inputs_of("pue", "site", overhead),
        inputs_of("availability", "link", links),
        *common_inputs(catalog, WORK, POWER, RENT, SITES, *parts_of(run.policy)),
        *([inputs_of("big_and_soon", "all", [big_and_soon(catalog)])] if soon else []),
        *([inputs_of("lead", "site", leads)] if leads else []),
    )


def _steps(catalog: Catalog, run: MultisiteRun, setups: Sequence[CalibratedSetup], most_chips: float) -> Uncertain:
    """Step time of every campus over that of its likeliest case."""
    if run.step_ratio is None:
        return step_input(catalog, setups, [most_chips] * len(setups), "site")
    return inputs_of("step", "site", [run.step_ratio] * len(setups))


def _pue_key(campus: Campus) -> str:
    """Key of the PUE that counts: of the cooling named, or the site's own."""
    return f"cooling.pue.{campus.cooling}" if campus.cooling else "power.pue"
