"""The market for chips in a quarter: prices, families chosen, orders under rules, rationing, capacity."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.quantities import Indices
from tenfold.race.arrays import Draws
from tenfold.race.equations import choice, supply
from tenfold.race.events import Events
from tenfold.race.luck import Luck
from tenfold.race.state import State
from tenfold.race.world import World

F32 = np.float32
TILT_DAMPING = 0.9
"""As the median of ``investment.damping``: one number for all draws, so that no draw axis is needed."""


def order(
    world: World, events: Events, luck: Luck, state: State, orderable: Draws, at: int
) -> tuple[Draws, Draws, tuple[Draws, Draws, Draws]]:
    """Families chosen, orders rationed, prices and capacity moved on. Gives dollars and H100e by family and player."""
    drawn = luck.parameters
    _learn(events, luck, state, at)
    maturity = np.minimum(world.maturity * events.maturity[at], F32(1.0))[:, None]
    change = choice.advantage(maturity, state.price_usd) - choice.advantage(
        world.maturity[:, None], state.price_at_start
    )
    tilt = choice.tilt(world.tilt, TILT_DAMPING, at)[..., None]
    state.mix_at_start = choice.tilted(state.mix_at_start, tilt)
    wish = choice.preference(state.mix_at_start, change[:, None, :], drawn["choice.elasticity"])
    for family, players in _lined(events, at):
        wish[family, players] *= state.behind_line(family) ** drawn["choice.elasticity"]
    target = choice.target_mix(wish)
    state.mix = choice.moved_mix(choice.tilted(state.mix, tilt), target, drawn["choice.speed"])
    ordered = _under_rules(events, luck, state.mix, at) * (state.budget_usd * orderable)
    orders = ordered.sum(axis=1) / state.price_usd
    chips = supply.fill(orders, state.capacity * events.capacity[at][:, None])
    packaging = supply.shared_fill(orders, world.packaging[:, None], state.packaging * events.packaging[at])
    memory = supply.shared_fill(orders, world.memory[:, None], state.memory * events.memory[at])
    needs = np.where(world.packaging[:, None] > 0, packaging, F32(1.0))
    filled = np.minimum(np.minimum(chips, needs), memory)
    bought = ordered * filled[:, None, :]
    delivered = bought * (1.0 / state.price_usd)[:, None, :]
    _below_the_line(events, state, delivered, at)
    _move_supply(world, events, luck, state, orders, filled, at)
    return bought, delivered, (chips, packaging, memory)


def _under_rules(events: Events, luck: Luck, mix: Draws, at: int) -> Draws:
    """The mix where rules hold; itself where none does."""
    allowed, ruled = events.allowed[at], events.ruled[at]
    if allowed.min() >= 1.0 and not ruled.any():
        return mix
    left = np.where(ruled[..., None] > 0.0, luck.parameters["supply.rule_remaining"] ** ruled[..., None], F32(1.0))
    return choice.under_rules(mix, allowed[..., None] * left)


def _below_the_line(events: Events, state: State, delivered: Draws, at: int) -> None:
    """Chips that may be sold below a line of performance do not get better: a dollar buys what it did at the start."""
    for family, players in _lined(events, at):
        delivered[family, players] *= state.behind_line(family)


def _lined(events: Events, at: int) -> Iterator[tuple[int, Indices]]:
    """Families that a line holds for, and the players that it keeps from what is above."""
    lined = events.lined[at]
    return ((int(family), np.flatnonzero(lined[family])) for family in np.flatnonzero(lined.any(axis=1)))


def _learn(events: Events, luck: Luck, state: State, at: int) -> None:
    """Costs fall by what makers spent, and the price of the quarter follows from share and scarcity of the last."""
    drawn = luck.parameters
    state.cost_usd = events.leap[at][:, None] ** F32(-1.0) * supply.learned_cost_usd(
        state.cost_usd, drawn["supply.learning_per_year"], state.pace, drawn["supply.induced_learning"]
    )
    mark = supply.markup(state.maker_share, drawn["supply.demand_elasticity"])
    state.price_usd = supply.price_usd_per_h100e(state.cost_usd, mark, state.scarcity, drawn["supply.pass_through"])


def _move_supply(world: World, events: Events, luck: Luck, state: State, orders: Draws, filled: Draws, at: int) -> None:
    """Capacity follows orders; what share each maker has."""
    drawn = luck.parameters
    value = orders * state.price_usd
    for quarter, buyer, bought in events.makers_merged:
        if at >= quarter:
            value[buyer], value[bought] = value[buyer] + value[bought], value[buyer] + value[bought]
    total = np.maximum((orders * state.price_usd).sum(axis=0), F32(1.0))
    state.maker_share = value / total
    speed, most = drawn["supply.capacity_speed"], drawn["supply.capacity_growth"] * world.capacity_pace[:, None]
    grown = supply.built_capacity(state.capacity, orders, state.orders_before, speed, most)
    state.orders_before = orders
    ratio = grown.sum(axis=0) / np.maximum(state.capacity.sum(axis=0), F32(1.0))
    state.packaging = state.packaging * ratio
    state.memory = state.memory * ratio
    state.capacity = grown
    state.pace = total / state.spending_at_start
    state.scarcity = 1.0 - filled
