"""The uncertain inputs of a run over several sites, and the figures that are known."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.catalog import Catalog, price_name, rental_figure
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
from tenfold.quantities import MissingFigureError, NamedFigure, Problem, Shortfall, Uncertain

OF_QUESTION = "question/"
"""What the name of a figure that the question states begins with."""


def multisite_inputs(
    catalog: Catalog, run: MultisiteRun, setups: Sequence[CalibratedSetup], most_chips: float
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input; axis ``site`` has one figure for each campus, ``link`` one for each fibre.

    Raises one ``InputError`` for every campus without a price and ``MissingFigureError`` for a figure not recorded.
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
        inputs_of("price", "site", _prices(catalog, run)),
        of_sites("power_usd_per_kwh", "site", sites, "power.price"),
        inputs_of("pue", "site", overhead),
        inputs_of("availability", "link", links),
        *common_inputs(catalog, WORK, POWER, RENT, SITES, *parts_of(run.policy)),
    )


def _steps(catalog: Catalog, run: MultisiteRun, setups: Sequence[CalibratedSetup], most_chips: float) -> Uncertain:
    """Step time of every campus over that of its likeliest case."""
    if run.step_ratio is None:
        return step_input(catalog, setups, [most_chips] * len(setups), "site")
    return inputs_of("step", "site", [run.step_ratio] * len(setups))


def _pue_key(campus: Campus) -> str:
    """Key of the PUE that counts: of the cooling named, or the site's own."""
    return f"cooling.pue.{campus.cooling}" if campus.cooling else "power.pue"


def _prices(catalog: Catalog, run: MultisiteRun) -> tuple[NamedFigure, ...]:
    """Price of every campus: its own, or the market's under the run's way of supply."""
    problems, found = list[Problem](), list[NamedFigure]()
    for campus in run.campuses:
        figure = (
            campus.price if campus.price is not None else rental_figure(catalog, campus.chip, run.supply, campus.site)
        )
        if isinstance(figure, Shortfall):
            problems.append(no_price(f"sites.{campus.name}", figure))
        else:
            name = (
                f"{OF_QUESTION}sites.{campus.name}.price_usd_per_chip_hour"
                if campus.price is not None
                else price_name(campus.chip, run.supply, campus.site)
            )
            found.append(NamedFigure(name=name, figure=figure))
    if problems:
        raise MissingFigureError(problems)
    return tuple(found)


def no_price(key: str, short: Shortfall) -> Problem:
    """Say that nobody asks a price for the chips of a campus under the run's way of supply."""
    remedy = "Write price = '$2/h' there, or another supply under [run]"
    return Problem(file="", key=f"{key}.price", wrong=short.short, remedy=remedy)
