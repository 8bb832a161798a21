"""A world with some of its players put together as one, as they are observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tenfold.race.arrays import Draws
from tenfold.race.world import World

SUMS = ("budget_usd", "need_w", "other_capex_usd", "cash_flow_usd", "cash_usd", "debt_usd")


def pooled(world: World, pool_of: Mapping[str, str]) -> World:
    """Put players of one pool together: amounts add up; growth, places and uses are means by budget or fleet."""
    names = tuple(dict.fromkeys(pool_of.get(player, player) for player in world.players))
    into = np.array(
        [[float(pool_of.get(player, player) == name) for player in world.players] for name in names], dtype=np.float32
    )
    budget = into @ world.budget_usd
    fleet = world.owned_h100e.sum(axis=0)
    spending = world.mix * world.budget_usd
    countries = tuple(world.countries[int(np.argmax(row))] for row in into)
    return replace(
        world,
        players=names,
        countries=countries,
        **{name: into @ getattr(world, name) for name in SUMS},
        funded=_mean(into, world.funded, world.cash_flow_usd),
        growth=_mean(into, world.growth, world.budget_usd),
        mix=(spending @ into.T) / np.maximum(budget, 1.0),
        tilt=np.stack([_mean(into, row, world.budget_usd) for row in world.tilt]),
        owned_h100e=world.owned_h100e @ into.T,
        places=np.stack([_mean(into, row, fleet) for row in world.places]),
        uses=np.stack([_mean(into, column, fleet) for column in world.uses.T], axis=1),
    )


def _mean(into: Draws, values: Draws, weights: Draws) -> Draws:
    return np.asarray((into @ (values * weights)) / np.maximum(into @ weights, 1e-6), dtype=np.float32)
