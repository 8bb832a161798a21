"""The uncertain inputs of a run over several sites, and the figures that are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.catalog import Catalog, rental_figure
from tenfold.performance.training.setup import CalibratedSetup
from tenfold.planning.drawn import assumption_named, hardware_inputs
from tenfold.planning.multisite.run import Campus, MultisiteRun
from tenfold.quantities import SHARE, MissingFigureError, NamedFigure, Problem, Shortfall, Uncertain

OF_QUESTION = "question/"
"""What the name of a figure that the question states begins with."""
LEAST_BYTES = 0.1
"""Of a parameter on the wire."""
_COMMON: tuple[tuple[str, str, str, str], ...] = (
    ("detection", "failure detection time", "reliability.detection_s", ""),
    ("restart", "restart time", "reliability.restart_s", ""),
    ("stall", "checkpoint stall", "reliability.checkpoint_stall_s", ""),
    ("write_rate", "checkpoint storage bandwidth", "reliability.checkpoint_write_bytes_per_s_per_node", ""),
    ("checkpoint_size", "checkpoint bytes per parameter", "reliability.checkpoint_bytes_per_parameter", " B"),
    ("drawn_share", "power drawn over rated power", "planning.power_share_of_tdp", SHARE),
    ("extras", "rental extras over rent", "economics.rental_extras_share", SHARE),
    ("setup", "time until training starts", "planning.setup_days_rented", " days"),
    ("gradient_bytes", "bytes per gradient between sites", "sites.gradient_bytes_per_parameter", " B"),
    ("outer_bytes", "bytes per parameter of DiLoCo", "sites.outer_bytes_per_parameter", " B"),
    ("streamed_bytes", "bytes per parameter of fragments", "sites.streamed_bytes_per_parameter", " B"),
    ("overlap_steps", "steps a fragment travels behind", "sites.overlap_steps", " steps"),
    ("loss_per_doubling", "loss per doubling of the sync period", "sites.loss_per_doubling", SHARE),
    ("loss_error", "loss ratio, measured over fitted", "sites.loss_ratio_measured_over_fitted", ""),
)
"""Inputs that hold for everything: key, label, assumption, and how its values are written."""


def multisite_inputs(
    catalog: Catalog, run: MultisiteRun, setups: Sequence[CalibratedSetup], most_chips: float
) -> tuple[Uncertain, ...]:
    """Gather every uncertain input; axis ``site`` has one figure for each campus, ``link`` one for each fibre.

    Raises one ``InputError`` for every campus without a price and ``MissingFigureError`` for a figure not recorded.
    """
    sites = [catalog.site(campus.site) for campus in run.campuses]
    prices = tuple(
        NamedFigure(name=f"sites/{site.key}/power.price", figure=site.figure("power.price")) for site in sites
    )
    overhead = tuple(
        NamedFigure(name=f"sites/{site.key}/{_pue_key(campus)}", figure=site.figure(_pue_key(campus)))
        for site, campus in zip(sites, run.campuses, strict=True)
    )
    return (
        *hardware_inputs(catalog, setups, [most_chips] * len(setups), "site"),
        Uncertain(key="price", label="price of the chip", axis="site", figures=_prices(catalog, run)),
        Uncertain(key="power_price", label="price of power", axis="site", figures=prices),
        Uncertain(key="pue", label="PUE", axis="site", figures=overhead, least=1.0),
        Uncertain(
            key="availability",
            label="availability of a link",
            axis="link",
            figures=tuple(
                NamedFigure(
                    name=f"links/{fibre.kind}/availability", figure=catalog.link(fibre.kind).figure("availability")
                )
                for fibre in run.fibres
            ),
            written=SHARE,
            most=1.0,
        ),
        *(_common(catalog, *each) for each in _COMMON),
    )


def _common(catalog: Catalog, key: str, label: str, name: str, written: str) -> Uncertain:
    most = 1.0 if key == "drawn_share" else np.inf
    least = LEAST_BYTES if key.endswith("bytes") else 0.0
    figures = (assumption_named(catalog, name),)
    return Uncertain(key=key, label=label, axis="all", figures=figures, written=written, most=most, least=least)


def _pue_key(campus: Campus) -> str:
    """Key of the PUE that counts: of the cooling named, or the site's own."""
    return f"cooling.pue.{campus.cooling}" if campus.cooling else "power.pue"


def _prices(catalog: Catalog, run: MultisiteRun) -> tuple[NamedFigure, ...]:
    """Price of every campus: its own, or the market's under the run's way of supply."""
    problems, found = list[Problem](), list[NamedFigure]()
    for campus in run.campuses:
        figure = campus.price if campus.price is not None else rental_figure(catalog, campus.chip, run.supply)
        if isinstance(figure, Shortfall):
            problems.append(no_price(f"sites.{campus.name}", figure))
        else:
            name = (
                f"{OF_QUESTION}sites.{campus.name}.price_usd_per_chip_hour"
                if campus.price is not None
                else f"prices/{campus.chip}/{run.supply}"
            )
            found.append(NamedFigure(name=name, figure=figure))
    if problems:
        raise MissingFigureError(problems)
    return tuple(found)


def no_price(key: str, short: Shortfall) -> Problem:
    """Say that nobody asks a price for the chips of a campus under the run's way of supply."""
    remedy = "Write price = '$2/h' there, or another supply under [run]"
    return Problem(file="", key=f"{key}.price", wrong=short.short, remedy=remedy)
