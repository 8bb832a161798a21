"""What can be asked about a replay of a shared fleet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

from tenfold.catalog import Catalog
from tenfold.fleet import FleetAsked, fleet_problems, idle_problems
from tenfold.quantities import Flat, Problem, Switch, known


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReplayQuestion:
    """How long do jobs wait on a shared fleet, and why: every wait by its reason, every chip-hour by its use?"""

    fleet: Annotated[FleetAsked, Flat()] = field(default_factory=FleetAsked)
    """The jobs, the fleet, and how it is shared."""
    each_job: Annotated[bool, Switch()] = False
    """Keep what became of each job; --out FILE.parquet does, and writes it; in Python table("each_job")."""


def contradictions(question: FleetReplayQuestion, catalog: Catalog) -> Iterable[Problem]:
    """Say what cannot be between the fields."""
    del catalog  # nothing in it bears on the rules
    if not known(question):
        return []
    return [*fleet_problems(question.fleet), *idle_problems(question.fleet)]
