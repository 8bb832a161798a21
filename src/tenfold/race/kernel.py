"""The kernel: one quarter after another for a chunk of draws, from a world, a case's events and luck.

Order of a quarter: what is used and at which rent → budgets → money → families → orders, rationing, prices → chips and
power → runs and capability → cash and distress. ``record`` is handed each quarter's state and flows and keeps what it
wants. Nothing is drawn here but through ``luck``; equal luck meets equal shocks in every case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import HOURS_PER_QUARTER
from tenfold.race.arrays import Draws, at_least
from tenfold.race.books import Books, CashFlows, core_of, merge, settle
from tenfold.race.equations import capability, demand, deployment, distress, investment, rental, training
from tenfold.race.events import Events
from tenfold.race.luck import Luck, Shocks
from tenfold.race.market import Rules, order, rules_by_slot
from tenfold.race.paths import MONTHS
from tenfold.race.slots import slots_of
from tenfold.race.state import WAIT_DOUBLINGS, State, start_of
from tenfold.race.world import FAMILIES, H100_FLOP_PER_S, REGIONS, World

QUARTER_HOURS = np.float32(HOURS_PER_QUARTER)
F32 = np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """What happened in a quarter."""

    spend_usd: Draws
    """(p, draw) on chips, delivered ones."""
    sales_usd: Draws
    """(f, draw) of chips delivered."""
    delivered: Draws
    """(s, p, draw) H100e."""
    running: Draws
    """(p, draw) H100e that power runs."""
    powered: Draws
    """(p, draw) share of chips that power can run."""
    money: Draws
    """(p, draw) share of wanted spending that funds cover."""
    chips: Draws
    packaging: Draws
    memory: Draws
    """(f, draw) and (draw,): share of orders that capacity, packaging and memory cover."""
    wanted_h100e: Draws
    capex_usd: Draws
    """(p, draw)."""
    cost_usd_per_hour: Draws
    used: Draws
    """(u, draw) H100e by user."""
    index: Draws
    """(u, draw)."""
    talent: float
    cash: CashFlows


Record = Callable[[int, State, Flows], None]


def simulate(world: World, events: Events, luck: Luck, quarters: int, record: Record) -> None:
    """Run a chunk of draws for so many quarters. Raises nothing; divisions are guarded."""
    slots, shocked = slots_of(world, events.mergers), luck.shocks()
    state, rules = start_of(world, luck, REGIONS, slots, quarters), rules_by_slot(events, slots)
    sizes = len(world.players), len(world.users), len(FAMILIES)
    unknown = shocked.quarter(*sizes)
    spread = luck.parameters["investment.growth_spread"]
    state.growth += spread * (F32(world.volatility) * unknown.common + F32(world.own_volatility) * unknown.own)
    for quarter in range(quarters):
        shocks = shocked.quarter(*sizes)
        record(quarter, state, _quarter(world, events, rules, luck, state, shocks, quarter))


def _quarter(world: World, events: Events, rules: Rules, luck: Luck, state: State, shocks: Shocks, at: int) -> Flows:
    """Advance the state by a quarter, in place."""
    merge(events, state, at)
    powered = deployment.running_share(state.energised_w, state.need_w)
    running = state.owned * powered
    wanted, cost = _use_and_rent(world, events, luck, state, shocks, running, at)
    used = np.asarray(state.uses.T @ running)
    norm = luck.parameters["demand.utilisation_norm"]
    state.mood = distress.mood(state.fullness, norm, events.lending[at])
    earned, costs = _earnings(world, luck, state, running, used, powered)
    flow = _cash_flow(luck, state, earned, costs)
    money, lent = _budgets(world, events, luck, state, shocks, running, flow, at)
    orderable = money * deployment.orderable_share(powered)
    spend, sales, delivered, fills = order(world, events, rules, luck, state, shocks, orderable, at)
    investment.kept_plan_usd(state.budget_usd, money)
    _switch_on(world, events, luck, state, delivered, at)
    index = _train(world, events, luck, state, shocks, used, at)
    capex = spend / luck.parameters["investment.chip_share_of_capex"]
    capex += state.other_capex_usd
    cash = settle(events, luck, state, Books(earned=earned, costs=costs, flow=flow, capex=capex, lent=lent), at)
    return Flows(
        spend_usd=spend,
        sales_usd=sales,
        delivered=delivered,
        running=running,
        powered=powered,
        money=money,
        chips=fills[0],
        packaging=fills[1],
        memory=fills[2],
        wanted_h100e=wanted,
        capex_usd=capex,
        cost_usd_per_hour=cost,
        used=used,
        index=index,
        talent=float(events.talent[at]),
        cash=cash,
    )


def _use_and_rent(
    world: World, events: Events, luck: Luck, state: State, shocks: Shocks, running: Draws, at: int
) -> tuple[Draws, Draws]:
    """Demand, how full the fleets are, and the price of an hour. Gives wanted H100e and the owner's cost of an hour."""
    drawn = luck.parameters
    ratio = state.rental_usd / state.rental_at_start
    wanted = demand.wanted_h100e(state.adoption, state.size_h100e, ratio, drawn["demand.elasticity"])
    wanted = wanted * events.demand[at]
    state.adoption = demand.adopted(
        state.adoption, drawn["demand.pace"] * F32(world.fleet_growth), -np.log(ratio), world.tier_opens[:, None]
    )
    state.fullness = demand.utilisation(wanted, running.sum(axis=0))
    gap = state.fullness - drawn["demand.utilisation_norm"]
    fixed = F32(world.hour.fixed_usd / world.watts_per_h100e) * state.watts_per_h100e
    cost = rental.cost_usd_per_hour(state.price_usd[0], fixed, F32(world.hour.per_price))
    state.rental_usd = rental.moved_price_usd(
        state.rental_usd,
        cost,
        gap,
        drawn["rental.reversion_per_quarter"],
        drawn["rental.push_per_quarter"],
        drawn["rental.spread_per_quarter"] * shocks.rental,
    )
    return wanted, cost


def _earnings(
    world: World, luck: Luck, state: State, running: Draws, used: Draws, powered: Draws
) -> tuple[Draws, Draws]:
    """What owners earn with their chips in the quarter and what it costs them, USD, after users that cannot pay."""
    hour = state.rental_usd * QUARTER_HOURS * state.fullness
    renters = np.flatnonzero(world.revenue_usd)
    due = used[renters] * hour
    growth = state.rental_usd * state.fullness * used.sum(axis=0) / (state.rental_at_start * state.served_at_start)
    revenue = world.revenue_usd[renters, None] * growth * state.installed[renters] * F32(len(world.users))
    means = distress.means_usd(revenue, luck.parameters["distress.funding_over_revenue"], state.mood)
    paid = distress.paid_share(means, due)
    state.paid[renters] = paid
    unearned = (1.0 - luck.parameters["distress.lab_income_over_rent"]) * hour
    parts = np.concatenate([hour[None], (paid - 1.0) * hour, unearned[None]])
    shares = np.column_stack([np.ones_like(state.lab_use), state.uses[:, renters], -state.lab_use])
    earned = np.asarray(shares @ parts)
    earned *= running
    costs = state.need_w * powered
    costs *= F32(world.hour.fixed_usd / world.watts_at_start) * QUARTER_HOURS / luck.parameters["deployment.pue"]
    return earned, costs


def _cash_flow(luck: Luck, state: State, earned: Draws, costs: Draws) -> Draws:
    """Cash flow before capex, (p, draw) USD; what investors lend to clouds is owed from then on."""
    state.other_growth *= luck.rates.other_factor
    flow = distress.core_cash_flow_usd(*core_of(state))
    indebted = np.flatnonzero(state.lent_usd)
    lent = state.other_growth * state.mood * luck.parameters["distress.cloud_debt_share"]
    state.debt_usd[indebted] += state.lent_usd[indebted, None] * lent
    flow += earned
    flow -= costs
    return flow


def _budgets(
    world: World,
    events: Events,
    luck: Luck,
    state: State,
    shocks: Shocks,
    running: Draws,
    flow: Draws,
    at: int,
) -> tuple[Draws, Draws]:
    """Wanted spending grows; money bounds it. Gives the affordable share and what lenders would give."""
    drawn = luck.parameters
    some = np.flatnonzero(state.other_capex_usd[:, 0])
    state.other_capex_usd[some] = investment.other_capex_usd(
        state.other_capex_usd[some],
        state.other_at_start_usd[some, None] * state.other_growth,
        luck.rates.other_factor,
        drawn["investment.damping"],
        drawn["investment.other_spread"] * shocks.own[some],
    )
    investment.momentum(state.growth, drawn["investment.damping"])
    wish = _wish(world, events, luck, state, shocks, running)
    state.budget_usd *= np.exp(wish, out=wish)
    lenders = drawn["investment.debt_over_cash_flow"] * events.lending[at]
    borrowing = investment.borrowing_usd(flow, state.debt_usd, lenders)
    funds = investment.funds_usd(flow, state.cash_usd, borrowing)
    subsidised = np.flatnonzero(events.subsidy_usd[at])
    funds[subsidised] += events.subsidy_usd[at][subsidised, None]
    wanted = state.budget_usd / drawn["investment.chip_share_of_capex"]
    return investment.affordable_share(funds, state.other_capex_usd, wanted), borrowing


def _wish(world: World, events: Events, luck: Luck, state: State, shocks: Shocks, running: Draws) -> Draws:
    """Growth of budgets in the quarter, logs, (p, draw): what goes on, what demand and rivals add, and chance.

    Written over the shocks of players.
    """
    drawn = luck.parameters
    size = at_least(running, 1.0)
    np.log(size, out=size)
    gap = state.fullness - drawn["demand.utilisation_norm"]
    behind = np.subtract(size.max(axis=0), size, out=size)
    growth = investment.response(
        gap, drawn["investment.fullness_response"], behind, drawn["investment.rivalry_response"]
    )
    growth += state.growth
    own = shocks.own
    own *= drawn["investment.own_spread"] * F32(world.own_volatility)
    growth += own
    common = drawn["investment.common_spread"] * F32(world.volatility) * shocks.common
    growth += common + luck.rates.long_run_growth
    eager = np.flatnonzero(events.eagerness)
    growth[eager] += events.eagerness[eager, None]
    return growth


def _switch_on(world: World, events: Events, luck: Luck, state: State, delivered: Draws, at: int) -> None:
    """Chips arrive and retire; power that was asked for comes, and more is asked for."""
    drawn = luck.parameters
    kept = luck.rates.kept
    state.watts_per_h100e = state.watts_per_h100e / luck.rates.watts_factor
    added = delivered.sum(axis=0)
    state.stock *= kept
    state.stock += state.slots.by_family(delivered)
    state.owned *= kept
    state.owned += added
    added *= state.watts_per_h100e * drawn["deployment.pue"]
    before = state.need_w
    before *= kept
    state.need_w = before + added
    state.energised_w += state.queue_w.pop(0)
    state.room_w = state.room_w * luck.rates.room_factor
    expected = deployment.expected_need_w(before, state.need_w, WAIT_DOUBLINGS, drawn["deployment.planning_factor"])
    asked = deployment.requested_w(expected, state.promised_w)
    asked *= deployment.granted_share(asked, world.places, state.room_w * events.room[at])
    state.promised_w += asked
    state.queue_w.append(asked)


def _train(world: World, events: Events, luck: Luck, state: State, shocks: Shocks, used: Draws, at: int) -> Draws:
    """Runs come out, algorithms improve and diffuse. Gives the index of each user."""
    drawn = luck.parameters
    share = world.training_share[:, None]
    state.chip_h100e = state.chip_h100e * luck.rates.learning_factor
    each = training.run_h100e(used, share, state.chip_h100e, world.surface.decay_chips)
    effective = world.surface.efficiency(each / state.chip_h100e)
    thrift = (state.uses.T @ events.thrift) / np.maximum(state.uses.sum(axis=0), F32(1e-9))
    effective = effective * thrift[:, None]
    potential = training.run_flop(each, effective, F32(world.run_months), H100_FLOP_PER_S)
    state.run_trend = state.run_trend * luck.rates.run_share_factor
    size = np.exp(drawn["training.run_spread"] * shocks.run)
    size *= state.run_trend
    size *= world.potential_scale[:, None]
    size *= potential
    comes = shocks.release < luck.rates.releases
    state.run_flop = training.released_flop(state.run_flop, size, comes)
    relative = used / np.maximum(used.max(axis=0), F32(1.0))
    state.algorithms = capability.diffused(
        capability.improved(state.algorithms, luck.rates.algorithms_growth, F32(events.talent[at]), relative),
        state.algorithms.max(axis=0),
        drawn["capability.diffusion_per_quarter"],
    )
    base = capability.index(state.run_flop, state.algorithms, drawn["capability.points_per_tenfold"])
    own = capability.with_post_training(
        base, drawn["capability.post_training"], drawn["capability.post_training_ceiling"]
    )
    now = len(world.records) + at
    state.path[now] = np.maximum(own.max(axis=0), state.path[now - 1])
    steps = drawn["capability.imitation_months"] * F32(1.0 / MONTHS)
    index = capability.imitated(own, capability.at_steps_back(state.path[: now + 1], steps))
    state.installed = demand.shares_by_quality(
        index, drawn["capability.quality_sensitivity"] * F32(events.sensitivity), state.installed
    )
    return index
