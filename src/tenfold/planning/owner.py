"""The owner of chips, the same whichever question asks: what is drawn of one, the network, what an hour holds.

Space is rented or a hall is built, never both; the network is counted for the chips it joins; hosts, network and
storage are dollars a chip, whoever makes the chip. ``scope`` says what an hour holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenfold.catalog import Catalog, Site, System
from tenfold.economics import KNOWN_CHIPS, NETWORKS, Owned, hour_usd, over_known_network
from tenfold.planning.drawn import (
    BUILT,
    NOT_PAID,
    OWN,
    POWER,
    RENTED_HALL,
    common_inputs,
    inputs_of,
    of_sites,
    owned,
    rated_power,
)
from tenfold.quantities import Column, NamedFigure, Uncertain


def owner_inputs(
    catalog: Catalog, chip: str, site: Site, bought: NamedFigure | None, halls: Sequence[str] = (RENTED_HALL,)
) -> tuple[Uncertain, ...]:
    """Every uncertain input of owning one kind of chip at a site, in any of the halls; but for a price nobody knows.

    Raises ``MissingFigureError`` when the chip has no power or the site lacks a figure.
    """
    record = catalog.chip(chip)
    idle = frozenset.intersection(*(NOT_PAID[hall] for hall in halls))
    return (
        rated_power(catalog, "all", [(record, catalog.system_of(record))]),
        *(() if bought is None else (inputs_of("chip_usd", "all", [bought]),)),
        of_sites("power_usd_per_kwh", "all", [site], "power.price"),
        of_sites("pue", "all", [site], "power.pue"),
        *(known for known in common_inputs(catalog, POWER, OWN, BUILT) if known.key not in idle),
    )


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
