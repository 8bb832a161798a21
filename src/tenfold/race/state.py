"""The state of a chunk of draws between two quarters, and its start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.race.arrays import Array, Draws
from tenfold.race.equations.choice import advantage, below_the_line
from tenfold.race.equations.supply import markup
from tenfold.race.luck import Luck
from tenfold.race.parameters import room_of
from tenfold.race.paths import past_indices
from tenfold.race.slots import Slots
from tenfold.race.world import World

WAIT_DOUBLINGS = 2
WAIT_QUARTERS = 2**WAIT_DOUBLINGS
"""From a request of power until it is energised: a year, for who is in the queue already."""


@dataclass(slots=True, kw_only=True)
class State:
    """What one quarter hands to the next; f family, p player, s slot, u user, t tier, draws last. Changed in place."""

    budget_usd: Draws
    growth: Draws
    slots: Slots
    """Families that each player has or buys: s is a slot of a player."""
    mix: Draws
    """(s, p, draw) of a player's budget."""
    mix_at_start: Draws
    """(s, p, 1): the same in every draw."""
    learned: Draws
    """(p, draw) share of what rules bar that goes to other chips."""
    owned: Draws
    """(p, draw) H100e of working chips."""
    stock: Draws
    """(f, draw) H100e of working chips, whoever owns them."""
    need_w: Draws
    """(p, draw) of its chips, with cooling."""
    energised_w: Draws
    promised_w: Draws
    """(p, draw) energised, or in the queue."""
    queue_w: list[Draws]
    """Power that comes in each of the next quarters, (p, draw)."""
    other_capex_usd: Draws
    other_at_start_usd: Draws
    """(p,)."""
    own_cash_flow_usd: Draws
    """(p,) of the start's, from a business; (p,) from investors below."""
    funding_usd: Draws
    lent_usd: Draws
    """(p,) what of the funding is lent, as far as clouds borrow."""
    lab_use: Draws
    """(p,) share of its fleet that a lab uses itself."""
    mood: Draws
    """(draw,) how willing investors are, over the start."""
    other_growth: Draws
    """(draw,) of what is not AI, over the start."""
    cash_usd: Draws
    debt_usd: Draws
    cost_usd: Draws
    """(f, draw) of an H100e before the mark-up."""
    price_usd: Draws
    price_at_start: Draws
    advantage_at_start: Draws
    """(f, draw) logs of effective performance per dollar."""
    scarcity: Draws
    """(f, draw) share of orders that went unserved in the last quarter."""
    orders_before: Draws
    """(f, draw) H100e of the last quarter."""
    capacity: Draws
    packaging: Draws
    memory: Draws
    maker_share: Draws
    """(f, draw) of the value of orders."""
    adoption: Draws
    size_h100e: Draws
    rental_usd: Draws
    rental_at_start: Draws
    fullness: Draws
    """(draw,) utilisation of the last quarter."""
    watts_per_h100e: Draws
    chip_h100e: Draws
    """(draw,) H100e of a chip sold now over one of the start."""
    run_trend: Draws
    """(draw,) what runs take beyond the growth of fleets, over the start."""
    algorithms: Draws
    run_flop: Draws
    path: Draws
    """(step, draw) index of the leader at the end of each quarter, those before the start first."""
    installed: Draws
    """(u, draw) share of users' revenue."""
    paid: Draws
    """(u, draw) share of dues that was paid in the last quarter."""
    alive: Draws
    """(p, draw) 1 or 0, for who failed or was taken over."""
    failed: Draws
    """(p, draw) 1 where a player has failed, else 0."""
    uses: Draws
    """(p, u), the same in every draw."""
    pace: Draws
    """(draw,) value of what was delivered over that of the start."""
    spending_at_start: Draws
    served_at_start: Draws
    room_w: Draws
    """(r, draw)."""

    def behind_line(self, family: int) -> Draws:
        """Compute that a dollar buys of a family where only what was fast at the start may be sold, over elsewhere."""
        return below_the_line(self.price_usd[family], self.price_at_start[family])


def start_of(world: World, luck: Luck, regions: tuple[str, ...], slots: Slots, quarters: int) -> State:
    """State of every draw at the start."""
    drawn, count, users = luck.parameters, luck.count, len(world.users)
    columns = {name: _wide(getattr(world, name), count) for name in CARRIED}
    mix = slots.split(world.mix)
    return State(
        **columns,
        **_market(world, drawn, count),
        **_demand(world, drawn, count),
        **_power(world, drawn, count, regions),
        slots=slots,
        mix=_wide(mix, count),
        mix_at_start=mix[..., None].copy(),
        learned=_wide(np.zeros(len(world.players)), count),
        owned=_wide(world.owned_h100e.sum(axis=0), count),
        stock=_wide(world.owned_h100e.sum(axis=1), count),
        own_cash_flow_usd=world.cash_flow_usd * (1.0 - world.funded),
        funding_usd=world.cash_flow_usd * world.funded,
        other_at_start_usd=world.other_capex_usd.copy(),
        lent_usd=world.cash_flow_usd * world.funded * world.indebted,
        lab_use=world.lab_use.copy(),
        mood=_same(1.0, count),
        other_growth=_same(1.0, count),
        watts_per_h100e=_same(world.watts_per_h100e, count),
        chip_h100e=_same(1.0, count),
        run_trend=_same(1.0, count),
        algorithms=_wide(np.zeros(users), count),
        installed=_wide(np.full(users, 1.0 / max(users, 1)), count),
        paid=_wide(np.ones(users), count),
        uses=world.uses.copy(),
        alive=_wide(np.ones(len(world.players)), count),
        failed=_wide(np.zeros(len(world.players)), count),
        path=np.concatenate([past_indices(world.records, drawn), np.zeros((quarters, count), dtype=np.float32)]),
    )


CARRIED = (*("budget_usd", "growth", "other_capex_usd", "cash_usd", "debt_usd", "run_flop"),)
"""Columns of the world that every draw begins with."""


def _wide(values: Array, count: int) -> Draws:
    """The same values for every draw, draws last."""
    column = np.asarray(values, dtype=np.float32)[..., None]
    return np.broadcast_to(column, (*column.shape[:-1], count)).copy()


def _same(value: float, count: int) -> Draws:
    return np.full(count, value, dtype=np.float32)


def _market(world: World, drawn: Mapping[str, Draws], count: int) -> dict[str, Draws]:
    """Prices, and capacity that holds what is ordered in the first quarter: makers built for the growth they saw."""
    spending = _wide(world.mix * world.budget_usd, count)
    sales, price = spending.sum(axis=1), _wide(world.price_usd, count)
    orders = sales / price
    trend = (spending * _wide(world.growth + world.tilt, count)).sum(axis=1) / np.maximum(sales, np.float32(1.0))
    long_run = np.log(drawn["investment.long_run_growth_per_year"] * drawn["supply.learning_per_year"])
    ahead = np.exp(np.maximum(trend + np.float32(0.25) * long_run, np.float32(0.0)))
    capacity = np.maximum(orders, _wide(world.delivered_h100e, count)) * ahead * drawn["supply.slack"]
    total = np.maximum(sales.sum(axis=0), np.float32(1.0))
    share = sales / total
    return {
        "cost_usd": price / markup(share, drawn["supply.demand_elasticity"]),
        "price_usd": price.copy(),
        "price_at_start": price,
        "advantage_at_start": advantage(world.maturity[:, None], price),
        "scarcity": np.zeros_like(price),
        "orders_before": orders,
        "capacity": capacity,
        "packaging": (capacity * world.packaging[:, None]).sum(axis=0),
        "memory": (capacity * world.memory[:, None]).sum(axis=0),
        "maker_share": share,
        "pace": _same(1.0, count),
        "spending_at_start": total,
    }


def _demand(world: World, drawn: Mapping[str, Draws], count: int) -> dict[str, Draws]:
    """Demand in balance with the fleets that stand there."""
    fleet, norm = world.owned_h100e.sum(axis=0), drawn["demand.utilisation_norm"]
    rental, size = _same(world.rental_usd, count), _wide(world.tier_size, count)
    return {
        "adoption": _balanced(_wide(world.tier_adoption, count), size, drawn["demand.saturation"]),
        "size_h100e": size * np.float32(fleet.sum()) * norm * drawn["demand.saturation"],
        "rental_usd": rental,
        "rental_at_start": rental.copy(),
        "fullness": norm.copy(),
        "served_at_start": np.maximum(np.float32((fleet @ world.uses).sum()) * norm, np.float32(1.0)),
    }


def _power(world: World, drawn: Mapping[str, Draws], count: int, regions: tuple[str, ...]) -> dict[str, Any]:
    """Power for what stands there, and in the queue for what is bought now, growing as budgets do."""
    bought = (world.mix * world.budget_usd / world.price_usd[:, None]).sum(axis=0)
    added = _wide(bought * world.watts_per_h100e, count)
    coming = added * drawn["deployment.pue"] * drawn["deployment.planning_factor"]
    long_run = np.float32(0.25) * np.log(drawn["investment.long_run_growth_per_year"])
    pace = np.exp(_wide(world.growth, count) + long_run)
    need = _wide(world.need_w, count) * drawn["deployment.pue"]
    energised = need * drawn["deployment.power_slack"]
    queue = [coming * pace ** np.float32(quarters) for quarters in range(1, WAIT_QUARTERS + 1)]
    return {
        "need_w": need,
        "energised_w": energised,
        "queue_w": queue,
        "promised_w": sum(queue, start=energised),
        "room_w": np.stack([drawn[room_of(region)] for region in regions]),
    }


def _balanced(adoption: Draws, size: Draws, saturation: Draws) -> Draws:
    """Adoption at the start by tier, scaled so that what is wanted is what is used: Σ size·adoption = 1/saturation."""
    return np.minimum(adoption / ((size * adoption).sum(axis=0) * saturation), np.float32(0.999))
