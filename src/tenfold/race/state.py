"""The state of a chunk of draws between two quarters, and its start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.race.arrays import Array, Draws
from tenfold.race.equations.choice import below_the_line
from tenfold.race.equations.supply import markup
from tenfold.race.luck import Luck
from tenfold.race.parameters import room_of
from tenfold.race.world import World

WAIT_QUARTERS = 4
"""From a request of power until it is energised: a year, for who is in the queue already."""


@dataclass(slots=True, kw_only=True)
class State:
    """What one quarter hands to the next; f family, p player, u user, t tier, and draws last. Changed in place."""

    budget_usd: Draws
    growth: Draws
    mix: Draws
    mix_at_start: Draws
    """(f, p, 1): the same in every draw."""
    owned: Draws
    """(f, p, draw) H100e of working chips."""
    need_w: Draws
    energised_w: Draws
    queue_w: list[Draws]
    """Power that comes in each of the next quarters, (p, draw)."""
    other_capex_usd: Draws
    cash_flow_usd: Draws
    core_usd: Draws
    """(p, draw) cash flow before AI of the last quarter."""
    cash_usd: Draws
    debt_usd: Draws
    cost_usd: Draws
    """(f, draw) of an H100e before the mark-up."""
    price_usd: Draws
    price_at_start: Draws
    markup_at_start: Draws
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
    algorithms: Draws
    run_flop: Draws
    installed: Draws
    """(u, draw) share of users' revenue."""
    paid: Draws
    """(u, draw) share of dues that was paid in the last quarter."""
    alive: Draws
    """(p, draw) 1 or 0."""
    uses: Draws
    """(p, u), the same in every draw."""
    pace: Draws
    """(draw,) value of orders over that of the start."""
    spending_at_start: Draws
    served_at_start: Draws
    room_w: Draws
    """(r, draw)."""

    def behind_line(self, family: int) -> Draws:
        """Compute that a dollar buys of a family where only what was fast at the start may be sold, over elsewhere."""
        return below_the_line(self.price_usd[family], self.price_at_start[family])


def start_of(world: World, luck: Luck, regions: tuple[str, ...]) -> State:
    """State of every draw at the start."""
    drawn, count = luck.parameters, luck.count

    def wide(values: Array) -> Draws:
        return np.repeat(np.asarray(values, dtype=np.float32)[..., None], count, axis=-1)

    owned, budget, mix = wide(world.owned_h100e), wide(world.budget_usd), wide(world.mix)
    spending = mix * budget
    orders = spending.sum(axis=1) / wide(world.price_usd)
    of_family = np.maximum(spending.sum(axis=1), np.float32(1.0))
    trend = (spending * (wide(world.growth) + wide(world.tilt))).sum(axis=1) / of_family
    long_run = np.log(drawn["investment.long_run_growth_per_year"] * drawn["supply.learning_per_year"]) * np.float32(
        0.25
    )
    ahead = np.exp(np.maximum(trend + long_run, np.float32(0.0)))
    capacity = np.maximum(orders, wide(world.delivered_h100e)) * ahead * drawn["supply.slack"]
    share = spending.sum(axis=1) / np.maximum(spending.sum(axis=(0, 1)), 1.0)
    mark = markup(share, drawn["supply.demand_elasticity"])
    price = wide(world.price_usd)
    energised = wide(world.need_w) * drawn["deployment.pue"] * drawn["deployment.power_slack"]
    added = (spending / wide(world.price_usd)[:, None, :]).sum(axis=0) * np.float32(world.watts_per_h100e)
    pace = np.exp(wide(world.growth) + np.float32(0.1))
    coming = added * drawn["deployment.pue"] * drawn["deployment.planning_factor"]
    norm = drawn["demand.utilisation_norm"]
    total = owned.sum(axis=(0, 1))
    size = wide(world.tier_size) * total * norm * drawn["demand.saturation"]
    adoption = _balanced(wide(world.tier_adoption), wide(world.tier_size), drawn["demand.saturation"])
    rental = np.full(count, world.rental_usd, dtype=np.float32)
    users = len(world.users)
    return State(
        budget_usd=budget,
        growth=wide(world.growth),
        mix=mix,
        mix_at_start=world.mix[..., None].copy(),
        owned=owned,
        need_w=wide(world.need_w),
        energised_w=energised,
        queue_w=[coming * pace ** np.float32(ahead + 1) for ahead in range(WAIT_QUARTERS)],
        other_capex_usd=wide(world.other_capex_usd),
        cash_flow_usd=wide(world.cash_flow_usd),
        core_usd=wide(world.cash_flow_usd),
        cash_usd=wide(world.cash_usd),
        debt_usd=wide(world.debt_usd),
        cost_usd=price / mark,
        price_usd=price.copy(),
        price_at_start=price,
        markup_at_start=mark,
        scarcity=np.zeros_like(price),
        orders_before=orders,
        capacity=capacity,
        packaging=(capacity * world.packaging[:, None]).sum(axis=0),
        memory=(capacity * world.memory[:, None]).sum(axis=0),
        maker_share=share,
        adoption=adoption,
        size_h100e=size,
        rental_usd=rental,
        rental_at_start=rental.copy(),
        fullness=norm.copy(),
        watts_per_h100e=np.full(count, world.watts_per_h100e, dtype=np.float32),
        algorithms=np.zeros((users, count), dtype=np.float32),
        run_flop=wide(world.run_flop),
        installed=np.full((users, count), 1.0 / max(users, 1), dtype=np.float32),
        paid=np.ones((users, count), dtype=np.float32),
        uses=world.uses.copy(),
        alive=np.ones((len(world.players), count), dtype=np.float32),
        pace=np.ones(count, dtype=np.float32),
        spending_at_start=np.maximum(spending.sum(axis=(0, 1)), 1.0),
        served_at_start=np.maximum(total * norm, 1.0),
        room_w=np.stack([drawn[room_of(region)] for region in regions]),
    )


def _balanced(adoption: Draws, size: Draws, saturation: Draws) -> Draws:
    """Adoption at the start by tier, scaled so that what is wanted is what is used: Σ size·adoption = 1/saturation."""
    return np.minimum(adoption / ((size * adoption).sum(axis=0) * saturation), np.float32(0.999))
