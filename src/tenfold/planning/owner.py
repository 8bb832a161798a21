"""The owner of chips, the same whichever question asks: drawn inputs become ``economics.owning.Owned``.

Space is rented or a hall is built, never both; the network is counted for the chips it joins; hosts, network and
storage are dollars a chip, whoever makes the chip. ``scope`` says what an hour holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

import numpy as np

from tenfold.catalog import Catalog, Site, System
from tenfold.economics.owning import Owned, hour_usd
from tenfold.economics.topologies import KNOWN_CHIPS, NETWORKS, over_known_network
from tenfold.planning.drawn import BUILT, OWN, POWER, TABLE, common_inputs, inputs_of, of_sites, rated_power
from tenfold.quantities import Column, NamedFigure, Points, Uncertain

RENTED_HALL, BUILT_HALL = "rented", "built"
HALLS = (RENTED_HALL, BUILT_HALL)
_NOT_PAID: Mapping[str, frozenset[str]] = {
    RENTED_HALL: frozenset(("shell_usd_per_w", "shell_life_years")),
    BUILT_HALL: frozenset(("colocation_usd_per_kw_month",)),
}
"""Fields of the other way to house chips."""
_OF_THINGS = frozenset(("chip_usd", "rated_w", "power_usd_per_kwh", "pue"))


def owner_inputs(
    catalog: Catalog, chip: str, site: Site, bought: NamedFigure | None, halls: Sequence[str] = (RENTED_HALL,)
) -> tuple[Uncertain, ...]:
    """Every uncertain input of owning one kind of chip at a site, in any of the halls; but for a price nobody knows.

    Raises ``MissingFigureError`` when the chip has no power or the site lacks a figure.
    """
    record = catalog.chip(chip)
    idle = frozenset.intersection(*(_NOT_PAID[hall] for hall in halls))
    return (
        rated_power(catalog, "all", [(record, catalog.system_of(record))]),
        *(() if bought is None else (inputs_of("chip_usd", "all", [bought]),)),
        of_sites("power_usd_per_kwh", "all", [site], "power.price"),
        of_sites("pue", "all", [site], "power.pue"),
        *(known for known in common_inputs(catalog, POWER, OWN, BUILT) if known.key not in idle),
    )


def owned(at: Callable[[str], Column], *, hall: str = RENTED_HALL, network: Column = 1.0, **given: Column) -> Owned:
    """Owner of a chip from drawn inputs; ``at`` gives them by key, ``network`` is what ``network_over_known`` says.

    ``given`` are fields that are known without the table. Raises nothing.
    """
    drawn = {name: at(name) for name in drawn_fields() if name not in given and name not in _NOT_PAID[hall]}
    drawn["network_usd"] = np.multiply(drawn["network_usd"], network)
    return Owned(**drawn, **given)


def drawn_fields() -> tuple[str, ...]:
    """Fields of an owner that are drawn: those with a row in the table."""
    rows = {row.key for part in (POWER, OWN, BUILT) for row in TABLE[part]}
    return tuple(field.name for field in fields(Owned) if field.name in _OF_THINGS | rows)


def one_kind(points: Points, key: str) -> Column:
    """Values of an input that is the same for all, (points,): ``at`` where one kind of chip is asked about."""
    return np.asarray(points.values[key][0])


def network_over_known(catalog: Catalog, system: System, chips: Column) -> Column:
    """Cost of the network of so many chips over ``economics.network_usd_per_chip``. Broadcasts."""
    return over_known_network(_topology(catalog, system), chips, system.scaleout_bytes_per_s_per_chip_one_way)


def network_words(catalog: Catalog, system: System, chips: int) -> str:
    """Say what the network costs and why."""
    topology = _topology(catalog, system)
    known = f"that of {KNOWN_CHIPS:,} chips on a fat tree of 400 Gbit/s (economics.network_usd_per_chip)"
    factor = float(np.asarray(network_over_known(catalog, system, float(chips))))
    what = f"a {topology} over {chips:,} chips" if topology in NETWORKS else "counted by its bandwidth alone"
    return f"The network costs {factor:.3g} times {known}: {what}"


def scope(owner: Owned, hall: str = RENTED_HALL) -> str:
    """Say what an hour of this owner holds, by line, and how the chips are housed."""
    lines = ", ".join(name.replace("_", " ") for name, usd in hour_usd(owner).items() if np.any(usd))
    return f"An owned hour holds, in a {hall} hall: {lines}"


def usual_scope() -> str:
    """What an hour of an owner who rents a hall holds, with every line that has a figure."""
    return scope(owned(lambda key: 0.5))


def _topology(catalog: Catalog, system: System) -> str:
    fabric = catalog.fabrics.get(system.scaleout_fabric)
    return "" if fabric is None else fabric.topology
