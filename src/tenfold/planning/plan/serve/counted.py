"""From what one replica carries to a fleet: replicas for the peak, spares for failures, chips in whole nodes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.catalog import OWN, assumption_named
from tenfold.planning.at_work import CHIPS_PER_STORAGE_NODE
from tenfold.planning.drawn import SPOT as TAKEN
from tenfold.planning.drawn import TABLE, WORK, failure_name
from tenfold.planning.plan.serve.fleets import Candidate, Fleet, Part
from tenfold.planning.plan.serve.layouts import Machine, Space
from tenfold.planning.supply.tiers import SPOT
from tenfold.quantities import NamedFigure
from tenfold.reliability import away_share, failure_rate_per_s, gang_reclaims_per_s, spare_units, units_under_repair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenfold.catalog import Catalog

RENTED = "rented"
CLASSES = (RENTED, SPOT, OWN)
"""Ways to have chips that differ in how often a replica is lost, and for how long."""
REPAIR, WAIT = "reliability.node_repair_s", "reliability.reschedule_wait_s"


def class_of(supply: str) -> str:
    """Class of a way of supply."""
    return supply if supply in (SPOT, OWN) else RENTED


def outages(catalog: Catalog, machine: Machine, supplied: str) -> tuple[NamedFigure, ...]:
    """Figures of how often replicas are lost and how long they are away under a class of supply."""
    names = [failure_name(catalog, machine.chip.family), *(row.figure for row in TABLE[WORK] if row.key in AWAY)]
    names += [REPAIR] if supplied == OWN else [WAIT]
    names += [row.figure for row in TABLE[TAKEN]] if supplied == SPOT else []
    return tuple(assumption_named(catalog, name) for name in names)


AWAY = ("detection", "restart")
"""Inputs of the table that every loss of a replica takes, whoever repairs it."""
Outage = tuple[float, float]
"""A cause of losing replicas one by one: events per 1,000 node-days, and how long each takes, s."""


def outages_of(catalog: Catalog, machine: Machine, supplied: str) -> tuple[Outage, ...]:
    """Causes that spares stand in for: failures, and on spot the reclaims of single nodes."""
    wait_s = catalog.assumption(REPAIR if supplied == OWN else WAIT).value
    failures = catalog.assumption(failure_name(catalog, machine.chip.family)).value
    again_s = _again_s(catalog)
    if supplied != SPOT:
        return ((failures, again_s + wait_s),)
    taken = _taken(catalog)
    alone = taken["interruptions"] * (1.0 - taken["taken_together"])
    return (failures, again_s + wait_s), (alone, again_s + taken["spot_wait"])


def is_up(catalog: Catalog, supplied: str, availability: float) -> bool:
    """Whether chips of a class are there for as long as is asked, whatever fails on them."""
    return there_share(catalog, supplied) > availability


def there_share(catalog: Catalog, supplied: str) -> float:
    """Share of time that not all chips are away at once: one but for spot, whose pools are taken back together.

    Reclaims of the whole pool stop every replica, spares too, until the pool is had again.
    """
    if supplied != SPOT:
        return 1.0
    taken = _taken(catalog)
    node = failure_rate_per_s(taken["interruptions"], CHIPS_PER_STORAGE_NODE)
    together = gang_reclaims_per_s(node, 0.0, taken["taken_together"])
    return 1.0 - float(away_share(together, taken["spot_wait"] + _again_s(catalog)))


def most_available(catalog: Catalog, supplied: str) -> float:
    """Availability that may be asked for, in whole thousandths: what is away at once is less than the rest."""
    there = there_share(catalog, supplied)
    return there if there == 1.0 else math.floor(there * 1e3) / 1e3


def _taken(catalog: Catalog) -> Mapping[str, float]:
    return {row.key: catalog.assumption(row.figure).value for row in TABLE[TAKEN]}


def _again_s(catalog: Catalog) -> float:
    """Time in which a loss is noticed and a replica started, s."""
    return math.fsum(catalog.assumption(row.figure).value for row in TABLE[WORK] if row.key in AWAY)


def fleet_of(
    catalog: Catalog, space: Space, candidate: Candidate, supplied: str, rate_per_s: float, availability: float
) -> Fleet:
    """Count the replicas for a peak rate. The two sides of a service that runs prompts apart have their own spares.

    While a spot pool is there enough of them have to be up for that much more of the time.
    """
    machine = space.machines[candidate.machine]
    causes, availability = outages_of(catalog, machine, supplied), availability / there_share(catalog, supplied)

    def counted(part: Part) -> Counted:
        needed = math.ceil(rate_per_s / part.rate_per_s - 1e-9)
        return _counted(needed, space.chips(part.setting), machine.node_chips, causes, availability)

    answers = counted(candidate.answers)
    prompts = NOBODY if candidate.prompts is None else counted(candidate.prompts)
    chips = whole_nodes(answers.chips + prompts.chips, machine.node_chips, supplied)
    if chips >= machine.node_chips:
        chips = max(chips, machine.node_chips * max(answers.nodes, prompts.nodes))
    return Fleet(
        candidate=candidate,
        supplied=supplied,
        needed=answers.needed,
        replicas=answers.replicas,
        prompts_needed=prompts.needed,
        prompts_replicas=prompts.replicas,
        chips=chips,
        load_per_s=rate_per_s / answers.needed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Replicas of one side of a fleet."""

    needed: int
    replicas: int
    """With spares."""
    chips: int
    nodes: int
    """That they must stand on at least: spares are lost with what they stand in for on the same one."""


NOBODY = Counted(needed=0, replicas=0, chips=0, nodes=0)
"""Replicas of their own for prompts, where the others read them too."""


def _counted(needed: int, chips: int, node_chips: int, causes: Sequence[Outage], availability: float) -> Counted:
    """Count spares for the replicas of ``chips`` each that are needed."""
    unit = lost_together(needed, chips, node_chips)
    spares = spares_for(needed, unit, max(chips * unit, node_chips), causes, availability)
    replicas = needed + spares
    return Counted(
        needed=needed, replicas=replicas, chips=replicas * chips, nodes=math.ceil(replicas / unit) if spares else 1
    )


def lost_together(needed: int, chips: int, node_chips: int) -> int:
    """Replicas that a lost node takes: as many as share it, where no more than are needed are put on one."""
    return max(min(node_chips // chips, needed), 1)


def spares_for(needed: int, unit: int, chips: int, causes: Sequence[Outage], availability: float) -> int:
    """Fewest spares with which enough are up in that share of time: P(u·X ≤ S) ≥ A, X Poisson of mean ⌈(n+S)/u⌉·Σ f·T.

    A loss takes ``unit`` u replicas at once, on ``chips`` that are away together. f counts their losses: failures, and
    on spot single nodes taken back; T is noticing, restarting, and waiting for another node (rented, spot) or a repair
    (bought) [M/G/∞ queue, Takács 1962; ``reliability.spares``].
    """
    lost = math.fsum(
        float(units_under_repair(failure_rate_per_s(rate, float(chips)), away_s)) for rate, away_s in causes
    )
    spares = 0
    while True:
        under_repair = math.ceil((needed + spares) / unit) * lost
        more = unit * max(round(float(spare_units(under_repair, availability))) - 1, 0)
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
