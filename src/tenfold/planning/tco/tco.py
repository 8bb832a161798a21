"""What a chip costs its owner over its life at a site: by line, and per hour, FLOP, run, million tokens and megawatt.

Every figure is the catalog's with its range; all are drawn together. Lines nobody has a figure for are counted when
they are given, and named when they are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from tenfold.catalog import Catalog, Chip, purchase_figure
from tenfold.economics import (
    Owned,
    life_usd,
    paid_to,
    usd_per_chip_hour,
    usd_per_mtoken,
    usd_per_mw,
    usd_per_run,
    usd_per_useful_flop,
    used_hours,
)
from tenfold.planning.drawn import of_sites, one_kind, owned
from tenfold.planning.owner import network_over_known, network_words, owner_inputs, scope
from tenfold.planning.tco.answer import TcoAnswer
from tenfold.planning.tco.question import TcoQuestion
from tenfold.quantities import (
    Floats,
    MissingFigureError,
    NamedFigure,
    Percentiles,
    Points,
    Problem,
    Progress,
    Shortfall,
    Uncertain,
    assumptions_of,
    fields_of,
    median_point,
    sobol_points,
    with_spread,
)

GIVEN = ("installation_usd", "water_usd_per_m3", "software_usd_per_year", "taxes_usd_per_year", "decommissioning_usd")
"""Lines that no source has a figure for: they count when they are given."""


def answer(question: TcoQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None) -> TcoAnswer:
    """Price a chip's life. Raises ``MissingFigureError`` for a chip without a purchase price."""
    del progress  # answered in no time
    chip, inputs = catalog.chip(question.chip), _inputs(question, catalog)
    system = catalog.system_of(chip)
    network = float(np.asarray(network_over_known(catalog, system, float(question.chips))))
    middle, drawn = (_owner(question, points, network) for points in (median_point(inputs), sobol_points(inputs, seed)))
    hour, life = usd_per_chip_hour(drawn), _life_usd(drawn)
    named = tuple(each for known in inputs for each in known.recorded)
    return TcoAnswer(
        question=question,
        made=catalog.made(seed),
        chip=chip.key,
        system=system.key,
        site=catalog.site(question.site).key,
        currency="USD",
        year=max(each.figure.as_of.year for each in named if each.figure.unit.startswith("USD")),
        terms="nominal",
        lines_usd=_lines(question, middle, _of(life).p50),
        life_usd=_of(life),
        usd_per_chip_hour=_of(hour),
        usd_per_useful_flop=_per_flop(question, chip, hour),
        usd_per_run=None if question.days is None else _of(usd_per_run(hour, question.chips, question.days)),
        usd_per_mtoken=_per_mtoken(question, hour),
        usd_per_mw=_of(usd_per_mw(life, drawn.rated_w)),
        notes=(scope(middle, question.hall), network_words(catalog, system, question.chips), *_notes(question)),
        assumptions=assumptions_of(named),
        figures=named,
    )


def _inputs(question: TcoQuestion, catalog: Catalog) -> tuple[Uncertain, ...]:
    price = purchase_figure(catalog, question.chip)
    if isinstance(price, Shortfall):
        raise MissingFigureError(Problem(file="", key="chip", wrong=price.short, remedy=price.nearest.capitalize()))
    bought, site = NamedFigure(name=f"prices/{question.chip}/own", figure=price), catalog.site(question.site)
    return (
        *owner_inputs(catalog, question.chip, site, bought, (question.hall,)),
        of_sites("wue_l_per_kwh", "all", [site], "water.wue"),
    )


def _owner(question: TcoQuestion, points: Points, network: float) -> Owned:
    """The owner at the points, (points,)."""
    at = partial(one_kind, points)
    given = {name: getattr(question, name) for name in GIVEN}
    return owned(at, hall=question.hall, network=network, wue_l_per_kwh=at("wue_l_per_kwh"), **given)


def _life_usd(owner: Owned) -> Floats:
    return np.asarray(usd_per_chip_hour(owner) * used_hours(owner))


def _lines(question: TcoQuestion, middle: Owned, headline_usd: float) -> Mapping[str, float]:
    """Lines that are not zero, USD, and what the spread of the inputs adds to the P50 of the whole."""
    lines = paid_to(life_usd(middle), question.debt_share)
    found = {name: float(np.ravel(usd)[0]) for name, usd in lines.items()}
    return with_spread({name: usd for name, usd in found.items() if usd}, headline_usd)


def _per_flop(question: TcoQuestion, chip: Chip, hour: Floats) -> Percentiles | None:
    if question.mfu is None:
        return None
    return _of(usd_per_useful_flop(hour, chip.peak_flop_per_s(question.precision), question.mfu, question.goodput))


def _per_mtoken(question: TcoQuestion, hour: Floats) -> Percentiles | None:
    rate = question.tokens_per_s_per_chip
    return None if rate is None else _of(usd_per_mtoken(hour, rate))


def _of(values: Floats) -> Percentiles:
    return Percentiles.of(np.ravel(values))


def _notes(question: TcoQuestion) -> tuple[str, ...]:
    """Say what is not in the sum."""
    left = [
        field.option for field in fields_of(TcoQuestion) if field.name in GIVEN and not getattr(question, field.name)
    ]
    notes = [f"Not counted, since no source has a figure: give {', '.join(left)}"] if left else []
    if question.mfu is None:
        notes.append("--mfu gives the cost of a useful FLOP, --tokens-per-s-per-chip that of a million tokens")
    return tuple(notes)
