"""The market for chips in a quarter: prices, families chosen, orders under rules, rationing, capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Indices
from tenfold.race.arrays import Draws, at_least
from tenfold.race.equations import choice, supply
from tenfold.race.events import Events
from tenfold.race.luck import Luck, Shocks
from tenfold.race.slots import Slots
from tenfold.race.state import State
from tenfold.race.world import World

F32 = np.float32
TILT_DAMPING = 0.9
"""As the median of ``investment.damping``: one number for all draws, so that no draw axis is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What export rules say of each slot."""

    allowed: Draws
    """(quarter, s, p, 1) share that may reach a player."""
    ruled: Draws
    """(quarter, s, p, 1) dated rules of the history that hold."""
    lined: Sequence[Sequence[tuple[int, tuple[Indices, ...]]]]
    """By quarter: families that a line holds for, with the slots and players that it keeps from what is above."""


def rules_by_slot(events: Events, slots: Slots) -> Rules:
    """The rules of a case, as the market meets them."""
    lined = slots.split(events.lined) > 0.0
    return Rules(
        allowed=slots.split(events.allowed)[..., None],
        ruled=slots.split(events.ruled)[..., None],
        lined=[
            [
                (int(family), np.nonzero(quarter & (slots.family == family)))
                for family in np.unique(slots.family[quarter])
            ]
            for quarter in lined
        ],
    )


def order(
    world: World, events: Events, rules: Rules, luck: Luck, state: State, shocks: Shocks, orderable: Draws, at: int
) -> tuple[Draws, Draws, Draws, tuple[Draws, Draws, Draws]]:
    """Families chosen, orders rationed, prices and capacity moved on.

    ``orderable`` is the share of a budget, written over. Gives dollars by player, dollars by family, H100e by slot and
    player, and what chips, packaging and memory cover.
    """
    _learn(events, luck, state, at)
    _choose(world, events, rules, luck, state, shocks, at)
    orderable *= state.budget_usd
    ordered = _under_rules(rules, luck, state, at) * orderable
    asked = state.slots.by_family(ordered)
    orders = asked / state.price_usd
    chips = supply.fill(orders, state.capacity * events.capacity[at][:, None])
    packaging = supply.shared_fill(orders, world.packaging[:, None], state.packaging * events.packaging[at])
    memory = supply.shared_fill(orders, world.memory[:, None], state.memory * events.memory[at])
    filled = np.minimum(chips, memory)
    packed = np.flatnonzero(world.packaging)
    filled[packed] = np.minimum(filled[packed], packaging)
    state.slots.scale(ordered, filled, out=ordered)
    delivered = state.slots.scale(ordered, F32(1.0) / state.price_usd, out=np.empty_like(ordered))
    _below_the_line(rules, state, delivered, at)
    _move_supply(world, events, luck, state, orders, filled, at)
    return ordered.sum(axis=0, out=orderable), asked * filled, delivered, (chips, packaging, memory)


def _choose(world: World, events: Events, rules: Rules, luck: Luck, state: State, shocks: Shocks, at: int) -> None:
    """Shares of budgets go on as they went, step as generations do, and move towards what each would choose now."""
    drawn = luck.parameters
    maturity = np.minimum(world.maturity * events.maturity[at], F32(1.0))[:, None]
    change = choice.advantage(maturity, state.price_usd) - state.advantage_at_start
    tilt = state.slots.split(choice.tilt(world.tilt, TILT_DAMPING, at))[..., None]
    state.mix_at_start = choice.tilted(state.mix_at_start, tilt)
    wish = state.slots.each(choice.gained(change, drawn["choice.elasticity"]), state.mix_at_start)
    for family, places in rules.lined[at]:
        wish[places] *= state.behind_line(family) ** drawn["choice.elasticity"]
    steps = np.exp(drawn["shares.spread"] * world.share_volatility[:, None] * shocks.family)
    state.slots.scale(state.mix, steps, tilt, out=state.mix)
    state.mix = choice.moved_mix(state.mix, wish, drawn["choice.speed"])


def _under_rules(rules: Rules, luck: Luck, state: State, at: int) -> Draws:
    """The mix where rules hold; itself where none does."""
    allowed, ruled = rules.allowed[at], rules.ruled[at]
    if allowed.min() >= 1.0 and not ruled.any():
        return state.mix
    left = np.where(ruled > 0.0, luck.parameters["supply.rule_remaining"] ** ruled, F32(1.0))
    barred = np.flatnonzero(((allowed < 1.0) | (ruled > 0.0)).any(axis=(0, 2)))
    state.learned[barred] = choice.learned(state.learned[barred], luck.parameters["choice.speed"])
    return choice.under_rules(state.mix, allowed * left, state.learned)


def _below_the_line(rules: Rules, state: State, delivered: Draws, at: int) -> None:
    """Chips that may be sold below a line of performance do not get better: a dollar buys what it did at the start."""
    for family, places in rules.lined[at]:
        delivered[places] *= state.behind_line(family)


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
    total, served = at_least(value.sum(axis=0), 1.0), (value * filled).sum(axis=0)
    for quarter, buyer, bought in events.makers_merged:
        if at >= quarter:
            value[buyer], value[bought] = value[buyer] + value[bought], value[buyer] + value[bought]
    state.maker_share = value / total
    speed, most = drawn["supply.capacity_speed"], drawn["supply.capacity_growth"] * world.capacity_pace[:, None]
    grown = supply.built_capacity(state.capacity, orders, state.orders_before, speed, most)
    state.orders_before = orders
    ratio = grown.sum(axis=0) / np.maximum(state.capacity.sum(axis=0), F32(1.0))
    state.packaging = state.packaging * ratio
    state.memory = state.memory * ratio
    state.capacity = grown
    state.pace = served / state.spending_at_start
    state.scarcity = 1.0 - filled
