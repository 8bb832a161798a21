"""What a chip costs its owner over its life at a site: by line, and per hour, FLOP, run, million tokens and megawatt.

Every figure is the catalog's with its range; all are drawn together. Lines nobody has a figure for are counted when
they are given, and named when they are not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from tenfold.catalog import Catalog, Chip, Site, overrides_in_words
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
from tenfold.planning.inputs import assumption_named, node_power
from tenfold.planning.offers import purchase_figure
from tenfold.quantities import (
    SHARE,
    InputError,
    MissingFigureError,
    NamedFigure,
    Percentiles,
    Points,
    Problem,
    Shortfall,
    Uncertain,
    assumptions_of,
    count_problems,
    median_point,
    refuse,
    sobol_points,
    tenfold_version,
)

GIVEN = {
    "installation_usd": "installation",
    "water_usd_per_m3": "water-price",
    "software_usd_per_year": "software-per-year",
    "taxes_usd_per_year": "taxes-per-year",
    "decommissioning_usd": "decommissioning",
}
"""Lines that no source has a figure for: the name of the amount, and of what is to be given."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TcoAsked:
    """What can be asked; amounts are US dollars for one chip."""

    chip: str
    site: str
    chips: int = 1024
    """Of the cluster, which sizes its network, and of a run."""
    days: float | None = None
    """Length of a run on all of them; None for no run."""
    debt_share: float = 0.0
    """Of all that is bought, repaid in equal parts over the life at the cost of debt."""
    precision: str = "bf16"
    mfu: float | None = None
    goodput: float = 1.0
    tokens_per_s_per_chip: float | None = None
    installation_usd: float = 0.0
    water_usd_per_m3: float = 0.0
    software_usd_per_year: float = 0.0
    taxes_usd_per_year: float = 0.0
    decommissioning_usd: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TcoAnswer:
    """Cost of ownership of a chip."""

    chip: str
    system: str
    site: str
    currency: str
    year: int
    """Of the newest price in it."""
    terms: str
    lines_usd: Mapping[str, float]
    """Over the life, every input at P50; resale is negative. They add up to ``life_usd`` at P50."""
    life_usd: Percentiles
    usd_per_chip_hour: Percentiles
    """Of an hour that is used."""
    usd_per_useful_flop: Percentiles | None
    usd_per_run: Percentiles | None
    usd_per_mtoken: Percentiles | None
    usd_per_mw: Percentiles
    """Of rated IT power, over the life."""
    notes: tuple[str, ...]
    assumptions: tuple[NamedFigure, ...]
    figures: tuple[NamedFigure, ...]
    catalog_version: str
    catalog_overrides: tuple[str, ...]
    tenfold_version: str
    seed: int


def make_tco(asked: TcoAsked, catalog: Catalog) -> TcoAnswer:
    """Price a chip's life.

    Raises ``InputError`` for what nobody can mean, ``MissingFigureError`` for a chip without a purchase price.
    """
    refuse(_problems(asked))
    chip, site = catalog.chip(asked.chip), catalog.site(asked.site)
    inputs = _inputs(catalog, chip, site)
    network, network_note = _network(catalog, chip, asked.chips)
    middle, drawn = (
        _cost(asked, points, network) for points in (median_point(inputs), sobol_points(inputs, asked.seed))
    )
    named = tuple(each for known in inputs for each in known.figures)
    return TcoAnswer(
        chip=chip.key,
        system=catalog.system_of(chip).key,
        site=site.key,
        currency="USD",
        year=max(each.figure.as_of.year for each in named if each.figure.unit.startswith("USD")),
        terms="nominal",
        lines_usd=_lines(middle),
        life_usd=Percentiles.of(np.ravel(drawn.total_usd)),
        usd_per_chip_hour=Percentiles.of(np.ravel(usd_per_chip_hour(drawn))),
        usd_per_useful_flop=_per_flop(asked, chip, drawn),
        usd_per_run=None if asked.days is None else _of(usd_per_run(drawn, asked.chips, asked.days * 24.0)),
        usd_per_mtoken=(
            None if asked.tokens_per_s_per_chip is None else _of(usd_per_mtoken(drawn, asked.tokens_per_s_per_chip))
        ),
        usd_per_mw=_of(usd_per_mw(drawn)),
        notes=(network_note, *_notes(asked)),
        assumptions=assumptions_of(named),
        figures=named,
        catalog_version=catalog.version,
        catalog_overrides=overrides_in_words(catalog.overrides),
        tenfold_version=tenfold_version(),
        seed=asked.seed,
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


def _cost(asked: TcoAsked, points: Points, network: float) -> LifetimeCost:
    """Cost over the life at the points, shape (1, points)."""
    at = {key: values[0] for key, values in points.values.items()}
    price = at["price"]
    return lifetime_cost(
        LifetimeInputs(
            chip_usd=price,
            hosts_usd=price * at["hosts"],
            network_usd=price * at["network"] * network,
            storage_usd=price * at["storage"],
            installation_usd=asked.installation_usd,
            shell_usd_per_w=at["shell"],
            shell_life_years=at["shell_life"],
            rated_w=at["power_w"],
            drawn_share=np.minimum(at["drawn_share"], 1.0),
            pue=at["pue"],
            power_usd_per_kwh=at["power_price"],
            wue_l_per_kwh=at["wue"],
            water_usd_per_m3=asked.water_usd_per_m3,
            staff_share_per_year=at["staff"],
            maintenance_share_per_year=at["maintenance"],
            software_usd_per_year=asked.software_usd_per_year,
            insurance_share_per_year=at["insurance"],
            life_years=at["life"],
            utilisation=np.minimum(at["utilisation"], 1.0),
            debt_share=asked.debt_share,
            debt_rate_per_year=at["interest"],
            taxes_usd_per_year=asked.taxes_usd_per_year,
            decommissioning_usd=asked.decommissioning_usd,
            resale_share=at["residual"],
        )
    )


def _lines(cost: LifetimeCost) -> Mapping[str, float]:
    """Lines that are not zero, USD."""
    names = [field.name for field in fields(LifetimeCost) if field.name.endswith("_usd") and field.name != "total_usd"]
    lines = {name.removesuffix("_usd"): float(np.ravel(getattr(cost, name))[0]) for name in names}
    return {name: value for name, value in lines.items() if value}


def _per_flop(asked: TcoAsked, chip: Chip, cost: LifetimeCost) -> Percentiles | None:
    if asked.mfu is None:
        return None
    return _of(usd_per_useful_flop(cost, chip.peak_flop_per_s(asked.precision), asked.mfu, asked.goodput))


def _of(values: object) -> Percentiles:
    return Percentiles.of(np.ravel(np.asarray(values, dtype=np.float64)))


def _problems(asked: TcoAsked) -> Sequence[Problem]:
    """Everything that nobody can mean."""
    problems = count_problems("chips", asked.chips)
    shares = {"debt_share": (0.0, asked.debt_share), "goodput": (1e-9, asked.goodput), "mfu": (1e-9, asked.mfu)}
    for key, (least, value) in shares.items():
        if value is not None and not least <= value <= 1.0:
            problems.append(Problem(file="", key=key, wrong=f"{value:g} is no share", remedy="Give 0 to 1"))
    for key in ("days", "tokens_per_s_per_chip"):
        value = getattr(asked, key)
        if value is not None and not (math.isfinite(value) and value > 0.0):
            problems.append(Problem(file="", key=key, wrong=f"{value:g} is not above zero", remedy="Give more"))
    if asked.seed < 0:
        remedy = "Give a whole number from 0"
        problems.append(Problem(file="", key="seed", wrong=f"{asked.seed} is negative", remedy=remedy))
    for key, option in GIVEN.items():
        value = getattr(asked, key)
        if not (math.isfinite(value) and value >= 0.0):
            wrong = f"{value:g} is no amount"
            problems.append(Problem(file="", key=option.replace("-", "_"), wrong=wrong, remedy="Give dollars"))
    return problems


def _notes(asked: TcoAsked) -> tuple[str, ...]:
    """Say what is not in the sum."""
    left = [f"--{option}" for key, option in GIVEN.items() if not getattr(asked, key)]
    notes = [f"Not counted, since no source has a figure: give {', '.join(left)}"] if left else []
    if asked.debt_share == 0.0:
        notes.append("Bought without debt; --debt-share adds interest")
    if asked.mfu is None:
        notes.append("--mfu gives the cost of a useful FLOP, --tokens-per-s-per-chip that of a million tokens")
    return tuple(notes)


def require_names(asked: TcoAsked, catalog: Catalog) -> None:
    """Raise one ``InputError`` for every unknown name."""
    problems: list[Problem] = []
    for key, look_up in (("chip", catalog.chip), ("site", catalog.site)):
        try:
            look_up(getattr(asked, key))
        except InputError as trouble:
            problems += [Problem(file="", key=key, wrong=p.wrong, remedy=p.remedy) for p in trouble.problems]
    refuse(problems)
