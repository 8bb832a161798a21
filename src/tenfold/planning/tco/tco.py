"""What a chip costs its owner over its life at a site: by line, and per hour, FLOP, run, million tokens and megawatt.

Every figure is the catalog's with its range; all are drawn together. Lines nobody has a figure for are counted when
they are given, and named when they are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

import numpy as np

from tenfold.catalog import Catalog, Chip, Site, purchase_figure
from tenfold.economics.lifetime import (
    LifetimeCost,
    LifetimeInputs,
    lifetime_cost,
    usd_per_chip_hour,
    usd_per_mtoken,
    usd_per_mw,
    usd_per_run,
    usd_per_useful_flop,
)
from tenfold.economics.topologies import NetworkParts, dragonfly, fat_tree, relative_cost
from tenfold.planning.drawn import assumption_named, node_power, node_power_rests_on
from tenfold.planning.tco.answer import TcoAnswer
from tenfold.planning.tco.question import TcoQuestion
from tenfold.quantities import (
    SHARE,
    MissingFigureError,
    NamedFigure,
    Percentiles,
    Points,
    Problem,
    Shortfall,
    Uncertain,
    assumptions_of,
    median_point,
    sobol_points,
    with_spread,
)
from tenfold.quantities.asking import Progress
from tenfold.quantities.fields import fields_of

GIVEN = ("installation_usd", "water_usd_per_m3", "software_usd_per_year", "taxes_usd_per_year", "decommissioning_usd")
"""Lines that no source has a figure for: they count when they are given."""
KNOWN_CHIPS = 16_384
"""Chips of the cluster that the network's share of the price was read from: switches of 64 ports in three tiers."""
SWITCH_PORTS = 64.0
NETWORKS: Mapping[str, Callable[[float], NetworkParts]] = {
    "fat-tree": lambda chips: fat_tree(chips, SWITCH_PORTS),
    "rail": lambda chips: fat_tree(chips, SWITCH_PORTS),
    "dragonfly": lambda chips: dragonfly(SWITCH_PORTS),
}
"""Parts of a scale-out network for each chip, by topology; rails joined by spines take as many as a fat tree."""
_SHARES: tuple[tuple[str, str, str, str], ...] = (
    ("hosts", "price of hosts over chips", "economics.hosts_per_chip_price", SHARE),
    ("network", "price of the network over chips", "economics.network_per_chip_price", SHARE),
    ("storage", "price of storage over chips", "economics.storage_per_chip_price", SHARE),
    ("shell", "building, power and cooling", "economics.datacentre_usd_per_w", " $/W"),
    ("shell_life", "life of the building", "economics.datacentre_life_years", " years"),
    ("drawn_share", "power drawn over rated power", "planning.power_share_of_tdp", SHARE),
    ("staff", "staff", "economics.staff_share_per_year", SHARE),
    ("maintenance", "maintenance", "economics.maintenance_share_per_year", SHARE),
    ("insurance", "insurance", "economics.insurance_share_per_year", SHARE),
    ("life", "useful life of chips", "economics.useful_life_years", " years"),
    ("utilisation", "hours used", "economics.owned_utilisation", SHARE),
    ("interest", "cost of debt", "economics.cost_of_capital", SHARE),
    ("residual", "resale", "economics.residual_share", SHARE),
)


def answer(question: TcoQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None) -> TcoAnswer:
    """Price a chip's life. Raises ``MissingFigureError`` for a chip without a purchase price."""
    del progress  # answered in no time
    chip, site = catalog.chip(question.chip), catalog.site(question.site)
    inputs = _inputs(catalog, chip, site)
    network, network_note = _network(catalog, chip, question.chips)
    middle, drawn = (_cost(question, points, network) for points in (median_point(inputs), sobol_points(inputs, seed)))
    named = tuple(each for known in inputs for each in known.recorded)
    life = _of(drawn.total_usd)
    return TcoAnswer(
        question=question,
        made=catalog.made(seed),
        chip=chip.key,
        system=catalog.system_of(chip).key,
        site=site.key,
        currency="USD",
        year=max(each.figure.as_of.year for each in named if each.figure.unit.startswith("USD")),
        terms="nominal",
        lines_usd=_lines(middle, life.p50),
        life_usd=life,
        usd_per_chip_hour=_of(usd_per_chip_hour(drawn)),
        usd_per_useful_flop=_per_flop(question, chip, drawn),
        usd_per_run=None if question.days is None else _of(usd_per_run(drawn, question.chips, question.days * 24.0)),
        usd_per_mtoken=(
            None
            if question.tokens_per_s_per_chip is None
            else _of(usd_per_mtoken(drawn, question.tokens_per_s_per_chip))
        ),
        usd_per_mw=_of(usd_per_mw(drawn)),
        notes=(network_note, *_notes(question)),
        assumptions=assumptions_of(named),
        figures=named,
    )


def _inputs(catalog: Catalog, chip: Chip, site: Site) -> tuple[Uncertain, ...]:
    price = purchase_figure(catalog, chip.key)
    if isinstance(price, Shortfall):
        raise MissingFigureError(Problem(file="", key="chip", wrong=price.short, remedy=price.nearest.capitalize()))
    placed = {
        "power_price": ("price of power", "power.price", 0.0),
        "pue": ("PUE", "power.pue", 1.0),
        "wue": ("WUE", "water.wue", 0.0),
    }
    shares = (
        Uncertain(key=key, label=label, axis="all", figures=(assumption_named(catalog, name),), written=written)
        for key, label, name, written in _SHARES
    )
    bought = NamedFigure(name=f"prices/{chip.key}/own", figure=price)
    return (
        Uncertain(key="price", label="price of the chip", axis="all", figures=(bought,)),
        Uncertain(
            key="power_w",
            label="rated power",
            axis="all",
            figures=(node_power(catalog, chip, catalog.system_of(chip)),),
            rests_on=(node_power_rests_on(catalog, chip, catalog.system_of(chip)),),
        ),
        *(
            Uncertain(
                key=key,
                label=label,
                axis="all",
                figures=(NamedFigure(name=f"sites/{site.key}/{name}", figure=site.figure(name)),),
                least=least,
            )
            for key, (label, name, least) in placed.items()
        ),
        *shares,
    )


def _network(catalog: Catalog, chip: Chip, chips: int) -> tuple[float, str]:
    """Cost of the scale-out network over that of the cluster whose share of the chip's price is known; and in words."""
    system = catalog.system_of(chip)
    fabric = catalog.fabrics.get(system.scaleout_fabric)
    known = f"the known share of the chip's price, of a fat tree over {KNOWN_CHIPS:,} chips"
    if fabric is None or fabric.topology not in NETWORKS:
        return 1.0, f"The network costs {known}: parts of this chip's network are not counted"
    parts = NETWORKS[fabric.topology](float(chips))
    relative = float(relative_cost(parts, fat_tree(float(KNOWN_CHIPS), SWITCH_PORTS)))
    return relative, f"The network costs {relative:.3g} times {known}: a {fabric.topology} over {chips:,} chips"


def _cost(question: TcoQuestion, points: Points, network: float) -> LifetimeCost:
    """Cost over the life at the points, shape (1, points)."""
    at = {key: values[0] for key, values in points.values.items()}
    price = at["price"]
    return lifetime_cost(
        LifetimeInputs(
            chip_usd=price,
            hosts_usd=price * at["hosts"],
            network_usd=price * at["network"] * network,
            storage_usd=price * at["storage"],
            installation_usd=question.installation_usd,
            shell_usd_per_w=at["shell"],
            shell_life_years=at["shell_life"],
            rated_w=at["power_w"],
            drawn_share=np.minimum(at["drawn_share"], 1.0),
            pue=at["pue"],
            power_usd_per_kwh=at["power_price"],
            wue_l_per_kwh=at["wue"],
            water_usd_per_m3=question.water_usd_per_m3,
            staff_share_per_year=at["staff"],
            maintenance_share_per_year=at["maintenance"],
            software_usd_per_year=question.software_usd_per_year,
            insurance_share_per_year=at["insurance"],
            life_years=at["life"],
            utilisation=np.minimum(at["utilisation"], 1.0),
            debt_share=question.debt_share,
            debt_rate_per_year=at["interest"],
            taxes_usd_per_year=question.taxes_usd_per_year,
            decommissioning_usd=question.decommissioning_usd,
            resale_share=at["residual"],
        )
    )


def _lines(cost: LifetimeCost, headline_usd: float) -> Mapping[str, float]:
    """Lines that are not zero, USD, and what the spread of the inputs adds to the P50 of the whole."""
    names = [field.name for field in fields(LifetimeCost) if field.name.endswith("_usd") and field.name != "total_usd"]
    lines = {name.removesuffix("_usd"): float(np.ravel(getattr(cost, name))[0]) for name in names}
    return with_spread({name: value for name, value in lines.items() if value}, headline_usd)


def _per_flop(question: TcoQuestion, chip: Chip, cost: LifetimeCost) -> Percentiles | None:
    if question.mfu is None:
        return None
    return _of(usd_per_useful_flop(cost, chip.peak_flop_per_s(question.precision), question.mfu, question.goodput))


def _of(values: object) -> Percentiles:
    return Percentiles.of(np.ravel(np.asarray(values, dtype=np.float64)))


def _notes(question: TcoQuestion) -> tuple[str, ...]:
    """Say what is not in the sum."""
    left = [
        field.option for field in fields_of(TcoQuestion) if field.name in GIVEN and not getattr(question, field.name)
    ]
    notes = [f"Not counted, since no source has a figure: give {', '.join(left)}"] if left else []
    if question.debt_share == 0.0:
        notes.append("Bought without debt; --debt-share adds interest")
    if question.mfu is None:
        notes.append("--mfu gives the cost of a useful FLOP, --tokens-per-s-per-chip that of a million tokens")
    return tuple(notes)
