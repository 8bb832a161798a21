"""Small races for tests: a world, its draws, and every quarter kept."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from tenfold.catalog import load_catalog
from tenfold.race.casting import events_of
from tenfold.race.events import Events
from tenfold.race.kernel import Flows, simulate
from tenfold.race.luck import chunks, drawn_parameters
from tenfold.race.opening import START_DAY, opening
from tenfold.race.question import Case
from tenfold.race.state import State
from tenfold.race.world import World

CATALOG = load_catalog()
ROWS = tuple(CATALOG.observations.values())
DRAWS, QUARTERS = 64, 12
STILL = ("investment.own_spread", "investment.other_spread", "investment.growth_spread")


@cache
def world() -> World:
    return opening(CATALOG, START_DAY)


def parameters(of: World | None = None, draws: int = DRAWS, **held: Any) -> Mapping[str, Any]:
    """Parameters of some draws; held ones by name with two underscores for a dot."""
    drawn = dict(drawn_parameters((of or world()).parameters, draws, 0))
    for name, value in held.items():
        drawn[name.replace("__", ".")] = np.full(draws, value, dtype=np.float32)
    return drawn


@dataclass(slots=True)
class Kept:
    """Copies of every quarter; what is held by slot, by family."""

    states: list[State] = field(default_factory=list)
    flows: list[Flows] = field(default_factory=list)

    def __call__(self, quarter: int, state: State, flows: Flows) -> None:
        kept = copy.deepcopy(state)
        kept.mix = state.slots.whole(state.mix)
        self.states.append(kept)
        self.flows.append(replace(copy.deepcopy(flows), delivered=state.slots.whole(flows.delivered)))

    def column(self, name: str) -> Any:
        """A field of the state, (quarter, …)."""
        return np.stack([getattr(state, name) for state in self.states])

    @property
    def h100e(self) -> Any:
        """(quarter, player, draw)."""
        return self.column("owned")


def events(case: Case | None = None, of: World | None = None, quarters: int = QUARTERS) -> Events:
    return events_of(case, of or world(), quarters, ROWS, CATALOG)


def run(
    case: Case | None = None,
    *,
    of: World | None = None,
    drawn: Mapping[str, Any] | None = None,
    quarters: int = QUARTERS,
    happens: Events | None = None,
) -> Kept:
    """Race a case; the base without one."""
    start = of or world()
    drawn = parameters(start) if drawn is None else drawn
    kept = Kept()
    (luck,) = chunks(drawn, len(next(iter(drawn.values()))), 0)
    simulate(start, events(case, start, quarters) if happens is None else happens, luck, quarters, kept)
    return kept


def place(player: str) -> int:
    return world().players.index(player)


def chinese() -> Any:
    return np.array([country == "CN" for country in world().countries])


def with_fields(of: World, **changes: Any) -> World:
    return replace(of, **changes)
