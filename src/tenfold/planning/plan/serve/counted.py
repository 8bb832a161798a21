"""From what one replica carries to a fleet: replicas for the peak, spares for failures, chips in whole nodes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tenfold.catalog import OWN, assumption_named
from tenfold.planning.drawn import TABLE, WORK, failure_name
from tenfold.planning.plan.serve.fleets import Candidate, Fleet, Part
from tenfold.planning.plan.serve.layouts import Machine, Space
from tenfold.planning.supply.tiers import SPOT
from tenfold.quantities import NamedFigure
from tenfold.reliability import failure_rate_per_s, spare_units, units_under_repair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenfold.catalog import Catalog

RENTED = "rented"
CLASSES = (RENTED, SPOT, OWN)
"""Ways to have chips that differ in how often a replica is lost, and for how long."""
REPAIR, WAIT = "reliability.node_repair_s", "reliability.reschedule_wait_s"
INTERRUPTIONS = "planning.spot_interruptions_per_1000_node_days"


def class_of(supply: str) -> str:
    """Class of a way of supply."""
    return supply if supply in (SPOT, OWN) else RENTED


def outages(catalog: Catalog, machine: Machine, supplied: str) -> tuple[NamedFigure, ...]:
    """Figures of how often replicas are lost and how long they are away under a class of supply."""
    names = [failure_name(catalog, machine.chip.family), *(row.figure for row in TABLE[WORK] if row.key in AWAY)]
    names += [REPAIR] if supplied == OWN else [WAIT]
    names += [INTERRUPTIONS] if supplied == SPOT else []
    return tuple(assumption_named(catalog, name) for name in names)


AWAY = ("detection", "restart")
"""Inputs of the table that every loss of a replica takes, whoever repairs it."""


def fleet_of(
    catalog: Catalog, space: Space, candidate: Candidate, supplied: str, rate_per_s: float, availability: float
) -> Fleet:
    """Count the replicas for a peak rate. The two sides of a service that runs prompts apart have their own spares."""
    machine = space.machines[candidate.machine]
    found = {each.name: each.figure.value for each in outages(catalog, machine, supplied)}

    def counted(part: Part) -> tuple[int, int]:
        needed = math.ceil(rate_per_s / part.rate_per_s - 1e-9)
        return needed, needed + spares_for(needed, space.chips(part.setting), found, availability)

    needed, replicas = counted(candidate.answers)
    chips = replicas * space.chips(candidate.answers.setting)
    first_needed, first = (0, 0) if candidate.prompts is None else counted(candidate.prompts)
    if candidate.prompts is not None:
        chips += first * space.chips(candidate.prompts.setting)
    return Fleet(
        candidate=candidate,
        supplied=supplied,
        needed=needed,
        replicas=replicas,
        prompts_needed=first_needed,
        prompts_replicas=first,
        chips=whole_nodes(chips, machine.node_chips, supplied),
        load_per_s=rate_per_s / needed,
    )


def spares_for(needed: int, chips: int, outage: Mapping[str, float], availability: float) -> int:
    """Fewest spare replicas with which enough are up in that share of the time: P(X ≤ S) ≥ A, X Poisson of mean n·f·T.

    f counts failures, and on spot interruptions, of the replica's chips; T is noticing, restarting, and waiting for
    another node (rented) or a repair (bought) [M/G/∞ queue, Takács 1962; see ``reliability.spare_units``].
    """
    away_s = sum(value for name, value in outage.items() if name.endswith("_s"))
    rate = sum(
        float(failure_rate_per_s(value, float(chips))) for name, value in outage.items() if "1000_node_days" in name
    )
    spares = 0
    while True:
        under_repair = float(units_under_repair((needed + spares) * rate, away_s))
        more = max(round(float(spare_units(under_repair, availability))) - 1, 0)
        if more <= spares:
            return spares
        spares = more


def whole_nodes(chips: int, node_chips: int, supplied: str) -> int:
    """Chips in whole nodes; fewer than one node can be rented as they are."""
    if chips < node_chips and supplied != OWN:
        return chips
    return math.ceil(chips / node_chips) * node_chips


def chips_for(space: Space, setting: int, capacity_per_s: float, rate_per_s: float) -> int:
    """Chips that carry a rate."""
    return math.ceil(rate_per_s / capacity_per_s) * space.chips(setting)
