"""What can be asked about the size of a fleet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Annotated

from tenfold.catalog import Catalog
from tenfold.fleet import Commas, FleetAsked, fleet_problems
from tenfold.quantities import Amount, Flat, Key, OneOf, Problem, Text, known

MEASURES = ("mean", "p90")
MOST_CHIPS = 10**8
"""More than any fleet has, while its size is looked for."""
STANDS = {
    "kinds": ("are counted already", "Leave them out: one kind of chip is sized"),
    "nodes": ("are there already", "Say nodes_of, the chips of one"),
    "domains": ("are there already", "Say nodes_of, and replay the size that is found in domains"),
    "quotas": ("say how many chips each tenant has", "Say tenant, whose quota is looked for, one at a time"),
    "power": (
        "caps a fleet that is there: with more chips less of it is left",
        "Replay the size that is found with it",
    ),
}
"""Fields of a fleet of which the size is known: what is wrong with each, and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSizeQuestion:
    """How few chips keep waits as short as asked, and what does each target cost?"""

    fleet: Annotated[FleetAsked, Flat()] = field(default_factory=FleetAsked)
    """The jobs and how the fleet is shared; its chips are what is looked for."""
    targets_s: Annotated[tuple[float, ...], Commas(Amount("s", most=1e9)), Key("targets")]
    """Waits that are wanted, one or several, such as "10 min, 1 h"."""
    measure: Annotated[str, OneOf(MEASURES, "measure")] = "mean"
    """Which wait is meant: the mean of the jobs, or that of nine in ten."""
    tenant: Annotated[str | None, Text(longest=200)] = None
    """Tenant whose quota is looked for: its jobs alone; those of all when left out."""


def contradictions(question: FleetSizeQuestion, catalog: Catalog) -> Iterable[Problem]:
    """Say what cannot be between the fields."""
    del catalog  # nothing in it bears on the rules
    if not known(question):
        return []
    asked = question.fleet
    found = list(fleet_problems(replace(asked, chips=asked.chips or MOST_CHIPS)))
    found += [
        Problem(file="", key=key, wrong=wrong, remedy=remedy)
        for key, (wrong, remedy) in STANDS.items()
        if getattr(asked, key)
    ]
    return found
