"""Effects of a scenario on its columns: demand, price, delay, interruption, ban, arrival of a faster chip.

Each function changes the columns of one scenario in place for the options an effect names, in the quarters it names:

demand        need × factor
price         price of orders placed and of rent taken then × factor
delay         what is due then comes so many quarters later
interruption  what would land then lands when it ends; offers are closed meanwhile
ban           what would land from then on never does; offers are closed
faster chip   price × factor, and what owned chips are worth at the end × value kept

A supplier delivers in the order of the orders, so an order is never delivered before an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.planning.procurement.programme import NEVER, Commitments, Rentals, Scenarios, Workloads
from tenfold.quantities import Flags, Floats, Indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing that happens in a scenario; empty names mean all."""

    kind: str
    first_quarter: int = 0
    end_quarter: int = NEVER
    """The first quarter after the effect."""
    factor: float = 1.0
    quarters: int = 0
    value_kept: float = 1.0
    workloads: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioText:
    """A scenario as a file states it."""

    name: str
    probability: float
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class _World:
    """Columns of one scenario while effects are applied."""

    demand: Floats
    price: Floats
    delivered: Indices
    value_kept: Floats
    rental_price: Floats
    rental_open: Flags


@dataclass(frozen=True, slots=True)
class _Reach:
    """What an effect touches: rows of options, offers and workloads, and columns of quarters."""

    options: Flags
    offers: Flags
    workloads: Flags
    quarters: Flags


def scenario_columns(
    texts: Sequence[ScenarioText], commitments: Commitments, rentals: Rentals, workloads: Workloads
) -> Scenarios:
    """Apply every effect of every scenario to the base; columns with the scenario as first axis."""
    worlds = [_apply(text, commitments, rentals, workloads) for text in texts]
    return Scenarios(
        names=tuple(text.name for text in texts),
        probability=np.array([text.probability for text in texts]),
        demand=np.stack([world.demand for world in worlds]),
        price=np.stack([world.price for world in worlds]),
        delivered=np.stack([np.maximum.accumulate(world.delivered, axis=-1) for world in worlds]),
        value_kept=np.stack([world.value_kept for world in worlds]),
        rental_price=np.stack([world.rental_price for world in worlds]),
        rental_open=np.stack([world.rental_open for world in worlds]),
    )


def members(rows: Commitments | Rentals, effect: Effect) -> Flags:
    """Tell which options an effect names."""
    count = len(rows.names)
    reached = np.ones(count, dtype=np.bool_)
    for wanted, given in (
        (effect.chips, rows.chips),
        (effect.vendors, rows.vendors),
        (effect.suppliers, rows.suppliers),
        (effect.sites, rows.sites),
        (effect.supplies, rows.supplies),
    ):
        if wanted:
            reached &= np.isin(np.array(given, dtype=str), np.array(wanted, dtype=str)).reshape(count)
    return reached


def _apply(text: ScenarioText, commitments: Commitments, rentals: Rentals, workloads: Workloads) -> _World:
    options, quarters = commitments.most_lots.shape
    offers, needs = len(rentals.names), len(workloads.names)
    world = _World(
        demand=np.ones((needs, quarters)),
        price=np.ones((options, quarters)),
        delivered=np.arange(quarters) + commitments.lead_quarters[:, None],
        value_kept=np.ones(options),
        rental_price=np.ones((offers, quarters)),
        rental_open=np.ones((offers, quarters), dtype=np.bool_),
    )
    every = np.arange(quarters)
    for effect in text.effects:
        wanted = effect.workloads or workloads.names
        reach = _Reach(
            options=members(commitments, effect),
            offers=members(rentals, effect),
            workloads=np.array([name in wanted for name in workloads.names]),
            quarters=(every >= effect.first_quarter) & (every < effect.end_quarter),
        )
        EFFECTS[effect.kind](world, effect, reach)
    return world


def _demand(world: _World, effect: Effect, reach: _Reach) -> None:
    world.demand[np.ix_(reach.workloads, reach.quarters)] *= effect.factor


def _price(world: _World, effect: Effect, reach: _Reach) -> None:
    world.price[np.ix_(reach.options, reach.quarters)] *= effect.factor
    world.rental_price[np.ix_(reach.offers, reach.quarters)] *= effect.factor


def _due(world: _World, effect: Effect, reach: _Reach) -> Flags:
    """Orders of the options reached that land while the effect lasts."""
    landing = (world.delivered >= effect.first_quarter) & (world.delivered < effect.end_quarter)
    return landing & reach.options[:, None]


def _delay(world: _World, effect: Effect, reach: _Reach) -> None:
    world.delivered[_due(world, effect, reach)] += effect.quarters


def _interruption(world: _World, effect: Effect, reach: _Reach) -> None:
    world.delivered[_due(world, effect, reach)] = effect.end_quarter
    world.rental_open[np.ix_(reach.offers, reach.quarters)] = False


def _ban(world: _World, effect: Effect, reach: _Reach) -> None:
    world.delivered[_due(world, effect, reach)] = NEVER
    world.rental_open[np.ix_(reach.offers, reach.quarters)] = False


def _faster_chip(world: _World, effect: Effect, reach: _Reach) -> None:
    _price(world, effect, reach)
    world.value_kept[reach.options] *= effect.value_kept


EFFECTS: Mapping[str, Callable[[_World, Effect, _Reach], None]] = {
    "demand": _demand,
    "price": _price,
    "delay": _delay,
    "interruption": _interruption,
    "ban": _ban,
    "faster-chip": _faster_chip,
}
"""What each kind of effect does."""
